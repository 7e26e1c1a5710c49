"""When certificates begin and end: to the second, and by the thresholds of each runtime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import generalized_time, pem, raw_time
from fixtures.stock import NOW

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
EXPIRED = "validity.expired"
NOT_YET = "validity.not-yet-valid"
SOON = "validity.expires-soon"
ROLES = ("server", "device_ca", "intermediate", "root")


def report(gateway: Gateway, *roles: str, at: datetime = NOW, **given: Any) -> edgecheck.Report:
    """A gateway's chain, or some of its certificates, with its root as trust."""
    chain = pem(*gateway.presented(*roles), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    return edgecheck.check(chain, trust=trust, at=at, **given)


def said(report: edgecheck.Report) -> list[tuple[str, str, str | None]]:
    """What was said of the moment of the check, of its own accord: rule, severity and role."""
    return [
        (finding.rule.id, finding.severity.value, finding.role.value if finding.role else None)
        for finding in report.findings
        if finding.rule.id in (EXPIRED, NOT_YET, SOON) and finding.caused_by is None
    ]


def lasting(left: timedelta, role: str = "device_ca", gateway: Gateway | None = None) -> Gateway:
    """A gateway with runtime 1.5, unless another is given, one certificate of which ends soon."""
    return (gateway or stock.stock_15("ec")).change(role, not_after=NOW + left)


def messages(report: edgecheck.Report) -> list[str]:
    """What is told about certificates that end soon, or have ended."""
    return [f.message for f in report.findings if f.rule.id in (EXPIRED, SOON)]


# --- to the second -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_a_certificate_is_valid_up_to_its_last_second(role: str) -> None:
    """RFC 5280: from notBefore through notAfter, inclusive."""
    end = datetime(2026, 11, 24, tzinfo=UTC)
    gateway = stock.stock_15("ec").change(role, not_after=end)
    named = role.replace("_", "-")
    assert (EXPIRED, "error", named) not in said(report(gateway, at=end))
    after = report(gateway, at=end + SECOND)
    assert (EXPIRED, "error", named) in said(after)
    assert after.valid is (role == "root")


@pytest.mark.parametrize("role", ROLES)
def test_a_certificate_is_valid_from_its_first_second(role: str) -> None:
    """One second before, it is not."""
    begin = datetime(2026, 11, 24, tzinfo=UTC)
    gateway = stock.stock_15("ec").change(role, not_before=begin)
    before = report(gateway, at=begin - SECOND)
    assert said(before) == [(NOT_YET, "error", role.replace("_", "-"))]
    assert before.valid is (role == "root")
    assert said(report(gateway, at=begin)) == []


def test_a_fraction_of_a_second_after_the_end_still_counts_as_the_end() -> None:
    """Certificates count whole seconds."""
    gateway = lasting(timedelta(0))
    assert (EXPIRED, "error", "device-ca") not in said(report(gateway, at=NOW + SECOND / 2))


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (SECOND, "less than two days ago"),
        (2 * DAY - SECOND, "less than two days ago"),
        (2 * DAY, "2 days ago"),
        (400 * DAY, "400 days ago"),
    ],
)
def test_how_long_ago_it_was_is_told_in_days(ago: timedelta, told: str) -> None:
    """Whole days, as far as they tell something."""
    gateway = stock.stock_15("ec").change("server", not_after=NOW - ago, not_before=NOW - 500 * DAY)
    assert f", {told}" in messages(report(gateway))[0]


def test_a_certificate_that_ends_before_it_begins_is_both() -> None:
    """At no moment is it valid; in between it is neither valid yet nor any more.

    Both follow from what `encoding.validity-inverted` says.
    """
    gateway = stock.stock_15("ec").change("server", not_before=NOW + DAY, not_after=NOW - DAY)
    found = report(gateway)
    assert said(found) == []
    folded = [f.rule.id for f in found.findings if f.caused_by]
    assert folded == [EXPIRED, NOT_YET]


def test_a_time_that_cannot_be_read_is_not_judged() -> None:
    """UTCTime without seconds: some clients read it, the standard does not allow it."""
    gateway = stock.stock_15("ec").change("device_ca", not_after=raw_time(b"\x17\x0b3001010000Z"))
    found = report(gateway)
    assert said(found) == []
    assert found.valid is None


# --- what ends with its issuer -------------------------------------------------------------------


def _folded(report: edgecheck.Report) -> dict[str | None, str | None]:
    """Role -> role of the certificate whose finding explains it; None where nothing does."""
    by_id = {finding.id: finding for finding in report.findings}
    return {
        finding.role: by_id[finding.caused_by].role if finding.caused_by else None
        for finding in report.findings
        if finding.rule.family == "validity"
    }


@pytest.mark.parametrize("left", [-DAY, 5 * DAY])
def test_what_the_runtime_clipped_follows_from_the_first_that_ends(left: timedelta) -> None:
    """Server certificate and workload CA both follow from the device CA, not from each other."""
    found = _folded(report(lasting(left, gateway=stock.stock_11("ec"))))
    assert found == {"device-ca": None, "workload-ca": "device-ca", "server": "device-ca"}


def test_ending_a_second_earlier_is_an_end_of_its_own() -> None:
    """Only the very same second shows that the runtime clipped it."""
    gateway = lasting(-DAY).change("server", not_after=NOW - DAY - SECOND)
    assert _folded(report(gateway)) == {"server": None, "device-ca": None}


def test_cas_of_an_operator_do_not_follow_from_each_other() -> None:
    """Somebody made them end together, and has to renew both."""
    gateway = lasting(-DAY, "intermediate", lasting(-DAY))
    assert _folded(report(gateway)) == {
        "intermediate": None,
        "device-ca": None,
        "server": "device-ca",
    }


# --- thresholds ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["device_ca", "intermediate", "root"])
@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (301 * SECOND, "warning"),
        (7 * DAY, "warning"),
        (7 * DAY + SECOND, "info"),
        (90 * DAY, "info"),
        (90 * DAY + SECOND, None),
    ],
)
def test_from_1_2_on_somebody_has_to_act_in_the_last_seven_days(
    role: str, left: timedelta, severity: str | None
) -> None:
    """The threshold of `aziotctl check`; in the last 90 days it is worth knowing."""
    expected = [(SOON, severity, role.replace("_", "-"))] if severity else []
    assert said(report(lasting(left, role))) == expected


@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (7 * DAY, "warning"),
        (7 * DAY + SECOND, "warning"),
        (90 * DAY, "warning"),
        (90 * DAY + SECOND, None),
    ],
)
def test_with_1_1_the_device_ca_is_to_be_renewed_in_its_last_90_days(
    left: timedelta, severity: str | None
) -> None:
    """The threshold of `iotedge check`."""
    found = report(lasting(left, gateway=stock.stock_11("ec")), device=Device(runtime="1.1"))
    assert said(found) == ([(SOON, severity, "device-ca")] if severity else [])


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [
        ("1.0.8", "info"),
        ("1.1.7", "info"),
        ("1.1.8", "warning"),
        ("1.1.19", "warning"),
        ("1.2.0", "info"),
        ("1.5", "info"),
        (None, "info"),
    ],
)
def test_only_some_runtimes_look_at_the_device_ca_90_days_ahead(
    runtime: str | None, severity: str
) -> None:
    """1.1.8 is the first that opens a configured device CA; unknown is one level lower."""
    gateway = lasting(60 * DAY)
    roles = ("device_ca", "intermediate", "root")
    found = report(gateway, *roles, device=Device(runtime=runtime))
    assert said(found) == [(SOON, severity, "device-ca")]
    warns = "the check of IoT Edge 1.1.8 to 1.1.19 warns of it"
    assert (warns in messages(found)[0]) is (runtime in ("1.1.8", "1.1.19", None))


def test_the_1_1_check_looks_at_nothing_but_the_device_ca() -> None:
    """Sixty days before an intermediate or a root ends, no check warns."""
    gateway = lasting(60 * DAY, "root", lasting(60 * DAY, "intermediate", stock.stock_11("ec")))
    found = report(gateway, device=Device(runtime="1.1"))
    assert said(found) == [(SOON, "info", "intermediate"), (SOON, "info", "root")]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (7 * DAY, [(SOON, "info", "server")]),
        (7 * DAY + SECOND, []),
        (DAY, [(SOON, "info", "server")]),
    ],
)
def test_what_the_runtime_renews_is_a_note_in_its_last_seven_days(
    left: timedelta, expected: list[tuple[str, str, str]]
) -> None:
    """Every server certificate of 1.2 and later gets there once a month."""
    assert said(report(lasting(left, "server"))) == expected


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (timedelta(0), "in less than a day"),
        (DAY - SECOND, "in less than a day"),
        (DAY, "in 1 day"),
        (2 * DAY - SECOND, "in 1 day"),
        (7 * DAY, "in 7 days"),
    ],
)
def test_what_is_left_is_told_in_whole_days(left: timedelta, told: str) -> None:
    """Rounded down: who reads "in 1 day" has one."""
    assert messages(report(lasting(left, "root"))) == [
        f'the root CA "Contoso Root CA" expires at {NOW + left:%Y-%m-%d %H:%M:%SZ}, {told}'
    ]


@pytest.mark.parametrize(("left", "wanted"), [(7, "more than 7 days"), (8, "more than 90 days")])
def test_what_is_wanted_is_the_threshold_that_was_missed(left: int, wanted: str) -> None:
    """Evidence for programs: what would have been right."""
    found = report(lasting(left * DAY, "root"))
    (finding,) = (f for f in found.findings if f.rule.id == SOON)
    assert finding.evidence["wanted"] == wanted
    assert finding.evidence["days_left"] == left


def test_the_last_moment_of_the_calendar_can_be_told() -> None:
    """99991231235959Z stands for "no end" (RFC 5280, 4.1.2.5)."""
    never = generalized_time(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    gateway = stock.stock_15("ec").change("device_ca", not_after=never)
    assert said(report(gateway)) == []
