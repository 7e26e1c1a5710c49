"""What a fleet is read from: Parquet, JSON lines, or files with a chain each, in pieces."""

import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from edgecheck.adapters.files import STANDARD_INPUT, Refused
from edgecheck.adapters.fleet.lines import Lines
from edgecheck.adapters.reasons import reading
from edgecheck.arrow.rows import known, rows, unknown
from edgecheck.fleet.judge import FAULT

ROWS = 1_000
"""Gateways of one piece, which one process judges at a time."""
BYTES = 16 * 1024 * 1024
"""A piece with as many is full."""
_READ_AT_ONCE = 256
_PARQUET = (".parquet", ".pq")
_LINES = (".jsonl", ".ndjson", ".json")
_CHAINS = (".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".txt")
_CHAIN_SCHEMA = pa.schema([("id", pa.string()), ("chain", pa.binary()), (FAULT, pa.string())])


class Found(NamedTuple):
    """The files of one INPUT, in order.

    Attributes:
        kind: "parquet", "lines" or "chains".
        files: their names.
        base: the folder to which they are relative; empty: none.
    """

    kind: str
    files: tuple[str, ...]
    base: str = ""

    def paths(self) -> Iterator[str]:
        """Return the names by which they are opened."""
        return (os.path.join(self.base, each) for each in self.files)  # noqa: PTH118


class Input:
    """All that INPUT names, in pieces that depend on nothing but what is in it.

    Raises:
        Refused: there is nothing by that name, or it is of no kind that can be read.
    """

    def __init__(self, names: Sequence[str], most: int) -> None:
        """Look at what is there; `most`: bytes of one chain that are read."""
        self.most = most
        self.found = [found for name in names for found in _found(name)]
        self.unused: set[str] = set()
        """Columns that are not looked at, as far as was read."""

    def total(self) -> int | None:
        """Return how many gateways there are; None where only reading tells."""
        count = 0
        for found in self.found:
            if found.kind == "lines":
                return None
            if found.kind == "chains":
                count += len(found.files)
            else:
                count += sum(_parquet(path).metadata.num_rows for path in found.paths())
        return count

    def files(self) -> Iterator[str]:
        """Return all files that are read, for they must not be written."""
        for found in self.found:
            yield from found.paths()

    def folders(self) -> list[str]:
        """Return the folders of which everything is read."""
        return [found.base for found in self.found if found.base]

    def pieces(self) -> Iterator[pa.RecordBatch]:
        """Return record batches of at most ROWS gateways and about BYTES bytes, in order.

        Raises:
            Refused: a file cannot be read, or lacks a column.
        """
        for found in self.found:
            if found.kind == "parquet":
                for file in found.paths():
                    yield from self._of(file, _batches_of(file))
            elif found.kind == "lines":
                for file in found.paths():
                    lines = Lines(file, self.most)
                    yield from self._of(file, lines.batches(_READ_AT_ONCE))
                    self.unused |= lines.unused
            else:
                yield from self._of(found.base, self._chains(found))

    def _of(self, name: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Batches of one file as pieces."""
        kept: list[pa.RecordBatch] = []
        count = size = 0
        looked = False
        for batch in batches:
            if not looked:
                self._looked_at(name, batch)
                looked = True
            while batch.num_rows:
                taken = batch.slice(0, ROWS - count)
                kept.append(taken)
                count, size = count + taken.num_rows, size + taken.nbytes
                batch = batch.slice(taken.num_rows)
                if count >= ROWS or size >= BYTES:
                    yield _joined(kept)
                    kept, count, size = [], 0, 0
        if kept:
            yield _joined(kept)

    def _looked_at(self, name: str, batch: pa.RecordBatch) -> None:
        try:
            next(iter(rows(batch.slice(0, 0))), None)
        except (TypeError, ValueError) as wrong:
            raise Refused(f"{name}: {wrong}") from None
        self.unused |= set(unknown(batch.schema))

    def _chains(self, found: Found) -> Iterator[pa.RecordBatch]:
        """A row for each file; its id is its name below the folder."""
        kept: list[dict[str, object]] = []
        size = 0
        for name in found.files:
            row: dict[str, object] = {"id": _printable(name), "chain": None, FAULT: None}
            try:
                with Path(found.base, name).open("rb") as file:
                    row["chain"] = data = file.read(self.most + 1)
                size += len(data)
            except OSError as wrong:
                row[FAULT] = f"its file cannot be read: {reading(wrong)}"
            kept.append(row)
            if len(kept) >= _READ_AT_ONCE or size >= BYTES:
                yield pa.RecordBatch.from_pylist(kept, _CHAIN_SCHEMA)
                kept, size = [], 0
        yield pa.RecordBatch.from_pylist(kept, _CHAIN_SCHEMA)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """Several batches as one; a dictionary that differs from one to the next is resolved."""
    table = pa.Table.from_batches(batches).combine_chunks()
    return table.to_batches()[0]


def _printable(name: str) -> str:
    """A file's name as text: what is no UTF-8 in it is escaped."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _parquet(name: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(name, pre_buffer=False, buffer_size=1 << 20)
    except (OSError, pa.ArrowException) as wrong:
        raise _unread(name, wrong) from None


def _unread(name: str, wrong: Exception) -> Refused:
    if isinstance(wrong, pa.ArrowInvalid):
        return Refused(f"{name}: it is no Parquet file, or a damaged one; make it anew")
    return Refused(f"cannot read {name}: {reading(wrong)}")


def _batches_of(name: str) -> Iterator[pa.RecordBatch]:
    with _parquet(name) as file:
        try:
            columns = known(file.schema_arrow)
        except ValueError as wrong:
            raise Refused(f"{name}: {wrong}") from None
        try:
            yield pa.RecordBatch.from_pylist([], file.schema_arrow)
            yield from file.iter_batches(_READ_AT_ONCE, columns=columns, use_threads=False)
        except (OSError, pa.ArrowException) as wrong:
            raise _unread(name, wrong) from None


def _found(name: str) -> Iterator[Found]:
    """Yield the files, or the folder, that one INPUT names."""
    if name == STANDARD_INPUT:
        if sys.stdin is None or sys.stdin.closed:
            raise Refused("standard input is closed; name a file")
        yield Found("lines", (name,))
    elif Path(name).is_dir():
        yield _folder(name)
    elif Path(name).exists():
        yield Found(_kind(name), (name,))
    elif any(sign in name for sign in "*?["):
        like = glob.glob(name, recursive=True)  # noqa: PTH207 -- as given, absolute or not
        files = sorted(each for each in like if Path(each).is_file())
        if not files:
            raise Refused(f"no file is like {name}; check the name, and the folder you are in")
        yield from _alike(name, files)
    else:
        raise Refused(f"no such file: {name}; check the name, and the folder that you are in")


def _kind(name: str) -> str:
    ending = Path(name).suffix.lower()
    if ending in _PARQUET:
        return "parquet"
    if ending in _LINES:
        return "lines"
    if ending in _CHAINS:
        return "chains"
    raise Refused(
        f"{name}: its ending does not say what it is; known are "
        f"{', '.join((*_PARQUET, *_LINES, *_CHAINS))}; `-` reads JSON lines"
    )


def _folder(name: str) -> Found:
    files = sorted(_below(name))
    kinds = {ending: kind for kind, endings in _ENDINGS for ending in endings}
    by_kind: dict[str, list[str]] = {}
    for file in files:
        kind = kinds.get(Path(file).suffix.lower())
        if kind is not None:
            by_kind.setdefault(kind, []).append(file)
    if not by_kind:
        known = ", ".join(ending for _, endings in _ENDINGS for ending in endings)
        raise Refused(f"{name}: no file in it ends with one of {known}")
    if len(by_kind) > 1:
        raise Refused(
            f"{name}: it has files of several kinds ({', '.join(sorted(by_kind))}); name those "
            f"that are meant, such as '{name}/*{_CHAINS[0]}'"
        )
    ((kind, several),) = by_kind.items()
    return Found(kind, tuple(several), name)


_ENDINGS = (("parquet", _PARQUET), ("lines", _LINES), ("chains", _CHAINS))


def _below(name: str) -> Iterator[str]:
    """Files in a folder and those below it, by their names relative to it; none that is hidden."""
    for folder, folders, files in os.walk(name):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for file in files:
            if not file.startswith((".", "_")):
                yield Path(folder, file).relative_to(name).as_posix()


def _alike(name: str, files: Sequence[str]) -> Iterator[Found]:
    """Files by a pattern, those of one kind together."""
    kinds = {_kind(file) for file in files}
    if len(kinds) > 1:
        raise Refused(f"{name}: files of several kinds are like it ({', '.join(sorted(kinds))})")
    yield Found(kinds.pop(), tuple(files))
