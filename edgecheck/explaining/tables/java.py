"""Java: JSSE, the PKIX validator, and what key stores say."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_PKIX = Reference(
    "OpenJDK 17, sun/security/provider/certpath and sun/security/validator",
    "https://github.com/openjdk/jdk17u/tree/master/src/java.base/share/classes/sun/security/"
    "provider/certpath",
)
_JSSE = Reference(
    "OpenJDK 17, sun/security/ssl and sun/security/util/HostnameChecker.java",
    "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/security/util/"
    "HostnameChecker.java",
)

ROWS = [
    *rows(
        _PKIX,
        [
            (
                r"unable to find valid certification path to requested target"
                r"|PKIX path building failed",
                said("chain.missing-issuer", "trust.root-not-trusted", certain=False),
            ),
            (
                r"SSLHandshakeException: Chain validation failed"
                r"|CertificateException: Chain validation failed",
                said("validity.expired", "validity.not-yet-valid", certain=False),
            ),
            (
                r"Trust anchor for certification path not found|No trusted certificate found"
                r"|Untrusted (?:server )?certificate(?: chain)?\b",
                said("trust.root-not-trusted", "chain.missing-issuer", certain=False),
            ),
            (
                r"Certificates do(?:es)? not conform to algorithm constraints",
                said("algorithm.weak-signature", "algorithm.weak-rsa-key", certain=False),
            ),
            (r"Path does not chain with any of the trust anchors", said("trust.root-not-trusted")),
            (
                r"Cert\w{1,9}ExpiredException",
                said("validity.expired"),
            ),
            (r"CertificateNotYetValidException", said("validity.not-yet-valid")),
            (
                r"validity check failed|timestamp check failed",
                said("validity.expired", "validity.not-yet-valid", certain=False),
            ),
            (
                r"CertificateException: (?:java\.io\.IOException: )?(?:Incomplete data"
                r"|Could not parse certificate|Unable to initialize|Empty input)"
                r"|CertificateParsingException|DerInputStream\.getLength|extra data given to"
                r" DerValue|short read of DER",
                said(
                    "input.malformed-certificate",
                    "input.damaged-base64",
                    "input.not-a-certificate",
                    certain=False,
                ),
            ),
            (r"this is not a CA certificate", said("ca.not-a-ca")),
            (r"pathLenConstraint violated", said("ca.path-length-exceeded")),
            (r"name constraints check failed", said("path.name-constraints")),
            (
                r"(?<!CA or )signature check failed|Signature does not match",
                said("path.signature-invalid", "path.same-name-other-key", certain=False),
            ),
            (
                r"unrecognized critical extension",
                said("path.unknown-critical-extension", "extension.not-known-everywhere"),
            ),
            (
                r"Extended key usage does not permit use for TLS server",
                said("path.not-for-this-purpose"),
            ),
            (
                r"KeyUsage does not allow (?:digital signatures|key encipherment|key agreement)",
                said("extension.server-key-usage"),
            ),
            (
                r"Netscape cert type does not permit use for SSL server",
                said("extension.netscape-cert-type"),
            ),
            (
                r"trustAnchors parameter must be non-empty",
                said("symptom.no-trust-anchors"),
            ),
            (
                r"Algorithm constraints check failed on (?:keysize|key size)",
                said("algorithm.weak-rsa-key"),
            ),
            (
                r"Algorithm constraints check failed on (?:disabled algorithm: |signature algorithm"
                r": )?(?:MD5|SHA1)",
                said("algorithm.weak-signature"),
            ),
            (r"certificate has been revoked|CertificateRevokedException", said("path.revoked")),
            (
                r"Could not determine revocation status|Unable to determine revocation status"
                r"|UNDETERMINED_REVOCATION_STATUS|Certificate does not specify OCSP responder",
                said("symptom.revocation-not-checked"),
            ),
        ],
    ),
    *rows(
        _JSSE,
        [
            (
                r"No subject alternative names matching IP address|No subject alternative names "
                r"present",
                said(
                    "hostname.ip-address", "hostname.cn-only", "hostname.not-in-san", certain=False
                ),
            ),
            (
                r"No subject alternative DNS name matching|No name matching .{0,200} found"
                r"|No subjectAltNames on the certificate match|SSLPeerUnverifiedException: Hostname"
                r"|Certificate for <.{1,200}> doesn't match",
                said("hostname.not-in-san"),
            ),
            (
                r"Remote host (?:terminated|closed connection during) the handshake"
                r"|Remote host closed connection during handshake|SSL peer shut down incorrectly",
                said("symptom.closed-in-handshake", by="the other side"),
            ),
            (
                r"Unsupported or unrecognized SSL message|plaintext connection\?",
                said("symptom.not-tls"),
            ),
            (
                r"no cipher suites in common|No appropriate protocol"
                r"|Server chose \w[\w.]*, but that protocol version",
                said("symptom.protocol-version"),
            ),
            (
                r"No available authentication scheme|No X509 cert selected"
                r"|Unable to obtain (?:X509)?KeyManager",
                said("symptom.key-not-usable", "symptom.no-certificate-sent", certain=False),
            ),
            (
                r"keystore password was incorrect|Keystore was tampered with, or password was "
                r"incorrect",
                said("symptom.wrong-password"),
            ),
            (
                r"Cannot recover key|UnrecoverableKeyException|Get Key failed",
                said("symptom.wrong-password", "symptom.key-not-usable", certain=False),
            ),
            (
                r"KeyStoreException: \w{1,20} not found|Invalid keystore format"
                r"|toDerInputStream rejects tag type"
                r"|Unrecognized keystore format",
                said("input.not-a-certificate", "symptom.no-trust-anchors", certain=False),
            ),
            (r"Given final block not properly padded", said("symptom.wrong-password")),
            (
                r"Empty (?:server|client) certificate chain|null cert chain",
                said("symptom.no-certificate-sent", by="the other side"),
            ),
        ],
    ),
    *rows(
        _JSSE,
        [
            (
                r"SSLPeerUnverifiedException|peer not authenticated",
                said("symptom.refused-without-reason"),
            ),
            (
                r"General SSLEngine problem|SslAuthenticationException",
                said(
                    "symptom.refused-without-reason", "symptom.closed-in-handshake", certain=False
                ),
            ),
        ],
        vague=True,
    ),
]
