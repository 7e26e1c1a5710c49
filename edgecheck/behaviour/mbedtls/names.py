"""Host names as mbedTLS compares them: x509_crt_verify_name (library/x509_crt.c).

Of 2.28.3, which knows DNS names alone, and of 3.6.6, which takes addresses and URIs too.
"""

from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.behaviour.mbedtls.parse import Parsed, parsed
from edgecheck.behaviour.mbedtls.versions import V3_6_6, Version
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.hostnames import Address

_TEXT = (0x0C, 0x13)
"""UTF8String and PrintableString, which compare without regard to case."""
_NUMBER = 0x1F
"""The bits of a tag that tell the form of a name, however it is constructed."""


def matches(leaf: Certificate, host: Host, version: Version) -> bool:
    """Names of the subjectAltName, where it is there, else common names; these also by address."""
    facts = parsed(leaf, version)
    if isinstance(facts, Parsed):
        entries = facts.extensions.alt_names
    else:  # the names of what it does not take
        entries = raw.alt_names(leaf) if leaf.version == 3 else None
    if entries is None:
        return any(_matches(value, host.octets) for _, value in raw.common_names(leaf))
    names = [(tag & _NUMBER, value) for tag, value in entries]
    if any(_matches(value, host.octets) for form, value in names if form == raw.DNS & _NUMBER):
        return True
    if version < V3_6_6:
        return False
    address = None if host.address is None else _as_read(host.octets, host.address)
    return (raw.IP & _NUMBER, address) in names or (raw.URI & _NUMBER, host.octets) in names


def _as_read(typed: bytes, address: Address) -> bytes | None:
    """mbedtls_x509_crt_parse_cn_inet_pton: inet_pton, which knows no zones."""
    return None if b"%" in typed else address.packed


def _matches(name: bytes, host: bytes) -> bool:
    if name.lower() == host.lower():
        return True
    if len(name) < 3 or name[:2] != b"*.":
        return False
    dot = host.find(b".")
    return dot > 0 and host[dot:].lower() == name[1:].lower()


def same(one: bytes, other: bytes) -> bool:
    """x509_name_cmp: UTF8String and PrintableString without regard to case, all else by bytes."""
    return raw.same_by(one, other, _folded)


@lru_cache(maxsize=raw.NAMES_KEPT)
def _folded(name: bytes) -> list[list[raw.Attribute]]:
    return [[_folded_attribute(*attribute) for attribute in rdn] for rdn in raw.rdns(name)]


def _folded_attribute(kind: bytes, tag: int, value: bytes) -> raw.Attribute:
    return (kind, 0, value.lower()) if tag in _TEXT else (kind, tag, value)
