"""mbedTLS, and what ESP-IDF and Arduino print of it: names, and numbers in hex and decimal."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said, rows, said
from edgecheck.explaining.tables.mbedtls_codes import named, numbered
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

_NEARBY = re.compile(r"mbedtls|ssl|x509|tls|verify|handshake|cert|\bnet\b|_net_", re.IGNORECASE)


def _hex(match: re.Match[str]) -> Said | None:
    """A number in hex counts beside words of TLS only."""
    return numbered(int(match[1], 16)) if _NEARBY.search(match.string) else None


def _decimal(match: re.Match[str]) -> Said | None:
    number = int(match[1])
    return numbered(number) if number > 255 else None


def _unnamed(match: re.Match[str]) -> Said | None:
    """What stands beside UNKNOWN ERROR CODE, in decimal: Arduino leaves the names out."""
    return numbered(int(match[1]))


_BITS: tuple[tuple[int, bool, tuple[str, ...]], ...] = (
    (0x01, True, ("validity.expired",)),
    (0x02, True, ("path.revoked",)),
    (0x04, True, ("hostname.not-in-san",)),
    (0x08, False, ("trust.root-not-trusted", "chain.missing-issuer")),
    (0x40, True, ("symptom.no-certificate-sent",)),
    (0x0200, True, ("validity.not-yet-valid",)),
    (0x0800, False, ("extension.server-key-usage", "ca.no-cert-sign")),
    (0x1000, True, ("path.not-for-this-purpose",)),
    (0x2000, True, ("extension.netscape-cert-type",)),
    (0x4000, True, ("algorithm.weak-signature",)),
    (0x8000, False, ("algorithm.key-kind",)),
    (0x10000, False, ("algorithm.weak-rsa-key", "algorithm.curve")),
)
"""MBEDTLS_X509_BADCERT_...: the flag, whether it says just this, the meanings."""


def _flags(match: re.Match[str]) -> Said | None:
    """All that the flags of a verification say; certain only where one is set."""
    value = int(match[1], 0)
    meant = [(certain, ids) for bit, certain, ids in _BITS if value & bit]
    if not meant:
        return None
    ids = tuple(dict.fromkeys(id for _, some in meant for id in some))
    return Said(ids, len(meant) == 1 and meant[0][0], THIS_SIDE)


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
            (
                r"SSL - An invalid SSL record was received",
                said("symptom.not-tls", "chain.large", certain=False),
            ),
            (
                r" - (?:Memory allocation failed|Allocation of memory failed)|Failed to allocate "
                r"memory",
                said("symptom.out-of-memory"),
            ),
            (r"SSL - The operation timed out", said("symptom.timed-out")),
        ],
    ),
    Row(r"-0x(0?[0-9A-F]{2,4})\b", _hex, _ERRORS),
    Row(r"verify_?\s?flags\W{1,4}(0x[0-9A-F]{1,8}|\d{1,8})\b", _flags, _FLAGS),
    Row(r"esp_tls_stack_err\w*\W{1,3}(\d{3,5})\b", _decimal, _ESP),
    Row(r"TLS_Connect fail \(0x([0-9A-F]{2,4})\b", _hex, _ERRORS),
    Row(r"\btls stack error number: 0x([0-9A-F]{2,4})\b", _hex, _ESP),
    Row(r"\bMBEDTLS_ERR_([A-Z0-9_]{4,40})\b", lambda match: named(match[1]), _ERRORS),
    Row(r"\(-(\d{2,5})\) UNKNOWN ERROR CODE", _unnamed, _ESP),
    Row(r"\(-(\d{3,5})\)\s*(?:X509|SSL|NET|PK|PEM|ASN1) - ", _decimal, _ERRORS),
    Row(
        r"(?:mbedtls|x509_crt|ssl_(?:client|handshake|tls|setup)|x509_verify)\S{0,80}.{0,120}?"
        r"[\s=:]-(\d{3,5})\b",
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
        [
            (
                r"X509 - Certificate verification failed"
                r"(?:, e\.g\. CRL, CA or signature check failed)?",
                said("symptom.refused-without-reason"),
            )
        ],
        vague=True,
    ),
]
