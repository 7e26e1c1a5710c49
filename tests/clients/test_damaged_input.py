"""What is said where a model or its wording meets a certificate that does not hold together."""

from __future__ import annotations

from typing import Any

import pytest

from edgecheck.behaviour.node.records import NODE_20
from edgecheck.behaviour.openssl.records import S_CLIENT, VERIFY
from edgecheck.behaviour.record import Record
from edgecheck.clients.answer import ACCEPT, Answer, Verdict, reject, unknown
from edgecheck.clients.client import Client, plain
from edgecheck.clients.predict import DAMAGED, answers
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed
from tests.behaviour.runs import SOUND, read, seen

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
    (LookupError("x"), "a piece is missing", None),
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
    assert set(DAMAGED) == {Unreadable, Malformed, ValueError, LookupError, OverflowError}
    for error in (TypeError(), AssertionError(), RuntimeError()):
        with pytest.raises(type(error)):
            asked(Client(S_CLIENT, raising(error), plain))


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
