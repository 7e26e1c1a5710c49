"""Run a rule set over a case: what is violated, and what could not be decided."""

from typing import Any

from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.case import Case
from edgecheck.rules.finding import Undecided
from edgecheck.rules.rule import Over, Rule, Violation
from edgecheck.rules.ruleset import Plan
from edgecheck.rules.traits import traits

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
        self._traits: dict[bytes, int] = {}

    def everything(self) -> None:
        """Run every rule over all that it concerns."""
        case, over = self.case, self.plan.over
        hierarchy = case.hierarchy
        for problem in case.problems:
            for rule in self.plan.by_kind.get((Over.PROBLEM, problem.kind), ()):
                self._call(rule, problem)
        for certificate in dict.fromkeys(hierarchy.sequence):
            self._alone(certificate)
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
        self._certificates(Over.EACH_ON_PATH, path.certificates)
        self._certificates(Over.EACH_CA, authorities)
        self._over(over[Over.EACH_LINK], path.links)
        server, device_ca = (hierarchy.server,), (hierarchy.device_ca,)
        self._certificates(Over.SERVER, server, "no server certificate was given")
        self._certificates(Over.DEVICE_CA, device_ca, "no device CA was recognised")

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
            Over.EACH_LINK,
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

    def _certificates(
        self, over: Over, certificates: tuple[Certificate | None, ...], absent: str = ""
    ) -> None:
        """Run rules over certificates: some everywhere, the others where a trait is there."""
        self._over(self.plan.always[over], certificates, absent)
        by_trait = self.plan.by_trait[over]
        if not by_trait:
            return
        for certificate in certificates:
            if certificate is None:
                self.undecided.extend(Undecided(rule.id, absent) for _, rule in by_trait)
                continue
            there = self._traits_of(certificate)
            if there:
                for wanted, rule in by_trait:
                    if there & wanted:
                        self._call(rule, certificate)

    def _traits_of(self, certificate: Certificate) -> int:
        there = self._traits.get(certificate.der)
        if there is None:
            there = self._traits[certificate.der] = traits(certificate)
        return there

    def _alone(self, certificate: Certificate) -> None:
        """Rules over one certificate alone: what they found once holds for ever."""
        key = (self.plan.key, certificate.der)
        if self.remembered is not None and key in self.remembered:
            violated, undecided = self.remembered[key]
            self.violated.extend(violated)
            self.undecided.extend(undecided)
            return
        before, before_undecided = len(self.violated), len(self.undecided)
        for rule in self.plan.always[Over.EACH_CERTIFICATE]:
            self._one(rule, certificate)
        by_trait = self.plan.by_trait[Over.EACH_CERTIFICATE]
        there = self._traits_of(certificate) if by_trait else 0
        for wanted, rule in by_trait if there else ():
            if there & wanted:
                self._one(rule, certificate)
        if self.remembered is not None:
            self.remembered[key] = (self.violated[before:], self.undecided[before_undecided:])

    def _one(self, rule: Rule, certificate: Certificate) -> None:
        try:
            outcome = rule.check(certificate)
        except Unreadable as unreadable:
            self._unreadable(rule, unreadable)
            return
        if outcome is not None:
            self._keep(rule, outcome)

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
