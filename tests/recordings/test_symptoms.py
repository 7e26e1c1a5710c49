"""Symptoms are real: a recorded client said them, or a source is named; and they lead back."""

from __future__ import annotations

import csv
import io
import tomllib
from functools import cache
from pathlib import Path

import pytest

from edgecheck import BUILT_IN
from edgecheck.report.openssl import ERRORS
from edgecheck.report.symptoms import candidates, is_vague, within, words_of
from tests.suites import NO_RECORDINGS, recordings
from tools.voice import cases, text

SOURCES = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
OPENSSL = {error.text for error in ERRORS}
SEEN = sorted({symptom for rule in BUILT_IN for symptom in rule.symptoms})


@cache
def files() -> tuple[Path, Path]:
    found = recordings()
    if found is None:
        pytest.skip(NO_RECORDINGS)
    return found


@cache
def said() -> frozenset[tuple[str, ...]]:
    rows = csv.DictReader(io.StringIO(text(files()[1])))
    return frozenset(words_of(f"{row['says']} {row['reason']}") for row in rows)


@cache
def meant(says: str) -> frozenset[str]:
    """Rules that a text may stand for; many cases have the same one."""
    return frozenset(candidate.rule.id for candidate in candidates(says, BUILT_IN))


def test_every_symptom_is_a_text_of_a_recording_or_has_a_source() -> None:
    """Nothing that only somebody thinks a program would print."""
    made_up = [
        symptom
        for symptom in SEEN
        if symptom not in SOURCES
        and symptom not in OPENSSL
        and not any(within(words_of(symptom), line) for line in said())
    ]
    assert not made_up


def test_sources_are_of_symptoms() -> None:
    """The table of sources has no texts that no rule knows."""
    assert not SOURCES.keys() - set(SEEN)


def test_what_clients_said_leads_to_what_was_found() -> None:
    """Of the recorded rejections that say why, nearly all lead to a rule that was found."""
    asked = led = 0
    misses = []
    for case in cases(*files()):
        loud = {f.rule.id for f in case.report.findings if f.severity != "info"}
        for client in case.refusing:
            says = case.rows[client]["says"]
            found = meant(says)
            if not found and is_vague(says):
                continue
            asked += 1
            led += not loud.isdisjoint(found)
            if loud.isdisjoint(found):
                misses.append((case.id, client, says[:80], sorted(found)[:3], sorted(loud)))
    print(f"symptoms: {led} of {asked} rejections lead to a rule that was found")
    for miss in misses:
        print(*miss)
    assert led >= 0.75 * asked
