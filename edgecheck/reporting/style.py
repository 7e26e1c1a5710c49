"""How text gets onto a terminal: signs or plain ASCII, colours or none, and what fits a line."""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from edgecheck.reading.text import safe
from edgecheck.values import frozen

WIDEST_PROSE = 100
"""Longer lines are hard to read; only tables may use all of a wide terminal."""
NARROWEST = 60


class Signs(NamedTuple):
    """What stands between words and in front of them."""

    dot: str
    to: str
    cut: str
    branch: str
    right: str
    wrong: str


SIGNS = Signs(dot=" · ", to=" → ", cut="…", branch="└ ", right="✓", wrong="✗")
ASCII_SIGNS = Signs(dot=" | ", to=" -> ", cut="...", branch="`- ", right="ok", wrong="x")
_IN_ASCII = str.maketrans(
    {
        "·": "|",
        "→": "->",
        "…": "...",
        "—": "-",
        "“": '"',
        "”": '"',
        "≥": ">=",
        "≤": "<=",
        "§": "section ",
    }
)
"""What our own prose may contain. Text of a certificate is escaped instead, to stay exact."""

COLOURS = {
    "bold": "1",
    "dim": "2",
    "good": "32",
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
}


class Hiding(Protocol):
    """What replaces names and numbers (`redacting.redaction.Redaction`)."""

    def __call__(self, text: str) -> str:
        """In text that somebody else wrote, or that has such in it."""

    def own(self, text: str) -> str:
        """In text of edgecheck, or of clients."""

    def strict(self, text: str) -> str:
        """In text that is nothing but a name."""


@frozen
class Style:
    """What the place that the text goes to can show; `redaction`: what nobody there may see."""

    color: bool = False
    unicode: bool = True
    width: int = WIDEST_PROSE
    redaction: "Hiding | None" = None

    @property
    def signs(self) -> Signs:
        """The signs that can be shown."""
        return SIGNS if self.unicode else ASCII_SIGNS

    @property
    def prose(self) -> int:
        """How many columns lines of prose take at most."""
        return min(self.width, WIDEST_PROSE)

    def paint(self, text: str, colour: str) -> str:
        """The text in a colour, where colours are shown; of its own width in any case."""
        if not self.color or not text or not colour:
            return text
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m"

    def foreign(self, text: str, limit: int = 256) -> str:
        """Text that somebody else wrote (certificate, file name, host name), safe to print."""
        return self._shown(text if self.redaction is None else self.redaction(text), limit)

    def said(self, text: str, limit: int = 256) -> str:
        """What a client prints: its words stay as they are, however much is hidden."""
        return self._shown(text if self.redaction is None else self.redaction.own(text), limit)

    def _shown(self, text: str, limit: int) -> str:
        text = safe(text, limit)
        return text if self.unicode else text.encode("ascii", "backslashreplace").decode("ascii")

    def own(self, text: str) -> str:
        """Text that edgecheck wrote."""
        return self.said(text if self.unicode else text.translate(_IN_ASCII), 4000)

    def shortened(self, text: str, room: int) -> str:
        """The text cut to `room` columns, with a sign that it was."""
        if columns(text) <= room:
            return text
        kept, left = "", room - columns(self.signs.cut)
        for letter in text:
            left -= columns(letter)
            if left < 0:
                break
            kept += letter
        return kept.rstrip() + self.signs.cut


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        2
        if unicodedata.east_asian_width(letter) in "WF"
        else 0
        if unicodedata.category(letter) in ("Mn", "Me")
        else 1
        for letter in text
    )


def padded(text: str, room: int) -> str:
    """The text with spaces up to `room` columns."""
    return text + " " * (room - columns(text))


def wrapped(
    words: Iterable[str], width: int, first: str = "", rest: str = "", between: str = " "
) -> list[str]:
    """Words in lines of at most `width` columns, as far as no single word is longer.

    Args:
        words: what must not be torn apart.
        width: columns, the indentation included.
        first: what the first line starts with.
        rest: what the other lines start with.
        between: what stands between words; at the end of a line it is stripped.
    """
    lines: list[str] = []
    line, empty, taken = first, True, columns(first)
    left = list(words)
    room, ends = columns(between), columns(between.rstrip())
    for at, word in enumerate(left, 1):
        if at == len(left):
            ends = 0
        more = columns(word)
        if not empty and taken + room + more + ends > width:
            lines.append((line + between).rstrip())
            line, empty, taken = rest, True, columns(rest)
        line += word if empty else between + word
        taken += more if empty else room + more
        empty = False
    return [*lines, line.rstrip()]
