"""Which times OpenSSL can compare with the clock, and what it makes of the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from edgecheck.behaviour.openssl.times import told
from fixtures.pki import Time, generalized_time, issue, raw_time, utc_time
from tests.behaviour.runs import SOUND, VERSIONS, of, ran, read, seen
from tests.hierarchy.chains import AT, START, server

LEAF, CA, ROOT = SOUND.issued()


@pytest.mark.parametrize(
    ("time", "readable"),
    [
        (utc_time(START), True),
        (generalized_time(START), True),
        (raw_time(b"\x17\x0b2601010000Z", START), False),
        (raw_time(b"\x17\x11260101000000+0000", START), False),
        (raw_time(b"\x18\x0f202601010000.5Z", START), False),
        (raw_time(b"\x18\x1120260101000000.0Z", START), False),
        (raw_time(b"\x17\x0d261201000000Z", START), True),
        (raw_time(b"\x17\x0d261301000000Z", START), False),
        (raw_time(b"\x17\x0d260001000000Z", START), False),
        (raw_time(b"\x17\x0d280229000000Z", START), True),
        (raw_time(b"\x17\x0d260229000000Z", START), False),
        (raw_time(b"\x17\x0d260100000000Z", START), False),
        (raw_time(b"\x17\x0d260101235959Z", START), True),
        (raw_time(b"\x17\x0d260101235960Z", START), False),
        (raw_time(b"\x17\x0d260101236000Z", START), False),
        (raw_time(b"\x17\x0d260101240000Z", START), False),
        (raw_time(b"\x18\x0f00000101000000Z", START), True),
        (raw_time(b"\x17\x0d2601010000AAZ", START), False),
        (raw_time(b"\x17\x0d260101000000z", START), False),
    ],
)
def test_a_time_is_read_with_seconds_and_in_utc_alone(time: Time, readable: bool) -> None:
    """X509_cmp_time: `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` of a calendar, and nothing else."""
    before, after = read(
        issue(server(not_before=time), CA), issue(server(not_after=time, serial=4), CA)
    )
    assert (told(before, True) is not None, told(before, False) is not None) == (readable, True)
    assert (told(after, True) is not None, told(after, False) is not None) == (True, readable)


@pytest.mark.parametrize(
    ("day", "same"),
    [("0229", "0301"), ("0230", "0302"), ("0431", "0501"), ("0432", ""), ("0400", "")],
)
def test_up_to_1_1_0_every_month_has_31_days(day: str, same: str) -> None:
    """The days behind a month's last are the next month's."""

    def at(text: str) -> Any:
        time = raw_time(b"\x17\x0d" + f"26{text}000000Z".encode(), START)
        return read(issue(server(not_after=time), CA))[0]

    assert told(at(day), False) is None
    assert told(at(day), False, old=True) == (told(at(same), False) if same else None)


def test_a_time_that_cannot_be_read_is_an_error_of_its_own() -> None:
    """13 or 14, and no more; of a CA too, which is in time for nobody who looks for issuers."""
    never = raw_time(b"\x17\x0d261301000000Z", START)
    for version in VERSIONS.values():
        if not version.get("boring"):
            assert of(SOUND.put(0, not_before=never), **version) == [(13, 0)]
            assert of(SOUND.put(1, not_after=never), **version) == [(14, 1)]


def test_of_issuers_that_are_not_in_time_the_last_to_end_is_taken() -> None:
    """ASN1_TIME_compare: one whose end cannot be read ends before no other."""
    never = raw_time(b"\x17\x0d261301000000Z", START)
    ca = SOUND.specs[1]
    unread, old, older = (
        issue(ca.with_(not_after=end, serial=serial), ROOT)
        for serial, end in ((91, never), (92, AT - timedelta(days=1)), (93, AT - timedelta(days=2)))
    )
    for sent, taken_first in (
        ([older, old], old),
        ([old, older], old),
        ([unread, old], unread),
        ([old, unread], old),
    ):
        found = ran(seen([LEAF, *sent], [ROOT]), goes_on=True)
        assert found.certificates[1] == read(taken_first)[0]
