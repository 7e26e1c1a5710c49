"""How certificates are written: numbers, times and strings."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures import demo, stock
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import NOW

SERIAL = "encoding.serial-not-positive"


def said(gateway: Gateway, rule: str) -> list[tuple[str, str | None]]:
    """Severity and role of what a rule says about a gateway."""
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    report = edgecheck.check(chain, stock.HOSTNAME, trust, NOW)
    return [
        (f.severity.value, f.role.value if f.role else None)
        for f in report.findings
        if f.rule.id == rule
    ]


def test_what_certd_signs_with_serial_zero_is_a_note() -> None:
    """The runtime sets no serial number since 1.2, and nobody can change that."""
    assert said(stock.stock_15(), SERIAL) == [("info", "server")]
    assert said(demo.quickstart_12(), SERIAL) == [("info", "server"), ("info", "device-ca")]


@pytest.mark.parametrize(
    ("serial", "severity"), [(0, "warning"), (-1, "error"), (-(2**70), "error")]
)
def test_what_somebody_else_signs_is_not(serial: int, severity: str) -> None:
    """Zero disturbs nobody today; a negative number is refused by Go since 1.23."""
    assert said(stock.stock_11().change("device_ca", serial=serial), SERIAL) == [
        (severity, "device-ca")
    ]


def test_a_positive_serial_number_is_fine() -> None:
    """One octet is enough."""
    assert said(stock.stock_11().change("device_ca", serial=1), SERIAL) == []
