"""Pieces that a rule takes apart itself may be damaged like any other."""

from __future__ import annotations

import edgecheck
from fixtures import stock
from fixtures.pki import pem, raw_extension


def test_a_netscape_certificate_type_that_is_no_bit_string_has_a_finding_of_its_own() -> None:
    """It does not raise, and nothing is said of what it allows."""
    gateway = stock.stock_15()
    damaged = raw_extension("2.16.840.1.113730.1.1", b"\x03\x7f\x00", critical=False)
    gateway = gateway.with_extension("server", damaged)
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    rules = [one.rule.id for one in report.findings if one.caused_by is None]
    assert rules.count("encoding.extension-undecodable") == 1
    assert "extension.netscape-cert-type" not in rules
