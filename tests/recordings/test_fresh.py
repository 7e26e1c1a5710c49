"""Chains that no model was fitted to, and what real clients did with them, both in this folder.

The chains are those of `tools/recording/fresh.py`, seed 2026, without their keys. How right the
models were before any of them was mended by these chains is kept in the package as `unseen`; since
then they may only have become better. docs/recording.md tells how they were recorded.
"""

from __future__ import annotations

from functools import cache

from edgecheck.adapters.accuracy import Accuracy, accuracy
from edgecheck.behaviour.record import RECORDED
from edgecheck.behaviour.records import RECORDS
from tests.suites import fresh
from tools import predictions
from tools.predictions import Result, by_client, compared, figures
from tools.recording.cases import read

NOT_ASKED = {"node26-ossl3.5.8", "pahoc1.3.16"}
"""Clients with recordings of other chains that were not at hand when these were recorded."""


@cache
def results() -> tuple[Result, ...]:
    return tuple(compared(*fresh()))


def unseen() -> Accuracy:
    kept = accuracy().unseen
    assert kept is not None
    return kept


def test_the_figures_in_the_package_are_of_these_recordings() -> None:
    """The hashes that `edgecheck clients --format json` prints are those of the files here."""
    now = predictions.accuracy(list(results()), [fresh()], unseen().date)
    assert now["cases_sha256"] == unseen().cases_sha256
    assert now["recordings_sha256"] == unseen().recordings_sha256
    assert now["cases"] == unseen().cases == 100


def test_no_private_key_is_among_the_chains() -> None:
    """A case is recorded with the key of its first certificate, and kept without it."""
    cases = read(fresh()[0])
    assert len(cases) == 100
    assert all(case.key is None for case in cases)


def test_every_recorded_client_was_asked_about_them() -> None:
    """All but those that are named, with the reason."""
    confirmed = {record.id for record in RECORDS if record.basis == RECORDED}
    assert confirmed - NOT_ASKED == by_client(results()).keys()


def test_each_model_is_as_right_as_it_was_before_it_had_seen_them() -> None:
    """Nothing that agreed disagrees, and no verdict is wrong: each other one is unknown."""
    for client, own in by_client(results()).items():
        before, now = unseen().clients[client], figures(own)
        assert now["verdicts"] == before.verdicts >= 88, client
        assert now["verdicts_agree"] >= before.verdicts_agree, client
        assert now["texts"] == before.texts, client
        assert now["texts_agree"] >= before.texts_agree, client
        assert now["wrong_accepts"] == now["wrong_rejects"] == 0, client


def test_the_models_were_right_of_chains_that_they_had_not_seen() -> None:
    """98 % of verdicts and 96 % of texts agreed at first sight, and no verdict was wrong."""
    total = unseen().total
    assert total.verdicts >= 6000
    assert total.verdicts_agree >= 0.98 * total.verdicts
    assert total.texts_agree >= 0.96 * total.texts
    assert total.wrong_accepts == total.wrong_rejects == 0


def test_what_they_showed_was_mended() -> None:
    """Of 102 verdicts that were unknown, at most ten are."""
    total = figures(list(results()))
    assert total["unknown"] <= 10
    assert total["verdicts_agree"] >= 0.998 * total["verdicts"]
    assert total["texts_agree"] >= 0.98 * total["texts"]
