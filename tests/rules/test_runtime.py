"""The limits of libiothsm: to the second, and for each runtime, processor and file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import edits, stock
from fixtures.gateway import Gateway
from fixtures.pki import Issued, generalized_time, issue, pem
from fixtures.stock import NOW

SECOND = timedelta(seconds=1)
IN_2038 = "runtime.expires-after-2038"
IN_2050 = "runtime.expires-after-2050"
DOCUMENTED = datetime(2038, 1, 1, tzinfo=UTC)
LAST_OF_32_BITS = datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)
IN_2040 = datetime(2040, 1, 1, tzinfo=UTC)
GENERALIZED = datetime(2050, 1, 1, tzinfo=UTC)

GATEWAY = stock.stock_11("ec")


def report(gateway: Gateway, *roles: str, **device: Any) -> edgecheck.Report:
    """A gateway's device CA file, or other certificates of it, with its root as trust."""
    for field in ("trust_bundle", "device_ca_file", "identity_certificate"):
        if field in device:
            device[field] = pem(*device[field], comments=False)
    chain = pem(*gateway.presented(*roles or ("device_ca", "intermediate")), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    return edgecheck.check(chain, trust=trust, at=NOW, device=Device(**device))


def said(report: edgecheck.Report) -> list[tuple[str, str, str | None]]:
    """What this family said of its own accord: rule, severity and role."""
    return [
        (finding.rule.id, finding.severity.value, finding.role.value if finding.role else None)
        for finding in report.findings
        if finding.rule.family == "runtime" and finding.caused_by is None
    ]


def ending(when: Any, role: str = "device_ca", gateway: Gateway = GATEWAY) -> Gateway:
    return gateway.change(role, not_after=when)


# --- to the second -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "expected", "overflows"),
    [
        (DOCUMENTED - SECOND, None, None),
        (DOCUMENTED, (IN_2038, "warning"), False),
        (LAST_OF_32_BITS, (IN_2038, "warning"), False),
        (LAST_OF_32_BITS + SECOND, (IN_2038, "error"), True),
        (GENERALIZED - SECOND, (IN_2038, "error"), True),
        (GENERALIZED, (IN_2050, "error"), None),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), (IN_2050, "error"), None),
    ],
)
def test_a_device_ca_on_a_processor_with_32_bits(
    end: datetime, expected: tuple[str, str] | None, overflows: bool | None
) -> None:
    """The date of the documentation, the last second of 32 bits, and the first year of 2050."""
    found = report(ending(end), runtime="1.1", time_t_bits=32)
    assert said(found) == ([(*expected, "device-ca")] if expected else [])
    if overflows is not None:
        assert found.findings[0].evidence["overflows_time_t"] is overflows


def test_the_form_of_the_time_decides_not_the_year() -> None:
    """GeneralizedTime before 2050, which RFC 5280 forbids, is not read either."""
    found = report(ending(generalized_time(datetime(2030, 1, 1, tzinfo=UTC))), runtime="1.1")
    assert (IN_2050, "error", "device-ca") in said(found)


# --- each version of the runtime -----------------------------------------------------------------

NOTHING = None


@pytest.mark.parametrize(
    ("runtime", "on_32_bits", "on_64_bits", "unknown"),
    [
        ("1.0.0", "error", "error", "error"),
        ("1.0.8", "error", "error", "error"),
        ("1.0.9", "error", "error", "error"),
        ("1.0.9.5", "error", "error", "error"),
        ("1.0.10", "error", "warning", "warning"),
        ("1.0.10.4", "error", "warning", "warning"),
        ("1.0", "error", "warning", "warning"),
        ("1.1", "error", "warning", "warning"),
        ("1.1.19", "error", "warning", "warning"),
        ("1.2.0", NOTHING, NOTHING, NOTHING),
        ("1.2.10", NOTHING, NOTHING, NOTHING),
        ("1.5", NOTHING, NOTHING, NOTHING),
        (None, "warning", "info", "info"),
    ],
)
def test_a_device_ca_past_32_bits(
    runtime: str | None, on_32_bits: str | None, on_64_bits: str | None, unknown: str | None
) -> None:
    """Up to 1.0.9 all, up to 1.1.19 those with 32 bits, then none; one level lower if unknown."""
    for bits, severity in ((32, on_32_bits), (64, on_64_bits), (None, unknown)):
        found = report(ending(IN_2040), runtime=runtime, time_t_bits=bits)
        assert said(found) == ([(IN_2038, severity, "device-ca")] if severity else []), bits


@pytest.mark.parametrize(
    ("runtime", "on_32_bits", "on_64_bits"),
    [
        ("1.0.9.5", "warning", "warning"),
        ("1.0.10", "error", "warning"),
        ("1.1.19", "error", "warning"),
        ("1.2.0", NOTHING, NOTHING),
        (None, "info", "info"),
    ],
)
@pytest.mark.parametrize("file", ["trust_bundle", "identity_certificate"])
def test_a_first_certificate_of_bundle_or_identity_past_32_bits(
    runtime: str | None, on_32_bits: str | None, on_64_bits: str | None, file: str
) -> None:
    """Up to 1.0.9 their end is never compared; later a time_t of 32 bits stops the daemon."""
    gateway = ending(IN_2040, "root")
    for bits, severity in ((32, on_32_bits), (64, on_64_bits)):
        given = {file: gateway.trust()}
        found = report(gateway, runtime=runtime, time_t_bits=bits, **given)
        assert said(found) == ([(IN_2038, severity, "root")] if severity else []), bits


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [("1.0.0", "error"), ("1.1.19", "error"), ("1.2.0", NOTHING), (None, "warning")],
)
@pytest.mark.parametrize("bits", [32, 64, None])
def test_2050_is_refused_on_every_processor(
    runtime: str | None, severity: str | None, bits: int | None
) -> None:
    found = report(ending(GENERALIZED), runtime=runtime, time_t_bits=bits)
    assert said(found) == ([(IN_2050, severity, "device-ca")] if severity else [])


@pytest.mark.parametrize(
    ("gateway", "severity"),
    [(GATEWAY, "error"), (stock.stock_12("ec"), NOTHING), (stock.stock_15("ec"), NOTHING)],
    ids=["1.1", "1.2", "1.5"],
)
def test_the_runtime_is_inferred_from_the_server_certificate(
    gateway: Gateway, severity: str | None
) -> None:
    """What libiothsm made is of a runtime up to 1.1, and of which one, does not matter here."""
    found = report(ending(IN_2040, gateway=gateway), *gateway, time_t_bits=32)
    assert found.hierarchy.runtime is not None
    assert said(found) == ([(IN_2038, severity, "device-ca")] if severity else [])


def test_without_the_width_an_inferred_runtime_names_both_faults() -> None:
    """It may be 1.0.9, which fails on every processor, or a later one."""
    found = report(ending(IN_2040), *GATEWAY)
    assert said(found) == [(IN_2038, "warning", "device-ca")]
    message = next(f.message for f in found.findings if f.rule.id == IN_2038)
    assert "up to 1.0.9, and 1.0.10 to 1.1.19 where time_t has 32 bits" in message


# --- each place of a certificate -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("device_ca", [("error", "device-ca")]),
        ("intermediate", [("info", "intermediate")]),
        ("root", [("warning", "root")]),
        ("server", [("info", "server")]),
        ("workload_ca", [("info", "workload-ca")]),
    ],
)
@pytest.mark.parametrize("end", [IN_2040, GENERALIZED], ids=["2040", "2050"])
def test_a_certificate_counts_for_what_it_is(
    role: str, expected: list[tuple[str, str]], end: datetime
) -> None:
    """The device CA is parsed, a root belongs into the trust bundle, the others are notes."""
    rule = IN_2038 if end is IN_2040 else IN_2050
    found = report(ending(end, role), *GATEWAY, runtime="1.1", time_t_bits=32)
    assert said(found) == [(rule, *entry) for entry in expected]


@pytest.mark.parametrize(("place", "severity"), [(0, "error"), (1, "warning"), (None, "info")])
def test_the_place_in_the_bundle_decides(place: int | None, severity: str) -> None:
    """The first is parsed, others are forbidden by the documentation, what is not in it is not."""
    gateway = ending(IN_2040, "root")
    bundle = [other_root()]
    if place is not None:
        bundle.insert(place, gateway.issued("root"))
    found = report(gateway, runtime="1.1", time_t_bits=32, trust_bundle=bundle)
    assert said(found) == [(IN_2038, severity, "root")]


def test_a_bundle_has_certificates_of_its_own() -> None:
    """Those that are on no path are looked at too, and named by their file."""
    bundle = [other_root(IN_2040)]
    found = report(GATEWAY, runtime="1.1", time_t_bits=32, trust_bundle=bundle)
    assert said(found) == [(IN_2038, "error", "other")]
    (finding,) = (f for f in found.findings if f.rule.id == IN_2038)
    assert finding.message.startswith('the certificate "Fabrikam Root CA" in the trust bundle ends')


def test_the_configured_device_ca_counts_where_another_is_presented() -> None:
    """Its file is what the daemon parses at the next start: the first certificate of it."""
    configured = ending(IN_2040).presented("device_ca", "intermediate")
    found = report(GATEWAY, runtime="1.1", time_t_bits=32, device_ca_file=configured)
    assert said(found) == [(IN_2038, "error", "other")]
    (finding,) = (f for f in found.findings if f.rule.id == IN_2038)
    assert finding.message.startswith('the configured device CA "iotedgegw device CA" ends')
    second = (*GATEWAY.presented("device_ca"), *ending(IN_2040, "root").trust())
    found = report(GATEWAY, runtime="1.1", time_t_bits=32, device_ca_file=second)
    assert said(found) == []


def test_only_the_first_certificate_of_the_identity_is_looked_at() -> None:
    identity = issue(GATEWAY["server"].with_(subject="iotedgegw", not_after=NOW))
    files = (identity, other_root(IN_2040))
    found = report(GATEWAY, runtime="1.1", time_t_bits=32, identity_certificate=files)
    assert said(found) == []


def test_what_the_runtime_clips_to_its_issuer_follows_from_it() -> None:
    """The workload CA ends with the device CA; the server certificate has an end of its own."""
    for end, rule in ((IN_2040, IN_2038), (GENERALIZED, IN_2050)):
        found = report(ending(end), *GATEWAY, runtime="1.1")
        followers = [f for f in found.findings if f.rule.id == rule and f.caused_by is not None]
        assert [(f.role, f.severity) for f in followers] == [("workload-ca", "info")]


def other_root(end: datetime = datetime(2035, 1, 1, tzinfo=UTC)) -> Issued:
    other = GATEWAY.change("root", subject="Fabrikam Root CA", key="p256-8", not_after=end)
    return other.issued("root")


# --- the other end -------------------------------------------------------------------------------

BEGIN = "runtime.not-before-misread"


@pytest.mark.parametrize(
    ("begin", "fires"),
    [
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), True),
        (datetime(1950, 1, 1, tzinfo=UTC), True),
        (datetime(2000, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_year_of_the_last_century_is_read_as_one_of_this(begin: datetime, fires: bool) -> None:
    """To the second."""
    found = report(GATEWAY.change("device_ca", not_before=begin), runtime="1.1", time_t_bits=32)
    assert said(found) == ([(BEGIN, "error", "device-ca")] if fires else [])


@pytest.mark.parametrize(
    ("runtime", "on_32_bits", "on_64_bits", "unknown"),
    [
        ("1.0.9.5", "info", "info", "info"),
        ("1.0.10", "error", "info", "warning"),
        ("1.1", "error", "info", "warning"),
        ("1.2.0", NOTHING, NOTHING, NOTHING),
        (None, "info", "info", "info"),
    ],
)
def test_only_a_sum_in_32_bits_stops_the_daemon(
    runtime: str | None, on_32_bits: str | None, on_64_bits: str | None, unknown: str | None
) -> None:
    """Before 1.0.10 the result is wrong and not compared."""
    begin = datetime(1999, 1, 1, tzinfo=UTC)
    for bits, severity in ((32, on_32_bits), (64, on_64_bits), (None, unknown)):
        gateway = GATEWAY.change("device_ca", not_before=begin)
        found = report(gateway, runtime=runtime, time_t_bits=bits)
        assert said(found) == ([(BEGIN, severity, "device-ca")] if severity else []), bits


def test_a_begin_as_generalized_time_is_refused_on_every_processor() -> None:
    """But if the end is one too, that is said first."""
    begin = generalized_time(datetime(2026, 1, 1, tzinfo=UTC))
    gateway = GATEWAY.change("device_ca", not_before=begin)
    assert said(report(gateway, runtime="1.1", time_t_bits=64)) == [(BEGIN, "error", "device-ca")]
    both = report(ending(GENERALIZED, gateway=gateway), runtime="1.1")
    assert said(both) == [(IN_2050, "error", "device-ca")]


def test_nobody_parses_the_begin_of_other_certificates() -> None:
    """An intermediate's is worth a note."""
    gateway = GATEWAY.change("intermediate", not_before=datetime(1999, 1, 1, tzinfo=UTC))
    assert said(report(gateway, runtime="1.1", time_t_bits=32)) == [(BEGIN, "info", "intermediate")]


def test_a_begin_that_nobody_can_read_leaves_it_undecided() -> None:
    """Bytes that are no text, in the place of the year."""
    begin = edits.edited(edits.VALIDITY, 0, edit=edits.content(b"\x89\x89" + b"0101000000Z"))
    gateway = stock.stock_11("ec").change("root", damage_tbs=begin)
    report = edgecheck.check(
        pem(*gateway.presented()),
        at=stock.NOW,
        device=edgecheck.Device(runtime="1.1", trust_bundle=pem(*gateway.trust())),
    )
    assert BEGIN in {entry.rule for entry in report.undecided}
