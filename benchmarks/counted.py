"""Work that is the same in each run: calls and memory of a check, counted in a new process.

    python benchmarks/counted.py [--ceilings]

Prints figures as JSON, or a tenth above them as `tests/test_work.py` has its ceilings. In a process
of its own nothing matters that ran before: a module that is loaded, a cache, an object that Python
keeps to use it again. `check` has all caches empty, `check_again` is the same bytes again, `memo` a
gateway whose issuers a memo knows, `predictions` what `check_again`'s report is then asked for,
`refused` the same of a chain that clients refuse, of which each model is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SHAPES = ("1.1_rsa2048", "1.4_p256")


def figures() -> dict[str, int]:
    """Return calls, and bytes at the most and kept, counted in a new process."""
    settings = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "benchmarks.counted"]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=settings)
    found: dict[str, int] = json.loads(done.stdout)
    return found


def counted(shape: str) -> dict[str, int]:
    """Return what is counted of one shape, here and now."""
    import edgecheck
    from benchmarks import chains
    from benchmarks.counting import calls, forget, memory

    first, second, third, *_ = chains.others(shape, 3)
    report = chains.check(first)
    _ = report.predictions  # what is loaded once is loaded

    def known() -> edgecheck.Memo:
        memo = edgecheck.Memo()
        chains.check(second, memo)
        return memo

    found: dict[str, int] = {}

    def count(name: str, prepared: Callable[[], Callable[[], object]]) -> None:
        work = prepared()
        found[f"{name}_calls_{shape}"] = calls(work)
        work = prepared()
        used = memory(work)
        found[f"{name}_peak_bytes_{shape}"] = used.peak
        found[f"{name}_kept_bytes_{shape}"] = used.kept

    def cold() -> Callable[[], object]:
        forget()
        return lambda: chains.check(first)

    def warm() -> Callable[[], object]:
        return lambda: chains.check(first)

    def remembering() -> Callable[[], object]:
        memo = known()
        return lambda: chains.check(third, memo)

    def predicting() -> Callable[[], object]:
        made = chains.check(first)
        return lambda: made.predictions

    def predicting_refusals() -> Callable[[], object]:
        made = chains.of(chains.gateway(shape).without_extension("device_ca", "basicConstraints"))
        report = edgecheck.check(made.presented, made.hostname, made.trust, chains.AT)
        _ = (report.findings, report.undecided, report.fix_first)
        return lambda: report.predictions

    _ = predicting_refusals()()  # likewise
    count("check", cold)
    count("check_again", warm)
    count("memo", remembering)
    count("predictions", predicting)
    count("refused", predicting_refusals)
    return found


def ceiling(counted: int) -> int:
    """Return a tenth above what was counted, rounded up to three digits."""
    step: int = 10 ** max(len(str(counted)) - 3, 0)
    return -(-counted * 11 // (10 * step)) * step


def main(arguments: Sequence[str]) -> None:
    found = {name: each for shape in SHAPES for name, each in counted(shape).items()}
    if "--ceilings" not in arguments:
        print(json.dumps(found))
        return
    for name, each in found.items():
        print(f'    "{name}": {ceiling(each):_},')


if __name__ == "__main__":
    main(sys.argv[1:])
