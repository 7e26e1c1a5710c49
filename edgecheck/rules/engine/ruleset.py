"""An immutable set of rules, and the plan by which it runs."""

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import ModuleType

from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.finding import Undecided
from edgecheck.rules.engine.rule import Need, Over, Rule, Severity


class UnknownRule(ValueError):
    """A rule id or pattern that no rule of the set has."""


class RuleSet:
    """Rules in a fixed order. Every method returns another set."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Keep the rules; refuse two of the same id."""
        self._rules = tuple(rules)
        self._by_id: dict[str, Rule] = {}
        for rule in self._rules:
            for name in (rule.id, *rule.formerly):
                if name in self._by_id:
                    raise ValueError(f"two rules have the id {name!r}")
                self._by_id[name] = rule
        self._plan: Plan | None = None

    @classmethod
    def of(cls, *modules: ModuleType) -> "RuleSet":
        """The rules that the modules define, in the order in which they do."""
        return cls(
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, Rule)
        )

    def __iter__(self) -> Iterator[Rule]:
        """The rules in order."""
        return iter(self._rules)

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
        return found

    def __or__(self, other: "RuleSet") -> "RuleSet":
        """Both sets, these rules first."""
        return RuleSet((*self, *other))

    def select(self, *patterns: str) -> "RuleSet":
        """Only the rules that a pattern names: an id, a family, or a glob such as `ca.*`.

        Raises:
            UnknownRule: a pattern that names none.
        """
        named = self._named(patterns)
        return RuleSet(rule for rule in self if rule.id in named)

    def without(self, *patterns: str) -> "RuleSet":
        """All but the rules that a pattern names. Raises as `select`."""
        named = self._named(patterns)
        return RuleSet(rule for rule in self if rule.id not in named)

    def with_severity(self, severities: Mapping[str, Severity]) -> "RuleSet":
        """The same rules, some with another severity. Raises `UnknownRule`."""
        changed = {self[name].id: severity for name, severity in severities.items()}
        return RuleSet(
            replace(rule, severity=changed[rule.id]) if rule.id in changed else rule
            for rule in self
        )

    @property
    def plan(self) -> "Plan":
        """The rules grouped by what they run over; made once."""
        if self._plan is None:
            self._plan = Plan(self._rules)
        return self._plan

    def _named(self, patterns: Iterable[str]) -> set[str]:
        named: set[str] = set()
        for pattern in patterns:
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


class Group:
    """What a plan runs over one kind of subject, once it is known what was told.

    Attributes:
        rules: those that run on every subject.
        by_trait: those that run where a trait is there, with its bits.
        traits: the bits of all of these.
        untold: of each rule that needs to be told more, that it is undecided and why.
    """

    __slots__ = ("by_trait", "rules", "traits", "untold")

    def __init__(self, rules: tuple[Rule, ...], missing: frozenset[Need]) -> None:
        """Set apart what waits for a trait, and what would have needed to be told more."""
        lacking = {rule.id: [n for n in rule.needs if n in missing] for rule in rules}
        self.rules = tuple(rule for rule in rules if not (rule.traits or lacking[rule.id]))
        self.by_trait = tuple(
            (rule.traits, rule) for rule in rules if rule.traits and not lacking[rule.id]
        )
        self.traits = 0
        for bits, _ in self.by_trait:
            self.traits |= bits
        self.untold = [
            Undecided(rule.id, lacking[rule.id][0].value) for rule in rules if lacking[rule.id]
        ]

    def about(self, there: int) -> tuple[Rule, ...]:
        """The rules that wait for one of these traits."""
        return tuple(rule for bits, rule in self.by_trait if bits & there)


class Told:
    """A plan's groups by what they run over, for one set of facts that were not told."""

    def __init__(self, over: Mapping[Over, tuple[Rule, ...]], missing: frozenset[Need]) -> None:
        """Make every group."""
        self.each_certificate = Group(over[Over.EACH_CERTIFICATE], missing)
        self.path_violation = Group(over[Over.PATH_VIOLATION], missing)
        self.server = Group(over[Over.SERVER], missing)
        self.device_ca = Group(over[Over.DEVICE_CA], missing)
        self.each_ca = Group(over[Over.EACH_CA], missing)
        self.each_on_path = Group(over[Over.EACH_ON_PATH], missing)
        self.each_link = Group(over[Over.EACH_LINK], missing)
        self.hierarchy = Group(over[Over.HIERARCHY], missing)
        self.device = Group(over[Over.DEVICE], missing)


class Plan:
    """Rules grouped so that a rule costs nothing on a chain it does not concern."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Group by subject, and for problems and path violations by kind."""
        self.over: dict[Over, tuple[Rule, ...]] = dict.fromkeys(Over, ())
        self.by_kind: dict[tuple[Over, str], tuple[Rule, ...]] = {}
        for rule in rules:
            self.over[rule.over] += (rule,)
            for kind in rule.kinds:
                key = (rule.over, kind)
                self.by_kind[key] = (*self.by_kind.get(key, ()), rule)
        alone = self.over[Over.EACH_CERTIFICATE]
        self.key = frozenset((rule.id, rule.severity, rule.check) for rule in alone)
        """What the findings of single certificates depend on. A frozenset keeps its hash."""
        self._told: dict[tuple[bool, ...], Told] = {}

    def told(self, case: Case) -> Told:
        """The groups for what is known in a case; made once for each set of such facts."""
        found = self._told.get(case.known)
        if found is None:
            found = self._told[case.known] = Told(self.over, case.missing)
        return found
