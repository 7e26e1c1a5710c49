"""What the figures have to be. They are printed, and never a test: machines differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from benchmarks.chains import KINDS, RUNTIMES, SHAPES
from benchmarks.timing import Figures


class Bar(NamedTuple):
    """A figure is at most, or at least, so much."""

    figure: str
    limit: float
    is_most: bool = True

    def __str__(self) -> str:
        return f"at {'most' if self.is_most else 'least'} {self.limit:g}"

    def is_met(self, value: float) -> bool:
        """Return whether a figure is on the right side; exactly on the bar is."""
        return value <= self.limit if self.is_most else value >= self.limit


_COLD = {"1.1_rsa2048": 1.8, "1.1_p256": 1.55, "1.4_rsa2048": 2.0, "1.4_p256": 1.7}
_WARM = {"rsa2048": 1.5, "p256": 1.3}
_FLEET = {"rsa2048": 1.4, "p256": 1.15}
BARS = (
    *(Bar(f"check_to_peer_{shape}", _COLD[shape]) for shape in SHAPES),
    *(
        Bar(f"{name}_to_peer_{runtime}_{kind}", limits[kind])
        for name, limits in (("check_again", _WARM), ("check_other", _WARM), ("fleet", _FLEET))
        for runtime in RUNTIMES
        for kind in KINDS
    ),
    *(Bar(f"pyhanko_to_check_{shape}", 15, is_most=False) for shape in SHAPES),
    *(Bar(f"pkilint_to_check_{shape}", 50, is_most=False) for shape in SHAPES),
    *(Bar(f"roots_150_to_1_memo_{shape}", 1.2) for shape in SHAPES),
    Bar("process_help_to_cryptography", 0.9),
    Bar("process_check_to_cryptography", 2.3),
    *(
        Bar(f"predictions_to_check_again_{state}_{shape}", 2.5)
        for state in ("healthy", "failing")
        for shape in SHAPES
    ),
    Bar("megabyte_predictions_seconds", 1),
    Bar("rows_gain_to_control_2", 0.95, is_most=False),
)


def missed(figures: Mapping[str, float | str]) -> Iterator[str]:
    """Yield a line of each bar whose figure was measured and is on the wrong side."""
    for bar in BARS:
        value = figures.get(bar.figure)
        if isinstance(value, float) and not bar.is_met(value):
            yield f"missed {bar.figure}: {value:.2f}, {bar}"


def counts(figures: Mapping[str, float | str]) -> Figures:
    """Return how many bars were measured, and how many of them are met."""
    measured = [bar for bar in BARS if isinstance(figures.get(bar.figure), float)]
    return {
        "bars_measured": float(len(measured)),
        "bars_met": float(len(measured) - len(list(missed(figures)))),
    }
