"""Apple: numbers of Secure Transport and of NSURLSession, as apps for iOS and macOS print them."""

import re

from edgecheck.behaviour.alerts import ALERTS
from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said
from edgecheck.explaining.tables.alerts import received, symptom_of
from edgecheck.rules.engine.rule import Reference

_SECURE_TRANSPORT = Reference(
    "Apple: Secure Transport Result Codes (SecureTransport.h)",
    "https://developer.apple.com/documentation/security/secure-transport-result-codes",
)
_URL_ERRORS = Reference(
    "Apple: URL Loading System Error Codes (NSURLError.h)",
    "https://developer.apple.com/documentation/foundation/url-loading-system-error-codes",
)

_C, _P = True, False
_CLOSED = (_C, ("symptom.closed-in-handshake",))

CODES: dict[int, tuple[bool, tuple[str, ...]]] = {
    9800: (_P, ("symptom.not-tls", "symptom.protocol-version")),
    9801: (_P, ("symptom.protocol-version",)),
    9805: _CLOSED,
    9806: _CLOSED,
    9807: (_P, ("trust.root-not-trusted", "chain.missing-issuer")),
    9808: (_P, ("input.malformed-certificate",)),
    9812: (_C, ("trust.root-not-trusted",)),
    9813: (_P, ("chain.missing-issuer", "trust.root-not-trusted")),
    9814: (_C, ("validity.expired",)),
    9815: (_C, ("validity.not-yet-valid",)),
    9816: _CLOSED,
    9843: (_C, ("hostname.not-in-san",)),
    9844: (_C, ("symptom.connection-refused",)),
    9850: (_P, ("symptom.protocol-version",)),
    1200: (_P, ("symptom.protocol-version", "symptom.closed-in-handshake")),
    1201: (_C, ("validity.expired",)),
    1202: (_P, ("trust.root-not-trusted", "hostname.not-in-san", "chain.missing-issuer")),
    1203: (_C, ("trust.root-not-trusted",)),
    1204: (_C, ("validity.not-yet-valid",)),
    1206: (_C, ("symptom.no-certificate-sent",)),
    1001: (_C, ("symptom.timed-out",)),
    1003: (_C, ("symptom.name-not-resolved",)),
    1004: (_P, ("symptom.connection-refused", "symptom.timed-out")),
    1005: (_P, ("symptom.closed-in-handshake",)),
}
"""By the number without its sign: whether the first meaning is just what it says, the meanings."""
_PEER = {
    9819: 10, 9820: 20, 9822: 22, 9824: 40, 9825: 42, 9826: 43, 9827: 44, 9828: 45, 9829: 46,
    9830: 47, 9831: 48, 9832: 49, 9833: 50, 9834: 51, 9836: 70, 9837: 71, 9838: 80, 9839: 90,
    9840: 100,
}  # fmt: skip
"""Those of errSSLPeer...: the alert that the other side sent, by its number."""
_BY_THE_OTHER_SIDE = frozenset((9805, 9806, 9816, 1005, 1206))


def _number(match: re.Match[str]) -> Said | None:
    number = int(match[1])
    if number in _PEER:
        return received(ALERTS[_PEER[number]])
    if number not in CODES:
        return None
    certain, ids = CODES[number]
    return Said(ids, certain, OTHER_SIDE if number in _BY_THE_OTHER_SIDE else THIS_SIDE)


def _rejected(_: re.Match[str]) -> Said | None:
    id = symptom_of("bad certificate")
    return Said((id,), False, OTHER_SIDE) if id else None


ROWS = [
    Row(
        r"(?:OSStatus|CFNetwork|CFStream|errSSL|SSLHandshake|SecureTransport|kCFStreamError"
        r"|Code[ =])[^\n]{0,60}?-(98\d\d)\b",
        _number,
        _SECURE_TRANSPORT,
    ),
    Row(r"(?:NSURLError|Code[ =])[^\n]{0,40}?-(1\d{3})\b", _number, _URL_ERRORS),
    Row(r"NSURLError\w{0,40}-1205\b", _rejected, _URL_ERRORS),
]
