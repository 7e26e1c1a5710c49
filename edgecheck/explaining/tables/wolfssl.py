"""wolfSSL: errors by number beside its name, and by text."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said, rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "wolfSSL 5.5, wolfcrypt/src/error.c, wolfssl/error-ssl.h and src/internal.c",
    "https://github.com/wolfSSL/wolfssl/blob/v5.5.4-stable/wolfcrypt/src/error.c",
)

CODES: dict[int, tuple[bool, tuple[str, ...], str]] = {
    150: (True, ("validity.not-yet-valid",), THIS_SIDE),
    151: (True, ("validity.expired",), THIS_SIDE),
    155: (False, ("path.same-name-other-key", "path.signature-invalid"), THIS_SIDE),
    188: (False, ("chain.missing-issuer", "trust.root-not-trusted"), THIS_SIDE),
    275: (True, ("edge.self-signed-server",), THIS_SIDE),
    226: (True, ("extension.server-key-usage",), THIS_SIDE),
    322: (True, ("hostname.not-in-san",), THIS_SIDE),
    313: (True, ("symptom.refused-without-reason",), OTHER_SIDE),
    308: (True, ("symptom.closed-in-handshake",), OTHER_SIDE),
    326: (True, ("symptom.protocol-version",), THIS_SIDE),
    361: (True, ("path.revoked",), THIS_SIDE),
}
"""By the number without its sign: whether it says just this, the meanings, and who refused."""


def _number(match: re.Match[str]) -> Said | None:
    meant = CODES.get(int(match[1]))
    return Said(meant[1], meant[0], meant[2]) if meant is not None else None


ROWS = [
    Row(r"wolf\w*.{0,80}?-(\d{3})\b", _number, _SOURCE),
    Row(r"(?:err|error|ret)\s*=?\s*-(\d{3})\b(?=.*(?:ASN|wolf|SSL_connect))", _number, _SOURCE),
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
]
