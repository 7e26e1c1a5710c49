"""Texts that people posted lead to what they mean: `posted.toml` beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.explaining.meaning import Meaning
from edgecheck.explaining.symptoms import SYMPTOMS
from edgecheck.rules import BUILT_IN

FILE = Path(__file__).parent / "posted.toml"


class Posted(NamedTuple):
    """A text, what it means, and what it was taken for."""

    text: str
    means: frozenset[str]
    source: str
    taken_for: tuple[Meaning, ...]


def rows() -> list[dict[str, Any]]:
    """As the file has them."""
    found: list[dict[str, Any]] = tomllib.loads(FILE.read_text())["text"]
    return found


@cache
def posted() -> tuple[Posted, ...]:
    return tuple(
        Posted(
            one["text"],
            frozenset(one["means"]),
            one["source"],
            explain(one["text"], BUILT_IN, predicted()).meanings,
        )
        for one in rows()
    )


def test_each_text_is_short_has_its_source_and_means_something_that_exists() -> None:
    known = {rule.id for rule in BUILT_IN} | SYMPTOMS.keys()
    texts = posted()
    assert len(texts) >= 150
    assert len({one.text for one in texts}) == len(texts)
    for one in texts:
        assert one.means and one.means <= known, one.text
        assert one.source.startswith("https://") and len(one.text) < 600


def test_nine_of_ten_mean_first_or_second_what_was_expected() -> None:
    missed = [one.text for one in posted() if not one.means & {m.id for m in one.taken_for[:2]}]
    assert len(missed) <= 0.1 * len(posted()), missed


def test_nothing_false_is_certain() -> None:
    false = [
        (one.text, meaning.id)
        for one in posted()
        for meaning in one.taken_for
        if meaning.certain and meaning.id not in one.means
    ]
    assert false == []


def test_three_of_five_right_first_meanings_are_certain() -> None:
    right = [
        one.taken_for[0] for one in posted() if one.taken_for and one.taken_for[0].id in one.means
    ]
    assert sum(meaning.certain for meaning in right) >= 0.6 * len(right)
