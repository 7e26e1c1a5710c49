"""What other validators say of the same certificates, at the same time.

Only what is installed is asked, and nothing is imported before it is asked. A validator that
fails in a way that nobody foresaw gives an opinion without a verdict, never an exception.
"""

import warnings
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from edgecheck.adapters.validators import VALIDATORS, Missing, Question, Unable
from edgecheck.checking import check
from edgecheck.hierarchy.rfc5280.violations import Kind
from edgecheck.reading.text import safe
from edgecheck.reporting.report import Report
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.rule import Severity
from edgecheck.values import frozen

_NOTHING = "nothing is wrong by RFC 5280"
_MOST = 500
"""Characters of a validator's own words."""


@frozen
class Opinion:
    """What one validator says.

    Attributes:
        who: the validator, its version, and what it does not look at.
        valid: whether it accepts; None: it could not be asked.
        says: its own words, or why it could not be asked; one line.
        agrees: whether that is the report's verdict; None where one of them has none.
        because: where they disagree, what decided the report's verdict.
    """

    who: str
    valid: bool | None
    says: str
    agrees: bool | None
    because: str | None


def second_opinions(
    presented: Any,
    hostname: str | None = None,
    trust: Any = (),
    at: datetime | None = None,
    report: Report | None = None,
    profile: str = "iot-edge",
) -> tuple[Opinion, ...]:
    """Ask the other validators that are installed; nothing is ever fetched.

    `cryptography` is always there; pyhanko-certvalidator comes with the extra `certvalidator`;
    OpenSSL is asked through pyOpenSSL. They are given the report's target, the other
    presented certificates as intermediates, the trust, and the time; CRLs are not given.

    Args:
        presented: as in `check()`; what is given to it too.
        hostname: as in `check()`.
        trust: as in `check()`.
        at: as in `check()`.
        report: what `check()` said of the same, where it has been asked before; then
            everything else is taken from it.
        profile: as in `check()`.

    Raises:
        TypeError, ValueError: as `check()` does, where it is called.
    """
    if report is None:
        report = check(presented, hostname, trust, at, profile=profile)
    question = _question(report)
    opinions = []
    for validator in VALIDATORS:
        try:
            who, ask = validator()
        except Missing:
            continue
        valid, says = _asked(ask, question)
        agrees = None if valid is None or report.valid is None else valid is report.valid
        because = None if agrees is not False else _because(report)
        opinions.append(Opinion(who(question), valid, says, agrees, because))
    return tuple(opinions)


def _question(report: Report) -> Question:
    """The report's input as every validator gets it; copies of the target are left out."""
    expected, hierarchy = report.expected, report.hierarchy
    target = hierarchy.judged
    return Question(
        target.der if target is not None else None,
        tuple(c.der for c in hierarchy.sequence if c is not target),
        tuple(certificate.der for certificate in expected.trust),
        expected.at,
        expected.hostname,
        expected.validation.purpose,
        hierarchy.server is not None or hierarchy.as_sent,
    )


def _asked(ask: Callable[[Question], str | None], question: Question) -> tuple[bool | None, str]:
    if question.target is None:
        return None, "not asked: no certificate was read"
    if not question.trust:
        return None, "not asked: no trust was given"
    try:
        with warnings.catch_warnings():  # about old certificates; they say nothing here
            warnings.simplefilter("ignore")
            refused = ask(question)
    except Unable as unable:
        return None, _line(f"not asked: {unable}")
    except BaseException as unforeseen:
        # A panic of Rust code is no Exception. What the user or the system asks for goes on.
        if isinstance(unforeseen, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        return None, _line(f"{type(unforeseen).__name__}: {unforeseen}")
    return (True, "valid") if refused is None else (False, _line(refused))


def _line(text: str) -> str:
    return safe(" ".join(text.split()), _MOST)


def _because(report: Report) -> str:
    """The findings that decide the report's verdict; violations where no rule voices them."""
    if report.valid:
        return _NOTHING
    hierarchy = report.hierarchy
    violations = [*(hierarchy.path.violations if hierarchy.path else ()), *hierarchy.identity]
    violations = [v for v in violations if v.counts and v.kind is not Kind.UNDECIDED]
    found = [finding for finding in report.findings if _decides(finding, violations)]
    if not found:
        errors = (f for f in report.findings if f.severity is Severity.ERROR)
        found = [finding for finding in errors if finding.caused_by is None]
    if found:
        return "; ".join(_line(f"{finding.id}: {finding.message}") for finding in found)
    return "; ".join(f"{violation.kind} (RFC 5280, {violation.step})" for violation in violations)


def _decides(finding: Finding, violations: Iterable[Any]) -> bool:
    """Whether a finding is the voice of one of these violations."""
    for violation in violations:
        if violation.certificate.sha256 not in finding.certificates:
            continue
        if violation.kind in finding.rule.kinds:
            return True
        if violation.kind is Kind.HOSTNAME and finding.rule.family == "hostname":
            return finding.severity is Severity.ERROR
    return False
