"""Host names as mbedTLS compares them: x509_crt_verify_name (library/x509_crt.c at 2.28.3)."""

from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.reading.certificate import Certificate

_TEXT = (0x0C, 0x13)
"""UTF8String and PrintableString, which compare without regard to case."""


def matches(leaf: Certificate, host: Host) -> bool:
    """Names of the subjectAltName, where it is there, else common names; an address as a text."""
    entries = raw.alt_names(leaf) if leaf.version == 3 else None
    if entries is not None:
        return any(tag == raw.DNS and _matches(value, host.octets) for tag, value in entries)
    return any(_matches(value, host.octets) for _, value in raw.common_names(leaf))


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
