"""No report contradicts itself, or what real clients did: fixtures, recordings, and at random.

`python tools/contradictions.py` prints the same, grouped, and shows single chains.
EDGECHECK_LONG=1 makes four times as many chains.
"""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck import cli
from edgecheck.report.predictions import Prediction
from fixtures import stock
from fixtures.expected import folders
from fixtures.gateway import Gateway
from fixtures.pki import basic_constraints, pem
from tests import contradictions as harness
from tests.chains_at_random import TOPICS, chain
from tests.contradictions import Contradiction, contradictions, judged
from tests.examples import some
from tests.suites import NO_RECORDINGS, more_recordings, recordings
from tools.contradictions import Found, grouped, over_fixtures, over_random, over_recordings

KNOWN = tomllib.loads(Path(__file__).with_name("contradictions.toml").read_text(encoding="utf-8"))
EXCEPTIONS: list[dict[str, str]] = KNOWN.get("exception", [])
OPEN: list[int] = KNOWN["open"]
MOST_EXCEPTIONS = 3
BLOCK = 100
HOW_MANY = 1_200 if os.environ.get("EDGECHECK_LONG") else 200
each_block = pytest.mark.parametrize("first", range(0, HOW_MANY, BLOCK))


def assert_none(found: Iterable[Found]) -> None:
    """Fail with all that no exception covers, grouped."""
    left = [each for each in found if not any(covers(e, each) for e in EXCEPTIONS)]
    if left:
        pytest.fail("\n".join(grouped(left)), pytrace=False)


def covers(exception: dict[str, str], found: Found) -> bool:
    told = found.contradiction
    wanted = (exception["kind"], exception["what"], exception.get("who", told.who))
    return wanted == (told.kind, told.what, told.who)


def test_no_fixture_contradicts_itself() -> None:
    """Broken or, in the long tests, repaired."""
    assert_none(over_fixtures(some(folders())))


@pytest.mark.parametrize("files", [recordings, more_recordings])
def test_no_report_contradicts_what_clients_did(
    files: Callable[[], tuple[Path, ...] | None],
) -> None:
    """Nor itself about the same chains."""
    found = files()
    if found is None:
        pytest.skip(NO_RECORDINGS)
    assert_none(over_recordings(found[0], found[1:]))


@each_block
def test_no_chain_made_at_random_is_contradicted(first: int) -> None:
    """Of one to four changes each; but for those that are open."""
    numbers = [number for number in range(first, first + BLOCK) if number not in OPEN]
    assert_none(over_random(numbers, seed=0))


def test_what_is_open_is_still_wrong() -> None:
    """Else it leaves the list."""
    for number in OPEN:
        kinds_found = {each.contradiction.kind for each in over_random([number], seed=0)}
        assert kinds_found
        assert kinds_found <= {harness.MISNAMED, harness.ACCEPTED}


def test_exceptions_are_few_and_argued() -> None:
    """At most three; each says why that is right."""
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS
    for exception in EXCEPTIONS:
        assert len(exception["because"].split()) >= 4


# --- what is made at random -----------------------------------------------------------------------


def test_a_number_is_a_chain() -> None:
    """The same bytes on every run; another number or seed makes another one."""
    once, again = chain(17), chain(17)
    assert once == again
    assert once.changes
    assert len({chain(17).presented, chain(18).presented, chain(17, seed=1).presented}) == 3


def test_every_change_is_made() -> None:
    """Each topic in many of the chains, one to four changes in each."""
    made = [chain(number).changes[1:] for number in range(300)]
    topics = Counter(change.partition(":")[0] for changes in made for change in changes)
    assert all(topics[topic] > 10 for topic in TOPICS)
    numbers = Counter(
        sum(change.partition(":")[0] in TOPICS for change in changes) for changes in made
    )
    assert numbers.keys() == {1, 2, 3, 4}


def test_chains_made_at_random_are_of_every_verdict() -> None:
    """A harness that only sees broken chains would miss a false `ok`."""
    reports = [chain(number).check() for number in range(100)]
    verdicts = Counter(report.valid for report in reports)
    assert verdicts[True] > 10
    assert verdicts[False] > 10
    assert sum(report.ok for report in reports) > 5


@pytest.mark.parametrize("number", range(12))
def test_the_exit_status_is_that_of_the_report(
    number: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """1 where there is an error, else 0."""
    made = chain(number)
    for name, ders in (("chain", made.presented), ("trust", made.trust)):
        (tmp_path / name).write_bytes(b"".join(map(armored, ders)))
    arguments = ["check", str(tmp_path / "chain"), "--trust", str(tmp_path / "trust")]
    arguments += ["--hostname", made.hostname.rstrip("."), "--at", f"{made.at:%Y-%m-%dT%H:%M:%SZ}"]
    status = cli.main([*arguments, "--format", "json"])
    report = edgecheck.check(
        (tmp_path / "chain").read_bytes(),
        made.hostname.rstrip("."),
        (tmp_path / "trust").read_bytes(),
        made.at,
    )
    capfd.readouterr()
    assert status == (report.worst is edgecheck.Severity.ERROR)
    assert report.ok <= (status == 0)


def armored(der: bytes) -> bytes:
    from asn1crypto import pem as asn1_pem

    return bytes(asn1_pem.armor("CERTIFICATE", der))


# --- the harness finds what there is to find ------------------------------------------------------


def checked(gateway: Gateway, hostname: str = stock.HOSTNAME) -> edgecheck.Report:
    chain_file = pem(*gateway.presented(), comments=False)
    return edgecheck.check(chain_file, hostname, pem(*gateway.trust(), comments=False), stock.NOW)


def sound() -> edgecheck.Report:
    return checked(stock.stock_15("ec"))


def broken() -> edgecheck.Report:
    """The device CA is none, which every client refuses."""
    return checked(stock.stock_15("ec").with_extension("device_ca", basic_constraints(False)))


def kinds(report: edgecheck.Report, recorded: dict[str, str] | None = None) -> set[str]:
    return {each.kind for each in contradictions(report, recorded)}


def told(report: edgecheck.Report, client: str, **changes: Any) -> edgecheck.Report:
    """The same with another prediction for one client."""
    made = tuple(replace(p, **changes) if p.client == client else p for p in report.predictions)
    return predicted(report, made)


def predicted(report: edgecheck.Report, made: tuple[Prediction, ...]) -> edgecheck.Report:
    """The same with other predictions."""
    return replace(report, _kept={"predictions": made})


def found(report: edgecheck.Report, **changes: Any) -> edgecheck.Report:
    """The same with another first finding."""
    first, *others = report.findings
    made = replace(report, findings=(replace(first, **changes), *others))
    return predicted(made, report.predictions)


GO, PYTHON, BOTAN = "go1.27.3", "py311-ssl-ossl3.0.19", "botan2.19"


def test_what_is_sound_or_broken_contradicts_nothing() -> None:
    assert not kinds(sound())
    assert not kinds(broken())
    assert not kinds(sound(), {GO: "accept"})
    assert not kinds(broken(), {GO: "reject", "a client without a model": "accept"})


def test_ok_beside_a_refusal_is_found() -> None:
    """Predicted or recorded, of a client that matters; and where nobody was asked."""
    assert harness.OK_BUT_REFUSED in kinds(told(sound(), GO, verdict="reject", because=("x",)))
    assert kinds(sound(), {GO: "reject"}) == {harness.OK_BUT_REFUSED}
    assert kinds(sound(), {GO + "@sid": "reject"}) == {harness.OK_BUT_REFUSED}
    assert not kinds(sound(), {BOTAN: "reject"})
    assert kinds(predicted(sound(), ())) == {harness.OK_UNASKED}


def test_a_name_of_somebody_who_accepts_is_found() -> None:
    """Of tier 1 or not, predicted or recorded."""
    for client in (GO, BOTAN):
        assert harness.ACCEPTED in kinds(told(broken(), client, verdict="accept", because=()))
        assert harness.ACCEPTED in kinds(broken(), {client: "accept"})


def test_a_finding_about_another_question_names_whom_it_likes() -> None:
    """What downstream devices ask for is not what this client asked for."""
    device = edgecheck.Device(gateway_host_names=("other.example",))
    gateway = stock.stock_15("ec")
    report = edgecheck.check(
        pem(*gateway.presented()), stock.HOSTNAME, pem(*gateway.trust()), stock.NOW, device
    )
    assert [f.rule.id for f in report.findings if f.severity == "error"] == [
        "hostname.gateway-host-name-not-in-san"
    ]
    assert not kinds(report)


def test_a_refusal_that_nothing_explains_is_found() -> None:
    """Without because, or because of a finding that names others."""
    assert harness.UNEXPLAINED in kinds(told(broken(), GO, because=()))
    assert harness.UNEXPLAINED not in kinds(told(broken(), BOTAN, because=()))
    evidence = {**broken().findings[0].evidence, "refused_by": ["Botan"]}
    assert harness.MISNAMED in kinds(found(broken(), evidence=evidence))


def test_an_error_that_nobody_minds_is_found() -> None:
    """By what is predicted or recorded; not where a program is meant that is no client."""
    accepting = tuple(replace(p, verdict="accept", because=()) for p in broken().predictions)
    unnamed = found(broken(), evidence={})
    assert harness.NO_ERROR in kinds(predicted(unnamed, accepting))
    assert harness.NO_ERROR in kinds(unnamed, {GO: "accept", PYTHON: "accept"})
    assert harness.NO_ERROR not in kinds(unnamed, {GO: "accept", PYTHON: "reject"})


def test_the_text_is_read() -> None:
    """As somebody at a terminal reads it."""
    assert harness.EVERY_BUT in kinds(told(broken(), BOTAN, verdict="accept", because=()))


def test_a_verdict_that_does_not_fit_is_found() -> None:
    """Not valid without an error, errors behind notes, and what is not to be fixed."""
    assert harness.VERDICT in kinds(found(broken(), severity=edgecheck.Severity.INFO))
    backwards = replace(broken(), findings=broken().findings[::-1])
    if len(broken().findings) > 1:
        assert harness.VERDICT in kinds(backwards)


def test_references_that_lead_nowhere_are_found() -> None:
    """Of causes and of predictions, and in a circle."""
    assert harness.LINKS in kinds(found(broken(), caused_by="nothing@0"))
    assert harness.LINKS in kinds(found(broken(), caused_by=broken().findings[0].id))
    assert harness.LINKS in kinds(told(broken(), GO, because=("nothing@0",)))


def test_an_error_about_a_valid_path_is_found() -> None:
    made = replace(sound(), findings=broken().findings)
    assert harness.PATH in kinds(predicted(made, broken().predictions))


def test_two_runs_that_differ_are_found() -> None:
    assert [each.kind for each in contradictions(sound(), again=broken)] == [harness.TWICE]


def test_what_raises_is_found_but_for_trust_that_cannot_be_read() -> None:
    def wrong() -> edgecheck.Report:
        raise IndexError("a bug")

    (raised,) = judged(wrong)
    assert (raised.kind, raised.what) == (harness.RAISED, "IndexError")
    assert "a bug" in str(raised)
    assert judged(lambda: edgecheck.check(pem(*stock.stock_15("ec").trust()), trust=b"none")) == []


def test_a_contradiction_is_a_sentence() -> None:
    each = Contradiction(harness.ACCEPTED, "ca.not-a-ca", "Go (go1.27.3)", told="not a CA")
    assert str(each) == (
        "a finding names a client that accepts (predicted): ca.not-a-ca / Go (go1.27.3): not a CA"
    )
