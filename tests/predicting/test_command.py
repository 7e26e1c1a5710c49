"""`edgecheck predict`, and `check --sent-by`: what they print, write, and end with."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import jsonschema
import pytest

from edgecheck import cli
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import basic_constraints, pem
from fixtures.stock import HOSTNAME
from tests.conftest import REPO

AT = "2026-11-23T12:00:00Z"
SCHEMA = json.loads((REPO / "edgecheck/reporting/schema/report-v1.json").read_text("utf-8"))
FILE = ("device_ca", "intermediate", "root")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of a sound device CA, and of one whose path length is 0."""
    gateway = stock.stock_11("ec")
    write(tmp_path / "dca.pem", gateway)
    write(tmp_path / "short.pem", gateway.with_extension("device_ca", basic_constraints(True, 0)))
    (tmp_path / "root.pem").write_bytes(pem(*gateway.trust()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("NO_COLOR", "FORCE_COLOR", "EDGECHECK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    return tmp_path


def write(file: Path, gateway: Gateway) -> None:
    file.write_bytes(pem(*gateway.presented(*FILE)))


Ran = tuple[int, str, str]


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    status = cli.main(arguments)
    out, err = capfd.readouterr()
    return status, out, err


SOUND = ("dca.pem", "--hostname", HOSTNAME, "--trust", "root.pem", "--at", AT)
SHORT = ("short.pem", *SOUND[1:])


def test_a_sound_device_ca_is_one_line_and_the_tree(capfd: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capfd, "predict", *SOUND, "--runtime", "1.5")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("ok · dca.pem on IoT Edge 1.5 · ")
    assert len(lines) == 7
    assert "server, synthetic" in lines[-1]


def test_two_versions_are_told_side_by_side(capfd: pytest.CaptureFixture[str]) -> None:
    """A path length of 0 is fine on 1.5 and breaks on 1.1, whose workload CA stands below."""
    status, out, _ = run(capfd, "predict", *SHORT, "--runtime", "1.5", "--runtime", "1.1")
    assert status == 1
    first, second, _, count, *_ = out.splitlines()
    assert first.startswith("ok     short.pem on IoT Edge 1.5")
    assert second == "error  short.pem on IoT Edge 1.1 · 1 error: ca.path-length-for-workload-ca"
    assert count == "2 predictions: 1 with errors, 1 ok"
    assert out.count("error[") == 1


def test_json_has_one_report_or_a_list_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capfd, "predict", *SOUND, "--runtime", "1.4", "--format", "json")
    one = json.loads(out)
    jsonschema.validate(one, SCHEMA)
    assert one["hierarchy"]["predicted"]["runtime"] == "1.4.0"
    assert [c["synthetic"] for c in one["certificates"]] == [True, False, False, False]
    versions = ("--runtime", "1.4", "--runtime", "1.1", "--sent-by", "edgehub")
    _, out, _ = run(capfd, "predict", *SOUND, *versions, "--format", "json")
    both = json.loads(out)
    for report in both:
        jsonschema.validate(report, SCHEMA)
    assert [r["hierarchy"]["predicted"]["runtime"] for r in both] == ["1.4.0", "1.1.19"]
    assert [len(r["hierarchy"]["sender"]["withheld"]) for r in both] == [1, 1]


def test_the_same_command_prints_the_same_bytes(capfd: pytest.CaptureFixture[str]) -> None:
    command = ("predict", *SOUND, "--runtime", "1.1", "--format", "json")
    assert run(capfd, *command) == run(capfd, *command)


def test_a_module_has_a_chain_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    modules = ("--module", "$edgeHub", "--module", "broker")
    _, out, _ = run(capfd, "predict", *SOUND, "--runtime", "1.5", *modules, "--format", "json")
    names = [report["certificates"][0]["dns_names"] for report in json.loads(out)]
    assert names == [[HOSTNAME, "edgeHub"], [HOSTNAME, "broker"]]


def test_what_is_saved_is_marked(capfd: pytest.CaptureFixture[str], place: Path) -> None:
    saved = place / "predicted.pem"
    run(capfd, "predict", *SOUND, "--runtime", "1.1", "--save", str(saved), "--quiet")
    text = saved.read_text("ascii")
    assert text.count("-----BEGIN CERTIFICATE-----") == 5
    assert text.count("# synthetic: as IoT Edge 1.1.19 will make it") == 2
    assert "# workload CA: C=US, O=Contoso, OU=Plant 7, CN=iotedged workload ca" in text


def test_a_file_holds_one_chain_or_none(capfd: pytest.CaptureFixture[str], place: Path) -> None:
    saved = str(place / "predicted.pem")
    two = ("--runtime", "1.1", "--runtime", "1.5", "--save", saved)
    status, _, err = run(capfd, "predict", *SOUND, *two)
    assert (status, "several chains are predicted" in err) == (2, True)
    both = ("--runtime", "1.1", "--save", saved, "-o", saved)
    status, _, err = run(capfd, "predict", *SOUND, *both)
    assert (status, "--save and -o both name" in err) == (2, True)
    long = ("dca.pem", "--hostname", "g" * 65, "--at", AT, "--runtime", "1.5", "--save", saved)
    status, _, err = run(capfd, "predict", *long)
    assert (status, "so nothing was written" in err) == (1, True)
    assert not Path(saved).exists()


@pytest.mark.parametrize("option", ["--save", "-o"])
def test_no_input_is_written_over(
    capfd: pytest.CaptureFixture[str], place: Path, option: str
) -> None:
    before = (place / "dca.pem").read_bytes()
    status, _, err = run(capfd, "predict", *SOUND, "--runtime", "1.5", option, "dca.pem")
    assert status == 2
    assert "dca.pem is what was read" in err
    assert (place / "dca.pem").read_bytes() == before


def test_a_quick_start_needs_no_file(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--hostname", HOSTNAME, "--at", AT, "--device-id", "edge-7")
    status, out, _ = run(capfd, "predict", *words, "--runtime", "1.6")
    assert status == 0
    assert "quick start on IoT Edge 1.6" in out
    assert "warning[edge.quickstart-certificates]" in out
    assert "input.no-certificate" not in out


def test_nothing_is_made_of_a_name_that_is_too_long(capfd: pytest.CaptureFixture[str]) -> None:
    long = ("dca.pem", "--hostname", "g" * 65, "--trust", "root.pem", "--at", AT)
    status, out, _ = run(capfd, "predict", *long, "--runtime", "1.5")
    assert status == 1
    assert "IoT Edge 1.5 makes no usable chain of it: hostname.too-long" in out
    assert "synthetic" not in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--runtime", "2.0"), "--runtime: '2.0' is not a known IoT Edge version"),
        (("--runtime", "1.5", "--second-opinion"), "--second-opinion: other validators verify"),
        (("--runtime", "1.5", "--profile", "none"), "--profile: 'none' is unknown"),
        (("--runtime", "1.5", "--module", ""), "--module: expected a name"),
        (("--runtime", "1.5", "--at", "noon"), "--at noon: no such time"),
        ((), "Missing option '--runtime'"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(
    capfd: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    status, out, err = run(capfd, "predict", "dca.pem", "--hostname", HOSTNAME, *arguments)
    assert (status, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1


def test_a_quick_start_without_an_id_says_which_option_lacks(
    capfd: pytest.CaptureFixture[str],
) -> None:
    status, _, err = run(capfd, "predict", "--hostname", HOSTNAME, "--runtime", "1.5")
    assert status == 2
    assert "--device-id: expected the device's id" in err


def test_check_judges_what_edgehub_sends_of_a_file(
    capfd: pytest.CaptureFixture[str], place: Path
) -> None:
    """In any order, with the root: as .NET builds it, without."""
    gateway = stock.stock_15("ec")
    roles = ("server", "root", "intermediate", "device_ca")
    (place / "served.pem").write_bytes(pem(*gateway.presented(*roles)))
    words = ("--hostname", HOSTNAME, "--trust", "root.pem", "--at", AT)
    _, before, _ = run(capfd, "check", "served.pem", *words)
    assert "chain.wrong-order" in before
    sent_by = ("--sent-by", "edgehub", "--runtime", "1.5")
    status, out, _ = run(capfd, "check", "served.pem", *words, *sent_by)
    assert status == 0
    assert out.startswith("ok · ")
    assert "edgeHub does not send:" in out
    assert "were not measured" not in out
    _, other, _ = run(capfd, "check", "served.pem", *words, "--sent-by", "edgehub")
    assert "other versions were not measured" in other


def test_a_transcript_cannot_be_sent_once_more(
    capfd: pytest.CaptureFixture[str], place: Path
) -> None:
    certificates = pem(*stock.stock_15("ec").presented(), comments=False).decode()
    text = "CONNECTED(00000003)\n---\nCertificate chain\n" + certificates
    (place / "sent.txt").write_text(text)
    status, _, err = run(capfd, "check", "sent.txt", "--sent-by", "edgehub")
    assert status == 2
    assert err.startswith("edgecheck: --sent-by: a transcript is what was sent already")
