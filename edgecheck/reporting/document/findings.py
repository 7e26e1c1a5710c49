"""Findings: what, where, wanted and found, who refuses, why, what to do, and what follows."""

from collections.abc import Iterable, Mapping
from typing import Any

from edgecheck.behaviour.refusers import in_words
from edgecheck.device import FILES
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.blocks import Effect, Finding, Place, Source, Value
from edgecheck.reporting.document.cells import WORDS, place, subject
from edgecheck.reporting.values import plain
from edgecheck.reporting.words import paragraph
from edgecheck.rules.engine import finding as engine
from edgecheck.rules.engine.rule import Reference
from edgecheck.rules.for_devices import FOR_DEVICES

_Known = Mapping[str, Certificate]
"""Certificates by their SHA-256."""
_HEX = late("[0-9a-f]+")
_DIGESTS = {64: "SHA-256", 40: "SHA-1"}
"""By the number of their digits."""
LONG = 10
"""Bytes of a key identifier or serial number that tell it from others."""
MOST_TEXT = 2000
MOST_VALUE = 1000
_MEASURED = "measured: "
_NAMES = {
    "anchors": "trusted",
    "anchor_assumed": "presented root taken as trusted",
    "step": "step of RFC 5280",
}
"""Names of values that a reader needs more words for."""
_OF_THEIR_OWN = ("wanted", "found", "refused_by", "candidates")


def blocks(report: Answers, shown: Iterable[engine.Finding]) -> tuple[Finding, ...]:
    """Return a block for each of the findings shown; what one causes is told with it."""
    following: dict[str, list[engine.Finding]] = {}
    for finding in report.findings:
        if finding.caused_by:
            following.setdefault(finding.caused_by, []).append(finding)
    known = {certificate.sha256: certificate for certificate in _all(report)}
    return tuple(_block(report, one, following.get(one.id, ()), known) for one in shown)


def _all(report: Answers) -> Iterable[Certificate]:
    """Whatever certificates a report knows: presented, trusted, in files of the gateway."""
    yield from report.origins
    yield from report.expected.trust
    for name in FILES:
        yield from getattr(report.expected, name) or ()


def _block(
    report: Answers,
    finding: engine.Finding,
    effects: Iterable[engine.Finding],
    known: _Known,
) -> Finding:
    of_device = report.expected.validation.purpose == "client"
    evidence = finding.evidence
    refused_by = evidence.get("refused_by")
    measured = [r for r in finding.references if r.text.startswith(_MEASURED)]
    return Finding(
        id=finding.id,
        rule=finding.rule.id,
        title=finding.rule.title,
        severity=finding.severity.value,
        message=safe(finding.message, MOST_TEXT),
        places=_places(report, finding, known),
        values=tuple(_values(evidence, known)),
        fails=("edgeHub, by .NET" if of_device else in_words(refused_by)) if refused_by else "",
        tried=tuple(safe(_candidate(each), MOST_VALUE) for each in evidence.get("candidates", ())),
        why=_why(finding, of_device),
        help=finding.remedy,
        seen=measured[0].text.removeprefix(_MEASURED) if measured else "",
        sources=_sources(finding.references),
        follows=tuple(
            Effect(each.id, each.rule.id, each.severity.value, safe(each.message, MOST_TEXT))
            for each in effects
        ),
    )


def _why(finding: engine.Finding, of_device: bool) -> str:
    """The first paragraph of the rule's explanation; its own words about devices before it."""
    told = FOR_DEVICES.get(finding.rule.id) if of_device else None
    return (told.why if told else "") or paragraph(finding.rule.explanation)


def _places(report: Answers, finding: engine.Finding, known: _Known) -> tuple[Place, ...]:
    """Where each certificate concerned is, or the piece of a file that is none."""
    named = [known[name] for name in finding.certificates if name in known]
    certificates = [certificate for certificate in named if certificate in report.origins]
    origins = [origin for c in certificates for origin in report.origins[c]]
    taken = {(origin.source, origin.first_line) for origin in origins}
    others = [at for at in finding.locations if (at.source, at.first_line) not in taken]
    made = [Place(place(at)) for at in others]
    for certificate in certificates:
        role = report.hierarchy.role(certificate)
        made.append(
            Place(
                where=place(report.origins[certificate][0]),
                role="on no path" if role is Role.OTHER else WORDS[role],
                subject=subject(certificate),
                sha256=certificate.sha256,
                synthetic=report.hierarchy.is_predicted(certificate),
            )
        )
    return tuple(made)


def _values(evidence: Mapping[str, Any], known: _Known) -> Iterable[Value]:
    """What is wanted and what is there, both or none; then the other values that say something."""
    if evidence.get("wanted") is not None or evidence.get("found") is not None:
        yield _value("wanted", evidence.get("wanted"), known)
        yield _value("found", evidence.get("found"), known)
    for name, value in evidence.items():
        if name not in _OF_THEIR_OWN:
            yield _value(_NAMES.get(name) or safe(name.replace("_", " ")), value, known)


def _value(name: str, value: Any, known: _Known) -> Value:
    """An empty value has no short form: only who asks for everything gets to see it."""
    whole = safe(_said(value, known, full=True), MOST_VALUE)
    if name not in ("wanted", "found") and value in (None, "", (), []):
        return Value(name, "", whole)
    return Value(name, safe(_said(value, known, full=False), MOST_VALUE), whole)


def _candidate(each: Mapping[str, Any]) -> str:
    """A certificate that may have issued another one, and why it was taken or not."""
    against = " and ".join(each["why_not"]) or "nothing speaks against it"
    taken = ", taken" if each["taken"] else ""
    return f"number {each['number']} of those {each['where']} ({each['sha256']}){taken}: {against}"


def _said(value: Any, known: _Known, full: bool) -> str:
    """A value of evidence in words, with the certificates whose digests stand in it.

    `full`: nothing is cut, and digests of what has a name are told too.
    """
    if not full and isinstance(value, bytes) and len(value) > LONG:
        return value[:LONG].hex() + "..."
    if isinstance(value, tuple | list | set | frozenset):
        items = [_said(item, known, full) for item in value]
        ordered = sorted(items) if isinstance(value, set | frozenset) else items
        return ", ".join(ordered) or "none"
    if isinstance(value, Mapping):
        items = [f"{name} {_said(item, known, full)}" for name, item in value.items()]
        return ", ".join(items) or "none"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    told = str(plain(value)) or "(empty)"
    return told if isinstance(value, bytes) else _named(told, known, full)


def _named(told: str, known: _Known, full: bool) -> str:
    """What a digest is of, for somebody who does not know it by heart; any other text as it is."""
    kind = _DIGESTS.get(len(told)) if _HEX.fullmatch(told) else None
    if kind is None:
        return told
    if (certificate := known.get(told)) is None:
        return f"{kind} {told}"
    return f'"{subject(certificate)}"' + (f" ({kind} {told})" if full else "")


def _sources(references: Iterable[Reference]) -> tuple[Source, ...]:
    """Documents; what was measured is told apart."""
    return tuple(Source(r.text, r.url) for r in references if not r.text.startswith(_MEASURED))
