"""Prose and single words as parts of a page."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from edgecheck.reading.text import visible
from edgecheck.reporting.prose import pieces

_CODE = re.compile(r"`([^`\n]+)`")
_ITEM = re.compile(r"(?:[-*]|\d+\.) ")


class Piece(NamedTuple):
    """A part of a prose: a paragraph ("p"), items of a list ("ul"), or lines as they are."""

    kind: str
    lines: tuple[str, ...]


def shown(value: Any) -> Any:
    """Return a value as it may stand in a page: without characters that control something."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, "\n")
    return value


def prose(text: str) -> tuple[Piece, ...]:
    """Return the parts of a text of ours; indented lines next to each other are one part."""
    made: list[Piece] = []
    for kind, line in _kinds(text):
        if made and kind in ("ul", "pre") and made[-1].kind == kind:
            made[-1] = Piece(kind, (*made[-1].lines, line))
        else:
            made.append(Piece(kind, (line,)))
    return tuple(piece for piece in made if any(piece.lines))


def _kinds(text: str) -> Iterator[tuple[str, str]]:
    for piece in pieces(text):
        if isinstance(piece, str):
            yield ("pre" if piece else "", piece.removeprefix("    "))
            continue
        line = " ".join(piece)
        item = _ITEM.match(line)
        yield ("ul", line[item.end() :]) if item else ("p", line)


def with_code(text: str) -> Markup:
    """Return a text of ours, with what stands in backticks as code."""
    made, end = Markup(), 0
    for found in _CODE.finditer(text):
        made += escape(shown(text[end : found.start()]))
        made += Markup("<code>{}</code>").format(shown(found[1]))
        end = found.end()
    return made + escape(shown(text[end:]))


def sentence(text: str) -> str:
    """Return the text with a capital letter in front, unless it begins with a name."""
    word = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if word.isalpha() and word.islower() else text
