"""Record batches in, record batches out; never more than a piece of one as Python objects."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa

from edgecheck.adapters.clock import now
from edgecheck.arrow.rows import rows
from edgecheck.arrow.schemas import columns, schema
from edgecheck.device import Device
from edgecheck.expected import Validation
from edgecheck.fleet.judge import Judge
from edgecheck.fleet.telling import Teller
from edgecheck.reading.sources import AnyCertificates, AnyCrls
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.ruleset import RuleSet

_PIECE = 256
"""Rows that are Python objects at once."""
_MOST_OUT = 4_096
"""Rows after which an outgoing batch is full; the findings of one gateway stay together."""


def check_batches(
    batches: Iterable[pa.RecordBatch],
    trust: AnyCertificates | None = (),
    at: datetime | None = None,
    device: Device | None = None,
    *,
    form: str = "summary",
    predictions: bool = False,
    crls: AnyCrls = (),
    profile: str = "iot-edge",
    validation: Validation | None = None,
    rules: RuleSet = BUILT_IN,
    clients: Iterable[str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Judge each row of record batches; return record batches, in the order of the rows.

    A row is a gateway: columns `id` and `chain`, and whatever is known besides (docs/fleet.md);
    other columns are not looked at. A row that is null, damaged or wrong gives a finding and no
    exception. Memory is bounded by the batches: one is read when the one before is done.

    Args:
        batches: record batches, all with the same columns.
        trust: what the connecting clients trust, as `edgecheck.check()` takes it.
        at: the moment for rows without a time; None: now, read once.
        device: what is known of every gateway; what a row says goes before it.
        form: "summary", one row a gateway; or "findings", one row a finding, none for a gateway
            without findings.
        predictions: whether the summary tells which clients of tier 1 refuse the chain.
        crls: as `edgecheck.check()` takes them, and so all that follow.
        profile: likewise.
        validation: likewise, with the bounds on the work for one chain.
        rules: likewise.
        clients: likewise.

    Raises:
        TypeError, ValueError: an argument is wrong, at once; a column that is needed is missing,
            or of a type that cannot be read, when its batch comes.
    """
    if isinstance(batches, pa.Table | pa.RecordBatch | str | bytes):
        raise TypeError(_no_batches(batches))
    columns(form)
    judge = Judge(
        at or now(),
        trust,
        device,
        crls=crls,
        profile=profile,
        validation=validation,
        rules=rules,
        clients=clients,
    )
    return judged_batches(batches, judge, Teller(predictions), form)


def _no_batches(given: object) -> str:
    """Return what to pass in place of something that is no series of record batches."""
    instead = {pa.Table: ".to_batches()", pa.RecordBatch: "a list with it"}
    told = f"batches: expected record batches of pyarrow, got {type(given).__name__}"
    return f"{told}; pass {instead[type(given)]}" if type(given) in instead else told


def judged_batches(
    batches: Iterable[pa.RecordBatch], judge: Judge, teller: Teller, form: str
) -> Iterator[pa.RecordBatch]:
    """Return the rows of these batches, judged and told in one form."""
    told: list[dict[str, Any]] = []
    shape = schema(form)
    for batch in batches:
        if not isinstance(batch, pa.RecordBatch):
            raise TypeError(_no_batches(batch))
        for start in range(0, batch.num_rows, _PIECE):
            for row in rows(batch.slice(start, _PIECE)):
                judged = judge.judge(row)
                if form == "summary":
                    told.append(teller.summary(judged))
                else:
                    told.extend(teller.findings(judged))
                if len(told) >= _MOST_OUT:
                    yield pa.RecordBatch.from_pylist(told, shape)
                    told = []
        if told:
            yield pa.RecordBatch.from_pylist(told, shape)
            told = []


def both(
    batch: pa.RecordBatch, judge: Judge, teller: Teller, findings_too: bool
) -> tuple[pa.Table, pa.Table]:
    """Return the summary and the findings of one batch, each row judged once.

    Without `findings_too` the second table is empty.
    """
    summaries: list[pa.RecordBatch] = []
    findings: list[pa.RecordBatch] = []
    for start in range(0, batch.num_rows, _PIECE):
        judged = [judge.judge(row) for row in rows(batch.slice(start, _PIECE))]
        short = [teller.summary(each) for each in judged]
        summaries.append(pa.RecordBatch.from_pylist(short, schema("summary")))
        if findings_too:
            long = [told for each in judged for told in teller.findings(each)]
            findings.append(pa.RecordBatch.from_pylist(long, schema("findings")))
    return (
        pa.Table.from_batches(summaries, schema("summary")),
        pa.Table.from_batches(findings, schema("findings")),
    )
