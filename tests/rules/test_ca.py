"""CA certificates: what counts as one, how path lengths are counted, and which runtime minds."""

from __future__ import annotations

from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import Spec, basic_constraints, key_usage, pem, raw_extension
from fixtures.stock import HOSTNAME, NOW

DEVICE_CA_FILE = ("device_ca", "intermediate", "root")
NOT_A_CA = "ca.not-a-ca"
NO_CERT_SIGN = "ca.no-cert-sign"
EXCEEDED = "ca.path-length-exceeded"
WORKLOAD = "ca.path-length-for-workload-ca"


def report(gateway: Gateway, *roles: str, **given: Any) -> edgecheck.Report:
    """A gateway's chain, or some of its certificates, with its root as trust."""
    chain = pem(*gateway.presented(*roles), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    return edgecheck.check(chain, trust=trust, at=NOW, **given)


def said(report: edgecheck.Report) -> list[tuple[str, str, str | None]]:
    """What the rules about CA certificates said: rule, severity and role."""
    return [
        (finding.rule.id, finding.severity.value, finding.role.value if finding.role else None)
        for finding in report.findings
        if finding.rule.family == "ca"
    ]


def limited(gateway: Gateway, **lengths: int) -> Gateway:
    """The gateway with these path lengths, by role."""
    for role, length in lengths.items():
        gateway = gateway.with_extension(role, basic_constraints(True, path_length=length))
    return gateway


# --- what a CA certificate is --------------------------------------------------------------------


def test_a_root_of_version_1_is_taken_as_it_is() -> None:
    """No client that deployments run asks a root for extensions that it cannot have."""
    found = report(stock.stock_15().change("root", version=1, extensions=()))
    assert said(found) == []
    assert found.valid is True


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("roles", [("device_ca",), DEVICE_CA_FILE])
def test_a_device_ca_of_an_old_version_is_no_ca_before_it_issued_anything(
    version: int, roles: tuple[str, ...]
) -> None:
    """`openssl x509 -req` without an extension file makes such a one; only a root may be one."""
    gateway = stock.stock_15().change("device_ca", version=version, extensions=())
    gateway = gateway.without("intermediate")
    file = pem(*gateway.presented(*(role for role in roles if role in gateway)), comments=False)
    device = Device(runtime="1.5", device_ca_file=file, trust_bundle=pem(*gateway.trust()))
    found = edgecheck.audit(device, at=NOW)
    assert said(found) == [(NOT_A_CA, "error", "device-ca")]
    assert not found.ok


def test_a_root_of_version_1_is_taken_as_it_is_where_it_is_the_device_ca() -> None:
    """As clients take it, who ask it for nothing that it cannot have."""
    gateway = stock.stock_15().change("root", version=1, extensions=())
    device = Device(runtime="1.5", device_ca_file=pem(*gateway.trust()))
    assert said(edgecheck.audit(device, at=NOW)) == []


def test_of_what_is_no_ca_in_any_respect_it_is_said_once() -> None:
    """The certificate of a server in the device CA's place: its key usage follows."""
    gateway = stock.stock_15().with_extension("device_ca", basic_constraints(False))
    gateway = gateway.with_extension("device_ca", key_usage("digitalSignature", "keyEncipherment"))
    found = report(gateway)
    by_rule = {finding.rule.id: finding for finding in found.findings}
    assert by_rule[NOT_A_CA].caused_by is None
    assert by_rule[NO_CERT_SIGN].caused_by == by_rule[NOT_A_CA].id


@pytest.mark.parametrize("usages", [(), ("cRLSign",), ("digitalSignature", "nonRepudiation")])
def test_a_key_usage_that_is_there_must_have_the_bit(usages: tuple[str, ...]) -> None:
    """Even one without any bit, which says that the key may be used for nothing."""
    found = report(stock.stock_15().with_extension("device_ca", key_usage(*usages)))
    assert said(found) == [(NO_CERT_SIGN, "error", "device-ca")]
    shown = ", ".join(usages) or "none"
    assert found.findings[0].message.endswith(f"its key usage is {shown}")


def test_without_a_key_usage_nothing_is_forbidden() -> None:
    """An extension that is absent restricts nothing."""
    assert said(report(stock.stock_15().without_extension("device_ca", "keyUsage"))) == []


def test_basic_constraints_need_not_be_critical_for_clients() -> None:
    """Only strict modes refuse CA:TRUE in an extension that is not critical."""
    loose = basic_constraints(True, critical=False)
    assert said(report(stock.stock_15().with_extension("device_ca", loose))) == []


def test_every_certificate_above_the_server_is_judged() -> None:
    """Three that are no CA give three findings, lowest first; the root alone is only trusted."""
    gateway = stock.stock_15()
    for role in DEVICE_CA_FILE:
        gateway = gateway.without_extension(role, "basicConstraints")
    found = report(gateway)
    roles = ["device-ca", "intermediate", "root"]
    assert said(found) == [(NOT_A_CA, "error", role) for role in roles]
    assert found.valid is False


def test_what_cannot_be_read_is_not_called_absent() -> None:
    """Whether a damaged basicConstraints says CA:TRUE is undecided; if critical, all refuse it."""
    for critical, valid in ((False, None), (True, False)):
        damaged = raw_extension("basicConstraints", b"\x04\x00", critical)
        found = report(stock.stock_15().with_extension("device_ca", damaged))
        assert said(found) == []
        assert found.valid is valid


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (basic_constraints(False), NOT_A_CA),
        (key_usage("digitalSignature"), NO_CERT_SIGN),
        (basic_constraints(True), None),
    ],
)
def test_a_device_ca_file_is_judged_as_an_issuer(extension: Any, expected: str | None) -> None:
    """It is valid as it stands, but will have to issue a server certificate."""
    gateway = stock.stock_15().with_extension("device_ca", extension)
    found = report(gateway, *DEVICE_CA_FILE)
    assert said(found) == ([(expected, "error", "device-ca")] if expected else [])
    assert found.valid is True


# --- path lengths --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ({"device_ca": 1, "intermediate": 2, "root": 3}, []),
        ({"device_ca": 0, "intermediate": 2, "root": 3}, ["device-ca"]),
        ({"device_ca": 1, "intermediate": 1, "root": 3}, ["intermediate"]),
        ({"device_ca": 1, "intermediate": 2, "root": 2}, ["root"]),
        ({"device_ca": 0, "intermediate": 1, "root": 2}, ["device-ca", "intermediate", "root"]),
    ],
)
def test_each_path_length_is_counted_by_itself(
    lengths: dict[str, int], expected: list[str]
) -> None:
    """Runtime 1.1: below the device CA there is one CA, below the intermediate two, and so on."""
    found = report(limited(stock.stock_11("ec"), **lengths))
    assert said(found) == [(EXCEEDED, "error", role) for role in expected]


@pytest.mark.parametrize(("length", "expected"), [(0, [EXCEEDED]), (1, [])])
def test_a_ca_that_names_itself_as_its_issuer_does_not_count(
    length: int, expected: list[str]
) -> None:
    """A CA that certified its own new key stands twice on the path (RFC 5280, 4.2.1.9)."""
    healthy = stock.stock_15("ec")
    rollover = healthy["intermediate"].with_(key="p256-6")
    gateway = limited(healthy, intermediate=length).insert(
        "rollover", rollover, below="intermediate"
    )
    found = report(gateway)
    assert [rule for rule, _, _ in said(found)] == expected
    for finding in found.findings:
        if finding.rule.id == EXCEEDED:
            assert "allows 0 CA certificates below it, and there is 1: the device CA" in (
                finding.message
            )


def test_the_cas_that_are_too_many_are_named_from_the_top_down() -> None:
    """The message tells which certificates were counted."""
    found = report(limited(stock.stock_11("ec"), intermediate=0))
    (finding,) = (f for f in found.findings if f.rule.id == EXCEEDED)
    assert finding.message.endswith(
        "allows 0 CA certificates below it, and there are 2: "
        'the device CA "iotedgegw device CA", the workload CA "iotedged workload ca"'
    )
    assert finding.evidence["wanted"] == "path length 2 or more, or none"


# --- room for a workload CA ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [
        ("1.0.0", "error"),
        ("1.0.10.4", "error"),
        ("1.1", "error"),
        ("1.1.19", "error"),
        ("1.2.0", None),
        ("1.6", None),
        (None, "warning"),
    ],
)
def test_only_a_runtime_that_makes_a_workload_ca_needs_room(
    runtime: str | None, severity: str | None
) -> None:
    """1.1.19 is the last one; where the runtime is not known, it is one level lower."""
    gateway = limited(stock.stock_15(), device_ca=0)
    found = report(gateway, *DEVICE_CA_FILE, device=Device(runtime=runtime))
    assert said(found) == ([(WORKLOAD, severity, "device-ca")] if severity else [])


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ({"device_ca": 1, "intermediate": 2, "root": 3}, []),
        ({"device_ca": 0, "intermediate": 2, "root": 3}, ["device-ca"]),
        ({"device_ca": 1, "intermediate": 1, "root": 3}, ["intermediate"]),
        ({"device_ca": 1, "intermediate": 2, "root": 2}, ["root"]),
        ({"device_ca": 0, "intermediate": 1, "root": 2}, ["device-ca", "intermediate", "root"]),
    ],
)
def test_room_is_wanted_at_every_level(lengths: dict[str, int], expected: list[str]) -> None:
    """The workload CA counts for every CA above it."""
    gateway = limited(stock.stock_15(), **lengths)
    found = report(gateway, *DEVICE_CA_FILE, device=Device(runtime="1.1"))
    assert said(found) == [(WORKLOAD, "error", role) for role in expected]


@pytest.mark.parametrize("length", [0, 1])
def test_a_length_that_is_too_short_by_more_is_found_once(length: int) -> None:
    """Whether it is exceeded already or will be: one finding for one certificate."""
    gateway = limited(stock.stock_15(), root=length)
    found = said(report(gateway, *DEVICE_CA_FILE, device=Device(runtime="1.1")))
    assert [(severity, role) for _, severity, role in found] == [("error", "root")]


def test_one_that_is_exceeded_already_does_not_hide_one_that_will_be() -> None:
    """The root is one CA short now; the device CA will be, once the gateway runs."""
    gateway = limited(stock.stock_15(), root=0, device_ca=0)
    found = said(report(gateway, *DEVICE_CA_FILE, device=Device(runtime="1.1")))
    assert [(severity, role) for _, severity, role in found] == [
        ("error", "device-ca"),
        ("error", "root"),
    ]
    assert (WORKLOAD, "error", "device-ca") in found


def test_without_a_device_ca_nobody_knows_what_will_be_below() -> None:
    """A root alone says nothing about how long the chain will be."""
    gateway = limited(stock.stock_15(), root=0)
    assert said(report(gateway, "root", device=Device(runtime="1.1"))) == []


def test_an_intermediate_that_allows_no_device_ca_is_found_in_its_file() -> None:
    """Nothing is exceeded while the device CA has issued nothing, and yet nothing can work."""
    gateway = limited(stock.stock_15(), intermediate=0)
    found = said(report(gateway, *DEVICE_CA_FILE, device=Device(runtime="1.1")))
    assert [(severity, role) for _, severity, role in found] == [("error", "intermediate")]


def _handmade(gateway: Gateway) -> Gateway:
    """A server certificate that tells nothing about the runtime."""
    server: Spec = gateway["server"]
    return gateway.put("server", server.with_(serial=0x5EED))


def test_a_chain_without_a_workload_ca_shows_that_it_needs_no_room() -> None:
    """As long as nobody says that the gateway runs 1.1, what is presented counts."""
    gateway = _handmade(limited(stock.stock_15(), device_ca=0))
    assert said(report(gateway, hostname=HOSTNAME)) == []
    found = report(gateway, hostname=HOSTNAME, device=Device(runtime="1.1"))
    assert said(found) == [(WORKLOAD, "error", "device-ca")]


def test_a_server_certificate_of_certd_tells_that_there_is_no_workload_ca() -> None:
    """Its shape is that of 1.2 and later."""
    assert said(report(limited(stock.stock_12(), device_ca=0), hostname=HOSTNAME)) == []
