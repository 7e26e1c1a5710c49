"""HAProxy and stunnel, as they stand before brokers."""

from edgecheck.explaining.rows import OTHER_SIDE, rows, said
from edgecheck.rules.engine.rule import Reference

_HAPROXY = Reference(
    "HAProxy 2.6, src/connection.c: conn_err_code_str",
    "https://github.com/haproxy/haproxy/blob/v2.6.0/src/connection.c",
)

ROWS = [
    *rows(
        _HAPROXY,
        [
            (
                r"SSL client CA chain cannot be verified|SSL client certificate not trusted",
                said(
                    "chain.missing-issuer",
                    "trust.root-not-trusted",
                    "identity.chain-not-sent",
                    certain=False,
                ),
            ),
            (
                r"Connection closed during SSL handshake|Peer suddenly disconnected",
                said("symptom.closed-in-handshake", by=OTHER_SIDE),
            ),
            (r"Timeout during SSL handshake", said("symptom.timed-out")),
        ],
    ),
    *rows(
        _HAPROXY,
        [
            (
                r"\bSSL handshake failure\b",
                said("symptom.refused-without-reason", certain=False, by=None),
            )
        ],
        vague=True,
    ),
]
