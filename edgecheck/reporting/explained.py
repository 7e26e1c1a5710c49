"""What a text can mean, as text and as plain values; the page of a symptom."""

from typing import Any

from edgecheck.explaining.meaning import Explanation, Meaning
from edgecheck.explaining.symptoms import SYMPTOMS, Symptom
from edgecheck.reporting.prose import paragraph, prose
from edgecheck.reporting.style import Style, wrapped
from edgecheck.rules.engine.rule import Rule
from edgecheck.rules.engine.ruleset import RuleSet

SHOWN = 6
"""Meanings in the text; JSON has all."""
FEW = 3
"""Where the first is certain."""
_WORDS = 160
"""Columns of the text that are quoted."""


def meanings(found: Explanation, rules: RuleSet, style: Style) -> str:
    """Return what a text can mean, the likeliest first, and what to run next."""
    most = FEW if found.meanings[0].certain else SHOWN
    shown = found.meanings[:most]
    lines: list[str] = []
    for meaning in shown:
        lines += [*_one(meaning, rules, style), ""]
    left = len(found.meanings) - len(shown)
    if left:
        others = ", ".join(each.id for each in found.meanings[most:])
        lines += [*wrapped(f"less likely: {others}".split(" "), style.prose, "", "  "), ""]
    commands = dict.fromkeys(meaning.next for meaning in shown)
    lines += ["next:", *(f"  {command}" for command in commands)]
    if any(meaning.kind == "rule" for meaning in shown):
        lines += [
            "more: edgecheck explain ID; edgecheck connect finds out which rule it is",
        ]
    else:
        lines += ["more: edgecheck explain ID"]
    return "\n".join(lines) + "\n"


def _one(meaning: Meaning, rules: RuleSet, style: Style) -> list[str]:
    how = "" if meaning.certain else "perhaps "
    symptom = SYMPTOMS.get(meaning.id)
    title, told = (
        _of(rules[meaning.id]) if symptom is None else (symptom.title, symptom.explanation)
    )
    head = wrapped(style.own(f"{meaning.id}: {title}").split(" "), style.prose, how, "  ")
    head[0] = style.paint(head[0], "bold")
    said = style.foreign(meaning.because, _WORDS)
    who = f", said by {meaning.said_by}" if meaning.said_by == "the other side" else ""
    where = wrapped(f'line {meaning.line}: "{said}"{who}'.split(" "), style.prose, "  ", "    ")
    return [*head, *where, *prose(told, style, "  ")]


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
    lines += ["", style.paint("Next", "bold"), f"  {symptom.next}"]
    lines += ["", style.paint("References", "bold")]
    for reference in symptom.references:
        lines += [f"- {style.own(reference.text)}", f"  {reference.url}"]
    return "\n".join(lines) + "\n"


def explanation_dict(found: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values."""
    return {
        "text": found.text,
        "meanings": [
            {
                "id": each.id,
                "kind": each.kind,
                "certain": each.certain,
                "line": each.line,
                "said_by": each.said_by,
                "because": each.because,
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
