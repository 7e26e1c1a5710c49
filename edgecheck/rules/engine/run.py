"""Run a rule set over a case: what is violated, and what could not be decided."""

from collections.abc import Sequence
from typing import Any

from edgecheck.behaviour.work import Spent
from edgecheck.device import Device
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.links import Link
from edgecheck.reading.certificate import Certificate, Unreadable, each_once
from edgecheck.reading.der import Malformed
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import Condition
from edgecheck.rules.engine.finding import Undecided
from edgecheck.rules.engine.rule import Missing, Need, Over, Rule, Violation
from edgecheck.rules.engine.ruleset import AnyRule, Group, Plan, because

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
        self._there: dict[bytes, int] = {}
        """The conditions that hold for each certificate, by its DER."""
        self._anywhere = self._of_path = 0

    def holds_beyond(self, indifferent: frozenset[Condition]) -> bool:
        """Whether another condition holds, of the path or of any certificate concerned."""
        return bool(self._anywhere & ~self.plan.mask(indifferent))

    def everything(self) -> None:
        """Run every rule over all that it concerns."""
        case, hierarchy, told = self.case, self.case.hierarchy, self.plan.told(self.case)
        self._look()
        for problem in case.problems:
            rules = self.plan.by_kind.get((Over.PROBLEM, problem.kind), ())
            self._call(rules, (problem,), case)
        path = hierarchy.path
        above = path.certificates if path is not None else ()
        presented = each_once((*hierarchy.sequence, *above))
        self._each_alone(told.each_certificate, presented)
        self._once(told.device, case.device)
        self.undecided += told.refusals.untold
        self._once(told.hierarchy, hierarchy)
        if path is None:
            self._without_path()
            return
        for violation in (*path.violations, *hierarchy.identity):
            kind = (Over.PATH_VIOLATION, violation.kind)
            self._call(self.plan.by_kind.get(kind, ()), (violation,), case)
        self.undecided += told.path_violation.untold
        authorities = path.certificates[1:] if hierarchy.server else path.certificates
        self._certificates(told.each_on_path, path.certificates)
        self._certificates(told.each_presented, presented)
        self._certificates(told.each_ca, authorities)
        self._links(told.each_link, path.links)
        if hierarchy.server is not None:
            self._certificates(told.server, (hierarchy.server,))
        else:
            self._absent(told.server, because(Need.SERVER, case.expected.validation.purpose))
        if hierarchy.device_ca is not None:
            self._certificates(told.device_ca, (hierarchy.device_ca,))
        else:
            self._absent(told.device_ca, "no device CA was recognised")

    def _look(self) -> None:
        """See which conditions hold: of the path, of each certificate, and of any of them."""
        there, look = self._there, self.plan.about_certificate
        self._anywhere = self._of_path = self.plan.about_path(self.case)
        for certificate in self.case.everybody:
            if certificate.der not in there:
                there[certificate.der] = found = look(certificate)
                self._anywhere |= found

    def _without_path(self) -> None:
        """Without a certificate, what runs over the path is undecided, not passed."""
        wanted = (
            Over.PATH_VIOLATION,
            Over.EACH_ON_PATH,
            Over.EACH_PRESENTED,
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

    def _over(self, group: Group, subjects: Sequence[Any]) -> None:
        """Run rules over subjects; those that need to be told more are undecided."""
        self.undecided += group.untold
        self._call(group.rules, subjects, self.case)

    def _once(self, group: Group, subject: Hierarchy | Device) -> None:
        """Run rules over what there is one of: some always, the others where a condition holds."""
        self._over(group, (subject,))
        if group.conditions & self._anywhere:
            self._call(group.about(self._anywhere), (subject,), self.case)

    def _absent(self, group: Group, because: str) -> None:
        """Without their subject, rules are undecided."""
        self.undecided += group.untold
        for rule in (*group.rules, *(rule for _, rule in group.conditional)):
            self.undecided.append(Undecided(rule.id, because))

    def _certificates(self, group: Group, certificates: Sequence[Certificate]) -> None:
        """Run rules over certificates: some everywhere, the others where a condition holds."""
        self._over(group, certificates)
        if group.conditions & self._anywhere:
            for certificate in certificates:
                there = self._of_path | self._there[certificate.der]
                if there & group.conditions:
                    self._call(group.about(there), (certificate,), self.case)

    def _links(self, group: Group, links: Sequence[Link]) -> None:
        """Run rules over links: some everywhere, the others where a condition holds of an end."""
        self._over(group, links)
        if group.conditions & self._anywhere:
            for link in links:
                ends = self._there[link.child.der] | self._there[link.issuer.der]
                if (ends | self._of_path) & group.conditions:
                    self._call(group.about(ends | self._of_path), (link,), self.case)

    def _each_alone(self, group: Group, certificates: list[Certificate]) -> None:
        """Rules over one certificate alone: what they found once holds for ever."""
        remembered = self.remembered
        if remembered is None:
            for certificate in certificates:
                self._alone(group, certificate)
            return
        for certificate in certificates:
            key = (self.plan.key, certificate.der)
            if key in remembered:
                violated, undecided = remembered[key]
                self.violated += violated
                self.undecided += undecided
                continue
            before = len(self.violated), len(self.undecided)
            self._alone(group, certificate)
            remembered[key] = self.violated[before[0] :], self.undecided[before[1] :]

    def _alone(self, group: Group, certificate: Certificate) -> None:
        if group.rules:
            self._call(group.rules, (certificate,))
        there = self._there[certificate.der]
        if there & group.conditions:
            self._call(group.about(there), (certificate,))

    def _call(
        self, rules: tuple[AnyRule, ...], subjects: Sequence[Any], case: Case | None = None
    ) -> None:
        """Call rules one after the other with each subject, and keep what they find.

        Without a case it is a rule over a certificate by itself.
        """
        for listed in rules:
            rule = listed.whole
            for subject in subjects:
                try:
                    outcome = rule.check(subject) if case is None else rule.check(subject, case)
                except Unreadable as missing:
                    concerned = (missing.certificate.sha256,)
                    self.undecided.append(Undecided(rule.id, str(missing), concerned))
                    continue
                except (Malformed, Spent) as damaged:  # of bytes that a rule takes apart itself
                    self.undecided.append(Undecided(rule.id, str(damaged)))
                    continue
                if outcome:
                    self._keep(rule, outcome if isinstance(outcome, list) else [outcome])

    def _keep(self, rule: Rule, found: Sequence[Violation | Missing]) -> None:
        """Keep what a rule found, and what it would have to be told."""
        for one in found:
            if isinstance(one, Missing):
                self.undecided.append(Undecided(rule.id, one.because))
            else:
                self.violated.append((rule, one))
