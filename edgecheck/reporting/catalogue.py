"""The rules as text and as plain values: a list of all, a page of each, what an error means."""

from collections.abc import Iterable
from typing import Any

from edgecheck.behaviour.refusers import in_order
from edgecheck.reporting.prose import prose
from edgecheck.reporting.style import Style, columns, wrapped
from edgecheck.rules.engine.rule import Rule

HANGING = " " * 12


def listed(rules: Iterable[Rule], style: Style) -> str:
    """One line a rule: id, severity, title, cut where the line is too long."""
    every = list(rules)
    room = max((len(rule.id) for rule in every), default=0)
    lines = []
    for rule in every:
        title = style.shortened(style.own(rule.title), max(style.width - room - 11, 20))
        severity = style.paint(f"{rule.severity:<7}", rule.severity.value)
        lines.append(f"{rule.id:<{room}}  {severity}  {title}\n")
    return "".join(lines)


def page(rule: Rule, style: Style) -> str:
    """All that is known of a rule."""
    facts = {
        "severity": f"{rule.severity}, unless the facts of a case make it another",
        "runs over": rule.over.value,
        "undecided": " or ".join(need.value for need in rule.needs),
        "versions": rule.runtime or "all",
        "repair": rule.act.value,
        "follows": ", ".join(rule.follows),
        "formerly": ", ".join(rule.formerly),
        "refused by": ", ".join(in_order(rule.refused_by)),
    }
    lines = wrapped(style.own(rule.title).split(" "), style.prose)
    lines = [style.paint(rule.id, "bold"), *(style.paint(line, "bold") for line in lines), ""]
    for name, value in facts.items():
        if value:
            words = style.own(value).split(" ")
            lines += wrapped(words, style.prose, f"{name + ':':<12}", HANGING)
    if rule.symptoms:
        lines += wrapped(rule.symptoms, style.prose, f"{'seen as:':<12}", HANGING, "; ")
    lines += ["", *prose(rule.explanation, style, spaced=True)]
    lines += ["", style.paint("Remedy", "bold"), *prose(rule.remedy, style, spaced=True)]
    lines += ["", style.paint("References", "bold")]
    for reference in rule.references:
        text = style.own(reference.text)
        if reference.url and columns(text) + len(reference.url) + 4 <= style.width:
            lines.append(f"- {text}: {reference.url}")
        else:
            lines += wrapped(text.split(" "), style.prose, "- ", "  ")
            lines += [f"  {reference.url}"] if reference.url else []
    return "\n".join(lines) + "\n"


def rule_dict(rule: Rule) -> dict[str, Any]:
    """A rule as plain values."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "over": rule.over,
        "act": rule.act,
        "needs": [need.name.lower() for need in rule.needs],
        "runtime": rule.runtime,
        "follows": list(rule.follows),
        "formerly": list(rule.formerly),
        "refused_by": in_order(rule.refused_by),
        "symptoms": list(rule.symptoms),
        "explanation": rule.explanation,
        "remedy": rule.remedy,
        "references": [{"text": r.text, "url": r.url} for r in rule.references],
    }
