"""The tree: a row for each certificate of the path, and what stands below it."""

from edgecheck.hierarchy.paths import Ending, Path
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.blocks import (
    Broken,
    Entry,
    Listed,
    Mark,
    Note,
    Row,
    Tree,
    Words,
)
from edgecheck.reporting.document.cells import (
    WORDS,
    anchored,
    authority,
    expires,
    issuer,
    place,
    signed,
    subject,
)
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.objects import Kind
from edgecheck.rules.engine.rule import Severity

MOST_PLACES = 4
"""Places of one certificate that are listed."""
MOST_LISTED = 8
"""Certificates listed below the tree; of a bundle of the web's roots nobody reads each."""
_ENDED = {
    Ending.NO_ISSUER: 'issuer "{}" not found',
    Ending.LOOP: 'issuer "{}": the issuers form a circle',
    Ending.BUDGET: 'issuer "{}": the search ended here, its bound on steps is spent',
}
"""What stands above a path that goes no further."""
_DERIVED = "as .NET 8 sends it, which IoT Edge 1.5 has; other versions were not measured"


def tree(report: Answers) -> Tree:
    """Return the hierarchy from the root down, and what is on no path or was presented twice."""
    path = report.hierarchy.path
    if path is None:
        asked = report.hierarchy.predicted is not None and report.expected.device_ca_file is None
        told = "there is no device CA" if asked else "no certificate was read"
        return Tree(told, "", (), tuple(_made(report)))
    marks = marked(report)
    ended = _ENDED.get(path.ended, "").format(issuer(path.certificates[-1]))
    below = [*_unused(report, marks), *_twice(report), *_made(report), *_withheld(report)]
    return Tree("", ended, _rows(report, path, marks), tuple(below))


def marked(report: Answers) -> dict[str, Mark]:
    """Return rules of warnings and errors by the fingerprint of the certificate to change."""
    made: dict[str, dict[str, str]] = {}
    synthetic = frozenset(one.sha256 for one in report.synthetic)
    for finding in report.findings:  # the worst come first
        if not finding.caused_by and finding.severity is not Severity.INFO:
            for fingerprint in _to_mark(finding, synthetic):
                mark = made.setdefault(fingerprint, {})
                mark.setdefault(finding.rule.id, finding.severity.value)
    return {
        fingerprint: tuple(Broken(rule, severity) for rule, severity in mark.items())
        for fingerprint, mark in made.items()
    }


def _to_mark(finding: Finding, synthetic: frozenset[str]) -> tuple[str, ...]:
    """Return the certificate at which a finding is shown: of what is predicted, what can change."""
    about = finding.certificates[:1]
    if about and about[0] in synthetic:
        changes = finding.object
        if changes is not None and changes.kind is Kind.CERTIFICATE:
            return (changes.subject,)
    return about


def _rows(report: Answers, path: Path, marks: dict[str, Mark]) -> tuple[Row, ...]:
    """The root first."""
    gap = path.ended in _ENDED
    last = len(path.certificates) - 1
    rows = []
    for level, certificate in enumerate(reversed(path.certificates), gap):
        role = report.hierarchy.role(certificate)
        suffix, tone = anchored(path, certificate)
        if certificate in report.synthetic:
            suffix = f", synthetic{suffix}"
        signature = signed(report, path, last + gap - level)
        may = authority(certificate, role)
        ends = expires(certificate, report.expected.at_seconds)
        rows.append(
            Row(
                sha256=certificate.sha256,
                level=level,
                role=WORDS[role],
                suffix=suffix,
                tone=tone,
                subject=subject(certificate),
                signed_by=signature.by,
                signature=signature.state,
                authority=may.word,
                path_length=may.path_length,
                authority_tone=may.tone,
                expires=ends.day,
                left=ends.left,
                left_short=ends.left_short,
                expires_tone=ends.tone,
                mark=marks.get(certificate.sha256, ()),
            )
        )
    return tuple(rows)


def _unused(report: Answers, marks: dict[str, Mark]) -> list[Listed]:
    entries = [_entry(report, one, marks) for one in report.hierarchy.unused[:MOST_LISTED]]
    return _listed("not used:", entries, len(report.hierarchy.unused))


def _twice(report: Answers) -> list[Listed]:
    entries = []
    for certificate in report.hierarchy.duplicates[:MOST_LISTED]:
        origins = report.origins[certificate]
        places = [place(origin) for origin in origins[:MOST_PLACES]]
        if len(origins) > len(places):
            places.append(f"{len(origins) - len(places)} more places")
        where = " and ".join(places)
        entries.append(Entry(certificate.sha256, subject(certificate), where, ()))
    given = "presented" if report.hierarchy.predicted is None else "in the files"
    return _listed(f"{given} more than once:", entries, len(report.hierarchy.duplicates))


def _entry(report: Answers, certificate: Certificate, marks: dict[str, Mark]) -> Entry:
    where = place(report.origins[certificate][0])
    mark = marks.get(certificate.sha256, ())
    return Entry(certificate.sha256, subject(certificate), where, mark)


def _listed(label: str, entries: list[Entry], number: int) -> list[Listed]:
    return [Listed(label, tuple(entries), number - len(entries))] if entries else []


def _made(report: Answers) -> list[Note]:
    """What is synthetic, where something is wrong; or that a runtime makes nothing, and why."""
    predicted = report.hierarchy.predicted
    if predicted is None:
        return []
    runtime, tone = runtime_of(report), "error"
    if predicted.certificates:
        if report.worst in (None, Severity.INFO):
            return []
        told, tone = f"synthetic: {_changeable(report)}", "dim"
    elif predicted.because:
        told = f"{runtime} makes no usable chain of it: {', '.join(predicted.because)}"
    else:
        told, tone = f"the chain that {runtime} will make is not predicted", "warning"
        told += f": {safe(predicted.unknown, 120)}" if predicted.unknown else ""
        told += " (--runtime)" if not predicted.version else ""
    return [Note(Words(told, tone))]


def runtime_of(report: Answers) -> str:
    """Return the runtime that a prediction is for, in words."""
    version = report.expected.device.runtime
    return f"IoT Edge {version}" if version else "IoT Edge"


def _changeable(report: Answers) -> str:
    """What a chain that is predicted will be made of: nothing else of it can be changed."""
    hostname = safe(report.expected.device.hostname or "", 80)
    repaired = any(
        f.severity is Severity.ERROR and f.rule.family in ("configuration", "device")
        for f in report.findings
    )
    when = ", once its configuration is repaired," if repaired else ""
    told = f"nobody presents it yet; {runtime_of(report)} will make it{when}"
    if report.expected.device_ca_file is None:
        return f'{told} with a CA of its own, for hostname = "{hostname}"'
    named = next(iter(report.expected.sources.get("device_ca_file", ())), "")
    made = safe(named, 200) if named else "the device CA's file"
    return f'{told} of {made} and hostname = "{hostname}"; these are what you can change'


def _withheld(report: Answers) -> list[Listed | Note]:
    """What edgeHub keeps back, and where it may send something else."""
    sender = report.hierarchy.sender
    if sender is None:
        return []
    kept = [_entry(report, one, {}) for one in sender.withheld[:MOST_LISTED]]
    either = [
        Entry(one.sha256, subject(one), "or another one of this name", ())
        for one in sender.either[:MOST_LISTED]
    ]
    listed: list[Listed | Note] = [
        *_listed("edgeHub does not send:", kept, len(sender.withheld)),
        *_listed("sent:", either, len(sender.either)),
    ]
    return listed if sender.basis != "derived" else [*listed, Note(Words(_DERIVED, "dim"))]
