"""Run a rule set over a case: what is violated, and what could not be decided."""

from typing import Any

from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.case import Case
from edgecheck.rules.finding import Undecided
from edgecheck.rules.rule import Over, Rule, Violation
from edgecheck.rules.ruleset import Plan

Remembered = dict[tuple[Any, bytes], tuple[list[tuple[Rule, Violation]], list[Undecided]]]


class Run:
    """Collects what one run finds."""

    def __init__(self, case: Case, plan: Plan, remembered: Remembered | None) -> None:
        """Start empty. `remembered` holds what single certificates gave before."""
        self.case = case
        self.plan = plan
        self.remembered = remembered
        self.violated: list[tuple[Rule, Violation]] = []
        self.undecided: list[Undecided] = []

    def everything(self) -> None:
        """Run every rule over all that it concerns."""
        case, over = self.case, self.plan.over
        hierarchy = case.hierarchy
        for problem in case.problems:
            for rule in self.plan.by_kind.get((Over.PROBLEM, problem.kind), ()):
                self._call(rule, problem)
        for certificate in dict.fromkeys(hierarchy.sequence):
            self._alone(certificate, over[Over.EACH_CERTIFICATE])
        self._over(over[Over.DEVICE], (case.device,))
        self._over(over[Over.HIERARCHY], (hierarchy,))
        path = hierarchy.path
        if path is None:
            self._without_path()
            return
        for violation in (*path.violations, *hierarchy.identity):
            for rule in self.plan.by_kind.get((Over.PATH_VIOLATION, violation.kind), ()):
                self._call(rule, violation)
        self._untold(over[Over.PATH_VIOLATION])
        authorities = path.certificates[1:] if hierarchy.server else path.certificates
        self._over(over[Over.EACH_ON_PATH], path.certificates)
        self._over(over[Over.EACH_CA], authorities)
        self._over(over[Over.SERVER], (hierarchy.server,), "no server certificate was given")
        self._over(over[Over.DEVICE_CA], (hierarchy.device_ca,), "no device CA was recognised")

    def _untold(self, rules: tuple[Rule, ...]) -> None:
        """Rules that voice what happens, but would have needed to be told something."""
        missing = self.case.missing
        for rule in rules:
            if rule.needs and not missing.isdisjoint(rule.needs):
                because = next(need.value for need in rule.needs if need in missing)
                self.undecided.append(Undecided(rule.id, because))

    def _without_path(self) -> None:
        """Without a certificate, what runs over the path is undecided, not passed."""
        wanted = (
            Over.PATH_VIOLATION,
            Over.EACH_ON_PATH,
            Over.EACH_CA,
            Over.SERVER,
            Over.DEVICE_CA,
        )
        self.undecided.extend(
            Undecided(rule.id, "no certificate was read")
            for subject in wanted
            for rule in self.plan.over[subject]
        )

    def _over(self, rules: tuple[Rule, ...], subjects: tuple[Any, ...], absent: str = "") -> None:
        """Run rules over subjects; a subject that is None leaves them undecided: `absent`."""
        missing = self.case.missing
        self._untold(rules)
        for rule in rules:
            if rule.needs and not missing.isdisjoint(rule.needs):
                continue
            for subject in subjects:
                if subject is None:
                    self.undecided.append(Undecided(rule.id, absent))
                else:
                    self._call(rule, subject)

    def _alone(self, certificate: Certificate, rules: tuple[Rule, ...]) -> None:
        """Rules over one certificate alone: what they found once holds for ever."""
        key = (self.plan.key, certificate.der)
        if self.remembered is not None and key in self.remembered:
            violated, undecided = self.remembered[key]
            self.violated.extend(violated)
            self.undecided.extend(undecided)
            return
        before, before_undecided = len(self.violated), len(self.undecided)
        for rule in rules:
            try:
                outcome = rule.check(certificate)
            except Unreadable as unreadable:
                self._unreadable(rule, unreadable)
                continue
            if outcome is not None:
                self._keep(rule, outcome)
        if self.remembered is not None:
            self.remembered[key] = (self.violated[before:], self.undecided[before_undecided:])

    def _call(self, rule: Rule, subject: Any) -> None:
        try:
            outcome = rule.check(subject, self.case)
        except Unreadable as unreadable:
            self._unreadable(rule, unreadable)
            return
        if outcome is not None:
            self._keep(rule, outcome)

    def _keep(self, rule: Rule, outcome: Any) -> None:
        if isinstance(outcome, list):
            self.violated.extend((rule, violation) for violation in outcome)
        else:
            self.violated.append((rule, outcome))

    def _unreadable(self, rule: Rule, unreadable: Unreadable) -> None:
        self.undecided.append(Undecided(rule.id, str(unreadable), (unreadable.certificate.sha256,)))
