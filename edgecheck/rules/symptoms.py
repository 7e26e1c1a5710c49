"""What users see where a rule is broken: texts of clients, of the runtime, of its own checks.

By rule, the most typical text first. They are as real programs print them: recordings, the
source of IoT Edge, or a public issue show them; what differs from case to case is left out. Of an
error of OpenSSL the text of version 3 stands here (`edgecheck/reporting/openssl.py` knows its
number, its constant, and older wordings).
"""

from collections.abc import Mapping

_PATH_BUILDING = (
    "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: "
    "unable to find valid certification path to requested target"
)
_DOTNET = "The remote certificate is invalid because of errors in the certificate chain: "
_UNKNOWN = "x509: certificate signed by unknown authority"
_JAVA = "PKIX path validation failed: java.security.cert.CertPathValidatorException: "
_NO_ISSUER = (
    "unable to get local issuer certificate",
    "unable to verify the first certificate",
    _PATH_BUILDING,
    _UNKNOWN,
    _DOTNET + "PartialChain",
    "The certificate issuer is unknown",
    "SEC_ERROR_UNKNOWN_ISSUER",
    "invalid peer certificate: UnknownIssuer",
    "Certificate issuer not found",
    "BR_ERR_X509_NOT_TRUSTED",
    "The certificate is not correctly signed by the trusted CA",
)
_SELF_SIGNED = (
    "self-signed certificate",
    _DOTNET + "NotSignatureValid, UntrustedRoot",
    "ASN self-signed certificate error",
)
_BAD_SIGNATURE = (
    "certificate signature failure",
    "crypto/rsa: verification error",
    "x509: ECDSA verification failure",
    "rsa routines::invalid padding",
    _DOTNET + "NotSignatureValid",
    _JAVA + "signature check failed",
    "The signature in the certificate is invalid",
    "SEC_ERROR_BAD_SIGNATURE",
    "invalid peer certificate: BadSignature",
    "BR_ERR_X509_BAD_SIGNATURE",
    "ASN sig error, confirm failure",
    "The certificate is not correctly signed by the trusted CA",
    "Signature error",
)
_PATH_LENGTH = (
    "path length constraint exceeded",
    "x509: too many intermediates for path length constraint",
    _JAVA + "basic constraints check failed: pathLenConstraint violated",
    "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID",
    "PathLenConstraintViolated",
    "The certificate chain violates the signer's constraints",
    "path length constraint violated",
    _DOTNET + "InvalidBasicConstraints",
    "Certificate chain too long",
    "BR_ERR_X509_NOT_CA",
)
_NO_CA = (
    "invalid CA certificate",
    _JAVA + "basic constraints check failed: this is not a CA certificate",
    "x509: invalid signature: parent certificate cannot sign this kind of certificate",
    "x509: certificate is not authorized to sign other certificates",
    _DOTNET + "InvalidBasicConstraints",
    "The certificate issuer is not a CA",
    "EndEntityUsedAsCa",
    "CA certificate not allowed to issue certs",
    "BR_ERR_X509_NOT_CA",
)
_WRONG_NAME = (
    "Hostname mismatch, certificate is not valid for",
    "hostname mismatch",
    "Hostname/IP does not match certificate's altnames",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "no alternative certificate subject name matches target host name",
    "No subject alternative DNS name matching",
    "The remote certificate is invalid according to the validation procedure: "
    "RemoteCertificateNameMismatch",
    "x509: certificate is valid for",
    "The name in the certificate does not match the expected",
    "SSL_ERROR_BAD_CERT_DOMAIN",
    "certificate not valid for name",
    "Certificate does not match provided name",
    "BR_ERR_X509_BAD_SERVER_NAME",
    "peer subject name mismatch",
)
_WRONG_ADDRESS = (
    "IP address mismatch, certificate is not valid for",
    "IP address mismatch",
    "because it doesn't contain any IP SANs",
    "No subject alternative names matching IP address",
)
_TIME_FIELD = (
    "format error in certificate's notAfter field",
    "x509: malformed UTCTime",
    "x509: malformed GeneralizedTime",
    "The DER time encoding is invalid",
    "Error in the time fields of certificate",
    "invalid peer certificate: BadEncoding",
    "BR_ERR_X509_BAD_TIME",
    "The date tag or value is invalid",
)
_TRAILING = (
    "cert length mismatch",
    "x509: trailing data",
    "ERR_SSL_CERT_LENGTH_MISMATCH",
    "ERR_SSL_DECODE_ERROR",
    "Error in DER parsing",
    "invalid peer certificate: BadEncoding",
    "SEC_ERROR_LIBRARY_FAILURE",
    "BR_ERR_X509_EXTRA_ELEMENT",
    "ParseError { kind: ExtraData }",
)
_NOTHING_READ = (
    "no start line",
    "no certificate or crl found",
    "Failure obtaining first certificate",
)
_BAD_END = ("bad end line",)
_2038 = (
    "Edge issuer CA expiration date: 1969-12-31T23:59:59Z",
    "Could not parse 'not after' timestamp from certificate",
    "Could not initialize HSM",
)

_WRONG_NAME_TOO = (*_WRONG_NAME[-2:], *_WRONG_NAME[1:4])
"""The same of rules that are seldom the reason."""

SYMPTOMS: Mapping[str, tuple[str, ...]] = {
    "algorithm.curve": (
        "Curve not supported",
        "x509: unsupported elliptic curve",
        "not using recommended curve (recommended: P-256)",
    ),
    "algorithm.key-kind": ("Unsupported key type", "not using recommended algorithm"),
    "algorithm.weak-rsa-key": (
        "EE certificate key too weak",
        "CA certificate key too weak",
        "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)",
        "invalid peer certificate: BadSignature",
    ),
    "algorithm.weak-signature": (
        "CA signature digest algorithm too weak",
        "x509: cannot verify signature: insecure algorithm SHA1-RSA",
        "The certificate chain uses insecure algorithm",
        "The certificate is signed with an unacceptable hash",
        "Hash function used is considered too weak for security",
    ),
    "ca.no-cert-sign": ("key usage does not include certificate signing", *_NO_CA),
    "ca.not-a-ca": (*_NO_CA, "unsuitable certificate purpose"),
    "ca.path-length-exceeded": _PATH_LENGTH,
    "ca.path-length-for-workload-ca": _PATH_LENGTH[:3],
    "chain.device-ca-file-without-root": (
        "Obtaining workload CA failed. Triggering reconfiguration",
    ),
    "chain.duplicate-certificate": ("BR_ERR_X509_DN_MISMATCH",),
    "chain.issuer-loop": ("Loop in certificate chain", *_NO_ISSUER),
    "chain.key-identifier-mismatch": _NO_ISSUER,
    "chain.missing-issuer": _NO_ISSUER,
    "chain.root-presented": ("self-signed certificate in certificate chain",),
    "chain.serial-number-reused": ("SEC_ERROR_REUSED_ISSUER_AND_SERIAL",),
    "chain.server-not-first": (
        "Public key signature verification has failed",
        "ERR_SSL_FIRST_OCTET_INVALID",
        "ERR_SSL_LAST_OCTET_INVALID",
        "ERR_SSL_BAD_SIGNATURE",
        "rsa routines::last octet invalid",
        "x509: certificate is not valid for any names, but wanted to match",
        "No name matching",
        "CaUsedAsEndEntity",
        _WRONG_NAME[1],
    ),
    "chain.too-many-certificates": (
        "exceeds the maximum allowed length (10)",
        "MaximumPathDepthExceeded",
        "chain construction exceeds max depth",
        "Handshake message too large Error",
    ),
    "chain.unrelated-certificate": ("BR_ERR_X509_DN_MISMATCH",),
    "chain.wrong-issuer-first": (*_BAD_SIGNATURE[:4], "unable to get local issuer certificate"),
    "chain.wrong-order": (
        "BR_ERR_X509_DN_MISMATCH",
        "The certificate is not correctly signed by the trusted CA",
    ),
    "configuration.edge-ca-incomplete": (
        "could not parse config file",
        "Transparent gateway certificates not found, operating in quick start mode",
        "To operate Edge as a transparent gateway, set env variables with valid values",
    ),
    "configuration.est-issues-no-ca": _NO_CA[:2],
    "configuration.est-over-http": ("is configured with unencrypted HTTP",),
    "configuration.no-auto-renewal": ("Auto renewal of the Edge CA is not configured",),
    "configuration.quickstart": (
        "The Edge device is using self-signed automatically-generated development certificates",
    ),
    "configuration.stray-characters": ("is not well-formed",),
    "configuration.uri-not-a-file": (
        "has a scheme other than `file://`",
        "is unsupported for",
    ),
    "configuration.uri-two-slashes": (
        "does not have a valid URI: not a valid path",
        "is unsupported for",
        "could not stat",
    ),
    "edge.quickstart-certificates": (
        "unable to get local issuer certificate",
        "unable to verify the first certificate",
        "The Edge device is using self-signed automatically-generated development certificates",
    ),
    "encoding.not-der": ("invalid peer certificate: BadEncoding",),
    "encoding.serial-not-positive": (
        "x509: negative serial number",
        "Parsed a serial number which wasn't positive",
    ),
    "encoding.time": _TIME_FIELD,
    "encoding.version": ("Using cert extension requires at least X509v3", "invalid CA certificate"),
    "extension.basic-constraints-not-critical": (
        "Basic Constraints of CA cert not marked critical",
        "invalid extension: 2.5.29.19: Certificate extension has incorrect criticality",
    ),
    "extension.cert-sign-without-ca": (
        "unsuitable certificate purpose",
        "Key usage keyCertSign invalid for non-CA cert",
        "EE keyUsage must not assert keyCertSign",
    ),
    "extension.empty-subject": (
        "Subject name empty",
        "Subject empty and Subject Alt Name extension not critical",
    ),
    "extension.half-authority-key-id": (
        "invalid extension: 2.5.29.35: Certificate is missing required extension",
    ),
    "extension.must-not-be-critical": (
        "unhandled critical extension",
        "Authority Key Identifier marked critical",
        "Subject Key Identifier marked critical",
    ),
    "extension.no-alternative-names": ("leaf server certificate has no subjectAltName",),
    "extension.no-authority-key-id": (
        "Missing Authority Key Identifier",
        "invalid extension: 2.5.29.35: Certificate is missing required extension",
    ),
    "extension.no-key-usage": (
        "CA cert does not include key usage extension",
        "invalid extension: 2.5.29.15: Certificate is missing required extension",
    ),
    "extension.no-subject-key-id": ("Missing Subject Key Identifier",),
    "extension.not-known-everywhere": (
        "BR_ERR_X509_CRITICAL_EXTENSION",
        "The extension tag or value is invalid : ASN1 - ASN1 tag was of an unexpected value",
    ),
    "extension.path-length-without-ca": ("Path length invalid for non-CA cert",),
    "extension.server-is-ca": ("CaUsedAsEndEntity",),
    "extension.server-key-usage": (
        "unsuitable certificate purpose",
        "Key usage violation in certificate has been detected",
        "KeyUsage does not allow digital signatures",
        "SEC_ERROR_INADEQUATE_KEY_USAGE",
        "ERR_SSL_KEY_USAGE_BIT_INCORRECT",
        "Usage does not match the keyUsage extension",
        "BR_ERR_WRONG_KEY_USAGE",
    ),
    "extension.version-not-3": (
        "Using cert extension requires at least X509v3",
        "invalid CA certificate",
    ),
    "hostname.case-mismatch": ("No such host is known",),
    "hostname.cn-only": (
        "x509: certificate relies on legacy Common Name field, use SANs instead",
        "leaf server certificate has no subjectAltName",
        "No subject alternative names present",
        "certificate is not valid for any names (according to its subjectAltName extension)",
        *_WRONG_ADDRESS[:2],
    ),
    "hostname.gateway-host-name-not-in-san": _WRONG_NAME_TOO,
    "hostname.not-in-san": (*_WRONG_NAME, *_WRONG_ADDRESS),
    "hostname.upper-case-in-configuration": ("No such host is known",),
    "input.algorithm-mismatch": (
        "x509: inner and outer signature algorithm identifiers don't match",
    ),
    "input.blank-lines": (*_BAD_END, *_NOTHING_READ),
    "input.broken-marker": _NOTHING_READ,
    "input.der": _NOTHING_READ,
    "input.indented-block": _NOTHING_READ,
    "input.joined-blocks": (*_BAD_END, *_NOTHING_READ),
    "input.literal-newlines": _NOTHING_READ,
    "input.malformed-certificate": (*_TIME_FIELD, "Error in DER parsing", "ERR_SSL_DECODE_ERROR"),
    "input.no-certificate": (*_NOTHING_READ, "Empty certificate string provided"),
    "input.nothing-in-file": ("Empty certificate string provided", *_NOTHING_READ),
    "input.mismatched-end": _BAD_END,
    "input.missing-end": _BAD_END,
    "input.damaged-base64": ("bad base64 decode",),
    "input.header-lines": ("not proc type",),
    "input.unreadable-certificate": ("bad object header", "PEM lib"),
    "input.utf-16": _NOTHING_READ[:2],
    "input.unopened-container": _NOTHING_READ[:2],
    "input.duplicate-extension": ("x509: certificate contains duplicate extensions",),
    "input.not-a-certificate": _NOTHING_READ[2:],
    "input.other-label": _NOTHING_READ[2:],
    "input.pkcs7": _NOTHING_READ,
    "input.pkcs12": _NOTHING_READ[2:],
    "input.locked-container": ("Mac verify error: invalid password?",),
    "input.private-key": _NOTHING_READ[2:],
    "input.trailing-data": _TRAILING,
    "naming.ca-name-as-hostname": _WRONG_NAME_TOO,
    "naming.device-ca-cn-is-hostname": (
        *_SELF_SIGNED,
        *_BAD_SIGNATURE[:1],
        "SEC_ERROR_BAD_SIGNATURE",
    ),
    "naming.issuer-written-differently": _NO_ISSUER[3:],
    "naming.one-name-for-two-keys": (*_BAD_SIGNATURE, *_NO_ISSUER[:1]),
    "naming.server-dn-is-issuer-dn": _SELF_SIGNED,
    "path.issuer-name-mismatch": ("BR_ERR_X509_DN_MISMATCH", *_NO_ISSUER),
    "path.name-constraints": (
        "permitted subtree violation",
        "excluded subtree violation",
        "x509: a root or intermediate certificate is not authorized to sign for this name",
        _JAVA + "name constraints check failed",
        _DOTNET + "HasExcludedNameConstraint",
        "SEC_ERROR_CERT_NOT_IN_NAME_SPACE",
        "NameConstraintViolation",
        "Certificate does not pass name constraint",
        "The certificate chain violates the signer's constraints",
        "no permitted name constraints matched",
        "excluded name constraint matched SAN",
        "BR_ERR_X509_CRITICAL_EXTENSION",
        "The extension tag or value is invalid : ASN1 - ASN1 tag was of an unexpected value",
    ),
    "path.not-for-this-purpose": (
        "unsuitable certificate purpose",
        "x509: certificate specifies an incompatible key usage",
        _DOTNET + "NotValidForUsage",
    ),
    "path.revoked": ("certificate revoked",),
    "path.revocation-unknown": ("unable to get certificate CRL",),
    "path.same-name-other-key": (*_BAD_SIGNATURE, *_NO_ISSUER[:-1]),
    "path.signature-invalid": (*_BAD_SIGNATURE, _UNKNOWN),
    "path.policy": ("no explicit policy",),
    "path.too-deep": ("certificate chain too long",),
    "path.unknown-critical-extension": (
        "unhandled critical extension",
        "x509: unhandled critical extension",
        _JAVA + "unrecognized critical extension(s)",
        _DOTNET + "HasNotSupportedCriticalExtension",
        "certificate contains unaccounted-for critical extensions",
        "UnsupportedCriticalExtension",
        "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION",
        "X.509 Critical extension ignored or invalid",
        "BR_ERR_X509_CRITICAL_EXTENSION",
    ),
    "runtime.expires-after-2038": _2038,
    "runtime.expires-after-2050": (
        "Unsupported 'not after' time format in certificate",
        "Could not initialize HSM",
    ),
    "trust.bundle-without-root": (
        "TLS authentication error",
        "The remote certificate is invalid according to the validation procedure",
        "Error validating cert with Subject",
    ),
    "trust.no-root": (
        "unable to get issuer certificate",
        "The certificate issuer is unknown",
        _DOTNET + "UntrustedRoot",
        _DOTNET + "PartialChain",
        "Cannot establish trust",
    ),
    "trust.root-not-trusted": (
        "self-signed certificate in certificate chain",
        _UNKNOWN,
        _PATH_BUILDING,
        _DOTNET + "UntrustedRoot",
        "The remote certificate is invalid",
        "unable to get local issuer certificate",
        "The certificate issuer is unknown",
        "SEC_ERROR_UNTRUSTED_ISSUER",
        "SEC_ERROR_UNKNOWN_ISSUER",
        "invalid peer certificate: UnknownIssuer",
        "Cannot establish trust",
        "BR_ERR_X509_NOT_TRUSTED",
    ),
    "validity.before-1970": ("Could not parse 'not before' timestamp",),
    "validity.ends-in-minutes": ("Edge device CA has expired or is near expiration",),
    "validity.expired": (
        "certificate has expired",
        "x509: certificate has expired or is not yet valid",
        _DOTNET + "NotTimeValid",
        _JAVA + "validity check failed",
        "The certificate chain uses expired certificate",
        "SEC_ERROR_EXPIRED_CERTIFICATE",
        "invalid peer certificate: certificate expired",
        "The device CA cert has expired at",
        "Edge device CA has expired or is near expiration",
        "expired at",
        "The certificate validity has expired",
        "BR_ERR_X509_EXPIRED",
        "ASN date error, current date after",
        "cert is not valid at validation time",
    ),
    "validity.expires-soon": (
        "The device CA cert will expire within the next 90 days",
        "will expire soon",
    ),
    "validity.not-yet-valid": (
        "certificate is not yet valid",
        "has not-before time",
        "x509: certificate has expired or is not yet valid",
        _DOTNET + "NotTimeValid",
        _JAVA + "validity check failed",
        "The certificate chain uses not yet valid certificate",
        "invalid peer certificate: certificate not valid yet",
        "The certificate validity starts in the future",
        "BR_ERR_X509_EXPIRED",
        "ASN date error, current date before",
        "cert is not valid at validation time",
    ),
}
"""Rules that nobody hears of, since all clients accept what they find, have none."""
