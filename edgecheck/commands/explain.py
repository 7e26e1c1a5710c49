"""`edgecheck explain`: a rule, a symptom, or whatever somebody pasted."""

import json
import re
import shlex
import sys

import click

from edgecheck.adapters.files import is_file
from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.explaining.symptoms import SYMPTOMS, Symptom
from edgecheck.reporting.catalogue import listed, page, rule_dict
from edgecheck.reporting.explained import (
    explanation_dict,
    meanings,
    symptom_dict,
    symptom_page,
)
from edgecheck.reporting.style import Style
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.rule import Rule, is_id
from edgecheck.rules.engine.ruleset import UnknownRule

MOST_BYTES = 4 * 1024 * 1024
"""Of standard input that are read."""
_PICTURES = (".png", ".jpg", ".jpeg", ".heic", ".gif", ".webp", ".bmp", ".tiff")
_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+(:[0-9]{1,5})?")
_FILE = re.compile(r"\S*\.(?:log|txt|out|pem|crt|cer|der|p7b|p12|pfx)", re.IGNORECASE)
"""Names that files have and neither hosts nor errors."""
_PATH = re.compile(r"(?:\.{0,2}/|~/|[A-Za-z]:\\|\.{1,2}\\)\S*")
_HOW = "what is in a file is explained by `edgecheck explain - < FILE`"
_FAMILIES = {"symptom", *(rule.family for rule in BUILT_IN)}


def explained(words: tuple[str, ...], style: Style, as_json: bool) -> str:
    """Return what is known of a rule or symptom by its id, or what a text can mean.

    Raises:
        click.ClickException: nothing is known of it; the text says what to give instead.
    """
    asked = _standard_input() if words == ("-",) else " ".join(words)
    known = _by_name(asked.strip())
    if isinstance(known, Symptom):
        return _json(symptom_dict(known)) if as_json else symptom_page(known, style)
    if isinstance(known, list):
        return _json([rule_dict(rule) for rule in known]) if as_json else listed(known, style)
    if known is not None:
        return _json(rule_dict(known)) if as_json else page(known, style)
    if words != ("-",) and (told := _of_a_file(asked.strip())) is not None:
        raise click.ClickException(told)  # whatever the words of its name can mean
    found = explain(asked, BUILT_IN, predicted())
    if as_json:
        return _json(explanation_dict(found))
    if not found.meanings and "-----BEGIN " in asked:
        raise click.ClickException(
            "explain: these are certificates or keys, and no words of an error; give certificates "
            "to `edgecheck check -`"
        )
    if not asked.strip():
        raise click.ClickException(
            "explain: there is no text; give the words of an error, or pipe a log in: "
            "... 2>&1 | edgecheck explain -"
        )
    if not found.meanings:
        raise click.ClickException(
            _meant_for_another(asked.strip())
            or f"explain: nothing is known of {_short(asked)!r}; give the error's own words, more "
            "lines of the log (`-` reads them from standard input), or a rule (`edgecheck rules` "
            "lists them)"
        )
    return meanings(found, BUILT_IN, style)


def _by_name(asked: str) -> Rule | Symptom | list[Rule] | None:
    """A rule or symptom by its id, or by the part behind the family; all rules that have it."""
    found = SYMPTOMS.get(asked) or SYMPTOMS.get(f"symptom.{asked}")
    if found is not None:
        return found
    alike = [rule for rule in BUILT_IN if rule.id.partition(".")[2] == asked]
    if alike:
        return alike[0] if len(alike) == 1 else alike
    try:
        return BUILT_IN[asked]
    except UnknownRule as unknown:
        if is_id(asked):
            told = str(unknown).removeprefix("rules: ")
            raise click.ClickException(_meant_for_another(asked) or told) from None
    return None


def _meant_for_another(asked: str) -> str | None:
    """What to run instead, where a file or a host is named and not a text or a rule."""
    if (told := _of_a_file(asked)) is not None:
        return told
    if _PATH.fullmatch(asked):
        return f"explain: there is no file {_short(asked)!r}; {_HOW}"
    if _HOST.fullmatch(asked) and asked.partition(".")[0] not in _FAMILIES:
        return (
            f"explain: no rule is called {asked!r}; if it is a host, look at what it presents: "
            f"edgecheck connect {asked}; if a file, give its text: edgecheck explain - < {asked}"
        )
    return None


def _of_a_file(asked: str) -> str | None:
    """Return what to run instead, where it is certain that a file is named; else None."""
    if asked.lower().endswith(_PICTURES):
        return f"explain: {_short(asked)} is a picture; type the words of the error that it shows"
    if is_file(asked):
        name = shlex.quote(asked)
        return (
            f"explain: {_short(asked)} is a file; a text or a log in it explains `edgecheck explain"
            f" - < {name}`, certificates judges `edgecheck check {name}`"
        )
    if _FILE.fullmatch(asked):
        return f"explain: there is no file {_short(asked)!r}; {_HOW}"
    return None


def _standard_input() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError(
            "give the text after `explain`, or pipe it in", click.get_current_context()
        )
    return sys.stdin.buffer.read(MOST_BYTES).decode("utf-8", "replace")


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"
