"""What to do first: findings that one act repairs go together."""

from dataclasses import dataclass

from edgecheck.rules.finding import Finding
from edgecheck.rules.rule import Act, Severity


@dataclass(frozen=True, slots=True)
class Repair:
    """One act and the findings that it closes, the worst first.

    Attributes:
        act: what kind of act.
        subject: the fingerprint of the certificate, or the source of the file, concerned.
        findings: what it repairs, without what follows from them.
        closes: how many findings it closes, what follows included.
    """

    act: Act
    subject: str
    findings: tuple[Finding, ...]
    closes: int


def repairs(findings: tuple[Finding, ...]) -> tuple[Repair, ...]:
    """Group findings of warning or error by act, the act that closes most and worst first."""
    groups: dict[tuple[Act, str], list[Finding]] = {}
    following: dict[str, int] = {}
    for finding in findings:
        if finding.caused_by is not None:
            following[finding.caused_by] = following.get(finding.caused_by, 0) + 1
        elif finding.severity is not Severity.INFO:
            groups.setdefault((finding.rule.act, _subject(finding)), []).append(finding)
    made = [
        Repair(act, subject, tuple(group), sum(1 + following.get(f.id, 0) for f in group))
        for (act, subject), group in groups.items()
    ]
    made.sort(key=lambda repair: (repair.findings[0].severity.rank, -repair.closes))
    return tuple(made)


def _subject(finding: Finding) -> str:
    """Certificates are reissued, files edited, and everything else is one place to act."""
    if finding.rule.act in (Act.REISSUE, Act.RENEW) and finding.certificates:
        return finding.certificates[0]
    if finding.rule.act is Act.EDIT and finding.locations:
        return finding.locations[0].source
    return ""
