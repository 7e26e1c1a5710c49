"""A host name that ends in a dot."""

from __future__ import annotations

import edgecheck
from fixtures import stock
from fixtures.pki import pem


def test_a_dot_at_the_end_ends_the_handshake_of_those_who_send_it() -> None:
    """A server that heeds RFC 6066 refuses them whatever their own matching would say."""
    gateway = stock.stock_15()
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    dotted = edgecheck.check(chain, f"{stock.HOSTNAME}.", trust, stock.NOW).predictions
    plain = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW).predictions
    said = {one.client: (one.verdict, one.says) for one in dotted}
    assert said["node20-ossl3.0.19"] == ("reject", "ERR_SSL_SSLV3_ALERT_UNEXPECTED_MESSAGE")
    assert said["curl7.88-ossl3.0"][0] == "accept"
    assert {one.verdict for one in plain if one.client in ("node20-ossl3.0.19",)} == {"accept"}
