"""What a real broker logs at a fault, its own or a client's, leads to what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.rules import BUILT_IN
from tests.explaining.brokers import CLIENTS, FILES_FAULTS, refusing, unable_to_start

pytestmark = pytest.mark.mosquitto


def first_two(text: str) -> list[tuple[str, str | None]]:
    found = explain(text, BUILT_IN, predicted()).meanings[:2]
    return [(meaning.id, meaning.said_by) for meaning in found]


def ids(text: str) -> set[str]:
    return {id for id, _ in first_two(text)}


@pytest.mark.parametrize("fault", FILES_FAULTS)
def test_why_a_broker_does_not_start_is_named(fault: str, tmp_path: Path) -> None:
    text = unable_to_start(fault, tmp_path)
    assert FILES_FAULTS[fault][1] & ids(text), text


@pytest.mark.parametrize("fault", CLIENTS)
def test_why_a_client_was_not_let_in_is_named(fault: str, tmp_path: Path) -> None:
    text = refusing(fault, tmp_path)
    assert CLIENTS[fault][2] & ids(text), text


def test_who_refused_is_told(tmp_path: Path) -> None:
    """An alert that a client sent is the client's refusal, though it stands in the broker's log."""
    text = refusing("trusts another root", tmp_path)
    assert first_two(text)[0] == ("symptom.alert-unknown-ca", "the other side")
