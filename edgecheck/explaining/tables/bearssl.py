"""BearSSL: ESP8266 and Tasmota, by number beside their words, and by text."""

import re

from edgecheck.behaviour.alerts import ALERTS
from edgecheck.explaining.rows import THIS_SIDE, Row, Said, rows, said
from edgecheck.explaining.tables.alerts import received
from edgecheck.rules.engine.rule import Reference

_NUMBERS = Reference(
    "BearSSL 0.6, inc/bearssl_x509.h and bearssl_ssl.h: BR_ERR_...",
    "https://bearssl.org/apidoc/bearssl__x509_8h.html",
)
_ESP8266 = Reference(
    "ESP8266 core for Arduino 3, libraries/ESP8266WiFi/src/WiFiClientSecureBearSSL.cpp: "
    "getLastSSLError",
    "https://github.com/esp8266/Arduino/blob/3.1.2/libraries/ESP8266WiFi/src/"
    "WiFiClientSecureBearSSL.cpp",
)

_C, _P = True, False
_MALFORMED = (_P, ("input.malformed-certificate", "encoding.not-der"))

CODES: dict[int, tuple[bool, tuple[str, ...]]] = {
    4: (_P, ("chain.large", "symptom.not-tls")),
    34: _MALFORMED,
    35: (_C, ("symptom.no-certificate-sent",)),
    **dict.fromkeys(range(36, 47), _MALFORMED),
    48: (_C, ("encoding.time",)),
    49: (_P, ("algorithm.key-kind", "algorithm.uncommon-signature")),
    51: (_P, ("algorithm.key-kind",)),
    52: (_P, ("path.same-name-other-key", "path.signature-invalid")),
    53: (_C, ("symptom.clock-wrong",)),
    54: (_P, ("validity.expired", "validity.not-yet-valid", "symptom.clock-wrong")),
    55: (_P, ("chain.wrong-order", "chain.missing-issuer")),
    56: (_C, ("hostname.not-in-san",)),
    57: (_C, ("path.unknown-critical-extension",)),
    58: (_C, ("ca.not-a-ca",)),
    59: (_P, ("extension.server-key-usage", "ca.no-cert-sign")),
    60: (_C, ("algorithm.weak-rsa-key",)),
    62: (_P, ("trust.root-not-trusted", "chain.missing-issuer")),
}
"""BR_ERR_...: whether it says just this, and the meanings."""
_RECEIVED = 256
"""Above it: an alert that the other side sent, by its number."""


def _number(match: re.Match[str]) -> Said | None:
    number = int(match[1])
    if number - _RECEIVED in ALERTS:
        return received(ALERTS[number - _RECEIVED])
    meant = CODES.get(number)
    return Said(meant[1], meant[0], THIS_SIDE) if meant is not None else None


ROWS = [
    Row(
        r"(?:BearSSL|TLS connection error)\b[^\n]{0,20}?[:= ](\d{1,3})\b",
        _number,
        _NUMBERS,
    ),
    *rows(
        _ESP8266,
        [
            (
                r"Chain could not be linked to a trust anchor",
                said("trust.root-not-trusted", "chain.missing-issuer", certain=False),
            ),
            (
                r"Certificate is expired or not yet valid",
                said("validity.expired", "validity.not-yet-valid", certain=False),
            ),
            (r"Expected server name was not found in the chain", said("hostname.not-in-san")),
            (r"Unable to allocate memory for SSL", said("symptom.out-of-memory")),
        ],
    ),
]
