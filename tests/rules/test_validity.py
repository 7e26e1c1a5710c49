"""When certificates begin and end: to the second, and by the thresholds of each runtime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import edgecheck
from edgecheck import Device, Validation
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
        (SECOND, "0 minutes ago"),
        (2 * DAY - SECOND, "47 hours ago"),
        (2 * DAY, "2 days ago"),
        (400 * DAY, "400 days ago"),
    ],
)
def test_how_long_ago_it_was_is_told(ago: timedelta, told: str) -> None:
    """In days, as far as they tell something."""
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


@pytest.mark.parametrize(
    ("role", "left", "severity"),
    [
        ("device_ca", 301 * SECOND, "warning"),
        ("device_ca", 30 * DAY, "warning"),
        ("device_ca", 30 * DAY + SECOND, "info"),
        ("device_ca", 90 * DAY, "info"),
        ("device_ca", 90 * DAY + SECOND, None),
        ("intermediate", 301 * SECOND, "warning"),
        ("intermediate", 90 * DAY, "warning"),
        ("intermediate", 90 * DAY + SECOND, None),
        ("root", 301 * SECOND, "warning"),
        ("root", 180 * DAY, "warning"),
        ("root", 180 * DAY + SECOND, None),
    ],
)
def test_how_long_before_the_end_depends_on_who_has_to_act(
    role: str, left: timedelta, severity: str | None
) -> None:
    """A root has to get to every device first, a device CA to one gateway."""
    expected = [(SOON, severity, role.replace("_", "-"))] if severity else []
    assert said(report(lasting(left, role))) == expected


@pytest.mark.parametrize(
    ("role", "life", "left", "severity"),
    [
        ("root", 30, 10, "warning"),
        ("root", 30, 11, "info"),
        ("intermediate", 90, 30, "warning"),
        ("intermediate", 90, 31, "info"),
        ("device_ca", 30, 10, "warning"),
        ("device_ca", 30, 11, "info"),
        ("device_ca", 12, 7, "warning"),
        ("device_ca", 12, 8, "info"),
    ],
)
def test_of_a_short_life_it_is_the_last_third(
    role: str, life: int, left: int, severity: str
) -> None:
    """What the convenience scripts make lives for 30 days; 7 days are warned of in any case."""
    gateway = lasting(left * DAY, role).change(role, not_before=NOW - (life - left) * DAY)
    named = role.replace("_", "-")
    assert said(report(gateway)) == [(SOON, severity, named)]


@pytest.mark.parametrize(
    ("edge_ca", "runtime", "severity"),
    [
        ({"method": "est"}, "1.5", "info"),
        ({"method": "est"}, "1.2", "warning"),
        ({"auto_generated_edge_ca_expiry_days": 90}, "1.3", "info"),
        ({"cert": "file:///ca.pem", "pk": "file:///ca.key"}, "1.5", "warning"),
        (None, "1.5", "warning"),
    ],
)
def test_a_device_ca_that_the_runtime_renews_has_time(
    edge_ca: Any, runtime: str, severity: str
) -> None:
    """From 1.3 on it does so at 80 % of its life, and not for files."""
    device = Device(runtime=runtime, edge_ca=edge_ca)
    found = report(lasting(20 * DAY), "device_ca", "intermediate", "root", device=device)
    assert said(found) == [(SOON, severity, "device-ca")]
    late = report(lasting(7 * DAY), "device_ca", "intermediate", "root", device=device)
    assert said(late) == [(SOON, "warning", "device-ca")]


def test_a_quick_start_is_known_by_its_name() -> None:
    """Where nobody told the settings: the runtime gives its own CA a name of its own."""
    for name, severity in (("aziot-edge CA gw", "info"), ("gw CA", "warning")):
        gateway = lasting(20 * DAY).change("device_ca", subject=name)
        found = said(report(gateway, device=Device(runtime="1.5")))
        assert (SOON, severity, "device-ca") in found


@pytest.mark.parametrize(
    ("life", "left", "expected"),
    [
        (365, 30, [(SOON, "warning", "server")]),
        (365, 31, [(SOON, "info", "server")]),
        (30, 10, []),
        (91, 8, []),
        (91, 7, [(SOON, "info", "server")]),
        (92, 30, [(SOON, "warning", "server")]),
    ],
)
def test_nobody_renews_a_server_certificate_of_somebodys_own(
    life: int, left: int, expected: list[tuple[str, str, str]]
) -> None:
    """Known by a life that no runtime gives; one of the runtime's shape is the runtime's."""
    gateway = lasting(left * DAY, "server").change("server", not_before=NOW - (life - left) * DAY)
    assert said(report(gateway.change("server", serial=0x51))) == expected
    assert [found for found in said(report(gateway)) if found[1] == "warning"] == []


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (400, [("root", "warning", 400), ("device-ca", "warning", 400)]),
        ({"root": 365}, [("root", "warning", 365)]),
        ({"device-ca": 365}, [("device-ca", "warning", 365)]),
        ({"device-ca": 364}, []),
        ({"device-ca": 364, "root": 364}, []),
        ((("root", 365),), [("root", "warning", 365)]),
        (0, []),
        ({}, []),
    ],
)
def test_the_thresholds_can_be_set(within: Any, expected: list[tuple[str, str, int]]) -> None:
    """For all roles or for some; the others keep theirs."""
    gateway = (
        lasting(365 * DAY, "root", lasting(365 * DAY))
        .change("intermediate", not_after=NOW + 500 * DAY)
        .change("server", not_after=NOW + 500 * DAY)
    )
    found = report(gateway, validation=Validation(expires_within=within))
    told = {(f.role, f.severity, f.evidence["wanted"]) for f in found.findings if f.rule.id == SOON}
    assert told == {(role, severity, f"more than {days} days") for role, severity, days in expected}


def test_an_end_that_is_asked_for_is_a_warning_whoever_renews() -> None:
    """Then somebody wants to know; 0 days keep quiet."""
    gateway = lasting(20 * DAY, "server")
    asked = report(gateway, validation=Validation(expires_within={"server": 20}))
    assert said(asked) == [(SOON, "warning", "server")]
    quiet = report(lasting(5 * DAY), validation=Validation(expires_within=0))
    assert said(quiet) == []


@pytest.mark.parametrize(
    ("within", "error", "told"),
    [
        (-1, ValueError, "0 days or more"),
        ({"root": -1}, ValueError, "0 days or more"),
        ({"root": "9"}, TypeError, "days by role"),
        ("9", TypeError, "days by role"),
        (1.5, TypeError, "days, or days by role"),
        (True, TypeError, "days, or days by role"),
        ({"roots": 9}, ValueError, "'roots' is no role"),
    ],
)
def test_what_is_no_number_of_days_is_refused(
    within: Any, error: type[Exception], told: str
) -> None:
    """As a mistake of the call."""
    with pytest.raises(error, match=told):
        report(stock.stock_15("ec"), validation=Validation(expires_within=within))


def test_thresholds_are_a_value() -> None:
    """Given as a mapping they can still be hashed and compared."""
    one, other = Validation(expires_within={"root": 9}), Validation(expires_within=(("root", 9),))
    assert one == other
    assert hash(one) == hash(other)
    assert report(stock.stock_15("ec"), validation=one).to_dict()["expected"]["validation"][
        "expires_within"
    ] == {"root": 9}


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
    """Sixty days before an intermediate or a root ends, no check of the runtime warns."""
    gateway = lasting(60 * DAY, "root", lasting(60 * DAY, "intermediate", stock.stock_11("ec")))
    found = report(gateway, device=Device(runtime="1.1"))
    assert said(found) == [(SOON, "warning", "intermediate"), (SOON, "warning", "root")]
    assert not [text for text in messages(found) if "the check of IoT Edge" in text]


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
        (timedelta(0), "in 0 minutes"),
        (DAY - SECOND, "in 23 hours"),
        (DAY, "in 24 hours"),
        (2 * DAY - SECOND, "in 47 hours"),
        (7 * DAY, "in 7 days"),
    ],
)
def test_what_is_left_is_told(left: timedelta, told: str) -> None:
    """In hours at the end: who reads "in 23 hours" has as many."""
    assert messages(report(lasting(left, "root"))) == [
        f'the root CA "Contoso Root CA" expires at {NOW + left:%Y-%m-%d %H:%M:%SZ}, {told}'
    ]


@pytest.mark.parametrize(("left", "wanted"), [(30, "more than 30 days"), (31, "more than 90 days")])
def test_what_is_wanted_is_the_threshold_that_was_missed(left: int, wanted: str) -> None:
    """Evidence for programs: what would have been right."""
    found = report(lasting(left * DAY, "device_ca"))
    finding = next(f for f in found.findings if f.rule.id == SOON)
    assert finding.evidence["wanted"] == wanted
    assert finding.evidence["days_left"] == left


def test_the_last_moment_of_the_calendar_can_be_told() -> None:
    """99991231235959Z stands for "no end" (RFC 5280, 4.1.2.5)."""
    never = generalized_time(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    gateway = stock.stock_15("ec").change("device_ca", not_after=never)
    assert said(report(gateway)) == []
