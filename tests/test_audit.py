"""`edgecheck.audit()`: a gateway judged from what is known of it, and nothing opened."""

from __future__ import annotations

import hashlib
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest

import edgecheck
from edgecheck import Device, Role, Source
from fixtures import private_keys, stock, toolmade
from fixtures.expected import FIXTURES
from fixtures.gateway import Gateway
from fixtures.pki import basic_constraints, pem
from fixtures.stock import HOSTNAME, NOW

GATEWAY = stock.stock_15("ec")


def file(gateway: Gateway, *roles: str, name: str = "/etc/ca.pem") -> Source:
    return Source(name, pem(*gateway.presented(*roles), comments=False))


def known(gateway: Gateway = GATEWAY, **told: Any) -> Device:
    """A gateway of which the essential is known; what is given comes in its place."""
    return Device(
        **{
            "runtime": "1.5",
            "hostname": HOSTNAME,
            "device_ca_file": file(gateway, "device_ca", "intermediate"),
            "trust_bundle": file(gateway, "root", name="/etc/root.pem"),
            "folders": ["/var/lib/aziot/certd"],
            **told,
        }
    )


def errors(report: edgecheck.Report) -> list[str]:
    return [f.rule.id for f in report.findings if f.severity == "error" and not f.caused_by]


def test_a_sound_gateway_is_valid_by_its_own_trust_bundle() -> None:
    report = edgecheck.audit(known(), at=NOW)
    assert report.ok and report.valid
    assert report.hierarchy.device_ca is not None
    assert [c.sha256 for c in report.expected.trust] == [report.hierarchy.anchor.sha256]  # type: ignore[union-attr]


@pytest.mark.parametrize("presented", [None, pem(*GATEWAY.presented())])
def test_it_is_the_same_as_asking_for_it_twice(presented: bytes | None) -> None:
    one, other = (edgecheck.audit(known(), presented, at=NOW) for _ in range(2))
    assert one == other and one.to_json() == other.to_json()


def test_whatever_is_in_the_device_ca_file_is_judged_as_a_device_ca() -> None:
    """An end entity too, which elsewhere is taken for a server."""
    leaf = GATEWAY.with_extension("device_ca", basic_constraints(False))
    report = edgecheck.audit(known(leaf), at=NOW)
    assert errors(report) == ["ca.not-a-ca"]
    target = report.hierarchy.target
    assert target is None or report.hierarchy.role(target) in (Role.DEVICE_CA, Role.SERVER)


def test_the_certificate_of_the_configured_key_is_the_device_ca() -> None:
    """Where the file is in another order, it is the order that is wrong."""
    gateway = known(device_ca_file=file(GATEWAY, "intermediate", "device_ca"), keys=keyed("p256-3"))
    report = edgecheck.audit(gateway, at=NOW)
    assert errors(report) == ["chain.wrong-order"]
    device_ca = report.hierarchy.device_ca
    assert device_ca is not None and device_ca.subject.common_name == "iotedgegw device CA"


def keyed(name: str) -> dict[str, Any]:
    """What is known of the device CA's key where it is one of fixtures/keys."""
    made = hashlib.sha256(private_keys.public_key_der(name)).hexdigest()
    return {"edge_ca.pk": {"public_key": made, "encrypted": False}}


@pytest.mark.parametrize("above", ["intermediate", "root"])
def test_the_key_of_a_ca_above_the_device_ca_is_the_wrong_key_and_no_wrong_order(
    above: str,
) -> None:
    """Nobody is told to put the CA that issues for all gateways first in the file."""
    held = file(GATEWAY, "device_ca", "intermediate", "root")
    name = {"intermediate": "p256-2", "root": "p256-1"}[above]
    assert GATEWAY[above].key == name
    report = edgecheck.audit(known(device_ca_file=held, keys=keyed(name)), at=NOW)
    assert errors(report) == ["device.key-mismatch"]
    (finding,) = [f for f in report.findings if f.rule.id == "device.key-mismatch"]
    assert "belongs on no gateway" in finding.remedy and " first in the file" not in finding.remedy
    assert finding.object is not None and finding.object.subject == "edge_ca.pk"
    device_ca = report.hierarchy.device_ca
    assert device_ca is not None and device_ca.subject.common_name == "iotedgegw device CA"


def test_a_root_first_in_the_file_is_one_fault_where_the_key_is_the_device_cas() -> None:
    """And another where the key is the root's own, which is configured then."""
    held = file(GATEWAY, "root", "device_ca", "intermediate")
    ordered = edgecheck.audit(known(device_ca_file=held, keys=keyed("p256-3")), at=NOW)
    folded = {f.rule.id: f.caused_by for f in ordered.findings}
    assert errors(ordered) == ["chain.wrong-order"]
    assert folded["edge.root-as-device-ca"] and folded["device.key-mismatch"]
    own = edgecheck.audit(known(device_ca_file=held, keys=keyed("p256-1")), at=NOW)
    assert {f.rule.id: f.caused_by for f in own.findings}["edge.root-as-device-ca"] is None


def test_a_locked_store_in_the_device_cas_place_is_to_be_taken_apart() -> None:
    """No password that edgecheck is given lets the runtime read it."""
    store = (FIXTURES / "by_tools/keytool/gw-7.p12").read_bytes()
    report = edgecheck.audit(known(device_ca_file=Source("/etc/gw-7.p12", store)), at=NOW)
    (finding,) = [f for f in report.findings if f.rule.id == "input.locked-container"]
    assert errors(report) == ["input.locked-container"]
    assert "openssl pkcs12 -in /etc/gw-7.p12 -nokeys" in finding.remedy
    assert finding.object is not None and finding.object.subject == "/etc/gw-7.p12"


@pytest.mark.parametrize(
    ("runtime", "names", "held", "expected"),
    [
        ("1.5", ("device_ca", "intermediate", "root"), ("old",), "warning"),
        ("1.5", ("device_ca", "intermediate", "root"), ("old", "root"), None),
        ("1.5", ("device_ca", "intermediate", "root"), ("root",), None),
        ("1.5", ("device_ca", "intermediate", "root"), ("other",), None),
        ("1.1", ("device_ca", "intermediate", "root"), ("old",), "error"),
    ],
)
def test_a_trust_bundle_with_the_root_of_another_generation_is_told(
    runtime: str, names: tuple[str, ...], held: tuple[str, ...], expected: str | None
) -> None:
    """Modules have the right root from the device CA file, devices that got the bundle do not."""
    roots = {
        "root": GATEWAY.trust(),
        "old": GATEWAY.change("root", key="p256-8", serial=0x77).trust(),
        "other": toolmade.cfssl("1.5").trust(),
    }
    bundle = Source("/etc/root.pem", b"".join(pem(*roots[name], comments=False) for name in held))
    gateway = known(
        runtime=runtime, device_ca_file=file(GATEWAY, *names), trust_bundle=bundle, keys={}
    )
    report = edgecheck.audit(gateway, at=NOW)
    told = [f.severity.value for f in report.findings if f.rule.id == "trust.bundle-without-root"]
    assert told == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("runtime", "names", "bundle", "valid"),
    [
        ("1.5", ("device_ca", "intermediate"), "root", True),
        ("1.5", ("device_ca", "intermediate", "root"), None, True),  # joined, and so served
        ("1.1", ("device_ca", "intermediate", "root"), None, None),
        ("1.1", ("device_ca", "intermediate", "root"), "root", True),
        ("1.5", ("device_ca", "intermediate"), "intermediate", None),
        ("1.5", ("device_ca",), "root", False),
    ],
)
def test_what_the_runtime_serves_as_trust_stands_for_it(
    runtime: str, names: tuple[str, ...], bundle: str | None, valid: bool | None
) -> None:
    """From 1.2 on the device CA's file is a part of it; a root of another chain is none."""
    trusted = file(GATEWAY, bundle) if bundle else ()
    gateway = known(runtime=runtime, device_ca_file=file(GATEWAY, *names), trust_bundle=trusted)
    assert edgecheck.audit(gateway, at=NOW).valid is valid


def test_a_root_of_others_in_the_bundle_is_no_trust_of_this_chain() -> None:
    other = file(toolmade.cfssl("1.5"), "root")
    report = edgecheck.audit(known(trust_bundle=other), at=NOW)
    assert report.valid is None
    assert errors(report) == ["trust.bundle-without-root"]


def test_given_trust_comes_before_the_bundle() -> None:
    other = pem(*toolmade.cfssl("1.5").presented("root"))
    report = edgecheck.audit(known(), trust=other, at=NOW)
    assert report.valid is False
    assert len(report.expected.trust) == 1


def test_the_name_that_clients_ask_for_is_taken_from_the_devices_first() -> None:
    presented = pem(*GATEWAY.presented())
    assert edgecheck.audit(known(), presented, at=NOW).expected.hostname == HOSTNAME
    named = known(gateway_host_names=("", "gw2", "gw3"))
    assert edgecheck.audit(named, presented, at=NOW).expected.hostname == "gw2"
    assert edgecheck.audit(named, presented, "gw4", at=NOW).expected.hostname == "gw4"
    assert edgecheck.audit(known(hostname=None), presented, at=NOW).expected.hostname is None


@pytest.mark.parametrize("contents", [b"", b"nonsense", b"\x30\x03\x02\x01\x01", b"-----BEGIN "])
def test_a_bad_file_never_raises(contents: bytes) -> None:
    for field in ("device_ca_file", "trust_bundle", "identity_certificate"):
        report = edgecheck.audit(known(**{field: Source("/x.pem", contents)}), at=NOW)
        assert not report.ok, field
        assert report.to_text() and report.to_json()


def test_nothing_known_is_nothing_said_to_be_right() -> None:
    report = edgecheck.audit(Device(), at=NOW)
    assert report.valid is None
    assert not set(report.passed) & {"ca.not-a-ca", "validity.expired", "device.key-mismatch"}


def test_a_path_is_no_gateway() -> None:
    with pytest.raises(TypeError, match="gateway: expected a Device, got str"):
        edgecheck.audit("/etc/aziot")  # type: ignore[arg-type]


def test_what_the_runtime_joins_is_said_of_the_file_that_lacks_its_end() -> None:
    """Only where something is put behind it."""
    cut = Source("/etc/ca.pem", file(GATEWAY, "device_ca", "intermediate").data.rstrip(b"\n"))
    rule = "trust.bundle-join-without-newline"
    assert errors(edgecheck.audit(known(device_ca_file=cut), at=NOW)) == [rule]
    whole = Source("/etc/ca.pem", file(GATEWAY, "device_ca", "intermediate", "root").data.rstrip())
    alone = edgecheck.audit(known(device_ca_file=whole, trust_bundle=()), at=NOW)
    assert errors(alone) == []
    old = edgecheck.audit(known(runtime="1.1", device_ca_file=whole), at=NOW)
    assert rule not in errors(old)


@pytest.mark.parametrize("method", ["est", None])
def test_what_an_est_server_sends_is_no_fault_of_a_file(method: str | None) -> None:
    """Its order, and what it sends twice, are a note; of a file that somebody made, a warning."""
    names = ("device_ca", "root", "intermediate", "root")
    edge_ca = {"method": method} if method else {"cert": "file:///etc/ca.pem", "pk": "file:///k"}
    gateway = known(device_ca_file=file(GATEWAY, *names), edge_ca=edge_ca)
    found = {f.rule.id: f.severity for f in edgecheck.audit(gateway, at=NOW).findings}
    for rule in ("chain.wrong-order", "chain.duplicate-certificate"):
        assert found[rule] == ("info" if method else "warning")


def test_the_next_device_ca_is_judged_beside_what_another_one_issued() -> None:
    """As it is judged alone; its certificates are not among those presented."""
    old = GATEWAY.change("device_ca", key="p256-7")
    ended = GATEWAY.change("device_ca", not_after=datetime(2026, 11, 22, tzinfo=UTC))
    device = known(ended)
    report = edgecheck.audit(device, pem(*old.presented()), at=NOW)
    assert errors(report) == ["validity.expired"]
    (alone,) = [f for f in edgecheck.audit(device, at=NOW).findings if f.severity == "error"]
    (found,) = [f for f in report.findings if f.id == alone.id]
    assert found.message == alone.message and found.locations == alone.locations
    assert found.certificates == () and not report.ok
    assert any(f.rule.id == "edge.former-device-ca" for f in report.findings)
    assert pickle.loads(pickle.dumps(report)) == report
    assert "validity.expired" in report.to_text() and report.to_json()


def test_the_same_device_ca_is_judged_once() -> None:
    """Where it issued what is presented."""
    ended = GATEWAY.change("device_ca", not_after=datetime(2026, 11, 22, tzinfo=UTC))
    report = edgecheck.audit(known(ended), pem(*ended.presented()), at=NOW)
    assert errors(report) == ["validity.expired"]
