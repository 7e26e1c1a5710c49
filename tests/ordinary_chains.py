"""Chains in which nothing is out of the ordinary, of every kind that there is, made by number.

    member(12)      # a chain; 0 to any number, the same in every run
    draft(12)       # the same before it is issued, to be changed (`nearly_ordinary.py`)

What may differ between ordinary chains is drawn here by chance: how many authorities, keys, names,
serial numbers, times, extensions and their forms, further names, and whether the root is sent.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import core

from edgecheck.behaviour.view import View
from edgecheck.reading.inputs import Reader
from fixtures import stock
from fixtures.pki import (
    Extension,
    Issued,
    Spec,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    subject_alt_name,
    subject_key_id,
)

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
RSA = [*(f"rsa2048-{number}" for number in range(1, 8)), *(f"rsa4096-{n}" for n in range(1, 5))]
EC = [f"p256-{number}" for number in range(1, 9)]
HOSTS = (
    "iotedgegw.local",
    "gw",
    "localhost",
    "edgehub",
    "gateway-7.plant-2.example",
    "x9.y8",
    "e" * 63,
    "www.b-2.c",
)
OTHERS = ("edgehub", "edgeHub", "$edgeHub", "Other.Plant7.example", "b2", "L" * 63, "c-3")
TEXTS = ("Contoso", "Plant 7", "A+B, Ltd.", "x" * 60, "O=x, CN=y/z?", "a'(b):c-d", "10.0.0.1")
FAR = (datetime(2037, 12, 31, tzinfo=UTC), datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC))


@dataclass(frozen=True)
class Given:
    """What is presented and trusted, which name is asked for, and when."""

    what: str
    presented: tuple[bytes, ...]
    trust: tuple[bytes, ...]
    hostname: str | None
    at: datetime = AT
    trailing: frozenset[bytes] = frozenset()
    key_of: bytes | None = None  # the certificate whose key the server has, if not the first

    def view(self) -> View:
        """What a client gets to see."""
        reader = Reader({}, 10**7, 10**4)
        sent, trust, own = (
            tuple(one for der in ders for one in reader.read(der, "a test").sequence)
            for ders in (self.presented, self.trust, (self.key_of or self.presented[0],))
        )
        at = int(self.at.timestamp())
        return View(sent, trust, self.hostname, at, own[0], {}, self.trailing)


@dataclass(frozen=True)
class Draft:
    """Specs from the server upwards; the last signs itself."""

    specs: tuple[Spec, ...]
    hostname: str
    shows_root: bool
    at: datetime = AT

    def put(self, place: int, *more: Extension, **changes: Any) -> Draft:
        """The same with other extensions and fields in one certificate."""
        spec = self.specs[place].with_(**changes)
        for extension in more:
            spec = spec.with_extension(extension)
        return self.of(place, spec)

    def without(self, place: int, name: str) -> Draft:
        """The same without an extension of one certificate, if it has it."""
        spec = self.specs[place]
        kept = tuple(one for one in spec.extensions if one.name != name)
        return self.of(place, spec.with_(extensions=kept))

    def of(self, place: int, spec: Spec) -> Draft:
        """The same with another certificate in one place."""
        specs = list(self.specs)
        specs[place] = spec
        return replace(self, specs=tuple(specs))

    def issued(self) -> list[Issued]:
        """The certificates, the server's first."""
        made: list[Issued] = []
        for spec in reversed(self.specs):
            made.append(issue(spec, made[-1] if made else None))
        return made[::-1]

    def given(self, what: str) -> Given:
        """As it is sent and trusted."""
        ders = [one.der for one in self.issued()]
        sent = ders if self.shows_root else ders[:-1]
        return Given(what, tuple(sent), (ders[-1],), self.hostname, self.at)


def _name(chance: random.Random, common: str) -> Any:
    """A name of the usual attributes, in either string type."""
    text: Callable[[str], Any] = chance.choice([core.UTF8String, core.PrintableString])
    pairs: list[tuple[str, Any]] = []
    if chance.random() < 0.5:
        pairs.append(("C", core.PrintableString(chance.choice(["US", "de"]))))
    for short in ("ST", "L", "O", "OU"):
        if chance.random() < 0.4:
            pairs.append((short, text(chance.choice(TEXTS))))
    pairs.insert(chance.choice([0, len(pairs)]), ("CN", text(common)))
    return pairs


def draft(number: int) -> Draft:
    """The ordinary chain with this number, before it is issued."""
    chance = random.Random(f"ordinary/{number}")
    hostname = chance.choice(HOSTS)
    levels = chance.choice([1, 2, 2, 3, 3, 4, 5])
    shows_root = chance.random() < 0.5
    keys = chance.sample(chance.choice([RSA, EC, RSA + EC]), levels + 1)
    specs = [_server(chance, hostname, keys[0])]
    for depth in range(1, levels + 1):
        specs.append(_authority(chance, depth, keys[depth], is_root=depth == levels))
    return Draft(tuple(specs), hostname, shows_root)


def of_stock(runtime: str, kind: stock.KeyKind, hostname: str = stock.HOSTNAME) -> Draft:
    """The gateway of a runtime, as it is to be changed."""
    made = getattr(stock, f"stock_{runtime.replace('.', '')}")(kind, hostname)
    specs = tuple(made.values())
    return Draft(specs, hostname, len(made.presented()) == len(specs))


def member(number: int) -> Given:
    """The ordinary chain with this number."""
    return draft(number).given(f"ordinary {number}")


def _times(chance: random.Random) -> tuple[datetime, datetime]:
    begins = chance.choice([AT - DAY - SECOND, AT - 90 * DAY, datetime(2000, 1, 1, tzinfo=UTC)])
    return begins, chance.choice([AT + DAY + SECOND, AT + 30 * DAY, AT + 3000 * DAY, *FAR])


def _serial(chance: random.Random, depth: int) -> int:
    big = chance.randrange(1, 1 << 64)
    sizes = (0, chance.randrange(8, 120), 128 + big % 128, big, (1 << 159) - 8 - big)
    return chance.choice(sizes) // 8 * 8 + depth


def _server(chance: random.Random, hostname: str, key: str) -> Spec:
    begins, ends = _times(chance)
    names = [hostname, *chance.sample([*OTHERS, hostname], chance.randrange(0, 8))]
    chance.shuffle(names)
    extensions = [extended_key_usage("serverAuth"), subject_alt_name(dns=names)]
    if chance.random() < 0.5:
        extensions.append(basic_constraints(False, critical=chance.random() < 0.5))
    if chance.random() < 0.5:
        usages = ["digitalSignature", "keyEncipherment"]
        if chance.random() < 0.5:
            usages += ["nonRepudiation", "dataEncipherment", "keyAgreement"]
        extensions.append(key_usage(*usages))
    if chance.random() < 0.5:
        extensions.append(subject_key_id())
    if chance.random() < 0.5:
        extensions.append(authority_key_id(issuer_and_serial=chance.random() < 0.5))
    chance.shuffle(extensions)
    name = _name(chance, hostname)
    return Spec(name, key, begins, ends, tuple(extensions), serial=_serial(chance, 0))


def _authority(chance: random.Random, depth: int, key: str, is_root: bool) -> Spec:
    begins, ends = _times(chance)
    usages = ["keyCertSign", *(u for u in ("digitalSignature", "cRLSign") if chance.random() < 0.5)]
    extensions = [
        basic_constraints(True, path_length=chance.choice([None, depth - 1, depth, 127])),
        key_usage(*usages),
        subject_key_id(),
    ]
    if not is_root or chance.random() < 0.5:
        extensions.append(authority_key_id(issuer_and_serial=chance.random() < 0.4))
    chance.shuffle(extensions)
    common = chance.choice(
        ["CA {}", "ca-{}.plant7.example", "Contoso (CA) {}", "10.0.0.{}", "a=b/c {}"]
    )
    name = _name(chance, common.format(depth))
    return Spec(name, key, begins, ends, tuple(extensions), serial=_serial(chance, depth))


RUNTIMES = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6")
KINDS: tuple[stock.KeyKind, ...] = ("rsa", "ec")
