"""ESP-IDF and Arduino for ESP32 and ESP8266, beyond what mbedTLS itself says."""

import re

from edgecheck.explaining.rows import OTHER_SIDE, THIS_SIDE, Row, Said, rows, said
from edgecheck.rules.engine.rule import Reference

_BUNDLE = Reference(
    "ESP-IDF 5, components/mbedtls/esp_crt_bundle/esp_crt_bundle.c",
    "https://github.com/espressif/esp-idf/blob/v5.2/components/mbedtls/esp_crt_bundle/"
    "esp_crt_bundle.c",
)
_TLS = Reference(
    "ESP-IDF 5, components/esp-tls/esp_tls_errors.h and esp_tls.c",
    "https://github.com/espressif/esp-idf/blob/v5.2/components/esp-tls/esp_tls_errors.h",
)
_ARDUINO = Reference(
    "arduino-esp32, libraries/WiFiClientSecure/src/ssl_client.cpp",
    "https://github.com/espressif/arduino-esp32/blob/2.0.14/libraries/WiFiClientSecure/src/"
    "ssl_client.cpp",
)

CODES: dict[int, tuple[bool, tuple[str, ...]]] = {
    0x8001: (True, ("symptom.name-not-resolved",)),
    0x8004: (False, ("symptom.connection-refused", "symptom.timed-out")),
    0x8006: (True, ("symptom.timed-out",)),
    0x8008: (True, ("symptom.closed-in-handshake",)),
    0x8015: (False, ("input.no-certificate", "input.malformed-certificate")),
    0x8016: (False, ("device.key-mismatch", "symptom.key-not-usable")),
    0x8017: (False, ("symptom.out-of-memory",)),
    0x8019: (True, ("symptom.key-not-usable",)),
    0x801A: (False, ("symptom.refused-without-reason",)),
}
"""esp_err_t of esp-tls: whether it says just this, and the meanings."""


def _error(match: re.Match[str]) -> Said | None:
    meant = CODES.get(int(match[1], 16))
    if meant is None:
        return None
    side = OTHER_SIDE if meant[1][0] == "symptom.closed-in-handshake" else THIS_SIDE
    return Said(meant[1], meant[0], side)


ROWS = [
    Row(r"esp-?_?tls\b.{0,80}?\b0x(80[0-3][0-9A-F])\b", _error, _TLS),
    *rows(
        _BUNDLE,
        [
            (
                r"No matching trusted root certificate found"
                r"|PK verify failed with error|Certificate matched but signature verification",
                said("trust.root-not-trusted", "chain.missing-issuer", certain=False),
            ),
        ],
    ),
    *rows(
        _TLS,
        [
            (r"couldn't get hostname for", said("symptom.name-not-resolved")),
            (
                r"\[sock=\d+\] select\(\) timeout"
                r"|Failed to open new connection in specified timeout",
                said("symptom.timed-out"),
            ),
            (
                r"\[sock=\d+\] (?:delayed )?connect(?:\(\))? error",
                said("symptom.connection-refused", "symptom.timed-out", certain=False),
            ),
        ],
    ),
    *rows(
        _ARDUINO,
        [
            (
                r"start_ssl_client\(\): Connect to Server failed"
                r"|start_ssl_client: connect failed",
                said("symptom.connection-refused", "symptom.timed-out", certain=False),
            ),
        ],
    ),
]
