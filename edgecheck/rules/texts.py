"""Texts that more than one rule has among its symptoms, as real programs print them."""

PATH_BUILDING = (
    "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: "
    "unable to find valid certification path to requested target"
)
DOTNET = "The remote certificate is invalid because of errors in the certificate chain: "
UNKNOWN = "x509: certificate signed by unknown authority"
JAVA = "PKIX path validation failed: java.security.cert.CertPathValidatorException: "
NO_ISSUER = (
    "unable to get local issuer certificate",
    "unable to verify the first certificate",
    PATH_BUILDING,
    UNKNOWN,
    DOTNET + "PartialChain",
    "The certificate issuer is unknown",
    "SEC_ERROR_UNKNOWN_ISSUER",
    "invalid peer certificate: UnknownIssuer",
    "Certificate issuer not found",
    "BR_ERR_X509_NOT_TRUSTED",
    "The certificate is not correctly signed by the trusted CA",
)
SELF_SIGNED = (
    "self-signed certificate",
    DOTNET + "NotSignatureValid, UntrustedRoot",
    "ASN self-signed certificate error",
)
BAD_SIGNATURE = (
    "certificate signature failure",
    "crypto/rsa: verification error",
    "x509: ECDSA verification failure",
    "rsa routines::invalid padding",
    DOTNET + "NotSignatureValid",
    JAVA + "signature check failed",
    "The signature in the certificate is invalid",
    "SEC_ERROR_BAD_SIGNATURE",
    "invalid peer certificate: BadSignature",
    "BR_ERR_X509_BAD_SIGNATURE",
    "ASN sig error, confirm failure",
    "The certificate is not correctly signed by the trusted CA",
    "Signature error",
)
PATH_LENGTH = (
    "path length constraint exceeded",
    "x509: too many intermediates for path length constraint",
    JAVA + "basic constraints check failed: pathLenConstraint violated",
    "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID",
    "PathLenConstraintViolated",
    "The certificate chain violates the signer's constraints",
    "path length constraint violated",
    DOTNET + "InvalidBasicConstraints",
    "Certificate chain too long",
    "BR_ERR_X509_NOT_CA",
)
NO_CA = (
    "invalid CA certificate",
    JAVA + "basic constraints check failed: this is not a CA certificate",
    "x509: invalid signature: parent certificate cannot sign this kind of certificate",
    "x509: certificate is not authorized to sign other certificates",
    DOTNET + "InvalidBasicConstraints",
    "The certificate issuer is not a CA",
    "EndEntityUsedAsCa",
    "CA certificate not allowed to issue certs",
    "BR_ERR_X509_NOT_CA",
)
WRONG_NAME = (
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
WRONG_ADDRESS = (
    "IP address mismatch, certificate is not valid for",
    "IP address mismatch",
    "because it doesn't contain any IP SANs",
    "No subject alternative names matching IP address",
)
TIME_FIELD = (
    "format error in certificate's notAfter field",
    "x509: malformed UTCTime",
    "x509: malformed GeneralizedTime",
    "The DER time encoding is invalid",
    "Error in the time fields of certificate",
    "invalid peer certificate: BadEncoding",
    "BR_ERR_X509_BAD_TIME",
    "The date tag or value is invalid",
)
TRAILING = (
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
NOTHING_READ = (
    "no start line",
    "no certificate or crl found",
    "Failure obtaining first certificate",
)
BAD_END = ("bad end line",)
AFTER_2038 = (
    "Edge issuer CA expiration date: 1969-12-31T23:59:59Z",
    "Could not parse 'not after' timestamp from certificate",
    "Could not initialize HSM",
)

WRONG_NAME_TOO = (*WRONG_NAME[-2:], *WRONG_NAME[1:4])
"""The same of rules that are seldom the reason."""
NOT_FOR_SERVERS = (
    "unsuitable certificate purpose",
    "x509: certificate specifies an incompatible key usage",
    DOTNET + "NotValidForUsage",
)
NAME_CONSTRAINTS = (
    "permitted subtree violation",
    "excluded subtree violation",
    "x509: a root or intermediate certificate is not authorized to sign for this name",
    JAVA + "name constraints check failed",
    DOTNET + "HasExcludedNameConstraint",
    "SEC_ERROR_CERT_NOT_IN_NAME_SPACE",
    "NameConstraintViolation",
    "Certificate does not pass name constraint",
    "The certificate chain violates the signer's constraints",
    "no permitted name constraints matched",
    "excluded name constraint matched SAN",
    "BR_ERR_X509_CRITICAL_EXTENSION",
    "The extension tag or value is invalid : ASN1 - ASN1 tag was of an unexpected value",
)
PERIOD = ("malformed DNS name constraint",)
QUALIFIERS = (JAVA + "critical policy qualifiers present in certificate",)
UNDECODABLE = (
    "x509: invalid CRL distribution points",
    "x509: invalid certificate policies",
    "x509: invalid authority info access",
    "x509: invalid policy constraints extension",
    "x509: invalid policy mappings extension",
    "x509: invalid inhibit any policy extension",
    "X509 V3 routines::invalid certificate",
    "CryptographicException: ASN1 corrupted data",
)
RESOURCES = (
    "RFC 3779 resource not subset of parent's resources",
    "invalid or inconsistent certificate extension",
)
PROXY = (
    "proxy certificates not allowed, please set the appropriate flag",
    "proxy subject name violation",
)
NOT_LOADED = (
    "error setting certificate file",
    "Unable to load CA certificates, check cafile",
    "[X509] PEM lib",
    "do not contain a PEM with a CERTIFICATE label, or the content is malformed",
)

NO_CERTIFICATE_LOGS_IN = (
    "because the service identity authentication type is",
    "because the service identity is not enabled",
    "using X.509 certificates since this is identity type is unsupported",
)
"""Of edgeHub, where the registration is not such that a certificate would count."""
