"""Second opinions as a command shows them: after the report, or as a key of its JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from edgecheck.adapters.second_opinion import Opinion, second_opinions
from edgecheck.reporting.json import escaped
from edgecheck.reporting.report import Report
from edgecheck.reporting.style import Style, wrapped

_WORDS = {True: "valid", False: "not valid", None: "no verdict"}


def asked(report: Report) -> tuple[Opinion, ...]:
    """What the installed validators say of what the report is about."""
    return second_opinions(report.hierarchy.sequence, report=report)


def as_dicts(report: Report) -> list[dict[str, Any]]:
    """The opinions as the report's JSON has them, under a key of their own."""
    return [escaped(asdict(opinion)) for opinion in asked(report)]


def as_text(report: Report, style: Style) -> str:
    """A line for each opinion; where it differs, both reasons below it."""
    lines = ["", style.paint("Second opinions:", "bold")]
    for opinion in asked(report):
        lines += _shown(opinion, report, style)
    return "\n".join(lines) + "\n"


def _shown(opinion: Opinion, report: Report, style: Style) -> Iterable[str]:
    if opinion.agrees is False:
        yield f"  {opinion.who}: {_WORDS[opinion.valid]}, edgecheck disagrees"
        reasons = [f"it says: {opinion.says}", f"edgecheck: {opinion.because}"]
        for reason in reasons:
            yield from wrapped(
                style.foreign(reason, 2000).split(" "), style.prose, "    ", "      "
            )
        return
    told = _WORDS[opinion.valid]
    if opinion.valid is not True:
        told += f": {style.foreign(opinion.says, 500)}"
    elif report.valid is None:
        told += ", edgecheck could not decide"
    yield f"  {opinion.who}: {told}"
