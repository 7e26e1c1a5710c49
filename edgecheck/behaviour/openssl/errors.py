"""Numbers of errors (include/openssl/x509_vfy.h.in at openssl-3.0) and their texts."""

UNSPECIFIED = 1
NO_ISSUER = 2
ISSUER_KEY = 6
SIGNATURE = 7
NOT_YET_VALID = 9
EXPIRED = 10
BAD_NOT_BEFORE = 13
BAD_NOT_AFTER = 14
SELF_SIGNED_LEAF = 18
SELF_SIGNED_IN_CHAIN = 19
NO_LOCAL_ISSUER = 20
UNVERIFIED_LEAF = 21
TOO_LONG = 22
PATH_LENGTH = 25
PURPOSE = 26
NO_CERT_SIGN = 32
UNKNOWN_CRITICAL = 34
PROXY = 40
INVALID_EXTENSION = 41
INVALID_POLICY = 42
NO_POLICY = 43
UNNESTED_RESOURCE = 46
PERMITTED = 47
EXCLUDED = 48
SUBTREE_MINMAX = 49
CONSTRAINT_TYPE = 51
CONSTRAINT_SYNTAX = 52
NAME_SYNTAX = 53
HOSTNAME = 62
ADDRESS = 64
EE_KEY = 66
CA_KEY = 67
CA_MD = 68
PROXY_NAME = 72
INVALID_CA = 79
PATH_LENGTH_NOT_CA = 80
PATH_LENGTH_NO_SIGN = 81
CERT_SIGN_NOT_CA = 82
ISSUER_EMPTY = 83
SUBJECT_EMPTY = 84
NO_AKI = 85
NO_SKI = 86
EMPTY_SAN = 87
SAN_NOT_CRITICAL = 88
BC_NOT_CRITICAL = 89
AKI_CRITICAL = 90
SKI_CRITICAL = 91
NO_KEY_USAGE = 92
NEEDS_VERSION_3 = 93
EXPLICIT_CURVE = 94
NO_NAMES = 1001
"""BoringSSL's X509_V_ERR_NAME_CONSTRAINTS_WITHOUT_SANS, which OpenSSL has not."""

TEXTS = {
    UNSPECIFIED: "unspecified certificate verification error",
    NO_ISSUER: "unable to get issuer certificate",
    ISSUER_KEY: "unable to decode issuer public key",
    SIGNATURE: "certificate signature failure",
    NOT_YET_VALID: "certificate is not yet valid",
    EXPIRED: "certificate has expired",
    BAD_NOT_BEFORE: "format error in certificate's notBefore field",
    BAD_NOT_AFTER: "format error in certificate's notAfter field",
    SELF_SIGNED_LEAF: "self-signed certificate",
    SELF_SIGNED_IN_CHAIN: "self-signed certificate in certificate chain",
    NO_LOCAL_ISSUER: "unable to get local issuer certificate",
    UNVERIFIED_LEAF: "unable to verify the first certificate",
    TOO_LONG: "certificate chain too long",
    PATH_LENGTH: "path length constraint exceeded",
    PURPOSE: "unsuitable certificate purpose",
    NO_CERT_SIGN: "key usage does not include certificate signing",
    UNKNOWN_CRITICAL: "unhandled critical extension",
    PROXY: "proxy certificates not allowed, please set the appropriate flag",
    INVALID_EXTENSION: "invalid or inconsistent certificate extension",
    INVALID_POLICY: "invalid or inconsistent certificate policy extension",
    NO_POLICY: "no explicit policy",
    UNNESTED_RESOURCE: "RFC 3779 resource not subset of parent's resources",
    PERMITTED: "permitted subtree violation",
    EXCLUDED: "excluded subtree violation",
    SUBTREE_MINMAX: "name constraints minimum and maximum not supported",
    CONSTRAINT_TYPE: "unsupported name constraint type",
    CONSTRAINT_SYNTAX: "unsupported or invalid name constraint syntax",
    NAME_SYNTAX: "unsupported or invalid name syntax",
    HOSTNAME: "hostname mismatch",
    ADDRESS: "IP address mismatch",
    EE_KEY: "EE certificate key too weak",
    CA_KEY: "CA certificate key too weak",
    CA_MD: "CA signature digest algorithm too weak",
    PROXY_NAME: "proxy subject name violation",
    INVALID_CA: "invalid CA certificate",
    PATH_LENGTH_NOT_CA: "Path length invalid for non-CA cert",
    PATH_LENGTH_NO_SIGN: "Path length given without key usage keyCertSign",
    CERT_SIGN_NOT_CA: "Key usage keyCertSign invalid for non-CA cert",
    ISSUER_EMPTY: "Issuer name empty",
    SUBJECT_EMPTY: "Subject name empty",
    NO_AKI: "Missing Authority Key Identifier",
    NO_SKI: "Missing Subject Key Identifier",
    EMPTY_SAN: "Empty Subject Alternative Name extension",
    SAN_NOT_CRITICAL: "Subject empty and Subject Alt Name extension not critical",
    BC_NOT_CRITICAL: "Basic Constraints of CA cert not marked critical",
    AKI_CRITICAL: "Authority Key Identifier marked critical",
    SKI_CRITICAL: "Subject Key Identifier marked critical",
    NO_KEY_USAGE: "CA cert does not include key usage extension",
    NEEDS_VERSION_3: "Using cert extension requires at least X509v3",
    EXPLICIT_CURVE: "Certificate public key has explicit ECC parameters",
}

TEXTS_1_1_1 = TEXTS | {
    SELF_SIGNED_LEAF: "self signed certificate",
    SELF_SIGNED_IN_CHAIN: "self signed certificate in certificate chain",
    24: TEXTS[INVALID_CA],
    PURPOSE: "unsupported certificate purpose",
    HOSTNAME: "Hostname mismatch",
}
"""The same up to 1.1.1, where 24 stands for what is 79 since 3.0."""
TEXTS_3_6 = TEXTS | {
    NOT_YET_VALID: f"{TEXTS[NOT_YET_VALID]} or the system clock is incorrect",
}
"""The same since 3.6."""
