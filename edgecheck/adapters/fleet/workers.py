"""Processes that judge pieces of a fleet, each with a memory of its own.

A process is started anew ("spawn") and not forked: so it works everywhere, and has nothing in its
memory but what it needs. It is sent a piece and writes the part itself; when whoever started it
is gone, so is it.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

import pyarrow as pa

from edgecheck.adapters.files import Refused
from edgecheck.adapters.fleet.parts import Parts, unwritable
from edgecheck.arrow.batches import both
from edgecheck.fleet.judge import Judge
from edgecheck.fleet.telling import Teller
from edgecheck.rules import BUILT_IN


class Work(NamedTuple):
    """The arguments by which all pieces are judged, in a form that goes to another process.

    Attributes:
        judging: arguments of `Judge`, but for the rules.
        select: of the rules; None: all.
        predictions: whether clients are asked.
        output: beside which the parts are.
        forms: the tables that are made.
    """

    judging: Mapping[str, Any]
    select: tuple[str, ...] | None
    predictions: bool
    output: str
    forms: tuple[str, ...]

    def begin(self) -> "Worker":
        """Return what does it."""
        return Worker(self)


class Piece(NamedTuple):
    """A part to be made: its number, of which bytes, and they themselves (Arrow's IPC)."""

    number: int
    made_of: str
    data: bytes


class Worker:
    """Makes parts of pieces, one after the other."""

    def __init__(self, work: Work) -> None:
        """Begin with an empty memo, which all pieces share that come here."""
        pa.set_cpu_count(1)
        pa.set_io_thread_count(1)
        rules = BUILT_IN if work.select is None else BUILT_IN.select(*work.select)
        self.judge = Judge(**work.judging, rules=rules)
        self.teller = Teller(work.predictions)
        self.parts = Parts(work.output, work.forms)

    def make(self, piece: Piece) -> int:
        """Make a part; returns how many gateways it has."""
        with pa.ipc.open_stream(piece.data) as stream:
            (batch,) = stream
        with _unswept():
            summary, findings = both(batch, self.judge, self.teller, len(self.parts.forms) > 1)
        self.parts.write(piece.number, piece.made_of, {"summary": summary, "findings": findings})
        return int(batch.num_rows)


@contextmanager
def _unswept() -> Iterator[None]:
    """Look for garbage at the end of a piece alone, which saves a fifth of the time.

    Reports are freed by counting references; what is left over of a piece is little. It is looked
    for among what was made since: modules and tables are many objects, and stay.
    """
    was = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was:
            gc.enable()


def packed(batch: pa.RecordBatch) -> pa.Buffer:
    """Return a piece as bytes: the same rows give the same."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return sink.getvalue()


def made(pieces: Iterator[Piece], work: Work, count: int) -> Iterator[int]:
    """Have parts made by so many processes; returns after each how many gateways it has.

    With one process it is done here. However this ends, the processes have ended then.

    Raises:
        Refused: a process ended by itself, or could not do its work.
    """
    if count == 1:
        worker = work.begin()
        yield from map(worker.make, pieces)
        return
    context = multiprocessing.get_context("spawn")
    there: dict[Connection, Any] = {}
    try:
        for _ in range(count):
            first = next(pieces, None)
            if first is None:
                break
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, work), daemon=True)
            process.start()
            theirs.close()
            there[ours] = process
            ours.send(first)
        busy = set(there)
        following = next(pieces, None)  # made ready while all are busy, so that none waits for it
        while busy:
            for connection in wait(list(busy)):
                assert isinstance(connection, Connection)
                done = _answer(connection, there[connection])
                if following is None:
                    busy.discard(connection)
                else:
                    connection.send(following)
                    following = next(pieces, None)
                yield done
    finally:
        for connection, process in there.items():
            connection.close()
            process.terminate()
        for process in there.values():
            process.join()


def _answer(connection: Connection, process: Any) -> int:
    try:
        answer = connection.recv()
    except (EOFError, OSError):
        process.join(5)
        how = process.exitcode
        because = f"by signal {-how}" if how is not None and how < 0 else f"with status {how}"
        raise Refused(
            f"a process ended {because}, perhaps for want of memory; what is done is kept: run "
            "the same again, with fewer --workers"
        ) from None
    if isinstance(answer, int):
        return answer
    raise Refused(str(answer))


def _serve(connection: Connection, work: Work) -> None:
    """Run in a process of its own until nobody sends anything more."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    with suppress(EOFError, OSError):
        try:
            worker = work.begin()
            connection.send(worker.make(connection.recv()))
            gc.freeze()  # all modules are loaded by now, and stay
            while True:
                connection.send(worker.make(connection.recv()))
        except EOFError:
            raise
        except MemoryError:
            connection.send("there is not memory enough; run the same again, with fewer --workers")
        except Exception as wrong:
            if os.environ.get("EDGECHECK_DEBUG"):
                raise
            told = unwritable(work.output, wrong) if isinstance(wrong, OSError) else None
            connection.send(str(told or f"{type(wrong).__name__}: {wrong}"))
