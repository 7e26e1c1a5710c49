"""docs/schema.md: every field of the JSON report, from its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.markdown import table

SCHEMA = "edgecheck/reporting/schema/report-v1.json"
Node = Mapping[str, Any]
REF = "#/$defs/"
UNITS = {
    "expected.validation.max_depth": "certificates",
    "expected.validation.limits.signatures": "signatures",
    "expected.validation.limits.steps": "certificates",
    "expected.validation.limits.name_comparisons": "comparisons",
    "expected.validation.limits.input_bytes": "bytes",
    "expected.validation.limits.certificates": "certificates",
    "expected.validation.limits.model_steps": "comparisons",
    "expected.validation.expires_within": "days",
    "expected.device.time_t_bits": "bits",
    "predictions[].tier": "1 or 2",
    "connection.port": "TCP port",
    "certificate.path_length": "CAs below it",
    "place.index": "counted from 0",
    "line": "counted from 1",
    "time": "RFC 3339, UTC",
    "sha256": "hexadecimal",
    "fingerprints": "hexadecimal",
    "hex": "hexadecimal",
}
"""By the name of a definition, or the place of a field. Each number needs one; a test says so."""
ABOUT = """\
# The JSON report

`edgecheck check --format json`, or `Report.to_json()` in a program, gives one object:

- `valid` is the verdict about the path, `ok` about everything, `worst` the highest severity.
- `findings` are what is wrong. Each names its rule, the certificates by their SHA-256, the
  lines of the input, what was wanted and found, a remedy, and with `caused_by` the finding from
  which it merely follows. Whoever counts findings counts those without `caused_by`.
- `undecided` are rules that could not be decided, and why. They have not passed.
- `passed` are rules that were decided and hold; [library.md](library.md) says what can be
  relied on.
- `fix_first` are the ids of findings in the order in which to repair them.
- `repairs` are the same as acts: what to do (`act`) to what (`object`), in words, with
  OpenSSL's extension lines and instructions, and the findings that it closes. `object.kind` is
  a certificate (`subject` is its SHA-256), a file as it was given, the trust of the client, a
  setting of the gateway's configuration by its key, the client, the clock, a capture to be
  taken again, input that edgecheck was not given, or what is missing. Each finding has its
  `act` and `object` too.
- `predictions` are what single clients will do with the chain, and which findings explain it
  ([clients.md](clients.md)).
- `certificates` and `hierarchy` are what was read, and who issued whom; what is predicted is
  `synthetic`, and `hierarchy.predicted` and `hierarchy.sender` tell of it
  ([predict.md](predict.md)).
- `expected` is what was said about the world, the time included, and what of it was assumed.

With `--each` several files are judged each by itself: then it is a list of such objects in the
order of the files, each with its `source`. What `edgecheck connect` adds,
[connect.md](connect.md) tells. `to_json(predictions=False)` leaves the list of predictions
empty, and computes none. `--redact` and `to_json(redact=True)` put pseudonyms in the place of
names, numbers and digests, and add `chain_description` ([redaction.md](redaction.md)).

All text is ASCII (other characters are escaped), times are RFC 3339 in UTC, and the same input
and time give the same bytes. Names and texts out of certificates, file names and host names are
whatever somebody wrote: what controls a terminal, turns writing around or is not seen stands as
`\\x1b` or `\\u202e` in the text itself, so that what `jq -r` prints of a report is safe, too.
The bytes as they were are in the certificate. What you put into a page or a query you still
have to escape for it.

Within schema version 1 fields and words are only added. A program that reads reports should
pass over fields that it does not know. The same as a JSON Schema, which comes with the package:
[report-v1.json](../{schema}).

Below is every field. `a[]` is each element of the list `a`, `a.*` each value of an object whose
keys are free. `null` among the types means that there may be none; the meaning says when."""


def page(root: Path) -> str:
    """The page, without the note about who made it."""
    schema: Node = json.loads((root / SCHEMA).read_text(encoding="utf-8"))
    lines = [ABOUT.format(schema=SCHEMA), "", "## The report", ""]
    lines += table(HEAD, _rows(_fields(schema), schema))
    for name, node in schema["$defs"].items():
        if _is_object(node):
            lines += ["", f"## {_title(name)}", "", node.get("description", ""), ""]
            lines += table(HEAD, _rows(_fields(node, name), schema, name))
    lines += ["", "## Words and forms", "", "What fields share.", ""]
    shared = ((name, node) for name, node in schema["$defs"].items() if not _is_object(node))
    rows = ((f"`{n}`", _type(node), _unit(n, node), _meaning(node, schema)) for n, node in shared)
    lines += table(("Name", *HEAD[1:]), rows)
    return "\n".join(lines) + "\n"


HEAD = ("Field", "Type", "Unit", "Meaning")


def _rows(
    fields: Iterator[tuple[str, Node]], schema: Node, inside: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    for place, node in fields:
        shown = place.removeprefix(f"{inside}.")
        yield f"`{shown}`", _type(node), _unit(place, node), _meaning(node, schema)


def _fields(node: Node, place: str = "") -> Iterator[tuple[str, Node]]:
    """Each field below an object, with its place; what has a section of its own is not entered."""
    for key, value in node.get("properties", {}).items():
        there = f"{place}.{key}".lstrip(".")
        yield there, value
        yield from _below(value, there)


def _below(node: Node, place: str) -> Iterator[tuple[str, Node]]:
    yield from _fields(node, place)
    if isinstance(free := node.get("additionalProperties"), dict) and "properties" in free:
        yield from _below(free, f"{place}.*")
    if isinstance(each := node.get("items"), dict):
        yield from _below(each, f"{place}[]")
    for other in node.get("anyOf", ()):
        yield from _below(other, place)


def _is_object(node: Node) -> bool:
    return any("properties" in each for each in (node, *node.get("anyOf", ())))


def _type(node: Node) -> str:
    """Its type in words; a definition by its name."""
    if ref := node.get("$ref"):
        name = ref.removeprefix(REF)
        return (
            f"[{name}](#{_title(name).lower().replace(' ', '-')})" if name in OWN else f"`{name}`"
        )
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    if "enum" in node:
        return " or ".join(f"`{json.dumps(each)}`" for each in node["enum"])
    if several := node.get("anyOf"):
        return " or ".join(dict.fromkeys(map(_type, several)))
    kinds = node.get("type", "anything")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(_list(node) if kind == "array" else kind for kind in kinds)


def _list(node: Node) -> str:
    of = node.get("items")
    return f"list of {_type(of)}" if isinstance(of, dict) else "list"


def _unit(place: str, node: Node) -> str:
    """Of numbers, times and digests; else empty."""
    if place in UNITS:
        return UNITS[place]
    refs = [each.get("$ref", "") for each in (node, *node.get("anyOf", ()))]
    items = node.get("items")
    refs += [items.get("$ref", "")] if isinstance(items, dict) else []
    return next((UNITS[name] for ref in refs if (name := ref.removeprefix(REF)) in UNITS), "")


def _meaning(node: Node, schema: Node) -> str:
    """What it says of itself, or else what its definition does."""
    definition = schema["$defs"].get(node.get("$ref", "").removeprefix(REF), {})
    return str(node.get("description") or definition.get("description", "")).replace("\n", " ")


def _title(name: str) -> str:
    return f"Each {name.replace('_', ' ')}"


def numbers(schema: Node) -> Iterator[str]:
    """The place of every field and definition that is a number, for the test of UNITS."""
    places = [*_fields(schema), *schema["$defs"].items()]
    for name, node in schema["$defs"].items():
        places += _fields(node, name)
    for place, node in places:
        kinds = node.get("type", "")
        if {"integer", "number"} & {*([kinds] if isinstance(kinds, str) else kinds)}:
            yield place


OWN = {"certificate", "connection", "finding", "object", "place"}
"""Definitions that are objects, which have a section each; a test holds it against the schema."""
