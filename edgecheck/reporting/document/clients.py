"""What single clients will do: in groups that do the same for one reason, and one by one."""

import re
from collections.abc import Iterable, Mapping, Sequence

from edgecheck.behaviour.records import BY_ID, families
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.report.predictions import Prediction
from edgecheck.reporting.document.blocks import OTHER_REASONS, Client, Group, Matrix
from edgecheck.rules.engine.finding import Finding

MOST_REASONS = 3
"""Reasons that have a row of their own; who refuses for rarer ones stands in one row."""
MOST_OTHERS = 3
"""Names that may be left out of nearly all."""
MOST_TEXTS = 3
_MOST_TEXT = 2000
_WORD = re.compile(r"[A-Za-z]{4}")
_SIGNS = re.compile(r"[^a-z0-9]+")
_VAGUE = re.compile(r"certificate verify failed$|A TLS error occurred$")
"""What some print whatever is wrong."""


def matrix(report: Answers) -> Matrix:
    """Return who refuses the chain and why, and who connects; tier 1 before the others.

    Clients that refuse for the sake of the same rules stand together, with texts that they print.
    """
    made = report.predictions
    if not made:
        why = "a device presents this, to no client"
        if report.hierarchy.predicted is not None:
            why = "there is no server certificate yet, so that no client gets to see one"
        elif report.expected.validation.purpose != "client":
            why = "no server certificate was presented, so that no client gets to see one"
        return Matrix(why, (), ())
    rules = {finding.id: finding.rule.id for finding in report.findings}
    clients = tuple(_client(each, rules) for each in made)
    if all(p.verdict == "unknown" for p in made):
        return Matrix(f"what they will do is not known: {_whys(made)}", (), clients)
    return Matrix("", tuple(_groups(rules, made)), clients)


def _client(made: Prediction, rules: dict[str, str]) -> Client:
    return Client(
        id=made.client,
        name=BY_ID[made.client].shown,
        version=made.version,
        tier=made.tier,
        verdict=str(made.verdict),
        says=safe(made.says, _MOST_TEXT),
        basis=made.basis,
        because=tuple(dict.fromkeys(rules[each] for each in made.because)),
    )


def _groups(rules: dict[str, str], made: Sequence[Prediction]) -> Iterable[Group]:
    """Who refuses by the gravest rule behind it, who connects, and of whom nothing is known."""
    reasons = list(_reasons(rules, made).items())
    for rule, refusing in reasons[:MOST_REASONS]:
        yield Group("reject", _names(refusing, made), rule, _texts(refusing))
    if rest := [p for _, refusing in reasons[MOST_REASONS:] for p in refusing]:
        yield Group("reject", _names(rest, made), OTHER_REASONS, ())
    if connecting := [p for p in made if p.verdict == "accept"]:
        yield Group("accept", _names(connecting, made), "", ())
    if unknown := [p for p in made if p.verdict == "unknown"]:
        yield Group("unknown", _names(unknown, made), _whys(unknown), ())


def _whys(made: Iterable[Prediction]) -> str:
    whys = dict.fromkeys(p.says for p in made if p.verdict == "unknown")
    return safe(" / ".join(whys), 300)


def _reasons(rules: dict[str, str], made: Iterable[Prediction]) -> dict[str, list[Prediction]]:
    """Refusals by the gravest rule behind them, that of most clients of tier 1 first."""
    found: dict[str, list[Prediction]] = {}
    for prediction in made:
        if prediction.verdict == "reject":
            rule = rules[prediction.because[0]] if prediction.because else ""
            found.setdefault(rule, []).append(prediction)

    def order(rule: str) -> tuple[int, int]:
        return -sum(p.tier == 1 for p in found[rule]), -len(found[rule])

    return {rule: found[rule] for rule in sorted(found, key=order)}


def _names(some: Iterable[Prediction], every: Iterable[Prediction]) -> tuple[str, ...]:
    """Clients in short, the more important first; or all but a few."""
    ids = {p.client for p in some}
    others = families(p.client for p in every if p.client not in ids)
    if not others:
        return ("every client",)
    if len(others) <= MOST_OTHERS and len(ids) > len(others):
        return (f"every client but {others[0]}", *others[1:])
    return tuple(families(ids))


def refusing(report: Answers) -> list[str]:
    """Return the clients in short that refuse, the more important first."""
    return families(p.client for p in report.predictions if p.verdict == "reject")


def in_short(report: Answers, worst: Finding) -> str:
    """Return who refuses, in a line; empty where nobody is known to.

    Where nobody refuses because of the worst finding, beside which it stands, it says why they do.
    """
    made = report.predictions
    if not (refused := [p for p in made if p.verdict == "reject"]):
        return ""
    told = ", ".join(_names(refused, made))
    by_id = {finding.id: finding for finding in report.findings}
    if any(_comes_from(by_id[each], worst, by_id) for p in refused for each in p.because):
        return told
    first, *others = _reasons({each: by_id[each].rule.id for each in by_id}, made)
    if not first:
        return told
    return f"{told}; not for this, but for {first}{' and more' if others else ''}"


def _comes_from(finding: Finding, worst: Finding, by_id: Mapping[str, Finding]) -> bool:
    """Whether it is that finding, or follows from it."""
    while finding.caused_by and finding is not worst:
        finding = by_id[finding.caused_by]
    return finding is worst


def _texts(refusing: Iterable[Prediction]) -> tuple[str, ...]:
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
    return tuple(safe(text, 300) for text in list(kept.values())[:MOST_TEXTS])
