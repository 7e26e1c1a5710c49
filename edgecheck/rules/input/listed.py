"""What the lines of a transcript show of certificates that are not in it, in words.

Subjects, issuers and the program's own objections stand there as text. They tell the order, what is
missing, and whose server answered, and since OpenSSL 3.0 when each begins and ends; of names, keys
and signatures they tell nothing.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import zip_longest

from edgecheck.hierarchy.shapes import service_of
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.reading.transcript import S_CLIENT
from edgecheck.reading.transcript_verdicts import Listed, Spoken

MOST = 20
"""Entries and objections that are told."""
_PROGRAMS = {S_CLIENT: "openssl s_client"}
_OURS = re.compile(r"\A(?:the|that|it|its|what|whether)\b")
_COMMON_NAME = re.compile(r"\bCN ?= ?([^,/+\"]{1,253})")


def program(spoken: Spoken) -> str:
    """The program as people call it."""
    return _PROGRAMS.get(spoken.program, spoken.program)


def shown(spoken: Spoken, asked: str | None, at: int) -> list[str]:
    """What a transcript tells of the chain by its lines alone.

    Args:
        spoken: what the program said.
        asked: the client's host name.
        at: the time of the check, in seconds since 1970.
    """
    told = []
    listed = spoken.listed
    if listed:
        told.append(f"the transcript lists {_names(listed)}")
        told += _whose(listed, asked) + _end(listed) + _dated(listed, at)
    said = [
        f'"{safe(error.text, 100)}"'
        + (f" ({error.number})" if error.number is not None else "")
        + (f' of "{safe(error.subject, 80)}" at depth {error.depth}' if error.subject else "")
        for error in spoken.errors[:3]
    ]
    if said:
        told.append(f"{program(spoken)} said {' and '.join(said)}")
    if spoken.accepted is not None:
        told.append(f"{program(spoken)} accepted the chain (line {spoken.accepted})")
    return told


def sentences(parts: Iterable[str]) -> str:
    """Return parts as sentences, without the last full stop; names keep their first letters."""
    first, *others = parts
    return ". ".join([first, *(_OURS.sub(lambda word: word[0].capitalize(), o) for o in others)])


def _names(listed: tuple[Listed, ...]) -> str:
    """`"a", issued by "b", issued by "c"`; where the next is another one, so it says."""
    words = f'"{safe(listed[0].subject, 100)}"'
    for entry, following in zip_longest(listed[:MOST], listed[1:MOST]):
        words += f', issued by "{safe(entry.issuer, 100)}"'
        if following is not None and following.subject != entry.issuer:
            words += f', which does not come next, but "{safe(following.subject, 100)}"'
    return words


def _whose(listed: tuple[Listed, ...], asked: str | None) -> list[str]:
    """Whether a service in the cloud answered, one that made its own certificate, or another."""
    first = listed[0]
    named = _COMMON_NAME.search(first.subject)
    service = service_of([named[1].strip()], first.issuer) if named is not None else ""
    if service:
        return [f"that is {service} in the cloud, and no gateway"]
    if first.subject and first.subject == first.issuer:
        return ["the server's own certificate is self-signed"]
    if asked is not None and named is not None and named[1].strip().lower() != asked.lower():
        return [
            f'the server calls itself "{safe(named[1].strip(), 80)}", not "{safe(asked, 80)}"; '
            "whether it has that name too, does not stand here"
        ]
    return []


def _end(listed: tuple[Listed, ...]) -> list[str]:
    """How the list ends: with a root, or below one; and what of it nobody sent."""
    last, subjects = listed[-1], {entry.subject for entry in listed}
    if not last.subject:
        return []
    missing = list(dict.fromkeys(e.issuer for e in listed[:-1] if e.issuer not in subjects))
    told = [f'"{safe(name, 100)}" is missing between them' for name in missing[:3]]
    if last.subject == last.issuer:
        return told + (["it ends with a self-signed root"] if len(listed) > 1 else [])
    if last.issuer in subjects:
        return told
    return [
        *told,
        f'"{safe(last.issuer, 100)}" was not sent: whoever checks the chain has to have it',
    ]


def _dated(listed: tuple[Listed, ...], at: int) -> list[str]:
    """What has ended, or does not begin yet; of what holds, nothing."""
    told = []
    for entry in listed:
        begin, end = (_seconds(date) for date in entry.dates or ("", ""))
        if begin is not None and end is not None and not begin <= at <= end:
            when = f"ended on {_day(end)}" if end < at else f"begins on {_day(begin)}"
            told.append(f'"{safe(entry.subject, 100)}" {when}')
    return told[:3]


def _seconds(date: str) -> int | None:
    """A time as OpenSSL prints it (ASN1_TIME_print), such as `Nov  1 00:00:00 2026 GMT`."""
    found = _DATE.fullmatch(date.strip())
    if found is None:
        return None
    try:
        month = _MONTHS.index(found[1]) + 1
        day, hour, minute, second, year = map(int, found.groups()[1:])
        return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


_DATE = late(r"([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) GMT", re.ASCII)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
