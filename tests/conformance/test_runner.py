"""tools/conformance.py by itself: bounds, figures and what it writes; it needs no data."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CASES = [{"id": name} for name in ("good", "accepted", "rejected", "open", "raises", "slow")]
LAST_LINE = "limbo: 2 agree, 1 wrongly accepted, 1 wrongly rejected, 1 skipped, 1 timed out"
OUTCOMES = ["agree", "wrongly accepted", "wrongly rejected", "agree", "skipped", "timed out"]


def run(case: dict[str, Any]) -> tuple[bool, bool | None, str]:
    match case["id"]:
        case "accepted":
            return False, True, ""
        case "rejected":
            return True, None, ""
        case "open":
            return False, None, ""
        case "raises":
            raise ValueError("no certificate")
        case "slow":
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                try:
                    time.sleep(0.01)
                except Exception:
                    continue
    return True, True, ""


@pytest.mark.parametrize("alarm", [True, False])
def test_every_case_is_bounded(
    alarm: bool, conformance: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an alarm where the system has one, else with a thread; the handler is put back."""
    monkeypatch.setattr(conformance, "BOUND", 0.1)
    if not alarm:
        monkeypatch.delattr(signal, "SIGALRM", raising=False)
    before = signal.getsignal(signal.SIGALRM) if hasattr(signal, "SIGALRM") else None
    results = list(conformance.judged(CASES, run))
    assert [result["outcome"] for result in results] == OUTCOMES
    assert results[4]["why"] == "ValueError: no certificate"
    assert conformance.figures("limbo", results) == LAST_LINE
    if hasattr(signal, "SIGALRM"):
        assert signal.getsignal(signal.SIGALRM) == before


def test_the_command(
    conformance: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The last line has the figures; `--json` has the cases, `--filter` chooses them."""
    (tmp_path / "limbo.json").write_text(json.dumps({"testcases": CASES}))
    monkeypatch.setattr(conformance, "RUNNERS", {"limbo": run})
    arguments = ["conformance.py", "limbo", str(tmp_path / "limbo.json")]
    written = tmp_path / "results.json"
    monkeypatch.setattr(sys, "argv", [*arguments, "--filter", "ed", "--json", str(written)])
    assert conformance.main() == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "limbo: 0 agree, 1 wrongly accepted, 1 wrongly rejected, 0 skipped, 0 timed out"
    )
    results = json.loads(written.read_text())
    assert [result["id"] for result in results] == ["accepted", "rejected"]
    assert {"id", "outcome", "valid", "why", "seconds"} == results[0].keys()
