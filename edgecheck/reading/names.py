"""Distinguished names: read, compared and shown (RFC 5280, sections 4.1.2.4 and 7.1)."""

import struct
import unicodedata
from functools import lru_cache
from typing import Any

from edgecheck.reading import der
from edgecheck.reading.der import Malformed
from edgecheck.reading.strings import plain

SHORT = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "street",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.42": "GN",
    "2.5.4.46": "dnQualifier",
    "2.5.4.65": "pseudonym",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
}
"""Attribute types by their usual short names (RFC 4519, section 2; RFC 2985 for e-mail)."""
IN_WORDS = {
    "C": "country",
    "CN": "common name",
    "DC": "domain part",
    "L": "locality",
    "O": "organization",
    "OU": "organizational unit",
    "ST": "state",
}
"""The same for somebody who does not know the letters."""

_COMMON_NAME = bytes.fromhex("550403")
CODECS = {
    0x0C: "utf-8",  # UTF8String
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # TeletexString: what every implementation makes of it
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}


Rdns = tuple[tuple[tuple[str, int, str | bytes], ...], ...]
_Raw = list[list[tuple[bytes, int, bytes]]]


class Name:
    """A distinguished name, equal to another of the same bytes, which is cached for a while.

    Whether two are the same name by RFC 5280, `same` tells.
    """

    __slots__ = ("_canonical", "_is_plain", "_last", "_rdns", "_split", "common_names", "raw")

    raw: bytes
    common_names: tuple[str, ...]

    def __init__(self, raw: bytes, split: _Raw) -> None:
        """Keep what `name()` split; only common names are decoded at once."""
        self.raw = raw
        self._split = split
        self._rdns: Rdns | None = None
        self._last: object = None
        self._canonical: tuple[object, ...] | None = None
        self._is_plain: bool | None = None
        found: list[str] = []
        for rdn in split:
            for kind, tag, content in rdn:
                if kind == _COMMON_NAME:
                    value = _decoded(tag, content)
                    if isinstance(value, str):
                        found += [value]
        self.common_names = (*found,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __reduce__(self) -> tuple[Any, ...]:
        return name, (self.raw,)

    @property
    def parts(self) -> _Raw:
        """Relative names in order, each as (type, string tag, contents) of its attributes."""
        return self._split

    @property
    def rdns(self) -> Rdns:
        """Relative names, each a tuple of (attribute type, string tag, value).

        A value whose string type or contents cannot be decoded is kept as its DER contents.
        """
        if self._rdns is None:
            self._rdns = tuple(
                tuple(
                    (der.oid_text(kind), tag, _decoded(tag, content)) for kind, tag, content in rdn
                )
                for rdn in self._split
            )
        return self._rdns

    @property
    def common_name(self) -> str | None:
        """The last, which is the most specific, commonName; None where there is none."""
        return self.common_names[-1] if self.common_names else None

    @property
    def canonical(self) -> tuple[object, ...]:
        """A value that is equal for names that RFC 5280, section 7.1, calls equal.

        Attribute values are compared without regard to case, to the string type, and to
        white space at the ends and in runs, after Unicode compatibility normalisation
        (RFC 4518, as far as it bears on characters in use).
        """
        if self._canonical is None:
            self._canonical = tuple(map(_fold_rdn, self._split))
        return self._canonical

    @property
    def is_plain(self) -> bool:
        """Whether it holds only what most hold: short, visible text in the usual types."""
        if self._is_plain is None:
            self._is_plain = bool(self._split)
            for rdn in self._split:  # a loop, as every name of every chain comes by
                if len(rdn) != 1 or not plain(*rdn[0]):
                    self._is_plain = False
                    break
        return self._is_plain

    def same(self, other: "Name") -> bool:
        """Whether the names are equal by RFC 5280, section 7.1."""
        mine, others = self._split, other._split
        if len(mine) != len(others) or self.last != other.last:
            return False
        return all(
            one == two or _fold_rdn(one) == _fold_rdn(two)
            for one, two in zip(mine, others, strict=True)
        )

    @property
    def last(self) -> object:
        """The last relative name as it is compared: most names differ in it already."""
        if self._last is None and self._split:
            self._last = _fold_rdn(self._split[-1])
        return self._last

    def __str__(self) -> str:
        """The name in the order in which it is encoded, such as `C=DE, O=Contoso, CN=x`.

        Special characters are escaped as RFC 4514, section 2.4, says; control characters
        are not: whoever prints the text does that.
        """
        return ", ".join(
            " + ".join(f"{SHORT.get(kind, kind)}={shown(value)}" for kind, _, value in rdn)
            for rdn in self.rdns
        )

    def __repr__(self) -> str:
        """For debugging."""
        return f"<Name {str(self)!r}>"


def _fold_rdn(rdn: list[tuple[bytes, int, bytes]]) -> object:
    if len(rdn) == 1:
        kind, tag, content = rdn[0]
        return kind, folded(_decoded(tag, content))
    return tuple(sorted((kind, folded(_decoded(tag, content))) for kind, tag, content in rdn))


def folded(value: str | bytes) -> str:
    """A value of a name as it is compared (see `Name.canonical`)."""
    if isinstance(value, bytes):
        return "\ud800" + value.hex()  # a surrogate, which no decoded text has
    if value.isascii():
        return " ".join(value.lower().split())
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def shown(value: str | bytes) -> str:
    """A value as RFC 4514, section 2.4, writes it."""
    if isinstance(value, bytes):
        return "#" + value.hex()
    return "".join("\\" + letter if letter in ',+"\\<>;' else letter for letter in value)


@lru_cache(maxsize=2048)
def name(raw: bytes) -> Name:
    """Read a Name from its whole DER, header included.

    Raises:
        Malformed: it is not a sequence of sets of attribute types and values.
    """
    return Name(raw, _short(raw) or _checked(raw))


_ATTRIBUTE = struct.Struct(">BBBB4sBBB").unpack_from
"""The start of a relative name with one attribute of X.520: SET and its length, SEQUENCE and its
length, the identifier but for its last octet, that octet, and tag and length of the value."""


def _short(raw: bytes) -> _Raw | None:
    """Split a name as names are: one attribute of X.520 in each set, lengths below 128.

    None where anything is different, for `_checked` to look at.
    """
    end = len(raw)
    if end < 3:
        return None
    length, at = raw[1], 2
    if length == 129:
        length, at = raw[2], 3
    elif length > 127:
        return None
    if raw[0] != der.SEQUENCE or at + length != end:
        return None
    split: _Raw = []
    try:
        while at < end:
            one, size, two, inner, kind, last, tag, content = _ATTRIBUTE(raw, at)
            if (
                kind != b"\x06\x03\x55\x04"
                or one != der.SET
                or two != der.SEQUENCE
                or size > 127
                or inner != size - 2
                or content != size - 9
                or last > 127
                or tag & 0x1F == 0x1F
            ):
                return None
            first, at = at, at + 2 + size
            split.append([(raw[first + 6 : first + 9], tag, raw[first + 11 : at])])
    except struct.error:
        return None
    return split if at == end else None


def _checked(raw: bytes) -> _Raw:
    start, end = der.only(raw, der.SEQUENCE, "the name")
    split: _Raw = []
    for tag, at, stop in der.elements(raw, start, end):
        if tag != der.SET:
            raise Malformed("the name: a relative name that is not a SET")
        attributes = []
        for kind, first, last in der.elements(raw, at, stop):
            parts = der.elements(raw, first, last)
            if kind != der.SEQUENCE or len(parts) != 2 or parts[0][0] != der.OID:
                raise Malformed("the name: an attribute that is not a type and a value")
            oid = raw[parts[0][1] : parts[0][2]]
            der.oid_text(oid)
            attributes.append((oid, parts[1][0], raw[parts[1][1] : parts[1][2]]))
        split.append(attributes)
    return split


def _decoded(tag: int, content: bytes) -> str | bytes:
    codec = CODECS.get(tag)
    if codec is None:
        return content
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return content


def same_name(one: bytes, other: bytes) -> bool:
    """Whether two names, given as DER, are equal by RFC 5280, section 7.1.

    A name that cannot be read equals only the same bytes.
    """
    if one == other:
        return True
    try:
        return name(one).same(name(other))
    except Malformed:
        return False
