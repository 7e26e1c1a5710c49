"""What holds for every rule: its name, its prose, its sources, and how it fits the run."""

from __future__ import annotations

import inspect
import re
import string
from graphlib import TopologicalSorter

import pytest

import edgecheck
from edgecheck import BUILT_IN
from edgecheck.hierarchy.rfc5280.violations import Kind
from edgecheck.reading.pem_text import KINDS as KINDS_OF_PEM
from edgecheck.reading.problems import KINDS as KINDS_OF_INPUT
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import Need, Over, Rule, Severity
from fixtures.pki import pem
from fixtures.stock import NOW, stock_15

each_rule = pytest.mark.parametrize("rule", list(BUILT_IN), ids=[rule.id for rule in BUILT_IN])

BY_KIND = {Over.PATH_VIOLATION, Over.PROBLEM}


@each_rule
def test_the_id_says_in_which_module_the_rule_is(rule: Rule) -> None:
    """`family.slug` in kebab case; the family is the module, or the package of several."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id)
    module = rule.check.__module__.removeprefix("edgecheck.rules.")
    assert rule.family == module.partition(".")[0].replace("_", "-")


@each_rule
def test_the_title_is_one_short_sentence(rule: Rule) -> None:
    """It stands in lists, so it ends without a full stop."""
    title = rule.title
    assert title == " ".join(title.split())
    assert len(title) <= 80
    assert len(title.split()) >= 3
    assert not title.endswith(tuple(string.punctuation.replace("`", "").replace(")", "")))
    # A word that is spelled so, such as keyUsage, keeps its small letter.
    first = title.split()[0]
    assert not (first.isalpha() and first.islower())


@each_rule
def test_the_docstring_explains_and_remedies(rule: Rule) -> None:
    """At least two sentences of explanation, and what to do, or why there is nothing to do."""
    assert len(re.findall(r"[.!?:][\"')]?(?=\s|$)", rule.explanation)) >= 2
    assert rule.remedy
    lines = inspect.cleandoc(rule.check.__doc__ or "").splitlines()
    assert [line for line in lines if "Remedy:" in line] == ["Remedy:"]
    if rule.remedy.lower().startswith("none"):
        assert re.match(r"none, because \w+", rule.remedy)


@each_rule
def test_nothing_is_left_to_be_written(rule: Rule) -> None:
    """What tools/new_rule.py makes says where something is to be written."""
    assert "TODO" not in f"{rule.title} {rule.explanation} {rule.remedy}"


@each_rule
def test_a_rule_has_a_source_that_can_be_looked_up(rule: Rule) -> None:
    """Some references are measurements without an address; one at least is a document."""
    assert any(reference.url for reference in rule.references)
    for reference in rule.references:
        assert reference.text.strip()
        assert re.fullmatch(r"(https://\S+)?", reference.url)
    assert len(set(rule.references)) == len(rule.references)


NOBODY_SAYS_SO = {
    "algorithm.ec-key-for-old-edgehub": "edgeHub restarts, and no text of its log is known",
    "client.refuses": "it quotes the client in its message",
    "configuration.legacy-yaml": "the runtime does not read the file at all",
    "hostname.loopback": "a client talks to itself, and finds nothing or something else",
    "hostname.parent-is-itself": "the gateway asks itself, and what it says depends on that",
    "extension.application-policies": ".NET says of it what it says of any usage",
    "extension.root-requires-policy": ".NET says of it what it says of any usage",
    "input.byte-order-mark": "some programs read it, and some say that there is no certificate",
    "input.certificates-cut-out": "a text that was shortened for people, which no program reads",
    "input.configuration": "it is edgecheck that was given it",
    "input.missing-begin": "programs pass over the block in silence",
    "input.over-limit": "it is edgecheck that reads no further",
    "input.transcript-verdict": "the finding has the program's own words",
    "input.unreadable-fact": "every field and extension has a text of its own",
    "path.profile": "a profile is asked for, and no client asks for one",
    "path.unprocessable-extension": "what clients say of damage, other findings know",
    "path.undecided": "it is edgecheck that cannot decide it",
}
"""Errors without a text that users see."""


@each_rule
def test_an_error_is_known_by_what_users_see(rule: Rule) -> None:
    """Whoever refuses something says so in some words, but for those in the table."""
    if rule.severity is Severity.ERROR:
        assert bool(rule.symptoms) != (rule.id in NOBODY_SAYS_SO)


def test_every_kind_of_path_violation_has_exactly_one_rule() -> None:
    """So a path that does not pass always says why, and says it once."""
    voices: dict[str, list[str]] = {kind.value: [] for kind in Kind}
    for rule in BUILT_IN:
        if rule.over is Over.PATH_VIOLATION:
            for kind in rule.kinds:
                voices[kind].append(rule.id)
    assert not {kind: ids for kind, ids in voices.items() if len(ids) != 1}


def test_every_problem_of_the_input_has_a_rule() -> None:
    """Nothing of the input is dropped in silence."""
    known = KINDS_OF_PEM | KINDS_OF_INPUT
    voiced = {kind for rule in BUILT_IN if rule.over is Over.PROBLEM for kind in rule.kinds}
    assert sorted(known - voiced) == []
    assert sorted(voiced - known) == []


@each_rule
def test_kinds_are_named_where_a_rule_runs_by_kind(rule: Rule) -> None:
    """And nowhere else, where they would have no effect."""
    assert bool(rule.kinds) == (rule.over in BY_KIND)
    assert len(set(rule.kinds)) == len(rule.kinds)


@pytest.fixture(scope="module")
def undecided() -> set[str]:
    """What cannot be decided about two CA certificates of which nothing else is known."""
    presented = pem(*stock_15("rsa").presented("device_ca", "intermediate"))
    report = edgecheck.check(presented, at=NOW)
    assert set(Need) == Case(report.expected, report.hierarchy, {}, ()).missing
    return {entry.rule for entry in report.undecided}


@each_rule
def test_a_rule_is_undecided_where_it_is_not_told_what_it_needs(
    rule: Rule, undecided: set[str]
) -> None:
    """Whatever it runs over: what is not asked for must not look as if it had passed."""
    if rule.needs or rule.over is Over.SERVER:
        assert rule.id in undecided
    assert not (rule.over is Over.SERVER and Need.SERVER in rule.needs), "`over` says so already"
    assert len(set(rule.needs)) == len(rule.needs)


@each_rule
def test_the_function_takes_what_it_runs_over(rule: Rule) -> None:
    """A rule over one certificate alone gets nothing else, so that its answer can be kept."""
    wanted = 1 if rule.over is Over.EACH_CERTIFICATE else 2
    assert len(inspect.signature(rule.check).parameters) == wanted


def test_causes_are_rules_and_lead_to_a_first_one() -> None:
    """Two rules that follow from each other would leave a finding that nothing causes."""
    ids = {rule.id for rule in BUILT_IN}
    graph = {rule.id: set(rule.follows) for rule in BUILT_IN}
    unknown = {rule: sorted(causes - ids) for rule, causes in graph.items() if causes - ids}
    assert not unknown
    list(TopologicalSorter(graph).static_order())  # raises CycleError


def test_no_two_rules_say_the_same() -> None:
    """Neither by their titles nor by their explanations."""
    assert len({rule.title for rule in BUILT_IN}) == len(BUILT_IN)
    assert len({rule.explanation for rule in BUILT_IN}) == len(BUILT_IN)
