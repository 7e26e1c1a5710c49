"""The questions of docs/fleet.md are put to DuckDB, over a fleet of which the answers are known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from edgecheck import cli
from tests.conftest import REPO
from tools import make_fleet

COUNT = 300
QUESTIONS = re.findall(r"```sql\n(.+?)```", (REPO / "docs/fleet.md").read_text(), re.DOTALL)
FAULTS = [make_fleet.fault_of(number) for number in range(COUNT)]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("questions")
    source, root = folder / "gateways.parquet", folder / "root.pem"
    make_fleet.main([str(COUNT), str(source), "--trust", str(root)])
    words = ["-o", str(folder / "judged.parquet"), "--findings", str(folder / "findings.parquet")]
    words += ["--trust", str(root), "--at", make_fleet.AT.isoformat(), "--workers", "1", "-q"]
    assert cli.main(["fleet", str(source), *words]) == 1
    return folder


def asked(word: str, judged: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The answer to the only question with this word in it."""
    (question,) = [each for each in QUESTIONS if word in each]
    monkeypatch.chdir(judged)
    found = duckdb.connect().execute(question)
    names = [each[0] for each in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_all_questions_are_put() -> None:
    words = ("signature,", "unnest", "INTERVAL", "JOIN", "any_value", "valid IS NULL")
    assert len(QUESTIONS) == len(words)
    for question, word in zip(QUESTIONS, words, strict=True):
        assert word in question


def test_faults_are_counted(judged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing intermediate is `chain.missing-issuer` and nothing else."""
    found = {row["signature"]: row for row in asked("signature,", judged, monkeypatch)}
    assert found["chain.missing-issuer"]["gateways"] == FAULTS.count("bare")
    assert found["chain.missing-issuer"]["example"] == f"gw-{FAULTS.index('bare'):07}"


def test_shared_certificates_are_told_by_their_end(
    judged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intermediate of plant 7 first, the root last."""
    rows = asked("unnest", judged, monkeypatch)
    assert f"Plant {make_fleet.ENDING_PLANT:02}" in rows[0]["subject"]
    assert rows[-1]["role"] == "root"
    assert {row["role"] for row in rows} == {"intermediate", "root"}


def test_what_stops_soon_is_told(judged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Device CAs that end within weeks, and those below the intermediate that ends."""
    found = {row["id"] for row in asked("INTERVAL", judged, monkeypatch)}
    soon = {f"gw-{number:07}" for number, fault in enumerate(FAULTS) if fault == "soon"}
    assert soon <= found
    ending = f"plant-{make_fleet.ENDING_PLANT:02}"
    sound = [n for n in range(COUNT) if not FAULTS[n] and make_fleet.row(n)["plant"] == ending]
    assert {f"gw-{number:07}" for number in sound} <= found


def test_plants_are_joined(judged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = asked("JOIN", judged, monkeypatch)
    assert sum(row["gateways"] for row in rows) == COUNT
    harmless = ("", "name", "soon")
    assert sum(row["broken"] for row in rows) == sum(f not in harmless for f in FAULTS)


def test_what_has_to_be_done_is_told(judged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {row["rule"]: row for row in asked("any_value", judged, monkeypatch)}
    assert rows["validity.expired"]["gateways"] == FAULTS.count("expired")
    assert all(row["remedy"] for row in rows.values())


def test_the_uncertain_are_told(judged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no chain could be read."""
    found = [row["id"] for row in asked("valid IS NULL", judged, monkeypatch)]
    lost = [n for n, fault in enumerate(FAULTS) if fault in ("no-chain", "rubbish")]
    assert found == [f"gw-{number:07}" for number in lost]
