"""Rules about a gateway's identity, its former device CA, and the names that its devices have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import demo, stock
from fixtures.gateway import Gateway
from fixtures.pki import (
    Spec,
    basic_constraints,
    extended_key_usage,
    issue,
    pem,
    subject_alt_name,
)
from fixtures.stock import HOSTNAME, NOW

GATEWAY = stock.stock_15("ec")
FILE = pem(*GATEWAY.presented("device_ca", "intermediate"))
FORMER = GATEWAY.change("device_ca", key="p256-6", not_before=datetime(2025, 1, 1, tzinfo=UTC))
ALONE = subject_alt_name(dns=[HOSTNAME])
OTHER = GATEWAY.change("device_ca", key="p256-6", subject="another device CA")
OWN_NAME = OTHER.with_extension("server", ALONE)


def rules(presented: bytes, runtime: str | None = "1.5", **told: Any) -> dict[str, str]:
    device = Device(runtime=runtime, **told)
    found = edgecheck.check(presented, trust=pem(*GATEWAY.trust()), at=NOW, device=device)
    return {f.rule.id: f.severity.value for f in found.findings if not f.caused_by}


def shown(gateway: Gateway, *roles: str) -> bytes:
    return pem(*gateway.presented(*roles))


@pytest.mark.parametrize(
    ("presented", "fires"),
    [
        (shown(GATEWAY), False),
        (shown(FORMER), True),
        (shown(OTHER), True),
        (shown(GATEWAY, "server"), False),
        (shown(FORMER, "server"), True),  # the same name: its signature tells
        (shown(OTHER, "server"), True),
        (shown(FORMER, "device_ca", "intermediate"), False),  # nothing was presented
        (shown(GATEWAY.change("server", serial=5)), False),
        (shown(OTHER.change("server", serial=5)), True),  # another form, but for edgeHub too
        (shown(OWN_NAME.change("server", serial=5)), False),  # somebody's own certificate
        (shown(OWN_NAME), True),  # as certd writes it
        (shown(FORMER.with_extension("server", ALONE).change("server", serial=5)), True),
    ],
)
def test_a_former_device_ca_is_told_where_the_runtime_made_the_server_certificate(
    presented: bytes, fires: bool
) -> None:
    assert ("edge.former-device-ca" in rules(presented, device_ca_file=FILE)) is fires


def test_what_is_wrong_with_a_former_device_ca_goes_with_it() -> None:
    """Clients that trust the new root alone refuse the old one: that is no second fault."""
    scripts = shown(demo.demo_scripts("1.5"), "server", "device_ca", "intermediate")
    assert rules(scripts, device_ca_file=FILE)["edge.former-device-ca"] == "error"
    assert "chain.missing-issuer" not in rules(scripts, device_ca_file=FILE)
    assert "edge.demo-certificates" not in rules(scripts, device_ca_file=FILE)
    ended = FORMER.change("device_ca", not_after=datetime(2026, 11, 1, tzinfo=UTC))
    found = rules(shown(ended), device_ca_file=FILE)
    assert found["edge.former-device-ca"] == "error" and "validity.expired" not in found


def test_what_a_restart_does_not_change_is_told_beside_a_former_device_ca() -> None:
    """The intermediate and the root are above the new device CA too; a name may be wrong again."""
    ended = FORMER.change("intermediate", not_after=datetime(2026, 11, 1, tzinfo=UTC))
    file = shown(ended.change("device_ca", key="p256-3"), "device_ca", "intermediate")
    found = rules(shown(ended), device_ca_file=file)
    assert found["validity.expired"] == "error"
    assert found["edge.former-device-ca"] == "warning"
    device = Device(runtime="1.5", device_ca_file=FILE)
    other = edgecheck.check(
        shown(FORMER), "gw2.local", trust=pem(*GATEWAY.trust()), at=NOW, device=device
    )
    assert "hostname.not-in-san" in {f.rule.id for f in other.findings if not f.caused_by}


def test_the_quick_start_is_told_as_such() -> None:
    """It is no former device CA, but what is there where none was applied."""
    quick = shown(demo.quickstart_13_to_16("1.5"), "server", "device_ca")
    alone = shown(demo.quickstart_13_to_16("1.5"), "server")
    for presented in (quick, alone):
        found = rules(
            presented, device_ca_file=FILE, edge_ca={"cert": "file:///a", "pk": "file:///b"}
        )
        assert "edge.former-device-ca" not in found
        assert found["edge.quickstart-certificates"] == "error"


def identity(name: str) -> bytes:
    begins, ends = (datetime(year, 6, 1, tzinfo=UTC) for year in (2026, 2027))
    profile = (basic_constraints(False), extended_key_usage("clientAuth"))
    spec = Spec(name, "p256-6", begins, ends, profile)
    return pem(issue(spec, GATEWAY.issued("intermediate")))


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({"device_id": "gw-7", "provisioning": {"source": "manual"}}, False),
        ({"device_id": "gw-8", "provisioning": {"source": "manual"}}, True),
        ({"device_id": "GW-7", "provisioning": {"source": "manual"}}, True),
        ({"provisioning": {"source": "manual"}}, False),
        ({"provisioning": {"source": "dps", "attestation": {"registration_id": "gw-7"}}}, False),
        ({"provisioning": {"source": "dps", "attestation": {"registration_id": "x"}}}, True),
        ({"device_id": "x", "provisioning": {"source": "dps", "attestation": {}}}, False),
    ],
)
def test_an_identity_is_called_as_the_cloud_calls_the_gateway(
    told: dict[str, Any], fires: bool
) -> None:
    """The device's id, or with DPS the registration id."""
    found = rules(shown(GATEWAY), identity_certificate=identity("gw-7"), **told)
    assert ("device.identity-name" in found) is fires


@pytest.mark.parametrize(
    ("name", "fires"),
    [
        (HOSTNAME, False),
        (HOSTNAME.upper(), False),
        (f"{HOSTNAME}.", False),
        ("iotedgegw", True),
        ("10.1.2.3", True),
        ("", False),
    ],
)
def test_devices_ask_for_the_configured_name(name: str, fires: bool) -> None:
    """Before anything is presented; then the certificate itself is looked at."""
    rule = "hostname.gateway-host-name-not-configured"
    told = {"hostname": HOSTNAME, "gateway_host_names": (name,)}
    assert (rule in rules(FILE, **told)) is fires
    assert rule not in rules(shown(GATEWAY), **told)


def test_two_spellings_of_an_address_are_one_name() -> None:
    told = {"hostname": "fe80::1", "gateway_host_names": ("FE80:0:0:0:0:0:0:1",)}
    assert "hostname.gateway-host-name-not-configured" not in rules(FILE, **told)


@pytest.mark.parametrize(
    ("runtime", "hostname", "fires"),
    [
        ("1.1", "10.1.2.3", True),
        ("1.0.9", "fe80::1", True),
        ("1.1", "gw.local", False),
        ("1.2", "10.1.2.3", False),
        (None, "10.1.2.3", False),
    ],
)
def test_an_address_as_host_name_before_1_2(
    runtime: str | None, hostname: str, fires: bool
) -> None:
    found = rules(FILE, runtime, hostname=hostname)
    assert ("hostname.address-before-1-2" in found) is fires


def test_a_connection_string_names_the_gateway() -> None:
    one = {"host_name": "h", "device_id": "d", "gateway_host_name": ""}
    found = rules(shown(GATEWAY), connection_strings=[one, {**one, "gateway_host_name": "gw"}])
    assert found["hostname.no-gateway-host-name"] == "warning"
    assert rules(shown(GATEWAY), connection_strings=[]) == rules(shown(GATEWAY))


def test_an_intermediate_as_device_ca_is_told_before_there_is_a_server() -> None:
    """Where it is said that the runtime issues from it, and only then."""
    named = GATEWAY.change("device_ca", subject="Plant 7 Intermediate CA")
    file = shown(named, "device_ca", "intermediate")
    assert rules(file, device_ca_file=file)["edge.intermediate-as-device-ca"] == "warning"
    assert "edge.intermediate-as-device-ca" not in rules(file)


@pytest.mark.parametrize(
    ("runtime", "folders", "wiped"),
    [
        ("1.1", ["/srv/iotedge/"], ["/srv/iotedge/hsm", "/srv/iotedge/cache"]),
        ("1.5", ["/a", "/b"], ["/a", "/b", "/var/secrets/aziot/keyd"]),
        (None, ["/a"], ["/a/hsm", "/a/cache"]),
    ],
)
def test_what_to_wipe_is_named_for_the_version(
    runtime: str | None, folders: list[str], wiped: list[str]
) -> None:
    device = Device(runtime=runtime, folders=folders)
    found = edgecheck.check(FILE, at=NOW, device=device)
    (finding,) = (f for f in found.findings if f.rule.id == "device.changes-hands")
    assert finding.evidence["found"] == wiped
    assert all(path in finding.message for path in wiped)
