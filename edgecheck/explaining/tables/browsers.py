"""Chrome, Edge and Chromium: net error codes."""

from edgecheck.explaining.rows import rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "Chromium, net/base/net_error_list.h",
    "https://chromium.googlesource.com/chromium/src/+/refs/heads/main/net/base/net_error_list.h",
)

ROWS = rows(
    _SOURCE,
    [
        (r"\bERR_CERT_AUTHORITY_INVALID\b", said("trust.root-not-trusted", "chain.missing-issuer")),
        (r"\bERR_CERT_COMMON_NAME_INVALID\b", said("hostname.not-in-san", "hostname.cn-only")),
        (
            r"\bERR_CERT_DATE_INVALID\b",
            said("validity.expired", "validity.not-yet-valid", certain=False),
        ),
        (r"\bERR_CERT_WEAK_SIGNATURE_ALGORITHM\b", said("algorithm.weak-signature")),
        (r"\bERR_CERT_WEAK_KEY\b", said("algorithm.weak-rsa-key")),
        (r"\bERR_CERT_NAME_CONSTRAINT_VIOLATION\b", said("path.name-constraints")),
        (r"\bERR_CERT_VALIDITY_TOO_LONG\b", said("validity.over-825-days")),
        (
            r"\bERR_SSL_UNRECOGNIZED_NAME_ALERT\b",
            said("symptom.alert-unrecognized-name", by="the other side"),
        ),
        (
            r"\bERR_SSL_CLIENT_AUTH_(?:SIGNATURE_FAILED|CERT_NO_PRIVATE_KEY"
            r"|PRIVATE_KEY_ACCESS_DENIED)\b",
            said("symptom.key-not-usable"),
        ),
        (
            r"\bERR_SSL_(?:WEAK_SERVER_EPHEMERAL_DH_KEY|OBSOLETE_VERSION)\b",
            said("symptom.protocol-version"),
        ),
        (
            r"\bERR_SSL_SERVER_CERT_BAD_FORMAT\b",
            said("input.malformed-certificate", certain=False),
        ),
        (r"\bERR_ADDRESS_UNREACHABLE\b", said("symptom.timed-out")),
        (r"\bERR_CERT_REVOKED\b", said("path.revoked")),
        (
            r"\bERR_CERT_(?:NO_REVOCATION_MECHANISM|UNABLE_TO_CHECK_REVOCATION)\b",
            said("symptom.revocation-not-checked"),
        ),
        (r"\bERR_CERT_INVALID\b", said("symptom.refused-without-reason")),
        (r"\bERR_CERT_CONTAINS_ERRORS\b", said("input.malformed-certificate", certain=False)),
        (r"\bERR_SSL_KEY_USAGE_INCOMPATIBLE\b", said("extension.server-key-usage")),
        (r"\bERR_SSL_VERSION_OR_CIPHER_MISMATCH\b", said("symptom.protocol-version")),
        (
            r"\bERR_SSL_PROTOCOL_ERROR\b",
            said("symptom.not-tls", "symptom.closed-in-handshake", certain=False),
        ),
        (
            r"\bERR_BAD_SSL_CLIENT_AUTH_CERT\b",
            said("symptom.alert-bad-certificate", by="the other side", certain=False),
        ),
        (
            r"\bERR_SSL_CLIENT_AUTH_CERT_NEEDED\b",
            said("symptom.no-certificate-sent", by="the other side"),
        ),
        (
            r"\bERR_NAME_NOT_RESOLVED\b|\bDNS_PROBE_FINISHED_NXDOMAIN\b",
            said("symptom.name-not-resolved"),
        ),
        (r"\bERR_CONNECTION_REFUSED\b", said("symptom.connection-refused")),
        (
            r"\bERR_CONNECTION_(?:RESET|CLOSED|ABORTED)\b|\bERR_EMPTY_RESPONSE\b",
            said("symptom.closed-in-handshake", by="the other side"),
        ),
        (r"\bERR_(?:CONNECTION_)?TIMED_OUT\b", said("symptom.timed-out")),
    ],
)
