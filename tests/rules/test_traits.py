"""Traits save calls, and decide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgecheck.rules.engine import circumstances, run, traits
from fixtures.expected import FIXTURES, folders, read

FOLDERS = folders()


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
def test_a_rule_looks_at_the_facts_even_where_its_trait_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All traits are there where a fact cannot be read: no rule takes that for a violation."""
    fixture = read(folder)
    usual = fixture.check().findings
    monkeypatch.setattr(run, "traits", lambda certificate: traits.EVERY)
    monkeypatch.setattr(run, "circumstances", lambda case: traits.EVERY)
    assert fixture.check().findings == usual


def test_each_trait_is_a_bit_of_its_own() -> None:
    """Two traits on one bit would call the rules of both; `EVERY` alone has more than one."""
    bits = [
        value
        for name, value in (*vars(traits).items(), *vars(circumstances).items())
        if name.isupper() and isinstance(value, int) and value > 0 and value.bit_count() == 1
    ]
    assert len(bits) == len(set(bits))
