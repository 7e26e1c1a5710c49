"""`edgecheck audit`: what it takes, what it refuses in one line, and what it never tells."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from edgecheck import cli
from fixtures import stock
from fixtures.pki import pem
from fixtures.trees import (
    CERTIFICATES,
    CONFIG,
    SECRET,
    TOML,
    YAML,
    Disk,
    applied,
    key,
    planted,
    toml_gateway,
)
from fixtures.trees import yaml_gateway as yaml_disk
from tests.permissions import OBEYED, obeyed

AT = ["--at", "2026-11-23T12:00:00Z"]
GATEWAY = stock.stock_15()


def plant(disk: Disk, folder: Path) -> Path:
    """Put a tree into a folder, and return its root."""
    for name, data in disk.recipe().items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    planted(folder / "source", folder / "gw")
    return folder / "gw"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A sound gateway with runtime 1.5."""
    return plant(toml_gateway(GATEWAY), tmp_path)


def audited(*asked: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    cli.main(["audit", *asked, *AT, "--format", "json"])
    out = capsys.readouterr()
    assert out.err == ""
    report: dict[str, Any] = json.loads(out.out)
    return report


def rules(report: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in report["findings"] if finding["severity"] != "info"}


def refused(*asked: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that says why, and what to do."""
    assert cli.main(["audit", *AT, *asked]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.startswith("edgecheck: ") and out.err.count("\n") == 1
    assert SECRET not in out.err
    return out.err


# --- what it takes ------------------------------------------------------------------------------


def test_a_gateway_may_be_named_in_many_ways(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a tree, by its path here or on the gateway, by a folder: the report is the same."""
    monkeypatch.chdir(root.parent)
    ways = [
        [str(root)],
        [str(root), "--root", str(root)],
        [f"{root}{CONFIG}", "--root", str(root)],
        [CONFIG, "--root", str(root)],
        ["/etc/aziot", "--root", str(root)],
        ["etc/aziot/config.toml", "--root", "gw"],
        ["gw/etc/aziot", "--root", "gw"],
        ["/", "--root", "gw"],
        ["gw"],
    ]
    reports = [audited(*way, "--runtime", "1.5", capsys=capsys) for way in ways]
    assert all(report == reports[0] for report in reports)
    assert reports[0]["valid"] is True
    made, device_ca, *_ = reports[0]["certificates"]
    assert made["synthetic"] and made["origin"]["source"] == "<predicted>"
    assert device_ca["origin"]["source"].startswith(CERTIFICATES)


def test_a_zip_is_a_tree_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root.parent / "gw.zip"
    with zipfile.ZipFile(path, "w") as made:
        for file in sorted(root.rglob("*")):
            made.write(file, f"gw/{file.relative_to(root)}")
    packed = audited(str(path), "--runtime", "1.5", capsys=capsys)
    also = audited("/etc/aziot", "--root", str(path), "--runtime", "1.5", capsys=capsys)
    assert packed == also
    assert rules(packed) == set()
    assert packed["valid"] is True


def test_a_configuration_outside_of_the_tree_is_judged_with_its_files(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody wants to know what a new config.toml would do."""
    new = root.parent / "new.toml"
    new.write_text(TOML.replace("/root.pem", "/none.pem"))
    report = audited(str(new), "--root", str(root), "--runtime", "1.5", capsys=capsys)
    assert rules(report) == {"configuration.file-missing"}


def test_the_runtime_says_which_of_two_configurations_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = yaml_disk(stock.stock_11())
    both = toml_gateway(GATEWAY)
    for path, data in old.files.items():
        both = both.put(path, data, old.modes.get(path))
    root = plant(both, tmp_path)
    for runtime, wanted in (("1.1", YAML), ("1.0.9", YAML), ("1.5", CONFIG)):
        report = audited(str(root), "--runtime", runtime, capsys=capsys)
        assert wanted in report["expected"]["device"]["configuration_files"]
        assert rules(report) == set()
    assert CONFIG in audited(str(root), capsys=capsys)["expected"]["device"]["configuration_files"]


def test_what_is_presented_is_compared_with_what_is_configured(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The host name is that of the connection string, else the configured one."""
    sent = root.parent / "sent.pem"
    sent.write_bytes(pem(*GATEWAY.presented()))
    strings = root.parent / "strings.txt"
    strings.write_text(f"HostName=h;DeviceId=d;SharedAccessKey={SECRET};GatewayHostName=gw2\n")
    asked = [str(root), "--runtime", "1.5", "--presented", str(sent)]
    plain = audited(*asked, capsys=capsys)
    assert (plain["valid"], plain["expected"]["hostname"]) == (True, stock.HOSTNAME)
    other = audited(*asked, "--connection-string", str(strings), capsys=capsys)
    assert (other["valid"], other["expected"]["hostname"]) == (False, "gw2")
    assert rules(other) == {"hostname.not-in-san"}


def test_names_stand_beside_one_another(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["audit", str(root), "--runtime", "1.5", *AT, "--gateway-host-name", "gw2"])
    text = capsys.readouterr().out
    names = text.partition("\nNames:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split() for line in names] == [
        ["GatewayHostName", "gw2", "not", "the", "configured", "host", "name"],
        ["hostname", "iotedgegw.local"],
        ["machine", "iotedgegw"],
        ["device", "id", "gw-7"],
        ["server", "to", "be,", "common", "name", "iotedgegw.local"],
        ["server", "to", "be,", "alternative", "name", "iotedgegw.local"],
        ["server", "to", "be,", "alternative", "name", "edgeHub"],
        ["device", "CA", "iotedgegw", "device", "CA"],
    ]
    assert f"{CERTIFICATES}/root.pem" in text.partition("\nFiles:\n")[2]


# --- what it refuses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["{root}/none"], "no such file: {root}/none; give the path of config.toml or config.yaml"),
        ([""], "an empty path"),
        (["{root}/usr"], "no configuration of IoT Edge in {root}/usr; give the path"),
        (["{root}/usr", "--root", "{root}"], "no configuration of IoT Edge in {root}/usr"),
        (["/none", "--root", "{root}"], "no such file: /none, neither here nor below {root}"),
        (["/etc/iotedge", "--root", "{root}"], "there is /etc/aziot/config.toml; name /etc/aziot"),
        (["{root}/etc/iotedge"], "{root}/etc/aziot/config.toml; name {root}/etc/aziot"),
        (["/etc", "--root", "{root}/none"], "--root {root}/none: no such folder"),
        (["/etc", "--root", "{root}/etc/hostname"], "it is no folder and no zip; unpack it first"),
        (["{root}", "--runtime", "2.0"], "'2.0' is not a known IoT Edge version"),
        (["{root}", "--at", "soon"], "--at soon: no such time"),
        (["{root}", "--presented", "{root}/none"], "no such file: {root}/none"),
        (["{root}", "--trust", "{root}/etc/hostname"], "no certificate in it"),
        (["{root}", "--connection-string", "{root}/etc/hostname"], "no connection string in it"),
        (["{root}", "--client", "Lynx"], "Lynx"),
        (["{root}", "--select", "none"], "none"),
        (["{root}", "--expires-within", "x"], "--expires-within x: write days"),
    ],
)
def test_a_bad_request_is_one_line_that_says_what_to_do(
    asked: list[str], said: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "usr").mkdir()
    told = refused(*(word.format(root=root) for word in asked), capsys=capsys)
    assert said.format(root=root) in told


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (CONFIG, f'hostname = "a"\nkey = {SECRET}', "line 2: "),
        (CONFIG, f'hostname = "a\nkey = "{SECRET}"', "line 1: "),
        (YAML, f'hostname: "a\nkey: {SECRET}', "line "),
        (CONFIG, "hostname = '\xe4'", ""),
    ],
)
def test_a_broken_configuration_is_told_with_its_line(
    path: str, text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = text.encode("latin-1")
    """As a finding, with what can be told in spite of it; of the text nothing is repeated."""
    root = plant(Disk({}).put(path, raw), tmp_path)
    runtime = "1.1" if path == YAML else "1.5"
    report = audited(str(root), "--runtime", runtime, capsys=capsys)
    (finding,) = (f for f in report["findings"] if f["rule"] == "configuration.not-parsed")
    assert f"{path} cannot be read: {said}" in finding["message"]
    assert SECRET not in json.dumps(report)


@pytest.mark.skipif(not OBEYED, reason="permissions of POSIX")
def test_without_permission_it_says_what_cannot_be_read(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / CONFIG[1:]).chmod(0)
    with obeyed():
        assert f"cannot read {CONFIG}: permission denied" in refused(str(root), capsys=capsys)


def test_what_this_user_may_not_read_is_said_and_undecided(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key: the rest is judged, and nothing is said to have passed that rests on it."""
    from edgecheck.adapters.tree import Folder

    really = Folder.read

    def read(self: Folder, path: str, most: int) -> bytes:
        if path.endswith("key.pem"):
            raise PermissionError(13, "Permission denied")
        return really(self, path, most)

    monkeypatch.setattr(Folder, "read", read)
    assert cli.main(["audit", str(root), "--runtime", "1.5", *AT, "--format", "json"]) == 0
    out = capsys.readouterr()
    assert f"cannot read {CERTIFICATES}/iot-edge-device-ca.key.pem: Permission denied" in out.err
    assert "device.key-mismatch" not in json.loads(out.out)["passed"]


def test_a_damaged_zip_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = root.parent / "gw.zip"
    broken.write_bytes(b"PK\x03\x04 and nothing else")
    assert "the zip is cut off or damaged" in refused(str(broken), capsys=capsys)


def test_without_a_reader_of_yaml_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = plant(yaml_disk(stock.stock_11()), tmp_path)
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert "pip install 'edgecheck-iot[cli]'" in refused(str(root), capsys=capsys)


@pytest.mark.parametrize("named", ["config", "certificate", "key", "presented"])
def test_no_report_is_written_over_what_was_read(
    named: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = root.parent / "sent.pem"
    sent.write_bytes(pem(*GATEWAY.presented()))
    path = {
        "config": root / CONFIG[1:],
        "certificate": root / f"{CERTIFICATES}/root.pem"[1:],
        "key": root / f"{CERTIFICATES}/iot-edge-device-ca.key.pem"[1:],
        "presented": sent,
    }[named]
    before = path.read_bytes()
    told = refused(str(root), "--presented", str(sent), "-o", str(path), capsys=capsys)
    assert "is what was read; name another file to write" in told
    assert path.read_bytes() == before


# --- what it never tells ------------------------------------------------------------------------

SECRETS = {
    "connection": "Y29ubmVjdGlvbi1zdHJpbmcta2V5LTEyMzQ1Njc4OTA=",
    "symmetric": "c3ltbWV0cmljLWtleS0xMjM0NTY3ODkwMTIzNDU2Nzg=",
    "password": "hunter2-of-the-est-server",
    "registry": "hunter3-of-the-registry",
    "url": "hunter4-in-a-url",
    "pin": "hunter5pin",
    "downstream": "ZG93bnN0cmVhbS1rZXktMTIzNDU2Nzg5MDEyMzQ1Njc=",
}
PLANTED = f"""
hostname = "iotedgegw.local"
trust_bundle_cert = "file://user:{SECRETS["url"]}@host{CERTIFICATES}/root.pem"
trust_bundle = "{SECRETS["registry"]}"

[provisioning]
source = "dps"
connection_string = "HostName=h;DeviceId=d;SharedAccessKey={SECRETS["connection"]}"
global_endpoint = "https://dps"
id_scope = "0ne"

[provisioning.attestation]
method = "symmetric_key"
registration_id = "gw-7"
symmetric_key = {{ value = "{SECRETS["symmetric"]}" }}
identity_cert = "file:///none.pem"

[agent.config.auth]
password = "{SECRETS["registry"]}"

[cert_issuance.est.auth]
username = "u"
password = "{SECRETS["password"]}"

[cert_issuance.est.urls]
default = "http://user:{SECRETS["url"]}@est.example/.well-known/est"

[edge_ca]
cert = "file://{CERTIFICATES}/iot-edge-device-ca.cert.pem"
pk = "file://{CERTIFICATES}/iot-edge-device-ca.key.pem?pin-value={SECRETS["pin"]}"
"""


@pytest.mark.parametrize("more", [[], ["-v"], ["--format", "json"], ["--client", ".NET", "-v"]])
def test_secrets_of_a_gateway_are_in_no_output(
    more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys of connection strings, symmetric keys, passwords, PINs, and pieces of private keys."""
    disk = toml_gateway(GATEWAY).put(CONFIG, PLANTED)
    own = key("rsa2048-3")
    disk = disk.put(f"{CERTIFICATES}/root.pem", own + disk.files[f"{CERTIFICATES}/root.pem"])
    chain = disk.files[f"{CERTIFICATES}/iot-edge-device-ca.cert.pem"]
    disk = disk.put(f"{CERTIFICATES}/iot-edge-device-ca.cert.pem", chain + own[:600])
    root = plant(disk, tmp_path)
    strings = tmp_path / "strings.txt"
    strings.write_text(f"HostName=h;DeviceId=d;SharedAccessKey={SECRETS['downstream']}")
    asked = ["audit", str(root), "--runtime", "1.5", *AT, "--connection-string", str(strings)]
    assert cli.main([*asked, *more]) == 1
    said = "".join(capsys.readouterr())
    assert not [name for name, secret in SECRETS.items() if secret in said]
    lines = [line for line in own.decode().splitlines() if not line.startswith("-")]
    assert not any(line[:16] in said for line in lines)


def test_a_daemons_own_file_stands_for_all_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what is linked into config.d is passed over, as the daemons do."""
    disk = applied(toml_gateway(GATEWAY)).without(CONFIG)
    certd = "/etc/aziot/certd/config.d"
    disk = disk.put("/srv/zz.toml", "homedir_path = 7").link(f"{certd}/99.toml", "/srv/zz.toml")
    root = plant(disk, tmp_path)
    for path in (f"{certd}/00-super.toml", "/etc/aziot"):
        report = audited(path, "--root", str(root), "--runtime", "1.5", capsys=capsys)
        assert rules(report) == set()
        assert report["valid"] is True
        assert f"{certd}/99.toml" not in report["expected"]["device"]["configuration_files"]


def test_a_support_bundle_without_configuration_is_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("check.json", "{}")
        made.writestr("logs/edgeHub_log.txt", "")
    told = refused(str(path), capsys=capsys)
    assert "`iotedge support-bundle` leaves it out; put the gateway's etc/aziot" in told


def test_a_broken_configuration_that_nothing_reads_does_not_matter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A config.yaml that was left behind, or a config.toml that nobody needs yet."""
    newer = plant(toml_gateway(GATEWAY).put(YAML, "a: b: c"), tmp_path / "newer")
    assert rules(audited(str(newer), "--runtime", "1.5", capsys=capsys)) == set()
    older = plant(yaml_disk(stock.stock_11()).put(CONFIG, "a ="), tmp_path / "older")
    assert rules(audited(str(older), "--runtime", "1.1", capsys=capsys)) == set()


@pytest.mark.parametrize("inner", ["", "etc", "etc/aziot", "etc/aziot/", "etc/aziot/config.toml"])
@pytest.mark.parametrize("with_root", [True, False])
def test_the_etc_in_which_a_configuration_is_tells_the_root(
    inner: str,
    with_root: bool,
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever part of a copied tree is named, from wherever."""
    monkeypatch.chdir(root)
    given = ["--root", str(root)] if with_root else []
    for path in (f"{root}/{inner}", inner or "."):
        report = audited(path, "--runtime", "1.5", *given, capsys=capsys)
        assert report["valid"] is True and rules(report) == set()


def test_the_host_name_of_edged_is_compared_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes into server certificates, whatever identityd has."""
    file = "/etc/aziot/edged/config.d/00-super.toml"
    disk = applied(toml_gateway(GATEWAY))
    other = plant(disk.edited(file, '"iotedgegw.local"', '"old.local"'), tmp_path / "other")
    report = audited(str(other), "--runtime", "1.5", capsys=capsys)
    (finding,) = (f for f in report["findings"] if f["rule"] == "configuration.not-applied")
    assert file in finding["message"] and "old.local" in finding["message"]
    assert rules(audited(str(plant(disk, tmp_path / "same")), capsys=capsys)) == set()
