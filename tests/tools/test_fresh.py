"""Chains that no model has seen: each number is one, whatever is drawn."""

from __future__ import annotations

from datetime import UTC, datetime

import edgecheck
from tools.recording import fresh

AT = datetime(2026, 11, 30, tzinfo=UTC)


def test_a_number_is_a_chain_that_is_judged() -> None:
    """Of many numbers each can be made and judged, and some are sound, some not."""
    verdicts = set()
    for case in fresh.cases(AT, 1, 25):
        report = edgecheck.check(case.presented, case.hostname, case.trust, AT)
        verdicts.add(report.ok)
        assert case.key is not None
    assert verdicts == {True, False}


def test_names_and_faults_follow_from_the_number() -> None:
    """Keys apart, which are made anew: the same seed gives the same descriptions and hosts."""
    told = [
        [(case.id, case.hostname, case.description) for case in fresh.cases(AT, seed, 20)]
        for seed in (3, 3, 4)
    ]
    assert told[0] == told[1] != told[2]
