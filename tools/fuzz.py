"""Judge hostile inputs, made by number, and write down those of which something does not hold.

    python tools/fuzz.py --count 1000
    python tools/fuzz.py --start 0 --count 300000 --state fuzz.json --failures fuzz --jobs 2
    python tools/fuzz.py --state fuzz.json --again
    python tools/fuzz.py --show 1234 [--seed 0]

What inputs there are says tests/fuzzing/inputs.py, what must hold of them tests/fuzzing/demands.py.
The net below the models is taken away (tests/fuzzing/strict.py), so that it hides no mistake.
Seed and number make an input. With `--state`, numbers that were done are not done again, so that a
run that was stopped goes on where it was; nothing of it is lost but the block that was under way.
The last lines are figures; the exit status is 1 where something failed.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import edgecheck  # noqa: E402
from edgecheck.reporting.terminal import render  # noqa: E402
from tests.fuzzing.demands import Failure, failures, raised  # noqa: E402
from tests.fuzzing.inputs import made  # noqa: E402
from tests.fuzzing.strict import strictly  # noqa: E402

SHOWN = 8
"""Numbers that are printed of each kind."""
BLOCK = 50
"""Numbers that are done together."""
LIFE = 200
"""Blocks after which processes are started anew, so that what they remember stays small."""
WARM = 100
"""Inputs that are judged before processes start, which then need not make fixtures again."""
KEPT = 10
"""Failing inputs that are written down of each kind; the numbers of all are kept."""
MEGABYTES = 1_500
"""Memory of a process that judges: what needs more fails."""


@dataclass
class State:
    """What was done so far, with one seed."""

    seed: int
    done: list[tuple[int, int]] = field(default_factory=list)  # first, and one beyond the last
    seconds: float = 0.0
    failed: dict[str, list[int]] = field(default_factory=dict)  # numbers by kind

    @property
    def inputs(self) -> int:
        return sum(end - first for first, end in self.done)

    def add(self, first: int, end: int, took: float, found: Iterable[tuple[int, Failure]]) -> None:
        """One block."""
        self.seconds += took
        for number, failure in found:
            numbers = self.failed.setdefault(failure.group, [])
            if number not in numbers:
                numbers.append(number)
        merged: list[tuple[int, int]] = []
        for one in sorted([*self.done, (first, end)]):
            if merged and one[0] <= merged[-1][1]:
                merged[-1] = merged[-1][0], max(merged[-1][1], one[1])
            else:
                merged.append(one)
        self.done = merged

    def left(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        """Blocks of these numbers that were not done."""
        at = first
        for begin, after in [*self.done, (end, end)]:
            while at < min(begin, end):
                to = min(at + BLOCK, begin, end)
                yield at, to
                at = to
            at = max(at, after)


def load(path: Path | None, seed: int) -> State:
    """The state of a run that was stopped; a new one where there is no file."""
    if path is None or not path.exists():
        return State(seed)
    state = State(**json.loads(path.read_text(encoding="utf-8")))
    if state.seed != seed:
        raise SystemExit(f"{path}: of seed {state.seed}; give --seed {state.seed}, or another file")
    state.done = [(first, end) for first, end in state.done]
    return state


def save(path: Path | None, state: State) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(path.suffix + ".new")
        beside.write_text(json.dumps(asdict(state)), encoding="utf-8")
        beside.replace(path)


Found = list[tuple[int, Failure]]


def judge(first: int, end: int, seed: int, folder: Path | None) -> tuple[float, Found]:
    """One block: the time that it took, and what does not hold."""
    began, memo = time.perf_counter(), edgecheck.Memo()
    found: Found = []
    with limited_memory(), strictly():
        for number in range(first, end):
            try:
                one = made(number, seed)
            except Exception as wrong:
                found.append((number, Failure("cannot be made", raised(wrong).what, str(wrong))))
                continue
            wrong_here = failures(one, memo)
            found += [(number, failure) for failure in wrong_here]
            if wrong_here and folder is not None:
                keep(folder, one, wrong_here)
    return time.perf_counter() - began, found


@contextmanager
def limited_memory() -> Iterator[None]:
    """A limit of the system, where it has such; lifted again, since who calls may be no worker."""
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = MEGABYTES * 1024 * 1024
    if hard in (resource.RLIM_INFINITY, -1) or hard > wanted:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def keep(folder: Path, one: Any, found: Iterable[Failure]) -> None:
    """Write down an input: words beside a pickle of what was given, for code may change."""
    for failure in found:
        letters = "".join(c if c.isalnum() else "-" for c in failure.group)[:100]
        place = folder / letters
        place.mkdir(parents=True, exist_ok=True)
        if len(list(place.glob("*.txt"))) < KEPT:
            name = f"{one.seed}-{one.number}"
            told = f"{one.kind}, seed {one.seed}, number {one.number}\n{failure.told}\n"
            (place / f"{name}.txt").write_text(told, encoding="utf-8", errors="backslashreplace")
            (place / f"{name}.pickle").write_bytes(pickle.dumps(one))


def run(
    state: State,
    first: int,
    end: int,
    *,
    jobs: int = 1,
    path: Path | None = None,
    folder: Path | None = None,
) -> None:
    """Judge the numbers that are left, and keep the state up to date."""
    blocks = list(state.left(first, end))
    if jobs <= 1:
        for block in blocks:
            state.add(*block, *judge(*block, state.seed, folder))
            save(path, state)
        return
    for number in range(WARM if blocks else 0):  # what is made once, is made before the fork
        failures(made(number, state.seed), edgecheck.Memo())
    for at in range(0, len(blocks), LIFE):
        lost = list(together(blocks[at : at + LIFE], state, jobs, path, folder))
        for block in lost:  # one of them it was; each by itself tells which
            if any(together([block], state, 1, path, folder)):
                died = Failure("the process died", f"between {block[0]} and {block[1]}")
                state.add(*block, 0.0, [(block[0], died)])
                save(path, state)


Block = tuple[int, int]


def together(
    blocks: Sequence[Block], state: State, jobs: int, path: Path | None, folder: Path | None
) -> Iterator[Block]:
    """Judge blocks in processes; those are left over that a process took with it as it died."""
    with ProcessPoolExecutor(jobs) as pool:
        asked = {pool.submit(judge, *block, state.seed, folder): block for block in blocks}
        for each in as_completed(asked):
            block = asked[each]
            try:
                state.add(*block, *each.result())
            except BrokenProcessPool:
                yield block
            else:
                save(path, state)


def show(number: int, seed: int) -> None:
    """One input with its report, and what does not hold."""
    one = made(number, seed)
    print(f"{one.kind}, {one.size} octets, a key in it: {bool(one.secret)}")
    print({name: value for name, value in one.arguments.items() if value})
    print(repr(one.presented)[:2_000])
    for failure in failures(one, edgecheck.Memo()):
        print(f"{failure.group}: {failure.told}")
    print(render(one.check(), color=False, unicode=False, width=100, verbose=True))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--start", type=int, default=0, metavar="N")
    parser.add_argument("--count", type=int, default=1_000, metavar="M")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes")
    parser.add_argument("--state", type=Path, metavar="FILE", help="what was done; may be there")
    parser.add_argument("--failures", type=Path, metavar="FOLDER", help="for failing inputs")
    parser.add_argument("--again", action="store_true", help="only what failed, by the state file")
    parser.add_argument("--show", type=int, metavar="NUMBER", help="one input, with its report")
    options = parser.parse_args(arguments)
    if options.show is not None:
        show(options.show, options.seed)
        return 0
    state = load(options.state, options.seed)
    if options.again:
        again(state, options.failures)
        save(options.state, state)
        options.count = 0
    run(
        state,
        options.start,
        options.start + options.count,
        jobs=options.jobs,
        path=options.state,
        folder=options.failures,
    )
    for line in figures(state):
        print(line)
    return int(bool(state.failed))


def again(state: State, folder: Path | None) -> None:
    """Judge once more what failed, after something was mended."""
    numbers = sorted({number for found in state.failed.values() for number in found})
    state.failed = {}
    for number in numbers:
        took, found = judge(number, number + 1, state.seed, folder)
        state.add(number, number + 1, took, found)


def figures(state: State) -> Iterator[str]:
    """Kinds of failures, the most frequent first, then the whole."""
    for group, numbers in sorted(state.failed.items(), key=lambda item: -len(item[1])):
        dots = ", ..." if len(numbers) > SHOWN else ""
        yield f"{len(numbers):6} {group} ({', '.join(map(str, numbers[:SHOWN]))}{dots})"
    rate = state.inputs / state.seconds if state.seconds else 0
    failing = len({number for numbers in state.failed.values() for number in numbers})
    failed = f"{failing} of them fail, in {len(state.failed)} ways"
    yield f"fuzz: {state.inputs} inputs, {rate:.0f} a second, {failed}"


if __name__ == "__main__":
    sys.exit(main())
