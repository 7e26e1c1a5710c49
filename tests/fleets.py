"""What tests of `edgecheck fleet` share: a fleet, a call, and what came out of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from edgecheck import cli
from edgecheck.adapters.fleet import inputs
from tools import make_fleet

AT = ("--at", make_fleet.AT.isoformat())
TRUST = ("--trust", "root.pem")
COUNT = 230


def make(folder: Path) -> None:
    """A fleet of 230 gateways, and the root that their clients trust."""
    make_fleet.main([str(COUNT), str(folder / "in.parquet"), "--trust", str(folder / "root.pem")])


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet")
    make(folder)
    return folder


@pytest.fixture
def in_a_folder(made_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the fleet, in pieces of 50 gateways."""
    for file in made_once.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(inputs, "ROWS", 50)


def fleet(*words: str, status: int | None = None) -> int:
    """One run, in this process unless the words say otherwise."""
    alone = () if "--workers" in words else ("--workers", "1")
    ended = cli.main(["fleet", *words, *alone, *AT])
    assert status is None or ended == status
    return ended


def rows(name: str = "out.parquet") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(name).to_pylist()
    return found


def digest(name: str) -> str:
    return hashlib.sha256(Path(name).read_bytes()).hexdigest()


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that says why, and nothing else was printed."""
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1), err
    return err
