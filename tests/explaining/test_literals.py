"""Words that a line must have for a pattern to be tried never hide a match."""

from __future__ import annotations

import re

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining.literals import needed
from edgecheck.explaining.rows import Row
from edgecheck.explaining.tables import ROWS
from edgecheck.rules import BUILT_IN

TEXTS = [
    *predicted(),
    *(symptom for rule in BUILT_IN for symptom in rule.symptoms),
    *(re.sub(r"\\[bsdWw]|[\\()?:|*+]", " ", row.pattern) for row in ROWS),
    *(part for row in ROWS for part in re.sub(r"\\b", "", row.pattern).split("|")),
]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"Connection refused", ("connection refused",)),
        (r"one thing|(?:an)?other|\bENOENT\b", ("one thing", "other", "enoent")),
        (r"quick ?start", ("quick",)),
        (r"colou?rs of", ("rs of",)),
        (r"(?:abcd|efgh)", ()),
        (r"abcd|x", ()),
        (r"a+bcde[xyz]fghij", ("fghij",)),
        (r"\{bad_cert,\s*", ("{bad_cert,",)),
        (r"abcde{2}fg", ("abcd",)),
    ],
)
def test_the_longest_plain_run_of_each_alternative_counts(
    pattern: str, words: tuple[str, ...]
) -> None:
    assert needed(pattern) == words


def test_most_rows_are_passed_over_unless_their_words_stand_there() -> None:
    assert sum(bool(needed(row.pattern)) for row in ROWS) > 0.7 * len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.pattern[:40])
def test_what_a_row_matches_has_one_of_its_words(row: Row) -> None:
    """Over every text that a client is predicted to print, and the words of all rows."""
    words, pattern = needed(row.pattern), re.compile(row.pattern, re.IGNORECASE)
    for text in TEXTS:
        if pattern.search(text):
            assert not words or any(word in text.lower() for word in words), text
