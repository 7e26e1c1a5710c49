"""A row of a table: by which words a program says something, and what that means."""

import re
from collections.abc import Callable, Iterable

from edgecheck.explaining.meaning import OTHER_SIDE, THIS_SIDE
from edgecheck.rules.engine.rule import Reference
from edgecheck.values import frozen

__all__ = ["OTHER_SIDE", "THIS_SIDE", "Row", "Said", "rows", "said"]


@frozen
class Said:
    """What one match of a row means: ids in order, of which the first is `certain` or not."""

    ids: tuple[str, ...]
    certain: bool
    said_by: str | None


@frozen
class Row:
    """Words of a program.

    Attributes:
        pattern: a regular expression over a line, in which case does not count.
        reads: what a match means; None where it means nothing after all.
        vague: it only says that something was refused, which any other row says better.
        plain: plain English, heard only where no other row has more than something vague.
        source: where the program has these words.
    """

    pattern: str
    reads: Callable[[re.Match[str]], Said | None]
    source: Reference
    vague: bool = False
    plain: bool = False


def said(*ids: str, certain: bool = True, by: str | None = THIS_SIDE) -> Said:
    """Return what a row means, whatever its pattern caught."""
    return Said(ids, certain, by)


def rows(source: Reference, table: Iterable[tuple[str, Said]], vague: bool = False) -> list[Row]:
    """Return a row for each pair of a regular expression and its meaning."""
    return [Row(pattern, _always(means), source, vague) for pattern, means in table]


def _always(means: Said) -> Callable[[re.Match[str]], Said | None]:
    return lambda _: means
