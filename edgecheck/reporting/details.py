"""Findings as blocks: what, where, wanted and found, why, what to do, and what follows."""

from collections.abc import Iterable

from edgecheck.reporting.document.blocks import Effect, Finding, Source
from edgecheck.reporting.prose import prose
from edgecheck.reporting.style import Style, wrapped

INDENT = "  "
LABEL = "  {:<6}"
HANGING = " " * 8
"""In front of why, help and see, which hang from their labels."""
MOST_PLACES = 4


def findings(shown: Iterable[Finding], style: Style, full: bool) -> list[str]:
    """Return each finding as a block of lines with an empty line before it.

    Why, help and see are told once for a rule, with its first finding.

    Args:
        shown: what is told.
        style: where it goes.
        full: whether fingerprints and values are shown whole.
    """
    told: dict[str, str] = {}
    lines: list[str] = []
    for finding in shown:
        lines += ["", *_headline(finding, style)]
        lines += _places(finding, style, full)
        lines += _evidence(finding, style, full)
        if finding.rule not in told:
            lines += labelled("why:", prose(finding.why, style, HANGING), style)
        if told.get(finding.rule) != finding.help:
            lines += labelled("help:", prose(finding.help, style, HANGING), style)
        if finding.rule not in told:
            lines += references(finding.seen, finding.sources, style)
        told.setdefault(finding.rule, finding.help)
        for effect in finding.follows:
            lines += _effect(effect, style)
    return lines


def labelled(word: str, lines: list[str], style: Style) -> list[str]:
    """Return lines with a label painted over the spaces that the first one starts with."""
    start = LABEL.format(word)
    return [style.paint(start, "bold") + lines[0][len(start) :], *lines[1:]]


def _headline(finding: Finding, style: Style) -> list[str]:
    start = f"{finding.severity}[{finding.rule}]"
    words = style.foreign(finding.message, 4000).split(" ")
    lines = wrapped(words, style.prose, start + " ", INDENT)
    painted = style.paint(start, finding.severity)
    lines[0] = painted + style.paint(lines[0][len(start) :], "bold")
    return [lines[0], *(style.paint(line, "bold") for line in lines[1:])]


def _effect(effect: Effect, style: Style) -> list[str]:
    start = f"{INDENT}follows: "
    words = style.foreign(effect.message, 4000).split(" ")
    lines = wrapped([effect.rule, *words], style.prose, start, HANGING)
    return [style.paint(line, "dim") for line in lines]


def _places(finding: Finding, style: Style, full: bool) -> list[str]:
    """Where each certificate concerned is, or the piece of a file that is none."""
    lines = []
    for at in finding.places[:MOST_PLACES]:
        entry = [style.foreign(at.where, 2000)]
        if at.sha256:
            word = "on no path:" if at.role == "on no path" else at.role
            mark = f"sha256 {fingerprint(at.sha256, style, full)}"
            # Nobody can look for the digest of what is not there yet.
            entry += [
                f'{word} "{style.foreign(at.subject)}"',
                "synthetic" if at.synthetic else mark,
            ]
        lines += wrapped(entry, style.width, " --> ", "     ", "  ")
    if len(finding.places) > MOST_PLACES:
        lines.append(f" --> and {len(finding.places) - MOST_PLACES} more")
    return lines


def fingerprint(sha256: str, style: Style, full: bool = False) -> str:
    """`71:AA:D7:AB…`, which OpenSSL prints too; whole as --role and the JSON report have it."""
    sha256 = style.foreign(sha256)
    if full:
        return sha256
    start = sha256[:8].upper()
    return ":".join(start[at : at + 2] for at in range(0, 8, 2)) + style.signs.cut


def _evidence(finding: Finding, style: Style, full: bool) -> list[str]:
    """What is wanted and what is there; other values in one row; who refuses it."""
    values = [(value.name, value.whole if full else value.short) for value in finding.values]
    rows = [(f"{name}:", text) for name, text in values if name in ("wanted", "found")]
    others = [f"{n}: {text}" for n, text in values if text and n not in ("wanted", "found")]
    rows += [("also:", "; ".join(others))] if others else []
    rows += [("refuse:", finding.fails)] if finding.fails else []
    rows += [("tried:", text) for text in finding.tried] if full else []
    lines = []
    for label, text in rows:
        words = style.foreign(text, 1100).split(" ")
        lines += wrapped(words, style.prose, f"  |  {label:<7} ", "  |" + " " * 10)
    return lines


def references(seen: str, sources: Iterable[Source], style: Style) -> list[str]:
    """Return what was measured, and the documents as far as one line holds them."""
    lines = []
    if seen:
        words = style.own(seen).split(" ")
        lines += labelled("seen:", wrapped(words, style.prose, HANGING, HANGING), style)
    documents = [style.own(source.text) for source in sources]
    if documents:
        fitting = wrapped(documents, style.prose, HANGING, HANGING, "; ")[0].rstrip(";")
        words = fitting.removeprefix(HANGING).split(" ")
        lines += labelled("see:", wrapped(words, style.prose, HANGING, HANGING), style)
    return lines
