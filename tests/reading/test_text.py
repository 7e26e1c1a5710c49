"""What came out of a certificate, as it is shown."""

from __future__ import annotations

import pytest

from edgecheck.reading.certificate import written
from edgecheck.reading.text import number


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-5, "-5"),
        (2**160 - 1, "1461501637330902918203684832716283019655932542975"),
        (2**160, "0x10000000000000000000000000000000000000000 (161 bits)"),
        (-(2**160), "-0x10000000000000000000000000000000000000000 (161 bits)"),
        (1 << 40_000, f"0x1{'0' * 47}... (40001 bits)"),
    ],
    ids=["zero", "negative", "20 octets", "more", "more, negative", "too long to write"],
)
def test_a_number_is_decimal_while_somebody_could_read_it(value: int, shown: str) -> None:
    """20 octets, as serial numbers may have, are; beyond, hexadecimal is cut, with its length."""
    assert number(value) == shown


def test_a_time_beyond_the_calendar_is_told_by_its_side() -> None:
    """A zone can lead out of the years that are there."""
    day = "%Y-%m-%d"
    assert written(0, day) == "1970-01-01"
    assert written(253_402_300_799, day) == "9999-12-31"
    assert written(253_402_300_800, day) == "after the year 9999"
    assert written(-62_135_596_801, day) == "before the year 1"
