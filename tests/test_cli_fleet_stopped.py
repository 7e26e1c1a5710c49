"""`edgecheck fleet` stopped and gone on with: no gateway is lost, none is there twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from edgecheck import cli
from edgecheck.adapters.fleet import parts, run
from tests.conftest import REPO
from tests.examples import LONG
from tests.fleets import (  # noqa: F401 -- two are fixtures
    AT,
    COUNT,
    TRUST,
    digest,
    fleet,
    in_a_folder,
    made_once,
    refused,
    rows,
)
from tools import make_fleet

pytestmark = [pytest.mark.usefixtures("in_a_folder"), pytest.mark.xdist_group("stopped")]


@pytest.mark.parametrize("after", [1, 3])
def test_a_run_that_was_interrupted_goes_on(
    after: int, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Ctrl-C gives 130; what is done is not done again, and the bytes are those of one run."""
    fleet("in.parquet", "-o", "whole.parquet", *TRUST, "-q")
    write, written = parts.Parts.write, []

    def stopping(self: parts.Parts, number: int, *more: Any) -> None:
        if len(written) == after:
            raise KeyboardInterrupt
        written.append(number)
        write(self, number, *more)

    monkeypatch.setattr(parts.Parts, "write", stopping)
    words = ("in.parquet", "-o", "out.parquet", *TRUST, "-q")
    assert fleet(*words) == 130
    assert "run the same again" in capsys.readouterr().err
    assert not Path("out.parquet").exists()
    after = 1_000
    fleet(*words, status=1)
    assert written == [0, 1, 2, 3, 4]
    assert digest("out.parquet") == digest("whole.parquet")


KILLED = """
import sys
from edgecheck.adapters.fleet import inputs
inputs.ROWS = 10
from edgecheck.cli import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


KILLS = [(signal.SIGKILL, "2", -signal.SIGKILL), (signal.SIGINT, "2", 130)]
if LONG:
    KILLS += [
        (signal.SIGKILL, "1", -signal.SIGKILL),
        (signal.SIGTERM, "2", -signal.SIGTERM),
    ]


@pytest.mark.parametrize(("how", "workers", "status"), KILLS)
def test_a_run_that_was_killed_goes_on(
    how: signal.Signals, workers: str, status: int, tmp_path: Path
) -> None:
    """A real signal, while parts are being written: no gateway is lost, none is there twice."""
    Path("run.py").write_text(KILLED)
    words = [sys.executable, "run.py", "fleet", "in.parquet", *TRUST, *AT, "-q", "-o"]
    more = ["--workers", workers]
    settings = {**os.environ, "PYTHONPATH": str(REPO)}
    subprocess.run([*words, "whole.parquet"], env=settings, check=False)
    folder = tmp_path / "out.parquet.parts"
    with subprocess.Popen([*words, "out.parquet", *more], env=settings) as process:
        until = time.monotonic() + 60
        while len(list(folder.glob("0*.parquet"))) < 5 and time.monotonic() < until:
            time.sleep(0.005)
        process.send_signal(how)
    assert process.returncode == status
    assert folder.is_dir()
    ended = subprocess.run([*words, "out.parquet", *more], env=settings, check=False)
    assert ended.returncode == 1
    assert [row["id"] for row in rows()] == [f"gw-{number:07}" for number in range(COUNT)]
    assert digest("out.parquet") == digest("whole.parquet")
    assert not folder.exists()


def begun_with(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """A run that stops before its last piece."""
    write = parts.Parts.write

    def stopping(self: parts.Parts, number: int, *more: Any) -> None:
        if number == 4:
            raise KeyboardInterrupt
        write(self, number, *more)

    with monkeypatch.context() as patched:
        patched.setattr(parts.Parts, "write", stopping)
        assert fleet(*words, "-q") == 130


@pytest.mark.parametrize(
    ("first", "then", "named"),
    [
        ((), ("--profile", "rfc5280"), "--profile"),
        ((), ("--ignore", "edge.*"), "--select or --ignore"),
        (("--runtime", "1.5"), (), "--runtime"),
        ((), ("--predictions",), "--predictions"),
        ((), ("--findings", "all.parquet"), "--findings"),
        ((), TRUST, "--trust"),
        ((), ("--expires-within", "60"), "--expires-within"),
    ],
    ids=lambda words: "-".join(words) if isinstance(words, tuple) else words,
)
def test_other_options_do_not_mix_with_an_unfinished_run(
    first: Sequence[str],
    then: Sequence[str],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    begun_with(monkeypatch, "in.parquet", "-o", "out.parquet", *first)
    capsys.readouterr()
    fleet("in.parquet", "-o", "out.parquet", *then, status=2)
    told = refused(capsys)
    assert f"other {named};" in told
    assert "--restart" in told
    fleet("in.parquet", "-o", "out.parquet", *then, "--restart", "-q", status=1)
    assert len(rows()) == COUNT


@pytest.mark.parametrize("change", ["row", "shorter"])
def test_another_input_does_not_mix_with_an_unfinished_run(
    change: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun_with(monkeypatch, "in.parquet", "-o", "out.parquet")
    if change == "shorter":
        make_fleet.write(Path("in.parquet"), 100)
    else:
        table = pq.read_table("in.parquet")
        names = table.column("hostname").to_pylist()
        names[60] = "other.local"
        pq.write_table(table.set_column(2, "hostname", pa.array(names)), "in.parquet")
    capsys.readouterr()
    fleet("in.parquet", "-o", "out.parquet", status=2)
    told = refused(capsys)
    assert "unfinished run of another input" in told
    assert f"about gateway {101 if change == 'shorter' else 51})" in told


def test_a_run_keeps_the_moment_at_which_it_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --at; else the first half would be judged at another time than the second."""
    begun_with(monkeypatch, "in.parquet", "-o", "out.parquet")
    assert cli.main(["fleet", "in.parquet", "-o", "out.parquet", "-q"]) == 1
    about = json.loads(pq.read_schema("out.parquet").metadata[b"edgecheck"])
    assert about["at"] == make_fleet.AT.isoformat()


def test_a_half_written_part_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a disk lost after a power failure is not believed."""
    fleet("in.parquet", "-o", "whole.parquet", "-q")
    begun_with(monkeypatch, "in.parquet", "-o", "out.parquet")
    part = next(Path("out.parquet.parts").glob("0000002*"))
    part.write_bytes(part.read_bytes()[:-20])
    fleet("in.parquet", "-o", "out.parquet", "-q", status=1)
    assert digest("out.parquet") == digest("whole.parquet")


def test_two_runs_do_not_write_the_same_output(capsys: pytest.CaptureFixture[str]) -> None:
    other = parts.Parts("out.parquet", ("summary",))
    other.begin({}, restart=False)
    fleet("in.parquet", "-o", "out.parquet", status=2)
    assert "another run writes there" in refused(capsys)
    fleet("in.parquet", "-o", "out.parquet", "--restart", status=2)  # nor throw its parts away
    assert "another run writes there" in refused(capsys)
    other.end()


def test_what_others_put_into_the_folder_of_parts_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may have been there before, for something else; neither the end nor --restart takes it."""
    theirs = Path("out.parquet.parts")
    theirs.mkdir()
    for name in ("notes.txt", "other.parquet", "work.tmp"):
        (theirs / name).write_text("mine")
    begun_with(monkeypatch, "in.parquet", "-o", "out.parquet")
    fleet("in.parquet", "-o", "out.parquet", "--restart", "-q", status=1)
    assert len(rows()) == COUNT
    assert sorted(path.name for path in theirs.iterdir()) == [
        "notes.txt",
        "other.parquet",
        "work.tmp",
    ]


@pytest.mark.parametrize("damage", ["[1]", "{", ""])
def test_a_damaged_note_of_what_was_asked_for_is_told(
    damage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun_with(monkeypatch, "in.parquet", "-o", "out.parquet")
    Path("out.parquet.parts/state.json").write_text(damage)
    capsys.readouterr()
    fleet("in.parquet", "-o", "out.parquet", status=2)
    assert "is damaged; add --restart" in refused(capsys)
    fleet("in.parquet", "-o", "out.parquet", "--restart", "-q", status=1)
    assert len(rows()) == COUNT


def test_a_process_that_ends_by_itself_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the system ends one for want of memory; what is done is kept."""
    monkeypatch.setenv("PYTHONPATH", str(REPO))
    made = run.made

    def one_dies(pieces: Iterator[Any], *more: Any) -> Iterator[int]:
        for number, count in enumerate(made(pieces, *more)):
            yield count
            if number == 0:
                for pid in map(
                    int,
                    Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split(),
                ):
                    if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                        os.kill(pid, signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(run, "made", one_dies)
        fleet("in.parquet", "-o", "out.parquet", "--workers", "2", status=2)
    assert "ended by signal 9" in refused(capsys)
    assert list(Path("out.parquet.parts").glob("0*.parquet"))
    fleet("in.parquet", "-o", "out.parquet", "-q", status=1)
    assert len(rows()) == COUNT
