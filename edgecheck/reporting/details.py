"""Findings as blocks: what, where, wanted and found, why, what to do, and what follows."""

from collections.abc import Iterable, Mapping
from typing import Any

from edgecheck.behaviour.refusers import in_words
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate
from edgecheck.report.answers import Answers
from edgecheck.reporting.cells import WORDS, place, subject
from edgecheck.reporting.json import plain
from edgecheck.reporting.prose import paragraph, prose
from edgecheck.reporting.style import Style, wrapped
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.rule import Reference
from edgecheck.rules.for_devices import FOR_DEVICES

INDENT = "  "
LABEL = "  {:<6}"
HANGING = " " * 8
"""In front of why, help and see, which hang from their labels."""
MOST_PLACES = 4
LONG = 10
"""Bytes of a key identifier or serial number that tell it from others."""
MEASURED = "measured: "


def blocks(report: Answers, shown: Iterable[Finding], style: Style, full: bool) -> list[str]:
    """Each finding as a block of lines with an empty line before it.

    Why, help and see are told once for a rule, with its first finding.

    Args:
        report: whose findings they are.
        shown: those to show; what another one causes is told with that one.
        style: where it goes.
        full: whether fingerprints are shown whole.
    """
    following: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.caused_by:
            following.setdefault(finding.caused_by, []).append(finding)
    by_fingerprint = {certificate.sha256: certificate for certificate in report.origins}
    told: dict[str, str] = {}
    lines: list[str] = []
    for finding in shown:
        lines += ["", *_headline(finding, style)]
        lines += _places(report, finding, by_fingerprint, style, full)
        of_device = report.expected.validation.purpose == "client"
        lines += _evidence(finding.evidence, style, full, of_device)
        if finding.rule.id not in told:
            why = prose(_why(finding, report), style, HANGING)
            lines += labelled("why:", why, style)
        if told.get(finding.rule.id) != finding.remedy:
            lines += labelled("help:", prose(finding.remedy, style, HANGING), style)
        if finding.rule.id not in told:
            lines += references(finding.references, style)
        told.setdefault(finding.rule.id, finding.remedy)
        for effect in following.get(finding.id, ()):
            lines += _effect(effect, style)
    return lines


def _why(finding: Finding, report: Answers) -> str:
    """The first paragraph of the rule's explanation; its own words about devices before it."""
    told = FOR_DEVICES.get(finding.rule.id)
    if told is not None and told.why and report.expected.validation.purpose == "client":
        return told.why
    return paragraph(finding.rule.explanation)


def labelled(word: str, lines: list[str], style: Style) -> list[str]:
    """Lines with a label painted over the spaces that the first one starts with."""
    start = LABEL.format(word)
    return [style.paint(start, "bold") + lines[0][len(start) :], *lines[1:]]


def _headline(finding: Finding, style: Style) -> list[str]:
    start = f"{finding.severity}[{finding.rule.id}]"
    words = style.foreign(finding.message, 2000).split(" ")
    lines = wrapped(words, style.prose, start + " ", INDENT)
    painted = style.paint(start, finding.severity.value)
    lines[0] = painted + style.paint(lines[0][len(start) :], "bold")
    return [lines[0], *(style.paint(line, "bold") for line in lines[1:])]


def _effect(finding: Finding, style: Style) -> list[str]:
    start = f"{INDENT}follows: "
    words = style.foreign(finding.message, 2000).split(" ")
    lines = wrapped([finding.rule.id, *words], style.prose, start, HANGING)
    return [style.paint(line, "dim") for line in lines]


def _places(
    report: Answers,
    finding: Finding,
    by_fingerprint: Mapping[str, Certificate],
    style: Style,
    full: bool,
) -> list[str]:
    """Where each certificate concerned is, or the piece of a file that is none."""
    certificates = [by_fingerprint[name] for name in finding.certificates if name in by_fingerprint]
    origins = [origin for c in certificates for origin in report.origins[c]]
    known = {(origin.source, origin.first_line) for origin in origins}
    entries: list[list[str]] = []
    for at in finding.locations:
        if (at.source, at.first_line) not in known:
            entries.append([place(at, style)])
    for certificate in certificates:
        role = report.hierarchy.role(certificate)
        word = "on no path:" if role is Role.OTHER else WORDS[role]
        name = f'{word} "{subject(certificate, style)}"'
        where = place(report.origins[certificate][0], style)
        mark = f"sha256 {fingerprint(certificate, style, full)}"
        if report.hierarchy.is_predicted(certificate):
            mark = "synthetic"  # nobody can look for its digest
        entries.append([where, name, mark])
    lines = []
    for entry in entries[:MOST_PLACES]:
        lines += wrapped(entry, style.width, " --> ", "     ", "  ")
    if len(entries) > MOST_PLACES:
        lines.append(f" --> and {len(entries) - MOST_PLACES} more")
    return lines


def fingerprint(certificate: Certificate, style: Style, full: bool = False) -> str:
    """`71:AA:D7:AB…`, which OpenSSL prints too; whole as --role and the JSON report have it."""
    digest = style.foreign(certificate.sha256)
    if full:
        return digest
    start = digest[:8].upper()
    return ":".join(start[at : at + 2] for at in range(0, 8, 2)) + style.signs.cut


def _evidence(evidence: Mapping[str, Any], style: Style, full: bool, of_device: bool) -> list[str]:
    """What is wanted and what is there, both or none; other values in one row; who refuses it."""
    wanted, found = evidence.get("wanted"), evidence.get("found")
    rows = []
    if wanted is not None or found is not None:
        rows += [("wanted:", _said(wanted, full)), ("found:", _said(found, full))]
    others = [
        f"{name.replace('_', ' ')}: {_said(value, full)}"
        for name, value in evidence.items()
        if name not in ("wanted", "found", "refused_by", "candidates")
        and (full or value not in (None, "", (), []))
    ]
    rows += [("also:", "; ".join(others))] if others else []
    if refused_by := evidence.get("refused_by"):
        rows.append(("fails:", "edgeHub, by .NET" if of_device else in_words(refused_by)))
    if full:
        rows += [("tried:", _candidate(each)) for each in evidence.get("candidates", ())]
    lines = []
    for label, text in rows:
        words = style.foreign(text, 1000).split(" ")
        lines += wrapped(words, style.prose, f"  |  {label:<7} ", "  |" + " " * 10)
    return lines


def _candidate(each: Mapping[str, Any]) -> str:
    """A certificate that may have issued another one, and why it was taken or not."""
    against = " and ".join(each["why_not"]) or "nothing speaks against it"
    taken = ", taken" if each["taken"] else ""
    return f"number {each['number']} of those {each['where']} ({each['sha256']}){taken}: {against}"


def _said(value: Any, full: bool) -> str:
    """A value of evidence in words; long bytes are cut."""
    if isinstance(value, bytes) and len(value) > LONG and not full:
        return value[:LONG].hex() + "..."
    if isinstance(value, tuple | list | set | frozenset):
        items = [_said(item, full) for item in value]
        ordered = sorted(items) if isinstance(value, set | frozenset) else items
        return ", ".join(ordered) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(item, full)}" for name, item in value.items()) or "none"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(plain(value)) or "(empty)"


def references(given: Iterable[Reference], style: Style) -> list[str]:
    """What was measured, and the documents as far as one line holds them."""
    listed = list(given)
    seen = [style.own(r.text.removeprefix(MEASURED)) for r in listed if r.text.startswith(MEASURED)]
    lines = []
    for text in seen[:1]:
        lines += labelled("seen:", wrapped(text.split(" "), style.prose, HANGING, HANGING), style)
    documents = [style.own(r.text) for r in listed if not r.text.startswith(MEASURED)]
    if documents:
        fitting = wrapped(documents, style.prose, HANGING, HANGING, "; ")[0].rstrip(";")
        words = fitting.removeprefix(HANGING).split(" ")
        lines += labelled("see:", wrapped(words, style.prose, HANGING, HANGING), style)
    return lines
