"""The tables of `edgecheck fleet`: the page of their columns, and the published description."""

from __future__ import annotations

import json

from edgecheck.fleet.columns import CERTIFICATE, FINDINGS, INPUT, SUMMARY, Column, described

_TITLES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "What comes in": ("`id` and `chain` are needed; every other column may be missing.", INPUT),
    "The summary": ("One row a gateway.", SUMMARY),
    "A certificate": ("Of which the summary has a list.", CERTIFICATE),
    "The findings": ("One row a finding; a gateway without findings has none.", FINDINGS),
}
_KINDS = {
    "int": "int, 32 bits",
    "time": "timestamp in UTC, microseconds",
    "strings": "list of string",
    "certificates": "list of certificates",
    "chain": "binary, string, or a list of these",
    "file": "binary or string",
}


def page(note: str) -> str:
    """docs/fleet-columns.md."""
    lines = [
        note.format("edgecheck/fleet/columns.py"),
        "",
        "# The columns of a fleet's tables",
        "",
        "[fleet.md](fleet.md) tells what they are for. The same for programs:",
        "[fleet-v1.json](../edgecheck/fleet/schema/fleet-v1.json). Within version 1 columns are",
        "only added, at the end.",
    ]
    for title, (about, columns) in _TITLES.items():
        lines += ["", f"## {title}", "", about, "", "| column | type | null | what it is |"]
        lines.append("|---|---|---|---|")
        for each in columns:
            kind, empty = _KINDS.get(each.kind, each.kind), "yes" if each.empty else "no"
            lines.append(f"| `{each.name}` | {kind} | {empty} | {each.about} |")
    return "\n".join(lines) + "\n"


def schema() -> str:
    """edgecheck/fleet/schema/fleet-v1.json."""
    return json.dumps(described(), indent=2) + "\n"
