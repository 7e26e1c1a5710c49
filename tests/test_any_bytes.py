"""Whatever the bytes are: no exception, an end, and a report that can be written.

Chains of the fixtures are damaged at random, but the same way on every run: in their PEM text, in
the DER inside PEM, and as pure DER. EDGECHECK_LONG=1 makes ten times as many.
"""

from __future__ import annotations

import functools
import json
import os
import random
import re
import signal
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat, pkcs12

import edgecheck
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import OCTET_STRING, Malformed, element, elements
from edgecheck.reading.pem import scan
from edgecheck.reading.strict import harmless
from edgecheck.reporting.terminal import render
from fixtures import der
from fixtures.expected import Fixture, folders, read
from fixtures.pki import (
    Spec,
    issue,
    pem,
)
from fixtures.private_keys import private_key
from fixtures.stock import HOSTNAME, NOW, stock_11, stock_15

LONG = bool(os.environ.get("EDGECHECK_LONG"))
AT_ONCE = 50  # mutations in one test
TESTS = 160 if LONG else 10
SECONDS = 60  # for one input, on a busy machine; an ordinary one takes milliseconds


# --- what must hold for every input -------------------------------------------------------------


@contextmanager
def bounded() -> Iterator[None]:
    """Fail, rather than hang, when one input takes too long."""
    if not hasattr(signal, "SIGALRM"):  # Windows
        yield
        return

    def late(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"more than {SECONDS} seconds for one input")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def judged(presented: Any, **arguments: Any) -> edgecheck.Report:
    """A report about any input, looked at from all sides."""
    with bounded():
        report = edgecheck.check(presented, **{"at": NOW, "hostname": HOSTNAME, **arguments})
        text = report.to_json()
        shown = render(report, color=False, unicode=True, width=100, verbose=True)
        plain = render(report, color=False, unicode=False, width=60)
    assert text.isascii()
    json.loads(text)
    assert plain.isascii()
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
    if not report.certificates:
        assert report.valid is None
        assert report.worst is edgecheck.Severity.ERROR
    return report


def unsigned_text_counts_for_nothing(report: edgecheck.Report, signed: frozenset[bytes]) -> None:
    """What was found valid is what was signed, down to the last bit."""
    if report.valid:
        path = report.hierarchy.path
        assert path is not None
        assert {certificate.tbs for certificate in path.certificates} <= signed


# --- random damage ------------------------------------------------------------------------------


def flipped(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 1, 2, 8))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def replaced(data: bytearray, dice: random.Random) -> None:
    """By bytes that mean something in DER or in PEM."""
    at = dice.randrange(len(data))
    data[at] = dice.choice(b"\x00\x01\x02\x03\x05\x06\x0c\x13\x17\x30\x31\x7f\x80\x82\xff-\r\n=")


def deleted(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    del data[at : at + dice.choice((1, 1, 2, 10, 100))]


def inserted(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data) + 1)
    pieces = (dice.randbytes(dice.randrange(1, 20)), b"\r", b"\0", b"-----", b"\xff\xff\xff\x7f")
    data[at:at] = dice.choice(pieces)


def duplicated(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    piece = data[start : start + dice.randrange(1, 200)]
    at = dice.choice((start, dice.randrange(len(data))))
    data[at:at] = piece


def truncated(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    del data[dice.choice((slice(at, None), slice(None, at)))]


def swapped(data: bytearray, dice: random.Random) -> None:
    """Two pieces of the same length."""
    size = dice.randrange(1, max(2, len(data) // 4))
    one, other = (dice.randrange(max(1, len(data) - size)) for _ in range(2))
    data[one : one + size], data[other : other + size] = (
        data[other : other + size],
        data[one : one + size],
    )


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flipped,
    replaced,
    deleted,
    inserted,
    duplicated,
    truncated,
    swapped,
)


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A copy with one fault, at times with several."""
    copy = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        if copy:
            dice.choice(DAMAGES)(copy, dice)
    return bytes(copy)


def in_text(blocks: list[bytes], text: bytes, dice: random.Random) -> bytes:
    """Damage anywhere in the PEM text, or its blocks in another order."""
    if dice.random() < 0.2:
        pieces = re.split(rb"(?<=-----END CERTIFICATE-----\n)", text)
        dice.shuffle(pieces)
        text = b"".join(pieces)
    return damaged(text, dice)


def in_one_certificate(blocks: list[bytes], text: bytes, dice: random.Random) -> bytes:
    """Flawless PEM around damaged DER: what gets past every reader of PEM."""
    return b"".join(map(armoured, with_one_damaged(blocks, dice)))


def in_pure_der(blocks: list[bytes], text: bytes, dice: random.Random) -> bytes:
    """One certificate, or all of them one after the other."""
    blocks = with_one_damaged(blocks, dice)
    return dice.choice(blocks) if dice.random() < 0.5 else b"".join(blocks)


def with_one_damaged(blocks: list[bytes], dice: random.Random) -> list[bytes]:
    at = dice.randrange(len(blocks))
    return [*blocks[:at], damaged(blocks[at], dice), *blocks[at + 1 :]]


def armoured(body: bytes) -> bytes:
    lines = re.findall(b".{1,64}", b64encode(body))
    begin, end = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
    return b"\n".join((begin, *lines, end, b""))


class Node:
    """One DER element; its contents are other elements where they can be."""

    def __init__(self, tag: int, content: bytes) -> None:
        self.tag, self.content = tag, content
        self.children: list[Node] = []
        if tag & 0x20 or tag == OCTET_STRING:  # which holds DER in an extension
            with suppress(Malformed):
                self.children = nodes(content)

    def encoded(self) -> bytes:
        inside = [child.encoded() for child in self.children]
        return der.tlv(self.tag, *(inside or [self.content]))

    def everything(self) -> Iterator[Node]:
        """The elements inside, and those inside these."""
        for child in self.children:
            yield child
            yield from child.everything()


def nodes(data: bytes) -> list[Node]:
    return [Node(tag, data[first:last]) for tag, first, last in elements(data, 0, len(data))]


def in_structure(blocks: list[bytes], text: bytes, dice: random.Random) -> bytes:
    """One element changed, and every length around it right: what gets past readers of DER."""
    at = dice.randrange(len(blocks))
    try:
        (root,) = nodes(blocks[at])
    except (Malformed, ValueError):  # the fixture is damaged already
        return in_one_certificate(blocks, text, dice)
    for _ in range(dice.choice((1, 1, 2))):
        changed(root, dice)
    return b"".join(map(armoured, [*blocks[:at], root.encoded(), *blocks[at + 1 :]]))


TAGS = b"\x01\x02\x03\x04\x05\x06\x0c\x13\x16\x17\x18\x30\x31\x80\x82\x86\xa0\xa3"


def changed(root: Node, dice: random.Random) -> None:
    inside = [node for node in (root, *root.everything()) if node.children]
    if not inside:
        return
    siblings = dice.choice(inside).children
    at = dice.randrange(len(siblings))
    node = siblings[at]
    match dice.randrange(8):
        case 0:
            del siblings[at]
        case 1:
            siblings.insert(at, node)
        case 2:
            siblings[at] = deepcopy(dice.choice(list(root.everything())))
        case 3:
            node.tag = dice.choice(TAGS)
        case 4:
            node.children, node.content = [], b""
        case 5:
            node.children, node.content = [], dice.randbytes(dice.choice((1, 2, 20, 130)))
        case 6:
            node.children, node.content = [], damaged(node.encoded()[2:], dice)
        case 7:
            dice.shuffle(siblings)


def in_a_container(blocks: list[bytes], text: bytes, dice: random.Random) -> bytes:
    """PKCS#7, damaged anywhere, also as PEM; the certificates in it may be damaged before."""
    if dice.random() < 0.3:
        blocks = with_one_damaged(blocks, dice)
    inside = der.sequence(
        der.integer(1),
        der.tlv(0x31),
        der.sequence(der.oid("1.2.840.113549.1.7.1")),
        der.tlv(0xA0, *blocks),
        der.tlv(0x31),
    )
    made = der.sequence(der.oid("1.2.840.113549.1.7.2"), der.tlv(0xA0, inside))
    if dice.random() < 0.7:
        made = damaged(made, dice)
    return made if dice.random() < 0.5 else armoured(made).replace(b"CERTIFICATE", b"PKCS7")


def in_another_encoding(blocks: list[bytes], text: bytes, dice: random.Random) -> bytes:
    """UTF-16 or UTF-32, with its mark or without, damaged."""
    codecs = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
    return damaged(text.decode("latin-1").encode(dice.choice(codecs)), dice)


PLACES = (
    in_text,
    in_one_certificate,
    in_pure_der,
    in_structure,
    in_a_container,
    in_another_encoding,
)


@functools.cache
def chains() -> tuple[tuple[Fixture | None, bytes], ...]:
    """Texts to damage, with their circumstances: the fixtures, and two chains in any case."""
    found: list[tuple[Fixture | None, bytes]] = [
        (None, pem(*stock_11("ec").presented(), comments=False)),
        (None, pem(*stock_15("rsa").presented())),
    ]
    for folder in folders():
        fixture = read(folder)
        found += [(fixture, source.data) for source in fixture.sources() if source.data]
    return tuple(found)


@functools.cache
def stock_trust() -> bytes:
    return pem(*stock_11("ec").trust(), *stock_15("rsa").trust())


def is_whole(certificate: Certificate) -> bool:
    """Whether what was signed can be read; bytes behind a certificate are no part of that."""
    if certificate.loaded is not None or harmless(certificate):
        return True
    with suppress(ValueError, x509.InvalidVersion):
        _, _, end = element(certificate.der, 0, len(certificate.der))
        x509.load_der_x509_certificate(certificate.der[:end])
        return True
    return False


@pytest.mark.parametrize("number", range(TESTS))
def test_damage_gives_a_report(number: int) -> None:
    """`number` is the seed; a failure names the mutation by which it is found again."""
    dice = random.Random(number)
    for mutation in range(AT_ONCE):
        fixture, text = dice.choice(chains())
        arguments = fixture.given() if fixture else {"trust": stock_trust()}
        arguments.pop("presented", None)
        report = edgecheck.check(text, **{"at": NOW, **arguments})
        certificates = (*report.hierarchy.sequence, *report.expected.trust)
        signed = frozenset(c.tbs for c in certificates if is_whole(c))
        blocks = [block.body for block in scan(text).blocks if block.body] or [text]
        presented = dice.choice(PLACES)(blocks, text, dice)
        try:
            unsigned_text_counts_for_nothing(judged(presented, **arguments), signed)
        except BaseException as wrong:
            name = fixture.name if fixture else "a stock chain"
            wrong.add_note(f"seed {number}, mutation {mutation}, of {name}: {presented.hex()}")
            raise


def made(**changes: Any) -> bytes:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    return issue(Spec("monster", "p256-1", start, end).with_(**changes)).der


@functools.cache
def containers() -> tuple[bytes, ...]:
    """PKCS#12 with certificates and a key, locked in several ways."""
    key = private_key("p256-1")
    certificate = x509.load_der_x509_certificate(made())
    others = [x509.load_der_x509_certificate(c.der) for c in stock_11("ec").presented()]
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(10)
    old = builder.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
    return tuple(
        pkcs12.serialize_key_and_certificates(
            b"gw",
            key,
            certificate,
            others,
            locked,
        )
        for locked in (NoEncryption(), builder.build(b"secret"), old.build(b"secret"))
    )


@pytest.mark.parametrize("number", range(TESTS // 4))
def test_a_damaged_pkcs12_gives_a_report(number: int) -> None:
    dice = random.Random(number)
    for mutation in range(AT_ONCE):
        presented = damaged(dice.choice(containers()), dice)
        password = dice.choice((None, b"secret", b"wrong"))
        try:
            judged(presented, password=password)
            if mutation % 10 == 0:
                text = armoured(presented).replace(b"CERTIFICATE", b"PKCS12")
                judged(text, password=password)
        except BaseException as wrong:
            wrong.add_note(f"seed {number}, mutation {mutation}: {presented.hex()}")
            raise
