"""`audit()` of a gateway that presents nothing yet: the chain that its runtime will make."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck import Device, Role, Source, cli
from edgecheck.auditing import asked_for
from edgecheck.settings import KeyFacts
from fixtures import private_keys, stock
from fixtures.gateway import Gateway
from fixtures.pki import basic_constraints, name_constraints, pem
from fixtures.stock import HOSTNAME, NOW
from fixtures.trees import CERTIFICATES, CONFIG, Disk, key, toml_gateway
from tests.test_cli_audit import plant

GATEWAY = stock.stock_15("ec")
AT = ["--at", "2026-11-23T12:00:00Z"]
FILE = "/etc/ca.pem"


def file(gateway: Gateway, *roles: str, name: str = FILE) -> Source:
    return Source(name, pem(*gateway.presented(*roles), comments=False))


def known(gateway: Gateway = GATEWAY, **told: Any) -> Device:
    """A gateway of which all is known that the prediction needs; what is given comes instead."""
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


def why_not(report: edgecheck.Report) -> str:
    predicted = report.hierarchy.predicted
    assert predicted is not None and not report.synthetic
    return predicted.unknown or ", ".join(predicted.because)


# --- what is judged -----------------------------------------------------------------------------


@pytest.mark.parametrize(("runtime", "made"), [("1.1", 2), ("1.2", 1), ("1.5", 1)])
def test_the_chain_is_the_one_that_predict_makes(runtime: str, made: int) -> None:
    """The same certificates, the same path, and the same answer of every client."""
    device = known(runtime=runtime, device_ca_file=file(GATEWAY, "device_ca", "intermediate"))
    report = edgecheck.audit(device, at=NOW)
    root = pem(*GATEWAY.trust())
    other = edgecheck.predict(device.device_ca_file or b"", HOSTNAME, runtime, root, NOW)
    assert len(report.synthetic) == made
    assert report.certificates == other.certificates
    assert report.valid is other.valid is True
    said = [[(p.client, p.verdict, p.says) for p in each.predictions] for each in (report, other)]
    assert said[0] == said[1]


def test_findings_on_the_device_ca_s_file_keep_their_file_and_lines() -> None:
    """Number two of the file is the intermediate, and it is what has to change."""
    short = GATEWAY.with_extension("intermediate", basic_constraints(True, path_length=0))
    report = edgecheck.audit(known(short), at=NOW)
    assert errors(report) == ["ca.path-length-exceeded"]
    finding = report.findings[0]
    place = finding.locations[0]
    assert (place.source, finding.role) == (FILE, Role.INTERMEDIATE)
    assert place.first_line is not None and place.first_line > 1
    assert finding.object is not None
    assert finding.object.subject == finding.certificates[0]


def test_name_constraints_without_the_module_are_told_before_anything_is_made() -> None:
    constraints = name_constraints(permitted={"dns": [HOSTNAME]})
    report = edgecheck.audit(known(GATEWAY.with_extension("intermediate", constraints)), at=NOW)
    assert errors(report) == ["path.name-constraints"]
    assert all(p.verdict == "reject" for p in report.predictions if p.tier == 1)


def test_clients_ask_for_the_first_name_of_the_devices() -> None:
    """One fault is one finding, about the setting; what clients say of it follows."""
    report = edgecheck.audit(known(gateway_host_names=("gw2",)), at=NOW)
    assert report.expected.hostname == "gw2"
    assert errors(report) == ["hostname.gateway-host-name-not-configured"]
    follows = {f.rule.id for f in report.findings if f.caused_by and f.severity == "error"}
    assert follows == {"hostname.not-in-san"}
    assert edgecheck.audit(known(), None, "gw3", at=NOW).expected.hostname == "gw3"


@pytest.mark.parametrize(
    ("hostname", "runtime", "rule"),
    [
        ("10.1.2.3", "1.1", "hostname.address-before-1-2"),
        ("iotedgegw.local.", "1.5", "hostname.not-rfc1035"),
        ("iotedge gw", "1.5", "hostname.not-rfc1035"),
        ("büro.local", "1.5", "hostname.not-ascii"),
    ],
)
def test_a_name_that_no_certificate_can_be_for_is_one_finding_about_the_setting(
    hostname: str, runtime: str, rule: str
) -> None:
    full = file(GATEWAY, "device_ca", "intermediate", "root")
    device = known(hostname=hostname, runtime=runtime, device_ca_file=full)
    report = edgecheck.audit(device, at=NOW)
    assert errors(report) == [rule]
    roots = [f for f in report.findings if not f.caused_by and f.severity != "info"]
    assert {f.object.subject for f in roots if f.object} == {"hostname"}


def test_nobody_is_told_to_reissue_what_the_runtime_makes() -> None:
    """Constraints that some clients apply otherwise: the CA that has them is what can change."""
    for runtime in ("1.1", "1.2", "1.5"):
        for gateway in (
            GATEWAY,
            GATEWAY.without_extension("device_ca", "subjectKeyIdentifier"),
            GATEWAY.change("device_ca", subject=[("CN", HOSTNAME)]),
            GATEWAY.change("device_ca", key="p384-1"),
        ):
            report = edgecheck.audit(known(gateway, runtime=runtime), at=NOW)
            made = {certificate.sha256 for certificate in report.synthetic}
            changed = {f.object.subject for f in report.findings if f.object}
            assert not made & changed


def test_the_workload_ca_that_there_is_no_room_for_is_said_once() -> None:
    gateway = GATEWAY.with_extension("device_ca", basic_constraints(True, path_length=0))
    report = edgecheck.audit(known(gateway, runtime="1.1"), at=NOW)
    assert errors(report) == ["ca.path-length-for-workload-ca"]
    assert edgecheck.audit(known(gateway), at=NOW).ok


def test_a_path_length_that_is_too_short_by_two_is_no_matter_of_the_workload_ca() -> None:
    gateway = GATEWAY.with_extension("intermediate", basic_constraints(True, path_length=0))
    assert errors(edgecheck.audit(known(gateway, runtime="1.1"), at=NOW)) == [
        "ca.path-length-exceeded"
    ]


def test_nothing_is_predicted_where_something_is_presented() -> None:
    report = edgecheck.audit(known(), pem(*GATEWAY.presented()), at=NOW)
    assert report.hierarchy.predicted is None
    assert not report.synthetic


def test_a_report_of_a_chain_to_come_is_a_value() -> None:
    """Pickled and read again it is the same, synthetic certificates and all."""
    report = edgecheck.audit(known(), at=NOW)
    again = pickle.loads(pickle.dumps(report))
    assert again == report
    assert again.to_json() == report.to_json()
    assert edgecheck.audit(known(), at=NOW).to_json() == report.to_json()


# --- a CA of its own ----------------------------------------------------------------------------


def of_its_own(runtime: str, **told: Any) -> Device:
    table = {"certificates": {}} if runtime == "1.1" else {"edge_ca": {}, "device_id": "gw-7"}
    return Device(runtime=runtime, hostname=HOSTNAME, **{**table, **told})


@pytest.mark.parametrize(("runtime", "made"), [("1.1", 4), ("1.2", 2), ("1.5", 2)])
def test_what_the_runtime_makes_for_itself_is_a_warning_and_no_more(
    runtime: str, made: int
) -> None:
    """It serves its own CA to its modules, and gives it the life that it has."""
    bundle = file(GATEWAY, "root", name="/etc/root.pem")
    for told in ({}, {"trust_bundle": bundle}):
        report = edgecheck.audit(of_its_own(runtime, **told), at=NOW)
        assert len(report.synthetic) == made
        roots = [f for f in report.findings if not f.caused_by and f.severity != "info"]
        assert [(f.rule.id, str(f.severity)) for f in roots] == [
            ("edge.quickstart-certificates", "warning")
        ]
        assert roots[0].object is not None and roots[0].object.subject == "edge_ca"
        assert "will make for itself" in roots[0].message


# --- what is missing ----------------------------------------------------------------------------

OTHER_KEY = {"public_key": "00" * 32, "encrypted": False}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"runtime": None}, "the runtime's version is not known"),
        ({"hostname": None}, "the configuration names no host"),
        ({"hostname": ""}, "the configuration names no host"),
        ({"hostname": "https://gw.local"}, "the configured host name is a URL"),
        ({"device_ca_file": None}, "the device CA file was not given"),
        ({"device_ca_file": None, "edge_ca": {"cert": "file:///x"}}, "could not be read"),
        ({"device_ca_file": None, "edge_ca": {"method": "est"}}, "not yet issued"),
        ({"device_ca_file": None, "edge_ca": {"method": "local_ca"}}, "not yet issued"),
        ({"device_ca_file": None, "edge_ca": {"method": "self_signed"}}, "is not known"),
        ({"device_ca_file": None, "edge_ca": {}}, "the device's id"),
        ({"device_ca_file": Source(FILE, b"nonsense")}, "no certificate could be read"),
        ({"keys": {"edge_ca.pk": {"exists": False}}}, "private key is not there"),
        ({"keys": {"edge_ca.pk": OTHER_KEY}}, "device.key-mismatch"),
        ({"keys": {"edge_ca.pk": {"encrypted": True}}}, "device.key-encrypted"),
        ({"hostname": "a" * 65}, "hostname.too-long"),
        ({"runtime": "1.1", "device_ca_file": None}, "the device CA file was not given"),
        (
            {"runtime": "1.1", "device_ca_file": None, "certificates": {"device_ca_cert": "/x"}},
            "could not be read",
        ),
    ],
)
def test_what_is_missing_is_said_and_the_file_is_judged(told: dict[str, Any], said: str) -> None:
    """In the text below the tree, and in JSON; nothing that is not there is judged."""
    report = edgecheck.audit(known(**told), at=NOW)
    assert said in why_not(report)
    text = report.to_text(width=200)
    assert said.split(":")[0] in " ".join(text.split())
    assert "synthetic" not in text
    shown = json.loads(report.to_json())["hierarchy"]["predicted"]
    assert shown["synthetic"] == []
    assert said in (shown["unknown"] or ", ".join(shown["because"]))
    if report.hierarchy.sequence:
        assert report.hierarchy.server is None
        assert report.hierarchy.device_ca is not None


def test_a_file_that_does_not_begin_with_the_certificate_of_the_key_is_not_taken_for_it() -> None:
    digest = hashlib.sha256(private_keys.public_key_der("p256-3")).hexdigest()
    have = KeyFacts(public_key=digest, encrypted=False)
    upside_down = file(GATEWAY, "intermediate", "device_ca")
    report = edgecheck.audit(known(device_ca_file=upside_down, keys={"edge_ca.pk": have}), at=NOW)
    assert "first certificate" in why_not(report)
    assert errors(report) == ["chain.wrong-order"]


def test_the_key_of_the_identity_is_no_matter_of_the_chain() -> None:
    """It stops the gateway from logging in, which a finding says; certificates are made."""
    keys = {"provisioning.authentication.identity_pk": KeyFacts(encrypted=True)}
    report = edgecheck.audit(known(keys=keys), at=NOW)
    assert "device.key-encrypted" in errors(report)
    assert report.synthetic


@pytest.mark.parametrize("name", ["https://gw.local", "gw.local:8883", " gw.local"])
def test_what_is_no_name_is_not_asked_for_and_never_raises(name: str) -> None:
    assert asked_for(known(gateway_host_names=(name, "gw2"))) == "gw2"
    assert asked_for(Device(hostname=name)) is None
    assert edgecheck.audit(known(hostname=name), at=NOW).to_text()
    assert edgecheck.audit(known(gateway_host_names=(name,)), at=NOW).to_json()


# --- as a command -------------------------------------------------------------------------------


def told(disk: Disk, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    root = plant(disk, folder)
    cli.main(["audit", str(root), *AT, *more])
    return capsys.readouterr().out


SOUND = toml_gateway(stock.stock_15())


def test_the_first_line_says_that_it_is_predicted_and_for_which_runtime(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(SOUND, tmp_path, capsys, "--runtime", "1.5").splitlines()
    assert lines[0].startswith("ok")
    assert " · predicted for IoT Edge 1.5 · " in lines[0]
    assert len(lines) == 7  # a line, an empty one, and the tree
    assert "server, synthetic" in lines[-1]


def test_a_report_of_a_fault_names_what_can_be_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The device CA's file and the host name, on the first screen."""
    disk = SOUND.edited(CONFIG, '"iotedgegw.local"', '"IoTEdgeGW.local"')
    text = told(disk, tmp_path, capsys, "--runtime", "1.5")
    head = " ".join(text.partition("warning[")[0].split())
    assert "predicted for IoT Edge 1.5 · 2 certificates and 1 predicted" in head
    assert f"nobody presents it yet; IoT Edge 1.5 will make it of {CERTIFICATES}/" in head
    assert 'hostname = "IoTEdgeGW.local"; these are what you can change' in head
    assert "once its configuration is repaired" not in head


def test_of_a_broken_configuration_it_is_the_chain_after_the_repair(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = f"{CERTIFICATES}/iot-edge-device-ca.cert.pem"
    disk = SOUND.edited(CONFIG, f'"file://{named}"', f'"{named}"')
    text = told(disk, tmp_path, capsys, "--runtime", "1.5")
    assert "will make it, once its configuration is repaired, of" in " ".join(text.split())


def test_without_a_runtime_it_says_which_option_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(SOUND, tmp_path, capsys)
    said = "is not predicted: the runtime's version is not known (--runtime)"
    assert said in " ".join(text.split())
    assert "predicted for" not in text


def test_a_second_opinion_of_what_nobody_signed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = plant(SOUND, tmp_path)
    assert cli.main(["audit", str(root), "--runtime", "1.5", *AT, "--second-opinion"]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.startswith("edgecheck: --second-opinion: ") and out.err.count("\n") == 1
    presented = root.parent / "sent.pem"
    presented.write_bytes(pem(*stock.stock_15().presented()))
    asked = ["audit", str(root), "--runtime", "1.5", *AT, "--second-opinion"]
    assert cli.main([*asked, "--presented", str(presented)]) == 0
    assert "Second opinions:" in capsys.readouterr().out


@pytest.mark.parametrize("names", [(), ("iotedgegw.local",), ("gw2",), ("gw2", "gw3")])
def test_no_name_stands_twice_in_the_table(
    names: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody said to be a GatewayHostName is not called so."""
    asked = [word for name in names for word in ("--gateway-host-name", name)]
    text = told(SOUND, tmp_path, capsys, "--runtime", "1.5", "-v", *asked)
    table = text.partition("\nNames:\n")[2].partition("\n\n")[0].splitlines()
    rows = [tuple(line.split()[:2]) for line in table]
    assert [name for what, name in rows if what == "GatewayHostName"] == list(names)
    assert len(table) == len(set(table))


def test_the_key_of_another_pair_predicts_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = f"{CERTIFICATES}/iot-edge-device-ca.key.pem"
    text = told(SOUND.put(path, key("rsa2048-7"), 0o600), tmp_path, capsys, "--runtime", "1.5")
    assert "IoT Edge 1.5 makes no usable chain of it: device.key-mismatch" in text
