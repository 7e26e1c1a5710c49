"""`edgecheck fleet`: every gateway once, the same bytes however it was worked out, nothing lost."""

from __future__ import annotations

import hashlib
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
from edgecheck.adapters.fleet import inputs, parts, run
from edgecheck.arrow import schema
from tests.conftest import REPO
from tools import make_fleet

AT = ("--at", make_fleet.AT.isoformat())
TRUST = ("--trust", "root.pem")
COUNT = 230


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fleet of 230 gateways, and the root that their clients trust."""
    folder = tmp_path_factory.mktemp("fleet")
    make_fleet.main([str(COUNT), str(folder / "in.parquet"), "--trust", str(folder / "root.pem")])
    return folder


@pytest.fixture(autouse=True)
def _in_a_folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in made.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(inputs, "ROWS", 50)


def fleet(*words: str, status: int | None = None) -> int:
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
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1), err
    return err


# --- what is written ----------------------------------------------------------------------------


def test_every_gateway_is_in_the_output_once_and_in_order(capsys: Any) -> None:
    """With the published columns; faults stand where the generator put them."""
    fleet("in.parquet", "-o", "out.parquet", "--findings", "all.parquet", *TRUST, status=1)
    found = rows()
    assert [row["id"] for row in found] == [f"gw-{number:07}" for number in range(COUNT)]
    assert pq.read_schema("out.parquet").remove_metadata() == schema("summary")
    assert pq.read_schema("all.parquet").remove_metadata() == schema("findings")
    wrong = {"expired", "bare", "order", "signature", "other-root", "cut", "no-chain", "rubbish"}
    for number, row in enumerate(found):
        assert row["ok"] == (make_fleet.fault_of(number) not in wrong), row
    errors = {row["id"] for row in rows("all.parquet") if row["severity"] == "error"}
    assert errors == {row["id"] for row in found if not row["ok"]}
    assert not Path("out.parquet.parts").exists()
    out, err = capsys.readouterr()
    assert out.startswith("230 gateways: ")
    assert err == "edgecheck: columns that were not looked at: plant\n"


def test_the_bytes_do_not_depend_on_the_number_of_processes(monkeypatch: Any) -> None:
    """Nor does the summary: two processes share the pieces as they come."""
    monkeypatch.setenv("PYTHONPATH", str(REPO))
    fleet("in.parquet", "-o", "one.parquet", *TRUST, "--workers", "1", "--summary", "one.json")
    fleet("in.parquet", "-o", "two.parquet", *TRUST, "--workers", "2", "--summary", "two.json")
    assert digest("one.parquet") == digest("two.parquet")
    assert digest("one.json") == digest("two.json")


def test_two_fleets_made_by_number_have_the_same_rows() -> None:
    """Whatever is made before: row 7 is row 7."""
    assert list(make_fleet.rows(3, 7)) == [make_fleet.row(number) for number in (7, 8, 9)]


def test_the_status_says_whether_there_is_a_finding_as_bad() -> None:
    assert fleet("in.parquet", "-o", "a.parquet", *TRUST, "--fail-on", "never", "-q") == 0
    make_fleet.write(Path("good.parquet"), 1, sound())
    assert fleet("good.parquet", "-o", "b.parquet", *TRUST, "-q") == 0
    assert fleet("good.parquet", "-o", "c.parquet", *TRUST, "-q", "--fail-on", "info") == 1


def sound() -> int:
    """The number of a gateway of which there are only notes."""
    plants = (make_fleet.row(number)["plant"] for number in range(COUNT))
    ending = f"plant-{make_fleet.ENDING_PLANT:02}"
    return next(
        number
        for number, plant in enumerate(plants)
        if not make_fleet.fault_of(number) and plant != ending
    )


# --- stopped, and gone on with ------------------------------------------------------------------


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


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_that_was_killed_goes_on(workers: str, tmp_path: Path) -> None:
    """A real SIGKILL, while parts are being written: no gateway is lost, none is there twice."""
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
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
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
    other.end()


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


# --- what is read -------------------------------------------------------------------------------


def as_lines(count: int = COUNT) -> str:
    lines = []
    for row in make_fleet.rows(count):
        chain = row["chain"]
        lines.append(json.dumps({**row, "chain": chain and chain.decode()}))
    return "\n".join(lines) + "\n"


def test_json_lines_say_the_same_as_parquet() -> None:
    Path("in.jsonl").write_text(as_lines())
    fleet("in.jsonl", "-o", "lines.parquet", *TRUST, "-q")
    fleet("in.parquet", "-o", "out.parquet", *TRUST, "-q")
    assert rows("lines.parquet") == rows("out.parquet")


def test_standard_input_is_json_lines() -> None:
    command = [sys.executable, "-m", "edgecheck", "fleet", "-", "-o", "out.parquet", *TRUST, *AT]
    settings = {**os.environ, "PYTHONPATH": str(REPO)}
    ran = subprocess.run(
        [*command, "--workers", "1", "-q"], input=as_lines(20).encode(), env=settings, check=False
    )
    assert ran.returncode == 1
    assert len(rows()) == 20


def test_a_line_that_is_wrong_is_a_row_with_a_finding() -> None:
    """Where nobody gave an id, file and line are it; the lines after it are judged."""
    lines = [
        "no JSON",
        "[1]",
        "",
        '{"id": "no-name", "hostname": 5, "chain": "x"}',
        '{"chain": "x"}',
        '{"id": 12, "chain": ["x", "y"], "surprise": 1}',
        '{"id": "\\ud800", "chain": null}',
    ]
    Path("in.jsonl").write_text("\n".join(lines))
    fleet("in.jsonl", "-o", "out.parquet", "--findings", "all.parquet", status=1)
    ids = ["in.jsonl:1", "in.jsonl:2", "no-name", "in.jsonl:5", "12", None]
    assert [row["id"] for row in rows()] == ids
    told = {row["message"] for row in rows("all.parquet") if row["rule"] == "fleet.row"}
    assert {
        "line 1 is no JSON",
        "line 2 is no JSON object",
        "line 4: hostname is not text",
        "line 5 has no id",
        "id: it is no text in UTF-8",
    } == told


def test_files_with_a_chain_each_are_named_by_themselves() -> None:
    """Those below folders too, in order; what is hidden or of another kind is left out."""
    (Path("chains") / "b").mkdir(parents=True)
    for number, name in enumerate(("b/2.pem", "a.pem", "b/1.crt", ".hidden.pem", "readme.md")):
        (Path("chains") / name).write_bytes(make_fleet.row(number + 10)["chain"])
    fleet("chains", "-o", "out.parquet", *TRUST)
    assert [row["id"] for row in rows()] == ["a.pem", "b/1.crt", "b/2.pem"]
    fleet("chains/b/*", "-o", "some.parquet", *TRUST)
    assert [row["id"] for row in rows("some.parquet")] == ["chains/b/1.crt", "chains/b/2.pem"]


def test_a_folder_of_parquet_is_read_in_the_order_of_names() -> None:
    """As Spark writes one: `_SUCCESS` and checksums are none of it."""
    Path("table").mkdir()
    make_fleet.write(Path("table/part-1.parquet"), 3, 3)
    make_fleet.write(Path("table/part-0.parquet"), 3, 0)
    for name in ("_SUCCESS", ".part-0.parquet.crc"):
        Path("table", name).write_text("")
    fleet("table", "-o", "out.parquet", *TRUST, "-q")
    assert [row["id"] for row in rows()] == [f"gw-{number:07}" for number in range(6)]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere.parquet", "-o", "out.parquet"), "no such file: nowhere.parquet"),
        (("no*.pem", "-o", "out.parquet"), "no file is like no*.pem"),
        (("in.parquet",), "-o FILE.parquet"),
        (("in.parquet", "-o", "in.parquet"), "is what is read"),
        (("in.parquet", "-o", "root.pem", *TRUST), "is what was read"),
        (("in.parquet", "-o", "a", "--findings", "./a"), "name two files"),
        ((".", "-o", "out.parquet"), "files of several kinds"),
        (("sub", "-o", "sub/out.parquet"), "which is read; write elsewhere"),
        (("in.parquet", "-o", "nowhere/out.parquet"), "make the folder first"),
        (("in.parquet", "-o", "sub"), "is a folder"),
        (("bad.parquet", "-o", "out.parquet"), "no Parquet file, or a damaged one"),
        (("other.parquet", "-o", "out.parquet"), "chain: there is no such column"),
        (("typed.parquet", "-o", "out.parquet"), "hostname: expected a column of text"),
        (("in.parquet", "-o", "out.parquet", "--client", "nobody"), "nobody"),
        (("in.parquet", "-o", "out.parquet", "--profile", "best"), "--profile: 'best' is unknown"),
        (("in.parquet", "-o", "out.parquet", "--second-opinion"), "--second-opinion"),
        (("in.parquet", "-o", "out.parquet", "--runtime", "9"), "--runtime"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    words: Sequence[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("sub").mkdir()
    Path("sub/a.pem").write_text("x")
    Path("bad.parquet").write_bytes(b"PAR1 and no more")
    pq.write_table(pa.table({"id": ["a"]}), "other.parquet")
    typed = {"id": ["a"], "chain": [b"x"], "hostname": [1.5]}
    pq.write_table(pa.table(typed), "typed.parquet")
    before = digest("in.parquet"), digest("root.pem")
    fleet(*words, status=2)
    assert told in refused(capsys)
    assert (digest("in.parquet"), digest("root.pem")) == before


def test_an_empty_input_gives_an_empty_output(capsys: Any) -> None:
    Path("in.jsonl").write_text("")
    fleet("in.jsonl", "-o", "out.parquet", *TRUST, status=0)
    assert rows() == []
    assert capsys.readouterr().out.startswith("0 gateways")


# --- the summary --------------------------------------------------------------------------------


def test_json_tells_faults_and_shared_certificates() -> None:
    """The intermediate of plant 7 ends in 61 days, and its gateways are counted."""
    fleet("in.parquet", "-o", "out.parquet", *TRUST, "--format", "json", "--summary", "s.json")
    told = json.loads(Path("s.json").read_text())
    found = rows()
    assert told["gateways"] == COUNT == sum(told["worst"].values()) == sum(told["valid"].values())
    assert told["ok"] == sum(row["ok"] for row in found)
    by_signature = {fault["signature"]: fault for fault in told["faults"]}
    for signature, fault in by_signature.items():
        same = [row["id"] for row in found if row["signature"] == signature]
        assert (fault["gateways"], fault["examples"]) == (len(same), same[:3])
    ending = told["shared_certificates"][0]
    assert (ending["role"], ending["days"]) == ("intermediate", 61)
    plant = f"plant-{make_fleet.ENDING_PLANT:02}"
    other = {"bare", "other-root", "cut", "no-chain", "rubbish", "order"}
    of_plant = [
        number
        for number in range(COUNT)
        if make_fleet.row(number)["plant"] == plant and make_fleet.fault_of(number) not in other
    ]
    assert ending["gateways"] >= len(of_plant) > 5
    ends = told["first_ca_ends"]
    assert ends["ended"] + ends["unknown"] + sum(ends["months"].values()) == COUNT


def test_the_page_loads_nothing_and_escapes_everything() -> None:
    """Ids and subjects are whatever somebody wrote."""
    table = pq.read_table("in.parquet")
    ids = [f"<script>alert({number})</script>\x1b" for number in range(COUNT)]
    pq.write_table(table.set_column(0, "id", pa.array(ids)), "odd.parquet")
    words = ("odd.parquet", "-o", "out.parquet", *TRUST, "--format", "html", "--summary", "s.html")
    fleet(*words)
    page = Path("s.html").read_text()
    assert "default-src 'none'" in page
    assert "&lt;script&gt;alert(" in page
    assert "<script" not in page
    assert "\x1b" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<rect") == page.count("<title>") - 1 == 26 + ("unknown:" in page)


def test_predictions_are_counted_by_client(capsys: Any) -> None:
    """Clients refuse what has expired; nobody is asked unless that was wanted."""
    make_fleet.write(Path("some.parquet"), 30)
    fleet("some.parquet", "-o", "a.parquet", *TRUST, "--predictions")
    assert "Clients of tier 1 that will refuse" in capsys.readouterr().out
    fleet("some.parquet", "-o", "b.parquet", *TRUST)
    assert "tier 1" not in capsys.readouterr().out
    assert all(row["refusing"] is None for row in rows("b.parquet"))
    for row in rows("a.parquet"):
        assert row["ok"] <= (not row["refusing"])


def test_without_trust_it_is_said_that_nothing_is_known_to_be_valid(capsys: Any) -> None:
    fleet("in.parquet", "-o", "out.parquet")
    out, err = capsys.readouterr()
    assert "without --trust" in err
    assert "valid: 0," in out
