"""The answers together."""

from dataclasses import field
from typing import TYPE_CHECKING, Any

from edgecheck.expected import Expected
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate, Origin
from edgecheck.reading.der import oid_text
from edgecheck.reading.problems import Problem
from edgecheck.report.acts import repairs
from edgecheck.report.inquiry import Inquiry
from edgecheck.rules.engine.finding import Finding, Undecided
from edgecheck.rules.engine.rule import Severity
from edgecheck.rules.engine.run import Run
from edgecheck.values import frozen

if TYPE_CHECKING:
    from edgecheck.report.predictions import Prediction


SYNTHETIC = "<predicted>"
"""The source of certificates that are predicted: they are in no file yet."""


@frozen
class Answers:
    """What `check()` found out. `edgecheck.Report`, which tells it, says what the fields are."""

    expected: Expected
    hierarchy: Hierarchy
    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    origins: dict[Certificate, list[Origin]] = field(hash=False)
    problems: tuple[Problem, ...] = ()
    _inquiry: Inquiry | None = field(default=None, repr=False, compare=False)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _run: Run | None = field(default=None, repr=False, compare=False)

    @property
    def valid(self) -> bool | None:
        """Whether some path from what clients judge to the trust passes; None: undecided.

        That is the first certificate of a transcript or a capture, whatever it looks like; of a
        file the server certificate, or without one and without a host name the lowest CA.
        """
        return self.hierarchy.valid

    @property
    def worst(self) -> Severity | None:
        """The highest severity among the findings; None without findings."""
        return self.findings[0].severity if self.findings else None

    @property
    def ok(self) -> bool:
        """No finding of severity error, and `valid` is not False."""
        return self.worst is not Severity.ERROR and self.valid is not False

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """Those presented, in order and each once, then those of the path from the trust.

        Where it was asked what a program sends, what it keeps back comes last.
        """
        path = self.hierarchy.path.certificates if self.hierarchy.path else ()
        sender = self.hierarchy.sender
        withheld = sender.withheld if sender is not None else ()
        return tuple(dict.fromkeys([*self.hierarchy.sequence, *path, *withheld]))

    @property
    def synthetic(self) -> tuple[Certificate, ...]:
        """Those that `edgecheck.predict()` made as the runtime will, the server's first."""
        predicted = self.hierarchy.predicted
        return predicted.certificates if predicted is not None else ()

    @property
    def policies(self) -> tuple[str, ...]:
        """The user-constrained policy set of a valid path (RFC 5280, 6.1.6), dotted, sorted.

        With 2.5.29.32.0 (anyPolicy) in it any policy is acceptable; empty where `valid` is
        not True, or about another certificate than the server's.
        """
        path, hierarchy = self.hierarchy.path, self.hierarchy
        if path is None or self.valid is not True or hierarchy.judged is not hierarchy.target:
            return ()
        return tuple(sorted(map(oid_text, path.policies)))

    @property
    def predictions(self) -> tuple["Prediction", ...]:
        """What each client will say of the chain; computed when first asked for."""
        found: tuple[Prediction, ...] | None = self._kept.get("predictions")
        if found is None:
            from edgecheck.behaviour.records import RECORDS
            from edgecheck.report.predictions import predict

            inquiry = self._inquiry or Inquiry(self.hierarchy, self.expected, self.problems)
            found = predict(inquiry, self.findings, RECORDS)
            self._kept["predictions"] = found
        return found

    @property
    def passed(self) -> tuple[str, ...]:
        """Ids of the rules that were decided and hold, in the catalogue's order.

        An auditor can rely on it that the rule was asked about everything that it concerns, that
        nothing which it needs to know was missing or unreadable, and that it found nothing, however
        slight or explained by something else. A rule about something that the chain does not have,
        such as name constraints, is decided by that. Not in here: rules with a finding, undecided
        ones, those with nothing to be asked about (no trust, no revocation lists, no description of
        the device, no certificate above the one there is), and where a part of the input could not
        be read, all rules about certificates. Computed when first asked for.
        """
        found: tuple[str, ...] | None = self._kept.get("passed")
        if found is None:
            from edgecheck.report.passed import passed

            found = passed(self._run, self._inquiry, self.findings) if self._run else ()
            self._kept["passed"] = found
        return found

    @property
    def fix_first(self) -> tuple[Finding, ...]:
        """Findings in the order in which to repair them; what follows from others left out."""
        return tuple(f for repair in repairs(self.findings) for f in repair.findings)
