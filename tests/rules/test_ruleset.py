"""Sets of rules: chosen by id, family or glob, and never changed."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

import edgecheck
from edgecheck import BUILT_IN, RuleSet, Severity
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Need, Over, Rule, rule
from edgecheck.rules.engine.ruleset import UnknownRule
from edgecheck.rules.references import rfc


def never(*_: object) -> None:
    """Find nothing."""


def made(id: str, over: Over = Over.HIERARCHY, *kinds: str, formerly: tuple[str, ...] = ()) -> Rule:
    """A rule that is never violated."""
    return rule(
        id,
        title=f"The rule {id} is violated",
        severity=ERROR,
        over=over,
        references=[rfc(5280, "4")],
        act=Act.NOTHING,
        kinds=kinds,
        formerly=formerly,
    )(never)


ONE, TWO, OTHER = made("ca.one"), made("ca.two"), made("host-name.one", formerly=("name.old",))
RULES = RuleSet([ONE, TWO, OTHER])


def ids(rules: RuleSet) -> list[str]:
    return [rule.id for rule in rules]


def test_rules_keep_their_order() -> None:
    assert ids(RULES) == ["ca.one", "ca.two", "host-name.one"]
    assert len(RULES) == 3


def test_a_module_gives_its_rules_in_the_order_of_their_definitions() -> None:
    module = ModuleType("family")
    vars(module).update(second=TWO, first=ONE, text="no rule")
    assert ids(RuleSet.of(module)) == ["ca.two", "ca.one"]


def test_two_rules_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two rules have the id 'ca\.one'"):
        RuleSet([ONE, made("ca.one")])


def test_an_old_id_is_taken_too() -> None:
    with pytest.raises(ValueError, match=r"two rules have the id 'name\.old'"):
        RuleSet([OTHER, made("name.old")])


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["ca.two"], ["ca.two"]),
        (["ca"], ["ca.one", "ca.two"]),
        (["*.one"], ["ca.one", "host-name.one"]),
        (["host-name.one", "ca.one"], ["ca.one", "host-name.one"]),
        (["name.old"], ["host-name.one"]),
        (["*"], ["ca.one", "ca.two", "host-name.one"]),
        ([], []),
    ],
)
def test_select_and_without_divide_the_set(patterns: list[str], chosen: list[str]) -> None:
    """By id, family, glob or old id; the order stays that of the set."""
    assert ids(RULES.select(*patterns)) == chosen
    assert ids(RULES.without(*patterns)) == [id for id in ids(RULES) if id not in chosen]


def test_a_set_is_never_changed() -> None:
    RULES.without("ca")
    RULES.with_severity({"ca.one": INFO})
    assert ids(RULES) == ["ca.one", "ca.two", "host-name.one"]
    assert RULES["ca.one"].severity is ERROR


def test_severities_are_replaced_by_id_also_by_an_old_one() -> None:
    changed = RULES.with_severity({"ca.two": WARNING, "name.old": INFO})
    assert [rule.severity for rule in changed] == [ERROR, WARNING, INFO]


def test_two_sets_are_joined_the_left_one_first() -> None:
    more = RuleSet([made("mine.own")])
    assert ids(RULES | more) == [*ids(RULES), "mine.own"]
    assert ids(more | RULES) == ["mine.own", *ids(RULES)]
    with pytest.raises(ValueError, match="two rules"):
        RULES | RULES


def test_an_id_that_is_unknown_is_named_with_those_that_are_close() -> None:
    with pytest.raises(UnknownRule, match=r"'ca\.tow'; did you mean ca\.two"):
        RULES["ca.tow"]
    attempts: list[Callable[[], object]] = [
        lambda: RULES.select("ca.tow"),
        lambda: RULES.without("ca.one", "ca.tow"),
        lambda: RULES.with_severity({"ca.tow": INFO}),
    ]
    for wrong in attempts:
        with pytest.raises(UnknownRule, match=r"ca\.tow"):
            wrong()


def test_what_is_no_pattern_and_no_severity_is_refused_in_words() -> None:
    """A list of patterns, or the word of a severity, is what people write first."""
    with pytest.raises(TypeError, match=r"expected ids, families or patterns, .* got list"):
        RULES.select(["ca.one"])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"such as Severity\.INFO, got 'info'"):
        RULES.with_severity({"ca.one": "info"})  # type: ignore[dict-item]


def test_an_unknown_rule_is_a_value_error() -> None:
    """So a caller need not know our exceptions."""
    with pytest.raises(ValueError, match="no rule is called 'nothing-like-it'"):
        BUILT_IN.select("nothing-like-it")


@pytest.mark.parametrize("wrong", ["ca", "ca.", ".one", "Ca.one", "ca.one_two", "ca.one.two", ""])
def test_an_id_in_another_form_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"expected family\.slug in kebab case"):
        made(wrong)


def test_the_plan_groups_by_subject_and_kind() -> None:
    """Rules of one kind in the order of the set."""
    path = made("a.path", Over.PATH_VIOLATION, "expired", "purpose")
    late = made("b.late", Over.PATH_VIOLATION, "expired")
    alone = made("c.alone", Over.EACH_CERTIFICATE)
    plan = RuleSet([path, ONE, late, alone]).plan
    assert plan.over[Over.HIERARCHY] == (ONE,)
    assert plan.over[Over.SERVER] == ()
    assert plan.by_kind == {
        (Over.PATH_VIOLATION, "expired"): (path, late),
        (Over.PATH_VIOLATION, "purpose"): (path,),
    }


def test_check_runs_the_rules_that_it_is_given() -> None:
    """Without rules there are no findings; the verdict is the same."""
    report = edgecheck.check(b"", rules=RuleSet([]))
    assert report.findings == ()
    assert report.undecided == ()
    assert report.valid is None


def test_a_severity_that_was_set_is_that_of_the_findings(chain: bytes) -> None:
    """Where the rule does not compute it from facts."""
    rules = BUILT_IN.select("ca.not-a-ca")
    for severity in Severity:
        report = edgecheck.check(chain, rules=rules.with_severity({"ca.not-a-ca": severity}))
        assert {finding.severity for finding in report.findings} == {severity}


@pytest.fixture(scope="module")
def chain() -> bytes:
    """A chain whose device CA is none."""
    from fixtures.pki import pem
    from fixtures.stock import stock_15

    return pem(*stock_15("rsa").without_extension("device_ca", "basicConstraints").presented())


def test_every_need_of_rules_says_when_it_is_met() -> None:
    """One that was forgotten would never make a rule undecided."""
    report = edgecheck.check(b"")
    assert set(Case(report.expected, report.hierarchy, {}, ()).needs) == set(Need)
