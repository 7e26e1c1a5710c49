"""Who refuses what has ended or not begun, and what is right about how long certificates live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import edgecheck
from edgecheck import Device
from edgecheck.behaviour.refusers import EVERYBODY, in_order
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import generalized_time
from fixtures.stock import NOW
from tests.rules.test_validity import DAY, EXPIRED, NOT_YET, SECOND, lasting, messages, report, said

BEFORE_1970 = "validity.before-1970"
OUTLIVES = "validity.outlives-issuer"


# --- who refuses it ------------------------------------------------------------------------------


def refused_by(report: edgecheck.Report, rule: str, role: str) -> set[str]:
    """The clients that a finding names."""
    (finding,) = (f for f in report.findings if f.rule.id == rule and f.role == role)
    return set(finding.evidence.get("refused_by", ()))


def test_everybody_refuses_what_has_expired_but_some_do_not_look_at_a_root() -> None:
    """Java, rustls and BearSSL take what they trust without its dates."""
    everybody = set(in_order(EVERYBODY))
    for role in ("server", "device_ca", "intermediate"):
        found = report(stock.stock_15("ec").change(role, not_after=NOW - DAY))
        assert refused_by(found, EXPIRED, role.replace("_", "-")) == everybody
    found = report(stock.stock_15("ec").change("root", not_after=NOW - DAY))
    assert everybody - refused_by(found, EXPIRED, "root") == {"Java", "rustls", "BearSSL"}


@pytest.mark.parametrize(
    ("ahead", "tolerant"), [(DAY, {"NSS", "NSS libpkix"}), (DAY + SECOND, set())]
)
def test_nss_waits_for_a_day(ahead: timedelta, tolerant: set[str]) -> None:
    """Only for what is not valid yet."""
    found = report(stock.stock_15("ec").change("server", not_before=NOW + ahead))
    assert set(in_order(EVERYBODY)) - refused_by(found, NOT_YET, "server") == tolerant


def only(report: edgecheck.Report, rule: str) -> list[tuple[str, str | None]]:
    """Severity and role of one rule's findings."""
    return [(f.severity.value, f.role) for f in report.findings if f.rule.id == rule]


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), ["warning"]),
        (datetime(1970, 1, 1, tzinfo=UTC), []),
    ],
)
@pytest.mark.parametrize("role", ["server", "device_ca", "intermediate"])
def test_rustls_cannot_count_before_1970(role: str, begin: datetime, expected: list[str]) -> None:
    """To the second, on each certificate that it reads."""
    found = report(stock.stock_15("ec").change(role, not_before=begin))
    named = role.replace("_", "-")
    assert only(found, BEFORE_1970) == [(severity, named) for severity in expected]
    if expected:
        assert refused_by(found, BEFORE_1970, named) == {"rustls"}


def test_the_dates_of_a_root_are_not_read_by_rustls() -> None:
    """So nobody is named."""
    begin = datetime(1955, 1, 1, tzinfo=UTC)
    found = report(stock.stock_15("ec").change("root", not_before=begin))
    assert only(found, BEFORE_1970) == [("info", "root")]
    assert refused_by(found, BEFORE_1970, "root") == set()


@pytest.mark.parametrize(("year", "expected"), [(3100, []), (3101, [("info", "root")])])
def test_botan_cannot_count_beyond_3100(year: int, expected: list[tuple[str, str]]) -> None:
    """`botan cert_info` reads 31001231235959Z, and not 31010101000000Z."""
    end = datetime(3100, 12, 31, 23, 59, 59, tzinfo=UTC)
    end += (year - 3100) * SECOND
    found = report(stock.stock_15("ec").change("root", not_after=generalized_time(end)))
    assert only(found, "validity.after-3100") == expected


# --- lifetimes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (-SECOND, []),
        (timedelta(0), [("error", "device-ca")]),
        (300 * SECOND, [("error", "device-ca")]),
        (301 * SECOND, []),
    ],
)
def test_the_runtime_wants_five_minutes_of_the_device_ca(
    left: timedelta, expected: list[tuple[str, str]]
) -> None:
    """That it ends soon follows from it, and so does that what it issued ends with it."""
    found = report(lasting(left))
    assert only(found, "validity.ends-in-minutes") == expected
    causes = {f.caused_by.partition("@")[0] for f in found.findings if f.caused_by}
    assert ("validity.ends-in-minutes" in causes) is bool(expected)
    assert said(found) == ([] if expected else said(found))


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (datetime(2030, 1, 1, tzinfo=UTC), []),
        (datetime(2030, 1, 1, 0, 0, 1, tzinfo=UTC), [("warning", "server")]),
    ],
)
def test_a_server_certificate_ends_with_its_issuer_at_the_latest(
    end: datetime, expected: list[tuple[str, str]]
) -> None:
    """As the runtime cuts it."""
    found = report(stock.stock_15("ec").change("server", not_after=end, serial=7))
    assert only(found, OUTLIVES) == expected


def test_an_issuer_that_ends_soon_is_the_finding_itself() -> None:
    """Within 90 days it is told of already."""
    server = {"not_after": NOW + 400 * DAY, "serial": 7}
    for left, expected in ((91 * DAY, [("warning", "server")]), (90 * DAY, []), (-DAY, [])):
        found = report(lasting(left).change("server", **server))
        assert only(found, OUTLIVES) == expected


@pytest.mark.parametrize(
    ("gateway", "days"), [(stock.stock_11("ec"), 90), (stock.stock_12("ec"), 30)]
)
def test_the_runtime_gives_a_server_certificate_its_life(gateway: Gateway, days: int) -> None:
    """A day more may be a matter of rounding; the clipped life of a short-lived CA is right."""
    begin = stock.SERVER_ISSUED
    for lives, fires in ((days, False), (days + 1, False), (days + 2, True), (3, False)):
        end = begin + lives * DAY
        found = report(gateway.change("server", not_before=begin, not_after=end))
        assert (only(found, "validity.server-lifetime") == [("info", "server")]) is fires


def test_the_life_of_a_certificate_that_no_runtime_made_is_its_makers_affair() -> None:
    """Without a runtime, nothing is usual."""
    found = report(stock.stock_15("ec").change("server", serial=7, not_after=NOW + 500 * DAY))
    assert only(found, "validity.server-lifetime") == []


def test_apple_takes_825_days_since_july_2019() -> None:
    """To the second; what began before, or is a CA, may live longer."""
    first = datetime(2019, 7, 1, tzinfo=UTC)
    for begin, lives, fires in (
        (NOW - DAY, 825 * DAY, False),
        (NOW - DAY, 825 * DAY + SECOND, True),
        (first - SECOND, 3650 * DAY, False),
        (first, 3650 * DAY, True),
    ):
        server = {"serial": 7, "not_before": begin, "not_after": begin + lives}
        found = report(stock.stock_15("ec").change("server", **server))
        expected = [("warning", "server")] if fires else []
        assert only(found, "validity.over-825-days") == expected


# --- a renewal that was missed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gateway", "runtime", "update"),
    [
        (stock.stock_12("ec"), "1.2.7", True),
        (stock.stock_12("ec"), "1.2.8", False),
        (stock.stock_15("ec"), "1.5", False),
    ],
)
def test_a_server_certificate_that_its_ca_outlives_was_not_renewed(
    gateway: Gateway, runtime: str, update: bool
) -> None:
    """EdgeHub of 1.2.0 to 1.2.7 misses the moment; with any other, its log must be read."""
    gateway = gateway.change("server", not_after=NOW - DAY)
    found = report(gateway, device=Device(runtime=runtime))
    (finding,) = (f for f in found.findings if f.rule.id == EXPIRED)
    assert "the runtime missed its renewal" in finding.message
    assert finding.evidence["missed_renewal"] is True
    assert ("1.2.8" in finding.remedy) is update


def test_a_server_certificate_that_ends_with_its_ca_was_not_missed() -> None:
    """There was nothing to renew it from."""
    assert all("missed" not in message for message in messages(report(lasting(-DAY))))


def test_nobody_missed_a_renewal_of_what_no_runtime_made() -> None:
    """An operator's own certificate is his to renew."""
    found = report(stock.stock_15("ec").change("server", serial=7, not_after=NOW - DAY))
    assert all("missed" not in message for message in messages(found))
