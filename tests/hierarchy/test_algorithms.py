"""Every entry of the tables of algorithms and keys has a chain: it is verified, and told."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edgecheck.hierarchy.signatures import ALGORITHMS, Algorithm
from edgecheck.rules.algorithm.keys import _CURVES, _KINDS
from fixtures import der
from fixtures.pki import (
    Spec,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    subject_alt_name,
)
from fixtures.private_keys import private_key
from fixtures.stock import HOSTNAME, NOW
from tests.test_any_bytes import judged, nodes

PSS = "1.2.840.113549.1.1.10"
_SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), b"\x05\0")
_PSS_SHA256 = der.sequence(
    der.tlv(0xA0, _SHA256),
    der.tlv(0xA1, der.sequence(der.oid("1.2.840.113549.1.1.8"), _SHA256)),
    der.tlv(0xA2, der.integer(32)),
)


@functools.cache
def key(kind: str) -> Any:
    match kind:
        case "RSA" | "RSA-PSS":
            return private_key("rsa2048-1")
        case "DSA":
            return dsa.generate_private_key(1024)
        case "Ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "Ed448":
            return ed448.Ed448PrivateKey.generate()
        case "EC":
            return private_key("p256-1")
    raise AssertionError(f"no key for {kind}")


def signature(private: Any, used: Algorithm, message: bytes) -> bytes:
    match used.key:
        case "RSA":
            return bytes(private.sign(message, padding.PKCS1v15(), used.hash))
        case "RSA-PSS":
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
            return bytes(private.sign(message, pss, hashes.SHA256()))
        case "EC":
            return bytes(private.sign(message, ec.ECDSA(used.hash or hashes.SHA256())))
        case "DSA":
            return bytes(private.sign(message, used.hash))
    return bytes(private.sign(message))


def spki(private: Any) -> bytes:
    return bytes(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def signed(made: bytes, oid: str, sign: Callable[[bytes], bytes]) -> bytes:
    """A certificate whose algorithm, in both places, and signature are others."""
    used = ALGORITHMS[oid]
    null = b"\x05\0" if used.key == "RSA" else b""
    named = der.oid(oid) + (_PSS_SHA256 if oid == PSS else null)
    (root,) = nodes(made)
    tbs, outer, bits = root.children
    for node in (tbs.children[2], outer):
        node.content, node.children = named, []
    bits.content = b"\0" + sign(tbs.encoded())
    return root.encoded()


def chain(oid: str, private: Any) -> list[bytes]:
    """Server and root, both signed by the root's key and by one algorithm."""
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    authority = (basic_constraints(True), key_usage("keyCertSign"))
    root = issue(Spec("root", "p256-1", start, end, authority, public_key=spki(private)))
    names = (extended_key_usage("serverAuth"), subject_alt_name(dns=[HOSTNAME]))
    server = issue(Spec(HOSTNAME, "p256-2", start, end, names), root)
    used = ALGORITHMS[oid]
    return [signed(made.der, oid, lambda m: signature(private, used, m)) for made in (server, root)]


@pytest.mark.parametrize("oid", ALGORITHMS)
def test_a_chain_signed_by_each_algorithm_is_verified_and_told(oid: str) -> None:
    """The signature counts, the algorithm has its name, and each kind of key too."""
    used = ALGORITHMS[oid]
    server, root = chain(oid, key(used.key))
    report = judged([server], trust=[root], at=NOW)
    assert report.valid is True
    told = json.loads(report.to_json())["certificates"]
    assert [each["signature_algorithm"] for each in told] == [used.name, used.name]
    assert told[1]["public_key"].startswith(used.key.removesuffix("-PSS"))
    # Of the same algorithm, what another key made is no signature.
    other = signed(server, oid, lambda m: signature(key(used.key), used, m + b"x"))
    assert judged([other], trust=[root], at=NOW).valid is False


@pytest.mark.parametrize("curve", sorted(ec._CURVE_TYPES, key=str))
def test_a_key_on_each_curve_is_told(curve: str) -> None:
    """Also on those that hardly anybody has heard of."""
    try:
        private = ec.generate_private_key(ec._CURVE_TYPES[curve])
    except Exception as refused:
        assert "not supported" in str(refused)
        return
    server, root = chain("1.2.840.10045.4.3.2", private)
    report = judged([server], trust=[root], at=NOW)
    assert report.valid is True
    assert json.loads(report.to_json())["certificates"][1]["public_key"].startswith("EC ")


def test_each_curve_and_kind_of_key_of_the_rules_is_among_these() -> None:
    """What a rule has a name for is met by a chain above."""
    curves = set(ec._CURVE_TYPES) | {"P-224", "P-384", "P-521"}
    assert {name for name, _ in _CURVES.values()} - curves == {
        "a curve that is spelled out, not named"
    }
    kinds = {used.key for used in ALGORITHMS.values()}
    assert {name for name, _ in _KINDS.values()} <= kinds
