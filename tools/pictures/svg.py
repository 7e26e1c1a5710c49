"""A few shapes as SVG, in a size that does not depend on fonts: text is held to its columns."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDE, HIGH = 7.8, 17.0
"""Of a column and of a line of text, in pixels."""
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
INK, PAPER, QUIET, GOOD, BAD, EDGE = (
    "#1f2328",
    "#ffffff",
    "#59636e",
    "#1a7f37",
    "#b3261e",
    "#8c959f",
)


def text(x: float, y: float, words: str, colour: str = INK, bold: bool = False) -> str:
    """Words on one line, `y` its base."""
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}"{weight}'
        f' textLength="{len(words) * WIDE:.1f}" xml:space="preserve">{escape(words)}</text>'
    )


def box(x: float, y: float, wide: float, high: float, colour: str = EDGE) -> str:
    """A frame."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="6"'
        f' fill="{PAPER}" stroke="{colour}" stroke-width="1.5"/>'
    )


def arrow(x: float, y: float, x2: float, y2: float, colour: str = EDGE) -> str:
    """A line with a point at its end."""
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
        ' stroke-width="1.5" marker-end="url(#point)"/>'
    )


def picture(wide: float, high: float, told: str, shapes: Sequence[str], paper: str = PAPER) -> str:
    """The whole file; `told` is for those who cannot see it."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}"'
            f' viewBox="0 0 {wide:.0f} {high:.0f}" role="img" font-family="{FONT}"'
            ' font-size="13">',
            f"<title>{escape(told)}</title>",
            '<defs><marker id="point" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
            f' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{EDGE}"/>'
            "</marker></defs>",
            f'<rect width="100%" height="100%" rx="8" fill="{paper}"/>',
            *shapes,
            "</svg>",
            "",
        ]
    )
