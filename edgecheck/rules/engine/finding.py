"""Findings: violations with their rule, place, role, and what caused them."""

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any, NamedTuple

from edgecheck.behaviour.refusers import TIER_1, Refuser, in_order
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.text import LONGEST, number
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.changes import changed, for_this
from edgecheck.rules.engine.objects import Kind, Object
from edgecheck.rules.engine.passing import but_passing
from edgecheck.rules.engine.rule import Act, Over, Reference, Rule, Severity, Violation
from edgecheck.rules.for_devices import FOR_DEVICES
from edgecheck.values import frozen


class Location(NamedTuple):
    """Where in the input: lines are 1-based, None for binary input."""

    source: str
    first_line: int | None
    last_line: int | None


@frozen
class Finding:
    """A violated rule.

    Attributes:
        id: stable for the same input; rule and certificate, with a number where needed.
        rule: the rule that is violated.
        severity: computed from the facts.
        certificates: fingerprints (SHA-256, hexadecimal) of those concerned.
        role: of the first one; None where no certificate is concerned.
        locations: where they are in the input.
        message: one sentence with the actual values.
        evidence: `wanted`, `found` and further values; `refused_by` names the clients that
            refuse it, as far as recordings or source show.
        remedy: what to do; it starts with `none, because` where nothing can be done.
        references: where the rule comes from.
        act: what kind of act repairs it.
        object: what has to change; None where nothing has to.
        caused_by: id of the finding that explains this one.
    """

    id: str
    rule: Rule
    severity: Severity
    certificates: tuple[str, ...]
    role: Role | None
    locations: tuple[Location, ...]
    message: str
    evidence: Mapping[str, Any] = field(hash=False)
    remedy: str
    references: tuple[Reference, ...]
    act: Act
    object: Object | None
    caused_by: str | None = None

    def __repr__(self) -> str:
        """One line: how bad, what, and the message, which is safe to print."""
        follows = f", follows from {self.caused_by}" if self.caused_by else ""
        return f"<Finding {self.severity} {self.id}: {' '.join(self.message.split())}{follows}>"


@frozen
class Undecided:
    """A rule that could not be decided, why, and the certificates concerned."""

    rule: str
    because: str
    certificates: tuple[str, ...] = ()


def findings(violated: list[tuple[Rule, Violation]], case: Case) -> tuple[Finding, ...]:
    """Make findings of violations: ordered, numbered where needed, causes joined."""
    if not violated:
        return ()
    path = case.hierarchy.path.certificates if case.hierarchy.path else ()
    position = {certificate.der: index for index, certificate in enumerate(path)}
    made: list[tuple[tuple[int, int, str, int], Finding, Violation]] = []
    because: dict[str, tuple[str, str]] = {}
    explained: dict[str, frozenset[str]] = {}
    explains: dict[str, tuple[Certificate, ...]] = {}
    seen: dict[str, int] = {}
    matter, of_device = case.matter, case.of_device
    for order, (rule, violation) in enumerate(violated):
        subjects = violation.certificates
        first = subjects[0] if subjects else None
        base = f"{rule.id}@{first.sha256[:12]}" if first is not None else rule.id
        seen[base] = count = seen.get(base, 0) + 1
        said = refused_by = _said(rule, violation)
        if refused_by:
            refused_by = refusing(rule, violation, case)
            if of_device and matter is not None:
                refused_by &= matter
        severity = violation.severity or rule.severity
        if said and (matter is not None or refused_by is not said):
            valid = case.hierarchy.valid
            severity = _weighed(severity, rule, said, refused_by, matter, valid)
        evidence = {"wanted": violation.wanted, "found": violation.found, **violation.evidence}
        for name, value in evidence.items():
            if type(value) is int and value.bit_length() > LONGEST:
                evidence[name] = number(value)  # which Python may refuse to write
        if refused_by:
            evidence["refused_by"] = in_order(refused_by)
        act, changes = changed(rule, violation, case)
        place = position.get(first.der, len(path)) if first is not None else len(path)
        if violation.hidden and 0 < place < len(path):
            subjects += (path[place - 1],)
        finding = Finding(
            base if count == 1 else f"{base}#{count}",
            rule,
            severity,
            tuple([certificate.sha256 for certificate in subjects]),
            case.role(first) if first is not None else None,
            _locations(rule, violation, changes, case),
            violation.message,
            evidence,
            for_this(remedy_of(rule, violation, of_device), changes, violation, case),
            documents(rule) if of_device else rule.references,
            act,
            changes,
        )
        if violation.because_of is not None:
            cause, certificate = violation.because_of
            because[finding.id] = (cause, certificate.sha256)
        if violation.explained_by:
            explained[finding.id] = violation.explained_by
        if violation.explains:
            explains[finding.id] = violation.explains
        made.append(((severity.rank, place, rule.id, order), finding, violation))
    if len(made) == 1:
        return (made[0][1],)  # which nothing else explains
    made.sort(key=lambda item: item[0])
    found = [finding for _, finding, _ in made]
    whole = {
        finding.id: cause
        for cause, certificates in explains.items()
        for _, finding, violation in made
        if _is_about(finding.rule, violation, certificates)
    }
    return _with_causes(found, because, explained, whole)


def remedy_of(rule: Rule, violation: Violation, of_device: bool) -> str:
    """Return what to do: the rule's words about devices come before those about gateways."""
    told = FOR_DEVICES.get(rule.id) if of_device else None
    return (told.remedy if told else "") or violation.remedy or rule.remedy


def documents(rule: Rule) -> tuple[Reference, ...]:
    """Return its references but for what was measured of clients, which see no device's."""
    return tuple(each for each in rule.references if each.url) or rule.references


def _is_about(rule: Rule, violation: Violation, certificates: tuple[Certificate, ...]) -> bool:
    """Whether a finding, that explains no others itself, is about one of the certificates."""
    if violation.explains or not violation.certificates or violation.where is not None:
        return False
    return rule.over not in _OF_OTHERS and violation.certificates[0] in certificates


_OF_OTHERS = (Over.PROBLEM, Over.DEVICE)
"""What rules run over that say nothing of the certificates that are presented."""


def refusing(rule: Rule, violation: Violation, case: Case) -> frozenset[Refuser]:
    """Return the kinds of clients that refuse what a violation is about, in its place.

    Those are left out that take another way, or end below, and are content with what they take;
    but not where they are known to refuse what they take.
    """
    refused_by = _said(rule, violation)
    first = violation.certificates[:1]
    also = violation.also(*first, case) if violation.also is not None and first else None
    if violation.accepting is not None and first:
        refused_by = refused_by - violation.accepting(*first, case)
    refused_by = refused_by | (also or frozenset())
    if refused_by and rule.over not in (Over.DEVICE, Over.REFUSALS):
        coming = refused_by - violation.unread
        left = but_passing(coming, rule.family, violation.certificates, case, also or ())
        refused_by = refused_by if left == coming else refused_by & violation.unread | left
    return refused_by


def _said(rule: Rule, violation: Violation) -> frozenset[Refuser]:
    """Who refuses it wherever it stands, as the violation or else the rule says."""
    return rule.refused_by if violation.refused_by is None else violation.refused_by


def _weighed(
    severity: Severity,
    rule: Rule,
    said: frozenset[Refuser],
    refused_by: frozenset[Refuser],
    matter: frozenset[Refuser] | None,
    valid: bool | None,
) -> Severity:
    """How bad it is for those that `matter`; None: the severity counts tier 1 already.

    What one of them refuses is an error. What none of them does is none, nor what those of them
    never come to that are `said` to refuse it; but for that on which it rests that the chain is
    not `valid`: what is wrong with the path itself, or with the name.
    """
    if matter is None:
        spared = refused_by.isdisjoint(TIER_1) and not said.isdisjoint(TIER_1)
    elif matter.isdisjoint(refused_by):
        spared = True
    else:
        return Severity.ERROR
    of_path = rule.over is Over.PATH_VIOLATION and valid is not True
    of_name = rule.family == "hostname" and valid is False
    if spared and severity is Severity.ERROR and not of_path and not of_name:
        return Severity.WARNING
    return severity


def _locations(
    rule: Rule, violation: Violation, changes: Object | None, case: Case
) -> tuple[Location, ...]:
    """Where it is; of what a setting says, the first file of the configuration.

    Of what is only predicted, where that is that has to change, and then the certificate.
    """
    if violation.where is not None:
        return (Location(*violation.where),)
    if rule.over is Over.DEVICE and not violation.certificates:
        return _of_configuration(case)
    certificates = violation.certificates
    there = [place for each in certificates for place in _places(each, case)]
    if changes is None or not all(map(case.hierarchy.is_predicted, certificates)):
        return tuple(there)
    if changes.kind is Kind.CONFIGURATION:
        return (*_of_configuration(case), *there)
    cause = next((c for c in case.hierarchy.sequence if c.sha256 == changes.subject), None)
    return (*(_places(cause, case) if cause is not None else ()), *there)


def _of_configuration(case: Case) -> tuple[Location, ...]:
    files = case.device.configuration_files or {}
    return tuple(Location(path, None, None) for path in list(files)[:1])


def _places(certificate: Certificate, case: Case) -> tuple[Location, ...]:
    origins = case.origins.get(certificate, ())
    return tuple(Location(o.source, o.first_line, o.last_line) for o in origins)


def _with_causes(
    found: list[Finding],
    because: Mapping[str, tuple[str, str]],
    explained: Mapping[str, frozenset[str]],
    whole: Mapping[str, str],
) -> tuple[Finding, ...]:
    """Fold what follows from another finding under the first cause of all."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in found:
        by_rule.setdefault(finding.rule.id, []).append(finding)
    direct: dict[str, str] = {}
    for finding in found:
        if finding.id in because:
            name, subject = because[finding.id]
            for cause in by_rule.get(name, ()):
                if (
                    subject in cause.certificates
                    and cause.id != finding.id
                    and _weighs(cause, finding)
                ):
                    direct[finding.id] = cause.id
                    break
        if finding.id in explained:
            names = explained[finding.id]
            said = (c for c in found if c.rule.id in names and _weighs(c, finding))
            if (first := next(said, None)) is not None:
                direct[finding.id] = first.id
        for name in finding.rule.follows if finding.id not in direct else ():
            causes = (c for c in by_rule.get(name, ()) if _weighs(c, finding))
            shared = next((c for c in causes if _share(c, finding)), None)
            if shared is not None:
                direct[finding.id] = shared.id
                break
    by_id = {finding.id: finding for finding in found} if whole else {}
    for follower, cause_of_all in whole.items():
        if follower not in direct and _weighs(by_id[cause_of_all], by_id[follower]):
            direct[follower] = cause_of_all
    if not direct:
        return tuple(found)
    result = []
    for finding in found:
        cause_id = direct.get(finding.id)
        passed = {finding.id}
        while cause_id in direct and cause_id not in passed:
            passed.add(cause_id)
            cause_id = direct[cause_id]
        result.append(replace(finding, caused_by=cause_id) if cause_id else finding)
    return tuple(result)


def _weighs(cause: Finding, finding: Finding) -> bool:
    """A note never hides a warning: only what is as bad explains a finding."""
    return cause.severity.rank <= finding.severity.rank


def _share(one: Finding, other: Finding) -> bool:
    if not one.certificates or not other.certificates:
        return True
    return not set(one.certificates).isdisjoint(other.certificates)
