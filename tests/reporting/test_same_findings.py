"""Every form of a report tells the same findings, and what a certificate says stays text."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edgecheck
from edgecheck.reporting.document.build import document
from edgecheck.reporting.markdown import code, escaped, fenced
from fixtures import stock
from fixtures.expected import FIXTURES, folders, report_of
from fixtures.pki import pem
from tests.examples import some

FOLDERS = some(folders())
each_folder = pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
Told = Counter[tuple[str, str]]


def wanted(report: edgecheck.Report) -> tuple[Told, Told]:
    """Severity and rule of what is told by itself, and rule and cause of what follows."""
    causes: Told = Counter()
    effects: Told = Counter()
    for finding in report.findings:
        if finding.caused_by is None:
            causes[finding.severity.value, finding.rule.id] += 1
        else:
            effects[finding.rule.id, ""] += 1
    return causes, effects


@each_folder
def test_the_document_and_each_text_tell_all_findings(folder: Path) -> None:
    """As often as they are in the report: with their severity, or as what follows."""
    report = report_of(folder)
    causes, effects = wanted(report)
    block = document(report)
    assert Counter((f.severity, f.rule) for f in block.findings) == causes
    assert Counter((e.rule, "") for f in block.findings for e in f.follows) == effects

    text = report.to_text(verbose=True, width=100)
    told = re.findall(r"(?m)^(error|warning|info)\[([a-z.0-9-]+)\]", text)
    assert Counter(told) == causes
    followed = re.findall(r"(?m)^  follows: ([a-z.0-9-]+)", text)
    assert Counter((rule, "") for rule in followed) == effects

    written = report.to_markdown()
    told = re.findall(r"(?m)^### (error|warning|info) `([a-z.0-9-]+)`$", written)
    assert Counter(told) == causes
    _, _, behind = written.partition("## Findings")
    followed = re.findall(r"(?m)^- `([a-z.0-9-]+)`: ", behind.partition("## Clients")[0])
    assert Counter((rule, "") for rule in followed) == effects


@each_folder
def test_the_first_screen_says_what_is_worst(folder: Path) -> None:
    """Within three lines, before the tree; a sound gateway has one quiet line there."""
    report = report_of(folder)
    block = document(report, whole=False)
    before = report.to_text(width=100).partition("\n\n")[2].partition("\n\n")[0]
    if block.summary is None:
        assert not block.findings or {f.severity for f in block.findings} == {"info"}
        return
    worst = next(finding for finding in report.findings if not finding.caused_by)
    assert block.summary.finding.id == worst.id
    assert before.startswith(f"{worst.severity}: ")
    assert len(before.partition("  do first:")[0].splitlines()) <= 3


def test_no_line_of_the_first_screen_is_wider_than_the_terminal() -> None:
    """Whatever the certificate says of itself."""
    name = "x" * 63 + "." + "y" * 63 + ".example"
    report = edgecheck.check(
        pem(*stock.stock_15().presented()), name, pem(*stock.stock_15().trust())
    )
    _, first_screen, *_ = report.to_text(width=60).split("\n\n")
    assert first_screen.startswith("error: ")
    assert all(len(line) <= 60 for line in first_screen.splitlines())


@given(st.text(max_size=80))
def test_nothing_in_a_text_is_markdown(text: str) -> None:
    """No sign that begins a link, a mention, HTML, emphasis, a heading or a cell is bare."""
    told = escaped(text)
    assert "\n" not in told
    bare = re.sub(r"\\.|&(?:#\d+|amp|lt);", "", told)
    assert not re.search(r"[\\`*_{}\[\]<>|~^$&@]|://", bare)
    assert not re.match(r"[-+=#]", bare) or told.startswith(("\\", "&"))


@given(st.text(alphabet="`ab\n ", max_size=30))
def test_nothing_breaks_out_of_code(text: str) -> None:
    """Neither out of a span nor out of a fence."""
    span = code(text)
    fence = re.match("`+", span)
    assert fence is not None
    inside = span[len(fence[0]) : -len(fence[0])]
    assert fence[0] not in re.findall("`+", inside)
    first, *lines, last = fenced(text.splitlines())
    assert first == f"{last}text"
    assert all(last not in line for line in lines)
