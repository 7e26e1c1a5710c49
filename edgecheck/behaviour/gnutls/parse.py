"""What GnuTLS refuses to import (lib/x509/x509.c at 3.7.9), and how gnutls-cli tells it."""

import re
from calendar import timegm
from functools import lru_cache

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading import ber, der
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate
from edgecheck.reading.der import Malformed

_TIME = re.compile(rb"\x17.\d{7,}Z|\x18.\d{7,}(?:\.\d*[1-9])?Z", re.DOTALL)
"""asn1_get_time_der of libtasn1, where it is to be DER."""
_FRACTION = re.compile(rb"\x18.\d{14}\.\d+Z", re.DOTALL)

_TAG = "ASN1 parser: Error in TAG."
_DER = "ASN1 parser: Error in DER parsing."
_TIME_DER = "The DER time encoding is invalid."
_TIME_FIELDS = "Error in the time fields of certificate."
_ERROR = "Error in the certificate."
_EMPTY = "Unknown Subject Alternative name in X.509 certificate."
_NO_ELEMENT = "ASN1 parser: Element was not found."
_OTHER, _X400, _EDI, _REGISTERED = 0xA0, 0xA3, 0xA5, 0x88
_FORMS = (raw.EMAIL, raw.DNS, raw.DIRECTORY, raw.URI, raw.IP, _OTHER, _X400, _EDI, _REGISTERED)
_FILLED = (_X400, _EDI, _REGISTERED, raw.DIRECTORY)
"""Whose contents have elements of their own."""
_DOUBLE = "Duplicate extension in X.509 certificate."

TOO_MANY = f"*** Fatal error: {_ERROR}"
"""For more certificates than it takes."""


def refused(certificate: Certificate, view: View) -> str | None:
    """The error of gnutls_x509_crt_import; None where it imports."""
    if certificate.der in view.trailing:
        return _DER
    fault = structure.refused(certificate, Refuser.GNUTLS)
    if fault is not None:
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


@lru_cache(maxsize=64)
def seconds(time: bytes) -> int | None:
    """_gnutls_x509_generalTime2gtime and its like of lib/x509/time.c: seconds since 1970.

    Seconds may lack, every month may have 31 days, and what is before 1970 is 1970. None where it
    is no time.
    """
    form, text = time[0], time[2:]
    digits = 4 if form == 0x18 else 2
    if len(text) < digits + 8:
        return None
    year, rest = int(text[:digits]), text[digits:]
    if form == 0x17:
        year += 1900 if year > 49 else 2000
    if year < 1970:
        return 0
    month, day, hour, minute = (_number(rest[at : at + 2]) for at in (0, 2, 4, 6))
    second = _number(rest[8:10]) if len(rest) >= 10 else 0
    if not 1 <= month <= 12 or not 1 <= day <= 31 or hour > 23 or minute > 59 or second > 60:
        return None
    days = timegm((year, month, 1, 0, 0, 0)) // 86_400 + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def _number(text: bytes) -> int:
    """atoi: the digits at the beginning."""
    return int(re.match(rb"\d*", text)[0] or b"0")  # type: ignore[index]


def _names(certificate: Certificate) -> str | None:
    """_gnutls_import_ext_san, which is called while the certificate is imported."""
    value = certificate.extensions.get(EXT_SUBJECT_ALT_NAME)
    return wrong_names(value) if value else None


@lru_cache(maxsize=64)
def wrong_names(value: bytes) -> str | None:
    """Return the error for a subjectAltName: an empty name, or one of no form; else None."""
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
