"""wolfSSL: errors by number beside its name, and by text."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said, rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "wolfSSL 5.5, wolfcrypt/src/error.c, wolfssl/error-ssl.h and src/internal.c",
    "https://github.com/wolfSSL/wolfssl/blob/v5.5.4-stable/wolfcrypt/src/error.c",
)

_MQTT = Reference(
    "wolfMQTT 1.19, examples/mqttexample.c and wolfmqtt/mqtt_types.h",
    "https://github.com/wolfSSL/wolfMQTT/blob/v1.19.0/wolfmqtt/mqtt_types.h",
)
_C, _P = True, False
_SIGNED = ("path.same-name-other-key", "path.signature-invalid")
_MALFORMED = ("input.malformed-certificate", "input.unreadable-certificate")

CODES: dict[int, tuple[str, bool, tuple[str, ...], str]] = {
    125: ("MEMORY_E", _C, ("symptom.out-of-memory",), THIS_SIDE),
    140: ("ASN_PARSE_E", _P, _MALFORMED, THIS_SIDE),
    141: ("ASN_VERSION_E", _P, ("extension.version-not-3", *_MALFORMED), THIS_SIDE),
    150: ("ASN_BEFORE_DATE_E", _C, ("validity.not-yet-valid",), THIS_SIDE),
    151: ("ASN_AFTER_DATE_E", _C, ("validity.expired",), THIS_SIDE),
    153: ("ASN_TIME_E", _C, ("encoding.time",), THIS_SIDE),
    155: ("ASN_SIG_CONFIRM_E", _P, _SIGNED, THIS_SIDE),
    156: ("ASN_SIG_HASH_E", _P, ("algorithm.uncommon-signature",), THIS_SIDE),
    157: ("ASN_SIG_KEY_E", _P, ("algorithm.key-kind", "algorithm.curve"), THIS_SIDE),
    160: ("ASN_CRIT_EXT_E", _C, ("path.unknown-critical-extension",), THIS_SIDE),
    161: ("ASN_ALT_NAME_E", _P, ("encoding.alternative-name",), THIS_SIDE),
    162: ("ASN_NO_PEM_HEADER", _P, ("input.no-certificate", "input.der"), THIS_SIDE),
    172: ("ECC_CURVE_OID_E", _C, ("algorithm.curve",), THIS_SIDE),
    188: (
        "ASN_NO_SIGNER_E",
        _P,
        ("chain.missing-issuer", "trust.root-not-trusted"),
        THIS_SIDE,
    ),
    198: ("ASN_NAME_INVALID_E", _C, ("path.name-constraints",), THIS_SIDE),
    226: ("KEYUSAGE_E", _P, ("extension.server-key-usage", "ca.no-cert-sign"), THIS_SIDE),
    234: ("WC_KEY_SIZE_E", _P, ("algorithm.weak-rsa-key", "algorithm.large-rsa-key"), THIS_SIDE),
    237: ("ASN_PATHLEN_SIZE_E", _P, ("ca.path-length-exceeded",), THIS_SIDE),
    238: ("ASN_PATHLEN_INV_E", _C, ("ca.path-length-exceeded",), THIS_SIDE),
    275: ("ASN_SELF_SIGNED_E", _C, ("edge.self-signed-server",), THIS_SIDE),
    308: ("SOCKET_ERROR_E", _C, ("symptom.closed-in-handshake",), OTHER_SIDE),
    313: ("FATAL_ERROR", _C, ("symptom.refused-without-reason",), OTHER_SIDE),
    317: ("NO_PRIVATE_KEY", _C, ("symptom.key-not-usable",), THIS_SIDE),
    322: ("DOMAIN_NAME_MISMATCH", _C, ("hostname.not-in-san",), THIS_SIDE),
    326: ("VERSION_ERROR", _C, ("symptom.protocol-version",), THIS_SIDE),
    329: ("VERIFY_CERT_ERROR", _C, ("symptom.refused-without-reason",), THIS_SIDE),
    345: ("NO_PEER_CERT", _C, ("symptom.no-certificate-sent",), OTHER_SIDE),
    351: ("ECC_CURVE_ERROR", _P, ("algorithm.curve",), THIS_SIDE),
    357: ("NOT_CA_ERROR", _C, ("ca.not-a-ca",), THIS_SIDE),
    360: ("OCSP_CERT_REVOKED", _C, ("path.revoked",), THIS_SIDE),
    361: ("CRL_CERT_REVOKED", _C, ("path.revoked",), THIS_SIDE),
    362: ("CRL_MISSING", _C, ("symptom.revocation-not-checked",), THIS_SIDE),
    366: ("OCSP_CERT_UNKNOWN", _C, ("symptom.revocation-not-checked",), THIS_SIDE),
    367: ("OCSP_LOOKUP_FAIL", _C, ("symptom.revocation-not-checked",), THIS_SIDE),
    368: ("MAX_CHAIN_ERROR", _C, ("chain.too-many-certificates",), THIS_SIDE),
    383: ("KEYUSE_SIGNATURE_E", _C, ("extension.server-key-usage",), THIS_SIDE),
    385: ("KEYUSE_ENCIPHER_E", _C, ("extension.server-key-usage",), THIS_SIDE),
    386: ("EXTKEYUSE_AUTH_E", _C, ("path.not-for-this-purpose",), THIS_SIDE),
    397: ("SOCKET_PEER_CLOSED_E", _C, ("symptom.closed-in-handshake",), OTHER_SIDE),
    501: ("MATCH_SUITE_ERROR", _C, ("symptom.protocol-version",), THIS_SIDE),
}
"""By the number without its sign: its name, whether it says just this, the meanings, and who
refused."""
_BY_NAME = {name: number for number, (name, *_) in CODES.items()}


def _meant(number: int) -> Said | None:
    meant = CODES.get(number)
    return Said(meant[2], meant[1], meant[3]) if meant is not None else None


def _number(match: re.Match[str]) -> Said | None:
    return _meant(int(match[1]))


def _name(match: re.Match[str]) -> Said | None:
    return _meant(_BY_NAME.get(match[1].upper(), 0))


ROWS = [
    Row(r"wolf\w*.{0,80}?-(\d{3})\b", _number, _SOURCE),
    Row(r"MQTT TLS Verify Callback.{0,80}Error -(\d{3})\b", _number, _MQTT),
    Row(r"wolfSSL error occurred, error = (\d{3})\b", _number, _SOURCE),
    Row(r"(?:err|error|ret)\s*=?\s*-(\d{3})\b(?=.*(?:ASN|wolf|SSL_connect))", _number, _SOURCE),
    Row(
        r"\b((?:ASN|KEYUSE|EXTKEYUSE|OCSP|CRL|SOCKET|ECC)_[A-Z_]{3,24}|DOMAIN_NAME_MISMATCH"
        r"|NOT_CA_ERROR|MAX_CHAIN_ERROR|MATCH_SUITE_ERROR|NO_PEER_CERT|VERIFY_CERT_ERROR)\b",
        _name,
        _SOURCE,
    ),
    *rows(
        _SOURCE,
        [
            (
                r"No CA signer to verify with|ASN no signer error",
                said("chain.missing-issuer", "trust.root-not-trusted", certain=False),
            ),
            (r"ASN date error, current date after", said("validity.expired")),
            (r"ASN date error, current date before", said("validity.not-yet-valid")),
            (
                r"ASN sig error, confirm failure",
                said("path.same-name-other-key", "path.signature-invalid", certain=False),
            ),
            (
                r"peer subject name mismatch|peer ip address mismatch",
                said("hostname.not-in-san", "hostname.ip-address"),
            ),
            (r"ASN self-signed certificate error", said("edge.self-signed-server")),
            (r"received alert fatal error", said("symptom.refused-without-reason", by=OTHER_SIDE)),
        ],
    ),
    *rows(
        _MQTT,
        [
            (
                r"Error \(TLS Connect\) \(-6\)",
                said(
                    "symptom.refused-without-reason", "symptom.closed-in-handshake", certain=False
                ),
            ),
            (
                r"MQTT Socket Connect: Error \(Network\) \(-8\)",
                said("symptom.connection-refused", "symptom.timed-out", certain=False),
            ),
        ],
        vague=True,
    ),
]
