"""Times of a certificate: which OpenSSL decodes, and which it can compare with the clock."""

import re
from functools import lru_cache

from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.times import instant

SHORT_UTC, SHORT_GENERALIZED = "utctime is too short", "generalizedtime is too short"
"""Texts of OpenSSL (asn1err.h)."""
_LEAST = {der.UTC_TIME: (13, SHORT_UTC), der.GENERALIZED_TIME: (15, SHORT_GENERALIZED)}
"""Octets that asn1_ex_c2i (crypto/asn1/tasn_dec.c) asks for since 3.4, by the tag."""
_FORM = re.compile(rb"\x17\x0d\d{12}Z|\x18\x0f\d{14}Z")


def short(certificate: Certificate) -> str | None:
    """Return why d2i_X509 of 3.4 and later does not take a time that is too short; else None."""
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        least, told = _LEAST.get(time[0], (0, ""))
        if len(time) - 2 < least:
            return told
    return None


def in_form(certificate: Certificate) -> bool:
    """Whether both times are written with seconds and in UTC, be there such a day or not."""
    times = (certificate.not_before_raw, certificate.not_after_raw)
    return all(_FORM.fullmatch(time) for time in times)


def told(certificate: Certificate, before: bool, old: bool = False) -> int | None:
    """Return what X509_cmp_time makes of notBefore, or else notAfter: seconds since 1970.

    It reads `YYMMDDHHMMSSZ` and `YYYYMMDDHHMMSSZ` alone, of days that a calendar has and of seconds
    up to 59 (ossl_asn1_time_to_tm of crypto/asn1/a_time.c); any other is a format error, and None
    here. `old`: up to 1.1.0 each month has 31 days, of which the last may be the next month's.
    """
    return _seconds(certificate.not_before_raw if before else certificate.not_after_raw, old)


@lru_cache(maxsize=64)
def _seconds(time: bytes, old: bool) -> int | None:
    if not _FORM.fullmatch(time):
        return None
    try:
        return instant(time)
    except Malformed:
        place = 6 if time[0] == der.UTC_TIME else 8
        day = int(time[place : place + 2])
        if not old or not 28 < day <= 31:
            return None
        first = _seconds(time[:place] + b"01" + time[place + 2 :], False)
        return None if first is None else first + (day - 1) * _DAY


_DAY = 86_400


def of_calendar(time: bytes) -> bool:
    """Whether there is such a day and second; without regard to a difference from UTC behind it."""
    digits = 12 if time[0] == der.UTC_TIME else 14
    try:
        instant(time[: 2 + digits] + b"Z")
    except Malformed:
        return False
    return True
