"""When certificates are valid, as bars; the nearer to the moment of the check, the wider."""

from collections.abc import Iterable, Iterator
from math import copysign, log10

from edgecheck.reporting.document.blocks import Bar as Block
from edgecheck.reporting.document.blocks import Timeline
from edgecheck.reporting.drawing.shapes import Bar, Drawing, Line, Shape, Words, cut
from edgecheck.reporting.words import counted

MOST = 60
"""Bars that are drawn."""
MANY = 12
WIDE, HALF, NARROW = 860, 640, 324
"""Widths, in pixels: for all of a page, for a column of it, and for a phone."""
MARGIN = 8
_DAY = 86400
_TICKS = ((7, "1 week"), (30.44, "1 month"), (365.25, "1 year"), (3652.5, "10 years"))
_APART = 76
"""Pixels between ticks, for their words."""
_FARTHEST = 36525
"""Days from the check on which nothing more is told apart: a hundred years."""


def timeline(block: Timeline, width: int = WIDE) -> Drawing:
    """Return the drawing; an empty one says that there is no time to draw."""
    if not block.bars:
        words = Words(MARGIN, 24, "No times to draw.", "d-quiet")
        return Drawing(width, 40, "Validity", "No certificate has times.", (words,))
    return _Layout(block, width).drawing()


class _Layout:
    def __init__(self, block: Timeline, width: int) -> None:
        self.block, self.width = block, width
        self.bars = block.bars[:MOST]
        ends = [self._days(each) for bar in self.bars for each in (bar.start, bar.end)]
        self.first = _bent(min(*ends, -10.0))
        self.last = _bent(max(*ends, 10.0))
        self.low = len(self.bars) > MANY
        self.step = (40 if self.low else 52) + (0 if width > NARROW else 18)

    def _days(self, seconds: int) -> float:
        """From the check, as far as that is told apart."""
        return max(-_FARTHEST, min(_FARTHEST, (seconds - self.block.at) / _DAY))

    def _x(self, days: float) -> float:
        room = self.width - 2 * MARGIN
        return MARGIN + room * (_bent(days) - self.first) / (self.last - self.first)

    def drawing(self) -> Drawing:
        top = 22
        bottom = top + self.step * len(self.bars)
        ticks = tuple(self._ticks())
        made: list[Shape] = []
        for number, bar in enumerate(self.bars):
            made += self._bar(bar, top + self.step * number, [x for x, *_ in ticks])
        now = self._x(0)
        anchor = "start" if now < 90 else "end" if now > self.width - 90 else "middle"
        made.append(Words(now, 14, f"checked {self.block.day}", "d-small d-strong", anchor))
        made += (Words(x, bottom + 16, words, "d-small d-quiet", far) for x, words, far in ticks)
        more = len(self.block.bars) - len(self.bars)
        if more:
            told = f"and {counted(more, 'certificate')} more, not drawn"
            made.append(Words(MARGIN, bottom + 40, told, "d-small d-quiet"))
        title = f"Validity of {counted(len(self.block.bars), 'certificate')} on {self.block.day}"
        described = " ".join(self._sentence(bar) for bar in self.bars[:MANY])
        return Drawing(self.width, bottom + (50 if more else 26), title, described, tuple(made))

    def _sentence(self, bar: Block) -> str:
        said, _ = _state(bar, self.block.at)
        told = f"{bar.role} {bar.subject}: {bar.first_day} to {bar.last_day}"
        return f"{told}, {said}." if said else f"{told}."

    def _ticks(self) -> Iterator[tuple[float, str, str]]:
        """Times before and after the check, as far as there is room between their words."""
        for side in (-1, 1):
            taken = self._x(0)
            for days, words in _TICKS:
                x = self._x(side * days)
                if not MARGIN <= x <= self.width - MARGIN or abs(x - taken) < _APART:
                    continue
                taken = x
                told = f"in {words}" if side > 0 else f"{words} ago"
                yield x, told, "end" if x > self.width - 50 else "start" if x < 50 else "middle"

    def _bar(self, bar: Block, y: float, ticks: Iterable[float]) -> Iterator[Shape]:
        said, look = _state(bar, self.block.at)
        days = f"{bar.first_day} to {bar.last_day}"
        told = f"{said} · {days}" if said else days
        tone = {"d-bar-error": "d-error", "d-bar-warning": "d-warning"}.get(look, "d-quiet")
        if self.width > NARROW:
            name = cut(f"{bar.role} · {bar.subject}", 56)
            yield Words(MARGIN, y + 16, name, "d-small" if self.low else "")
            yield Words(self.width - MARGIN, y + 16, told, f"d-small {tone}", "end")
            y += 22
        else:
            yield Words(MARGIN, y + 16, cut(f"{bar.role} · {bar.subject}", 44), "d-small")
            yield Words(MARGIN, y + 32, told, f"d-small {tone}")
            y += 40
        height = 6 if self.low else 9
        yield Bar(MARGIN, y, self.width - 2 * MARGIN, height, "d-track")
        start, end = self._x(self._days(bar.start)), self._x(self._days(bar.end))
        yield Bar(min(start, end - 4), y, max(4, end - start), height, look)
        for x in ticks:
            yield Line(((x, y + height + 1), (x, y + height + 5)), "d-tick")
        now = self._x(0)
        yield Line(((now, y - 3), (now, y + height + 3)), "d-now")


def _bent(days: float) -> float:
    """Near days apart, far years together."""
    return copysign(log10(1 + abs(days) / 10), days)


def _state(bar: Block, at: int) -> tuple[str, str]:
    """What is wrong with its time, with a sign, and how the bar looks."""
    if bar.end < at:
        return "✗ expired", "d-bar-error"
    if bar.start > at:
        return "✗ not valid yet", "d-bar-error"
    return "", f"d-bar-{bar.tone}" if bar.tone in ("warning", "error") else "d-bar"
