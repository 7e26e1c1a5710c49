"""What holds of every prediction, whatever the model: when it is made, from what, and what not."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck.behaviour.records import RECORDS
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer
from edgecheck.clients.client import Client, plain
from edgecheck.clients.predict import answers
from edgecheck.report.predictions import NO_HOSTNAME, NO_TRUST
from fixtures import stock
from fixtures.expected import FIXTURES, folders, read, report_of
from fixtures.pki import pem

REPO = Path(__file__).resolve().parents[2]
GATEWAY = stock.stock_15()
CHAIN, TRUST = pem(*GATEWAY.presented()), pem(*GATEWAY.trust())


@cache
def reports() -> tuple[edgecheck.Report, ...]:
    return tuple(report_of(folder) for folder in folders())


def told(**given: Any) -> Counter[tuple[str, str]]:
    """Verdicts with what is said, of a sound chain but for what is given otherwise."""
    sound: dict[str, Any] = {
        "presented": CHAIN,
        "hostname": stock.HOSTNAME,
        "trust": TRUST,
        "at": stock.NOW,
    }
    made = edgecheck.check(**(sound | given)).predictions
    return Counter((str(p.verdict), p.says if p.verdict == "unknown" else "") for p in made)


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "options", "needed"),
    [
        ("good/runtime-1-5-rsa", "", True),
        ("good/runtime-1-5-rsa", "--quiet", False),
        ("good/demo-scripts-1-5", "--quiet", False),
        ("good/runtime-1-5-rsa", "--client Go", True),
        ("validity/expired--device-ca", "", True),
        ("validity/expired--device-ca", "--quiet", False),
        ("validity/expired--device-ca", "--select validity", False),
    ],
)
def test_models_are_loaded_only_where_they_are_shown(
    folder: str, options: str, needed: bool
) -> None:
    """A quiet check of a sound chain, or of one with an error, and selected rules do without."""
    files = [f"fixtures/{folder}/chain.pem", "--trust", f"fixtures/{folder}/trust.pem"]
    arguments = ["check", *files, "--hostname", stock.HOSTNAME, *options.split()]
    arguments += ["--at", "2026-11-23T12:00:00Z"]
    code = (
        f"import sys; from edgecheck.cli import main; main({arguments!r})\n"
        "print('edgecheck.clients.predict' in sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, check=True, capture_output=True, text=True
    )
    assert ran.stderr.split()[-1] == str(needed)


def test_a_check_predicts_nothing_by_itself() -> None:
    """Whoever reads all of a report but predictions and JSON loads no model."""
    code = (
        "import sys, edgecheck\n"
        "report = edgecheck.check(open('fixtures/good/runtime-1-5-rsa/chain.pem').read())\n"
        "report.findings, report.fix_first, report.valid, report.undecided\n"
        "print(any(name.startswith('edgecheck.clients') for name in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == "False"


# --- from what ----------------------------------------------------------------------------------


def test_of_a_sound_gateway_every_client_of_tier_1_says_yes() -> None:
    """Each prediction is about one client of the table, in its order."""
    made = edgecheck.check(CHAIN, stock.HOSTNAME, TRUST, stock.NOW).predictions
    assert [p.client for p in made] == [client.id for client in RECORDS]
    assert {p.verdict for p in made if p.tier == 1} == {"accept"}


def test_the_same_chain_gives_the_same_predictions() -> None:
    """Nothing is left over from one report to the next."""
    for folder in folders()[::25]:
        given = read(folder).given()
        first, second = (edgecheck.check(**given).predictions for _ in range(2))
        assert first == second, folder


def test_reasons_are_findings_of_the_report() -> None:
    """Whatever explains a rejection can be looked up, and nothing else needs a reason."""
    for report in reports():
        ids = {finding.id for finding in report.findings}
        for prediction in report.predictions:
            assert ids.issuperset(prediction.because), prediction
            assert prediction.verdict == "reject" or not prediction.because


def test_a_rejection_says_something() -> None:
    """So does what is unknown; who connects says nothing."""
    for report in reports():
        for prediction in report.predictions:
            assert bool(prediction.says) == (prediction.verdict != "accept"), prediction


def test_damage_of_any_kind_raises_nothing() -> None:
    """Bytes are changed, lost and doubled in certificates that are sent and in those trusted."""
    chance = random.Random(38)
    for folder in folders()[::12]:
        given = read(folder).given()
        read_once = edgecheck.check(**given)
        ders = [c.der for c in read_once.certificates]
        for _ in range(6 if ders else 0):
            broken = list(ders)
            at = chance.randrange(len(broken))
            data = bytearray(broken[at])
            match chance.randrange(3):
                case 0:
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                case 1:
                    del data[chance.randrange(len(data))]
                case _:
                    data.insert(chance.randrange(len(data)), chance.randrange(256))
            broken[at] = bytes(data)
            report = edgecheck.check(broken, stock.HOSTNAME, [TRUST, broken[-1]], stock.NOW)
            assert len(report.predictions) in (0, len(RECORDS))


# --- what is not known --------------------------------------------------------------------------


def test_without_trust_nobody_can_be_told_to_connect() -> None:
    """Not with the root presented, which serves for the diagnosis, and not without it."""
    for presented in (CHAIN, pem(GATEWAY.issued("server"))):
        assert told(presented=presented, trust=()) == {("unknown", NO_TRUST): len(RECORDS)}


def test_without_a_host_name_nobody_can_be_told_to_connect() -> None:
    """What refuses the chain itself refuses it whatever the name."""
    assert told(hostname=None) == {("unknown", NO_HOSTNAME): len(RECORDS)}
    expired = read(FIXTURES / "validity" / "expired").given() | {"hostname": None}
    assert {p.verdict for p in edgecheck.check(**expired).predictions if p.tier == 1} == {"reject"}


def test_a_trusted_root_that_is_only_assumed_is_no_reason_to_refuse() -> None:
    """A client may trust a newer root of that name and key."""
    given = read(FIXTURES / "validity" / "expired--root").given() | {"trust": ()}
    report = edgecheck.check(**given)
    assert "reject" not in {p.verdict for p in report.predictions}


def test_a_piece_that_cannot_be_read_leaves_everything_open() -> None:
    """It may be the certificate on which all depends."""
    (verdict, why), *others = told(presented=CHAIN[:-400])
    assert not others
    assert (verdict, "block without its END line" in why) == ("unknown", True)


def test_where_no_server_is_asked_there_are_no_predictions() -> None:
    """Of nothing, of a device CA alone, and of what a device presents."""
    assert not told(presented=b"")
    assert not told(presented=pem(GATEWAY.issued("device_ca")), hostname=None)
    assert not told(hostname=None, validation=edgecheck.Validation(purpose="client"))


# --- the table ----------------------------------------------------------------------------------


def test_clients_with_one_engine_and_settings_share_a_run() -> None:
    """Two of three run; the words are each client's own."""
    runs: list[object] = []

    def engine(view: View, settings: object) -> Answer:
        runs.append(settings)
        return ACCEPT

    report = edgecheck.check(CHAIN, stock.HOSTNAME, TRUST, stock.NOW)
    server = report.hierarchy.server
    assert server is not None
    view = View(report.hierarchy.sequence, (), None, 0, server, {})
    records = [
        replace(RECORDS[0], id=id, settings=settings)
        for id, settings in (("a", "x"), ("b", "x"), ("c", "y"))
    ]
    told = answers(view, records, models=lambda record: Client(record, engine, plain))
    assert [record.id for record, _, _ in told] == ["a", "b", "c"]
    assert runs == ["x", "y"]
