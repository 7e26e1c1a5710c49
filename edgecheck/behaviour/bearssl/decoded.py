"""What BearSSL reads of extensions (src/x509/asn1.t0 and x509_minimal.t0 at 0.6).

It reads octet after octet, each element within the bounds of the one around it, and the first thing
that does not fit ends everything.
"""

from edgecheck.reading import der
from edgecheck.reading.der import Malformed

_OTHER_NAME, _EMAIL, _DNS, _URI = 0x20, 0x21, 0x22, 0x26
"""Tags of names, as it counts them: those with a context begin at 0x20."""
_STRINGS = (12, 18, 19, 20, 22, 30)
_BMP = 30
_SEQUENCE = 0x10
_NONE = -1
_LONGEST, _LARGEST = 0x7FFFFF, 0xFFFFFF
_CPS = bytes.fromhex("2b06010505070201")
MOST_UNUSED = 7


class Failed(Exception):
    """ERR_X509_..., which ends everything."""


class Octets:
    """The words of asn1.t0 over some octets."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first, with the last for a limit."""
        self.data, self.at = data, 0
        self._limits = [len(data)]

    @property
    def left(self) -> int:
        """Octets of the element that is open."""
        return self._limits[-1] - self.at

    def octet(self) -> int:
        """read8."""
        if not self.left:
            raise Failed("INNER_TRUNC")
        self.at += 1
        return self.data[self.at - 1]

    def tag(self) -> tuple[bool, int]:
        """read-tag: whether it is constructed, and its number."""
        first = self.octet()
        if first & 0x40:
            raise Failed("BAD_TAG_CLASS")
        if first & 0x1F == 0x1F:
            raise Failed("BAD_TAG_VALUE")
        return bool(first & 0x20), (first & 0x1F) + (0x20 if first & 0x80 else 0)

    def tag_or_end(self) -> tuple[bool, int]:
        """read-tag-or-end."""
        return self.tag() if self.left else (False, _NONE)

    def length(self) -> int:
        """read-length, in any number of octets."""
        first = self.octet()
        if first < 0x80:
            return first
        if first == 0x80:
            raise Failed("INDEFINITE_LENGTH")
        length = 0
        for _ in range(first - 0x80):
            if length > _LONGEST:
                raise Failed("INNER_TRUNC")
            length = length << 8 | self.octet()
        return length

    def open(self) -> None:
        """read-length-open-elt."""
        length = self.length()
        if length > self.left:
            raise Failed("INNER_TRUNC")
        self._limits.append(self.at + length)

    def open_sequence(self) -> None:
        """read-sequence-open."""
        constructed, tag = self.tag()
        if tag != _SEQUENCE:
            raise Failed("UNEXPECTED")
        _constructed(constructed)
        self.open()

    def close(self) -> None:
        """close-elt."""
        if self.left:
            raise Failed("EXTRA_ELEMENT")
        if len(self._limits) > 1:
            self._limits.pop()

    def skip(self) -> None:
        """skip-close-elt."""
        self.at = self._limits.pop()

    def oid(self) -> bytes:
        """read-OID."""
        constructed, tag = self.tag()
        if tag != der.OID:
            raise Failed("UNEXPECTED")
        _primitive(constructed)
        self.open()
        start = self.at
        self.skip()
        return self.data[start : self.at]


def _constructed(yes: bool) -> None:
    if not yes:
        raise Failed("NOT_CONSTRUCTED")


def _primitive(no: bool) -> None:
    if no:
        raise Failed("NOT_PRIMITIVE")


def constraints(value: bytes, depth: int) -> None:
    """process-basicConstraints: CA has to be said, and the length to fit what came before."""
    octets = Octets(value)
    octets.open_sequence()
    constructed, tag = octets.tag_or_end()
    if tag != der.BOOLEAN:
        raise Failed("NOT_CA")
    _primitive(constructed)
    if octets.length() != 1:
        raise Failed("BAD_BOOLEAN")
    if not octets.octet():
        raise Failed("NOT_CA")
    constructed, tag = octets.tag_or_end()
    if tag == der.INTEGER:
        _primitive(constructed)
        if _small(octets) < depth - 1:
            raise Failed("NOT_CA")
        _, tag = octets.tag_or_end()
    if tag != _NONE:
        raise Failed("UNEXPECTED")
    octets.close()
    octets.close()


def _small(octets: Octets) -> int:
    """read-small-int-value."""
    octets.open()
    if not octets.left:
        raise Failed("OVERFLOW")
    number = octets.octet()
    if number >= 0x80:
        raise Failed("OVERFLOW")
    while octets.left:
        following = octets.octet()
        if number >= _LARGEST:
            raise Failed("OVERFLOW")
        number = (number << 8) + following
    octets.close()
    return number


def usages(value: bytes) -> int:
    """process-keyUsage: the first octet of the BIT STRING."""
    octets = Octets(value)
    constructed, tag = octets.tag()
    if tag != der.BIT_STRING:
        raise Failed("UNEXPECTED")
    _primitive(constructed)
    octets.open()
    unused = octets.octet()
    if unused > MOST_UNUSED:
        raise Failed("UNEXPECTED")
    if not octets.left:
        raise Failed("FORBIDDEN_KEY_USAGE")
    only = octets.left == 1
    first = octets.octet()
    octets.skip()
    octets.close()
    return first >> unused << unused if only else first


def read_names(value: bytes) -> None:
    """process-SAN, as far as it may end everything.

    Raises:
        Malformed: a string of UTF-16 within another name, which is not followed.
    """
    octets = Octets(value)
    octets.open_sequence()
    while octets.left:
        constructed, tag = octets.tag()
        if tag == _OTHER_NAME:
            _constructed(constructed)
            _other_name(octets)
        else:
            if tag in (_EMAIL, _DNS, _URI):
                _primitive(constructed)
            octets.open()
            octets.skip()
    octets.close()
    octets.close()


def _other_name(octets: Octets) -> None:
    octets.open()
    octets.oid()
    constructed, tag = octets.tag()
    if tag != _OTHER_NAME:
        raise Failed("UNEXPECTED")
    _constructed(constructed)
    octets.open()
    constructed, tag = octets.tag()
    if tag in _STRINGS:
        _primitive(constructed)
    octets.open()
    if tag == _BMP and octets.left % 2:
        raise Malformed("subjectAltName: half a character of UTF-16")
    octets.skip()
    octets.close()
    octets.close()


def policies(value: bytes) -> None:
    """process-certPolicies: no qualifier but the address of a statement."""
    octets = Octets(value)
    octets.open_sequence()
    while octets.left:
        octets.open_sequence()
        octets.oid()
        if octets.left:
            octets.open_sequence()
            while octets.left:
                octets.open_sequence()
                if octets.oid() != _CPS:
                    raise Failed("CRITICAL_EXTENSION")
                octets.skip()
            octets.close()
        octets.close()
    octets.close()
    octets.close()
