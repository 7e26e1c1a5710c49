"""What single clients will do, in a few lines for all of them, or in full for some."""

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from edgecheck.behaviour.records import BY_ID, families
from edgecheck.report.answers import Answers
from edgecheck.reporting.style import Style, wrapped

if TYPE_CHECKING:
    from edgecheck.report.predictions import Prediction

HEAD = "Clients:"
HANGING = " " * 12
MOST_REASONS = 3
"""Reasons that have a row of their own; who refuses for rarer ones stands in one row."""
MOST_OTHERS = 3
"""Names that may be left out of nearly all."""
MOST_TEXTS = 3
LONGEST_TEXT = 120
"""Columns of a text that clients print; the others are shorter, or --client tells all."""
_WORD = re.compile(r"[A-Za-z]{4}")
_SIGNS = re.compile(r"[^a-z0-9]+")
_VAGUE = re.compile(r"certificate verify failed$|A TLS error occurred$")
"""What some print whatever is wrong."""


def matrix(report: Answers, style: Style) -> list[str]:
    """Who refuses the chain and why, and who connects; tier 1 before the others.

    Clients that refuse for the sake of the same rules stand together, under texts that
    they print.
    """
    made = report.predictions
    if not made:
        return []
    lines = ["", style.paint(HEAD, "bold")]
    whys = dict.fromkeys(p.says for p in made if p.verdict == "unknown")
    if all(p.verdict == "unknown" for p in made):
        words = f"what they will do is not known: {style.said(' / '.join(whys), 300)}".split(" ")
        return [*lines, *wrapped(words, style.prose, "  ", "  ")]
    reasons = _reasons(report, made)
    for rule, refusing in list(reasons.items())[:MOST_REASONS]:
        lines += _row("refuse", _names(refusing, made), style, "error")
        lines += _why(rule, refusing, style)
    rest = [p for refusing in list(reasons.values())[MOST_REASONS:] for p in refusing]
    if rest:
        lines += _row("refuse", _names(rest, made), style, "error")
        lines += [HANGING + "for other reasons"]
    connecting = [p for p in made if p.verdict == "accept"]
    if connecting:
        lines += _row("connect", _names(connecting, made), style, "good")
    unknown = [p for p in made if p.verdict == "unknown"]
    if unknown:
        lines += _row("not known", _names(unknown, made), style, "warning")
        words = style.said(" / ".join(whys), 300).split(" ")
        lines += wrapped(words, style.prose, HANGING, HANGING)
    return lines


def asked(report: Answers, clients: Collection[str], style: Style) -> list[str]:
    """Everything about the clients that were asked for."""
    lines = ["", style.paint(HEAD, "bold")]
    shown = [p for p in report.predictions if p.client in clients]
    if not shown:
        why = "a device presents this, to no client"
        if report.expected.validation.purpose != "client":
            why = "no server certificate was presented, so that no client gets to see one"
        return [*lines, *wrapped(why.split(" "), style.prose, "  ", "  ")]
    words = {
        "reject": ("refuses", "error"),
        "accept": ("connects", "good"),
        "unknown": ("not known", "warning"),
    }
    for prediction in shown:
        word, colour = words[prediction.verdict]
        named = f"{BY_ID[prediction.client].shown} ({prediction.client})"
        lines += _row(word, [named], style, colour)
        told = {
            "says:": prediction.says if prediction.verdict == "reject" else "",
            "why:": prediction.says if prediction.verdict == "unknown" else "",
            "because:": ", ".join(prediction.because),
            "version:": f"{prediction.version}; tier {prediction.tier}; {prediction.basis}",
        }
        for name, text in told.items():
            if text:
                start = f"{HANGING}{name:<9} "
                pieces = style.said(text, 2000).split(" ")
                lines += wrapped(pieces, style.prose, start, " " * len(start))
    return lines


def _reasons(report: Answers, made: Iterable["Prediction"]) -> dict[str, list["Prediction"]]:
    """Refusals by the gravest rule behind them, that of most clients of tier 1 first."""
    rules = {finding.id: finding.rule.id for finding in report.findings}
    found: dict[str, list[Prediction]] = {}
    for prediction in made:
        if prediction.verdict == "reject":
            rule = rules[prediction.because[0]] if prediction.because else ""
            found.setdefault(rule, []).append(prediction)

    def order(rule: str) -> tuple[int, int]:
        return -sum(p.tier == 1 for p in found[rule]), -len(found[rule])

    return {rule: found[rule] for rule in sorted(found, key=order)}


def _names(some: Iterable["Prediction"], every: Iterable["Prediction"]) -> list[str]:
    """Clients in short, the more important first; or all but a few."""
    ids = {p.client for p in some}
    others = families(p.client for p in every if p.client not in ids)
    if not others:
        return ["every client"]
    if len(others) <= MOST_OTHERS and len(ids) > len(others):
        return [f"every client but {others[0]}", *others[1:]]
    return families(ids)


def _row(word: str, names: list[str], style: Style, colour: str) -> list[str]:
    start = f"  {word:<9} "
    lines = wrapped([style.own(name) for name in names], style.prose, start, HANGING, ", ")
    lines[0] = "  " + style.paint(f"{word:<9}", colour) + lines[0][len(start) - 1 :]
    return lines


def _why(rule: str, refusing: Iterable["Prediction"], style: Style) -> list[str]:
    """The rule, and texts that clients print."""
    words = f"because of {rule};" if rule else "no rule that was run tells why;"
    said = [style.said(text, 300) for text in _texts(refusing)]
    pieces = [*words.split(" "), "seen", "as"] if said else words.rstrip(";").split(" ")
    for at, text in enumerate(said):
        cut = f'"{style.shortened(text, LONGEST_TEXT)}"' + ("," if at + 1 < len(said) else "")
        pieces += cut.split(" ")
    return wrapped(pieces, style.prose, HANGING, HANGING)


def _texts(refusing: Iterable["Prediction"]) -> list[str]:
    """Texts by which a refusal is known: none that contains another, or is vague.

    A hyphen or a capital letter, which versions of one library differ in, makes no other text.
    """
    every = list(dict.fromkeys(p.says for p in refusing))
    telling = [text for text in every if _WORD.search(text) and not _VAGUE.search(text)]
    kept: dict[str, str] = {}
    for text in telling or every:
        folded = _SIGNS.sub(" ", text.lower())
        if not any(shorter in folded for shorter in kept):
            kept[folded] = text
    return list(kept.values())[:MOST_TEXTS]
