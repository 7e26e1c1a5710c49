"""Gateways' chains made at random: a stock gateway, one to four changes, and what clients know.

    chain(1234).changes     # what was done, a line each
    chain(1234).case()      # to be recorded with real clients

Seed and number make a chain, so that it is the same in every run and on every machine. What can
be done to it stands in `at_random/`: `certificates.py` and `names.py` change what is in
certificates, `sent.py` what is presented and trusted.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import edgecheck
from fixtures import private_keys, stock
from fixtures.gateway import Gateway
from tests.at_random import certificates, names, sent
from tests.at_random.draft import ROOT, SERVER, Draft
from tools.recording.cases import Case

UNSERVED = ("ed448-1", "secp256k1-1", "rsa2048-e34-1")
"""Keys of servers with which Go, which the recorder's server is written in, does nothing."""
TOPICS = {**certificates.TOPICS, **names.TOPICS, **sent.TOPICS}
"""Changes by topic, each with its weight."""


@dataclass(frozen=True)
class Chain:
    """What is presented, what is trusted, which name is asked for, and how it came to be."""

    seed: int
    number: int
    changes: tuple[str, ...]
    presented: tuple[bytes, ...]
    trust: tuple[bytes, ...]
    hostname: str
    at: datetime
    key: str  # of the first certificate, by the name of its file

    @property
    def name(self) -> str:
        """By which it is found again."""
        return f"random-{self.seed}-{self.number}"

    def check(self, memo: edgecheck.Memo | None = None) -> edgecheck.Report:
        """The report, of what comes over a connection."""
        return edgecheck.check(self.presented, self.hostname, self.trust, self.at, memo=memo)

    def case(self) -> Case:
        """The same for tools/record_clients.py, with the key to serve it where that is possible."""
        key = None
        if self.key not in UNSERVED:
            key = private_keys.private_key(self.key).private_bytes(
                Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
            )
        told = "; ".join(self.changes)
        return Case(
            self.name, "random", told, self.hostname, self.at, self.presented, self.trust, key
        )


_BASES: tuple[tuple[str, Callable[[stock.KeyKind, str], Gateway]], ...] = (
    ("1.1", stock.stock_11),
    ("1.1", stock.stock_11),
    ("1.2", stock.stock_12),
    ("1.3", stock.stock_13),
    ("1.5", stock.stock_15),
)
_HOW_MANY = (1, 1, 1, 2, 2, 2, 3, 3, 4)


def chain(number: int, seed: int = 0) -> Chain:
    """The chain with this number."""
    chosen = random.Random(f"{seed}/{number}")
    runtime, base = chosen.choice(_BASES)
    kind: stock.KeyKind = "ec" if chosen.random() < 0.8 else "rsa"
    name = names.hostname(chosen)
    draft = Draft(chosen, base(kind, name), name)
    said = [f"IoT Edge {runtime}, {kind}, for {name!r}"]
    weights = [weight for weight, _ in TOPICS.values()]
    for _ in range(chosen.choice(_HOW_MANY)):
        (topic,) = chosen.choices(list(TOPICS), weights)
        change = chosen.choice(TOPICS[topic][1])
        said.append(f"{topic}: {change(draft)}")
    draft.presented = list(draft.gateway.presented())
    if chosen.random() < 0.2 and draft.gateway.issued(ROOT) not in draft.presented:
        draft.presented.append(draft.gateway.issued(ROOT))
        said.append("the root is presented")
    draft.trust = list(draft.gateway.trust())
    for do in draft.later:
        do(draft)
    if not draft.presented:
        draft.presented = [draft.gateway.issued(SERVER)]
    presented = [issued.der for issued in draft.presented]
    for spoil in draft.damage:
        spoil(presented)
    return Chain(
        seed,
        number,
        tuple(said),
        tuple(presented),
        tuple(issued.der for issued in draft.trust),
        draft.hostname,
        draft.at,
        draft.presented[0].key,
    )
