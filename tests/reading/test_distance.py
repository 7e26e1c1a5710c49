"""Days are counted in one way wherever a report tells them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import edgecheck
from edgecheck.reading.distance import DAY, days, distance
from fixtures import stock
from fixtures.pki import pem
from fixtures.stock import NOW

NOON = 1_000 * DAY + DAY // 2


@pytest.mark.parametrize(
    ("end", "long", "short", "number"),
    [
        (27 * DAY, "in 27 days", "in 27 d", 27),
        # 26 days and 18 hours, but the 27th date from now
        (27 * DAY - DAY // 4, "in 27 days", "in 27 d", 27),
        (2 * DAY, "in 2 days", "in 2 d", 2),
        (2 * DAY - 1, "in 47 hours", "in 47 h", 1),
        (7_200, "in 2 hours", "in 2 h", 0),
        (7_199, "in 119 minutes", "in 119 min", 0),
        (60, "in 1 minute", "in 1 min", 0),
        (-60, "1 minute ago", "1 min ago", -1),
        (-3 * DAY, "3 days ago", "3 d ago", -3),
    ],
)
def test_a_moment_is_told_by_how_far_it_is(end: int, long: str, short: str, number: int) -> None:
    assert distance(NOON + end, NOON) == long
    assert distance(NOON + end, NOON, long=False) == short
    assert days(NOON + end, NOON) == number


def test_a_report_tells_one_number_of_days_everywhere() -> None:
    """The verdict, the tree and the finding count a bit less than 27 days alike."""
    gateway = stock.stock_15("ec").change("server", not_after=NOW + timedelta(days=26, hours=18))
    report = edgecheck.check(
        pem(*gateway.presented()),
        trust=pem(*gateway.trust()),
        at=NOW,
        validation=edgecheck.Validation(expires_within={"server": 30}),
    )
    told = re.findall(r"in (\d+) d", report.to_text(verbose=True))
    assert len(told) >= 3
    assert set(told) == {"27"}
    (finding,) = (f for f in report.findings if f.rule.id == "validity.expires-soon")
    assert finding.evidence["days_left"] == 27
