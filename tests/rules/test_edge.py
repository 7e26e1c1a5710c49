"""What the certificates tell about the runtime: its own CAs, the scripts', and its topology."""

from __future__ import annotations

from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import demo, stock
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import NOW

QUICK = "edge.quickstart-certificates"
DEMO = "edge.demo-certificates"
NO_WORKLOAD_CA = "edge.workload-ca-missing"
WORKLOAD_CA = "edge.workload-ca-unexpected"
DIRECTLY = "edge.no-operator-separation"

OTHER_TRUST = stock.stock_15("ec").trust()


def report(gateway: Gateway, *roles: str, trust: Any = None, **device: Any) -> edgecheck.Report:
    """A gateway's chain, or some of its certificates, with its root or another as trust."""
    chain = pem(*gateway.presented(*roles), comments=False)
    trusted = pem(*(gateway.trust() if trust is None else trust), comments=False)
    return edgecheck.check(chain, trust=trusted, at=NOW, device=Device(**device))


def said(report: edgecheck.Report) -> list[tuple[str, str, str | None]]:
    """What this family said of its own accord, but for the note: rule, severity and role."""
    return [
        (finding.rule.id, finding.severity.value, finding.role.value if finding.role else None)
        for finding in report.findings
        if finding.rule.family == "edge"
        and finding.caused_by is None
        and finding.rule.id != DIRECTLY
    ]


def test_what_iotedgehubdev_made_is_known_by_its_root() -> None:
    """Its names are the same wherever it ran; those of its device CA alone are not peculiar."""
    root = [("C", "US"), ("O", "Default Edge Organization"), ("CN", "Edge Test Device CA")]
    gateway = stock.stock_15().change("root", subject=root)
    assert said(report(gateway)) == [(DEMO, "warning", "root")]
    named = stock.stock_15().change("device_ca", subject=[("CN", "Edge Device CA")])
    assert said(report(named)) == []


# --- the runtime's own CA ------------------------------------------------------------------------

QUICKSTARTS = {
    "1.1": demo.quickstart_11(),
    "1.2 by the daemon": demo.quickstart_12("daemon"),
    "1.2 by apply": demo.quickstart_12("apply"),
    "1.3": demo.quickstart_13_to_16("1.3"),
    "1.4": demo.quickstart_13_to_16("1.4"),
    "1.5": demo.quickstart_13_to_16("1.5"),
    "1.6": demo.quickstart_13_to_16("1.6"),
}
each_quickstart = pytest.mark.parametrize("gateway", QUICKSTARTS.values(), ids=QUICKSTARTS)


@each_quickstart
def test_a_quick_start_of_every_runtime_is_known(gateway: Gateway) -> None:
    """By the name of the CA and its place."""
    assert said(report(gateway)) == [(QUICK, "warning", "device-ca")]


@each_quickstart
def test_it_is_known_by_the_name_of_an_issuer_that_is_not_there(gateway: Gateway) -> None:
    """What edgeHub presents may end below it; 1.1 then still presents its device CA.

    That the way to another root ends there follows from it.
    """
    below = [role for role in gateway if role != "root"]
    if "root" not in gateway:
        below.remove("device_ca")
    expected = "device-ca" if "root" in gateway else "server"
    found = report(gateway, *below, trust=OTHER_TRUST)
    assert said(found) == [(QUICK, "error", expected)]
    (quick,) = (f for f in found.findings if f.rule.id == QUICK)
    missing = [f for f in found.findings if f.rule.id == "chain.missing-issuer"]
    assert [f.caused_by for f in missing] == [quick.id]
    assert found.fix_first[0] is quick


@each_quickstart
def test_its_ca_is_known_without_a_server_certificate(gateway: Gateway) -> None:
    """It is the file of the CA that was given."""
    assert [entry[0] for entry in said(report(gateway, "device_ca"))] == [QUICK]


@pytest.mark.parametrize("name", ["iotedged workload ca", "aziot-edge CA iotedgegw"])
def test_a_ca_of_such_a_name_that_somebody_else_issued_is_no_quick_start(name: str) -> None:
    """An EST server that was asked for no other name."""
    gateway = stock.stock_15("ec").change("device_ca", subject=name)
    assert said(report(gateway)) == []


def test_a_workload_ca_that_is_not_there_is_no_quick_start() -> None:
    """It has the name of a CA that 1.2 makes for itself, but 1.1 made the server certificate."""
    assert said(report(stock.stock_11("ec"), "server")) == []


# --- the convenience scripts ---------------------------------------------------------------------


@pytest.mark.parametrize("separator", ["_", " "])
@pytest.mark.parametrize("runtime", ["1.1", "1.4"])
def test_old_and_new_names_of_the_scripts_are_known(runtime: Any, separator: str) -> None:
    gateway = demo.demo_scripts(runtime, separator=separator)
    assert said(report(gateway)) == [(DEMO, "warning", "root")]


@pytest.mark.parametrize(
    ("roles", "trust", "expected", "verb"),
    [
        (("server", "device_ca", "intermediate"), OTHER_TRUST, "intermediate", "comes from"),
        (("device_ca", "intermediate", "root"), None, "root", "come from"),
        (("root",), None, "root", "comes from"),
    ],
)
def test_one_name_of_the_scripts_is_enough(
    roles: tuple[str, ...], trust: Any, expected: str, verb: str
) -> None:
    found = report(demo.demo_scripts("1.4"), *roles, trust=trust)
    assert said(found) == [(DEMO, "warning", expected)]
    assert verb in next(f.message for f in found.findings if f.rule.id == DEMO)


@pytest.mark.parametrize(
    "name",
    [
        "Contoso.ca",
        "Azure IoT Hub CA Cert Test Only 2",
        "Not Azure IoT Hub CA Cert Test Only",
        "Azure_IoT_Hub_Cert_Test_Only",
    ],
)
def test_other_names_are_not_the_scripts(name: str) -> None:
    assert said(report(stock.stock_15("ec").change("root", subject=name))) == []


# --- the workload CA -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runtime", "without", "with_one"),
    [
        ("1.0.0", [NO_WORKLOAD_CA], []),
        ("1.0.10.4", [NO_WORKLOAD_CA], []),
        ("1.1.19", [NO_WORKLOAD_CA], []),
        ("1.2.0", [], [WORKLOAD_CA]),
        ("1.6", [], [WORKLOAD_CA]),
        (None, [], []),
    ],
)
def test_a_workload_ca_belongs_to_runtimes_up_to_1_1(
    runtime: str | None, without: list[str], with_one: list[str]
) -> None:
    """A stated runtime is held against the chain; what is inferred always agrees with it."""
    for gateway, expected in ((stock.stock_14("ec"), without), (stock.stock_11("ec"), with_one)):
        found = report(gateway, runtime=runtime)
        assert [entry[0] for entry in said(found)] == expected


def test_without_a_runtime_the_workload_ca_is_undecided() -> None:
    """No server certificate, so nothing to infer it from."""
    found = report(stock.stock_14("ec"), "device_ca", "intermediate")
    assert {NO_WORKLOAD_CA, WORKLOAD_CA} <= {entry.rule for entry in found.undecided}


def test_a_server_certificate_whose_issuer_is_missing_says_nothing_of_a_workload_ca() -> None:
    """It may be there, only not presented."""
    found = report(stock.stock_11("ec"), "server", runtime="1.1")
    assert said(found) == []


@pytest.mark.parametrize(
    ("gateway", "is_told"),
    [
        (stock.stock_11("ec"), False),
        (stock.stock_12("ec"), True),
        (stock.stock_16("ec"), True),
        (demo.quickstart_13_to_16("1.5"), True),
    ],
    ids=["1.1", "1.2", "1.6", "quick start"],
)
def test_whoever_gives_the_device_away_is_told_what_to_wipe(
    gateway: Gateway, is_told: bool
) -> None:
    """Where no workload CA stands between device CA and server certificate."""
    found = [finding for finding in report(gateway).findings if finding.rule.id == DIRECTLY]
    assert [finding.severity for finding in found] == ["info"] * is_told


# --- what somebody configured --------------------------------------------------------------------


def found(rule: str, gateway: Gateway, **device: Any) -> list[str]:
    """The severities of what one rule finds."""
    return [
        finding.severity.value
        for finding in report(gateway, **device).findings
        if finding.rule.id == rule
    ]


@pytest.mark.parametrize(
    ("runtime", "edge_ca", "expected"),
    [
        ("1.2.10", {}, ["error"]),
        ("1.3", {}, []),
        ("1.2.10", {"cert": "file:///a.pem"}, []),
        ("1.2.10", {"method": "est"}, []),
    ],
)
def test_a_quickstart_ca_has_a_name_of_at_most_64_octets(
    runtime: str, edge_ca: dict[str, str], expected: list[str]
) -> None:
    """Where the runtime makes one, and does not cut its name off."""
    given = {"edge_ca": edge_ca, "device_id": "d" * 44, "hostname": "h" * 43}
    gateway = stock.stock_11()
    assert found("edge.quickstart-name-too-long", gateway, runtime=runtime, **given) == expected


def test_a_name_that_fits_is_not_cut_off() -> None:
    """Only a name of exactly 64 octets that another one begins with."""
    gateway = stock.stock_15().change("device_ca", subject="x" * 64)
    rule = "edge.common-name-cut"
    assert found(rule, gateway, edge_ca={"common_name": "x" * 65}) == ["info"]
    assert found(rule, gateway, edge_ca={"common_name": "x" * 64}) == []
    assert found(rule, gateway, edge_ca={}, device_id="x") == []


def test_the_runtimes_own_root_is_no_root_of_the_company() -> None:
    """A quickstart CA in the device CA file was made by the runtime."""
    quickstart = demo.quickstart_12("daemon")
    file = pem(*quickstart.presented("device_ca"), comments=False)
    assert found("edge.root-as-device-ca", quickstart, device_ca_file=file) == []


def test_an_intermediate_may_issue_what_the_runtime_does_not() -> None:
    """Only the runtime issues from a device CA."""
    gateway = stock.stock_15().without("device_ca")
    rule = "edge.intermediate-as-device-ca"
    assert found(rule, gateway) == ["warning"]
    assert found(rule, gateway.change("server", serial=7)) == []
