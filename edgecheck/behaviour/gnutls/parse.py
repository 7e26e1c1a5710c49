"""What GnuTLS refuses to import (lib/x509/x509.c at 3.7.9), and how gnutls-cli tells it."""

import math
import re
from datetime import date
from functools import lru_cache

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading import ber, der
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate
from edgecheck.reading.der import Malformed

_TIME = re.compile(rb"\x17.\d{10}(?:\d\d)?Z|\x18.\d{12}(?:\d\d)?Z", re.DOTALL)
_FRACTION = re.compile(rb"\x18.\d{14}\.\d+Z", re.DOTALL)

_TAG = "ASN1 parser: Error in TAG."
_DER = "ASN1 parser: Error in DER parsing."
_LONG = "The given memory buffer is too short to hold parameters."
_TIME_DER = "The DER time encoding is invalid."
_TIME_FIELDS = "Error in the time fields of certificate."
_ERROR = "Error in the certificate."
_EMPTY = "Unknown Subject Alternative name in X.509 certificate."
_NO_ELEMENT = "ASN1 parser: Element was not found."
_OTHER, _X400, _REGISTERED = 0xA0, 0xA3, 0x88
_FORMS = (raw.EMAIL, raw.DNS, raw.DIRECTORY, raw.URI, raw.IP, _OTHER, _X400, _REGISTERED)
"""Without ediPartyName, of which libtasn1 decodes none: 19 of them were tried."""
_FILLED = (_X400, _REGISTERED, raw.DIRECTORY)
"""Whose contents have elements of their own."""
_DOUBLE = "Duplicate extension in X.509 certificate."

_ROOM = {(ber.INTEGER, "version"): 2 + 8, (ber.VERSION, "version"): 2 + 2 + 8}
"""Octets of a version, with what stands before its own, that it reads and only then refuses."""

TOO_MANY = f"*** Fatal error: {_ERROR}"
"""For more certificates than it takes."""


def refused(certificate: Certificate, view: View) -> str | None:
    """The error of gnutls_x509_crt_import; None where it imports."""
    if certificate.der in view.trailing:
        return _DER
    fault = structure.refused(certificate, Refuser.GNUTLS)
    if fault is not None:
        if len(fault.found) > _ROOM.get((fault.kind, fault.field), math.inf):
            return _LONG
        return _TAG if fault.kind == ber.TAG else _DER
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        if _FRACTION.fullmatch(time):
            return _TIME_FIELDS
        if not _TIME.fullmatch(time):
            return _TIME_DER
        if seconds(time) is None:
            return _TIME_FIELDS
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        return _ERROR
    if certificate.version < 3 and certificate.extensions:
        return _ERROR
    if certificate.duplicate_extensions:
        return _DOUBLE
    return _names(certificate)


def seconds(time: bytes) -> int | None:
    """mktime_utc of x509/time.c, in seconds since 1970: it counts on from the first of a month.

    Every month may have 31 days, and a minute a second 60; else there is no such time. 3.7.9 was
    asked. `time` is of one of the forms that `refused` lets pass.
    """
    text = time[2:-1].decode("ascii")
    if time[0] == der.UTC_TIME:
        text = ("20" if text < "50" else "19") + text
    year, month, day, hour, minute, second = (
        int(text[at : at + size] or 0) for at, size in _FIELDS
    )
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second <= 60):
        return None
    first = date(year or 400, month, 1).toordinal() - (0 if year else _CYCLE) - _EPOCH_DAY
    return ((first + day - 1) * 24 + hour) * 3600 + minute * 60 + second


_FIELDS = ((0, 4), (4, 2), (6, 2), (8, 2), (10, 2), (12, 2))
"""Where the fields of a time with four digits for the year begin, and how long they are."""
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_CYCLE = 146_097
"""Days of 400 years, after which the calendar repeats itself."""


def _names(certificate: Certificate) -> str | None:
    """_gnutls_import_ext_san, which is called while the certificate is imported."""
    value = certificate.extensions.get(EXT_SUBJECT_ALT_NAME)
    return wrong_names(value) if value else None


@lru_cache(maxsize=64)
def wrong_names(value: bytes) -> str | None:
    """Return the error for a subjectAltName: an empty name, or one of no form; else None.

    Args:
        value: not empty; nothing is decoded of what is.
    """
    if value[0] != der.SEQUENCE:
        return _TAG
    try:
        start, end = der.only(value, der.SEQUENCE, "subjectAltName")
    except Malformed:
        return _DER
    try:
        entries = der.elements(value, start, end)
    except Malformed:
        return None  # what it makes of those is not known
    if any(tag not in _FORMS or (first == last and tag in _FILLED) for tag, first, last in entries):
        return _DER
    for tag, first, last in entries:
        if first == last:
            return _NO_ELEMENT if tag == _OTHER else _EMPTY
    return None


def told(wrong: str) -> str:
    """The first line about a certificate above the server's that does not import."""
    return f"Decoding error: {wrong}"
