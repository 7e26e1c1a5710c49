"""Hostile inputs by number: what is judged, with what, and which key must not come out.

    made(1234).presented, made(1234).arguments

Seed and number make an input, the same in every run and on every machine. What is damaged are the
fixtures' files, stock gateways that are signed anew after the damage, and chains made at random;
how, is what `test_any_bytes.py` and `test_any_structure.py` do, and what stands here: extensions
that move between certificates, revocation lists, containers, transcripts, and hostile text.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import edgecheck
from edgecheck.reading.der import Malformed
from edgecheck.reading.pem import scan
from fixtures import der
from fixtures.crl import Revoked, crl
from fixtures.expected import FILES_OF_DEVICE, FIXTURES, Fixture, folders, read
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW
from tests import test_any_bytes as any_bytes
from tests import test_any_structure as any_structure
from tests.chains_at_random import chain
from tests.fuzzing.planted import HOSTILE, with_a_key, with_hostile_arguments
from tests.test_any_bytes import Node, armoured, damaged, nodes

SPLIT = re.compile(rb"(?<=\n)")


@dataclass(frozen=True)
class Input:
    """What one number stands for.

    Attributes:
        number: by which it is found again, with the seed.
        seed: the same for a whole run.
        kind: how it was made.
        presented: the first argument of `check()`.
        arguments: the others.
        secret: the DER of a private key that is somewhere in it; empty without one.
    """

    number: int
    seed: int
    kind: str
    presented: Any
    arguments: dict[str, Any]
    secret: bytes = b""

    def check(self, memo: edgecheck.Memo | None = None) -> edgecheck.Report:
        """What edgecheck says about it."""
        return edgecheck.check(self.presented, memo=memo, **self.arguments)

    @property
    def size(self) -> int:
        """Bytes of all that is given."""
        return _size(self.presented) + sum(map(_size, self.arguments.values()))


def _size(value: Any) -> int:
    if isinstance(value, edgecheck.Source):
        return len(value.data)
    if isinstance(value, edgecheck.Device):
        return sum(_size(getattr(value, name)) for name in FILES_OF_DEVICE)
    if isinstance(value, bytes | str):
        return len(value)
    return sum(map(_size, value)) if isinstance(value, tuple | list) else 0


def made(number: int, seed: int = 0) -> Input:
    """The input with this number."""
    dice = random.Random(f"fuzz {seed}/{number}")
    (kind,) = dice.choices(list(KINDS), [weight for weight, _ in KINDS.values()])
    presented, arguments = KINDS[kind][1](dice)
    arguments = {"at": NOW, **arguments}
    secret = b""
    if dice.random() < 0.15:
        presented, secret = with_a_key(presented, dice)
    if dice.random() < 0.1:
        arguments = with_hostile_arguments(arguments, dice)
    return Input(number, seed, kind, presented, arguments, secret)


# --- what is damaged ------------------------------------------------------------------------------


@functools.cache
def extensions() -> tuple[bytes, ...]:
    """Every extension that a certificate of a fixture has, each once."""
    found: dict[bytes, None] = {}
    for body in bodies():
        with suppress(Malformed, ValueError, IndexError):
            (root,) = nodes(body)
            for field in root.children[0].children:
                if field.tag == 0xA3:
                    found |= dict.fromkeys(each.encoded() for each in field.children[0].children)
    return tuple(found)


@functools.cache
def bodies() -> tuple[bytes, ...]:
    """The DER of all PEM in the fixtures, each once."""
    texts = (text for _, text in any_bytes.chains())
    return tuple(dict.fromkeys(b.body for text in texts for b in scan(text).blocks if b.body))


@functools.cache
def fixtures() -> tuple[Fixture, ...]:
    """Those in which something is presented."""
    every = (read(folder) for folder in folders())
    return tuple(each for each in every if any(source.data for source in each.sources()))


@functools.cache
def transcripts() -> tuple[Fixture, ...]:
    """Those with what a client printed."""
    marks = (b"CONNECTED", b"Certificate chain", b"Processed", b"verify", b"Certificate type")
    return tuple(
        each for each in fixtures() if any(m in s.data for s in each.sources() for m in marks)
    )


def _given(fixture: Fixture) -> tuple[bytes, dict[str, Any]]:
    arguments = fixture.given()
    return b"".join(source.data for source in arguments.pop("presented")), arguments


# --- how ------------------------------------------------------------------------------------------

Made = tuple[Any, dict[str, Any]]


def bytes_of_fixtures(dice: random.Random) -> Made:
    """As tests/test_any_bytes.py does it."""
    text, arguments = _given(dice.choice(fixtures()))
    blocks = [block.body for block in scan(text).blocks if block.body] or [text]
    return dice.choice(any_bytes.PLACES)(blocks, text, dice), arguments


def values_signed_anew(dice: random.Random) -> Made:
    """As tests/test_any_structure.py does it."""
    return any_structure.case(dice)


def trees_of_fixtures(dice: random.Random) -> Made:
    """The certificates of a fixture, presented or trusted, with other values in their trees."""
    text, arguments = _given(dice.choice(fixtures()))
    blocks = [block.body for block in scan(text).blocks if block.body]
    if not blocks:
        return damaged(text, dice), arguments
    for _ in range(dice.choice((1, 1, 2))):
        at = dice.randrange(len(blocks))
        change = dice.choice((any_structure.mutated, spliced, with_hostile_text))
        blocks[at] = change(blocks[at], dice)
    if dice.random() < 0.3:
        blocks.insert(dice.randrange(len(blocks) + 1), dice.choice(bodies()))
    return _shown(blocks, dice), arguments


def spliced_and_signed(dice: random.Random) -> Made:
    """A stock gateway with extensions of other certificates, or hostile text, signed anew."""
    gateway = dice.choice(any_structure.gateways())
    for _ in range(dice.choice((1, 1, 2, 3))):
        role = dice.choice(list(gateway))
        change = dice.choice((spliced, spliced, with_hostile_text))
        gateway = gateway.change(role, damage_tbs=functools.partial(change, dice=dice))
    return _of(gateway, dice) or spliced_and_signed(dice)


def revocation(dice: random.Random) -> Made:
    """A sound gateway, and lists whose trees are damaged."""
    gateway = dice.choice(any_structure.gateways())
    issuers = list(gateway)[1:]
    lists = []
    for _ in range(dice.choice((1, 1, 2, 3))):
        at = dice.randrange(len(issuers))
        child = gateway.issued(list(gateway)[at])
        gone = [Revoked(child, NOW, dice.choice((None, "keyCompromise", "certificateHold")))]
        data = crl(
            gateway.issued(issuers[at]),
            dice.choice((gone, [], gone * 3)),
            this_update=NOW,
            next_update=NOW,
            number=dice.choice((0, 1, -1, 1 << 160, 1 << 20_000)),
        ).der
        for _ in range(dice.choice((0, 1, 1, 2))):
            change = dice.choice((any_structure.mutated, spliced_list, with_hostile_text, damaged))
            data = change(data, dice)
        lists.append(dice.choice((data, armoured(data).replace(b"CERTIFICATE", b"X509 CRL"))))
    presented, arguments = _of(gateway, dice) or (pem(*gateway.presented()), {})
    arguments["crls"] = lists
    wanted = dice.choice(("if-given", "require", "require"))
    arguments["validation"] = edgecheck.Validation(revocation=wanted)
    return presented, arguments


PASSWORD = b"long ago and far away"
"""Of the locked one among them."""


@functools.cache
def locked() -> tuple[bytes, ...]:
    """The PKCS#12 of the fixtures: what is locked anew differs in every run."""
    return tuple(path.read_bytes() for path in sorted(FIXTURES.glob("input/*/*.pfx")))


def containers(dice: random.Random) -> Made:
    """PKCS#12 and PKCS#7: their trees, or bytes in them."""
    if dice.random() < 0.5:
        data = dice.choice(locked())
    else:
        text, _ = _given(dice.choice(fixtures()))
        blocks = [block.body for block in scan(text).blocks if block.body] or [text]
        data = any_bytes.in_a_container(blocks, text, random.Random(dice.random()))
    for _ in range(dice.choice((1, 1, 2))):
        data = dice.choice((any_structure.mutated, with_hostile_text, damaged))(data, dice)
    if dice.random() < 0.3:
        data = armoured(data).replace(b"CERTIFICATE", dice.choice((b"PKCS12", b"PKCS7", b"CMS")))
    passwords = (None, PASSWORD, "wrong", "\udcff")
    arguments: dict[str, Any] = {"password": dice.choice(passwords)}
    return data, arguments | {"hostname": HOSTNAME, "trust": any_bytes.stock_trust()}


def lines_of_transcripts(dice: random.Random) -> Made:
    """Lines left out, doubled, moved, taken from another transcript; numbers and texts in them."""
    text, arguments = _given(dice.choice(transcripts()))
    lines = SPLIT.split(text)
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        at = dice.randrange(len(lines))
        match dice.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                lines.insert(at, lines.pop(dice.randrange(len(lines))))
            case 3:
                other, _ = _given(dice.choice(transcripts()))
                lines.insert(at, dice.choice(SPLIT.split(other)))
            case 4:
                lines[at] = re.sub(rb"\d+", dice.choice(_NUMBERS), lines[at], count=1)
            case 5:
                lines[at] = _text_in(lines[at], dice)
            case 6:
                lines[at] = damaged(lines[at], dice)
        if not lines:
            break
    return b"".join(lines), arguments


def chains_at_random(dice: random.Random) -> Made:
    """As tests/chains_at_random.py does it, at times with one of its certificates damaged."""
    one = chain(dice.randrange(1 << 30), seed=1)
    presented = list(one.presented)
    if dice.random() < 0.3:
        at = dice.randrange(len(presented))
        presented[at] = dice.choice((any_structure.mutated, spliced, damaged))(presented[at], dice)
    arguments = {"hostname": one.hostname, "trust": one.trust, "at": one.at}
    return tuple(presented), arguments | {"as_sent": dice.random() < 0.3}


_NUMBERS = (b"0", b"-1", b"4294967296", b"9" * 5_000, b"1e9", b"")
KINDS: dict[str, tuple[int, Callable[[random.Random], Made]]] = {
    "bytes": (15, bytes_of_fixtures),
    "values": (25, values_signed_anew),
    "trees": (15, trees_of_fixtures),
    "splices": (15, spliced_and_signed),
    "lists": (8, revocation),
    "containers": (7, containers),
    "transcripts": (7, lines_of_transcripts),
    "chains": (8, chains_at_random),
}
"""What is made, each with its weight."""


def _of(gateway: Gateway, dice: random.Random) -> Made | None:
    """What is presented and trusted; None where it cannot be made."""
    try:
        presented, trust = list(gateway.presented()), list(gateway.trust())
    except (ValueError, IndexError, KeyError):
        return None
    if dice.random() < 0.2:
        presented.append(trust[0])
    if dice.random() < 0.1:
        dice.shuffle(presented)
    arguments: dict[str, Any] = {"trust": dice.choice((pem(*trust), pem(*trust), ()))}
    arguments["profile"] = dice.choice(("iot-edge", "iot-edge", "path", "rfc5280", "web-pki"))
    arguments["hostname"] = dice.choice((HOSTNAME, HOSTNAME, "192.0.2.1", None))
    return _shown([each.der for each in presented], dice), arguments


def _shown(blocks: Sequence[bytes], dice: random.Random) -> Any:
    """PEM mostly; else DER, each by itself or one after the other."""
    way = dice.randrange(8)
    if way == 0:
        return tuple(blocks)
    return b"".join(blocks) if way == 1 else b"".join(map(armoured, blocks))


def spliced(data: bytes, dice: random.Random) -> bytes:
    """A certificate, or what is signed of it, with extensions of other certificates."""
    with suppress(Malformed, ValueError, IndexError):
        (root,) = nodes(data)
        fields = root.children[0].children if len(root.children) == 3 else root.children
        holder = next((field for field in fields if field.tag == 0xA3), None)
        (new,) = nodes(dice.choice(extensions()))
        if holder is None:
            fields.append(Node(0xA3, der.sequence(new.encoded())))
            return root.encoded()
        _put(holder.children[0].children, new, dice)
        return root.encoded()
    return data


def spliced_list(data: bytes, dice: random.Random) -> bytes:
    """A revocation list with an extension that a certificate had."""
    with suppress(Malformed, ValueError, IndexError, StopIteration):
        (root,) = nodes(data)
        holder = next(field for field in root.children[0].children if field.tag == 0xA0)
        _put(holder.children[0].children, nodes(dice.choice(extensions()))[0], dice)
        return root.encoded()
    return data


def _put(siblings: list[Node], new: Node, dice: random.Random) -> None:
    """In place of its like, of any other, or beside them."""
    kind = new.children[0].content
    same = [at for at, each in enumerate(siblings) if each.children[0].content == kind]
    way = dice.randrange(4)
    if same and way < 2:
        siblings[same[0]] = new
    elif siblings and way == 2:
        siblings[dice.randrange(len(siblings))] = new
    else:
        siblings.insert(dice.randrange(len(siblings) + 1), new)


_TEXTS = (0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E, 0x81, 0x82, 0x86)
_CODECS = {0x1C: "utf-32-be", 0x1E: "utf-16-be"}


def with_hostile_text(data: bytes, dice: random.Random) -> bytes:
    """Hostile characters in texts of a tree: names, addresses, notices."""
    with suppress(Malformed, ValueError):
        (root,) = nodes(data)
        found = [each for each in root.everything() if each.tag in _TEXTS and not each.children]
        for node in dice.sample(found, min(len(found), dice.choice((1, 1, 2)))):
            codec = _CODECS.get(node.tag, "utf-8")
            text = node.content.decode(codec, "replace")
            at = dice.randrange(len(text) + 1)
            text = text[:at] + dice.choice(HOSTILE) + text[at:]
            node.content = text.encode(codec, "surrogatepass")
        return root.encoded()
    return data


def _text_in(line: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(line) + 1)
    return line[:at] + dice.choice(HOSTILE).encode("utf-8", "surrogatepass") + line[at:]
