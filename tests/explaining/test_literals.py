"""Words that a line must have for a pattern to be tried never hide a match, and spare much work."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining.explain import worth_trying
from edgecheck.explaining.lines import MOST_LINES
from edgecheck.explaining.literals import index, needed, places
from edgecheck.explaining.rows import Row
from edgecheck.explaining.tables import ROWS
from edgecheck.rules import BUILT_IN
from tests.examples import LONG
from tests.explaining.test_posted import rows

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
        (r"(?:abcd|efgh)", ("abcd", "efgh")),
        (r"ERR_(?:A|BC)_X", ("err_a_x", "err_bc_x")),
        (r"(abc|d)*efgh", ("efgh",)),
        (r"abc(?!never)(?<=abc)def", ("abcdef",)),
        (r"abcd|x", ()),
        (r"a+bcde[xyz]fghij", ("fghij",)),
        (r"\{bad_cert,\s*", ("{bad_cert,",)),
        (r"abcde{2}fg", ("abcde",)),
        (r"abcde{0,2}fg", ("abcd",)),
        (r"abcdef(?=later)?", ("abcdef",)),
        (r"why (?:Retry_?Expired|No_?Network)", ("expired", "network")),
        (r"ab(?:cd(?:e|f)|gh)ij", ("abcdeij", "abcdfij", "abghij")),
        (r"(?:abcde){2}", ("abcde",)),
        (r"self[- ]signed", ("self-signed", "self signed")),
        (r"too[ _]long[^ ]never", ("too long", "too_long")),
    ],
)
def test_the_best_words_of_which_every_match_has_one(pattern: str, words: tuple[str, ...]) -> None:
    assert needed(pattern) == words


def test_every_row_is_passed_over_unless_its_words_stand_there() -> None:
    assert [row.pattern for row in ROWS if not needed(row.pattern)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.pattern[:40])
def test_what_a_row_matches_has_one_of_its_words(row: Row) -> None:
    """Over every text that a client is predicted to print, and the words of all rows."""
    words, pattern = needed(row.pattern), re.compile(row.pattern, re.IGNORECASE)
    for text in TEXTS:
        if pattern.search(text):
            assert not words or any(word in text.lower() for word in words), text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.pattern[:40])
def test_whatever_a_row_can_match_has_one_of_its_words(row: Row) -> None:
    """Over texts that are made from the pattern itself."""
    words, pattern = needed(row.pattern), re.compile(row.pattern, re.IGNORECASE | re.ASCII)

    @settings(
        max_examples=4 if LONG else 2,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert any(word in text.lower() for word in words), text

    holds()


@given(st.lists(st.text("abcd", min_size=3, max_size=6), max_size=8), st.text("abcd", max_size=30))
def test_the_index_finds_just_the_words_that_stand_in_a_line(words: list[str], line: str) -> None:
    found = set(places(index((word,) for word in words), line))
    assert found == {place for place, word in enumerate(words) if word in line}


def test_of_a_long_log_few_patterns_are_tried() -> None:
    """The work grows with the lines, not with lines times rows: less than one pattern a line."""
    log = [
        f"<6> 2026-11-23 12:00:00.{n:04} +00:00 [INF] - Device d{n} sent {n * 7:x} to $edgeHub"
        for n in range(MOST_LINES)
    ]
    tried = sum(len(list(worth_trying(line))) for line in log)
    assert tried < MOST_LINES
    (row,) = {
        row.pattern
        for row, _ in worth_trying("net::ERR_CERT_DATE_INVALID")
        if "DATE" in row.pattern
    }
    assert row == r"\bERR_CERT_DATE_INVALID\b"


def test_of_a_log_of_nothing_but_errors_few_patterns_are_tried_on_a_line() -> None:
    """Of more than five hundred; each line is another text that somebody posted."""
    lines = [line for one in rows() for line in one["text"].splitlines()]
    assert len(ROWS) > 500
    assert sum(len(list(worth_trying(line))) for line in lines) < 12 * len(lines)
