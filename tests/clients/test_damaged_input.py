"""What is said where a model or its wording meets a certificate that does not hold together."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck.behaviour import constraints
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.node.records import NODE_20
from edgecheck.behaviour.openssl.records import S_CLIENT, VERIFY
from edgecheck.behaviour.record import Record
from edgecheck.clients.answer import ACCEPT, Answer, Verdict, reject, unknown
from edgecheck.clients.client import Client, plain
from edgecheck.clients.predict import answers
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed
from fixtures.expected import folders
from fixtures.expected import read as read_fixture
from tests.behaviour.runs import SOUND, read, seen
from tests.fuzzing.demands import is_mistake
from tests.fuzzing.inputs import made
from tests.fuzzing.strict import NETS, strictly

PACKAGE = Path(edgecheck.__file__).parent

LEAF, CA, ROOT = SOUND.issued()
VIEW = seen([LEAF, CA], [ROOT])
(CERTIFICATE,) = read(LEAF)


def raising(error: Exception) -> Any:
    def ask(*_: object) -> Any:
        raise error

    return ask


ERRORS = [
    (Malformed("a tag is wrong"), "a tag is wrong", None),
    (Unreadable(CERTIFICATE, "serial", "no"), "serialNumber: no", CERTIFICATE),
    (ValueError("codec"), "a piece is missing", None),
    (IndexError("x"), "a piece is missing", None),
    (UnicodeDecodeError("ascii", b"", 0, 1, "x"), "a piece is missing", None),
]


def asked(client: Client) -> list[tuple[Record, Answer, str]]:
    return answers(VIEW, [client.record], models=lambda record: client)


@pytest.mark.parametrize(("error", "why", "certificate"), ERRORS)
def test_a_model_that_meets_damage_does_not_know(
    error: Exception, why: str, certificate: Any
) -> None:
    """And says of which certificate, where that is known."""
    ((_, answer, says),) = asked(Client(S_CLIENT, raising(error), plain))
    assert answer == unknown(f"damaged input: {why}", certificate)
    assert (answer.verdict, says) == (Verdict.UNKNOWN, f"damaged input: {why}")


@pytest.mark.parametrize(("error", "why", "certificate"), ERRORS)
def test_words_that_meet_damage_leave_the_refusal(
    error: Exception, why: str, certificate: Any
) -> None:
    client = Client(S_CLIENT, lambda view, settings: reject(10), raising(error))
    ((_, answer, says),) = asked(client)
    assert answer.verdict is Verdict.REJECT
    assert says == f"in words that cannot be told: {why}"


def test_any_other_error_is_a_mistake_of_this_program() -> None:
    for error in (AttributeError(), TypeError(), AssertionError(), RuntimeError()):
        with pytest.raises(type(error)):
            asked(Client(S_CLIENT, raising(error), plain))


CHAINS = [
    *(read_fixture(each).check for each in folders() if each.parent.name in ("encoding", "input")),
    *(made(number, seed=3).check for number in range(60)),
    # An address of three octets below constraints, and a key that ends inside an element.
    *(made(number, seed=4).check for number in (12779, 14039)),
]


def told(check: Callable[[], edgecheck.Report]) -> object:
    """The report; what a mistake of the call says."""
    try:
        return check().to_dict()
    except ValueError as wrong:
        if not is_mistake(wrong):
            raise
        return str(wrong)


def test_all_damage_that_is_known_is_told_by_name() -> None:
    """The net for what nobody has seen is empty, so that it can hide no mistake of ours."""
    expected = [told(check) for check in CHAINS]
    with strictly():
        for check, report in zip(CHAINS, expected, strict=True):
            assert told(check) == report


def test_the_net_is_taken_away_wherever_it_is() -> None:
    """So that no place is forgotten."""
    nets = {
        module.__name__
        for path in sorted(PACKAGE.rglob("*.py"))
        if "import DAMAGED" in path.read_text(encoding="utf-8")
        and (module := importlib.import_module(named(path)))
    }
    assert nets == {module.__name__ for module in NETS}


def named(path: Path) -> str:
    return ".".join(("edgecheck", *path.relative_to(PACKAGE).with_suffix("").parts))


@pytest.mark.parametrize("kind", [Refuser.CRYPTOGRAPHY, Refuser.GO_1_27])
def test_who_has_no_constraints_is_not_asked_about_them(kind: Refuser) -> None:
    """That is a mistake of whoever asks; it was told as damage of a certificate."""
    with pytest.raises(KeyError):
        constraints.forbids(kind, CERTIFICATE, CERTIFICATE, is_leaf=False)


def test_only_a_refusal_is_worded() -> None:
    """What is accepted or unknown says what the model says; each client in its own words."""
    worded_of: list[Answer] = []

    def worded(answer: Answer, view: object) -> str:
        worded_of.append(answer)
        return "no"

    for answer, says in ((ACCEPT, ""), (unknown("why"), "why"), (reject(1, says="x"), "no")):
        client = Client(S_CLIENT, lambda view, settings, answer=answer: answer, worded)
        assert asked(client) == [(S_CLIENT, answer, says)]
    assert [answer.code for answer in worded_of] == [1]


def test_clients_share_a_run_where_engine_and_settings_are_equal() -> None:
    runs: list[object] = []

    def engine(view: object, settings: object) -> Answer:
        runs.append(settings)
        return reject(10)

    def model(record: Record) -> Client:
        return Client(record, engine, lambda answer, view: record.id)

    records = (S_CLIENT, VERIFY, S_CLIENT, NODE_20)
    found = answers(VIEW, records, models=model)
    assert runs == [S_CLIENT.settings, VERIFY.settings, NODE_20.settings]
    assert [(record, says) for record, _, says in found] == [
        (record, record.id) for record in records
    ]
