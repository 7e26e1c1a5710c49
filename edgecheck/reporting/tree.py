"""The hierarchy as a table from the root down to the server, one certificate a row."""

from collections.abc import Sequence

from edgecheck.reporting.document.blocks import Entry, Listed, Mark, Note, Row, Tree
from edgecheck.reporting.style import Style, columns, padded, wrapped
from edgecheck.values import frozen

MARGIN = "  "
GAP = "  "
LEAST_SUBJECT = 14
DEEPEST = 8
"""Levels that are indented; further ones stand below each other."""

Cell = tuple[str, str]
"""A text, and the colour that it deserves; an empty colour is none."""


@frozen
class Layout:
    """What the columns say; the roomier ones need more columns of the terminal."""

    issuers: bool
    long: bool


LAYOUTS = (Layout(True, True), Layout(True, False), Layout(False, False))


@frozen
class Line:
    """One line of the table, and what is wrong with its certificate."""

    cells: tuple[Cell, ...]
    mark: Mark = ()


def tree(block: Tree, style: Style) -> list[str]:
    """Return the table, and below it what is on no path and what was presented twice."""
    if not block.rows:
        return [MARGIN + block.none, *_below_the_tree(block, style)]
    for layout in LAYOUTS:
        rows = _rows(block.rows, layout, style)
        widths = [max(columns(row.cells[at][0]) for row in rows) for at in range(5)]
        room = style.width - len(MARGIN) - 4 * len(GAP) - (sum(widths) - widths[1])
        if room >= widths[1]:
            break
    widths[1] = min(widths[1], max(room, LEAST_SUBJECT))
    lines = _lines(rows, widths, style)
    if block.ended:
        ended = style.foreign(block.ended)
        said = style.shortened(f"{style.signs.cut} {ended}", style.width - len(MARGIN))
        lines.insert(1, MARGIN + style.paint(said, "warning"))
    return [*lines, *_below_the_tree(block, style)]


def _rows(rows: Sequence[Row], layout: Layout, style: Style) -> list[Line]:
    issued = "ISSUED BY" if layout.issuers else "SIGNED"
    heads = ("ROLE", "SUBJECT", issued, "CA" if layout.long else "CA (len)", "EXPIRES")
    lines = [Line(tuple((head, "dim") for head in heads))]
    for row in rows:
        level = min(row.level, DEEPEST)
        indent = "  " * (level - 1) + style.signs.branch if level else ""
        left = row.left if layout.long else row.left_short
        cells = (
            (indent + row.role + row.suffix, row.tone),
            (style.foreign(row.subject), ""),
            _signed(row, layout.issuers, style),
            (_authority(row, layout.long), row.authority_tone),
            (f"{row.expires} {left}".rstrip(), row.expires_tone),
        )
        lines.append(Line(cells, row.mark))
    return lines


def _signed(row: Row, by: bool, style: Style) -> Cell:
    """Whether the issuer's key made the signature; with `by`, who that is."""
    if not row.signed_by:
        return "not checked" if by else "-", "dim"
    if row.signature == "later":
        return f"{row.signed_by}, later" if by else "later", ""
    said, colour = {
        "valid": (style.signs.right, ""),
        "bad": (style.signs.wrong + " BAD", "error"),
        "unchecked": ("? unchecked", "warning"),
    }[row.signature]
    return f"{row.signed_by} {said}" if by else said, colour


def _authority(row: Row, long: bool) -> str:
    if row.path_length is None:
        return row.authority
    return row.authority + (f", pathLen {row.path_length}" if long else f" ({row.path_length})")


def _words(mark: Mark, style: Style) -> list[str]:
    """The rules' ids, with a sign before the first of each severity."""
    signs = {"error": style.signs.wrong + " ", "warning": "! "}
    return [signs.pop(broken.severity, "") + broken.rule for broken in mark]


def _line(mark: Mark, style: Style) -> str:
    """All of them in one line."""
    return _spaced(", ".join(_words(mark, style)))


def _spaced(ids: str) -> str:
    """The next severity stands apart from the one before it."""
    return ids.replace(", !", "  !")


def _lines(rows: list[Line], widths: list[int], style: Style) -> list[str]:
    """The rows; rules beside them where all have room there, else below."""
    right = len(MARGIN) + sum(widths) + 5 * len(GAP)
    beside = all(right + columns(_line(row.mark, style)) <= style.width for row in rows if row.mark)
    lines = []
    for row in rows:
        cells = []
        for (text, colour), width in zip(row.cells, widths, strict=True):
            cells.append(style.paint(padded(style.shortened(text, width), width), colour))
        line = MARGIN + GAP.join(cells)
        if row.mark and beside:
            line += GAP + style.paint(_line(row.mark, style), row.mark[0].severity)
        lines.append(line.rstrip())
        if row.mark and not beside:
            lines += _below(row.mark, MARGIN + " " * widths[0] + GAP, style)
    return lines


def _below(mark: Mark, indent: str, style: Style) -> list[str]:
    """Rules in lines of their own."""
    return [
        indent + style.paint(_spaced(line[len(indent) :]), mark[0].severity)
        for line in wrapped(_words(mark, style), style.width, indent, indent + "  ", ", ")
    ]


def _below_the_tree(block: Tree, style: Style) -> list[str]:
    lines: list[str] = []
    for each in block.below:
        lines += _noted(each, style) if isinstance(each, Note) else _listed(each, style)
    return lines


def _noted(note: Note, style: Style) -> list[str]:
    words = wrapped(style.foreign(note.words.text, 2000).split(" "), style.prose, MARGIN, MARGIN)
    return ["", *(style.paint(line, note.words.tone) for line in words)]


def _listed(block: Listed, style: Style) -> list[str]:
    """Certificates and where they stand; rules beside them where there is room, else below."""
    entries = [(each, style.foreign(each.subject)) for each in block.entries]
    room = min(max(columns(name) for _, name in entries), style.width // 2)
    lines = ["", MARGIN + block.label]
    for each, name in entries:
        lines += _entry(each, padded(style.shortened(name, room), room), style)
    if block.more:
        lines.append(f"{MARGIN * 2}and {block.more} more (see --format json)")
    return lines


def _entry(entry: Entry, name: str, style: Style) -> list[str]:
    line = MARGIN * 2 + name + GAP + style.foreign(entry.place, 2000)
    if not entry.mark:
        return [line]
    words = _line(entry.mark, style)
    if columns(line + GAP + words) <= style.width:
        return [line + GAP + style.paint(words, entry.mark[0].severity)]
    return [line, *_below(entry.mark, MARGIN * 3, style)]
