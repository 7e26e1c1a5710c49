"""DER of a certificate that nobody signed, in the forms that OpenSSL writes for the runtime."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from edgecheck.predicting.names import AltNames
from edgecheck.reading import der
from edgecheck.reading.certificate import moment
from edgecheck.reading.der import oid_content, wrapped

SHORT = {"C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10", "OU": "2.5.4.11"}
COMMON_NAME = "2.5.4.3"
_UTF8, _PRINTABLE = 0x0C, 0x13
_SEQUENCE, _SET, _OCTETS, _BITS, _INTEGER = 0x30, 0x31, 0x04, 0x03, 0x02
_TRUE = b"\x01\x01\xff"
_FIRST_UTC, _FIRST_GENERALIZED = -631_152_000, 2_524_608_000
"""The begins of 1950 and 2050, between which a time is a UTCTime (RFC 5280, section 4.1.2.5)."""
_LAST = 253_402_300_799
"""9999-12-31T23:59:59Z."""


class Content(NamedTuple):
    """All that is signed of a certificate; names and keys are DER, times are seconds since 1970."""

    serial: int
    issuer: bytes
    not_before: int
    not_after: int
    subject: bytes
    spki: bytes
    extensions: tuple[bytes, ...]


def certificate(content: Content, algorithm: bytes, signature: bytes) -> bytes:
    """Return the certificate of version 3 with a signature's octets as they are given."""
    return _sequence(to_be_signed(content, algorithm), algorithm, _bit_string(signature))


def to_be_signed(content: Content, algorithm: bytes) -> bytes:
    """Return the DER of a TBSCertificate (RFC 5280, section 4.1)."""
    return _sequence(
        wrapped(0xA0, integer(2)),
        integer(content.serial),
        algorithm,
        content.issuer,
        _sequence(_time(content.not_before), _time(content.not_after)),
        content.subject,
        content.spki,
        wrapped(0xA3, _sequence(*content.extensions)),
    )


def name(attributes: Iterable[tuple[str, str]]) -> bytes:
    """Return a name of UTF8Strings, each in a relative name of its own; a country is printable."""
    rdns = []
    for kind, value in attributes:
        tag = _PRINTABLE if kind == SHORT["C"] else _UTF8
        text = wrapped(tag, value.encode("utf-8", "surrogatepass"))
        rdns.append(wrapped(_SET, _sequence(wrapped(der.OID, oid_content(kind)), text)))
    return _sequence(*rdns)


def basic_constraints(path_length: int | None) -> bytes:
    """Return CA:TRUE with a path length, critical; None: an empty one, which is not."""
    if path_length is None:
        return _extension("2.5.29.19", _sequence())
    return _extension("2.5.29.19", _sequence(_TRUE, integer(path_length)), critical=True)


def key_usage(mask: int) -> bytes:
    """Return a critical keyUsage; `mask` as `reading.extensions` counts its bits."""
    octets = mask.to_bytes(2, "big").rstrip(b"\0")
    unused = (octets[-1] & -octets[-1]).bit_length() - 1
    bits = wrapped(_BITS, bytes((unused,)) + octets)
    return _extension("2.5.29.15", bits, critical=True)


def extended_key_usage(purpose: str) -> bytes:
    """Return an extKeyUsage with one purpose, by its object identifier."""
    return _extension("2.5.29.37", _sequence(wrapped(der.OID, oid_content(purpose))))


def subject_alt_name(names: AltNames) -> bytes:
    """Return a subjectAltName."""
    return _extension("2.5.29.17", _sequence(*(wrapped(tag, text) for tag, text in names)))


def subject_key_id(identifier: bytes) -> bytes:
    """Return a subjectKeyIdentifier."""
    return _extension("2.5.29.14", wrapped(_OCTETS, identifier))


def authority_key_id(
    identifier: bytes, issuers_issuer: bytes | None = None, serial: int = 0
) -> bytes:
    """Return an authorityKeyIdentifier; with `issuers_issuer` the issuer's serial number too."""
    parts = [wrapped(0x80, identifier)]
    if issuers_issuer is not None:
        parts.append(wrapped(0xA1, wrapped(0xA4, issuers_issuer)))
        parts.append(b"\x82" + integer(serial)[1:])
    return _extension("2.5.29.35", _sequence(*parts))


def key_identifier(spki: bytes) -> bytes:
    """Return SHA-1 of a public key's bits (RFC 5280, section 4.2.1.2, method 1)."""
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    _, first, last = der.elements(spki, start, end)[1]
    return hashlib.sha1(spki[first + 1 : last], usedforsecurity=False).digest()


def integer(number: int) -> bytes:
    """Return the DER of an INTEGER."""
    return wrapped(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def _extension(identifier: str, value: bytes, critical: bool = False) -> bytes:
    kind = wrapped(der.OID, oid_content(identifier))
    return _sequence(kind, _TRUE if critical else b"", wrapped(_OCTETS, value))


def _time(seconds: int) -> bytes:
    at = moment(min(seconds, _LAST))
    text = f"{at.year:04}{at:%m%d%H%M%S}Z".encode("ascii")
    if _FIRST_UTC <= seconds < _FIRST_GENERALIZED:
        return wrapped(der.UTC_TIME, text[2:])
    return wrapped(der.GENERALIZED_TIME, text)


def _bit_string(octets: bytes) -> bytes:
    return wrapped(_BITS, b"\0" + octets)


def _sequence(*parts: bytes) -> bytes:
    return wrapped(_SEQUENCE, b"".join(parts))
