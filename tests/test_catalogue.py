"""The catalogue: every candidate once, each with rules and fixtures that show it, or a reason."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import NamedTuple

import pytest

from edgecheck import BUILT_IN
from fixtures.expected import FIXTURES, NAME, read
from tests.conftest import REPO
from tests.suites import candidates

CATALOGUE = REPO / "docs" / "catalogue.md"
CANDIDATES = 158
IDS = {rule.id for rule in BUILT_IN}


class Row(NamedTuple):
    """One candidate: its id, the rules that find it, and the fixtures that show it, or a reason."""

    id: str
    rules: list[str]
    fixtures: list[str]
    reason: str


def rows() -> list[Row]:
    found = []
    for line in CATALOGUE.read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"\| `([a-z0-9-]+)` \|(.*)\|(.*)\|", line):
            rules = re.findall(r"`([a-z0-9-]+\.[a-z0-9-]+)`", match[2])
            fixtures = re.findall(r"`([a-z0-9-]+/[a-z0-9/-]+)`", match[3])
            found.append(Row(match[1], rules, fixtures, match[3].strip()))
    return found


ROWS = rows()
FILLED = [row for row in ROWS if row.rules or row.reason]
each_row = pytest.mark.parametrize("row", FILLED, ids=[row.id for row in FILLED])


def test_every_candidate_stands_once() -> None:
    """All that were collected, where the list of them is there; else as many."""
    ids = [row.id for row in ROWS]
    assert len(ids) == len(set(ids)) == CANDIDATES
    file = candidates()
    if file is not None:
        assert sorted(ids) == sorted(c["rule"] for c in json.loads(file.read_text()))


def test_no_row_is_empty() -> None:
    """Each has rules, or a reason why not."""
    assert [row.id for row in ROWS if row not in FILLED] == []


@each_row
def test_a_row_names_what_finds_it_or_says_why_nothing_does(row: Row) -> None:
    """Rules that there are, with fixtures; or a reason in words."""
    assert not [rule for rule in row.rules if rule not in IDS]
    if row.rules:
        assert row.fixtures
    else:
        assert len(row.reason.split()) >= 4, "neither a rule nor a reason"


@each_row
def test_its_fixtures_show_it(row: Row) -> None:
    """Every fixture has a finding of one of the rules, and the first rule has a fixture."""
    shown = {name: said(name) for name in row.fixtures}
    assert not [name for name, rules in shown.items() if row.rules and rules.isdisjoint(row.rules)]
    if row.rules:
        assert any(row.rules[0] in rules for rules in shown.values())


@cache
def said(name: str) -> frozenset[str]:
    """The rules of which a fixture has findings."""
    folder = FIXTURES / name
    assert (folder / NAME).is_file(), f"there is no fixture {name}"
    return frozenset(finding.rule for finding in read(folder).findings)
