"""Pieces of certificates as bytes, for models that compare what they find byte by byte."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from edgecheck.behaviour.damaged import DAMAGED
from edgecheck.reading import der, extensions
from edgecheck.reading.certificate import (
    EXT_AUTHORITY_KEY_ID,
    EXT_BASIC_CONSTRAINTS,
    EXT_EXTENDED_KEY_USAGE,
    EXT_KEY_USAGE,
    EXT_NAME_CONSTRAINTS,
    EXT_SUBJECT_ALT_NAME,
    EXT_SUBJECT_KEY_ID,
    Certificate,
    Unreadable,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.late import late
from edgecheck.reading.names import name
from edgecheck.reading.plainly import plainly

EMAIL, DNS, DIRECTORY, URI, IP = 0x81, 0x82, 0xA4, 0x86, 0x87
"""Tags of GeneralName (RFC 5280, section 4.2.1.6)."""

GeneralName = tuple[int, bytes]
"""Tag and contents."""


class Constraints(NamedTuple):
    """The bases of nameConstraints, as they stand."""

    permitted: tuple[GeneralName, ...] = ()
    excluded: tuple[GeneralName, ...] = ()


def alt_names(certificate: Certificate) -> tuple[GeneralName, ...] | None:
    """The entries of subjectAltName in order; None where the extension is absent.

    Raises:
        Malformed: not a sequence of elements.
    """
    value = certificate.extensions.get(EXT_SUBJECT_ALT_NAME)
    return None if value is None else _alt_names(value)


@lru_cache(maxsize=64)
def _alt_names(value: bytes) -> tuple[GeneralName, ...]:
    start, end = der.only(value, der.SEQUENCE, "subjectAltName")
    return tuple((tag, value[a:b]) for tag, a, b in der.elements(value, start, end))


@lru_cache(maxsize=64)
def constraints(certificate: Certificate) -> Constraints | None:
    """The bases of nameConstraints in order; None where the extension is absent.

    Raises:
        Malformed: not what RFC 5280, section 4.2.1.10, describes.
    """
    value = certificate.extensions.get(EXT_NAME_CONSTRAINTS)
    return None if value is None else subtrees(value)


@lru_cache(maxsize=64)
def subtrees(value: bytes) -> Constraints:
    """The same of the extension's value."""
    start, end = der.only(value, der.SEQUENCE, "nameConstraints")
    found: dict[int, tuple[GeneralName, ...]] = {}
    for tag, at, stop in der.elements(value, start, end):
        if tag not in (0xA0, 0xA1) or tag in found:
            raise Malformed(f"nameConstraints: an element with tag 0x{tag:02x}")
        bases = []
        for subtree, first, last in der.elements(value, at, stop):
            if subtree != der.SEQUENCE:
                raise Malformed("nameConstraints: a subtree that is no SEQUENCE")
            base, a, b = der.element(value, first, last)
            bases.append((base, value[a:b]))
        found[tag] = tuple(bases)
    return Constraints(found.get(0xA0, ()), found.get(0xA1, ()))


def in_network(value: bytes, base: bytes) -> bool:
    """Whether an address lies in a network, given as address and mask of its length."""
    size = len(value)
    if len(base) != 2 * size:
        return False
    differing = int.from_bytes(value) ^ int.from_bytes(base[:size])
    return not differing & int.from_bytes(base[size:])


def common_names(certificate: Certificate) -> list[tuple[int, bytes]]:
    """String tag and contents of every commonName in the subject, in order."""
    return [
        (tag, value) for kind, tag, value in attributes(certificate.subject_raw) if kind == _COMMON
    ]


def decoded_common_names(certificate: Certificate) -> list[tuple[int, bytes]]:
    """The same, where wide characters (BMPString, UniversalString) become UTF-8."""
    return [(tag, in_utf8(tag, value)) for tag, value in common_names(certificate)]


def in_utf8(tag: int, value: bytes) -> bytes:
    """A string of two or four octets for each character, in UTF-8; any other as it stands."""
    wide = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}.get(tag)
    return value if wide is None else value.decode(wide, "replace").encode()


_COMMON = b"\x55\x04\x03"


Attribute = tuple[bytes, int, bytes]
"""Type, string tag and contents."""


def rdns(distinguished: bytes) -> list[list[Attribute]]:
    """The relative names of a Name in order, each as its attributes.

    Raises:
        Malformed: not what RFC 5280, section 4.1.2.4, describes.
    """
    return name(distinguished).parts


@lru_cache(maxsize=64)
def attributes(name: bytes) -> tuple[Attribute, ...]:
    """Every attribute of a Name, in order.

    Raises:
        Malformed: not what RFC 5280, section 4.1.2.4, describes.
    """
    found = []
    start, end = der.only(name, der.SEQUENCE, "Name")
    for _, first, last in der.elements(name, start, end):
        for _, a, b in der.elements(name, first, last):
            found.append(attribute(name, a, b))
    return tuple(found)


def attribute(name: bytes, start: int, end: int) -> Attribute:
    """Return type, tag and value of the attribute that has these bounds in a Name.

    What stands behind the value is not looked at.

    Raises:
        Malformed: there are not so many.
    """
    parts = der.elements(name, start, end)
    if len(parts) < 2:
        raise Malformed("an attribute without a value")
    (_, t, u), (tag, v, w) = parts[:2]
    return name[t:u], tag, name[v:w]


NAMES_KEPT = 4096
"""Names that each library's way to compare them is kept of: those of the largest input, so that
each is taken apart once."""


def same_by(one: bytes, other: bytes, canonical: Callable[[bytes], object]) -> bool:
    """Whether two Names are equal in what a library compares of them.

    Of a name that cannot be taken apart only the same bytes are equal.
    """
    if one == other:
        return True
    try:
        return canonical(one) == canonical(other)
    except DAMAGED:
        return False


@lru_cache(maxsize=64)
def rdn_count(name: bytes) -> int:
    """How many relative distinguished names a Name's DER has."""
    start, end = der.only(name, der.SEQUENCE, "Name")
    return len(der.elements(name, start, end))


@lru_cache(maxsize=64)
def version(certificate: Certificate) -> int:
    """The version as it stands, counted from 1, also where no such version exists."""
    return _beginning(certificate.tbs)[0]


@lru_cache(maxsize=64)
def serial(certificate: Certificate) -> bytes:
    """The contents of the serial number, as they stand."""
    return _beginning(certificate.tbs)[1]


@lru_cache(maxsize=64)
def _beginning(tbs: bytes) -> tuple[int, bytes]:
    """Version and serial number."""
    start, end = der.only(tbs, der.SEQUENCE, "TBSCertificate")
    der.elements(tbs, start, end)  # what is no DER further on, some refuse and some do not
    tag, first, last = der.element(tbs, start, end)
    version = 1
    if tag == 0xA0:
        _, a, b = der.element(tbs, first, last)
        version = int.from_bytes(tbs[a:b], "big", signed=True) + 1
        _, first, last = der.element(tbs, last, end)
    return version, tbs[first:last]


_READERS: dict[str, tuple[bytes, Callable[[bytes], Any]]] = {
    "basic_constraints": (EXT_BASIC_CONSTRAINTS, extensions.basic_constraints),
    "key_usage": (EXT_KEY_USAGE, extensions.key_usage),
    "extended_key_usage": (EXT_EXTENDED_KEY_USAGE, extensions.extended_key_usage),
    "subject_key_id": (EXT_SUBJECT_KEY_ID, extensions.subject_key_id),
    "authority_key_id": (EXT_AUTHORITY_KEY_ID, extensions.authority_key_id),
    "alt_names": (EXT_SUBJECT_ALT_NAME, extensions.subject_alt_name),
}


def has_more_behind(certificate: Certificate, fact: str) -> bool:
    """Whether bytes stand behind the value of an extension, within its OCTET STRING."""
    value = certificate.extensions.get(_READERS[fact][0])
    if value is None or fact not in certificate.damage:
        return False
    try:
        _, _, end = der.element(value, 0, len(value))
    except Malformed:
        return False
    return end < len(value)


def first_of(certificate: Certificate, fact: str) -> Any:
    """A fact from an extension, by the first element of its value: what is behind is not looked at.

    Raises:
        Unreadable: it is damaged in another way, or there twice.
    """
    try:
        return getattr(certificate, fact)
    except Unreadable:
        kind, read = _READERS[fact]
        if kind in certificate.duplicate_extensions or not has_more_behind(certificate, fact):
            raise
        value = certificate.extensions[kind]
        try:
            return read(value[: der.element(value, 0, len(value))[2]])
        except DAMAGED as damaged:
            raise Unreadable(certificate, fact, plainly(damaged)) from damaged


def all_usages(certificate: Certificate) -> int | None:
    """Return keyUsage with the bits that it says are unused, which NSS and GnuTLS read too.

    None where it is absent.

    Raises:
        Unreadable: it is damaged.
    """
    found: int | None = certificate.key_usage
    value = certificate.extensions.get(EXT_KEY_USAGE, b"")
    if found is None or value[:1] != _BIT_STRING:
        return found
    start, end = der.body(value, 0)
    return int.from_bytes(value[start + 1 : min(end, start + 3)].ljust(2, b"\0"))


def usages(certificate: Certificate) -> tuple[str, ...] | None:
    """ExtKeyUsage, which many read although it is empty; None where it is absent.

    Raises:
        Unreadable: it is damaged in another way.
    """
    if certificate.extensions.get(EXT_EXTENDED_KEY_USAGE) == b"\x30\x00":
        return ()
    found: tuple[str, ...] | None = first_of(certificate, "extended_key_usage")
    return found


_LONG_BOOLEAN = late(rb"\x30[^\x80-\xff]\x01[^\x01]", re.DOTALL)
_BIT_STRING = b"\x03"
_ANY_BOOLEAN = late(rb"\x30[^\x80-\xff]\x01\x01[^\x00\xff].*", re.DOTALL)


def basic_constraints(certificate: Certificate) -> extensions.BasicConstraints | None:
    """BasicConstraints, also where cA is TRUE in another octet than DER's.

    OpenSSL (asn1_ex_c2i in tasn_dec.c, which copies the octet) and Java (DerValue.getBoolean) take
    any octet but zero; measured with OpenSSL 3.0 and Java 17, which refuse two octets or none.

    Raises:
        Unreadable: it is damaged in another way.
    """
    value = certificate.extensions.get(EXT_BASIC_CONSTRAINTS, b"")
    once = EXT_BASIC_CONSTRAINTS not in certificate.duplicate_extensions
    if once and _ANY_BOOLEAN.fullmatch(value):
        try:
            value = value[: der.element(value, 0, len(value))[2]]
            return extensions.basic_constraints(value[:4] + b"\xff" + value[5:])
        except Malformed as wrong:
            raise Unreadable(certificate, "basic_constraints", str(wrong)) from None
    found: extensions.BasicConstraints | None = first_of(certificate, "basic_constraints")
    return found


def has_long_boolean(certificate: Certificate) -> bool:
    """Whether basicConstraints begin with a BOOLEAN of another length than one octet."""
    return _LONG_BOOLEAN.match(certificate.extensions.get(EXT_BASIC_CONSTRAINTS, b"")) is not None


def negative_path_length(certificate: Certificate) -> bytes | None:
    """The contents of a path length below 0 of a CA, whose basicConstraints are there once."""
    value = certificate.extensions.get(EXT_BASIC_CONSTRAINTS, b"")
    if EXT_BASIC_CONSTRAINTS in certificate.duplicate_extensions:
        return None
    try:
        parts = der.elements(value, *der.only(value, der.SEQUENCE, "basicConstraints"))
    except Malformed:
        return None
    ca, length = (value[first:last] for _, first, last in (*parts, (0, 0, 0), (0, 0, 0))[:2])
    is_ca = [tag for tag, _, _ in parts[:2]] == [der.BOOLEAN, der.INTEGER] and ca == b"\xff"
    return length if is_ca and length[:1] >= b"\x80" else None


def has_negative_path_length(certificate: Certificate) -> bool:
    """Whether it has one."""
    return negative_path_length(certificate) is not None
