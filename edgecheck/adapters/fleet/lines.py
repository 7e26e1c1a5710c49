"""JSON lines: an object a line; a line that is none is a row with a fault."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from edgecheck.adapters.files import STANDARD_INPUT, Refused
from edgecheck.adapters.reasons import reading
from edgecheck.fleet.columns import INPUT
from edgecheck.fleet.judge import FAULT
from edgecheck.reading.text import safe

_KINDS = {column.name: column.kind for column in INPUT}
_ARROW = {
    "string": pa.large_binary(),
    "time": pa.large_binary(),
    "file": pa.large_binary(),
    "chain": pa.large_list(pa.large_binary()),
    "int": pa.int64(),
    "strings": pa.list_(pa.string()),
}
_SCHEMA = pa.schema(
    [*((column.name, _ARROW[column.kind]) for column in INPUT), (FAULT, pa.string())]
)
_WORDS = {
    "string": "text",
    "time": "text",
    "file": "text",
    "chain": "text or a list of texts",
    "int": "a whole number",
    "strings": "a list of texts",
}


class Lines:
    """One file of JSON lines, or standard input.

    Raises:
        Refused: it cannot be read.
    """

    def __init__(self, name: str, most: int) -> None:
        """Open nothing yet; `most`: bytes of a chain, of which a line may have twice as many."""
        self.name = name
        self.most = 2 * most + 65_536
        self.unused: set[str] = set()

    def batches(self, count: int) -> Iterator[pa.RecordBatch]:
        """Return the rows in batches of at most so many; the first is never missing."""
        try:
            if self.name == STANDARD_INPUT:
                yield from self._batches(sys.stdin.buffer, count)
            else:
                with Path(self.name).open("rb") as file:
                    yield from self._batches(file, count)
        except OSError as wrong:
            raise Refused(f"cannot read {self.name}: {reading(wrong)}") from None

    def _batches(self, file: IO[bytes], count: int) -> Iterator[pa.RecordBatch]:
        kept: list[dict[str, Any]] = []
        size = number = 0
        while line := file.readline(self.most):
            number += 1
            too_long = len(line) >= self.most and not line.endswith(b"\n")
            while too_long and (rest := file.readline(self.most)) and not rest.endswith(b"\n"):
                pass
            if not line.strip():
                continue
            kept.append(self._row(line, number, too_long))
            size += len(line)
            if len(kept) >= count or size >= self.most:
                yield pa.RecordBatch.from_pylist(kept, _SCHEMA)
                kept, size = [], 0
        yield pa.RecordBatch.from_pylist(kept, _SCHEMA)

    def _row(self, line: bytes, number: int, too_long: bool) -> dict[str, Any]:
        where = f"{self.name}:{number}"
        if too_long:
            return _faulty(where, f"line {number} is longer than {self.most} bytes")
        try:
            read = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return _faulty(where, f"line {number} is no JSON")
        if not isinstance(read, dict):
            return _faulty(where, f"line {number} is no JSON object")
        row: dict[str, Any] = {}
        faults = []
        for name, value in read.items():
            kind = _KINDS.get(name)
            if kind is None:
                self.unused.add(safe(name, 60))
            elif value is not None:
                try:
                    if name == "id" and isinstance(value, str):
                        value.encode("utf-8")  # half a character, by which nobody finds the row
                    row[name] = _value(kind, str(value) if _is_number(name, value) else value)
                except (TypeError, UnicodeError, OverflowError):
                    faults.append(f"line {number}: {name} is not {_WORDS[kind]}")
        if faults:
            row[FAULT] = "; ".join(faults)
        if row.get("id") is None:
            row["id"] = where.encode("utf-8", "backslashreplace")
            row[FAULT] = row.get(FAULT) or f"line {number} has no id"
        return row


def _faulty(where: str, fault: str) -> dict[str, Any]:
    return {"id": where.encode("utf-8", "backslashreplace"), FAULT: fault}


def _value(kind: str, value: Any) -> Any:
    """Return a value of JSON as Arrow takes it.

    A part of a chain that is no text becomes None, as a part that is null; the judge tells of it.

    Raises:
        TypeError: it is of another kind.
    """
    if kind == "int":
        if not isinstance(value, int) or isinstance(value, bool) or value.bit_length() > 62:
            raise TypeError
        return value
    if kind == "strings":
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise TypeError
        for each in value:
            each.encode("utf-8")
        return value
    if kind == "chain":
        if not isinstance(value, list):
            return [_octets(value)]
        return [_octets(each) if isinstance(each, str) else None for each in value]
    return _octets(value)


def _is_number(name: str, value: Any) -> bool:
    """Whether it is an id that somebody wrote as a number."""
    return name == "id" and isinstance(value, int) and not isinstance(value, bool)


def _octets(value: Any) -> bytes:
    if not isinstance(value, str):
        raise TypeError
    return value.encode("utf-8", "surrogatepass")
