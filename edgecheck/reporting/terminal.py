"""A report for somebody at a terminal: one quiet line where all is well, else what to do.

The first screen is enough: what is wrong, what to do first and who refuses; then the hierarchy;
then the rest.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from edgecheck.report.answers import Answers
from edgecheck.reporting.details import findings
from edgecheck.reporting.document.blocks import Certificate, Document, Open, Summary
from edgecheck.reporting.document.build import document
from edgecheck.reporting.fixes import fix_first
from edgecheck.reporting.style import NARROWEST, Hiding, Style, columns, wrapped
from edgecheck.reporting.tree import tree
from edgecheck.reporting.words import counted

LEAST_SOURCE = 16
LONGEST_HEADLINE = 3
"""Lines of the worst finding on the first screen; it is told whole further below."""
_LABEL = "  {:<9} "
_HANGING = " " * 12


def render(
    report: Answers,
    *,
    color: bool,
    unicode: bool,
    width: int,
    verbose: bool = False,
    notes: bool = False,
    sources: Iterable[str] = (),
    clients: Collection[str] = (),
    matrix: bool = True,
    redaction: Hiding | None = None,
) -> str:
    """Return the report as text; the last line ends with a line end.

    Args:
        report: what `check()` returned.
        color: whether to use colours.
        unicode: False: ASCII alone.
        width: columns of the terminal; prose takes at most 100 of them.
        verbose: also findings of severity info, whole fingerprints, keys and names, and why
            rules are undecided.
        notes: also findings of severity info.
        sources: what was checked, in the caller's words; else what the report knows of it.
        clients: ids of clients whose predictions are shown in full.
        matrix: whether it is told what all clients will do, where both trust and host name are
            known: in the one line about a sound chain, else in a line or two.
        redaction: what stands for names and numbers; then the chain is described too.
    """
    style = Style(color, unicode, max(width, NARROWEST), redaction)
    block = document(
        report,
        names=sources,
        notes=verbose or notes,
        clients=matrix,
        whole=verbose,
        asked=bool(clients),
    )
    text = laid_out(block, style, verbose, clients, matrix)
    return text if redaction is None else text + _described(report, redaction, style)


def _described(report: Answers, redaction: Hiding, style: Style) -> str:
    """The chain without names, for whoever wants to build one like it."""
    from edgecheck.reporting.redacting.description import HEAD, description

    plain = replace(style, redaction=None)  # its names are pseudonyms already
    lines = ["", style.paint(HEAD, "bold")]
    for line in description(report, redaction):
        lines += wrapped(plain.foreign(line, 8000).split(" "), style.prose, "  ", "     ")
    return "\n".join(lines) + "\n"


def laid_out(
    block: Document,
    style: Style,
    verbose: bool = False,
    clients: Collection[str] = (),
    matrix: bool = True,
) -> str:
    """Return a document as text; the arguments are those of `render()`."""
    lines = _quiet(block, style) if block.healthy else _header(block, style)
    if block.summary is not None:
        lines += ["", *_first_screen(block.summary, style)]
    lines += ["", *tree(block.tree, style)]
    lines += _certificates(block.certificates, style) if verbose else []
    lines += findings(block.findings, style, verbose)
    if verbose:
        lines += _undecided(block.undecided, style)
    if block.matrix is not None and (clients or (matrix and (verbose or not block.healthy))):
        from edgecheck.reporting.matrix import asked
        from edgecheck.reporting.matrix import matrix as of_all

        lines += asked(block.matrix, clients, style) if clients else of_all(block.matrix, style)
    if not block.healthy:
        lines += [*fix_first(block.acts, style), "", *_counts(block, verbose, style)]
    return "\n".join(lines) + "\n"


def _first_screen(summary: Summary, style: Style) -> list[str]:
    """The worst finding in at most three lines, what to do first, and who refuses."""
    worst = summary.finding
    start = f"{worst.severity}: "
    lines = wrapped(style.foreign(worst.message, 4000).split(" "), style.prose, start, "  ")
    if len(lines) > LONGEST_HEADLINE:
        kept = style.shortened(lines[LONGEST_HEADLINE - 1], style.prose - columns(style.signs.cut))
        cut = style.signs.cut
        lines = [*lines[: LONGEST_HEADLINE - 1], kept.removesuffix(cut) + cut]
    lines[0] = style.paint(start.rstrip(), worst.severity) + lines[0][len(start) - 1 :]
    refused = f"by {summary.refuses}" if summary.refuses else ""
    for label, told in (("do first:", summary.first), ("refused:", refused)):
        if told:
            words = wrapped(style.own(told).split(" "), style.prose, _HANGING, _HANGING)
            head = _LABEL.format(label)
            lines += [style.paint(head, "bold") + words[0][len(head) :], *words[1:]]
    return lines


def _quiet(block: Document, style: Style) -> list[str]:
    """One line where nothing is wrong."""
    word, colour = style.foreign(block.told, 600), block.verdict.tone
    number = counted(block.hidden, "note")
    notes, short = (f"{number} (--verbose)", f"{number} (-v)") if block.hidden else ("", "")
    source, chain = style.foreign(" + ".join(block.sources)), style.signs.to.join(block.chain)
    predicted, told = block.predicted, {each: style.foreign(each, 400) for each in block.remarks}
    others = [told[each] for each in told if not (predicted and each == block.expiry)]
    # What is left out first where the line is too long, the tree below says too.
    roomiest = [word, source, chain, predicted, *told.values(), notes]
    shorter = [word, source, predicted, *told.values(), notes]
    shortest = [word, source, predicted, *others, short]
    for parts in (roomiest, shorter, [word, source, predicted, *told.values(), short], shortest):
        parts = [part for part in parts if part]
        missing = columns(style.signs.dot.join(parts)) - style.width
        if missing <= 0:
            break
    if missing > max(0, columns(source) - LEAST_SOURCE):
        parts = [part for part in shorter if part]  # two lines then, and nothing is lost
        if len(wrapped(parts, style.width, "", "  ", style.signs.dot)) > 2:
            parts = [short if part is notes else part for part in parts]
    elif missing > 0:
        parts[1] = style.signs.cut + source[missing + len(style.signs.cut) :]
    lines = wrapped(parts, style.width, "", "  ", style.signs.dot)
    return [style.paint(word, colour) + lines[0][len(word) :], *lines[1:]]


def _header(block: Document, style: Style) -> list[str]:
    """What was checked, and what it was checked against."""
    parts = [style.foreign(part, 300) for part in (" + ".join(block.sources), *block.context)]
    return wrapped(parts, style.width, "", "  ", style.signs.dot)


def _counts(block: Document, verbose: bool, style: Style) -> list[str]:
    """How many findings of each severity, what follows from others not counted."""
    parts = [style.foreign(part, 400) for part in block.counts]
    if not verbose and (block.hidden or block.left_open):
        parts[-1] += " (--verbose)"
    parts.append(f"more: edgecheck explain {block.more}")
    return wrapped(parts, style.width, "", "  ", style.signs.dot)


def _certificates(certificates: Iterable[Certificate], style: Style) -> list[str]:
    """Keys and names of those that the tree shows, and of the others."""
    lines: list[str] = []
    for each in certificates:
        facts = dict(each.facts)
        told = [facts[name] for name in ("key", "names") if name in facts]
        start = f"  {each.role:<13} "
        words = style.foreign("; ".join([each.subject, *told]), 4000).split(" ")
        lines += wrapped(words, style.prose, start, " " * len(start))
    return ["", style.paint("Keys and names:", "bold"), *lines] if lines else []


def _undecided(reasons: Iterable[Open], style: Style) -> list[str]:
    """Rules that could not be decided, by the reason."""
    lines: list[str] = []
    for each in reasons:
        option = f" ({each.option})" if each.option else ""
        lines.append(f"  {style.foreign(each.because)}{option}")
        lines += wrapped(each.rules, style.prose, "    ", "    ", ", ")
    return ["", style.paint("Undecided:", "bold"), *lines] if lines else []
