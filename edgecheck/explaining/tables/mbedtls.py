"""mbedTLS, and what ESP-IDF and Arduino print of it: names, and numbers in hex and decimal."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said, rows, said
from edgecheck.rules.engine.rule import Reference

_ERRORS = Reference(
    "Mbed TLS 3.6, include/mbedtls/ssl.h, x509.h, net_sockets.h and pk.h",
    "https://github.com/Mbed-TLS/mbedtls/blob/v3.6.0/include/mbedtls/x509.h",
)
_FLAGS = Reference(
    "Mbed TLS 3.6, include/mbedtls/x509.h: MBEDTLS_X509_CRT_ERROR_INFO_LIST",
    "https://github.com/Mbed-TLS/mbedtls/blob/v3.6.0/include/mbedtls/x509.h",
)
_ESP = Reference(
    "ESP-IDF 5, components/mbedtls/esp_crt_bundle and components/esp-tls",
    "https://github.com/espressif/esp-idf/blob/v5.2/components/mbedtls/esp_crt_bundle/"
    "esp_crt_bundle.c",
)

CODES: dict[int, tuple[bool, tuple[str, ...], str | None]] = {
    0x2700: (True, ("symptom.refused-without-reason",), THIS_SIDE),
    0x3000: (True, ("symptom.refused-without-reason",), THIS_SIDE),
    0x7780: (True, ("symptom.refused-without-reason",), OTHER_SIDE),
    0x7280: (True, ("symptom.closed-in-handshake",), OTHER_SIDE),
    0x0050: (True, ("symptom.closed-in-handshake",), OTHER_SIDE),
    0x7880: (False, ("symptom.closed-in-handshake",), OTHER_SIDE),
    0x7200: (True, ("symptom.not-tls",), THIS_SIDE),
    0x6E80: (True, ("symptom.protocol-version",), THIS_SIDE),
    0x6800: (True, ("symptom.timed-out",), THIS_SIDE),
    0x004C: (False, ("symptom.closed-in-handshake",), OTHER_SIDE),
    0x0044: (True, ("symptom.connection-refused",), THIS_SIDE),
    0x0052: (True, ("symptom.name-not-resolved",), THIS_SIDE),
    0x2180: (False, ("input.malformed-certificate", "input.not-a-certificate"), THIS_SIDE),
    0x2780: (False, ("input.not-a-certificate", "input.der"), THIS_SIDE),
    0x2880: (False, ("symptom.no-trust-anchors",), THIS_SIDE),
    0x2900: (True, ("symptom.file-not-readable",), THIS_SIDE),
    0x2400: (True, ("encoding.time",), THIS_SIDE),
    0x2600: (False, ("algorithm.uncommon-signature",), THIS_SIDE),
    0x1080: (False, ("input.no-certificate", "input.der"), THIS_SIDE),
    0x1380: (True, ("symptom.wrong-password",), THIS_SIDE),
    0x1300: (True, ("device.key-encrypted",), THIS_SIDE),
    0x3C00: (True, ("device.key-encrypted",), THIS_SIDE),
    0x3B80: (True, ("symptom.wrong-password",), THIS_SIDE),
    0x7580: (False, ("symptom.no-trust-anchors",), THIS_SIDE),
}
"""By the number without its sign: whether it says just this, the meanings, and who refused."""


def _meant(number: int) -> Said | None:
    """Of a sum of a high and a low part the high part counts."""
    for code in (number, number & 0xFF80):
        if code in CODES:
            certain, ids, side = CODES[code]
            return Said(ids, certain, side)
    return None


def _hex(match: re.Match[str]) -> Said | None:
    return _meant(int(match[1], 16))


def _decimal(match: re.Match[str]) -> Said | None:
    number = int(match[1])
    return _meant(number) if number > 255 else None


ROWS = [
    *rows(
        _FLAGS,
        [
            (
                r"The certificate is not correctly signed by the trusted CA|BADCERT_NOT_TRUSTED",
                said(
                    "trust.root-not-trusted",
                    "chain.missing-issuer",
                    "path.same-name-other-key",
                    certain=False,
                ),
            ),
            (r"The certificate validity has expired|BADCERT_EXPIRED", said("validity.expired")),
            (
                r"The certificate validity starts in the future|BADCERT_FUTURE",
                said("validity.not-yet-valid"),
            ),
            (
                r"The certificate Common Name \(CN\) does not match|BADCERT_CN_MISMATCH",
                said("hostname.not-in-san", "hostname.ip-address"),
            ),
            (r"The certificate has been revoked|BADCERT_REVOKED", said("path.revoked")),
            (
                r"Usage does not match the keyUsage extension|BADCERT_KEY_USAGE",
                said("extension.server-key-usage", "ca.no-cert-sign", certain=False),
            ),
            (
                r"Usage does not match the extendedKeyUsage extension|BADCERT_EXT_KEY_USAGE",
                said("path.not-for-this-purpose"),
            ),
            (
                r"signed with an unacceptable key|BADCERT_BAD_KEY",
                said("algorithm.weak-rsa-key", "algorithm.curve", certain=False),
            ),
            (r"signed with an unacceptable hash|BADCERT_BAD_MD", said("algorithm.weak-signature")),
        ],
    ),
    *rows(
        _ERRORS,
        [
            (
                r"A fatal alert message was received from our peer",
                said("symptom.refused-without-reason", by=OTHER_SIDE),
            ),
            (
                r"SSL - The connection indicated an EOF|NET - Connection was reset by peer"
                r"|peer notified us that the connection is going to be closed",
                said("symptom.closed-in-handshake", by=OTHER_SIDE),
            ),
            (
                r"NET - Failed to get an IP address",
                said("symptom.name-not-resolved"),
            ),
            (
                r"NET - The connection to the given server / port failed",
                said("symptom.connection-refused", "symptom.timed-out"),
            ),
            (r"SSL - An invalid SSL record was received", said("symptom.not-tls")),
            (r"SSL - The operation timed out", said("symptom.timed-out")),
        ],
    ),
    Row(
        r"-0x(0?[0-9A-F]{2,4})\b(?=.*(?:mbedtls|ssl|x509|tls|verify|handshake|cert|net))",
        _hex,
        _ERRORS,
    ),
    Row(
        r"(?:mbedtls|ssl|x509|tls|verify|handshake|cert|net)\S*.{0,200}?-0x(0?[0-9A-F]{2,4})\b",
        _hex,
        _ERRORS,
    ),
    Row(r"\(-(\d{3,5})\)\s*(?:X509|SSL|NET|PK|PEM|ASN1)\b", _decimal, _ERRORS),
    Row(
        r"(?:mbedtls|x509_crt|ssl_(?:client|handshake|tls|setup)|x509_verify)\S*.{0,120}?[\s=:]-(\d{3,5})\b",
        _decimal,
        _ERRORS,
    ),
    *rows(
        _ESP,
        [
            (
                r"esp_crt_verify_callback|Failed to verify (?:peer )?certificate",
                said("symptom.refused-without-reason"),
            )
        ],
        vague=True,
    ),
    *rows(
        _ERRORS,
        [(r"X509 - Certificate verification failed", said("symptom.refused-without-reason"))],
        vague=True,
    ),
]
