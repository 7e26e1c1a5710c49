"""Of an ordinary chain one client is asked for nearly all, and no answer differs for that.

What is compared is what the models say, each asked itself. EDGECHECK_LONG=1 takes many more chains.
"""

from __future__ import annotations

from typing import Any

import pytest

from edgecheck.behaviour import work
from edgecheck.behaviour.damaged import DAMAGED
from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.records import RECORDS
from edgecheck.behaviour.view import View
from edgecheck.clients import predict
from edgecheck.clients.answer import Answer, reject, unknown
from edgecheck.clients.client import Client, plain
from edgecheck.clients.ordinary import ENOUGH, FOLLOW, follows, ordinary
from edgecheck.clients.predict import REPRESENTATIVES, answers
from edgecheck.clients.table import model
from edgecheck.hierarchy.signatures import vouch
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.loading import load
from edgecheck.report.inquiry import Inquiry
from edgecheck.report.predictions import predict as predictions_of
from fixtures.expected import FIXTURES, folders, read
from tests import chains_at_random, nearly_ordinary, ordinary_chains
from tests.examples import LONG, some
from tests.nearly_ordinary import CHANGES
from tests.ordinary_chains import KINDS, RUNTIMES, Given, of_stock

Told = list[tuple[str, Any, object, int, str]]
BLOCK = 100
STRICT = {"py311-ssl-STRICT+PARTIAL", "py313-ssl-STRICT+PARTIAL", "py314-ssl-STRICT+PARTIAL"}


def blocks(count: int, more: int) -> pytest.MarkDecorator:
    """So many chains, in blocks; in the long form `more`."""
    return pytest.mark.parametrize("first", range(0, more if LONG else count, BLOCK))


def said(view: View, ask_all: bool) -> Told:
    return [
        (answer.verdict, answer.code, answer.certificate, answer.depth, says)
        for _, answer, says in answers(view, RECORDS, ask_all)
    ]


def is_ordinary(view: View) -> bool:
    try:
        return ordinary(view) is not None
    except DAMAGED:
        return False


def assert_equal(given: Given) -> None:
    """Each has a view of its own, so that nothing is shared."""
    assert said(given.view(), ask_all=False) == said(given.view(), ask_all=True), given.what


def engines(view: View, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The clients whose engines run."""
    ran: list[str] = []
    inner = predict._run

    def run(client: Any, view: View) -> Answer:
        ran.append(client.record.id)
        return inner(client, view)

    with monkeypatch.context() as patched:
        patched.setattr(predict, "_run", run)
        answers(view, RECORDS)
    return ran


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_stock_gateway_is_ordinary(
    runtime: str, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One client is asked for all, and others where it or strict ones may refuse."""
    given = of_stock(runtime, kind).given(runtime)
    ran = set(engines(given.view(), monkeypatch))
    # The server's certificate of 1.2 does not name its issuer's key, which strict mode wants, and
    # cryptography.
    asked = REPRESENTATIVES if runtime == "1.2" else REPRESENTATIVES[:1]
    assert ran - STRICT == {record.id for record in asked}
    assert bool(ran & STRICT) == (runtime == "1.2")
    assert_equal(given)


@blocks(100, 1_000)
def test_what_is_ordinary_is_accepted_by_each_model(first: int) -> None:
    """Of every kind that there is: names, keys, numbers, times, extensions, length."""
    for number in range(first, first + BLOCK):
        given = ordinary_chains.member(number)
        view = given.view()
        found = ordinary(view)
        assert found is not None, given.what
        followed = [client for client in RECORDS if follows(client, found)]
        assert len(followed) >= len(RECORDS) - 1 - len(STRICT)
        verdicts = {answer.verdict for _, answer, _ in answers(view, followed, ask_all=True)}
        assert verdicts == {"accept"}, given.what
        assert_equal(given)


@blocks(200, 2_000)
def test_no_answer_differs_where_one_fact_is_changed(first: int) -> None:
    """Extensions, keys, names, times, order, trust, what is asked for."""
    for number in range(first, first + BLOCK):
        assert_equal(nearly_ordinary.nearly(number))


@pytest.mark.parametrize("seed", range(2 if LONG else 1))
@blocks(100, 300)
def test_no_answer_differs_for_chains_made_at_random(seed: int, first: int) -> None:
    """Stock gateways with one to four changes."""
    for number in range(first, first + BLOCK):
        made = chains_at_random.chain(number, seed)
        try:
            report = made.check()
        except ValueError as refused:  # of what is trusted no certificate can be read
            assert str(refused).startswith("trust: ")
            continue
        inquiry = Inquiry(report.hierarchy, report.expected, report.problems)
        if inquiry.applies and not inquiry.unread and inquiry.trust:
            short = said(inquiry._shown(), ask_all=False)
            again = Inquiry(report.hierarchy, report.expected, report.problems)
            assert short == said(again._shown(), ask_all=True), made.name


@pytest.mark.parametrize(
    "folder", some(folders()), ids=lambda f: f.relative_to(FIXTURES).as_posix()
)
def test_no_prediction_of_a_fixture_differs(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither verdict nor words, nor what explains them."""
    report = read(folder).check()

    def predicted() -> object:
        inquiry = Inquiry(report.hierarchy, report.expected, report.problems)
        return predictions_of(inquiry, report.findings, RECORDS)

    short = predicted()
    monkeypatch.setattr(predict, "ordinary", lambda view: None)
    assert short == predicted()


def test_each_change_is_tried_where_it_matters() -> None:
    """Most of what is changed is not ordinary any more, and something still is."""
    count = 4 * (len(CHANGES) + 3)
    still = [is_ordinary(nearly_ordinary.nearly(number).view()) for number in range(count)]
    assert 0 < sum(still) < count / 4


def test_who_follows_is_said_of_each_library() -> None:
    """But of cryptography, which answers itself."""
    assert FOLLOW.keys() == set(Library) - {Library.CRYPTOGRAPHY}
    assert all(FOLLOW.values())


@pytest.mark.parametrize("answer", [reject("no"), unknown("who knows")])
def test_all_are_asked_where_the_one_who_is_asked_does_not_accept(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever ordinary means, a refusal is never passed over."""
    given = of_stock("1.4", "ec").given("1.4")

    def engine(view: View, settings: object) -> Answer:
        return answer

    def refusing(record: Record) -> Client:
        return Client(record, engine, plain) if record in REPRESENTATIVES else model(record)

    monkeypatch.setattr(predict, "model", refusing)
    assert len(engines(given.view(), monkeypatch)) > 30
    assert_equal(given)


def test_all_are_asked_where_their_bound_on_work_is_low() -> None:
    """So that it is said of the same clients as ever that they did not come to an end."""
    given = of_stock("1.4", "ec").given("1.4")
    for limit in (0, 1, 100, ENOUGH - 1, ENOUGH):
        told = []
        for ask_all in (False, True):
            with work.bounded(work.Meter(limit)):
                told.append(said(given.view(), ask_all))
        assert told[0] == told[1], limit


def test_all_are_asked_of_a_predicted_chain() -> None:
    """Its signatures are nobody's: cryptography gets twins of it."""
    view = of_stock("1.4", "ec").given("1.4").view()
    assert ordinary(view) is not None
    server = load(view.leaf.der)
    assert isinstance(server, Certificate)
    vouch(server, view.presented[1].spki)
    made = view.with_certificates((server, *view.presented[1:]), view.trust)
    assert ordinary(made) is None
