"""Numbers and names of mbedTLS's errors, and what they mean."""

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Said

_C, _P = True, False
_MEMORY = ("symptom.out-of-memory",)
_MALFORMED = ("input.malformed-certificate", "input.unreadable-certificate")
_OWN = ("symptom.key-not-usable", "symptom.no-certificate-sent")

CODES: dict[int, tuple[str, bool, tuple[str, ...]]] = {
    0x0010: ("MPI_ALLOC_FAILED", _C, _MEMORY),
    0x0042: ("NET_SOCKET_FAILED", _P, ("symptom.connection-refused", *_MEMORY)),
    0x0044: ("NET_CONNECT_FAILED", _C, ("symptom.connection-refused", "symptom.timed-out")),
    0x004C: ("NET_RECV_FAILED", _P, ("symptom.closed-in-handshake", "symptom.timed-out")),
    0x004E: ("NET_SEND_FAILED", _P, ("symptom.closed-in-handshake", "symptom.timed-out")),
    0x0050: ("NET_CONN_RESET", _C, ("symptom.closed-in-handshake",)),
    0x0052: ("NET_UNKNOWN_HOST", _C, ("symptom.name-not-resolved",)),
    0x006A: ("ASN1_ALLOC_FAILED", _C, _MEMORY),
    0x1080: ("PEM_NO_HEADER_FOOTER_PRESENT", _P, ("input.no-certificate", "input.der")),
    0x1100: ("PEM_INVALID_DATA", _P, ("input.damaged-base64", "input.broken-marker")),
    0x1180: ("PEM_ALLOC_FAILED", _C, _MEMORY),
    0x1300: ("PEM_PASSWORD_REQUIRED", _C, ("device.key-encrypted",)),
    0x1380: ("PEM_PASSWORD_MISMATCH", _C, ("symptom.wrong-password",)),
    0x2080: ("X509_FEATURE_UNAVAILABLE", _P, ("algorithm.key-kind", "algorithm.curve")),
    0x2100: ("X509_UNKNOWN_OID", _P, ("algorithm.uncommon-signature", "algorithm.key-kind")),
    0x2180: ("X509_INVALID_FORMAT", _P, ("input.malformed-certificate", "input.not-a-certificate")),
    0x2200: ("X509_INVALID_VERSION", _P, _MALFORMED),
    0x2280: ("X509_INVALID_SERIAL", _P, _MALFORMED),
    0x2300: ("X509_INVALID_ALG", _P, _MALFORMED),
    0x2380: ("X509_INVALID_NAME", _P, ("encoding.name", *_MALFORMED)),
    0x2400: ("X509_INVALID_DATE", _C, ("encoding.time",)),
    0x2480: ("X509_INVALID_SIGNATURE", _P, _MALFORMED),
    0x2500: (
        "X509_INVALID_EXTENSIONS",
        _P,
        (
            "path.unknown-critical-extension",
            "encoding.extension-undecodable",
            "input.duplicate-extension",
        ),
    ),
    0x2580: ("X509_UNKNOWN_VERSION", _P, ("extension.version-not-3", *_MALFORMED)),
    0x2600: ("X509_UNKNOWN_SIG_ALG", _P, ("algorithm.uncommon-signature", *_MALFORMED)),
    0x2680: ("X509_SIG_MISMATCH", _C, ("input.algorithm-mismatch",)),
    0x2700: ("X509_CERT_VERIFY_FAILED", _C, ("symptom.refused-without-reason",)),
    0x2780: ("X509_CERT_UNKNOWN_FORMAT", _P, ("input.not-a-certificate", "input.der")),
    0x2880: ("X509_ALLOC_FAILED", _C, _MEMORY),
    0x2900: ("X509_FILE_IO_ERROR", _P, ("symptom.file-not-found", "symptom.file-not-readable")),
    0x3000: ("X509_FATAL_ERROR", _C, ("symptom.refused-without-reason",)),
    0x3A00: ("PK_UNKNOWN_NAMED_CURVE", _C, ("algorithm.curve",)),
    0x3B80: ("PK_PASSWORD_MISMATCH", _C, ("symptom.wrong-password",)),
    0x3C00: ("PK_PASSWORD_REQUIRED", _C, ("device.key-encrypted",)),
    0x3C80: ("PK_UNKNOWN_PK_ALG", _P, ("algorithm.key-kind",)),
    0x3D00: ("PK_KEY_INVALID_FORMAT", _C, ("symptom.key-not-usable",)),
    0x3E00: ("PK_FILE_IO_ERROR", _P, ("symptom.file-not-found", "symptom.file-not-readable")),
    0x3F80: ("PK_ALLOC_FAILED", _C, _MEMORY),
    0x4E00: ("ECP_BAD_INPUT_DATA", _P, ("algorithm.curve",)),
    0x5180: ("MD_ALLOC_FAILED", _C, _MEMORY),
    0x6600: ("SSL_INVALID_VERIFY_HASH", _P, ("symptom.protocol-version",)),
    0x6800: ("SSL_TIMEOUT", _C, ("symptom.timed-out",)),
    0x6980: ("SSL_NO_USABLE_CIPHERSUITE", _C, ("symptom.protocol-version",)),
    0x6A00: ("SSL_BUFFER_TOO_SMALL", _P, ("chain.large", *_MEMORY)),
    0x6D00: ("SSL_PK_TYPE_MISMATCH", _C, ("symptom.key-not-usable",)),
    0x6E80: ("SSL_BAD_PROTOCOL_VERSION", _C, ("symptom.protocol-version",)),
    0x7200: ("SSL_INVALID_RECORD", _P, ("symptom.not-tls", "chain.large")),
    0x7280: ("SSL_CONN_EOF", _C, ("symptom.closed-in-handshake",)),
    0x7380: ("SSL_NO_CIPHER_CHOSEN", _C, ("symptom.protocol-version",)),
    0x7480: ("SSL_NO_CLIENT_CERTIFICATE", _C, ("symptom.no-certificate-sent",)),
    0x7500: ("SSL_CERTIFICATE_TOO_LARGE", _P, ("chain.large",)),
    0x7580: ("SSL_CERTIFICATE_REQUIRED", _P, _OWN),
    0x7600: ("SSL_PRIVATE_KEY_REQUIRED", _C, _OWN),
    0x7680: ("SSL_CA_CHAIN_REQUIRED", _C, ("symptom.no-trust-anchors",)),
    0x7700: (
        "SSL_UNEXPECTED_MESSAGE",
        _P,
        ("symptom.not-tls", "symptom.protocol-version"),
    ),
    0x7780: ("SSL_FATAL_ALERT_MESSAGE", _C, ("symptom.refused-without-reason",)),
    0x7880: ("SSL_PEER_CLOSE_NOTIFY", _P, ("symptom.closed-in-handshake",)),
    0x7A00: ("SSL_BAD_CERTIFICATE", _P, ("chain.large", "input.malformed-certificate")),
    0x7F00: ("SSL_ALLOC_FAILED", _C, _MEMORY),
}
"""By the number without its sign: the name behind MBEDTLS_ERR_, whether the first meaning is just
what it says, and the meanings. Names are those of 3.6; see `_FORMERLY`."""

_FORMERLY = {
    "SSL_BAD_HS_PROTOCOL_VERSION": 0x6E80,
    "SSL_BAD_HS_CERTIFICATE": 0x7A00,
    "SSL_PEER_VERIFY_FAILED": 0x2700,
}
"""As 2.28 calls them."""
_BY_NAME = {name: code for code, (name, _, _) in CODES.items()} | _FORMERLY
_BY_THE_OTHER_SIDE = frozenset((0x7780, 0x7280, 0x0050, 0x7880, 0x004C, 0x004E, 0x7480))


def numbered(number: int) -> Said | None:
    """Return what a number means; of a sum of a high and a low part the high part counts."""
    for code in (number, number & 0xFF80):
        if code in CODES:
            _, certain, ids = CODES[code]
            side = OTHER_SIDE if code in _BY_THE_OTHER_SIDE else THIS_SIDE
            return Said(ids, certain, side)
    return None


def named(name: str) -> Said | None:
    """Return what a name means, which stands behind MBEDTLS_ERR_."""
    return numbered(_BY_NAME.get(name.upper(), 0))
