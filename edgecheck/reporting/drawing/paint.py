"""Shapes become SVG."""

from collections.abc import Iterator

from edgecheck.reporting.drawing.shapes import Bar, Box, Drawing, Line, Point, Shape, Words
from edgecheck.reporting.drawing.svg import XMLNS, Attributes, element, text

CORNER = 7
"""Radius of corners, in pixels."""
_HEAD = 8
"""How long the head of an arrow is."""


def painted(drawing: Drawing, name: str, *, extra: str = "") -> str:
    """Return a drawing as an `svg` element.

    Args:
        drawing: what to write.
        name: begins the ids in it; no other drawing on the page may have it.
        extra: a further class.
    """
    about: Attributes = {
        "class": f"drawing {extra}".rstrip(),
        "role": "img",
        "aria_labelledby": f"{name}-title {name}-desc",
        "xmlns": XMLNS,
        "width": round(drawing.width),
        "height": round(drawing.height),
        "viewBox": f"0 0 {round(drawing.width)} {round(drawing.height)}",
    }
    head = element("title", {"id": f"{name}-title"}, text(drawing.title))
    head += element("desc", {"id": f"{name}-desc"}, text(drawing.described))
    return element("svg", about, head, *shapes(drawing)) + "\n"


def shapes(drawing: Drawing) -> Iterator[str]:
    """Yield the shapes of a drawing, each on a line of its own."""
    for shape in drawing.shapes:
        yield "\n" + _shape(shape)


def _shape(shape: Shape) -> str:
    match shape:
        case Words():
            return _words(shape)
        case Box():
            return _box(shape)
        case Bar(x, y, width, height, look):
            place: Attributes = {"class": look, "x": x, "y": y, "rx": height / 2}
            return element("rect", {**place, "width": width, "height": height})
        case Line():
            return _line(shape)


def _words(words: Words) -> str:
    place: Attributes = {
        "x": words.x,
        "y": words.y,
        "class": words.look,
        "text_anchor": words.anchor,
    }
    return element("text", place, text(words.text))


def _box(box: Box) -> str:
    """A nested drawing cuts what does not fit; its border is within it."""
    size: Attributes = {"width": box.width, "height": box.height}
    inner: Attributes = {
        "x": 1,
        "y": 1,
        "width": box.width - 2,
        "height": box.height - 2,
        "rx": CORNER,
    }
    border = element("rect", {"class": box.look, **inner})
    return element("svg", {"x": box.x, "y": box.y, **size}, border, *map(_words, box.lines))


def _line(line: Line) -> str:
    points = line.points
    head = ""
    if line.arrow:
        x, y = points[-1]
        points = (*points[:-1], (x, y - _HEAD + 2))
        look = "d-head-of d-bad" if "d-bad" in line.look else "d-head-of"
        tip = f"M{x - 4.5:.1f} {y - _HEAD:.1f}h9L{x:.1f} {y:.1f}z"
        head = element("path", {"class": look, "d": tip})
    way = _way(points)
    drawn = element("path", {"class": line.look, "d": way})
    if "d-double" in line.look:  # two lines: a broad one, and the ground along its middle
        drawn += element("path", {"class": "d-line d-inner", "d": way})
    return drawn + head


def _way(points: tuple[Point, ...]) -> str:
    """Straight pieces with round corners, all of them horizontal or vertical."""
    (x, y), *rest = points
    made = [f"M{x:.1f} {y:.1f}"]
    for at, (cornerx, cornery) in enumerate(rest):
        if at + 1 == len(rest):
            made.append(f"L{cornerx:.1f} {cornery:.1f}")
            break
        before, after = _towards((cornerx, cornery), (x, y)), _towards(rest[at], rest[at + 1])
        made.append(f"L{before[0]:.1f} {before[1]:.1f}")
        made.append(f"Q{cornerx:.1f} {cornery:.1f} {after[0]:.1f} {after[1]:.1f}")
        x, y = after
    return "".join(made)


def _towards(corner: Point, other: Point) -> Point:
    """A point near the corner on the way to another one."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    far = abs(dx) + abs(dy)
    near = min(CORNER, far / 2)
    return (corner[0] + dx / far * near, corner[1] + dy / far * near) if far else corner
