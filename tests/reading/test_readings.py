"""Trust is read once for many chains, and a report does not depend on that."""

from __future__ import annotations

import pickle
import random

import pytest

import edgecheck
from edgecheck.reading.inputs import Reader
from edgecheck.reading.readings import MOST, Readings, read
from edgecheck.reading.trusted import Trusted
from fixtures.expected import Fixture, folders
from fixtures.expected import read as read_fixture
from fixtures.pki import pem
from fixtures.stock import stock_11, stock_15

CHAIN, TRUST = pem(*stock_15().presented()), pem(*stock_15().trust())
OTHER = pem(*stock_11().trust())


def reader(known: dict[bytes, edgecheck.Certificate], password: bytes | None = None) -> Reader:
    return Reader(known, 1 << 24, 2_000, password)


def test_equal_bytes_are_read_once() -> None:
    """Of one argument, also where they are another object; what a list holds is looked at too."""
    known: dict[bytes, edgecheck.Certificate] = {}
    readings: Readings = {}
    first = read(reader(known), TRUST, "trust", "<trust>", readings)
    assert read(reader(known), bytes(bytearray(TRUST)), "trust", "<trust>", readings) is first
    assert read(reader(known), [TRUST, OTHER], "trust", "<trust>", readings) is not first
    assert read(reader(known), [TRUST, OTHER], "trust", "<trust>", readings) is read(
        reader(known), [TRUST, OTHER], "trust", "<trust>", readings
    )
    assert list(first.certificates) == list(first.presentation.sequence)


def test_what_was_read_consists_of_the_objects_that_the_reader_knows() -> None:
    """Two objects of equal bytes in one report would be two certificates."""
    readings: Readings = {}
    known: dict[bytes, edgecheck.Certificate] = {}
    first = read(reader(known), TRUST, "trust", "<trust>", readings)
    known.clear()  # as a memo forgets
    again = read(reader(known), TRUST, "trust", "<trust>", readings)
    assert again is first
    assert all(known[one.der] is one for one in again.certificates)
    others: dict[bytes, edgecheck.Certificate] = {}
    reader(others).read(TRUST, "presented")
    third = read(reader(others), TRUST, "trust", "<trust>", readings)
    assert all(others[one.der] is one for one in third.certificates)


def test_nothing_that_a_password_opens_is_kept() -> None:
    """Nor more arguments than a bound allows, nor what is no plain value."""
    readings: Readings = {}
    read(reader({}, b"secret"), TRUST, "trust", "<trust>", readings)
    read(reader({}), bytearray(TRUST), "trust", "<trust>", readings)
    read(reader({}), iter([TRUST]), "trust", "<trust>", readings)
    assert not readings
    for number in range(3 * MOST):
        read(reader({}), TRUST + b"\n" * number, "trust", "<trust>", readings)
    assert len(readings) <= MOST


@pytest.mark.parametrize("seed", range(4))
def test_reports_are_the_same_with_and_without_a_memo(seed: int) -> None:
    """Whatever was asked before, with one trust for all or with each its own, forgetting or not."""
    dice = random.Random(seed)
    fixtures: list[Fixture] = [read_fixture(folder) for folder in dice.sample(folders(), 40)]
    memo = edgecheck.Memo(most=dice.choice((2, 8, 10_000)))
    shared = TRUST + OTHER
    for fixture in dice.choices(fixtures, k=80):
        given = fixture.given()
        if dice.random() < 0.5:
            given["trust"] = shared
        assert edgecheck.check(**given, memo=memo) == edgecheck.check(**given)


def test_trust_goes_along_as_a_plain_value() -> None:
    """What was computed of it stays behind."""
    trusted = Trusted(edgecheck.check(CHAIN, trust=TRUST).expected.trust)
    assert trusted.are_roots
    copied = pickle.loads(pickle.dumps(trusted))
    assert copied == trusted
    assert not vars(copied)
