"""Where something is predicted, a finding names what can be changed, not what is not there yet."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from edgecheck import Device, cli
from edgecheck.auditing import asked_for
from fixtures.devices.faults import key_mismatch
from fixtures.devices.to_come import curve_of_device_ca_11, quickstart_to_come
from fixtures.extensions import name_constraints
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, stock_11, stock_15
from fixtures.trees import CERTIFICATES, CONFIG, YAML, Disk, toml_gateway, yaml_gateway
from tests.test_cli_audit import plant

DEVICE_CA = f"{CERTIFICATES}/iot-edge-device-ca.cert.pem"


def told(
    disk: Disk, runtime: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[dict[str, dict], str]:
    """What an audit finds, by rule: the worst one that nothing explains; and its text."""
    root = str(plant(disk, tmp_path))
    asked = ["audit", root, "--root", root, "--runtime", runtime, "--at", "2026-11-23T12:00:00Z"]
    cli.main([*asked, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    cli.main(asked)
    found = {each["rule"]: each for each in report["findings"][::-1] if not each["caused_by"]}
    return found, capsys.readouterr().out


def sources(finding: dict) -> list[str]:
    return [at["source"] for at in finding["locations"]]


def test_a_name_stands_in_the_configuration_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And of the certificate there is no digest that somebody would look for."""
    disk = toml_gateway(stock_15()).edited(CONFIG, f'"{HOSTNAME}"', '"10.1.2.3"')
    found, text = told(disk, "1.5", tmp_path, capsys)
    assert sources(found["hostname.ip-address"]) == [CONFIG, "<predicted>"]
    assert ' --> <predicted>  server "10.1.2.3"  synthetic\n' in text


def test_of_what_nobody_can_change_no_object_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The runtime writes 0 as the server's serial number, whatever is configured."""
    found, _ = told(toml_gateway(stock_15()), "1.5", tmp_path, capsys)
    serial = found["encoding.serial-not-positive"]
    assert serial["remedy"].startswith("none, because")
    assert sources(serial) == ["<predicted>"]


def test_a_quick_start_to_come_wants_no_root_that_is_not_made_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, text = told(quickstart_to_come(), "1.5", tmp_path, capsys)
    assert sources(found["edge.quickstart-certificates"])[0] == CONFIG
    assert "--trust root.pem" not in text
    assert "what clients would have to trust is not made yet" in text


def test_one_curve_is_one_fault_and_one_act(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On secp256k1 the device CA is refused itself; on P-384 only what 1.1 makes from it is."""
    p384 = yaml_gateway(stock_11().change("device_ca", key="p384-1"))
    for disk, severity, name in (
        (curve_of_device_ca_11(), "error", "secp256k1"),
        (p384, "warning", "P-384"),
    ):
        found, text = told(disk, "1.1", tmp_path / name, capsys)
        worse = [rule for rule, each in found.items() if each["severity"] != "info"]
        assert worse == ["algorithm.curve"]
        assert found["algorithm.curve"]["severity"] == severity
        assert "/var/secrets/iotedge/device-ca-full-chain.pem" in sources(found["algorithm.curve"])
        assert "  2. " not in text


def test_nobody_is_told_to_rename_the_workload_ca(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The runtime gives it its name; the constraints above it can be left out."""
    allowed = name_constraints(permitted={"dns": [HOSTNAME, "edgehub"]})
    disk = yaml_gateway(stock_11().with_extension("device_ca", allowed))
    found, _ = told(disk, "1.1", tmp_path, capsys)
    remedy = found["extension.common-name-not-permitted"]["remedy"]
    assert remedy.startswith('Have the device CA "iotedgegw device CA" reissued without')


def test_a_server_certificate_at_the_head_is_the_wrong_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though the CA with the configured key stands above it, as an issuer's would."""
    gateway = stock_15()
    data = pem(*gateway.presented("server", "device_ca", "intermediate"), comments=False)
    found, text = told(toml_gateway(gateway).put(DEVICE_CA, data), "1.5", tmp_path, capsys)
    assert [rule for rule, each in found.items() if each["severity"] != "info"] == [
        "device.key-mismatch"
    ]
    assert 'Put "iotedgegw device CA" first in the file' in text


@pytest.mark.openssl
def test_the_commands_about_a_wrong_key_print_the_numbers_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are run as they stand there, but for the folder that the tree is planted in."""
    found, text = told(key_mismatch(), "1.5", tmp_path, capsys)
    finding = found["device.key-mismatch"]
    assert "do first: put a key and a certificate of one pair in place (either" in text
    printed = []
    for line in finding["remedy"].splitlines():
        if line.startswith("    openssl"):
            command = line.strip().replace(" /etc", f" {tmp_path}/gw/etc")
            ran = subprocess.run(["sh", "-c", command], capture_output=True, check=True, text=True)
            printed.append(ran.stdout.split()[0])
    said = [finding["evidence"][name].partition(",")[0] for name in ("wanted", "found")]
    assert printed == said and len(set(printed)) == 2


@pytest.mark.parametrize(("runtime", "asked"), [("1.1", "gw.local"), ("1.5", "GW.local")])
def test_clients_ask_for_the_name_as_the_runtime_writes_it(runtime: str, asked: str) -> None:
    """Unless it is known what they were given."""
    assert asked_for(Device(runtime=runtime, hostname="GW.local")) == asked
    known = Device(runtime=runtime, hostname="GW.local", gateway_host_names=("GW",))
    assert asked_for(known) == "GW"


def test_files_are_named_as_config_yaml_names_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = yaml_gateway(stock_11()).edited(YAML, f'"{HOSTNAME}"', '"10.1.2.3"')
    _, text = told(disk, "1.1", tmp_path, capsys)
    files = text.partition("\nFiles:\n")[2]
    assert [line.split()[0] for line in files.splitlines()] == [
        "device_ca_cert",
        "trusted_ca_certs",
        "device_ca_pk",
    ]
