"""The prose of rules in lines: paragraphs wrapped, commands and extension lines as they are."""

from collections.abc import Iterator

from edgecheck.reading.late import late
from edgecheck.reporting.style import Style, wrapped

_VERBATIM = "    "
"""What a line must start with to be kept as it is, as in Markdown."""
_ITEM = late(r"(?:[-*]|\d+\.) ")


def prose(text: str, style: Style, indent: str = "", spaced: bool = False) -> list[str]:
    """All of a text: paragraphs wrapped, indented lines as they are.

    Args:
        text: paragraphs, each of one or more lines.
        style: where it goes.
        indent: what every line starts with.
        spaced: whether empty lines stay.
    """
    lines: list[str] = []
    for words in pieces(text):
        if isinstance(words, str):
            if words or spaced:
                lines.append((indent + style.own(words)).rstrip())
            continue
        text = " ".join(words)
        hanging = indent + "  " if _ITEM.match(text) else indent
        lines += wrapped(style.own(text).split(" "), style.prose, indent, hanging)
    return lines


def pieces(text: str) -> Iterator[str | list[str]]:
    """Verbatim and empty lines as text, paragraphs and items of lists as their words."""
    words: list[str] = []
    for line in text.splitlines():
        verbatim = line.startswith(_VERBATIM) or not line.strip()
        if words and (verbatim or _ITEM.match(line)):
            yield words
            words = []
        if verbatim:
            yield line.rstrip()
        else:
            words = words + line.split()
    if words:
        yield words
