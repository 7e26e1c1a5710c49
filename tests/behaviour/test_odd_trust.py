"""What clients do with a trusted certificate that they cannot decode, against what they did.

`odd_trust.json` holds what 32 clients answered over TLS, November 2026: the gateway's root alone in
the file of trusted certificates, sent along with the chain ("full") or not ("alone"); and another
root, which nobody needs, before or behind the right one.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import edgecheck
from edgecheck.behaviour.records import BY_ID
from edgecheck.clients.answer import Verdict
from fixtures import der, stock
from fixtures.pki import Issued, pem

RECORDED = json.loads((Path(__file__).parent / "odd_trust.json").read_text(encoding="utf-8"))
REFUSED: dict[str, list[str]] = RECORDED["refused by"]
ASKED = frozenset(RECORDED["asked"])
RULE = "trust.cannot-be-loaded"
SHORT = der.Time(der.tlv(0x17, b"3601010000Z"), datetime(2036, 1, 1, tzinfo=UTC))
ODD: dict[str, dict[str, Any]] = {
    "plain": {},
    "empty-serial": {"serial": b""},
    "padded-serial": {"serial": b"\x00\x01"},
    "negative-padded": {"serial": b"\xff\xff\x01"},
    "short-time": {"not_after": SHORT},
    "version-5": {"version": 5},
}
OTHERWISE = {
    ("alone negative-padded", "wolfssl5.5.4"),
    ("full negative-padded", "wolfssl5.5.4"),
    ("alone version-5", "wolfssl5.5.4"),
    ("full version-5", "wolfssl5.5.4"),
    ("alone version-5", "bearssl0.6"),
    ("full version-5", "bearssl0.6"),
    ("before short-time", "botan2.19"),
    ("before version-5", "botan2.19"),
}
"""Small clients, which are predicted to connect and did not."""


@cache
def checked(name: str) -> edgecheck.Report:
    """The report about one line of the table."""
    where, odd = name.split()
    base = stock.stock_15().change("server", serial=None)
    trust: tuple[Issued, ...] = base.trust()
    if where in ("alone", "full"):
        base = base.change("root", **ODD[odd])
        trust = base.trust()
    else:
        other = base.change("root", subject="Other Root", key="rsa2048-7", **ODD[odd])
        trust = (*other.trust(), *trust) if where == "before" else (*trust, *other.trust())
    shown = [base.issued(role) for role in base]
    chain = pem(*(shown if where == "full" else shown[:-1]), comments=False)
    return edgecheck.check(chain, stock.HOSTNAME, pem(*trust, comments=False), stock.NOW)


@pytest.mark.parametrize("name", REFUSED)
def test_predictions_are_what_clients_did(name: str) -> None:
    """Each client that refused the chain is predicted to, and no other client is."""
    verdicts = {one.client: one.verdict for one in checked(name).predictions}
    for client in ASKED:
        if (name, client) not in OTHERWISE:
            wanted = Verdict.REJECT if client in REFUSED[name] else Verdict.ACCEPT
            assert verdicts[client] is wanted, client


@pytest.mark.parametrize("name", REFUSED)
def test_an_error_says_that_clients_of_tier_1_refuse(name: str) -> None:
    """Whether the root or a certificate beside it cannot be loaded; else all is well."""
    refusing = {client for client in REFUSED[name] if BY_ID[client].tier == 1}
    assert checked(name).ok is not bool(refusing)


@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.parametrize("odd", ["empty-serial", "padded-serial", "negative-padded"])
def test_the_rule_names_who_cannot_load_the_trust(place: str, odd: str) -> None:
    """Node.js and the Azure C SDK only where the right root stands behind it.

    Behind it, OpenSSL 1.1.1 is not named: Node.js 16, which has it, connects.
    """
    report = checked(f"{place} {odd}")
    (finding,) = (one for one in report.findings if one.rule.id == RULE)
    named = set(finding.evidence["refused_by"])
    said = {client for client in ASKED if named.intersection(BY_ID[client].known_as)}
    apart = {"pyopenssl-ossl1.1.1l-CHAINONLY"} if place == "behind" else set()
    assert said == set(REFUSED[f"{place} {odd}"]) - apart


def test_sound_trust_beside_the_root_is_silent() -> None:
    """A second root that can be loaded is no fault."""
    rules = {one.rule.id for one in checked("before plain").findings}
    assert RULE not in rules
    assert RULE in {one.rule.id for one in checked("before empty-serial").findings}


def test_a_time_beyond_the_calendar_gives_a_report() -> None:
    """A zone moves the end of the last year of all into one that has no name; nothing raises."""
    beyond = der.Time(der.tlv(0x18, b"99991231235959-0100"), datetime(9999, 12, 31, tzinfo=UTC))
    base = stock.stock_12("ec").change("device_ca", not_before=beyond)
    chain = pem(*(base.issued(role) for role in base), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, pem(*base.trust(), comments=False), stock.NOW)
    assert not report.ok
    assert {one.client for one in report.predictions} >= ASKED
