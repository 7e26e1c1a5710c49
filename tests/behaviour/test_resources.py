"""Addresses and AS numbers of RFC 3779: OpenSSL holds a chain to them, from the server up.

What it says to each of these chains was recorded with `openssl verify` 3.0.20 and OpenSSL 4.0.3.
"""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl import resources
from fixtures import stock
from fixtures.der import integer, sequence, tlv
from fixtures.gateway import Gateway
from fixtures.pki import pem, raw_extension

V4, V6 = b"\x00\x01", b"\x00\x02"
INHERIT = b"\x05\x00"


def prefix(*octets: int, unused: int = 0) -> bytes:
    return tlv(3, bytes([unused, *octets]))


def span(least: bytes, most: bytes) -> bytes:
    return sequence(least, most)


def blocks(*families: tuple[bytes, bytes]) -> bytes:
    """ipAddrBlocks: each family with `INHERIT`, or with a SEQUENCE of prefixes and ranges."""
    return sequence(*(sequence(tlv(4, family), choice) for family, choice in families))


def addresses(*listed: bytes) -> bytes:
    return blocks((V4, sequence(*listed)))


def numbers(*listed: bytes) -> bytes:
    return sequence(tlv(0xA0, sequence(*listed)))


TEN, TEN_0 = prefix(10), prefix(10, 0)
OTHER = prefix(192, 168)
ANY_NUMBER = sequence(tlv(0xA0, INHERIT))
Chain = tuple[bytes | None, bytes | None, bytes | None, bytes | None]
"""Of the server, the device CA, the intermediate and the root."""

ADDRESSES: dict[str, tuple[Chain, list[tuple[int, int]]]] = {
    "none": ((None, None, None, None), []),
    "only above": ((None, addresses(TEN), None, addresses(OTHER)), []),
    "the same everywhere": ((addresses(TEN),) * 4, []),
    "less and less": (
        (addresses(TEN_0), addresses(TEN), addresses(TEN), addresses(TEN, OTHER)),
        [],
    ),
    "more than above": (
        (addresses(TEN), addresses(TEN_0), addresses(TEN), addresses(TEN)),
        [(e.UNNESTED_RESOURCE, 1)],
    ),
    "left out above": (
        (addresses(TEN), None, addresses(TEN), addresses(TEN)),
        [(e.UNNESTED_RESOURCE, 1)],
    ),
    "inherited": ((blocks((V4, INHERIT)), None, addresses(TEN), addresses(TEN)), []),
    "inherited by the root": (
        (addresses(TEN), addresses(TEN), addresses(TEN), blocks((V4, INHERIT))),
        [(e.UNNESTED_RESOURCE, 4)],
    ),
    "another family above": (
        (addresses(TEN), *(blocks((V6, sequence(prefix(0x20, 1)))),) * 3),
        [(e.UNNESTED_RESOURCE, 1)],
    ),
    "out of order": (
        (addresses(OTHER, TEN), *(addresses(TEN, OTHER),) * 3),
        [(e.INVALID_EXTENSION, 0)],
    ),
    "a range that is a prefix": (
        (addresses(span(prefix(10), prefix(10))), *(addresses(TEN),) * 3),
        [(e.INVALID_EXTENSION, 0)],
    ),
    "a range that is none": ((addresses(span(prefix(10), prefix(12))),) * 4, []),
    "a range that ends before it begins": (
        (addresses(span(prefix(12), prefix(10))), *(addresses(TEN),) * 3),
        [(e.INVALID_EXTENSION, 0)],
    ),
    "no range at all": ((addresses(), *(addresses(TEN),) * 3), [(e.INVALID_EXTENSION, 0)]),
}
NUMBERS: dict[str, tuple[Chain, list[tuple[int, int]]]] = {
    "within": (
        (
            numbers(integer(64500)),
            numbers(span(integer(64496), integer(64511))),
            numbers(span(integer(64496), integer(64511))),
            numbers(integer(1), span(integer(64496), integer(64511))),
        ),
        [],
    ),
    "beside": (
        (numbers(integer(64500)), *(numbers(integer(64501)),) * 3),
        [(e.UNNESTED_RESOURCE, 1)],
    ),
    "inherited": ((ANY_NUMBER, None, None, numbers(integer(64500))), []),
    "adjacent": (
        (numbers(integer(1), integer(2)), *(numbers(span(integer(1), integer(2))),) * 3),
        [(e.INVALID_EXTENSION, 0)],
    ),
}


def gateway(oid: str, values: Chain) -> Gateway:
    """A gateway whose certificates have these values, from the server up."""
    made = stock.stock_15().change("server", serial=None)
    for role, value in zip(list(made), values, strict=True):
        if value is not None:
            made = made.with_extension(role, raw_extension(oid, value))
    return made


CASES = {
    **{f"addresses: {name}": ("1.3.6.1.5.5.7.1.7", *case) for name, case in ADDRESSES.items()},
    **{f"numbers: {name}": ("1.3.6.1.5.5.7.1.8", *case) for name, case in NUMBERS.items()},
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_error_is_openssls(name: str) -> None:
    """Its number and the certificate at which it is, or none; and a finding says so."""
    oid, values, wanted = CASES[name]
    made = gateway(oid, values)
    chain = pem(*(made.issued(role) for role in made), comments=False)
    trust = pem(*made.trust(), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    path = report.hierarchy.path
    assert path is not None
    found: list[tuple[int, int]] = []
    resources.validate(list(path), lambda number, depth: found.append((number, depth)))
    assert found[:1] == wanted
    rules = {finding.rule.id for finding in report.findings}
    assert ("extension.internet-resources" in rules) is bool(wanted)
    assert report.ok is not bool(wanted)
    (says,) = (one.says for one in report.predictions if one.client == "pyopenssl-ossl4.0.3")
    number, depth = wanted[0] if wanted else (0, 0)
    assert says.startswith(f"error {number} at {depth} depth lookup: " if wanted else "")
    assert bool(says) is bool(wanted)


def test_an_address_of_too_many_octets_is_no_address() -> None:
    """Five octets of IPv4 are out of order in themselves."""
    five = addresses(span(prefix(10, 0, 0, 0, 1), prefix(11)))
    made = gateway("1.3.6.1.5.5.7.1.7", (five, None, None, None))
    chain = pem(*(made.issued(role) for role in made), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, pem(*made.trust()), stock.NOW)
    assert "extension.internet-resources" in {one.rule.id for one in report.findings}
