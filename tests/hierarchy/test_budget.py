"""Bounds that are spent before every path was tried: then it is not known, and never False."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.hierarchy.paths import Ending
from fixtures.pki import Issued, issue, name_constraints
from tests.behaviour.pool import bare
from tests.hierarchy.chains import authority, check, path, server

ROOT = issue(bare(authority("Root", "p256-3")))
CA = issue(bare(authority("CA", "p256-2", serial=1)), ROOT)
LEAF = issue(bare(server()), CA)


def unfit(serial: int) -> Issued:
    """The CA's name and key once more, with constraints that the server's name does not meet."""
    spec = bare(authority("CA", "p256-2", serial=serial))
    return issue(spec.with_extension(name_constraints({"dns": ["other.example"]})), ROOT)


UNFIT = tuple(unfit(serial) for serial in range(2, 6))
ORDERS = ((*UNFIT, CA), (CA, *UNFIT), (*UNFIT[:2], CA, *UNFIT[2:]))
ENOUGH = 40


@pytest.mark.parametrize("bound", ["signatures", "steps"])
@pytest.mark.parametrize("others", ORDERS)
def test_where_there_is_a_way_no_bound_makes_it_invalid(
    bound: str, others: tuple[Issued, ...]
) -> None:
    """Below what is needed it is not known; from there on it is valid."""
    found = [
        check([LEAF, *others], [ROOT], "iot-edge", limits=edgecheck.Limits(**{bound: most})).valid
        for most in range(ENOUGH)
    ]
    needed = found.index(True)
    assert needed > 0
    assert found == [None] * needed + [True] * (ENOUGH - needed)


@pytest.mark.parametrize("bound", ["signatures", "steps"])
def test_where_there_is_no_way_it_is_invalid_once_all_were_tried(bound: str) -> None:
    """Not before: one more path could have been good."""
    found = [
        check([LEAF, *UNFIT], [ROOT], "iot-edge", limits=edgecheck.Limits(**{bound: most})).valid
        for most in range(ENOUGH)
    ]
    needed = found.index(False)
    assert needed > len(UNFIT)
    assert found == [None] * needed + [False] * (ENOUGH - needed)


@pytest.mark.parametrize("bound", ["signatures", "steps"])
def test_a_path_that_was_judged_and_failed_is_not_the_last_word(bound: str) -> None:
    """Four are enough for the first paths of five: they fail, and the verdict stays open."""
    report = check([LEAF, *UNFIT, CA], [ROOT], "iot-edge", limits=edgecheck.Limits(**{bound: 4}))
    tried = (path(report), *report.hierarchy.others)
    assert any(one.ended is Ending.ANCHOR and one.verdict is False for one in tried)
    assert report.valid is None
    assert any(f.severity == "error" and f.caused_by is None for f in report.findings)
