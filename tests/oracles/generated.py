"""Chains made at random from a seed: 2 to 6 certificates, with faults from a list.

The number of a chain is its seed, so the first 500 are the same whether 500 or 5,000 are made.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from fixtures.pki import (
    Extension,
    Issued,
    Spec,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
    subject_key_id,
)
from fixtures.stock import NOW

HOST = "gw7.plant7.example"
AT = NOW
_BEGIN, _END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)
_PAST, _FUTURE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
_STRANGER, _SECOND_ROOT = "p256-8", "p256-7"


@dataclass(frozen=True)
class Chain:
    """What is presented, what is trusted, which name is asked, and what was done to it."""

    number: int
    presented: tuple[bytes, ...]
    trust: tuple[bytes, ...]
    host: str
    faults: tuple[str, ...]


@dataclass
class Draft:
    """A chain while it is made: root first, target last."""

    random: random.Random
    specs: list[Spec]
    host: str = HOST
    arrange: list[Callable[[list[Issued]], list[Issued]]] = field(default_factory=list)
    cross: list[tuple[int, bool, bool]] = field(default_factory=list)
    anchors: Callable[[list[Issued]], list[Issued]] = lambda made: made[:1]

    def any(self, first: int = 0, beyond: int = 0) -> int:
        """The place of a certificate, from `first` on, the last `beyond` left out."""
        return self.random.randrange(first, max(first + 1, len(self.specs) - beyond))

    def change(self, place: int, **changes: object) -> None:
        self.specs[place] = self.specs[place].with_(**changes)

    def extend(self, place: int, new: Extension) -> None:
        self.specs[place] = self.specs[place].with_extension(new)

    def lose(self, place: int, name: str) -> None:
        try:
            self.specs[place] = self.specs[place].without_extension(name)
        except KeyError:
            return  # another fault took it away


def _healthy(number: int) -> Draft:
    """A good chain; lengths take turns."""
    chosen = random.Random(number)
    length = 2 + number % 5
    specs = []
    for place in range(length):
        authority = (
            basic_constraints(True),
            key_usage("keyCertSign", "cRLSign"),
            subject_key_id(),
            authority_key_id(),
        )
        server = (
            basic_constraints(False),
            key_usage("digitalSignature"),
            extended_key_usage("serverAuth"),
            subject_alt_name(dns=[HOST, "edgehub"]),
            subject_key_id(),
            authority_key_id(),
        )
        is_server = place == length - 1
        name = [("O", "Plant 7"), ("CN", HOST if is_server else f"CA {place} of {number}")]
        extensions = server if is_server else authority
        specs.append(Spec(name, f"p256-{place + 1}", _BEGIN, _END, extensions))
    return Draft(chosen, specs)


def _path_length(draft: Draft) -> None:
    """Right or wrong: as many as are below, or one or two fewer."""
    place = draft.any(beyond=1)
    below = len(draft.specs) - place - 2
    limit = max(0, below - draft.random.randrange(3))
    draft.extend(place, basic_constraints(True, limit))


def _constrained(draft: Draft) -> None:
    trees = draft.random.choice(
        [
            {"permitted": {"dns": ["plant7.example", "edgehub"]}},
            {"permitted": {"dns": ["plant8.example"]}},
            {"excluded": {"dns": ["plant7.example"]}},
            {"excluded": {"dns": ["plant8.example"]}},
            {"permitted": {"ip": ["10.0.0.0/8"]}},
            {"permitted": {"email": ["plant7.example"]}},
        ]
    )
    draft.extend(draft.any(beyond=1), name_constraints(**trees))


def _wrong_issuer(draft: Draft) -> None:
    draft.change(draft.any(first=1), issuer=[("O", "Plant 7"), ("CN", "nobody")])


def _renewed(draft: Draft) -> None:
    """An authority of the same name and another key stands beside the right one."""
    place = draft.any(first=1, beyond=1) if len(draft.specs) > 2 else 0
    if draft.random.random() < 0.3:
        draft.change(place, serial=99)

    def beside(made: list[Issued]) -> list[Issued]:
        spec = draft.specs[place].with_(key=_STRANGER)
        other = issue(spec, made[place - 1] if place else None)
        where = draft.random.randrange(len(made))
        return [*made[:where], other, *made[where:]]

    draft.arrange.append(beside)


def _cross(draft: Draft) -> None:
    """An authority below the root has a second certificate, by another root."""
    if len(draft.specs) > 2:
        expired, trusted = draft.random.random() < 0.3, draft.random.random() < 0.5
        draft.cross.append((draft.any(first=1, beyond=1), expired, trusted))


def _without_one(draft: Draft) -> None:
    """An issuer is missing; of two certificates there is none to leave out."""
    if len(draft.specs) > 2:
        place = draft.any(first=1, beyond=1)
        key = draft.specs[place].key
        draft.arrange.append(lambda made: [one for one in made if one.key != key])


def _shuffled(draft: Draft) -> None:
    """The target stays first: which certificate is the target is another question."""

    def shuffled(made: list[Issued]) -> list[Issued]:
        rest = made[:-1]
        draft.random.shuffle(rest)
        return [*rest, made[-1]]

    draft.arrange.append(shuffled)


def _twice(draft: Draft) -> None:
    place = draft.any()
    draft.arrange.append(lambda made: [made[min(place, len(made) - 1)], *made])


def _partial(draft: Draft) -> None:
    if len(draft.specs) > 2:
        place = draft.any(first=1, beyond=1)
        draft.anchors = lambda made: [made[place]]


def _stranger_trusted(draft: Draft) -> None:
    other = draft.specs[0].with_(key=_SECOND_ROOT, subject="another root")
    draft.anchors = lambda made: [issue(other)]


def _same_name_trusted(draft: Draft) -> None:
    other = draft.specs[0].with_(key=_SECOND_ROOT)
    draft.anchors = lambda made: [issue(other)]


def _other_case(draft: Draft) -> None:
    """The issuer is written in another case, as a DN may be (RFC 5280, section 7.1)."""
    place = draft.any(first=1)
    name = draft.specs[place - 1].subject
    assert isinstance(name, list)
    draft.change(place, issuer=[(kind, str(value).upper()) for kind, value in name])


def _wildcard(draft: Draft) -> None:
    name = draft.random.choice(["*.plant7.example", "*.example", "gw*.plant7.example"])
    draft.extend(len(draft.specs) - 1, subject_alt_name(dns=[name]))


def _address(draft: Draft) -> None:
    draft.host = "10.1.2.3"
    names = draft.random.choice([{"ip": ["10.1.2.3"]}, {"dns": ["10.1.2.3"]}])
    draft.extend(len(draft.specs) - 1, subject_alt_name(**names))


_UNKNOWN = raw_extension("1.3.6.1.4.1.99999.1", b"\x05\x00", critical=True)
_POLICY_WANTED = raw_extension("2.5.29.36", bytes.fromhex("3003800100"), critical=True)
_POLICY_LATER = raw_extension("2.5.29.36", bytes.fromhex("3003800102"), critical=True)
FAULTS: dict[str, Callable[[Draft], object]] = {
    "expired": lambda d: d.change(d.any(), not_after=_PAST),
    "not yet valid": lambda d: d.change(d.any(), not_before=_FUTURE),
    "CA:FALSE": lambda d: d.extend(d.any(beyond=1), basic_constraints(False)),
    "no basicConstraints": lambda d: d.lose(d.any(), "basicConstraints"),
    "path length": _path_length,
    "no keyCertSign": lambda d: d.extend(d.any(beyond=1), key_usage("digitalSignature")),
    "no keyUsage": lambda d: d.lose(d.any(), "keyUsage"),
    "name constraints": _constrained,
    "CA not for servers": lambda d: d.extend(d.any(beyond=1), extended_key_usage("codeSigning")),
    "CA below the root not for servers": lambda d: d.extend(
        d.any(first=1, beyond=1) if len(d.specs) > 2 else 0, extended_key_usage("codeSigning")
    ),
    "CA for servers": lambda d: d.extend(d.any(beyond=1), extended_key_usage("serverAuth")),
    "not for servers": lambda d: d.extend(len(d.specs) - 1, extended_key_usage("clientAuth")),
    "no extKeyUsage": lambda d: d.lose(len(d.specs) - 1, "extendedKeyUsage"),
    "unknown critical": lambda d: d.extend(d.any(), _UNKNOWN),
    "damaged signature": lambda d: d.change(d.any(first=1), damage=flip_signature_bit),
    "another signer": lambda d: d.change(d.any(first=1), signer=_STRANGER),
    "another issuer": _wrong_issuer,
    "another name asked": lambda d: setattr(d, "host", "other.plant7.example"),
    "no names": lambda d: d.lose(len(d.specs) - 1, "subjectAltName"),
    "no authority key id": lambda d: d.lose(d.any(first=1), "authorityKeyIdentifier"),
    "no subject key id": lambda d: d.lose(d.any(), "subjectKeyIdentifier"),
    "wrong authority key id": lambda d: d.extend(d.any(first=1), authority_key_id(b"\x07" * 20)),
    "issuer in another case": _other_case,
    "wildcard": _wildcard,
    "address": _address,
    "basicConstraints not critical": lambda d: d.extend(
        d.any(beyond=1), basic_constraints(True, critical=False)
    ),
    "any purpose": lambda d: d.extend(d.any(), extended_key_usage("2.5.29.37.0")),
    "policy wanted": lambda d: d.extend(d.any(), _POLICY_WANTED),
    "policy wanted later": lambda d: d.extend(d.any(), _POLICY_LATER),
    "critical key id": lambda d: d.extend(d.any(), replace(subject_key_id(), critical=True)),
    "serial number 0": lambda d: d.change(d.any(), serial=0),
    "version 1": lambda d: d.change(d.any(beyond=1), version=1, extensions=()),
    "version 1 with extensions": lambda d: d.change(d.any(beyond=1), version=1),
    "missing": _without_one,
    "shuffled": _shuffled,
    "twice": _twice,
    "renewed beside": _renewed,
    "cross-signed": _cross,
    "cross-signed twice": lambda d: [_cross(d), _cross(d)],
    "partial trust": _partial,
    "stranger trusted": _stranger_trusted,
    "same name trusted": _same_name_trusted,
}
_HOW_MANY = (0, 1, 1, 1, 2, 1, 2, 3, 1, 2)
"""Faults of a chain; five chains in a row, one of each length, have the same number."""


def _chosen(number: int, draft: Draft) -> list[str]:
    """Faults at random; single ones take turns, so that each is there in every length."""
    block = number // 5 % len(_HOW_MANY)
    if _HOW_MANY[block] != 1:
        return draft.random.sample(list(FAULTS), _HOW_MANY[block])
    singles = number // 50 * _HOW_MANY.count(1) + _HOW_MANY[:block].count(1)
    return [list(FAULTS)[(singles * 5 + number % 5) % len(FAULTS)]]


def chain(number: int) -> Chain:
    """The chain with this number."""
    draft = _healthy(number)
    names = _chosen(number, draft)
    for name in names:
        FAULTS[name](draft)
    made: list[Issued] = []
    for spec in draft.specs:
        made.append(issue(spec, made[-1] if made else None))
    anchors = draft.anchors(made)
    presented = list(made)
    for place, expired, trusted in draft.cross:
        second = issue(replace(draft.specs[0], key=_SECOND_ROOT, subject="second root"))
        spec = draft.specs[place].with_(not_after=_PAST if expired else _END)
        other = issue(spec.with_(damage=None, signer=None, issuer=None, serial=7 + place), second)
        presented.insert(draft.random.randrange(len(presented)), other)
        if trusted:
            anchors = [second] if draft.random.random() < 0.6 else [*anchors, second]
        else:
            presented.insert(0, second)
    if draft.random.random() < 0.5:
        presented = [one for one in presented if one is not made[0]]
    for arrange in draft.arrange:
        presented = arrange(presented)
    return Chain(
        number,
        tuple(one.der for one in reversed(presented)),
        tuple(one.der for one in anchors),
        draft.host,
        tuple(names),
    )
