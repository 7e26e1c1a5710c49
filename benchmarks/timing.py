"""Times that can be compared: all candidates take turns, beside a loop that never changes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import mean, median
from typing import TypeAlias

Figures: TypeAlias = dict[str, float | str]
"""Name -> value; a text where something was not measured: why."""
Work: TypeAlias = Callable[[], object]

CALIBRATION = "calibration"
_KNOWN = time.get_clock_info("process_time")
clock = time.process_time if _KNOWN.resolution < 1e-6 else time.perf_counter
"""Seconds of processor that this process had, where the system counts them finely: what others do
on the machine disturbs them less. All that is compared runs in this process, and in one thread."""
_OFTEN = 20
"""Rounds after which garbage is collected."""
_SPINS = 5_000


def spin(count: int = _SPINS) -> int:
    """Return a number after work that is the same in every version of everything but Python."""
    number = 0
    for each in range(count):
        number = (number + each * each) & 0xFFFF
    return number


@dataclass(frozen=True)
class Times:
    """Seconds of each round of each candidate."""

    rounds: Mapping[str, list[float]]

    def minimum(self, name: str) -> float:
        """Return the seconds of the fastest round: what the work takes where nothing disturbs."""
        return min(self.rounds[name])

    def median(self, name: str) -> float:
        """Return the seconds of the round in the middle."""
        return median(self.rounds[name])

    def ratio(self, figure: str, name: str, base: str) -> Figures:
        """Return one candidate's time by another's: of the minima, and of the medians."""
        return {
            figure: self.minimum(name) / self.minimum(base),
            f"{figure}_median": self.median(name) / self.median(base),
        }

    def mean_ratio(self, figure: str, name: str, base: str) -> Figures:
        """Return one candidate's time by another's, of all rounds together.

        Where the collector of garbage is on, a part of the rounds pays for all.
        """
        return {figure: mean(self.rounds[name]) / mean(self.rounds[base])}

    def microseconds(self, figure: str, name: str) -> Figures:
        """Return the minimum and the median of one candidate in microseconds."""
        return {
            f"{figure}_microseconds": self.minimum(name) * 1e6,
            f"{figure}_microseconds_median": self.median(name) * 1e6,
        }

    def calibration(self, figure: str) -> Figures:
        """Return what the loop took, and how much more its median than its minimum.

        1.0 is a quiet machine. Where it is far above, trust the minima and run again.
        """
        return {
            f"calibration_microseconds_{figure}": self.minimum(CALIBRATION) * 1e6,
            f"calibration_spread_{figure}": self.median(CALIBRATION) / self.minimum(CALIBRATION),
        }


def interleaved(
    candidates: Mapping[str, Work],
    rounds: int,
    before: Work = lambda: None,
    warm: int = 2,
    collected: bool = False,
    often: Mapping[str, int] | None = None,
) -> Times:
    """Return the times of candidates that take turns, `before` not counted.

    The loop of the calibration takes its turn too. A machine's speed drifts, so what is compared
    must have run at the same time. The first `warm` rounds load modules, and are not kept.

    Args:
        candidates: by their names.
        rounds: how many times each has its turn.
        before: done before each run.
        warm: rounds before the first that is kept.
        collected: whether the collector of garbage is on, as users have it. It is off as a rule,
            as in Python's own `timeit`: it would be paid by whoever has his turn when it comes.
        often: how many times a candidate runs each time that it has its turn, where others are
            long and leave nothing of it in the processor's caches. Each run is timed by itself.
    """
    everybody = {CALIBRATION: spin, **candidates}
    found: dict[str, list[float]] = {name: [] for name in everybody}
    for number in range(-warm, rounds):
        if number % _OFTEN == 0:
            gc.collect()
        if not collected:
            gc.disable()
        for name, work in everybody.items():
            for _ in range((often or {}).get(name, 1)):
                before()
                started = clock()
                work()
                took = clock() - started
                if number >= 0:
                    found[name].append(took)
        gc.enable()
    return Times(found)
