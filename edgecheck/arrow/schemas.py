"""The tables of `edgecheck.fleet.columns` in the words of Arrow and of Spark."""

import pyarrow as pa

from edgecheck.fleet.columns import CERTIFICATE, TABLES, Column

FORMS = tuple(TABLES)
"""In which form findings can go out."""
_TIME = pa.timestamp("us", tz="UTC")
_PLAIN = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int": pa.int32(),
    "time": _TIME,
    "strings": pa.list_(pa.string()),
}
_WORDS = {
    "string": "string",
    "bool": "boolean",
    "int": "int",
    "time": "timestamp",
    "strings": "array<string>",
}


def schema(form: str = "summary") -> pa.Schema:
    """Return the schema of what goes out.

    Args:
        form: "summary", one row a gateway; or "findings", one row a finding.

    Raises:
        ValueError: there is no such form.
    """
    return pa.schema([_field(column) for column in columns(form)])


def ddl(form: str = "summary") -> str:
    """Return the same as `DataFrame.mapInArrow` of Spark wants it. Raises as `schema()` does."""
    return ", ".join(f"{column.name} {_spark(column)}" for column in columns(form))


def columns(form: str) -> tuple[Column, ...]:
    """Return the columns of a form. Raises ValueError: there is no such form."""
    if form not in TABLES:
        raise ValueError(f"form: {form!r} is unknown; known are {', '.join(FORMS)}")
    return TABLES[form]


def _field(column: Column) -> pa.Field:
    if column.kind == "certificates":
        kind = pa.list_(pa.struct([_field(each) for each in CERTIFICATE]))
    else:
        kind = _PLAIN[column.kind]
    return pa.field(column.name, kind, nullable=column.empty)


def _spark(column: Column) -> str:
    if column.kind == "certificates":
        fields = ", ".join(f"{each.name}: {_WORDS[each.kind]}" for each in CERTIFICATE)
        return f"array<struct<{fields}>>"
    return _WORDS[column.kind]
