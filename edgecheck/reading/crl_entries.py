"""The revoked certificates of one CRL, found without making an object of each.

A CRL may have 10^5 entries, of which one or none matters: the list is searched for the
bytes of the serial number, and only where these occur it is walked through. `cryptography`
has vetted the DER of the entries, though not what is in their extensions.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from edgecheck.reading import der
from edgecheck.reading.der import Malformed
from edgecheck.reading.distribution_points import DIRECTORY_NAME, general_names
from edgecheck.reading.names import same_name
from edgecheck.reading.text import number
from edgecheck.reading.times import instant

_REASON_CODE = bytes.fromhex("551d15")
_INVALIDITY_DATE = bytes.fromhex("551d18")
_CERTIFICATE_ISSUER = bytes.fromhex("551d1d")
_PROCESSED = frozenset({_REASON_CODE, _INVALIDITY_DATE, _CERTIFICATE_ISSUER})
_CRITICAL = b"\x01\x01\xff"
"""What every critical extension contains: the BOOLEAN TRUE."""
_REMOVED = b"\x04\x03\x0a\x01\x08"
"""What every reason code removeFromCRL contains: the value within its OCTET STRING."""

REASONS = {
    0: "unspecified",
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: "certificateHold",
    8: "removeFromCRL",
    9: "privilegeWithdrawn",
    10: "aACompromise",
}
"""CRLReason (RFC 5280, section 5.3.1)."""
REMOVE_FROM_CRL = "removeFromCRL"

Extensions = list[tuple[bytes, bool, bytes]]
"""Identifier, criticality and contents of each extension."""


class Entry(NamedTuple):
    """One revoked certificate (RFC 5280, section 5.3).

    Attributes:
        revoked_at: seconds since 1970-01-01T00:00:00Z.
        reason: a value of REASONS, `code N` for another; None where none is given.
        invalid_since: the invalidity date, as `revoked_at`.
        issuers: DER of the names of the certificate's issuer, inherited from an entry before
            or from the CRL (section 5.3.3).
        unknown_critical: dotted identifiers of critical extensions that are not processed.
    """

    serial: int
    revoked_at: int
    reason: str | None
    invalid_since: int | None
    issuers: tuple[bytes, ...]
    unknown_critical: tuple[str, ...]


class Entries:
    """The contents of `revokedCertificates`."""

    __slots__ = ("_issuer", "_names_issuers", "_removes", "_unknown", "content")

    def __init__(self, content: bytes, issuer: bytes) -> None:
        """Keep the bytes; `issuer` is the CRL's, who issued what no entry says otherwise of."""
        self.content = content
        self._issuer = issuer
        self._unknown: tuple[str, ...] | None = None
        self._names_issuers: bool | None = None
        self._removes: bool | None = None

    def find(self, serial: int, issuer: bytes) -> Entry | None:
        """The entry for a certificate by its serial number and its issuer's name.

        Of several it is the first that revokes: one with removeFromCRL hides no other.

        Raises:
            Malformed: an entry on the way there cannot be read.
        """
        number = _integer(serial)
        if number not in self.content:
            return None
        names: tuple[bytes, ...] = (self._issuer,)
        inherits = _CERTIFICATE_ISSUER in self.content
        removed = None
        for at, start, end in self._spans():
            if inherits and _CERTIFICATE_ISSUER in self.content[start:end]:
                names = self._names(start, end) or names
            if self.content.startswith(number, at) and any(same_name(n, issuer) for n in names):
                found = self._entry(start, end, names)
                if found.reason != REMOVE_FROM_CRL:
                    return found
                removed = removed or found
        return removed

    def all(self) -> Iterator[Entry]:
        """Every entry, in order; for those who want them all.

        Raises:
            Malformed: an entry cannot be read.
        """
        names: tuple[bytes, ...] = (self._issuer,)
        for _, start, end in self._spans():
            names = self._names(start, end) or names
            yield self._entry(start, end, names)

    def unknown_critical(self) -> tuple[str, ...]:
        """Dotted identifiers of critical extensions, in any entry, that are not processed.

        One makes the whole CRL unusable (RFC 5280, section 5.3).

        Raises:
            Malformed: an entry with a critical extension cannot be read.
        """
        if self._unknown is None:
            found: dict[bytes, None] = {}
            for given in self._with(_CRITICAL):
                found.update(dict.fromkeys(_unknown(given)))
            self._unknown = tuple(map(der.oid_text, found))
        return self._unknown

    def names_issuers(self) -> bool:
        """Whether an entry has certificateIssuer, as only those of indirect CRLs may.

        Raises:
            Malformed: an entry cannot be read.
        """
        if self._names_issuers is None:
            self._names_issuers = any(
                identifier == _CERTIFICATE_ISSUER
                for found in self._with(_CERTIFICATE_ISSUER)
                for identifier, _, _ in found
            )
        return self._names_issuers

    def removes(self) -> bool:
        """Whether an entry has the reason removeFromCRL, as only those of delta CRLs may.

        Raises:
            Malformed: an entry cannot be read.
        """
        if self._removes is None:
            self._removes = any(
                identifier == _REASON_CODE and value == _REMOVED[2:]
                for found in self._with(_REMOVED)
                for identifier, _, value in found
            )
        return self._removes

    def _with(self, part: bytes) -> Iterator[Extensions]:
        """The extensions of every entry that has these bytes somewhere."""
        if part in self.content:
            for _, start, end in self._spans():
                if part in self.content[start:end]:
                    yield self._extensions(start, end)

    def _spans(self) -> Iterator[tuple[int, int, int]]:
        """Of each entry: where its serial number is, and its contents' start and end."""
        at, stop = 0, len(self.content)
        while at < stop:
            start, at = der.body(self.content, at)
            yield start, start, at

    def _extensions(self, start: int, end: int) -> Extensions:
        after_date = der.body(self.content, der.body(self.content, start)[1])[1]
        if after_date == end:
            return []
        return extensions(self.content, *der.body(self.content, after_date))

    def _names(self, start: int, end: int) -> tuple[bytes, ...]:
        for identifier, _, value in self._extensions(start, end):
            if identifier == _CERTIFICATE_ISSUER:
                return _issuers(value)
        return ()

    def _entry(self, start: int, end: int, names: tuple[bytes, ...]) -> Entry:
        first, last = der.body(self.content, start)
        date = self.content[last : der.body(self.content, last)[1]]
        found = self._extensions(start, end)
        reason, invalid_since = None, None
        for identifier, _, value in found:
            if identifier == _REASON_CODE:
                code = der.integer(value[slice(*der.only(value, 0x0A, "reasonCode"))])
                reason = REASONS.get(code, f"code {number(code)}")
            elif identifier == _INVALIDITY_DATE:
                der.only(value, der.GENERALIZED_TIME, "invalidityDate")
                invalid_since = instant(value)
        return Entry(
            der.integer(self.content[first:last]),
            instant(date),
            reason,
            invalid_since,
            names,
            tuple(map(der.oid_text, _unknown(found))),
        )


def extensions(data: bytes, start: int, end: int) -> Extensions:
    """The extensions whose sequence has its contents between two offsets.

    Raises:
        Malformed: they are not extensions, or one is there twice.
    """
    found: Extensions = []
    for tag, first, last in der.elements(data, start, end):
        parts = der.elements(data, first, last)
        tags = [part[0] for part in parts]
        if tag != der.SEQUENCE or tags not in (
            [der.OID, der.OCTET_STRING],
            [der.OID, der.BOOLEAN, der.OCTET_STRING],
        ):
            raise Malformed("an extension of another form than it must have")
        identifier = data[parts[0][1] : parts[0][2]]
        critical = len(parts) == 3 and data[parts[1][1] : parts[1][2]] != b"\x00"
        found.append((identifier, critical, data[parts[-1][1] : parts[-1][2]]))
    if len({identifier for identifier, _, _ in found}) != len(found):
        raise Malformed("an extension that is there twice")
    return found


@lru_cache(maxsize=256)
def _issuers(value: bytes) -> tuple[bytes, ...]:
    """The directory names of certificateIssuer.

    Raises:
        Malformed: there is none, so that it cannot be told whose certificate is revoked.
    """
    start, end = der.only(value, der.SEQUENCE, "certificateIssuer")
    given = general_names(value[start:end], "certificateIssuer")
    found = tuple(content for tag, content in given if tag == DIRECTORY_NAME)
    if not found:
        raise Malformed("certificateIssuer: no directory name")
    return found


def _unknown(found: Iterable[tuple[bytes, bool, bytes]]) -> list[bytes]:
    return [oid for oid, critical, _ in found if critical and oid not in _PROCESSED]


def _integer(value: int) -> bytes:
    """The DER of an INTEGER, header included."""
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return der.wrapped(der.INTEGER, value.to_bytes(size, "big", signed=True))
