"""`edgecheck audit --connect`: what a gateway presents, captured and compared with its files."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from edgecheck import cli
from fixtures import stock
from fixtures.pki import pem
from fixtures.trees import toml_gateway
from tests.conftest import REPO
from tests.servers import listening, tls
from tests.test_cli_audit import AT, GATEWAY, plant, rules

SCHEMA = json.loads((REPO / "edgecheck/reporting/schema/report-v1.json").read_bytes())
ANOTHER = stock.stock_15("ec")


def asked(root: Path, port: int, *more: str) -> list[str]:
    connect = ["--connect", f"127.0.0.1:{port}", "--timeout", "5"]
    return ["audit", str(root), "--runtime", "1.5", *connect, *AT, *more]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return plant(toml_gateway(GATEWAY), tmp_path)


def test_a_sound_gateway_is_its_connection_and_one_quiet_line(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Judged for the configured host name, which is asked for, though an address was named."""
    with listening(tls(tmp_path, GATEWAY.presented(), GATEWAY["server"].key)) as port:
        assert cli.main(asked(root, port)) == 0
        text = capsys.readouterr()
        assert cli.main(asked(root, port, "--format", "json")) == 0
    report = json.loads(capsys.readouterr().out)
    assert text.err == ""
    assert text.out.startswith(f"127.0.0.1:{port}")
    assert "\n\nok" in text.out
    assert (report["valid"], report["expected"]["hostname"]) == (True, stock.HOSTNAME)
    assert [each["server_name"] for each in report["connections"]] == [stock.HOSTNAME]
    assert report["certificates"][0]["origin"]["source"] == f"127.0.0.1:{port}, certificate 1"
    assert not list(Draft202012Validator(SCHEMA).iter_errors(report))


def test_what_is_captured_is_judged_as_the_same_in_a_file(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A chain below another device CA than the configured one."""
    sent = tmp_path / "sent.pem"
    sent.write_bytes(pem(*ANOTHER.presented()))
    with listening(tls(tmp_path, ANOTHER.presented(), ANOTHER["server"].key)) as port:
        status = cli.main(asked(root, port, "--format", "json"))
    live = json.loads(capsys.readouterr().out)
    same = ["audit", str(root), "--runtime", "1.5", "--presented", str(sent), *AT]
    assert status == cli.main([*same, "--format", "json"])
    assert rules(live) == rules(json.loads(capsys.readouterr().out)) != set()


def test_where_nothing_answers_one_line_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    assert cli.main(asked(root, port)) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.count("\n") == 1
    assert "refused" in out.err


def test_a_file_and_a_connection_are_not_both_taken(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(asked(root, 1, "--presented", str(root))) == 2
    assert "leave one out" in capsys.readouterr().err
