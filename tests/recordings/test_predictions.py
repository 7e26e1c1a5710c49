"""Predictions agree with what real clients did, as far as was promised, and the figures are kept.

The recordings are of real clients: see tools/predictions.py, which prints every disagreement.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from edgecheck.adapters.accuracy import accuracy
from edgecheck.clients.table import CLIENTS
from tests.suites import NO_RECORDINGS, recordings
from tools import predictions
from tools.predictions import ACCURACY, CONFIRMED, Result, by_client, compared, figures

FIRST = ("azure-iot-device-", "uamqp", "dotnet")
"""The Azure SDKs for Python, Node.js and C, and .NET, whose verdicts must not be too kind."""


def files() -> tuple[Path, Path]:
    found = recordings()
    if found is None:
        pytest.skip(NO_RECORDINGS)
    return found


@cache
def results() -> tuple[Result, ...]:
    return tuple(compared(*files()))


def first() -> dict[str, dict[str, int]]:
    each = {client: figures(own) for client, own in by_client(results()).items()}
    return {client: own for client, own in each.items() if client.startswith(FIRST)}


def test_nearly_all_verdicts_are_predicted() -> None:
    """At least 99.5 % agree, and at most 1 % are unknown."""
    total = figures(list(results()))
    assert total["verdicts_agree"] >= 0.995 * total["verdicts"]
    assert total["unknown"] <= 0.01 * total["verdicts"]


def test_nearly_all_texts_are_predicted() -> None:
    """At least 97 % of rejections read as the client printed them."""
    total = figures(list(results()))
    assert total["texts_agree"] >= 0.97 * total["texts"] > 0


def test_what_an_azure_client_refuses_is_never_predicted_to_pass() -> None:
    """No wrong accept for the clients that gateways are made for."""
    assert len(first()) >= 5
    assert {client: own["wrong_accepts"] for client, own in first().items()} == dict.fromkeys(
        first(), 0
    )


def test_azure_clients_are_not_said_to_refuse_what_they_accept() -> None:
    """At most 1 % wrong rejections for each."""
    for client, own in first().items():
        assert own["wrong_rejects"] <= 0.01 * own["verdicts"], client


def test_the_figures_in_the_package_are_those_of_now() -> None:
    """If not: python tools/predictions.py --write."""
    kept = accuracy()
    now = predictions.accuracy(list(results()), *files(), kept.date)
    if now["recordings_sha256"] != kept.recordings_sha256:
        pytest.skip("the figures were measured on other recordings")
    assert ACCURACY.read_text(encoding="utf-8") == predictions.as_text(now)
    assert CONFIRMED.read_text(encoding="utf-8") == predictions.confirmed(results())


def test_every_client_was_recorded_and_every_recorded_client_is_modelled() -> None:
    """Their ids are the same, and each has its figures in the package."""
    modelled = {client.id for client in CLIENTS}
    assert {result["client"] for result in results()} == modelled
    assert accuracy().clients.keys() == modelled
