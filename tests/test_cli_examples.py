"""Every command's `--help` has examples, and each of them does what it says."""

from __future__ import annotations

import io
import json
import shlex
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from edgecheck import cli
from edgecheck.commands.examples import EXAMPLES
from fixtures.expected import FIXTURES
from fixtures.trees import planted

HEALTHY, DEVICES = FIXTURES / "good", FIXTURES / "devices"
LINES = [(name, line) for name, lines in EXAMPLES.items() for line in lines]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that examples name."""
    chain = HEALTHY / "runtime-1-5-rsa"
    for name in ("gateway.pem", "a.pem", "b.pem", "sent.txt"):
        shutil.copy(chain / "chain.pem", tmp_path / name)
    shutil.copy(chain / "trust.pem", tmp_path / "root.pem")
    tree = DEVICES / "good-15"
    planted(tree, tmp_path / "image")
    certificates = tmp_path / "image/etc/aziot/certificates"
    shutil.copy(certificates / "iot-edge-device-ca.cert.pem", tmp_path / "device-ca.pem")
    shutil.copy(tmp_path / "device-ca.pem", tmp_path / "ca.pem")
    planted(DEVICES / "good-11", tmp_path / "old")
    shutil.make_archive(str(tmp_path / "gateway"), "zip", tmp_path / "old")
    for name in ("gw1", "gw2"):
        shutil.make_archive(str(tmp_path / name), "zip", tmp_path / "image")
    (tmp_path / "chains").mkdir()
    shutil.copy(chain / "chain.pem", tmp_path / "chains")
    line = {"id": "gw-7", "chain": (chain / "chain.pem").read_text()}
    pq.write_table(pa.Table.from_pylist([line]), tmp_path / "gateways.parquet")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(line).encode())))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(line: str) -> list[str]:
    """What a shell gives to edgecheck of a line."""
    parts = shlex.split(line.replace("$(command -v edgecheck)", "edgecheck"))
    return parts[parts.index("edgecheck") + 1 :]


def test_every_command_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(EXAMPLES) == set(cli.edgecheck.commands)
    for command, lines in EXAMPLES.items():
        assert cli.main([command, "--help"]) == 0
        shown = capsys.readouterr().out
        for line in lines:
            assert f"\n    {line}\n" in shown
            assert len(line) <= 76


@pytest.mark.parametrize(
    ("command", "line"), [(name, line) for name, line in LINES if name != "connect"]
)
def test_an_example_is_carried_out(
    command: str, line: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With files of those names; 2 is the status of what could not be."""
    asked = [
        word.replace("/mnt/image", "image").replace("/etc/aziot", "image/etc/aziot")
        for word in words(line)
    ]
    if asked[-1] == "-":
        asked[-1] = "x509: certificate signed by unknown authority"  # what came by the pipe
    assert asked[0] == command
    assert cli.main(asked) in (0, 1)
    written = Path(asked[asked.index("-o") + 1]) if "-o" in asked else None
    assert capsys.readouterr().out or (written is not None and written.read_bytes())


@pytest.mark.parametrize("line", EXAMPLES["connect"])
def test_an_example_of_connect_is_understood(line: str) -> None:
    """Nobody connects here; that there are such options is what is asked."""
    asked = words(line)
    cli.edgecheck.commands[asked[0]].make_context(asked[0], asked[1:])
