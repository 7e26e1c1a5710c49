"""What a command prints on a terminal, as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tools.pictures.svg import HIGH, WIDE, picture, text

PAPER, INK = "#1b1f24", "#d1d7e0"
COLOURS = {
    "1": "#f0f6fc",
    "2": "#9198a1",
    "32": "#57c96b",
    "31": "#ff7b72",
    "33": "#e3b341",
    "36": "#76c7d0",
}
"""What stands for a number of an escape sequence; 1 is bold."""
_ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
LEFT, TOP = 16.0, 28.0


def drawn(lines: Sequence[str], told: str) -> str:
    """Lines with their colours."""
    shapes: list[str] = []
    most = 0
    for number, line in enumerate(lines):
        column = 0
        for piece, codes in _pieces(line):
            if piece.strip():
                colour = next((COLOURS[code] for code in reversed(codes) if code in COLOURS), INK)
                at = column + len(piece) - len(piece.lstrip())
                y = TOP + number * HIGH
                shapes.append(text(LEFT + at * WIDE, y, piece.strip(), colour, "1" in codes))
            column += len(piece)
        most = max(most, column)
    return picture(2 * LEFT + most * WIDE, TOP + len(lines) * HIGH, told, shapes, PAPER)


def _pieces(line: str) -> Iterator[tuple[str, list[str]]]:
    """Parts of one colour, with the numbers of the sequence in front of them."""
    codes: list[str] = []
    at = 0
    for found in _ESCAPE.finditer(line):
        yield line[at : found.start()], codes
        codes = [] if found[1] in ("", "0") else found[1].split(";")
        at = found.end()
    yield line[at:], codes
