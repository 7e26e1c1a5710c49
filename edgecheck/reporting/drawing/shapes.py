"""What a drawing consists of: shapes with coordinates in pixels, and classes for their looks."""

from typing import NamedTuple

from edgecheck.reporting.style import columns

Point = tuple[float, float]


class Words(NamedTuple):
    """A line of text; `x` and `y` are where its baseline starts, ends or has its middle."""

    x: float
    y: float
    text: str
    look: str = ""
    anchor: str = ""


class Box(NamedTuple):
    """A rectangle that cuts what is written in it; its lines count from its own corner."""

    x: float
    y: float
    width: float
    height: float
    look: str
    lines: tuple[Words, ...] = ()


class Bar(NamedTuple):
    """A plain rectangle."""

    x: float
    y: float
    width: float
    height: float
    look: str


class Line(NamedTuple):
    """A line around corners; `arrow`: with a head at its last point."""

    points: tuple[Point, ...]
    look: str
    arrow: bool = False


Shape = Words | Box | Bar | Line


class Drawing(NamedTuple):
    """A drawing: its size, what it shows in words, and its shapes from the back to the front."""

    width: float
    height: float
    title: str
    described: str
    shapes: tuple[Shape, ...]


def cut(text: str, room: int) -> str:
    """Return the text with at most `room` columns, and a sign that something was cut off."""
    if columns(text) <= room:
        return text
    kept, left = "", room - 1
    for letter in text:
        left -= columns(letter)
        if left < 0:
            break
        kept += letter
    return kept.rstrip() + "…"
