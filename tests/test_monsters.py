"""Certificates that somebody might make on purpose: no exception, an end, and a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import edgecheck
from fixtures import der
from fixtures.crl import crl
from fixtures.pki import (
    Extension,
    Spec,
    authority_key_id,
    basic_constraints,
    issue,
    key_usage,
    pem,
    raw_extension,
    raw_time,
    subject_alt_name,
    subject_key_id,
)
from fixtures.stock import NOW, stock_11
from tests.examples import LONG
from tests.test_any_bytes import armoured, containers, judged, made, nodes, stock_trust


def nested(depth: int) -> bytes:
    inside = b""
    for _ in range(depth):
        inside = der.sequence(inside)
    return inside


def issuer_and_serial(name: str, serial: bytes) -> Extension:
    """An authorityKeyIdentifier without the key's."""
    directory = der.tlv(0xA1, der.tlv(0xA4, der.name_der(name)))
    return raw_extension("authorityKeyIdentifier", der.sequence(directory, der.tlv(0x82, serial)))


def with_first(sequence: bytes, first: bytes) -> bytes:
    """A sequence with another first element."""
    (outer,) = nodes(sequence)
    return der.sequence(first, *(child.encoded() for child in outer.children[1:]))


def rsa_key(modulus: bytes, exponent: bytes) -> bytes:
    """A SubjectPublicKeyInfo, of numbers as they are."""
    numbers = der.sequence(der.integer(modulus), der.integer(exponent))
    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.1"), b"\x05\0")
    return der.sequence(algorithm, der.bit_string(numbers))


def under_pss(parameters: bytes) -> bytes:
    """A certificate that says in both places to be signed by RSASSA-PSS."""
    (root,) = nodes(made(key="rsa2048-1", public_key=rsa_key(b"\0\xff" + b"\x55" * 255, b"\3")))
    for node in (root.children[0].children[2], root.children[1]):
        node.content, node.children = der.oid("1.2.840.113549.1.1.10") + parameters, []
    return root.encoded()


LARGE = b"\x7f" + b"\xff" * 4_000  # more than 4,300 decimal digits, at which Python stops
LONG_OID = der.tlv(0x06, b"\x55" + b"\xff" * 4_000 + b"\x7f")
HOSTILE = "\x1b[2J\x1b]0;x\x07\u202e\u2066\r\n\0\u200b```\n# <b>|[x](y)`"
MONSTERS: dict[str, Callable[[], Any]] = {
    "a serial number of 4,000 octets": lambda: made(serial=LARGE),
    "a negative serial number of 4,000 octets": lambda: made(serial=b"\x80" + b"\0" * 4_000),
    "a version of 4,000 octets": lambda: made(
        damage_tbs=lambda tbs: with_first(tbs, der.tlv(0xA0, der.integer(LARGE)))
    ),
    "an RSA key with an exponent of 4,000 octets": lambda: made(
        public_key=rsa_key(b"\0\xff" + b"\x55" * 4_097, b"\x7f" + b"\xff" * 4_000)
    ),
    "an RSA key with a modulus of 4,000 octets": lambda: made(
        public_key=rsa_key(b"\0\xff" + b"\x55" * 3_999, b"\x03")
    ),
    "RSASSA-PSS without parameters": lambda: under_pss(b""),
    "RSASSA-PSS with a hash that nobody knows": lambda: under_pss(
        der.sequence(der.tlv(0xA0, der.sequence(der.oid("1.2.3"))))
    ),
    "RSASSA-PSS with a salt of 4,000 octets": lambda: under_pss(
        der.sequence(der.tlv(0xA2, der.integer(LARGE)))
    ),
    "times beyond the calendar": lambda: made(
        not_before=raw_time(der.tlv(0x18, b"00010101000000+0100")),
        not_after=raw_time(der.tlv(0x18, b"99991231235959-0100")),
    ),
    "a path length of 4,000 octets": lambda: made(
        extensions=(
            raw_extension(
                "basicConstraints",
                der.sequence(b"\x01\x01\xff", der.tlv(0x02, LARGE)),
            ),
        )
    ),
    "a name whose type has 4,000 octets": lambda: made(
        subject=der.sequence(der.tlv(0x31, der.sequence(LONG_OID, der.tlv(0x0C, b"x"))))
    ),
    "a purpose of 4,000 octets": lambda: made(
        extensions=(raw_extension("extendedKeyUsage", der.sequence(LONG_OID)),)
    ),
    "an issuer's serial number of 4,000 octets": lambda: [
        made(extensions=(issuer_and_serial("monster", LARGE),)),
        made(key="p256-2", extensions=(basic_constraints(True),), serial=LARGE[:-1]),
    ],
    "an extension whose type has 4,000 octets": lambda: made(
        extensions=(raw_extension("1.2." + "9" * 2_000, b"", critical=True),),
    ),
    "hostile text everywhere": lambda: made(
        subject=[("CN", HOSTILE), ("O", HOSTILE), ("1.2.3", HOSTILE)],
        extensions=(
            raw_extension(
                "subjectAltName",
                der.sequence(der.tlv(0x82, HOSTILE.encode()), der.tlv(0x82, b"a\x1b[2J\n`")),
            ),
        ),
    ),
    "a name of a megabyte": lambda: made(subject="x" * 1_000_000),
    "a thousand names": lambda: made(subject=[("CN", f"name {n}") for n in range(1_000)]),
    "ten thousand alternative names": lambda: made(
        extensions=(subject_alt_name(dns=[f"h{n}.example" for n in range(10_000)]),)
    ),
    "lists in lists, 5,000 deep": lambda: nested(5_000),
    "a name of lists, 5,000 deep": lambda: made(subject=nested(5_000)),
    "a thousand critical extensions": lambda: made(
        extensions=tuple(raw_extension(f"1.2.3.{n}", b"", critical=True) for n in range(1_000))
    ),
    "the same certificate 3,000 times": lambda: made() * 3_000,
    "the same block 3,000 times": lambda: armoured(made()) * 3_000,
    "a PKCS#7 of four million empty elements": lambda: der.sequence(
        der.oid("1.2.840.113549.1.7.2"),
        der.tlv(0xA0, der.sequence(der.integer(1), der.tlv(0xA0, b"\x30\0" * 4_000_000))),
    ),
    "a PKCS#7 of lists without an end": lambda: der.sequence(
        der.oid("1.2.840.113549.1.7.2"), b"\x30\x80" * 1_000_000
    ),
    "300 blocks of PKCS#12": lambda: (
        armoured(containers()[1]).replace(b"CERTIFICATE", b"PKCS12") * 300
    ),
    "20,000 empty blocks": lambda: armoured(b"") * 20_000,
    "a million line ends": lambda: b"\r\n" * 1_000_000,
    "a megabyte of dashes": lambda: b"-" * 1_000_000,
    "20,000 begins": lambda: b"-----BEGIN CERTIFICATE-----\n" * 20_000,
    "many of one name and other keys": lambda: [
        made(key=f"p256-{1 + n % 8}", serial=n + 1, extensions=(basic_constraints(True),))
        for n in range(300)
    ],
    "a mesh of authorities that sign each other": lambda: mesh(12),
}


def mesh(size: int) -> list[bytes]:
    """Each of `size` names is certified by each other one: as many paths as there are orders."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    usual = (basic_constraints(True), key_usage("keyCertSign"), subject_key_id())
    roots = [
        issue(Spec(f"CA {n}", f"p256-{1 + n % 8}", start, end, usual, serial=n + 1))
        for n in range(size)
    ]
    server = Spec("gw", "p256-1", start, end, (authority_key_id(),), serial=1)
    crossed = [
        issue(issued.spec.with_(serial=1000 * n + m + 2000), by)
        for n, issued in enumerate(roots)
        for m, by in enumerate(roots)
        if by is not issued
    ]
    return [certificate.der for certificate in (issue(server, roots[0]), *crossed)]


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_gives_a_report(name: str) -> None:
    monster = MONSTERS[name]()
    judged(monster)
    judged(monster, trust=stock_trust())


@pytest.mark.parametrize("name", list(MONSTERS)[:: 1 if LONG else 3])
def test_a_monster_as_trust_or_in_the_device_does_no_harm(name: str) -> None:
    """A trust that holds nothing readable is refused; anything else is used."""
    monster = MONSTERS[name]()
    chain = pem(*stock_11("ec").presented())
    if isinstance(monster, bytes):
        judged(chain, device=edgecheck.Device(trust_bundle=monster, device_ca_file=monster))
    try:
        judged(chain, trust=monster)
    except ValueError as refused:
        assert str(refused).startswith("trust: no certificate")


def test_a_crl_with_a_number_of_4_000_octets_gives_a_report() -> None:
    """It is told cut, in hexadecimal, where a CRL that was not used is named."""
    gateway = stock_11("ec")
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    number = int.from_bytes(LARGE, "big")
    made = crl(gateway.issued("root"), this_update=NOW, next_update=NOW, number=number).der
    report = judged(
        chain,
        trust=trust,
        crls=[made],
        validation=edgecheck.Validation(revocation="require"),
        at=NOW + timedelta(days=1),
    )
    assert "0x7fffffff" in report.to_json()
