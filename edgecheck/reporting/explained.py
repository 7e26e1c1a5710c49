"""What a text can mean, as text and as plain values; the page of a symptom."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from edgecheck.explaining.meaning import Explanation, Meaning
from edgecheck.explaining.symptom import GATEWAY
from edgecheck.explaining.symptoms import SYMPTOMS, Symptom
from edgecheck.reading.secrets import without_secrets
from edgecheck.reporting.prose import prose
from edgecheck.reporting.style import Style, wrapped
from edgecheck.reporting.words import paragraph
from edgecheck.rules.engine.rule import Rule
from edgecheck.rules.engine.ruleset import RuleSet

SHOWN = 3
"""Meanings in the text that are not certain; JSON has all."""
MOST_CERTAIN = 6
"""Of a log in which many things went wrong."""
_EVENT = 6
"""Lines around one that is certain, which tell of the same event: a stack trace, mostly."""
MOST_NAMED = 4
"""Of the others, by their ids."""
_WORDS = 160
"""Columns of the text that are quoted."""
_OF_CLIENTS = frozenset(
    ("algorithm", "ca", "chain", "encoding", "extension", "hostname", "path", "trust", "validity")
)
"""Families of rules for which somebody refuses a chain."""
_STANDS_FOR = (
    (GATEWAY, f"your gateway's name for {GATEWAY}"),
    ("root.pem", "your root for root.pem"),
)
"""Words of commands that everybody has to replace by their own, and how that is said."""
_CLOCKS = {
    "validity.not-yet-valid": (
        "First compare the clocks: run `date -u` on the device that refuses; a device without a "
        "battery starts in the past."
    ),
    "validity.expired": (
        "First compare the clocks: run `date -u` on the device that refuses; only where that is "
        "right has the certificate ended."
    ),
}
"""What costs nothing and is to be looked at before any certificate is replaced, by rule."""
_REFUSALS = ("symptom.alert-", "symptom.refused-", "symptom.login-", "symptom.cloud-")


def meanings(found: Explanation, rules: RuleSet, style: Style) -> str:
    """Return what a text can mean, the likeliest first, and what to run next.

    What is certain is shown, each with its own next command; what only may be, by the likeliest
    few, with one command that finds out which it is.
    """
    certain = [meaning for meaning in found.meanings if meaning.certain][:MOST_CERTAIN]
    shown = certain or list(found.meanings[:SHOWN])
    told = {meaning.line + near for meaning in shown for near in range(-_EVENT, _EVENT + 1)}
    if certain:
        of_other_lines = (meaning for meaning in found.meanings if meaning.line not in told)
        shown += islice(of_other_lines, max(0, SHOWN - len(certain)))
    single = "\n" not in found.text.strip()
    lines: list[str] = []
    quoted = set()
    for meaning in shown:
        again = (meaning.line, meaning.because) in quoted
        quoted.add((meaning.line, meaning.because))
        lines += [*_one(meaning, rules, style, single, again), ""]
    left = [meaning.id for meaning in found.meanings if meaning not in shown]
    if left:
        more = ["..."] if len(left) > MOST_NAMED else []
        named = [f"{id}," for id in left[:MOST_NAMED]]
        named[-1] = named[-1].rstrip(",")
        lines += [*wrapped(["less", "likely:", *named, *more], style.prose, "", "  "), ""]
    commands = list(dict.fromkeys(meaning.next for meaning in shown))
    lines += [_next(commands), *(f"  {command}" for command in commands)]
    return "\n".join([*lines, f"more: edgecheck explain {shown[0].id}"]) + "\n"


def _next(commands: Sequence[str]) -> str:
    """The line above the commands: which words in them stand for the reader's own."""
    named = [told for word, told in _STANDS_FOR if any(word in command for command in commands)]
    return f"next, with {' and '.join(named)}:" if named else "next:"


def _one(meaning: Meaning, rules: RuleSet, style: Style, single: bool, again: bool) -> list[str]:
    """A meaning in lines; what it is read from only where it was not quoted before."""
    how = "" if meaning.certain else "perhaps "
    symptom = SYMPTOMS.get(meaning.id)
    title, told = (
        _of(rules[meaning.id]) if symptom is None else (symptom.title, symptom.explanation)
    )
    head = wrapped(style.own(f"{meaning.id}: {title}").split(" "), style.prose, how, "  ")
    head[0] = style.paint(head[0], "bold")
    said = style.foreign(_short(without_secrets(meaning.because)), _WORDS)
    where = ", ".join(filter(None, ("" if single else f"line {meaning.line}", _who(meaning))))
    quoted = f'{where}: "{said}"' if where else f'"{said}"'
    by = [] if again else wrapped(quoted.split(" "), style.prose, "  ", "    ")
    first = prose(_CLOCKS[meaning.id], style, "  ") if meaning.id in _CLOCKS else []
    return [*head, *by, *prose(told, style, "  "), *first]


def _short(text: str) -> str:
    """Up to the last whole word for which there is room, with a sign where more follows."""
    if len(text) <= _WORDS:
        return text
    return f"{text[: _WORDS - 4].rpartition(' ')[0] or text[: _WORDS - 4]} ..."


def _who(meaning: Meaning) -> str:
    """Who refused whom, where it is a refusal."""
    refused = meaning.id.startswith(_REFUSALS) or (
        meaning.kind == "rule" and meaning.id.partition(".")[0] in _OF_CLIENTS
    )
    return f"{meaning.said_by} refused" if refused and meaning.said_by is not None else ""


def _of(rule: Rule) -> tuple[str, str]:
    return rule.title, paragraph(rule.explanation)


def symptom_page(symptom: Symptom, style: Style) -> str:
    """Return all that is known of a symptom."""
    title = wrapped(style.own(symptom.title).split(" "), style.prose)
    lines = [style.paint(symptom.id, "bold"), *(style.paint(line, "bold") for line in title), ""]
    lines += [*prose(symptom.explanation, style, spaced=True), ""]
    lines += [style.paint("Where to look", "bold")]
    for where, what in symptom.looks.items():
        lines += wrapped(style.own(f"{where}: {what}").split(" "), style.prose, "- ", "  ")
    lines += ["", style.paint(_next([symptom.next]).removesuffix(":").capitalize(), "bold")]
    lines += [f"  {symptom.next}"]
    lines += ["", style.paint("References", "bold")]
    for reference in symptom.references:
        lines += [f"- {style.own(reference.text)}", f"  {reference.url}"]
    return "\n".join(lines) + "\n"


def explanation_dict(found: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values, without the keys that were pasted with the text."""
    return {
        "text": without_secrets(found.text),
        "meanings": [
            {
                "id": each.id,
                "kind": each.kind,
                "certain": each.certain,
                "line": each.line,
                "said_by": each.said_by,
                "because": without_secrets(each.because),
                "next": each.next,
            }
            for each in found.meanings
        ],
        "commands": list(found.commands),
    }


def symptom_dict(symptom: Symptom) -> dict[str, Any]:
    """Return a symptom as plain values."""
    return {
        "id": symptom.id,
        "title": symptom.title,
        "explanation": symptom.explanation,
        "looks": dict(symptom.looks),
        "next": symptom.next,
        "references": [{"text": r.text, "url": r.url} for r in symptom.references],
    }
