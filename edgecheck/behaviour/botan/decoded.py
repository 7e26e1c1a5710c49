"""What Botan decodes of extensions (lib/x509/x509_ext.cpp and lib/asn1/ber_dec.cpp at 2.19.3).

Its decoder takes BER, and each extension says by itself whether anything may follow. What it throws
at becomes an extension that is not known, which only matters where it is critical.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from edgecheck.behaviour.strictly import NO_CA, Told
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import AuthorityKeyId, BasicConstraints

_MOST_LENGTH = 4
"""Octets of a length."""
_MOST_BITS = 32
"""Of a path length."""
_USAGE_SIZES = (2, 3)
"""Octets of a BIT STRING of usages, the count of unused bits among them."""
_KEY_ID, _INDEFINITE = 0x80, 0x80


class Open(Malformed):
    """BER in forms that are not followed here."""


class Element(NamedTuple):
    """A tag, contents, and where the next element begins."""

    tag: int
    contents: bytes
    next: int


def _element(data: bytes, at: int) -> Element:
    """BER_Decoder::get_next_object, where there is one.

    Raises:
        Malformed: it throws.
        Open: a tag above 30, an end of contents or an indefinite length.
    """
    tag = data[at]
    if tag & 0x1F == 0x1F or not tag:
        raise Open("a tag that is not followed")
    if at + 2 > len(data):
        raise Malformed("no length")
    length, start = data[at + 1], at + 2
    if length == _INDEFINITE:
        raise Open("an indefinite length")
    if length > _INDEFINITE:
        size = length - _INDEFINITE
        start += size
        if size > _MOST_LENGTH or start > len(data):
            raise Malformed("a length of too many octets")
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise Malformed("truncated")
    return Element(tag, data[start : start + length], start + length)


def _first(data: bytes, tag: int) -> Element:
    found = _element(data, 0) if data else None
    if found is None or found.tag != tag:
        raise Malformed("another tag")
    return found


def _basic_constraints(value: bytes) -> BasicConstraints:
    """One more element, the last, is passed over: a decoder does not count what it pushed back."""
    inner = _first(value, der.SEQUENCE).contents
    at, ca, length = 0, False, None
    element = _element(inner, at) if inner else None
    if element is not None and element.tag == der.BOOLEAN:
        if len(element.contents) != 1:
            raise Malformed("a BOOLEAN of another size")
        ca, at = element.contents != b"\0", element.next
        element = _element(inner, at) if at < len(inner) else None
    if element is not None and element.tag == der.INTEGER:
        length = int.from_bytes(element.contents, "big", signed=True)
        if length < 0 or length.bit_length() > _MOST_BITS:
            raise Malformed("no small number")
    if element is not None and element.next != len(inner):
        raise Malformed("data left")
    return BasicConstraints(ca, length)


def _key_usage(value: bytes) -> int:
    contents = _first(value, der.BIT_STRING).contents
    if len(contents) not in _USAGE_SIZES or contents[0] >= 8:
        raise Malformed("no usage")
    mask = -1 << contents[0]
    if len(contents) == 2:
        return (contents[1] & mask & 0xFF) << 8
    return contents[1] << 8 | contents[2] & mask & 0xFF


def _subject_key_id(value: bytes) -> bytes:
    found = _first(value, der.OCTET_STRING)
    if found.next != len(value):
        raise Malformed("data left")
    return found.contents


def _authority_key_id(value: bytes) -> AuthorityKeyId:
    """Nothing behind the key identifier is looked at, or anything else that comes first."""
    inner = _first(value, der.SEQUENCE).contents
    element = _element(inner, 0) if inner else None
    key_id = element.contents if element is not None and element.tag == _KEY_ID else None
    return AuthorityKeyId(key_id, (), None)


_READS = {
    reading.EXT_BASIC_CONSTRAINTS: (_basic_constraints, NO_CA),
    reading.EXT_KEY_USAGE: (_key_usage, None),
    reading.EXT_SUBJECT_KEY_ID: (_subject_key_id, None),
    reading.EXT_AUTHORITY_KEY_ID: (_authority_key_id, None),
}
KINDS = frozenset(_READS)


@lru_cache(maxsize=256)
def thrown_at(kind: bytes, value: bytes) -> bool:
    """Whether decode_inner throws, as far as it can be told; `kind` is one of those here."""
    try:
        _READS[kind][0](value)
    except Open:
        return False
    except Malformed:
        return True
    return False


def _told(kind: bytes, value: bytes) -> Any:
    read, otherwise = _READS[kind]
    return otherwise if thrown_at(kind, value) else read(value)


TOLD: Told = {
    "basic_constraints": lambda value: _told(reading.EXT_BASIC_CONSTRAINTS, value),
    "key_usage": lambda value: _told(reading.EXT_KEY_USAGE, value),
    "subject_key_id": lambda value: _told(reading.EXT_SUBJECT_KEY_ID, value),
    "authority_key_id": lambda value: _told(reading.EXT_AUTHORITY_KEY_ID, value),
}
"""Facts that are not in DER, as Botan has them; what counts for none where it throws."""
