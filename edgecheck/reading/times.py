"""A Time as certificates and CRLs have it (RFC 5280, section 4.1.2.5), in whole seconds."""

from datetime import date
from functools import lru_cache

from edgecheck.reading import der
from edgecheck.reading.der import Malformed

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LAST_DAY = 31
_ANOTHER_FORM = "a time of another form than RFC 5280 allows"


@lru_cache(maxsize=1024)
def instant(time: bytes) -> int:
    """Seconds since 1970-01-01T00:00:00Z of a Time's DER (RFC 5280, section 4.1.2.5).

    Raises:
        Malformed: not the one form that the section allows (`YYMMDDHHMMSSZ` as UTCTime,
            `YYYYMMDDHHMMSSZ` as GeneralizedTime), or no such date.
    """
    text = time[2:]
    if time[0] == der.UTC_TIME and len(text) == 13:
        text = (b"20" if text < b"50" else b"19") + text
    if len(text) != 15 or text[14:] != b"Z" or not text[:14].isdigit():
        raise Malformed(_ANOTHER_FORM)
    day, clock = divmod(int(text[:14]), 1_000_000)
    hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
    year = day // 10_000 or 400  # Python lacks the year 0, which is like the year 400
    shift = _EPOCH_DAY if day >= 10_000 else _EPOCH_DAY + 146_097
    try:
        days = date(year, day // 100 % 100, day % 100).toordinal() - shift
    except ValueError:
        raise Malformed("a time that no calendar has") from None
    if hour > 23 or minute > 59 or second > 59:
        raise Malformed("a time that no clock has")
    return days * 86_400 + hour * 3_600 + minute * 60 + second


def rolled(time: bytes) -> int:
    """Return the seconds of a Time's DER whose day may be one that its month has not, up to 31.

    It is counted on into the next month, as clocks do that are set without a look at a calendar.

    Raises:
        Malformed: it is odd in another way.
    """
    day = time[-9:-7]
    if not day.isdigit() or not 1 <= int(day) <= _LAST_DAY:
        return instant(time)
    return instant(time[:-9] + b"01" + time[-7:]) + (int(day) - 1) * 86_400


def is_impossible(time: bytes) -> bool:
    """Whether a Time's DER, of the form that the section allows, is of no day or no clock.

    Second 60, which some clocks have, is none that a certificate may have.
    """
    try:
        instant(time)
    except Malformed as wrong:
        return str(wrong) != _ANOTHER_FORM
    return False
