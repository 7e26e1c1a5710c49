"""The fuzzer: the same inputs on every run, what it finds, and that it goes on where it stopped."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

import edgecheck
from tests.examples import LONG
from tests.fuzzing import demands
from tests.fuzzing.demands import Failure, failures, is_mistake
from tests.fuzzing.inputs import KINDS, Input, made
from tools import fuzz

REPO = Path(__file__).resolve().parents[2]
HOW_MANY = 300 if LONG else 150
BLOCK = 75
OPEN: frozenset[int] = frozenset()
"""Inputs whose report still contradicts itself; nobody says that it is right."""


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have loaded into this process (pyarrow) may have taken the limit alone."""
    monkeypatch.setattr(fuzz, "MEGABYTES", 100_000)


@pytest.mark.parametrize("first", range(0, HOW_MANY, BLOCK))
def test_hostile_inputs_give_sound_reports(first: int) -> None:
    """No exception, leak, control character, contradiction, library's word; the same again."""
    memo = edgecheck.Memo()
    found = {
        number: told
        for number in range(first, first + BLOCK)
        if number not in OPEN and (told := failures(made(number), memo))
    }
    assert not found


def test_a_number_is_an_input() -> None:
    """The same whenever it is asked for; another number, or another seed, makes another."""
    assert made(7) == made(7)
    assert made(7) != made(7, seed=1)
    kinds = Counter(made(number).kind for number in range(300))
    assert all(kinds[kind] > 5 for kind in KINDS)
    assert sum(bool(made(number).secret) for number in range(300)) > 20


def test_inputs_are_of_every_verdict() -> None:
    """A fuzzer that only made what nobody can read would find little."""
    verdicts: Counter[bool | None] = Counter()
    for number in range(300):
        with suppress(ValueError):  # what is asked for may be more than a name
            verdicts[made(number).check().valid] += 1
    assert all(verdicts[verdict] > 10 for verdict in (True, False, None))


def report_with(monkeypatch: pytest.MonkeyPatch, text: str) -> list[Failure]:
    """What the demands find where the report on a terminal is this text."""
    monkeypatch.setattr(demands, "render", lambda report, **options: text)
    return failures(next(one for n in range(99) if (one := made(n)).secret), edgecheck.Memo())


@pytest.mark.parametrize("text", ["\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\udcff", "\u2028"])
def test_a_control_character_is_found(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert {"a control character"} <= {each.kind for each in report_with(monkeypatch, text)}


def test_a_piece_of_a_key_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the key that was planted in the input."""
    planted = next(one for n in range(99) if (one := made(n)).secret)
    found = report_with(monkeypatch, planted.secret.hex())
    assert "a piece of a key" in {each.kind for each in found}


def test_a_word_of_a_library_is_found() -> None:
    assert demands.LIBRARIES.search("notAfter: Error parsing to a asn1crypto.core.UTCTime")
    assert demands.LIBRARIES.search("ParseError { kind: ExtraData }")


@pytest.mark.parametrize("number", [8, 9])
def test_a_report_that_differs_the_second_time_is_found(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the second one is made without predictions."""
    one = made(number)
    others = [edgecheck.Report.to_dict(made(n).check()) for n in (number, number + 8)]
    monkeypatch.setattr(edgecheck.Report, "to_dict", lambda self, **options: others.pop(0))
    found = {each.kind for each in failures(one, edgecheck.Memo())}
    assert "two reports differ" in found


def test_a_text_that_is_not_the_report_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that are written as people write them."""
    monkeypatch.setattr(edgecheck.Report, "to_json", lambda self, **options: "{}")
    found = {each.kind for each in failures(made(demands.WHOLE), edgecheck.Memo())}
    assert found == {"not what was to be written"}


def test_an_exception_is_found_but_for_mistakes_of_the_call() -> None:
    """And where in edgecheck it came from."""
    broken = Input(1, 0, "none", 7, {})
    (found,) = failures(broken)
    assert found.kind == "raises"
    assert "TypeError in sources.py" in found.what
    assert is_mistake(ValueError("trust: no certificate could be read from what was given"))
    assert not is_mistake(ValueError("trust: e must be >= 3 and < n."))


def test_a_run_goes_on_where_it_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is done is not done again; the figures are those of all runs."""
    state = tmp_path / "state.json"
    arguments = ["--state", str(state), "--failures", str(tmp_path / "failures")]
    assert fuzz.main(["--start", "20", "--count", "10", *arguments]) == 0
    assert fuzz.main(["--start", "0", "--count", "40", *arguments]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("fuzz: 40 inputs, ")
    assert json.loads(state.read_text())["done"] == [[0, 40]]
    seconds = json.loads(state.read_text())["seconds"]
    assert fuzz.main(["--start", "0", "--count", "40", *arguments]) == 0
    assert json.loads(state.read_text())["seconds"] == seconds


def test_blocks_leave_out_what_was_done() -> None:
    """Whatever pieces were done, in whatever order."""
    state = fuzz.State(0)
    state.add(60, 70, 1.0, [])
    state.add(0, 10, 1.0, [(3, Failure("raises", "x")), (4, Failure("raises", "x"))])
    state.add(10, 20, 1.0, [])
    assert state.done == [(0, 20), (60, 70)]
    assert list(state.left(0, 130)) == [(20, 60), (70, 120), (120, 130)]
    assert list(state.left(5, 15)) == []
    assert list(state.left(15, 62)) == [(20, 60)]
    assert state.failed == {"raises: x": [3, 4]}
    assert (state.inputs, state.seconds) == (30, 3.0)


def test_failing_inputs_are_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they were given, in a folder for each kind; the exit status tells."""
    found = [Failure("raises", "ValueError in x.py:y", "why")]
    monkeypatch.setattr(fuzz, "failures", lambda one, memo: found)
    assert fuzz.main(["--count", "2", "--failures", str(tmp_path)]) == 1
    (folder,) = tmp_path.iterdir()
    assert pickle.loads((folder / "0-1.pickle").read_bytes()) == made(1)
    assert "why" in (folder / "0-1.txt").read_text()


def test_the_limit_of_memory_is_lifted_again() -> None:
    """A caller's process keeps its own: what it starts later (Java, threads) needs more."""
    resource = pytest.importorskip("resource", reason="the limit is one of Unix")
    before = resource.getrlimit(resource.RLIMIT_AS)
    with fuzz.limited_memory():
        assert resource.getrlimit(resource.RLIMIT_AS)[0] == fuzz.MEGABYTES * 1024 * 1024
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_processes_find_the_same() -> None:
    """In two processes as in one."""
    one, two = fuzz.State(0), fuzz.State(0)
    fuzz.run(one, 100, 160)
    fuzz.run(two, 100, 160, jobs=2)
    assert (one.done, one.failed) == (two.done, two.failed)


def test_a_process_that_dies_takes_no_other_block_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block that it was in is named, and the others are judged."""

    def dying(one: Input, memo: edgecheck.Memo) -> list[Failure]:
        if one.number == 260:
            os._exit(9)
        return [Failure("raises", "x")] if one.number == 210 else []

    monkeypatch.setattr(fuzz, "failures", dying)
    state = fuzz.State(0)
    fuzz.run(state, 100, 400, jobs=2, path=tmp_path / "state.json")
    assert state.done == [(100, 400)]
    assert state.failed == {"the process died: between 250 and 300": [250], "raises: x": [210]}
    assert fuzz.load(tmp_path / "state.json", 0) == state


def test_what_failed_is_judged_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After something was mended: the figures are those of now, and no number counts twice."""
    state = fuzz.State(0)
    state.add(0, 20, 1.0, [(3, Failure("raises", "x")), (4, Failure("raises", "y"))])
    fuzz.save(tmp_path / "state.json", state)
    assert fuzz.main(["--state", str(tmp_path / "state.json"), "--again"]) == 0
    assert "fuzz: 20 inputs, " in (told := capsys.readouterr().out.splitlines()[-1])
    assert told.endswith(", 0 of them fail, in 0 ways")


SHOWN = """
import hashlib, sys
sys.path.insert(0, "")
from tests.fuzzing.inputs import made
for number in range(0, 60):
    one = made(number)
    print(hashlib.sha256(repr((one.kind, one.presented, one.secret)).encode()).hexdigest())
"""


def test_a_number_is_the_same_input_in_every_process() -> None:
    """Nothing of it hangs on a random number of its own, or on the hash of a text."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", SHOWN],
            cwd=REPO,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) == 60
