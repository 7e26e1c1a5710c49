"""What Java cannot decode of names and purposes, and what it says then.

GeneralNames.java and ExtendedKeyUsageExtension.java of sun.security.x509, DerValue.java of
sun.security.util (25, alike at 17 but for ediPartyName). What is not critical and cannot be decoded
counts as absent up to 17; since 21 X509CertImpl.getExtensionIfParseable throws the words told here
at whoever asks for it. Java 17.0.15, 21.0.8 and 25.0.3 were asked.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.jsse.uris import wrong_constraint, wrong_uri
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.der import Malformed

_Element = tuple[int, int, int]
"""Tag, and where the contents begin and end."""
_MOST_OCTETS = 4
_CONSTRUCTED, _CLASS, _CONTEXT, _NUMBER = 0x20, 0xC0, 0x80, 0x1F
_CUT = "not enough content"
_ADDRESSES = (4, 8, 16, 32)


def _element(data: bytes, at: int, end: int) -> _Element:
    """DerValue's constructor, which reads BER. Indefinite lengths are beyond this."""
    if end - at < 2:
        raise Malformed("Too short")
    if data[at] & _NUMBER == _NUMBER:
        raise Malformed(f"Tag number over 30 at {at} is not supported")
    length, start = data[at + 1], at + 2
    if length == 0x80:
        raise ValueError("an indefinite length")
    if length > 0x80:
        octets = length & 0x7F
        if octets > _MOST_OCTETS:
            raise Malformed("Invalid lenByte")
        if end - at < 2 + octets:
            raise Malformed("Not enough length bytes")
        length = int.from_bytes(data[start : start + octets])
        start += octets
        if length >> 31:
            raise Malformed("Invalid length bytes")
    if start + length > end:
        raise Malformed(_CUT)
    return data[at], start, start + length


def _within(data: bytes, at: int, end: int) -> Iterator[_Element]:
    while at < end:
        yield (found := _element(data, at, end))
        at = found[2]


def _whole(value: bytes) -> _Element:
    found = _element(value, 0, len(value))
    if found[2] < len(value):
        raise Malformed("extra data at the end")
    return found


def _oid(data: bytes, element: _Element) -> None:
    """DerValue.getOID, and what ObjectIdentifier checks."""
    tag, start, end = element
    if tag != der.OID:
        raise Malformed(f"DerValue.getOID, not an OID {tag - 256 if tag > 127 else tag}")
    content = data[start:end]
    if not content or content[-1] & 0x80:
        raise Malformed("ObjectIdentifier() -- Invalid DER encoding, not ended")
    if re.search(rb"(?:^|[\x00-\x7f])\x80", content):
        raise Malformed("ObjectIdentifier() -- Invalid DER encoding, useless extra octet detected")


def _usages(value: bytes) -> None:
    tag, start, end = _whole(value)
    if tag != der.SEQUENCE:
        raise Malformed("Invalid encoding for ExtendedKeyUsageExtension.")
    for purpose in _within(value, start, end):
        _oid(value, purpose)


def _names(value: bytes) -> None:
    tag, start, end = _whole(value)
    if tag != der.SEQUENCE:
        raise Malformed("Invalid encoding for GeneralNames.")
    if start == end:
        raise Malformed("No data available in passed DER encoded value.")
    for entry in _within(value, start, end):
        _name(value, entry)


def _name(value: bytes, entry: _Element) -> None:
    """GeneralName: the kind by the number of the tag alone, then its class and form."""
    tag, start, end = entry
    number = tag & _NUMBER
    if number not in _FORMS:
        raise Malformed(f"Unrecognized GeneralName tag, ({number})")
    called, constructed, check = _FORMS[number]
    if tag & _CLASS != _CONTEXT or bool(tag & _CONSTRUCTED) is not constructed:
        raise Malformed(f"Invalid encoding of {called}")
    check(value, start, end)


def _other(data: bytes, at: int, end: int) -> None:
    first = _element(data, at, end)
    _oid(data, first)
    if _element(data, first[2], end)[0] != _CONTEXT | _CONSTRUCTED:
        raise Malformed("value is not EXPLICTly tagged [0]")  # codespell:ignore


def _mail(data: bytes, at: int, end: int) -> None:
    address = data[at:end]
    if not address:
        raise Malformed("RFC822Name may not be null or empty")
    domain = address[address.find(b"@") + 1 :]
    if not domain:
        raise Malformed("RFC822Name may not end with @")
    if domain == b".":
        raise Malformed("RFC822Name domain may not be just .")


def _uri(data: bytes, at: int, end: int) -> None:
    wrong = wrong_uri(data[at:end].decode("ascii", "replace"))
    if wrong is not None:
        raise Malformed(wrong)


def _address(data: bytes, at: int, end: int) -> None:
    if end - at not in _ADDRESSES:
        raise Malformed("Invalid IPAddressName")


def _registered(data: bytes, at: int, end: int) -> None:
    _oid(data, (der.OID, at, end))


def _directory(data: bytes, at: int, end: int) -> None:
    if at == end:
        return
    tag, start, stop = _element(data, at, end)
    if tag != der.SEQUENCE:
        raise Malformed("X500 RDN")
    try:
        raw.rdns(der.wrapped(der.SEQUENCE, data[start:stop]))
    except (Malformed, IndexError) as wrong:
        raise ValueError("a directory name in other words") from wrong


def _party(data: bytes, at: int, end: int) -> None:
    """EDIPartyName: names are looked for in primitive elements, where no encoder puts them."""
    parts = list(_within(data, at, end))
    if not 1 <= len(parts) <= 2:
        raise Malformed("Invalid encoding of EDIPartyName")
    found: dict[int, bool] = {}
    for tag, first, last in parts:
        if tag not in _PARTIES:
            continue
        if found.get(tag):
            raise Malformed(f"Duplicate {_PARTIES[tag]} found in EDIPartyName")
        inner, _, _ = _element(data, first, last)
        found[tag] = inner in _TEXTS
    if not found.get(_PARTY):
        raise Malformed(NO_PARTY)


def _any(data: bytes, at: int, end: int) -> None:
    """Nothing is looked at."""


_PARTY = 0x81
_PARTIES = {0x80: "nameAssigner", _PARTY: "partyName"}
_TEXTS = (12, 19, 20, 22, 27, 28, 30)
"""Tags of which DerValue.getAsString makes a text."""
NO_PARTY = "party cannot be missing"

_FORMS: dict[int, tuple[str, bool, Callable[[bytes, int, int], None]]] = {
    0: ("Other-Name", True, _other),
    1: ("RFC822 name", False, _mail),
    2: ("DNSName", False, _any),
    3: ("X400Address name", True, _any),
    4: ("Directory name", True, _directory),
    5: ("EDI name", True, _party),
    6: ("URI", False, _uri),
    7: ("IP address", False, _address),
    8: ("OID name", False, _registered),
}
"""What each is called in errors, whether it is constructed, and what its contents have to be."""
_READERS = {
    reading.EXT_SUBJECT_ALT_NAME: _names,
    reading.EXT_ISSUER_ALT_NAME: _names,
    reading.EXT_EXTENDED_KEY_USAGE: _usages,
}
KINDS = frozenset(_READERS)


@lru_cache(maxsize=256)
def wrong(kind: bytes, value: bytes) -> str | None:
    """Return what Java says of an extension of these kinds that it cannot decode; None: it can.

    Raises:
        ValueError: it is not known.
    """
    try:
        _READERS[kind](value)
    except Malformed as told:
        return str(told)
    return None


def wrong_bases(value: bytes) -> str | None:
    """Return what Java says of a name in nameConstraints that it cannot decode; None: it can.

    That is GeneralName with `nameConstraint`; the subtrees have to be in order.

    Raises:
        ValueError: it is not known.
    """
    _, start, end = _whole(value)
    try:
        for _, first, last in _within(value, start, end):
            for _, begin, stop in _within(value, first, last):
                _base(value, _element(value, begin, stop))
    except Malformed as told:
        return str(told)
    return None


def _base(value: bytes, entry: _Element) -> None:
    tag, start, end = entry
    if tag != raw.URI:
        _name(value, entry)
        return
    wrong = wrong_constraint(value[start:end].decode("ascii", "replace"))
    if wrong is not None:
        raise Malformed(wrong)


def exception(told: str) -> str:
    """Return the class of the exception with these words."""
    return "java.io.EOFException" if told == _CUT else "java.io.IOException"


def usages(value: bytes) -> tuple[str, ...]:
    """Return the purposes of an extKeyUsage that Java can decode, perhaps none."""
    _, start, end = _whole(value)
    return tuple(der.oid_text(value[at:stop]) for _, at, stop in _within(value, start, end))


def entries(value: bytes) -> tuple[raw.GeneralName, ...]:
    """Return the tags and contents of names that Java can decode."""
    _, start, end = _whole(value)
    return tuple((tag, value[at:stop]) for tag, at, stop in _within(value, start, end))


def unencodable(value: bytes) -> bool:
    """Whether up to 17 it is only for want of a party that a name is none.

    There it is decoded, and makeAltNames (X509CertImpl.java) cannot encode it again.
    """
    tag, start, end = _whole(value)
    lacking = False
    for entry in _within(value, start, end) if tag == der.SEQUENCE else ():
        try:
            _name(value, entry)
        except Malformed as told:
            if str(told) != NO_PARTY:
                return False
            lacking = True
    return lacking


def unprintable(value: bytes) -> bool:
    """Whether makeAltNames (X509CertImpl.java) stumbles at a network whose mask is none."""
    _, start, end = _whole(value)
    return any(
        tag == raw.IP and stop - at == _ADDRESSES[-1] and not _is_mask(value[at + 16 : stop])
        for tag, at, stop in _within(value, start, end)
    )


def _is_mask(octets: bytes) -> bool:
    bits = f"{int.from_bytes(octets):0{8 * len(octets)}b}"
    return "01" not in bits
