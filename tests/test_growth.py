"""Whatever grows in the input, the work grows with it, and not with its square.

Work is what is counted: calls of functions, which is the same on every machine. Each kind is
judged at two sizes, once for the findings and once for the predictions.
"""

from __future__ import annotations

import pytest

import edgecheck
from benchmarks.counting import calls, forget
from edgecheck.adapters.second_opinion import second_opinions
from tests.examples import LONG
from tests.growing import KINDS, NOW, Made
from tests.growing_more import MORE_KINDS

ALL = {**KINDS, **MORE_KINDS}
TIMES = 4
"""How much larger the second of two sizes is."""
MOST = 1.6 * TIMES
"""How much more work it may cause: n log n, and some to spare."""
FIXED = 20_000
"""Calls that any chain needs, whatever grows."""
BOUNDED = edgecheck.Validation(limits=edgecheck.Limits(name_comparisons=2_000, model_steps=20_000))
"""What nobody can do but by comparing all with all comes to its bound at a small size."""
SIZES = {
    "a mesh": 6,
    "a long chain": 120,  # both past the bound on steps, from where on some clients are asked
    "names and": 80,
    "names": 1000,
    "directory names": 600,
    "distribution points": 500,
    "certificates": 60,
    "strangers": 40,
    "servers": 200,
    "copies": 40,
    "roots": 40,
}
"""Sizes of kinds that are quick to make only where they are small; of all others a tenth of what
takes a moment."""


def judged(made: Made) -> edgecheck.Report:
    """The report, with all that belongs to it."""
    report = edgecheck.check(
        made.presented, made.hostname, made.trust, NOW, crls=made.crls, validation=BOUNDED
    )
    _ = (report.valid, report.findings, report.undecided, report.fix_first)
    return report


def both(made: Made) -> tuple[int, int]:
    """Calls for the findings, and for the predictions."""
    forget()
    reports: list[edgecheck.Report] = []
    first = calls(lambda: reports.append(judged(made)))
    return first, calls(lambda: reports[0].predictions)


def size_of(kind: str) -> int:
    """The smaller of the two."""
    for beginning, size in SIZES.items():
        if kind.startswith(beginning):
            return size
    return max(8, ALL[kind][1] // 10)


@pytest.mark.parametrize("kind", list(ALL)[:: 1 if LONG else 2])
def test_the_work_grows_with_the_input_and_not_with_its_square(kind: str) -> None:
    build, size = ALL[kind][0], size_of(kind)
    small, large = build(size), build(TIMES * size)
    assert judged(small).predictions  # what is loaded once is loaded
    grown = (large.size + len(large.hostname)) / (small.size + len(small.hostname))
    for fewer, more in zip(both(small), both(large), strict=True):
        assert more <= max(MOST, 1.6 * grown) * fewer + FIXED


@pytest.mark.parametrize("kind", ["strangers", "strangers with one key identifier"])
def test_whoever_may_have_issued_each_of_many_strangers_is_not_sought_among_all(kind: str) -> None:
    """A report's tree asks that of each certificate that was presented."""

    def sought(size: int) -> int:
        pool = judged(KINDS[kind][0](size)).hierarchy.pool
        return calls(lambda: [pool.links(each) for each in pool.everybody])

    assert sought(200) <= MOST * sought(50) + FIXED


def test_a_second_opinion_that_follows_every_path_is_stopped() -> None:
    """pyhanko-certvalidator builds all paths; of a mesh there are more than anybody can count."""
    pytest.importorskip("pyhanko_certvalidator")
    made = KINDS["a mesh"][0](9)
    report = judged(made)
    opinions = second_opinions(report.hierarchy.sequence, report=report)
    (stopped,) = (each for each in opinions if "certvalidator" in each.who)
    assert stopped.valid is None
    assert "did not come to an end" in stopped.says


def test_a_second_opinion_is_not_asked_for_about_a_long_identifier() -> None:
    pytest.importorskip("pyhanko_certvalidator")
    report = judged(KINDS["a long identifier"][0](20_000))
    opinions = second_opinions(report.hierarchy.sequence, report=report)
    (spared,) = (each for each in opinions if "certvalidator" in each.who)
    assert spared.valid is None
    assert "object identifier" in spared.says
