"""A process remembers the last signatures that it verified, and nothing else follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import edgecheck
from edgecheck.hierarchy import signatures
from edgecheck.hierarchy.signatures import INVALID, VALID, State, remembered
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.quick import quick
from fixtures import stock
from fixtures.pki import pem

GATEWAY = stock.stock_11("ec")


def read(der: bytes) -> Certificate:
    found = quick(der)
    assert found is not None
    return found


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> list[Certificate]:
    """Whose signature is verified, from now on; nothing is remembered yet."""
    signatures._remembered.cache_clear()
    asked: list[Certificate] = []
    verify = signatures.verify

    def noted(child: Certificate, *more: Any) -> signatures.Signature:
        asked.append(child)
        return verify(child, *more)

    monkeypatch.setattr(signatures, "verify", noted)
    return asked


def test_the_same_two_certificates_are_verified_once(verified: list[Certificate]) -> None:
    """Whatever object they are: their bytes decide."""
    server, workload_ca = (issued.der for issued in GATEWAY.presented()[:2])
    for _ in range(3):
        assert remembered(read(server), read(workload_ca)) == VALID
    assert len(verified) == 1


def test_another_signature_or_another_issuer_is_verified(verified: list[Certificate]) -> None:
    server, workload_ca, device_ca = (issued.der for issued in GATEWAY.presented()[:3])
    forged = server[:-1] + bytes([server[-1] ^ 1])
    assert remembered(read(server), read(workload_ca)) == VALID
    assert remembered(read(forged), read(workload_ca)) == INVALID
    assert remembered(read(server), read(device_ca)) == INVALID
    assert len(verified) == 3


def test_large_certificates_are_not_kept(
    verified: list[Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "REMEMBERED_BYTES", 100)
    server, workload_ca = (issued.der for issued in GATEWAY.presented()[:2])
    for _ in range(2):
        assert remembered(read(server), read(workload_ca)) == VALID
    assert len(verified) == 2


def test_what_is_remembered_counts_against_the_bound_all_the_same() -> None:
    """A report does not depend on what the process judged before."""
    chain, trust = pem(*GATEWAY.presented()), pem(*GATEWAY.trust())
    limits = replace(edgecheck.Limits(), signatures=2)
    asked = {"validation": edgecheck.Validation(limits=limits)}
    signatures._remembered.cache_clear()
    before = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW, **asked)
    assert edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW).valid is True
    assert edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW, **asked) == before
    assert before.valid is None


def test_what_is_not_valid_is_verified_again(verified: list[Certificate]) -> None:
    """Verifying notes what of a key cannot be read, which findings tell of each object."""
    server, workload_ca = (issued.der for issued in GATEWAY.presented()[:2])
    p256 = bytes.fromhex("06082a8648ce3d030107")
    unknown = p256[:-1] + b"\x63"
    assert workload_ca.count(p256) == 1
    for _ in range(2):
        issuer = read(workload_ca.replace(p256, unknown))
        assert remembered(read(server), issuer).state is State.UNCHECKABLE
        assert "public_key" in issuer.damage
    assert len(verified) == 2
