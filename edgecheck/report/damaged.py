"""Damaged certificates, about which findings and models can disagree.

Of a certificate with something in it that cannot be read, rules tell the faults one by one, as
clients were measured to take each; what a client does with several at once depends on which it
comes to first, and only its model goes through them in order. Where a model accepts a damaged
certificate that a finding says is refused, it is not known what the client does.
"""

from collections.abc import Iterable

from edgecheck.behaviour import structure
from edgecheck.expected import Expected
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.encoding import conditions as encoding
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.rule import Over, Severity
from edgecheck.rules.input.conditions import LOOK

_ODD = encoding.ODD_NAME.bit | encoding.ODD_STRUCTURE.bit


def damaged(hierarchy: Hierarchy, expected: Expected) -> frozenset[str]:
    """Return the fingerprints of those that are presented or trusted and so damaged."""
    return frozenset(
        one.sha256 for one in {*hierarchy.sequence, *expected.trust} if is_damaged(one)
    )


def is_damaged(certificate: Certificate) -> bool:
    """Return whether something in it cannot be read, stands there twice, or is not in DER."""
    try:
        if LOOK.see(certificate):
            return True
        odd = encoding.LOOK.see(certificate) & _ODD
    except Unreadable:
        return True
    return bool(odd) and structure.is_refused(certificate)


def naming(findings: Iterable[Finding], fingerprints: frozenset[str]) -> frozenset[str]:
    """Return the kinds of clients that findings about these certificates say refuse them."""
    kinds: set[str] = set()
    for finding in findings if fingerprints else ():
        loud = finding.severity is not Severity.INFO and finding.caused_by is None
        about = finding.rule.over not in (Over.DEVICE, Over.REFUSALS) and fingerprints.intersection(
            finding.certificates
        )
        if loud and about:
            kinds.update(finding.evidence.get("refused_by", ()))
    return frozenset(kinds)
