"""NSS and Firefox: names of errors."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "NSS 3.87, lib/util/SECerrs.h and lib/ssl/SSLerrs.h; mozilla::pkix, pkixnss.cpp",
    "https://github.com/nss-dev/nss/blob/NSS_3_87_RTM/lib/util/SECerrs.h",
)

ROWS = rows(
    _SOURCE,
    [
        (
            r"\bSEC_ERROR_UNKNOWN_ISSUER\b",
            said("chain.missing-issuer", "trust.root-not-trusted", certain=False),
        ),
        (r"\bSEC_ERROR_UNTRUSTED_ISSUER\b", said("trust.root-not-trusted")),
        (r"\bSEC_ERROR_UNTRUSTED_CERT\b", said("trust.root-not-trusted")),
        (r"\bSEC_ERROR_EXPIRED_CERTIFICATE\b", said("validity.expired")),
        (r"\bSEC_ERROR_EXPIRED_ISSUER_CERTIFICATE\b", said("validity.expired")),
        (r"\bSEC_ERROR_CERT_NOT_IN_NAME_SPACE\b", said("path.name-constraints")),
        (
            r"\bSEC_ERROR_CA_CERT_INVALID\b",
            said(
                "ca.not-a-ca", "edge.self-signed-server", "extension.version-not-3", certain=False
            ),
        ),
        (r"\bSEC_ERROR_PATH_LEN_CONSTRAINT_INVALID\b", said("ca.path-length-exceeded")),
        (
            r"\bSEC_ERROR_INADEQUATE_KEY_USAGE\b",
            said("extension.server-key-usage", "ca.no-cert-sign", certain=False),
        ),
        (r"\bSEC_ERROR_INADEQUATE_CERT_TYPE\b", said("path.not-for-this-purpose")),
        (r"\bSEC_ERROR_UNKNOWN_CRITICAL_EXTENSION\b", said("path.unknown-critical-extension")),
        (
            r"\bSEC_ERROR_BAD_SIGNATURE\b",
            said("path.same-name-other-key", "path.signature-invalid", certain=False),
        ),
        (r"\bSEC_ERROR_REUSED_ISSUER_AND_SERIAL\b", said("chain.serial-number-reused")),
        (r"\bSEC_ERROR_REVOKED_CERTIFICATE\b", said("path.revoked")),
        (r"\bSEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED\b", said("algorithm.weak-signature")),
        (r"\bSEC_ERROR_INVALID_TIME\b", said("encoding.time")),
        (r"\bSEC_ERROR_BAD_DER\b", said("input.malformed-certificate", certain=False)),
        (
            r"\bSEC_ERROR_OCSP_SERVER_ERROR\b|\bSEC_ERROR_OCSP_\w+",
            said("symptom.revocation-not-checked"),
        ),
        (r"\bSSL_ERROR_BAD_CERT_DOMAIN\b", said("hostname.not-in-san")),
        (r"\bSSL_ERROR_RX_RECORD_TOO_LONG\b", said("symptom.not-tls")),
        (r"\bSSL_ERROR_UNSUPPORTED_VERSION\b", said("symptom.protocol-version")),
        (r"\bSSL_ERROR_NO_CYPHER_OVERLAP\b", said("symptom.protocol-version", certain=False)),
        (r"\bSSL_ERROR_NO_CERTIFICATE\b", said("symptom.no-certificate-sent", certain=False)),
        (r"\bPR_END_OF_FILE_ERROR\b", said("symptom.closed-in-handshake", by="the other side")),
        (r"\bPR_CONNECT_RESET_ERROR\b", said("symptom.closed-in-handshake", by="the other side")),
        (r"\bMOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY\b", said("extension.server-is-ca")),
        (r"\bMOZILLA_PKIX_ERROR_SELF_SIGNED_CERT\b", said("edge.self-signed-server")),
        (r"\bMOZILLA_PKIX_ERROR_V1_CERT_USED_AS_CA\b", said("extension.version-not-3")),
        (r"\bMOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE\b", said("validity.not-yet-valid")),
        (
            r"\bMOZILLA_PKIX_ERROR_NOT_YET_VALID_ISSUER_CERTIFICATE\b",
            said("validity.not-yet-valid"),
        ),
        (r"\bMOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING\b", said("extension.must-staple")),
        (r"\bMOZILLA_PKIX_ERROR_MITM_DETECTED\b", said("trust.root-not-trusted")),
        (r"\bMOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE\b", said("algorithm.weak-rsa-key")),
        (
            r"\bMOZILLA_PKIX_ERROR_INVALID_INTEGER_ENCODING\b",
            said("encoding.serial-not-positive", certain=False),
        ),
        (r"\bMOZILLA_PKIX_ERROR_EMPTY_ISSUER_NAME\b", said("extension.empty-subject")),
    ],
)
