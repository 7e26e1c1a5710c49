"""Reports as files that are looked at: a page, a drawing, or a text for a ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from edgecheck.adapters.files import Refused
from edgecheck.reporting.report import Report

if TYPE_CHECKING:
    from edgecheck.reporting.html.page import Part
    from edgecheck.reporting.redacting.redaction import Redaction

FORMATS = ("html", "svg", "markdown")


def is_page(said: Mapping[str, Any]) -> bool:
    """Whether such a file is asked for.

    Raises:
        Refused: it is, and what makes it is not installed.
    """
    if said["format"] == "html":
        from edgecheck.reporting.html.page import Missing, needed

        try:
            needed()
        except Missing as missing:
            raise Refused(f"--format html: {missing}") from None
    return said["format"] in FORMATS


def part(
    names: Sequence[str],
    report: Report,
    clients: Sequence[str],
    said: Mapping[str, Any],
    redaction: "Redaction | None" = None,
    texts: Sequence[str] = (),
) -> "Part":
    """Return what a page has of one report.

    Args:
        names: what was checked, in the caller's words.
        report: what `check()` returned.
        clients: ids of clients that were asked for; none: all.
        said: the command's options.
        redaction: what replaces names and numbers, where the report is to be posted.
        texts: what is told beside it as it is printed, each below a first line that names it.
    """
    from edgecheck.reporting.document.build import document
    from edgecheck.reporting.html.page import Part

    everything = not said["select"] and not said["ignore"]
    made = document(report, names=names, clients=everything, asked=bool(clients))
    if clients and made.matrix is not None:
        shown = tuple(client for client in made.matrix.clients if client.id in clients)
        made = replace(made, matrix=replace(made.matrix, groups=(), clients=shown))
    beside = list(texts)
    if said["second_opinion"]:
        from edgecheck.commands.opinions import as_text
        from edgecheck.reporting.style import Style

        beside.append(as_text(report, Style(redaction=redaction)))
    named = " + ".join(names)
    if redaction is not None:
        from edgecheck.reporting.redacting.blocks import redacted

        named, made = redaction(named), redacted(made, redaction)
    return Part(named, made, tuple(_headed(text) for text in beside if text.strip()))


def absent(name: str, why: str, redaction: "Redaction | None") -> "Part":
    """Return what a page has where there is no report."""
    from edgecheck.reporting.html.page import Part

    hide = redaction or str
    return Part(hide(name), None, why=hide(why))


def written(parts: Sequence["Part"], said: Mapping[str, Any], noun: str = "file") -> str:
    """Return the page, the drawing or the text; `noun`: what each of several is."""
    if said["format"] == "html":
        from edgecheck.reporting.html.page import page

        return page(parts, noun)
    if said["format"] == "markdown":
        from edgecheck.reporting.markdown import several

        return several([(part.name, part.document or part.why, part.lines) for part in parts])
    from edgecheck.reporting.drawing.whole import svg

    return svg([(part.name, part.document or part.why) for part in parts])


def _headed(text: str) -> tuple[str, tuple[str, ...]]:
    heading, *lines = text.strip("\n").split("\n")
    return heading.rstrip(":"), tuple(lines)
