"""No report is `ok` while a client that matters is predicted to refuse."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck import BUILT_IN, RuleSet, Severity
from edgecheck.behaviour.records import BY_ID
from edgecheck.rules.engine import rule as rules_of
from edgecheck.rules.engine.rule import Act, Over
from fixtures import stock
from fixtures.expected import FIXTURES, Fixture, folders, read, report_of
from fixtures.pki import pem
from tests.examples import some

FOLDERS = some(folders())
REFUSES = "client.refuses"


def lacking(*ids: str) -> RuleSet:
    """The catalogue as if these rules had never been written."""
    return RuleSet((rule for rule in BUILT_IN if rule.id not in ids), whole=True)


def alone(folder: Path) -> str:
    """The one rule but for which a fixture would be ok, though a client of tier 1 refuses it."""
    fixture = read(folder)
    if not fixture.trust or fixture.hostname is None or fixture.clients:
        return ""
    report = report_of(folder)
    errors = {f.rule.id for f in report.findings if f.severity is Severity.ERROR}
    refused = any(p.tier == 1 and p.verdict == "reject" for p in report.predictions)
    return errors.pop() if report.valid is True and refused and len(errors) == 1 else ""


@cache
def each_alone() -> tuple[tuple[Path, str], ...]:
    """Fixtures with the one rule without which they would be ok."""
    return tuple((folder, rule) for folder in FOLDERS if (rule := alone(folder)))


def test_what_a_missing_rule_would_hide_is_caught() -> None:
    """Without the only rule that explains a refusal, the net names the clients and their words."""
    for folder, rule in each_alone():
        report = read(folder).check(lacking(rule))
        assert not report.ok, folder
        worst = report.findings[0]
        refusing = {p.client for p in report.predictions if p.tier == 1 and p.verdict == "reject"}
        assert worst.severity is Severity.ERROR, folder
        if worst.rule.id == REFUSES:
            assert set(worst.evidence["refused_by"]) <= {
                kind for client in refusing for kind in BY_ID[client].known_as
            }, folder
            assert set(worst.evidence["says"]) <= {p.says for p in report.predictions}, folder


def test_to_leave_out_nothing_leaves_the_catalogue_whole() -> None:
    """As the command line does without --ignore."""
    assert BUILT_IN.is_whole
    assert BUILT_IN.without().is_whole
    assert BUILT_IN.with_severity({REFUSES: Severity.WARNING}).is_whole
    assert not BUILT_IN.without("ca.not-a-ca").is_whole
    assert not BUILT_IN.select("*").is_whole


@rules_of.rule(
    "own.never",
    title="It is never violated",
    severity=Severity.WARNING,
    over=Over.HIERARCHY,
    references=[],
    act=Act.NOTHING,
)
def never(hierarchy: Any, case: Any) -> None:
    """Because.

    Remedy:
    none, because it is made for a test.
    """


def test_rules_of_ones_own_besides_do_not_switch_the_net_off() -> None:
    """However they were added: the whole catalogue is asked, so that no refusal goes unsaid."""
    fixture = read(FIXTURES / "client" / "refuses")
    own = RuleSet([never])
    for rules in (RuleSet([*BUILT_IN, never]), RuleSet([never, *BUILT_IN]), BUILT_IN | own):
        assert rules.is_whole
        assert REFUSES in {finding.rule.id for finding in fixture.check(rules).findings}
        assert rules.without("own.never").is_whole
        assert not rules.without("ca.not-a-ca").is_whole
    assert not own.is_whole
    assert (BUILT_IN.without("ca") | own | BUILT_IN.select("ca")).is_whole


def test_enough_rules_are_tried() -> None:
    """The property above is no empty one."""
    assert len({rule for _, rule in each_alone()}) >= 15


@pytest.mark.parametrize("name", ["demo-scripts-1-1", "demo-scripts-1-5", "quickstart-1-2"])
def test_sound_gateways_do_not_wake_the_net(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their checks pay for no model."""
    _never_asked(monkeypatch)
    assert read(FIXTURES / "good" / name).check().ok


def _never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*arguments: object) -> None:
        raise AssertionError("a model was asked")

    monkeypatch.setattr("edgecheck.clients.predict.answers", asked)


@pytest.mark.parametrize("left_out", ["select", "no trust", "no host name"])
def test_the_net_needs_the_whole_catalogue_trust_and_host_name(
    left_out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that were left out on purpose are no gap, and without a question there is no answer."""
    folder, rule = each_alone()[0]
    _never_asked(monkeypatch)
    fixture = read(folder)
    given = fixture.given()
    rules = BUILT_IN.without(rule) if left_out == "select" else lacking(rule)
    given |= {"trust": ()} if left_out == "no trust" else {}
    given |= {"hostname": None} if left_out == "no host name" else {}
    report = edgecheck.check(**given, rules=rules)
    assert REFUSES not in {finding.rule.id for finding in report.findings}


# --- who matters --------------------------------------------------------------------------------


def partial(name: str) -> Fixture:
    return read(FIXTURES / "good" / name)


def test_what_only_a_client_of_the_second_tier_refuses_is_an_error_for_who_has_it() -> None:
    """Python 3.13 refuses every server certificate of 1.2; without it all is well."""
    given = partial("runtime-1-2-rsa").given() | {"clients": None}
    assert edgecheck.check(**given).ok
    strict = edgecheck.check(**given | {"clients": ["Python 3.13"]})
    assert not strict.ok
    assert strict.worst is Severity.ERROR
    asked = ["py313-ssl-STRICT+PARTIAL", "py313-ssl-ossl3.5.9"]
    assert strict.to_dict()["expected"]["clients"] == asked


def test_what_none_of_the_clients_refuses_that_somebody_has_is_no_error() -> None:
    """A policy's qualifier is refused by Go, and by no client that uses OpenSSL."""
    given = read(FIXTURES / "extension" / "policy-qualifiers").given()
    assert not edgecheck.check(**given).ok
    report = edgecheck.check(**given | {"clients": ["Node.js"]})
    found = {f.rule.id: f.severity for f in report.findings}
    assert found["extension.policy-qualifiers"] is Severity.WARNING
    assert report.ok


@pytest.mark.parametrize("case", ["cn-only", "cn-only--ip-address", "cn-only--convenience-script"])
@pytest.mark.parametrize("client", ["Node.js", "curl", ".NET", "Go", "wolfSSL"])
def test_what_is_not_valid_has_an_error_whoever_matters(case: str, client: str) -> None:
    """A CN is no name to RFC 9525, though most clients take it: the exit status says so too."""
    given = read(FIXTURES / "hostname" / case).given()
    report = edgecheck.check(**given | {"clients": [client]})
    assert report.valid is False
    assert report.worst is Severity.ERROR


def test_clients_are_named_by_id_name_or_family() -> None:
    """And what is called by no name is a mistake of the call that says what is alike."""
    chain = pem(*stock.stock_15().presented())
    for words in (["go1.27.3"], ["Go"], (word for word in [".NET", "java"])):
        assert edgecheck.check(chain, clients=words).expected.clients
    with pytest.raises(ValueError, match=r"^clients: no client is called 'Jav'; did you mean Java"):
        edgecheck.check(chain, clients=["Jav"])
    with pytest.raises(ValueError, match=r"^clients: expected at least one name"):
        edgecheck.check(chain, clients=[])
    for wrong in ("Java", 3, [3]):
        with pytest.raises(TypeError, match=r"^clients: expected"):
            edgecheck.check(chain, clients=wrong)  # type: ignore[arg-type]


def test_the_rule_of_the_net_runs_over_nothing_by_itself() -> None:
    """It is made where findings meet predictions, and is undecided where nobody can be asked."""
    rule = BUILT_IN[REFUSES]
    assert rule.over is Over.REFUSALS
    report = edgecheck.check(pem(*stock.stock_15().presented()))
    assert REFUSES in {undecided.rule for undecided in report.undecided}


def test_it_names_no_kind_of_which_a_client_accepts() -> None:
    """A plain name stands for all versions; where one accepts, those that refuse are named."""
    gateway = stock.stock_12("ec").change("server", signature="sha1_ecdsa")
    own = pem(*gateway.presented(), comments=False)
    report = edgecheck.check(own, stock.HOSTNAME, own, stock.NOW)
    (finding,) = (f for f in report.findings if f.rule.id == REFUSES)
    accepting = {p.client for p in report.predictions if p.verdict == "accept"}
    assert "node16-ossl1.1.1v" in accepting
    named = set(finding.evidence["refused_by"])
    assert named.isdisjoint(kind for client in accepting for kind in BY_ID[client].known_as)
    assert "Node.js 24 and Debian's" in named


def test_what_a_path_that_passes_has_wrong_is_no_error_for_those_who_take_it() -> None:
    """The old intermediate is trusted, the renewed one presented: OpenSSL takes the old one."""
    gateway = stock.stock_15("ec")
    old = gateway.change("intermediate", not_after=stock.NOW - timedelta(days=3))
    trust = pem(old.issued("intermediate"), *gateway.trust(), comments=False)
    presented = pem(*gateway.presented(), comments=False)

    def told(*clients: str) -> edgecheck.Report:
        asked = clients or None
        return edgecheck.check(presented, stock.HOSTNAME, trust, stock.NOW, clients=asked)

    assert told().valid is True
    assert not told().ok
    assert not told("Python").ok
    assert told(".NET").ok
    assert [f.severity for f in told(".NET").findings if f.rule.id == "validity.expired"] == [
        Severity.WARNING
    ]
