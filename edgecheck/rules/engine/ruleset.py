"""An immutable set of rules, and the plan by which it runs."""

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import EVERY, CertificateLook, Condition, PathLook
from edgecheck.rules.engine.finding import Undecided
from edgecheck.rules.engine.listed import Listed
from edgecheck.rules.engine.rule import Need, Over, Rule, Severity

AnyRule = Rule | Listed
"""A rule, be its module imported yet or not."""


class UnknownRule(ValueError):
    """A rule id or pattern that no rule of the set has."""


class RuleSet:
    """Rules in a fixed order. Every method returns another set.

    Equal to another of the same rules in the same order; it pickles by the ids of its rules.
    """

    def __init__(self, rules: Iterable[AnyRule], *, whole: bool | None = None) -> None:
        """Keep the rules; refuse two of the same id.

        `whole`: whether nothing of a catalogue is left out; None: where every rule of edgecheck
        is among them.
        """
        self._whole = whole
        self._rules = tuple(rules)
        self._by_id: dict[str, AnyRule] = {}
        for rule in self._rules:
            for name in (rule.id, *rule.formerly):
                if name in self._by_id:
                    raise ValueError(f"two rules have the id {name!r}")
                self._by_id[name] = rule
        self._plan: Plan | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the catalogue is left out, be there rules of one's own besides."""
        if self._whole is None:
            from edgecheck.rules import BUILT_IN  # all rules are made of what is in this room

            self._whole = self._by_id.keys() >= BUILT_IN._by_id.keys()
        return self._whole

    @classmethod
    def of(cls, *modules: ModuleType) -> "RuleSet":
        """The rules that the modules define, in the order in which they do."""
        return cls(
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, Rule)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RuleSet):
            return NotImplemented
        if self.is_whole != other.is_whole:
            return False
        return self._rules == other._rules or tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(rule.id for rule in self._rules))

    def __repr__(self) -> str:
        few = ", ".join(rule.id for rule in self._rules[:3])
        more = f" and {len(self) - 3} more" if len(self) > 3 else ""
        return f"<RuleSet of {len(self)}: {few}{more}>" if few else "<RuleSet of no rule>"

    def __copy__(self) -> "RuleSet":
        """Itself: it never changes."""
        return self

    def __deepcopy__(self, memo: object) -> "RuleSet":
        """Itself: it never changes."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """By the ids of its rules."""
        from edgecheck.rules.engine.packed import packed_set

        return packed_set(self)

    def __iter__(self) -> Iterator[Rule]:
        """The rules in order."""
        return (rule.whole for rule in self._rules)

    def __len__(self) -> int:
        """How many rules there are."""
        return len(self._rules)

    def __getitem__(self, rule_id: str) -> Rule:
        """A rule by its id, or by one that it had before.

        Raises:
            UnknownRule: there is none; the text names those that are close.
        """
        found = self._by_id.get(rule_id)
        if found is None:
            raise UnknownRule(self._unknown(rule_id))
        return found.whole

    def __or__(self, other: "RuleSet") -> "RuleSet":
        """Both sets, these rules first."""
        return RuleSet((*self._rules, *other._rules), whole=self.is_whole or other.is_whole or None)

    def select(self, *patterns: str) -> "RuleSet":
        """Only the rules that a pattern names: an id, a family, or a glob such as `ca.*`.

        Raises:
            UnknownRule: a pattern that names none.
        """
        named = self._named(patterns)
        return RuleSet((rule for rule in self._rules if rule.id in named), whole=False)

    def without(self, *patterns: str) -> "RuleSet":
        """All but the rules that a pattern names. Raises as `select`."""
        named = self._named(patterns)
        kept = [rule for rule in self._rules if rule.id not in named]
        if len(kept) == len(self):
            return RuleSet(kept, whole=self.is_whole)
        return RuleSet(kept, whole=None if self.is_whole else False)

    def with_severity(self, severities: Mapping[str, Severity]) -> "RuleSet":
        """The same rules, some with another severity. Raises `UnknownRule`, `TypeError`."""
        for severity in severities.values():
            if not isinstance(severity, Severity):
                told = f"such as Severity.INFO, got {severity!r}"
                raise TypeError(f"rules: expected a severity, {told}")
        changed = {self[name].id: severity for name, severity in severities.items()}
        return RuleSet(
            (
                replace(rule.whole, severity=changed[rule.id]) if rule.id in changed else rule
                for rule in self._rules
            ),
            whole=self.is_whole,
        )

    @property
    def plan(self) -> "Plan":
        """The rules grouped by what they run over; made once."""
        if self._plan is None:
            self._plan = Plan(self._rules, self.is_whole)
        return self._plan

    def _named(self, patterns: Iterable[str]) -> set[str]:
        named: set[str] = set()
        for pattern in patterns:
            if not isinstance(pattern, str):
                told = f"such as 'ca.*', got {type(pattern).__name__}"
                raise TypeError(f"rules: expected ids, families or patterns, {told}")
            hits = {
                rule.id
                for name, rule in self._by_id.items()
                if pattern in (name, rule.family) or fnmatch.fnmatchcase(name, pattern)
            }
            if not hits:
                raise UnknownRule(self._unknown(pattern))
            named |= hits
        return named

    def _unknown(self, name: str) -> str:
        import difflib

        close = difflib.get_close_matches(name, self._by_id, n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        return f"rules: no rule is called {name!r}{hint} (`edgecheck rules` lists them)"


NOT_ABOUT = {
    "client": "it is about gateways and what they present, and a device's certificate is judged",
    "server": "it is about what devices present, and a gateway's certificate is judged",
}
"""Why a rule does not apply, by what is judged."""
NO_DEVICE = "no certificate of a device was given, but those of CAs alone"


def because(need: Need, purpose: str) -> str:
    """Return why a rule is undecided whose need is not met, in the words of what is judged."""
    return NO_DEVICE if need is Need.SERVER and purpose == "client" else need.value


MOST_SETS = 1_000
"""Sets of conditions for which a group remembers the rules that they call."""


class Group:
    """What a plan runs over one kind of subject, once it is known what was told.

    Attributes:
        rules: those that run on every subject.
        conditional: those that run where a condition holds, with the bits of their conditions.
        conditions: the bits of all of these.
        untold: of each rule that needs to be told more, that it is undecided and why.
    """

    __slots__ = ("_about", "conditional", "conditions", "rules", "untold")

    def __init__(
        self,
        rules: tuple[AnyRule, ...],
        missing: frozenset[Need],
        bits: Mapping[Condition, int],
        purpose: str,
    ) -> None:
        """Set apart what waits for a condition, and what would have needed to be told more."""
        others = [rule for rule in rules if rule.purpose not in ("", purpose)]
        rules = tuple(rule for rule in rules if rule.purpose in ("", purpose))
        lacking = {rule.id: [n for n in rule.needs if n in missing] for rule in rules}
        self.rules = tuple(rule for rule in rules if not (rule.when or lacking[rule.id]))
        self.conditional = tuple(
            (sum(bits[each] for each in set(rule.when)), rule)
            for rule in rules
            if rule.when and not lacking[rule.id]
        )
        self._about: dict[int, tuple[AnyRule, ...]] = {}
        self.conditions = 0
        for each, _ in self.conditional:
            self.conditions |= each
        self.untold = [
            Undecided(rule.id, because(lacking[rule.id][0], purpose))
            for rule in rules
            if lacking[rule.id]
        ]
        self.untold += [Undecided(rule.id, NOT_ABOUT[purpose]) for rule in others]

    def about(self, there: int) -> tuple[AnyRule, ...]:
        """The rules that wait for one of the conditions that hold."""
        there &= self.conditions
        found = self._about.get(there)
        if found is None:
            found = tuple(rule for bits, rule in self.conditional if bits & there)
            if len(self._about) < MOST_SETS:
                self._about[there] = found
        return found


class Told:
    """A plan's groups by what they run over, for one set of facts that were not told."""

    def __init__(
        self,
        over: Mapping[Over, tuple[AnyRule, ...]],
        missing: frozenset[Need],
        bits: Mapping[Condition, int],
        purpose: str,
    ) -> None:
        """Make every group."""
        self.each_certificate = Group(over[Over.EACH_CERTIFICATE], missing, bits, purpose)
        self.path_violation = Group(over[Over.PATH_VIOLATION], missing, bits, purpose)
        self.server = Group(over[Over.SERVER], missing, bits, purpose)
        self.device_ca = Group(over[Over.DEVICE_CA], missing, bits, purpose)
        self.each_ca = Group(over[Over.EACH_CA], missing, bits, purpose)
        self.each_on_path = Group(over[Over.EACH_ON_PATH], missing, bits, purpose)
        self.each_presented = Group(over[Over.EACH_PRESENTED], missing, bits, purpose)
        self.each_link = Group(over[Over.EACH_LINK], missing, bits, purpose)
        self.hierarchy = Group(over[Over.HIERARCHY], missing, bits, purpose)
        self.device = Group(over[Over.DEVICE], missing, bits, purpose)
        self.refusals = Group(over[Over.REFUSALS], missing, bits, purpose)


class Plan:
    """Rules grouped so that a rule costs nothing on a chain it does not concern."""

    def __init__(self, rules: Iterable[AnyRule], whole: bool = False) -> None:
        """Group by subject, and for problems and path violations by kind.

        `whole`: nothing of the catalogue is left out.
        """
        self.whole = whole
        self.rules = rules = tuple(rules)
        self.over: dict[Over, tuple[AnyRule, ...]] = dict.fromkeys(Over, ())
        self.by_kind: dict[tuple[Over, str], tuple[AnyRule, ...]] = {}
        for rule in rules:
            self.over[rule.over] += (rule,)
            for kind in rule.kinds:
                key = (rule.over, kind)
                self.by_kind[key] = (*self.by_kind.get(key, ()), rule)
        alone = self.over[Over.EACH_CERTIFICATE]
        self.key = frozenset(rule.key for rule in alone)
        """What the findings of single certificates depend on. A frozenset keeps its hash."""
        self._told: dict[tuple[str | bool, ...], Told] = {}
        self.bits: dict[Condition, int] = {}
        """A bit for each condition of each look that a rule needs."""
        self._masks: dict[frozenset[Condition], int] = {}
        self._at_certificates: list[tuple[int, Callable[[Certificate], int]]] = []
        self._at_paths: list[tuple[int, Callable[[Case], int]]] = []
        for look in dict.fromkeys(each.look for rule in rules for each in rule.when):
            shift = len(self.bits)
            self.bits |= {each: each.bit << shift for each in look.conditions}
            if isinstance(look, CertificateLook):
                self._at_certificates.append((shift, look.see))
            elif isinstance(look, PathLook):
                self._at_paths.append((shift, look.see))

    def mask(self, conditions: frozenset[Condition]) -> int:
        """The bits of conditions; worked out once."""
        if conditions not in self._masks:
            self._masks[conditions] = sum(self.bits.get(each, 0) for each in conditions)
        return self._masks[conditions]

    def about_certificate(self, certificate: Certificate) -> int:
        """The bits of the conditions that hold for a certificate, which keeps the last ones."""
        seen = certificate.noted.get("conditions")
        if seen is not None and seen[0] is self:
            found: int = seen[1]
            return found
        there = 0
        try:
            for shift, see in self._at_certificates:
                bits = see(certificate)
                if bits:
                    there |= bits << shift
        except Unreadable:
            there = EVERY
        certificate.noted["conditions"] = (self, there)
        return there

    def about_path(self, case: Case) -> int:
        """The bits of the conditions that hold for the path as a whole."""
        if case.hierarchy.path is None:
            return EVERY
        there = 0
        try:
            for shift, see in self._at_paths:
                there |= see(case) << shift
        except Unreadable:
            return EVERY
        return there

    def told(self, case: Case) -> Told:
        """The groups for what is known in a case; made once for each set of such facts."""
        purpose = case.expected.validation.purpose
        known: tuple[str | bool, ...] = (purpose, *case.needs.values())
        found = self._told.get(known)
        if found is None:
            found = self._told[known] = Told(self.over, case.missing, self.bits, purpose)
        return found
