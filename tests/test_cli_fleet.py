"""`edgecheck fleet`: every gateway once, the same bytes however it was worked out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from edgecheck.arrow import schema
from tests.conftest import REPO
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

pytestmark = [pytest.mark.usefixtures("in_a_folder"), pytest.mark.xdist_group("fleet")]


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
    ids = ["in.jsonl:1", "in.jsonl:2", "no-name", "in.jsonl:5", "12", "in.jsonl:7"]
    assert [row["id"] for row in rows()] == ids
    told = {row["message"] for row in rows("all.parquet") if row["rule"] == "fleet.row"}
    assert {
        "line 1 is no JSON",
        "line 2 is no JSON object",
        "line 4: hostname is not text",
        "line 5 has no id",
        "line 7: id is not text",
    } == told


def test_a_chain_of_which_a_part_is_no_text_is_judged_without_it() -> None:
    """As in Parquet; of JSON lines the parts that were there were lost."""
    text = make_fleet.row(sound())["chain"].decode()
    given = [{"id": "gw", "chain": [text, None]}, {"id": "other", "chain": [text, 5]}]
    Path("parts.jsonl").write_text("\n".join(map(json.dumps, given)))
    pq.write_table(pa.table({"id": ["gw", "other"], "chain": [[text, None]] * 2}), "parts.parquet")
    for name in ("parts.jsonl", "parts.parquet"):
        fleet(name, "-o", "out.parquet", "--findings", "all.parquet", *TRUST, status=1)
        assert [row["valid"] for row in rows()] == [True, True]
        told = [row["message"] for row in rows("all.parquet") if row["rule"] == "fleet.row"]
        assert told == ["chain: 1 of its 2 parts are null or no bytes"] * 2


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
        (("in.parquet", "-o", "a", "--summary", "in.parquet"), "is what is read"),
        (("in.parquet", "-o", "a", "--summary", "./a"), "-o and --summary both name ./a"),
        (("in.parquet", "-o", "a", "--findings", "b", "--summary", "b"), "name two files"),
        (("in.parquet", "-o", "a", "--findings", "no/b"), "--findings: cannot write no/b: no such"),
        (("in.parquet", "-o", "a", "--summary", "no/b"), "--summary: cannot write no/b: no such"),
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
    assert not list(Path().glob("**/*.parts"))


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
