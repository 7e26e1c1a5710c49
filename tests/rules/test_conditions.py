"""Conditions save calls, and decide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgecheck import BUILT_IN
from edgecheck.rules.engine.conditions import EVERY
from edgecheck.rules.engine.ruleset import Plan
from fixtures.expected import FIXTURES, folders, read
from tests.examples import some

FOLDERS = some(folders())


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
def test_a_rule_looks_at_the_facts_even_where_its_condition_holds(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All conditions hold where a fact cannot be read: no rule takes that for a violation."""
    fixture = read(folder)
    usual = fixture.check().findings
    monkeypatch.setattr(Plan, "about_certificate", lambda plan, certificate: EVERY)
    monkeypatch.setattr(Plan, "about_path", lambda plan, case: EVERY)
    assert fixture.check().findings == usual


def test_each_condition_has_a_bit_of_its_own() -> None:
    """Two conditions on one bit would call the rules of both; `EVERY` alone has more than one."""
    bits = list(BUILT_IN.plan.bits.values())
    assert len(bits) > 40
    assert all(bit.bit_count() == 1 for bit in bits)
    assert len(bits) == len(set(bits))
