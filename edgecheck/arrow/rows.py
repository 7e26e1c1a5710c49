"""A record batch as rows of Python objects, whatever types its producer chose."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from edgecheck.fleet.columns import INPUT
from edgecheck.fleet.judge import FAULT, Unread

NEEDED = ("id", "chain")
_KINDS = {column.name: column.kind for column in INPUT} | {FAULT: "string"}
_NOT_TEXT = "it is no text in UTF-8"


def rows(batch: pa.RecordBatch) -> Iterator[Mapping[str, Any]]:
    """Return the rows of a batch, with those columns alone that are known.

    A value that cannot be read becomes `Unread`.

    Raises:
        ValueError: there is no column `id` or no `chain`, or one of them twice.
        TypeError: a column has a type that cannot be read.
    """
    names = known(batch.schema)
    read = [_READERS[_KINDS[name]](name, batch.column(name)) for name in names]
    for values in zip(*read, strict=True):
        yield dict(zip(names, values, strict=True))


def known(given: pa.Schema) -> list[str]:
    """Return the columns that are used of a schema. Raises as `rows()` does."""
    for name in NEEDED:
        if name not in given.names:
            there = ", ".join(given.names) or "none"
            raise ValueError(f"{name}: there is no such column; there are {there}")
    names = [name for name in _KINDS if name in given.names]
    for name in names:
        if given.names.count(name) > 1:
            raise ValueError(f"{name}: there are two columns of that name")
    return names


def unknown(given: pa.Schema) -> list[str]:
    """Return the columns of a schema that are not looked at."""
    return [name for name in given.names if name not in _KINDS]


def _texts(name: str, values: pa.Array) -> list[Any]:
    values = _plain(values)
    if pa.types.is_null(values.type):
        return [None] * len(values)
    if pa.types.is_integer(values.type) and name == "id":
        return [None if each is None else str(each) for each in values.to_pylist()]
    if not _is_text(values.type) and not _is_binary(values.type):
        raise _wrong(name, "text", values.type)
    return list(map(_text, _octets(values)))


def _text(octets: bytes | None) -> Any:
    if octets is None:
        return None
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return Unread(_NOT_TEXT)


def _octets(values: pa.Array) -> list[bytes | None]:
    """The bytes of each value; text is not decoded, for it may be none."""
    wide = pa.types.is_large_string(values.type) or pa.types.is_large_binary(values.type)
    made: list[bytes | None] = values.cast(pa.large_binary() if wide else pa.binary()).to_pylist()
    return made


def _chains(name: str, values: pa.Array) -> list[Any]:
    values = _plain(values)
    if _is_list(values.type):
        inner = values.type.value_type
        if pa.types.is_null(inner):
            return list(values.to_pylist())
        if not _is_text(inner) and not _is_binary(inner):
            raise _wrong(name, "binary, text, or a list of these", values.type)
        as_bytes = pa.large_list(pa.large_binary())
        return list(values.cast(as_bytes).to_pylist())
    return _files(name, values, "binary, text, or a list of these")


def _files(name: str, values: pa.Array, wanted: str = "binary or text") -> list[Any]:
    values = _plain(values)
    if pa.types.is_null(values.type):
        return [None] * len(values)
    if not _is_text(values.type) and not _is_binary(values.type):
        raise _wrong(name, wanted, values.type)
    return _octets(values)


def _numbers(name: str, values: pa.Array) -> list[Any]:
    values = _plain(values)
    if not pa.types.is_integer(values.type) and not pa.types.is_null(values.type):
        raise _wrong(name, "whole numbers", values.type)
    made: list[Any] = values.to_pylist()
    return made


def _times(name: str, values: pa.Array) -> list[Any]:
    values = _plain(values)
    if _is_text(values.type) or _is_binary(values.type):
        return _texts(name, values)
    if pa.types.is_null(values.type):
        return [None] * len(values)
    if pa.types.is_date32(values.type):  # days, of which Python's dates have not all
        days = values.cast(pa.int32()).to_pylist()
        return [None if each is None else _moment(each * 86_400) for each in days]
    if pa.types.is_date64(values.type):
        values = values.cast(pa.int64()).cast(pa.timestamp("ms"))
    if not pa.types.is_timestamp(values.type):
        raise _wrong(name, "times, or text with a time", values.type)
    # A column without a zone is in UTC, as Parquet and DuckDB write such columns.
    seconds = pc.divide(values.cast(pa.int64()), _PARTS[values.type.unit]).to_pylist()
    return [None if each is None else _moment(each) for each in seconds]


_PARTS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def _moment(seconds: int) -> Any:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return Unread("it is not between the years 2 and 9998")


def _several(name: str, values: pa.Array) -> list[Any]:
    values = _plain(values)
    if pa.types.is_null(values.type):
        return [None] * len(values)
    if not _is_list(values.type):
        raise _wrong(name, "a list of text", values.type)
    if pa.types.is_null(values.type.value_type):
        return list(values.to_pylist())
    if not _is_text(values.type.value_type) and not _is_binary(values.type.value_type):
        raise _wrong(name, "a list of text", values.type)
    given = values.cast(pa.large_list(pa.large_binary())).to_pylist()
    return [None if each is None else _list(list(map(_text, each))) for each in given]


def _list(texts: list[Any]) -> Any:
    return Unread(_NOT_TEXT) if any(isinstance(each, Unread) for each in texts) else texts


def _plain(values: pa.Array) -> pa.Array:
    """As what it stands for: without a dictionary, run lengths, or a name for another type.

    Lists by views stay and are refused: pyarrow 26 makes an empty list of a single one.
    """
    kind = values.type
    if isinstance(kind, pa.BaseExtensionType):
        if kind.extension_name == "arrow.uuid":
            return pa.array([None if each is None else str(each) for each in values.to_pylist()])
        return _plain(values.storage)
    if pa.types.is_dictionary(kind):
        return _plain(values.dictionary_decode())
    if pa.types.is_run_end_encoded(kind):
        return _plain(pc.run_end_decode(values))
    if _is_list(kind) and pa.types.is_dictionary(kind.value_type):
        return values.cast(pa.large_list(kind.value_type.value_type))
    return values


def _is_text(kind: pa.DataType) -> bool:
    views = getattr(pa.types, "is_string_view", _never)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or views(kind))


def _is_binary(kind: pa.DataType) -> bool:
    views = getattr(pa.types, "is_binary_view", _never)
    plain = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return bool(plain or pa.types.is_fixed_size_binary(kind) or views(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def _never(kind: pa.DataType) -> bool:
    return False


def _wrong(name: str, wanted: str, kind: pa.DataType) -> TypeError:
    return TypeError(f"{name}: expected a column of {wanted}, got {kind}")


_READERS: dict[str, Callable[[str, pa.Array], list[Any]]] = {
    "string": _texts,
    "chain": _chains,
    "file": _files,
    "int": _numbers,
    "time": _times,
    "strings": _several,
}
