"""What is predicted of clients, against what they did with chains that differ in one thing.

`tests/rules/refusals.json` has the 187 chains, by what differs from a sound one, and who refused.
"""

from __future__ import annotations

from functools import cache

import pytest

import edgecheck
from edgecheck.clients.answer import Verdict
from fixtures import stock
from fixtures.pki import pem
from tests.rules.test_refusals import ASKED, TRIED, made


@cache
def verdicts(name: str) -> dict[str, Verdict]:
    """What is predicted of each client about one line of the table."""
    gateway = made(name)
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    return {prediction.client: prediction.verdict for prediction in report.predictions}


@pytest.mark.parametrize("name", TRIED)
def test_predictions_are_what_clients_did(name: str) -> None:
    """Each client that refused the chain is predicted to, and no other client is."""
    predicted = verdicts(name)
    untried = set(TRIED[name].get("not tried", ()))
    refusing = {id for id in ASKED if predicted[id] is Verdict.REJECT} - untried
    assert refusing == set(TRIED[name]["refused by"])
    assert not {id for id in ASKED if predicted[id] is Verdict.UNKNOWN} - untried
