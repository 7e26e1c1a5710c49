"""What a check and its predictions take does not grow unseen: calls and memory have ceilings.

Calls of functions are the same in each run and on each machine, and hardly differ between versions
of Python; bytes differ by some tens. Both are counted in a process of its own
(`benchmarks/counted.py`), so that no test that ran before has a part in them. A ceiling is a tenth
above what was counted when it was written.

Where a change makes a count pass its ceiling, ask first whether the work is worth it, and whether
every check has to pay for it: `python benchmarks/run.py --only single` tells the price in time, and
a rule about what sound gateways do not have gets a condition (CONTRIBUTING.md). If it is, write the
new ceiling here, and the reason into the message of the commit. `python benchmarks/counted.py
--ceilings` prints the table as it would be written today. Where a change makes a count fall far
below its ceiling, lower the ceiling, or the next one may take all of it back unseen.
"""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks import counted

CEILINGS = {
    "check_calls_1.1_rsa2048": 1_770,
    "check_peak_bytes_1.1_rsa2048": 55_700,
    "check_kept_bytes_1.1_rsa2048": 54_000,
    "check_again_calls_1.1_rsa2048": 1_039,
    "check_again_peak_bytes_1.1_rsa2048": 23_500,
    "check_again_kept_bytes_1.1_rsa2048": 16_500,
    "memo_calls_1.1_rsa2048": 1_280,
    "memo_peak_bytes_1.1_rsa2048": 20_900,
    "memo_kept_bytes_1.1_rsa2048": 19_800,
    "predictions_calls_1.1_rsa2048": 1_970,
    "predictions_peak_bytes_1.1_rsa2048": 19_200,
    "predictions_kept_bytes_1.1_rsa2048": 18_100,
    "refused_calls_1.1_rsa2048": 33_600,
    "refused_peak_bytes_1.1_rsa2048": 66_300,
    "refused_kept_bytes_1.1_rsa2048": 64_200,
    "check_calls_1.4_p256": 1_390,
    "check_peak_bytes_1.4_p256": 41_100,
    "check_kept_bytes_1.4_p256": 39_700,
    "check_again_calls_1.4_p256": 866,
    "check_again_peak_bytes_1.4_p256": 18_500,
    "check_again_kept_bytes_1.4_p256": 14_600,
    "memo_calls_1.4_p256": 965,
    "memo_peak_bytes_1.4_p256": 16_400,
    "memo_kept_bytes_1.4_p256": 15_600,
    "predictions_calls_1.4_p256": 1_530,
    "predictions_peak_bytes_1.4_p256": 18_500,
    "predictions_kept_bytes_1.4_p256": 17_400,
    "refused_calls_1.4_p256": 25_600,
    "refused_peak_bytes_1.4_p256": 63_900,
    "refused_kept_bytes_1.4_p256": 61_900,
}
"""Of a chain as runtime 1.1 makes it (five certificates, RSA) and as 1.4 does (three, P-256)."""
LOOSE = 1.4
"""How far above what is counted a ceiling may be at the most."""


@cache
def figures() -> dict[str, int]:
    return counted.figures()


@pytest.mark.parametrize("name", CEILINGS)
def test_the_work_is_not_above_its_ceiling(name: str) -> None:
    assert figures()[name] <= CEILINGS[name], "the top of this file says what to do"


@pytest.mark.parametrize("name", CEILINGS)
def test_a_ceiling_is_not_so_high_that_growth_would_be_unseen(name: str) -> None:
    assert CEILINGS[name] <= LOOSE * figures()[name], "lower it: the top of this file says how"


def test_all_that_is_counted_has_a_ceiling() -> None:
    assert figures().keys() == CEILINGS.keys()


def test_calls_are_the_same_in_each_run() -> None:
    again = counted.figures()
    assert {name: n for name, n in figures().items() if "_calls_" in name} == {
        name: n for name, n in again.items() if "_calls_" in name
    }
