"""One value of a sound chain made extreme, and signed anew: what gets past every signature.

`tests/test_any_bytes.py` damages bytes, which mostly ends at a signature that no longer fits. Here
what is signed is changed first, so that rules, models and texts all meet the value. The same on
every run; EDGECHECK_LONG=1 makes twenty times as many.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

import edgecheck
from edgecheck.adapters.second_opinion import second_opinions
from edgecheck.behaviour.records import RECORDS
from edgecheck.hierarchy.signatures import ALGORITHMS
from edgecheck.reading.der import BIT_STRING, BOOLEAN, GENERALIZED_TIME, INTEGER, OID, UTC_TIME
from edgecheck.reading.strict import EXTENSIONS
from edgecheck.report.symptoms import candidates
from edgecheck.reporting.terminal import render
from edgecheck.rules import BUILT_IN
from fixtures import der
from fixtures.crl import crl
from fixtures.extensions import raw_extension
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_11, stock_12, stock_15
from tests.test_any_bytes import LONG, Node, changed, judged, nodes

AT_ONCE = 10  # mutations in one test
TESTS = 60 if LONG else 3
IDS = [client.id for client in RECORDS]

LARGE = b"\x7f" + b"\xff" * 2_000  # more than 4,300 decimal digits
INTEGERS = (
    *(LARGE, b"\x80" + b"\0" * 2_000, b"\x00" + b"\xff" * 300, b"\x01" + b"\0" * 8),
    *(b"", b"\0", b"\x03", b"\xff", b"\x80", b"\0\x01"),
)
OIDS = (
    *ALGORITHMS,
    *("1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.2.840.10040.4.1", "1.3.101.110", "1.2.3"),
    *("1.3.132.0.33", "1.3.132.0.10", "1.3.36.3.3.2.8.1.1.7", "2.16.840.1.101.3.4.2.1"),
    *("2.5.4.3", "2.5.4.6", "1.2.840.113549.1.9.1", "2.5.29.37.0", "2.5.29.32.0"),
)
BROKEN_OIDS = (b"", b"\x80", b"\x55\x80\x01", b"\x55" + b"\xff" * 3_000 + b"\x7f", b"\x7f")
TIMES = (
    *(b"", b"Z", b"00000101000000Z", b"00010101000000Z", b"99991231235959Z", b"500101000000Z"),
    *(b"99991231235959-0100", b"00010101000000+0100", b"20261301000000Z", b"20260101000060Z"),
    *(b"9" * 5_000 + b"Z", b"20260101000000.5Z", b"\xff", b"2026010100Z"),
)
TEXTS = (
    *(b"", b"\x1b[2J\n", b"\xff\xfe", b"\xd8\0", b"x" * 20_000, b"*.", b".", b"*", b"\0"),
    *(b"9" * 5_000, b"9" * 5_000 + b".1.1.1", b"0x" + b"f" * 5_000 + b".1.1.1", b"1.2.3.4"),
    *(b"xn--", b"xn--a.xn--", b"a" * 64 + b".b", b"\xed\xa0\x80", b"\xc2\xb2.1.1.1", b"@", b"a@"),
    *(b"http://[", b"http://[::" + b"9" * 5_000, b"http://a:" + b"9" * 5_000, b"fe80::1%9"),
)
STRINGS = (0x0C, 0x13, 0x14, 0x16, 0x1C, 0x1E)
ADDRESSES = (b"", b"\x01" * 4, b"\x01" * 5, b"\x01" * 8, b"\x01" * 16, b"\x01" * 32)
_HASH = der.oid("2.16.840.1.101.3.4.2.1")
PARAMETERS = (
    *(b"", b"\x05\0", b"\x30\0", b"\x30\x80\0\0", b"\x02\x01\x01", der.oid("1.2.3")),
    der.oid("1.2.840.10045.3.1.7"),
    # of RSASSA-PSS: an unknown hash, another than MGF1, salts, no trailer
    der.sequence(der.tlv(0xA0, der.sequence(_HASH))),
    der.sequence(der.tlv(0xA0, der.sequence(der.oid("1.2.3")))),
    der.sequence(der.tlv(0xA1, der.sequence(der.oid("1.2.3")))),
    der.sequence(der.tlv(0xA2, der.integer(LARGE))),
    der.sequence(der.tlv(0xA2, der.integer(-1))),
    der.sequence(der.tlv(0xA3, der.integer(2))),
    # of DSA
    der.sequence(*(der.integer(LARGE) for _ in range(3))),
)
MODULUS = der.integer(b"\0\xff" + b"\x55" * 255)
KEYS = (
    *(b"", b"\0", b"\x08\xff", b"\0\x04" + b"\x01" * 64, b"\0" + b"\x01" * 57),
    b"\0" + der.sequence(der.integer(LARGE), der.integer(3)),
    b"\0" + der.sequence(MODULUS, der.integer(LARGE)),
    b"\0" + der.sequence(MODULUS, der.integer(-1)),
)


def extreme(root: Node, dice: random.Random) -> None:
    """Another value in one element, by its type."""
    node = dice.choice([node for node in (root, *root.everything()) if not node.children])
    match node.tag:
        case 0x0A | 0x80 | 0x81 if len(node.content) < 3:
            node.content = dice.choice(INTEGERS)
        case tag if tag == INTEGER:
            node.content = dice.choice(INTEGERS)
        case tag if tag == OID:
            node.content = dice.choice((dice.choice(BROKEN_OIDS), *known_oids(node, dice)))
        case tag if tag in (UTC_TIME, GENERALIZED_TIME):
            node.tag, node.content = dice.choice((UTC_TIME, GENERALIZED_TIME)), dice.choice(TIMES)
        case tag if tag in STRINGS:
            node.tag, node.content = dice.choice((tag, *STRINGS)), dice.choice(TEXTS)
        case 0x81 | 0x82 | 0x86:
            node.tag, node.content = dice.choice((0x81, 0x82, 0x86, 0x88)), dice.choice(TEXTS)
        case 0x87:
            node.content = dice.choice(ADDRESSES)
        case tag if tag == BIT_STRING:
            node.content = dice.choice(KEYS)
        case tag if tag == BOOLEAN:
            node.content = dice.choice((b"", b"\0", b"\x01", b"\xff\xff"))
        case _:
            changed(root, dice)


def known_oids(node: Node, dice: random.Random) -> list[bytes]:
    """Of extensions, others of extensions, so that a value meets a reader that is not its own."""
    if node.content[:2] == b"\x55\x1d":
        return [dice.choice(list(EXTENSIONS))] * 3
    return [der.oid(dice.choice(OIDS))[2:]] * 3


def algorithm(root: Node, dice: random.Random) -> None:
    """Another algorithm or other parameters in one AlgorithmIdentifier, or what looks like one."""
    found = [n for n in root.everything() if n.children and n.children[0].tag == OID]
    if found:
        node = dice.choice(found)
        node.content = der.oid(dice.choice(OIDS)) + dice.choice(PARAMETERS)
        node.children = []


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Well-formed DER of another meaning; as it is where it cannot be taken apart."""
    with suppress(ValueError):
        (root,) = nodes(data)
        for _ in range(dice.choice((1, 1, 2, 3))):
            dice.choice((extreme, extreme, extreme, algorithm, changed))(root, dice)
        return root.encoded()
    return data


def under_another_algorithm(data: bytes, dice: random.Random) -> bytes:
    """Both places name the same algorithm, which is not the one that signed."""
    with suppress(ValueError, IndexError):
        (root,) = nodes(data)
        named = der.oid(dice.choice(OIDS)) + dice.choice(PARAMETERS)
        for node in (root.children[0].children[2], root.children[1]):
            node.content, node.children = named, []
        return root.encoded()
    return data


def _name(tag: int, dice: random.Random) -> bytes:
    return der.tlv(tag, dice.choice((*TEXTS, *ADDRESSES, *BROKEN_OIDS)))


def _number(dice: random.Random, tag: int = INTEGER) -> bytes:
    return der.tlv(tag, dice.choice(INTEGERS))


def _qualifier(dice: random.Random) -> bytes:
    notice = der.sequence(der.tlv(0x0C, b"x"), der.sequence(_number(dice), _number(dice)))
    said = dice.choice((der.tlv(0x16, dice.choice(TEXTS)), der.sequence(notice)))
    kind = der.oid(dice.choice(("1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2", "1.2.3")))
    return der.sequence(der.oid("1.2.3"), der.sequence(der.sequence(kind, said)))


ADDED: dict[str, Callable[[random.Random], bytes]] = {
    "2.5.29.16": lambda d: der.sequence(der.tlv(0x80, d.choice(TIMES))),
    "2.5.29.17": lambda d: der.sequence(
        *(_name(d.choice((0x81, 0x82, 0x86, 0x87, 0x88, 0xA0, 0xA4)), d) for _ in range(3))
    ),
    "2.5.29.19": lambda d: der.sequence(b"\x01\x01\xff", _number(d)),
    "2.5.29.30": lambda d: der.sequence(
        der.tlv(
            d.choice((0xA0, 0xA1)),
            der.sequence(
                _name(d.choice((0x81, 0x82, 0x86, 0x87, 0xA4, 0x88)), d),
                *d.choice(((), (_number(d, 0x80), _number(d, 0x81)))),
            ),
        )
    ),
    "2.5.29.31": lambda d: der.sequence(
        der.sequence(
            der.tlv(0xA0, der.tlv(0xA0, _name(0x86, d))),
            _number(d, 0x81),
            der.tlv(0xA2, der.tlv(0xA4, der.name_der("y"))),
        )
    ),
    "2.5.29.32": lambda d: der.sequence(_qualifier(d)),
    "2.5.29.33": lambda d: der.sequence(
        der.sequence(der.tlv(OID, d.choice(BROKEN_OIDS)), der.oid("1.2.3"))
    ),
    "2.5.29.35": lambda d: der.sequence(
        der.tlv(0x80, b"x"), der.tlv(0xA1, der.tlv(0xA4, der.name_der("y"))), _number(d, 0x82)
    ),
    "2.5.29.36": lambda d: der.sequence(_number(d, 0x80), _number(d, 0x81)),
    "2.5.29.37": lambda d: der.sequence(der.tlv(OID, d.choice(BROKEN_OIDS))),
    "2.5.29.54": _number,
    "1.3.6.1.5.5.7.1.1": lambda d: der.sequence(
        der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), _name(0x86, d))
    ),
}


@functools.cache
def gateways() -> tuple[Gateway, ...]:
    return stock_11("ec"), stock_12("ec"), stock_15("ec")


def case(dice: random.Random) -> tuple[bytes, dict[str, Any]]:
    """A chain, and with what it is judged."""
    gateway = dice.choice(gateways())
    role = dice.choice(list(gateway))
    way = dice.randrange(6)
    if way == 0:
        oid = dice.choice(list(ADDED))
        added = raw_extension(oid, ADDED[oid](dice), critical=dice.random() < 0.3)
        gateway = gateway.with_extension(role, added)
    elif way == 1:
        gateway = gateway.change(role, damage=lambda data: under_another_algorithm(data, dice))
    elif way == 2:
        gateway = gateway.change(role, damage=lambda data: mutated(data, dice))
    else:
        gateway = gateway.change(role, damage_tbs=lambda data: mutated(data, dice))
    try:
        chain = pem(*gateway.presented(), comments=False)
        trust = pem(*gateway.trust(), comments=False)
        made = crl(gateway.issued("root"), this_update=NOW, next_update=NOW).der
    except (ValueError, IndexError, KeyError):  # the certificate below cannot be made
        return case(dice)
    arguments: dict[str, Any] = {"trust": dice.choice((trust, trust, ()))}
    arguments["profile"] = dice.choice(("iot-edge", "iot-edge", "path", "rfc5280", "web-pki"))
    arguments["hostname"] = dice.choice((HOSTNAME, HOSTNAME, "192.0.2.1", None))
    if dice.random() < 0.4:
        arguments["crls"] = [mutated(made, dice)]
    if dice.random() < 0.3:
        files = ("trust_bundle", "device_ca_file", "identity_certificate", "os_trust")
        given: dict[str, Any] = dict.fromkeys(files, chain)
        runtime = dice.choice(("1.1", "1.5", None))
        arguments["device"] = edgecheck.Device(runtime=runtime, **given)
    return chain, arguments


def looked_at_further(report: edgecheck.Report) -> None:
    """All that can be asked of a report beside what `judged` asks."""
    text = render(report, color=True, unicode=True, width=80, verbose=True, clients=IDS)
    assert all(line.isprintable() or "\x1b[" in line for line in text.split("\n"))
    repr(report)
    assert isinstance(report.policies, tuple)
    for prediction in report.predictions:
        candidates(prediction.says, BUILT_IN)


@pytest.mark.parametrize("number", range(TESTS))
def test_an_extreme_value_gives_a_report(number: int) -> None:
    """`number` is the seed; a failure names the mutation by which it is found again."""
    dice = random.Random(f"structure {number}")
    for mutation in range(AT_ONCE):
        chain, arguments = case(dice)
        try:
            try:
                report = judged(chain, **arguments)
            except ValueError as refused:  # a trust in which nothing is a certificate any more
                if str(refused).startswith("trust: no certificate"):
                    continue
                raise
            looked_at_further(report)
            if mutation == 0:
                second_opinions(report.hierarchy.sequence, report=report)
        except BaseException as wrong:
            wrong.add_note(f"seed {number}, mutation {mutation}: {arguments}\n{chain.decode()}")
            raise
