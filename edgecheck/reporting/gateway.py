"""What an audit looked at beside the chain: the names of a gateway, and its files."""

from collections.abc import Iterable, Sequence

from edgecheck.reporting.document.blocks import Table
from edgecheck.reporting.style import Style, columns, padded


def described(tables: Iterable[Table], style: Style) -> list[str]:
    """Return the tables in lines, each under its heading."""
    lines: list[str] = []
    for table in tables:
        heading = style.paint(f"{table.heading}:", "bold")
        lines += ["", heading, *_table(table.rows, style)]
    return lines


def _table(rows: Sequence[tuple[str, ...]], style: Style) -> list[str]:
    """Rows in columns; what is too long for the terminal is cut."""
    shown = [tuple(style.foreign(cell, 300) for cell in row) for row in rows]
    widths = [max(columns(row[at]) for row in shown) for at in range(3)]
    lines = []
    for row in shown:
        cells = (padded(row[0], widths[0]), padded(row[1], widths[1]), row[2])
        lines.append(style.shortened(f"  {'  '.join(cells)}".rstrip(), max(style.width, 100)))
    return lines
