"""Mosquitto: broker and clients; what OpenSSL adds stands in its own table."""

from edgecheck.explaining.rows import OTHER_SIDE, rows, said
from edgecheck.rules.engine.rule import Reference

_SOURCE = Reference(
    "Mosquitto 2.0, lib/net_mosq.c, src/net.c, src/conf.c and lib/strings_mosq.c",
    "https://github.com/eclipse-mosquitto/mosquitto/blob/v2.0.18/src/net.c",
)

ROWS = [
    *rows(
        _SOURCE,
        [
            (
                r"Unable to load CA certificates|Problem setting TLS options: File not found",
                said(
                    "symptom.file-not-found",
                    "symptom.file-not-readable",
                    "input.no-certificate",
                    certain=False,
                ),
            ),
            (
                r"Unable to load (?:server|client) certificate",
                said(
                    "symptom.file-not-found",
                    "symptom.file-not-readable",
                    "input.no-certificate",
                    certain=False,
                ),
            ),
            (
                r"Unable to load (?:server|client) key file",
                said(
                    "symptom.file-not-readable",
                    "symptom.key-not-usable",
                    "device.key-mismatch",
                    certain=False,
                ),
            ),
            (
                r"(?:Server|Client) certificate/key are inconsistent",
                said("device.key-mismatch"),
            ),
            (
                r"Both certfile and keyfile must be (?:specified|provided)"
                r"|--cert argument given but no|--key argument given but no",
                said("symptom.key-not-usable"),
            ),
            (
                r"host name verification failed|host name is set to an IP address",
                said("hostname.not-in-san", "hostname.ip-address"),
            ),
            (
                r"disconnected, not authori[sz]ed",
                said("symptom.login-refused"),
            ),
            (
                r"Socket error on client <unknown>",
                said("symptom.closed-in-handshake", certain=False, by=OTHER_SIDE),
            ),
        ],
    ),
    *rows(
        _SOURCE,
        [
            (
                r"Client <unknown> disconnected: Protocol error",
                said("symptom.not-tls", "symptom.closed-in-handshake", certain=False),
            ),
        ],
        vague=True,
    ),
]
