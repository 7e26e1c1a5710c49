"""The last certificates of a process are remembered by their bytes, and nothing else follows."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import edgecheck
from edgecheck.hierarchy.signatures import vouch, vouched_by
from edgecheck.reading import loading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.loading import REMEMBERED_BYTES, load, recall
from fixtures.expected import folders, read
from fixtures.extensions import raw_extension
from fixtures.pki import issue, pem
from fixtures.stock import HOSTNAME, NOW, stock_15
from tests.examples import some

GATEWAY = stock_15("ec")
DER = GATEWAY.issued("device_ca").der


def recalled(data: bytes) -> Certificate:
    made = recall(data)
    assert isinstance(made, Certificate)
    return made


def test_the_same_bytes_are_the_same_object_for_two_checks() -> None:
    """Without a memo; so what was worked out of a CA is not worked out for the next gateway."""
    presented, trust = pem(*GATEWAY.presented()), pem(*GATEWAY.trust())
    first, second = (edgecheck.check(presented, HOSTNAME, trust, NOW) for _ in range(2))
    assert all(one is two for one, two in zip(first.certificates, second.certificates, strict=True))


def test_nobody_vouches_for_what_is_remembered() -> None:
    """Neither where it is made as a runtime would, nor where it comes out of a pickle."""
    kept = recalled(DER)
    for own in (load(DER), pickle.loads(pickle.dumps(kept))):
        assert isinstance(own, Certificate)
        assert own is not kept
        vouch(own, b"a key")
        assert vouched_by(own) == b"a key"
    assert recalled(DER) is kept
    assert vouched_by(kept) is None


@pytest.mark.parametrize(("more", "is_kept"), [(0, True), (1, False)])
def test_what_is_long_is_read_anew(more: int, is_kept: bool) -> None:
    """So that a process keeps at most a megabyte."""
    spec = GATEWAY["device_ca"]
    size = REMEMBERED_BYTES + more
    for filling in range(REMEMBERED_BYTES - 1_000, REMEMBERED_BYTES):
        der = issue(spec.with_extension(raw_extension("1.2.3.4", bytes(filling)))).der
        if len(der) == size:
            break
    assert len(der) == size
    assert (recalled(der) is recalled(der)) is is_kept


def test_what_is_no_certificate_is_told_each_time() -> None:
    for data in (b"", b"\x30\x03\x02\x01\x01", DER[:-1]):
        first, second = recall(data), recall(data)
        assert type(first) is type(second)
        assert not isinstance(first, str) or first == second


@pytest.mark.parametrize("folder", some(folders()), ids=str)
def test_a_report_is_the_same_of_certificates_that_are_remembered(folder: Path) -> None:
    """Lazily noted damage, shapes and whatever else is kept with a certificate."""
    fixture = read(folder)
    loading._recalled.cache_clear()
    told = [fixture.check().to_json() for _ in range(2)]
    assert told[0] == told[1]
