"""Pieces that a rule takes apart itself may be damaged like any other."""

from __future__ import annotations

import edgecheck
from fixtures import stock
from fixtures.pki import pem, raw_extension


def test_a_netscape_certificate_type_that_is_no_bit_string_leaves_its_rule_undecided() -> None:
    """It does not raise, and the rule is not counted as passed."""
    gateway = stock.stock_15()
    damaged = raw_extension("2.16.840.1.113730.1.1", b"\x03\x7f\x00", critical=False)
    gateway = gateway.with_extension("server", damaged)
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    assert "extension.netscape-cert-type" in {one.rule for one in report.undecided}
