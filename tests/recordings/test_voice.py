"""What real clients refuse is said, what they accept is not refused, and nobody is named wrongly.

The recordings are of real clients: see tools/voice.py, which prints what is missing here.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.suites import NO_RECORDINGS, recordings
from tools.voice import Figure, cases, measured

KNOWN = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8"))


@cache
def figures() -> dict[str, Figure]:
    files = recordings()
    if files is None:
        pytest.skip(NO_RECORDINGS)
    made = measured(list(cases(*files)))
    print(*made, sep="\n")
    return {figure.name: figure for figure in made}


def unexplained(name: str) -> list[str]:
    """What is missing, but for what exceptions.toml has a reason for."""
    return [line for line in figures()[name].lines if line not in KNOWN.get(name, {})]


def test_where_every_client_accepts_there_is_no_error() -> None:
    """But for what the runtime refuses, or a document forbids (docs/severity.md)."""
    assert unexplained("silence") == []


def test_what_a_client_of_tier_1_refuses_is_said_where_it_is() -> None:
    """With a warning or an error on the certificate that the client names."""
    assert unexplained("voice of tier 1") == []


def test_every_other_client_that_refuses_is_named() -> None:
    """In the finding that is the reason."""
    assert unexplained("voice of others") == []


def test_no_client_is_named_that_accepts() -> None:
    """`refused_by` names only those who refuse."""
    assert unexplained("precision of refused_by") == []


def test_exceptions_are_needed_and_argued() -> None:
    """Each is missing indeed, and says why that is right."""
    for name, reasons in KNOWN.items():
        lines = figures()[name].lines
        for line, reason in reasons.items():
            assert line in lines, line
            assert len(reason.split()) >= 4
