"""What extensions say, do not say, and should say."""

from __future__ import annotations

import edgecheck
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import authority_key_id, pem
from fixtures.stock import NOW

NO_AKI = "extension.no-authority-key-id"


def said(gateway: Gateway, rule: str) -> list[tuple[str, str | None]]:
    """Severity and role of what a rule says about a gateway."""
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, NOW)
    return [
        (f.severity.value, f.role.value if f.role else None)
        for f in report.findings
        if f.rule.id == rule
    ]


def test_what_certd_wrote_before_1_3_is_a_note() -> None:
    """The server certificate of 1.2 has no key identifiers, and nobody can change that."""
    assert said(stock.stock_12(), NO_AKI) == [("info", "server")]
    assert said(stock.stock_15(), NO_AKI) == []


def test_a_ca_that_does_not_identify_its_issuers_key_is_a_warning() -> None:
    """Whether the extension is absent or names the issuer's serial number alone."""
    healthy = stock.stock_11()
    without = healthy.without_extension("device_ca", "authorityKeyIdentifier")
    by_serial = healthy.with_extension(
        "device_ca", authority_key_id(keyid=False, issuer_and_serial=True)
    )
    assert said(without, NO_AKI) == said(by_serial, NO_AKI) == [("warning", "device-ca")]


def test_a_root_needs_none() -> None:
    """It would name itself."""
    assert said(stock.stock_11().without_extension("root", "authorityKeyIdentifier"), NO_AKI) == []
