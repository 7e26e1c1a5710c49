"""Record batches in, record batches out: every row is answered, whatever is in it."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import edgecheck
from edgecheck import Device, Limits, Validation
from edgecheck.arrow import check_batches, ddl, schema
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_15
from tests.conftest import REPO

GATEWAY = stock_15("ec")
CHAIN, ROOT = pem(*GATEWAY.presented(), comments=False), pem(*GATEWAY.trust(), comments=False)
DERS = [each.der for each in GATEWAY.presented()]


def judged(columns: dict[str, Any], form: str = "summary", **more: Any) -> list[dict[str, Any]]:
    batch = pa.RecordBatch.from_pydict(columns)
    out = check_batches([batch], ROOT, NOW, form=form, **more)
    rows: list[dict[str, Any]] = pa.Table.from_batches(out, schema(form)).to_pylist()
    return rows


def rules(columns: dict[str, Any], **more: Any) -> set[str]:
    return {row["rule"] for row in judged(columns, "findings", **more)}


# --- what comes out -----------------------------------------------------------------------------


def test_a_row_says_what_the_library_says() -> None:
    """The same chain, name and time: verdict, counts, and the certificates of the path."""
    (row,) = judged({"id": ["gw"], "chain": [CHAIN], "hostname": [HOSTNAME], "runtime": ["1.5"]})
    report = edgecheck.check(CHAIN, HOSTNAME, ROOT, NOW, Device(runtime="1.5"))
    assert (row["id"], row["ok"], row["valid"]) == ("gw", report.ok, report.valid) == ("gw", 1, 1)
    assert row["worst"] == report.worst == "info"
    assert row["undecided"] == len(report.undecided)
    path = report.hierarchy.path
    assert path is not None
    assert [each["sha256"] for each in row["certificates"]] == [c.sha256 for c in path.certificates]
    # A server certificate of 1.5 ends after 30 days; the first CA to end is the device CA.
    assert (row["first_end"], row["first_end_role"]) == (
        datetime(2026, 12, 20, 8, 41, 17, tzinfo=UTC),
        "server",
    )
    assert row["first_ca_end"] == datetime(2030, 1, 1, tzinfo=UTC)
    assert (row["refusing"], row["unpredicted"]) == (None, None)


def test_findings_are_those_of_the_library() -> None:
    rows = judged({"id": ["gw"], "chain": [CHAIN], "hostname": ["other.local"]}, "findings")
    report = edgecheck.check(CHAIN, "other.local", ROOT, NOW)
    assert [row["finding"] for row in rows] == [finding.id for finding in report.findings]
    assert [row["caused_by"] for row in rows] == [f.caused_by for f in report.findings]
    assert {row["id"] for row in rows} == {"gw"}


def test_predictions_name_the_clients_of_tier_1_that_refuse() -> None:
    """All refuse another host's certificate; without a host name nothing is known of them."""
    row, unnamed = judged(
        {"id": ["a", "b"], "chain": [CHAIN, CHAIN], "hostname": ["other.local", None]},
        predictions=True,
    )
    tier_1 = {p.client for p in edgecheck.check(CHAIN, HOSTNAME, ROOT, NOW).predictions}
    assert set(row["refusing"]) <= tier_1
    assert row["refusing"]
    assert row["unpredicted"] == 0
    assert unnamed["refusing"] == []
    assert unnamed["unpredicted"] > 0


@pytest.mark.parametrize("form", ["summary", "findings"])
def test_batches_have_the_published_schema(form: str) -> None:
    batch = pa.RecordBatch.from_pydict({"id": ["a"], "chain": [b"rubbish"]})
    for out in check_batches([batch], at=NOW, form=form):
        assert out.schema == schema(form)
        out.validate(full=True)


def test_spark_is_told_the_same_columns() -> None:
    names = [part.split(" ")[0] for part in ddl("findings").split(", ")]
    assert names == schema("findings").names
    assert "certificates array<struct<sha256: string, role: string, subject: string" in ddl()


# --- what comes in ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chain",
    [
        pa.array([CHAIN], pa.binary()),
        pa.array([CHAIN], pa.large_binary()),
        pa.array([CHAIN.decode()], pa.string()),
        pa.array([CHAIN.decode()], pa.large_string()),
        pa.array([CHAIN.decode()], pa.string()).dictionary_encode(),
        pa.array([DERS], pa.list_(pa.binary())),
        pa.array([DERS], pa.large_list(pa.large_binary())),
        pa.array([[CHAIN.decode()]], pa.list_(pa.string())),
        pa.array([DERS], pa.list_(pa.dictionary(pa.int32(), pa.binary()))),
        pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array([CHAIN])),
        pa.array([CHAIN], pa.binary_view()),
        pa.array([CHAIN.decode()], pa.string_view()),
    ],
    ids=lambda values: str(values.type),
)
def test_a_chain_is_read_in_each_type_that_producers_choose(chain: pa.Array) -> None:
    (row,) = judged({"id": ["gw"], "chain": chain, "hostname": [HOSTNAME]})
    assert row["valid"] is True


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (pa.array([[HOSTNAME]], pa.list_(pa.binary())), True),
        (pa.array([[HOSTNAME]], pa.list_(pa.dictionary(pa.int8(), pa.string()))), True),
        (pa.array([[b"\xff"]], pa.list_(pa.binary())), False),
    ],
    ids=["octets", "a dictionary", "no UTF-8"],
)
def test_names_in_a_list_are_text_in_each_type_that_text_may_have(
    names: pa.Array, known: bool
) -> None:
    """As older writers of Parquet leave text as octets; what is none is a fault of the row."""
    (row,) = judged({"id": ["gw"], "chain": [CHAIN], "gateway_host_names": names})
    assert ("fleet.row" in row["signature"]) != known


def test_an_id_of_universal_unique_identifiers_is_their_text() -> None:
    """DuckDB writes such columns into Parquet, where they are 16 octets with a name."""
    made = UUID(int=7)
    column = pa.array([made.bytes, None], pa.uuid())
    found, without = judged({"id": column, "chain": [CHAIN, CHAIN]})
    assert (found["id"], without["id"]) == (str(made), None)
    assert (found["ok"], without["signature"]) == (True, "fleet.row")


def test_what_a_row_says_of_a_gateway_reaches_the_rules() -> None:
    """32 bits of time_t cannot hold a root that ends in 2040 or later; another time expires it."""
    late = judged({"id": [1], "chain": [CHAIN], "time": pa.array([NOW.replace(year=2031)])})
    assert "validity.expired" in late[0]["signature"]
    text = judged({"id": [1], "chain": [CHAIN], "time": ["2031-11-23T12:00:00Z"]})
    assert text[0]["signature"] == late[0]["signature"]
    said = {"device_hostname": ["gw.other"], "gateway_host_names": [[HOSTNAME]]}
    assert rules({"id": ["a"], "chain": [CHAIN], **said}) != rules({"id": ["a"], "chain": [CHAIN]})


def test_a_column_that_is_needed_is_asked_for_by_name() -> None:
    with pytest.raises(ValueError, match="chain: there is no such column; there are id, pem"):
        judged({"id": ["a"], "pem": [CHAIN]})


def test_a_column_of_a_wrong_type_is_refused() -> None:
    with pytest.raises(TypeError, match="hostname: expected a column of text, got double"):
        judged({"id": ["a"], "chain": [CHAIN], "hostname": [1.5]})


def test_a_mistake_of_the_call_is_told_at_once() -> None:
    """Before the first batch is asked for: on a cluster that is on the driver."""
    with pytest.raises(ValueError, match="form: 'long' is unknown"):
        check_batches(iter(()), form="long")
    with pytest.raises(ValueError, match="trust: no certificate"):
        check_batches(iter(()), trust=b"nothing")
    with pytest.raises(ValueError, match="profile"):
        check_batches(iter(()), profile="best")
    with pytest.raises(TypeError, match="batches: expected record batches of pyarrow, got dict"):
        list(check_batches([{"id": "a"}]))


def test_a_day_is_its_midnight_in_utc() -> None:
    """In both types that Arrow has for days; null is the moment of the call."""
    for kind in (pa.date32(), pa.date64()):
        days = pa.array([NOW.date(), None], kind)
        (row, other) = judged({"id": ["a", "b"], "chain": [CHAIN] * 2, "time": days})
        assert (row["valid"], other["valid"]) == (True, True)
    late = pa.array([NOW.date().replace(year=2031)])
    (row,) = judged({"id": ["a"], "chain": [CHAIN], "time": late})
    assert "validity.expired" in row["signature"]


def test_what_can_be_read_once_only_is_kept_for_all_rows() -> None:
    """Else the second row would be judged without trust."""
    batch = pa.RecordBatch.from_pydict({"id": ["a", "b"], "chain": [CHAIN, CHAIN]})
    out = check_batches([batch], (each for each in [ROOT]), NOW, crls=iter(()))
    assert [row["valid"] for row in pa.Table.from_batches(out).to_pylist()] == [True, True]


# --- rows that are wrong ------------------------------------------------------------------------


def test_a_null_row_is_a_finding() -> None:
    (row,) = judged({"id": pa.nulls(1, pa.string()), "chain": pa.nulls(1, pa.binary())})
    assert (row["id"], row["ok"], row["valid"], row["worst"]) == (None, False, None, "error")
    assert row["signature"] == "fleet.row input.no-certificate"


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("hostname", pa.array(["https://gw.local/"]), "got a URL"),
        ("hostname", pa.array([""]), "it is empty"),
        ("hostname", pa.array([b"\xff\xfe"], pa.binary()), "no text in UTF-8"),
        ("runtime", pa.array(["9.9"]), "is not a known IoT Edge version"),
        ("time", pa.array(["yesterday"]), "is no time"),
        ("time", pa.array(["2026-11-23T12:00:00"]), "no zone"),
        ("time", pa.array([2**60], pa.timestamp("s")), "years 2 and 9998"),
        ("time", pa.array([2**31 - 1], pa.int32()).view(pa.date32()), "years 2 and 9998"),
        ("time", pa.array([2**62], pa.int64()).view(pa.date64()), "years 2 and 9998"),
        ("time_t_bits", pa.array([16]), "expected 32 or 64"),
        ("gateway_host_names", pa.array([["a", None]]), "tuple of names"),
    ],
)
def test_a_value_that_cannot_be_used_is_an_error_and_the_rest_is_judged(
    column: str, values: pa.Array, told: str
) -> None:
    """Never "ok": what was meant is not known. The chain's own findings are there too."""
    columns = {"id": ["gw"], "chain": [b"rubbish"], column: values}
    (row,) = judged(columns)
    assert (row["ok"], row["worst"]) == (False, "error")
    found = judged(columns, "findings")
    assert {each["rule"] for each in found} == {"fleet.row", "input.no-certificate"}
    (fault,) = [each for each in found if each["rule"] == "fleet.row"]
    assert fault["message"].startswith(f"{column}: ")
    assert told in fault["message"]


@pytest.mark.parametrize("said", ["\x1b[31m\nall is well", b"\xff"])
def test_the_column_in_which_readers_tell_of_faults_is_hostile_too(said: str | bytes) -> None:
    """A table may have it, with control characters or no text at all; each row is judged."""
    columns = {"id": ["gw"], "chain": [CHAIN], "edgecheck:fault": [said]}
    (row,) = judged(columns)
    assert row["ok"] is False
    (fault,) = [f for f in judged(columns, "findings") if f["rule"] == "fleet.row"]
    assert fault["message"].isprintable()


def test_a_part_of_a_chain_that_is_null_is_told() -> None:
    """The rest of it may look sound."""
    (row,) = judged({"id": ["a"], "chain": [[*DERS, None]], "hostname": [HOSTNAME]})
    assert (row["ok"], row["valid"]) == (False, True)


def test_a_chain_that_is_too_large_is_bounded_by_the_limits() -> None:
    limits = Validation(limits=Limits(input_bytes=len(ROOT)))
    (row,) = judged({"id": ["a"], "chain": [CHAIN]}, validation=limits)
    assert (row["ok"], row["valid"]) == (False, None)


def test_a_bug_on_one_row_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception of `check()` is a finding that asks for a report of the bug."""
    import edgecheck.fleet.judge as home

    def broken(chain: Any, *said: Any, **more: Any) -> Any:
        if chain == b"bad":
            raise ZeroDivisionError("\x1b[31m")
        return edgecheck.check(chain, *said, **more)

    monkeypatch.setattr(home, "check", broken)
    columns = {"id": ["a", "b"], "chain": [b"bad", CHAIN]}
    first, second = judged(columns)
    assert (first["ok"], first["valid"], first["signature"]) == (False, None, "fleet.row")
    assert second["valid"] is True
    (fault,) = [row for row in judged(columns, "findings") if row["id"] == "a"]
    assert "ZeroDivisionError" in fault["message"]
    assert "\x1b" not in fault["message"]


_ANY = st.one_of(
    st.none(),
    st.binary(max_size=60),
    st.sampled_from([CHAIN, CHAIN[:-200], DERS[0], b"\x00" * 50]),
)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.binary(max_size=8)),
            _ANY,
            st.one_of(st.none(), st.binary(max_size=12), st.just(HOSTNAME.encode())),
            st.one_of(st.none(), st.binary(max_size=6)),
            st.one_of(st.none(), st.integers(-(2**62), 2**62)),
        ),
        max_size=5,
    )
)
def test_any_row_gives_a_row(given: list[tuple[Any, ...]]) -> None:
    """Whatever bytes stand in the columns: one answer each, in order, and no exception."""
    columns = list(zip(*given, strict=True)) or [()] * 5
    kinds = (pa.binary(), pa.binary(), pa.binary(), pa.binary(), pa.timestamp("us"))
    names = ("id", "chain", "hostname", "runtime", "time")
    batch = pa.RecordBatch.from_arrays(
        [pa.array(list(v), kind) for v, kind in zip(columns, kinds, strict=True)], list(names)
    )
    rows = pa.Table.from_batches(check_batches([batch], ROOT, NOW), schema()).to_pylist()
    assert len(rows) == len(given)
    for row, (name, *_) in zip(rows, given, strict=True):
        if row["ok"]:
            assert name is not None
            assert row["id"] == name.decode()


# --- memory, and what is imported ---------------------------------------------------------------


def test_one_batch_is_alive_at_a_time() -> None:
    """The next one is asked for when all of the one before was handed out."""
    alive: list[weakref.ref[Any]] = []
    most = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal most
        for number in range(6):
            gc.collect()
            most = max(most, sum(each() is not None for each in alive))
            batch = pa.RecordBatch.from_pydict({"id": [number] * 300, "chain": [b"x"] * 300})
            alive.append(weakref.ref(batch))
            yield batch
            del batch

    assert sum(out.num_rows for out in check_batches(batches(), at=NOW)) == 1_800
    assert most <= 1


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (pa.table({"id": ["a"]}), "got Table; pass .to_batches()"),
        (pa.record_batch({"id": ["a"]}), "got RecordBatch; pass a list with it"),
        ("gateways.parquet", "got str"),
    ],
)
def test_what_is_no_series_of_batches_is_refused_at_once(passed: Any, told: str) -> None:
    """Before anything is asked of the iterator: else it fails in a task, far from the call."""
    with pytest.raises(TypeError, match="batches: expected record batches of pyarrow") as wrong:
        check_batches(passed)
    assert str(wrong.value).endswith(told)


def test_what_iterates_over_something_else_is_refused_at_its_first() -> None:
    """As a pandas frame does over the names of its columns."""
    wrong: Any = iter(["id", "chain"])
    with pytest.raises(TypeError, match="got str"):
        list(check_batches(wrong))


def said_by(code: str) -> str:
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_without_pyarrow_it_is_said_what_to_install() -> None:
    code = """
import sys
sys.modules["pyarrow"] = None
try:
    import edgecheck.arrow
except ImportError as wrong:
    print(wrong)
"""
    assert said_by(code) == (
        "edgecheck.arrow needs pyarrow: pip install pyarrow, or pip install 'edgecheck-iot[arrow]'"
    )


def test_nothing_heavy_is_imported_unasked() -> None:
    """Neither pyarrow by the library, nor pyspark or pandas by edgecheck.arrow."""
    code = """
import sys, edgecheck
edgecheck.check(b"")
print("pyarrow" in sys.modules)
import edgecheck.arrow
print("pyspark" in sys.modules, "pandas" in sys.modules)
"""
    assert said_by(code).split() == ["False", "False", "False"]
