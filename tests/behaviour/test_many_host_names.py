"""Who takes which name, on a grid of many thousand pairs: by recordings, and as the models say."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import host
from edgecheck.behaviour.matchers import MATCHERS
from edgecheck.behaviour.openssl.names import settable
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.records import RECORDS
from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Verdict
from edgecheck.clients.table import model
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.inputs import Reader
from fixtures import stock
from tests.behaviour.host_names import HOSTS, NAMED, certificates, gateways, pairs

R = Refuser
LONG = bool(os.environ.get("EDGECHECK_LONG"))
RECORDED = json.loads((Path(__file__).parent / "host_names.json").read_text(encoding="utf-8"))
AT = int(stock.NOW.timestamp())


# --- what the clients said ------------------------------------------------------------------------

SAID_BY = {
    "openssl": (R.S_CLIENT, R.VERIFY, R.AZURE_C),
    "python": (R.PYTHON, R.STRICT),
    "node": (R.NODE_TYPED, R.OPENSSL_1_1_1),
    "dotnet": (R.DOTNET,),
    "java": (R.JAVA,),
    "go": (R.GO_1_19,),
    "curl": (R.CURL,),
    "gnutls": (R.GNUTLS,),
    "nss": (R.NSS, R.NSS_PKIX),
    "rtls": (R.RUSTLS_RTLS,),
    "mbedtls": (R.MBEDTLS_2_28,),
    "wolfssl": (R.WOLFSSL,),
    "bearssl": (R.BEARSSL,),
    "botan": (R.BOTAN,),
}


def test_the_recording_is_of_this_grid() -> None:
    """Whoever changes a name of the grid has to record it anew."""
    assert RECORDED["grid"] == hashlib.sha256(repr((HOSTS, NAMED)).encode()).hexdigest()
    assert set(SAID_BY) == set(RECORDED["said"])
    assert len(HOSTS) * len(NAMED) == len(list(pairs())) >= 10_000


@pytest.mark.parametrize("client", SAID_BY)
def test_each_pair_is_decided_as_the_client_decides_it(client: str) -> None:
    """Of every certificate that it can read, and every name."""
    bits = base64.b64decode(RECORDED["said"][client])
    unread = set(RECORDED["unread"].get(client, ()))
    differing, compared = [], 0
    for at, (place, typed) in enumerate(pairs()):
        if place in unread or _is_not_its_own(client, typed, place):
            continue
        compared += 1
        takes = bool(bits[at // 8] >> at % 8 & 1)
        for who in SAID_BY[client]:
            if MATCHERS[who](certificates()[place], host(typed)) is not takes:
                differing.append((who, typed, NAMED[place], takes))
    assert differing == []
    assert compared > 10_000


def _is_not_its_own(client: str, typed: str, place: int) -> bool:
    """What the function that was recorded does not decide for the client.

    Java and gnutls-cli take a dot off before they call it; Botan does not ask it about an
    address; of wolfSSL's, a pattern such as `*.` reads behind the end of a name without a dot.
    """
    match client:
        case "java" | "gnutls":
            return typed.endswith(".")
        case "botan":
            return host(typed).address is not None
        case "wolfssl":
            common, names = NAMED[place]
            return bool({b"*.", b"*.*"} & {*common, *(names or {}).get("dns", ())})
    return False


# --- the models -----------------------------------------------------------------------------------

_VERSIONS = {
    "go1.27.3": R.GO_1_24,
    "java21-jsse": R.JAVA_21,
    "java25-jsse": R.JAVA_21,
    "go1.19.8": R.GO_1_19,
    "rustls-rtls": R.RUSTLS_RTLS,
    # OpenSSL itself, while the line of that name stands for Node.js 16 too.
    "pyopenssl-ossl1.1.1l-CHAINONLY": R.S_CLIENT,
}
_ASKS_FOR_FEWER = "pyopenssl-ossl4.0.3"
"""It compares as older versions do, but only names that it takes in the first place."""
_WRONG_LABEL = "xn--gw.plant.local"
_LOOK_INTO_IT = {"azure-iot-device-node1.18.4", "mqttjs5.16-node20", "node26-ossl3.5.9"}
"""With a name that is no A-label some do not connect, and Node.js 26 decodes it: models know that.
Rules need not, for the net asks models of every host name with `xn--` in it (`report/net.py`)."""


def _refuser(client: Record) -> Refuser | None:
    """Which line of the table stands for it."""
    names = (Refuser(name) for name in client.known_as)
    return _VERSIONS.get(client.id) or next((name for name in names if name in MATCHERS), None)


@cache
def _chain(place: int) -> tuple[tuple[Certificate, ...], tuple[Certificate, ...]]:
    made = gateways()[place]
    presented, trust = (
        tuple(Reader({}, 10**6, 10).read(one.der, "").sequence[0] for one in some)
        for some in (made.presented(), made.trust())
    )
    return presented, trust


_SIGNATURES: dict[Any, Any] = {}


@cache
def _takes_the_rest(client: Record, place: int) -> bool:
    """Whether it has nothing against the chain where it is not told a name.

    cryptography has to be told one; it reads no certificate with a name beyond ASCII.
    """
    presented, trust = _chain(place)
    view = View(presented, trust, None, AT, presented[0], _SIGNATURES)
    verdict = model(client).engine(view, client.settings).verdict
    if verdict is Verdict.UNKNOWN and _refuser(client) is Refuser.CRYPTOGRAPHY:
        names = raw.alt_names(presented[0]) or ()
        return all(value.isascii() for tag, value in names if tag == raw.DNS)
    return verdict is not Verdict.REJECT


def test_what_the_models_say_is_what_the_rules_say() -> None:
    """Of an otherwise sound chain: each client's verdict is its matcher's."""
    drawn = random.Random(2026).sample(list(pairs()), 15_000 if LONG else 250)
    compared: Counter[str] = Counter()
    differing = []
    for place, typed in drawn:
        presented, trust = _chain(place)
        view = View(presented, trust, typed, AT, presented[0], _SIGNATURES)
        answers: dict[Any, bool] = {}
        for client in RECORDS:
            who = _refuser(client)
            if who is None or not _takes_the_rest(client, place):
                continue
            if typed == _WRONG_LABEL and client.id in _LOOK_INTO_IT:
                continue
            run = (model(client).engine, client.settings)
            if run not in answers:
                answers[run] = model(client).engine(view, client.settings).verdict is Verdict.ACCEPT
            compared[client.id] += 1
            asked = host(typed)
            takes = MATCHERS[who](presented[0], asked)
            if client.id == _ASKS_FOR_FEWER and asked.address is None:
                takes = takes and settable(asked.name)
            if answers[run] is not takes:
                differing.append((client.id, typed, NAMED[place], answers[run]))
    assert differing == []
    assert set(compared) == {client.id for client in RECORDS}
    assert min(compared.values()) > 0.9 * len(drawn)


def test_every_client_has_a_matcher() -> None:
    """So that a finding about names can speak of each."""
    untold = {client.id for client in RECORDS if _refuser(client) is None}
    assert untold == set()
