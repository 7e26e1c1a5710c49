"""The short list of acts at the end of a report: what to do, and how much it closes."""

from collections.abc import Iterable

from edgecheck.reporting.document.blocks import Act
from edgecheck.reporting.prose import prose
from edgecheck.reporting.style import Style, wrapped

_INDENT = " " * 5


def fix_first(acts: Iterable[Act], style: Style) -> list[str]:
    """Return acts in the order in which they close most, each with what exactly to do."""
    lines: list[str] = []
    for number, act in enumerate(acts, 1):
        told = f"{style.own(act.words)}: closes {act.closes} ({', '.join(act.rules)})"
        lines += wrapped(told.split(" "), style.prose, f"  {number}. ", _INDENT)
        lines += [f"{_INDENT}    {style.own(line)}" for line in act.lines]
        for sentence in act.instructions:
            lines += prose(sentence, style, _INDENT)
    return ["", style.paint("Fix first:", "bold"), *lines] if lines else []
