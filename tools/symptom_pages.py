"""The pages about what users see: docs/symptoms.md, and docs/symptoms/ for what is no rule's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from edgecheck.explaining.symptoms import SYMPTOMS, Symptom
from edgecheck.report.openssl import ERRORS
from edgecheck.report.symptoms import VAGUE
from tools.markdown import fenced, table

if TYPE_CHECKING:
    from edgecheck.rules.engine.rule import Rule
    from edgecheck.rules.engine.ruleset import RuleSet

    Linked = Callable[[Rule, str], str]
    """A link to a rule's page, from a page whose way to docs/rules/ is given."""

SOURCE = "edgecheck/explaining/symptoms_of_*.py or alerts.py"


def pages(note: str) -> dict[str, str]:
    """Return the page of each symptom, and their index, by file name."""
    made = {f"{name_of(symptom)}.md": page(symptom, note) for symptom in SYMPTOMS.values()}
    return made | {"index.md": index(note)}


def name_of(symptom: Symptom) -> str:
    return symptom.id.partition(".")[2]


def index(note: str) -> str:
    lines = [
        note.format(SOURCE),
        "",
        "# Symptoms that are no rule's",
        "",
        "What people see where no certificate is to be judged, or not by this side: names that are",
        "not resolved, alerts that the other side sent, files that cannot be read.",
        "`edgecheck explain` finds them in whatever is pasted; texts that lead to rules are in",
        "[symptoms.md](../symptoms.md).",
        "",
        *table(
            ("Symptom", "What it says"),
            (
                (f"[`{symptom.id}`]({name_of(symptom)}.md)", symptom.title)
                for symptom in SYMPTOMS.values()
            ),
        ),
    ]
    return "\n".join(lines) + "\n"


def page(symptom: Symptom, note: str) -> str:
    """All that is known of a symptom."""
    lines = [note.format(SOURCE), "", f"# {symptom.id}", "", f"**{symptom.title}**", ""]
    lines += [symptom.explanation, "", "## Where to look", ""]
    lines += [f"- {where}: {what}" for where, what in symptom.looks.items()]
    lines += ["", "## Next", "", *fenced(symptom.next, "console"), "", "## References", ""]
    lines += [f"- [{reference.text}]({reference.url})" for reference in symptom.references]
    return "\n".join(lines) + "\n"


def texts(rules: RuleSet, linked: Linked, note: str) -> str:
    """Every text that users see, with the rules that explain it."""
    known_by: dict[str, list[tuple[int, Rule]]] = {}
    for rule in rules:
        for place, text in enumerate(rule.symptoms):
            known_by.setdefault(text, []).append((place, rule))
    known = {error.text for error in ERRORS} & known_by.keys()
    lines = [
        note.format("edgecheck/rules/symptoms.py"),
        "",
        "# Symptoms",
        "",
        "From what a client, the runtime or its own checks say to the rules that explain it, the",
        "likeliest first. `edgecheck explain TEXT` finds them from a whole line of a log, with",
        "names, times and numbers in it, and `edgecheck check` tells which one it is.",
        "",
        "Some clients say only that a certificate was refused, such as",
        f"{' or '.join(f'`{text}`' for text in VAGUE)}. Then ask another one, such as",
        "`openssl s_client`, or `edgecheck check`.",
        "",
        "## OpenSSL, Python, Node.js",
        "",
        "OpenSSL and what uses it print the text or the number, Node.js the constant.",
        "",
    ]
    errors = [error for error in ERRORS if error.text in known]
    lines += table(
        ("Number", "Text", "Constant of Node.js", "Rules"),
        (
            (
                ", ".join(map(str, error.numbers)),
                "; ".join((error.text, *error.formerly)),
                f"`{error.constant}`",
                explained(known_by[error.text], linked),
            )
            for error in sorted(errors, key=lambda error: error.numbers)
        ),
    )
    lines += ["", "Before OpenSSL 3.0, 79 was 24.", "", "## Other texts", ""]
    lines += table(
        ("Text", "Rules"),
        (
            (f"`{text}`", explained(known_by[text], linked))
            for text in sorted(known_by.keys() - known, key=str.lower)
        ),
    )
    return "\n".join(lines) + "\n"


def explained(found: Iterable[tuple[int, Rule]], linked: Linked) -> str:
    """Links to rules, those first for which a text is more typical."""
    ordered = sorted(found, key=lambda one: (one[0], one[1].severity.rank))
    return ", ".join(linked(rule, "rules") for _, rule in ordered)
