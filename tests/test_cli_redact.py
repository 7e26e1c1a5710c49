"""`--redact`: what each command prints can be posted, and still tells all that is wrong."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from edgecheck import cli
from fixtures import stock
from fixtures.pki import pem
from tests.conftest import REPO
from tests.servers import listening, tls

AT = ("--at", "2026-11-23T12:00:00Z")
VALIDATOR = Draft202012Validator(
    json.loads((REPO / "edgecheck/reporting/schema/report-v1.json").read_bytes())
)
GATEWAY = stock.stock_15("ec")
NAME = "Rosenbaum-GW.factory.example"
TELLING = re.compile(r"rosenbaum|factory|contoso|iotedgegw|plant(?!7)|alice", re.IGNORECASE)
"""What the names of the files, the certificates and the host have in them; `plant7.local` is in
what was measured with clients, and stands in reports about anybody."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a chain, a root and a device CA, whose names tell whose they are."""
    folder = tmp_path / "alice"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("rosenbaum.pem").write_bytes(pem(*GATEWAY.presented()))
    Path("factory-root.pem").write_bytes(pem(*GATEWAY.trust()))
    shutil.copy("rosenbaum.pem", "plant.pem")
    return folder


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command prints; it was carried out."""
    assert cli.main([*arguments, "--redact"]) in (0, 1)
    out = capsys.readouterr()
    assert out.err == ""
    return out.out


CHECK = ("check", "rosenbaum.pem", "--hostname", NAME, "--trust", "factory-root.pem", *AT)


def test_check_as_text(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = ran(capsys, *CHECK)
    assert TELLING.findall(text) == []
    assert "error[hostname.not-in-san]" in text
    assert "\nChain description:\n  1. server; subject " in text
    assert text.startswith("name") and ".pem · 3 certificates · hostname Name" in text


def test_check_as_json(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It follows the schema, and the exit status is that of the whole report."""
    text = ran(capsys, *CHECK, "--format", "json", "--second-opinion")
    assert TELLING.findall(text) == []
    report = json.loads(text)
    assert not list(VALIDATOR.iter_errors(report))
    assert len(report["chain_description"]) == len(report["certificates"]) == 4
    assert report["second_opinions"]
    assert cli.main([*CHECK, "--redact", "--quiet"]) == 1
    assert cli.main([*CHECK, "--redact", "--quiet", "--fail-on", "never"]) == 0


def test_a_report_that_goes_to_a_file_is_redacted_too(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = ran(capsys, *CHECK, "--ascii")
    assert ran(capsys, *CHECK, "--ascii", "-o", "report.txt") == ""
    assert Path("report.txt").read_text() == printed


def test_without_the_option_nothing_changes(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(list(CHECK)) == 1
    text = capsys.readouterr().out
    assert "Chain description" not in text
    assert NAME in text
    assert cli.main([*CHECK, "--format", "json"]) == 1
    assert "chain_description" not in json.loads(capsys.readouterr().out)


def test_files_each_by_itself_share_their_pseudonyms(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One name is one pseudonym in all that is printed."""
    each = ("check", "rosenbaum.pem", "plant.pem", "--hostname", NAME, "--each", *AT)
    text = ran(capsys, *each)
    assert TELLING.findall(text) == []
    assert text.count("Chain description:") == 2
    assert len(set(re.findall(r"hostname (\S+)", text))) == 1
    reports = json.loads(ran(capsys, *each, "--format", "json"))
    assert TELLING.findall(json.dumps(reports)) == []
    one, other = ([c["subject"] for c in report["certificates"]] for report in reports)
    assert one == other
    assert reports[0]["source"] != reports[1]["source"]
    assert all(report["source"].endswith(".pem") for report in reports)


def test_standard_input_keeps_its_name(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("rosenbaum.pem").open(encoding="ascii") as file:
        monkeypatch.setattr(sys, "stdin", file)
        report = json.loads(ran(capsys, "check", "-", *AT, "--format", "json"))
    assert {one["origin"]["source"] for one in report["certificates"]} == {"-"}


def test_predict(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("predict", "plant.pem", "--hostname", NAME, "--runtime", "1.5", *AT)
    more = ("--runtime", "1.1", "--device-id", "Rosenbaum-7", "--machine-name", "rosenbaum-gw")
    for arguments in (asked, (*asked, *more)):
        text = ran(capsys, *arguments, "-v")
        assert TELLING.findall(text) == []
        assert "Chain description:" in text
        assert "on IoT Edge 1.5" in text
        report = json.loads(ran(capsys, *arguments, "--format", "json"))
        assert TELLING.findall(json.dumps(report)) == []
        for one in report if isinstance(report, list) else [report]:
            assert not list(VALIDATOR.iter_errors(one))


def connected(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    return ran(capsys, "connect", "--timeout", "5", *AT, *arguments)


def test_connect(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The host that was named, and the name that was asked for, are not told; ports are."""
    known = ("--hostname", NAME, "--trust", "factory-root.pem")
    with listening(tls(tmp_path, GATEWAY.presented(), GATEWAY["server"].key)) as port:
        text = connected(capsys, f"localhost:{port}", *known)
        made: Any = json.loads(connected(capsys, f"localhost:{port}", *known, "--format", "json"))
    assert TELLING.findall(text + json.dumps(made)) == []
    assert text.startswith(f"localhost:{port} · TLS 1.3 · ")
    assert "error[hostname.not-in-san]" in text
    assert not list(VALIDATOR.iter_errors(made))
    (connection,) = made["connections"]
    assert (connection["host"], connection["port"]) == ("localhost", port)
    assert connection["server_name"] == made["expected"]["hostname"]
    assert made["source"] == f"localhost:{port}"


def test_hosts_that_present_nothing_are_not_told_either(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In what goes to standard output; the line on standard error is for whoever ran it."""
    Path("hosts.txt").write_text("rosenbaum.invalid\n")
    arguments = ["connect", "--timeout", "2", "--targets", "hosts.txt", "--redact"]
    for form in ("text", "json"):
        assert cli.main([*arguments, "--format", form]) == 2
        assert TELLING.findall(capsys.readouterr().out) == []
