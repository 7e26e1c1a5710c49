"""Distinguished names: read, compared and shown (RFC 5280, sections 4.1.2.4 and 7.1)."""

import unicodedata
from functools import lru_cache

from edgecheck.reading import der
from edgecheck.reading.der import Malformed

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

_COMMON_NAME = bytes.fromhex("550403")
_CODECS = {
    0x0C: "utf-8",  # UTF8String
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # TeletexString: what every implementation makes of it
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}


class Name:
    """A distinguished name; equal bytes give the same object while it is cached."""

    __slots__ = ("_canonical", "common_names", "raw", "rdns")

    raw: bytes
    rdns: tuple[tuple[tuple[str, int, str | bytes], ...], ...]
    """Relative names, each a tuple of (attribute type, string tag, value).

    A value whose string type or contents cannot be decoded is kept as its DER contents.
    """
    common_names: tuple[str, ...]

    def __init__(
        self,
        raw: bytes,
        rdns: tuple[tuple[tuple[str, int, str | bytes], ...], ...],
        common_names: tuple[str, ...],
    ) -> None:
        """Keep what `name()` read."""
        self.raw = raw
        self.rdns = rdns
        self.common_names = common_names
        self._canonical: object = None

    @property
    def common_name(self) -> str | None:
        """The last, which is the most specific, commonName; None where there is none."""
        return self.common_names[-1] if self.common_names else None

    @property
    def canonical(self) -> object:
        """A value that is equal for names that RFC 5280, section 7.1, calls equal.

        Attribute values are compared without regard to case, to the string type, and to
        white space at the ends and in runs, after Unicode compatibility normalisation
        (RFC 4518, as far as it bears on characters in use).
        """
        if self._canonical is None:
            self._canonical = tuple(
                tuple(sorted((kind, _fold(value)) for kind, _, value in rdn)) for rdn in self.rdns
            )
        return self._canonical

    def __str__(self) -> str:
        """The name in the order in which it is encoded, such as `C=DE, O=Contoso, CN=x`.

        Special characters are escaped as RFC 4514, section 2.4, says; control characters
        are not: whoever prints the text does that.
        """
        return ", ".join(
            " + ".join(f"{SHORT.get(kind, kind)}={_shown(value)}" for kind, _, value in rdn)
            for rdn in self.rdns
        )

    def __repr__(self) -> str:
        """For debugging."""
        return f"<Name {str(self)!r}>"


def _fold(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return "#" + value.hex()
    if value.isascii():
        return " ".join(value.lower().split())
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def _shown(value: str | bytes) -> str:
    if isinstance(value, bytes):
        return "#" + value.hex()
    return "".join("\\" + letter if letter in ',+"\\<>;' else letter for letter in value)


@lru_cache(maxsize=2048)
def name(raw: bytes) -> Name:
    """Read a Name from its whole DER, header included.

    Raises:
        Malformed: it is not a sequence of sets of attribute types and values.
    """
    start, end = der.only(raw, der.SEQUENCE, "the name")
    rdns = []
    common_names: tuple[str, ...] = ()
    for tag, at, stop in der.elements(raw, start, end):
        if tag != der.SET:
            raise Malformed("the name: a relative name that is not a SET")
        attributes = []
        for kind, first, last in der.elements(raw, at, stop):
            parts = der.elements(raw, first, last)
            if kind != der.SEQUENCE or len(parts) != 2 or parts[0][0] != der.OID:
                raise Malformed("the name: an attribute that is not a type and a value")
            oid = raw[parts[0][1] : parts[0][2]]
            value = _decoded(parts[1][0], raw[parts[1][1] : parts[1][2]])
            attributes.append((der.oid_text(oid), parts[1][0], value))
            if oid == _COMMON_NAME and isinstance(value, str):
                common_names += (value,)
        if not attributes:
            raise Malformed("the name: an empty relative name")
        rdns.append(tuple(attributes))
    return Name(raw, tuple(rdns), common_names)


def _decoded(tag: int, content: bytes) -> str | bytes:
    codec = _CODECS.get(tag)
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
        return name(one).canonical == name(other).canonical
    except Malformed:
        return False
