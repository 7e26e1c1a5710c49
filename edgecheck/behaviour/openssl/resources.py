"""Addresses and numbers of autonomous systems that a certificate is for (RFC 3779).

X509v3_asid_validate_path and X509v3_addr_validate_path (crypto/x509/v3_asid.c and v3_addr.c), which
OpenSSL runs over every chain: nobody may list what the issuer does not list. They begin with the
server certificate, and end at once where that has no such extension.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.extensions import AS_NUMBERS, IP_ADDRESSES, decodes
from edgecheck.behaviour.openssl.tree import Node, tree
from edgecheck.reading.certificate import Certificate

Add = Callable[[int, int], None]
_BIT_STRING, _NULL = 3, 5
_OCTETS = {1: 4, 2: 16}
"""Octets of an address by the number of its family: IPv4, IPv6."""


class Range(NamedTuple):
    """From one number to another; `spelled` out where a prefix could not say it."""

    least: int
    most: int
    spelled: bool


Ranges = tuple[Range | None, ...]
"""None: what no address of the family can be."""
Held = dict[bytes, Ranges | None]
"""By family; None: inherited."""


def validate(chain: list[Certificate], add: Add) -> None:
    """Add the errors of the two extensions, the numbers of autonomous systems first."""
    for kind, read, in_order in (
        (AS_NUMBERS, _numbers, _ascends),
        (IP_ADDRESSES, _addresses, _is_canonical),
    ):
        if decodes(chain[0], kind):
            held = [read(one.extensions[kind]) if decodes(one, kind) else None for one in chain]
            _walk(held, in_order, add)


def _walk(held: list[Held | None], in_order: Callable[[Held], bool], add: Add) -> None:
    """The way up: what a certificate lists, the next one lists too, or leaves it unsaid."""
    first = held[0]
    assert first is not None
    if not in_order(first):
        add(e.INVALID_EXTENSION, 0)
    wanted = dict(first)
    for depth, above in enumerate(held[1:], 1):
        if above is None:
            if any(ranges is not None for ranges in wanted.values()):
                add(e.UNNESTED_RESOURCE, depth)
            continue
        if not in_order(above):
            add(e.INVALID_EXTENSION, depth)
        for family, ranges in wanted.items():
            if family not in above:
                if ranges is not None:
                    add(e.UNNESTED_RESOURCE, depth)
                continue
            listed = above[family]
            if listed is not None:
                if ranges is None or _contains(listed, ranges):
                    wanted[family] = listed
                else:
                    add(e.UNNESTED_RESOURCE, depth)
    last = held[-1]
    if last is not None and any(last[family] is None for family in last if family in wanted):
        add(e.UNNESTED_RESOURCE, len(held))  # where the count has come to, one above the root


def _contains(parent: Ranges, child: Ranges) -> bool:
    """addr_contains and asid_contains, which go through both in step."""
    left = iter(parent)
    above = next(left, None)
    for one in child:
        while one is not None and above is not None and above.most < one.most:
            above = next(left, None)
        if one is None or above is None or above.least > one.least:
            return False
    return True


def _numbers(value: bytes) -> Held:
    """ASIdentifiers: AS numbers under [0], routing domains under [1]."""
    found: Held = {}
    for field in tree(value).within:
        choice = field.within[0]
        found[bytes([field.number])] = None if choice.number == _NULL else _of_numbers(choice)
    return found


def _of_numbers(choice: Node) -> Ranges:
    ranges = []
    for one in choice.within:
        ends = [int.from_bytes(end.content, signed=True) for end in one.within or (one,)]
        ranges.append(Range(ends[0], ends[-1], bool(one.within)))
    return tuple(ranges)


def _ascends(held: Held) -> bool:
    """X509v3_asid_is_canonical: in order, with gaps between."""
    for ranges in held.values():
        if ranges is not None and not (ranges and _apart(ranges)):
            return False
    return True


def _apart(ranges: Ranges) -> bool:
    if any(one is None or one.least > one.most for one in ranges):
        return False
    pairs = pairwise(ranges)
    return all(a is not None and b is not None and a.most + 1 < b.least for a, b in pairs)


def _addresses(value: bytes) -> Held:
    """IPAddrBlocks: by families, each inherited or with prefixes and ranges."""
    found: Held = {}
    for block in tree(value).within:
        family, choice = block.within
        octets = _OCTETS.get(int.from_bytes(family.content[:2]), 0)
        listed = [_range(one, octets) for one in choice.within]
        if family.content in found:
            found[b""] = ()  # out of order
        found[family.content] = None if choice.number == _NULL else tuple(listed)
    return found


def _range(one: Node, octets: int) -> Range | None:
    """One prefix (a BIT STRING), or a range of two; None where it is too long (addr_expand)."""
    ends = (one, one) if one.number == _BIT_STRING else one.within
    least, most = (
        _expanded(end.content, octets, fill) for end, fill in zip(ends, (0, 1), strict=True)
    )
    if least is None or most is None:
        return None
    return Range(least, most, one.number != _BIT_STRING)


def _expanded(bits: bytes, octets: int, fill: int) -> int | None:
    count = len(bits) - 1
    if count < 0 or count > octets:
        return None
    given = 8 * count - bits[0] if count else 0
    number = int.from_bytes(bits[1:]) >> (8 * count - given)
    left = 8 * octets - given
    return number << left | (((1 << left) - 1) if fill else 0)


def _is_canonical(held: Held) -> bool:
    """X509v3_addr_is_canonical: families and ranges in order, with gaps, prefixes where it can."""
    families = list(held)
    if families != sorted(families):
        return False
    for family, ranges in held.items():
        if len(families) > 1 and len(family) not in (2, 3):
            return False
        if ranges is None:
            continue
        if len(family) not in (2, 3) or not ranges or not _apart(ranges):
            return False
        if any(one is not None and one.spelled and _is_prefix(one) for one in ranges):
            return False
    return True


def _is_prefix(one: Range) -> bool:
    size = one.most - one.least + 1
    return size & (size - 1) == 0 and one.least % size == 0
