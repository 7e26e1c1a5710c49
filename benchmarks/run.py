"""How fast edgecheck is, as ratios to peers that are measured in the same run, in turn.

    python benchmarks/run.py [--only GROUP ...] [--rounds N] [--rows N] [--json FILE]

Every figure is a line `name: value`; what could not be measured says why instead. A case of each
group runs in a process of its own, so that nothing disturbs it that ran before. Quote ratios, not
times: machines differ, and one machine's speed drifts. A figure is of the fastest rounds, and with
`_median` of those in the middle; `calibration_spread` far above 1 says that the machine was busy.
At the end stands which bars are missed (`benchmarks/bars.py`). What each figure means is in the
module of its group and in docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import bars  # noqa: E402
from benchmarks.timing import Figures  # noqa: E402

ROUNDS, ROWS = 400, 10_000
# group -> (its module, what it measures)
GROUPS = {
    "single": ("single", "a check of one chain, beside peers and the floor"),
    "memo": ("many", "10,000 gateways of 20 plants, with a memo"),
    "predictions": ("predicted", "predictions beside a check, and inputs of a megabyte"),
    "rules": ("rules", "the costliest rules, and each shape of gateway"),
    "processes": ("processes", "commands, beside an import and openssl verify"),
    "memory": ("memory", "memory of a check, a report, a memo and a process"),
    "growth": ("growth", "how work grows, and 150 trusted roots beside one"),
    "rows": ("processes", "a fleet in one process and in two, and its memory"),
}


def cases(group: str, rows: int) -> dict[str, Callable[[int], Figures]]:
    """Return what a group measures: name of each case -> function of the number of rounds."""
    module = importlib.import_module(f"benchmarks.{GROUPS[group][0]}")
    found: dict[str, Callable[[int], Figures]]
    found = module.with_rows(rows) if group == "rows" else module.CASES
    return found


def figures_of(group: str, case: str, rounds: int, rows: int) -> Figures:
    """Return the figures of one case, measured in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), "--case", group, case]
    command += ["--rounds", str(rounds), "--rows", str(rows)]
    # The order of a set is the same in each run.
    settings = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, cwd=ROOT, env=settings, text=True
    )
    if done.returncode:
        return {f"{group}_{case}": f"not measured: the process ended with {done.returncode}"}
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(groups: Sequence[str], rounds: int, rows: int) -> Iterator[tuple[str, float | str]]:
    """Yield each figure as soon as its case is done; at the end, how many bars are met."""
    every: Figures = {}
    for group in groups:
        for case in cases(group, rows):
            figures = figures_of(group, case, rounds, rows)
            every |= figures
            yield from figures.items()
    yield from bars.counts(every).items()


def line(name: str, value: float | str) -> str:
    """Return what is printed of a figure."""
    return f"{name}: {value if isinstance(value, str) else f'{value:.3f}'}"


def main() -> None:
    groups = "\n".join(f"  {name:12} {what}" for name, (_, what) in GROUPS.items())
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        epilog=f"groups:\n{groups}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", action="append", choices=GROUPS, metavar="GROUP")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default {ROUNDS}")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"of the fleet; default {ROWS}")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--case", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        group, case = options.case
        print(json.dumps(cases(group, options.rows)[case](options.rounds)))
        return
    figures: Figures = {}
    for name, value in measured(options.only or list(GROUPS), options.rounds, options.rows):
        figures[name] = value
        print(line(name, value), flush=True)
    for each in bars.missed(figures):
        print(each)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
