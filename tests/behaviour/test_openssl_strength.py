"""OpenSSL's checks of strength, signatures, times and names: what passes and what does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from edgecheck.behaviour.openssl.checks import (
    LEVELS,
    key_bits,
    strong_digest,
    strong_key,
)
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.structure import algorithms_differ
from edgecheck.hierarchy.signatures import State
from fixtures import der, edits
from fixtures.edits import KEY, content, edited
from fixtures.pki import (
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    raw_time,
    subject_alt_name,
)
from fixtures.private_keys import private_key
from tests.behaviour.runs import BORING, SOUND, VERSIONS, errors, of, ran, read, seen
from tests.hierarchy.chains import AT, HOST, Chain, authority, server

SECOND = timedelta(seconds=1)
LONG = Chain(
    (
        server(),
        authority("Lower CA", "p256-2"),
        authority("Upper CA", "p256-4"),
        authority("Test Root", "p256-3"),
    )
)


# --- security levels ------------------------------------------------------------------------------

BITS = {
    "rsa1024-1": 80,
    "rsa2048-1": 112,
    "rsa4096-1": 128,
    "rsa8192-1": 192,
    "p256-1": 128,
    "p384-1": 192,
    "p521-1": 260,
    "secp256k1-1": 128,
    "ed25519-1": 128,
    "ed448-1": 224,
}


@pytest.mark.parametrize("name", BITS)
def test_each_kind_of_key_has_its_bits_and_passes_the_levels_up_to_them(name: str) -> None:
    """EVP_PKEY_get_security_bits; levels ask for 80, 112, 128, 192 and 256 bits."""
    assert key_bits(private_key(name).public_key()) == BITS[name]
    assert LEVELS == (80, 112, 128, 192, 256)
    (certificate,) = read(issue(server(key=name)))
    for level, wanted in enumerate((0, 80, 112, 128, 192, 256)):
        assert strong_key(certificate, level) is (BITS[name] >= wanted), level


@pytest.mark.parametrize(
    ("size", "bits"),
    [
        (1023, 0),
        (1024, 80),
        (2047, 80),
        (2048, 112),
        (3071, 112),
        (3072, 128),
        (7679, 128),
        (7680, 192),
        (15359, 192),
        (15360, 256),
    ],
)
def test_each_size_of_rsa_key_has_its_bits(size: int, bits: int) -> None:
    """BN_security_bits, as `X509_get_pubkey(...)` and EVP_PKEY_get_security_bits of 3.0 say."""
    key = RSAPublicNumbers(65537, (1 << (size - 1)) + 1).public_key()
    assert key_bits(key) == bits


def test_an_unknown_kind_of_key_has_no_bits() -> None:
    assert key_bits(object()) == 0
    unreadable = SOUND.put(0, damage_tbs=edited(KEY, 0, edit=content(b"\x06\x01\x2a")))
    (certificate, *_) = read(unreadable.issued()[0])
    assert strong_key(certificate, 0)
    assert not strong_key(certificate, 1)


DIGESTS = {
    # name: bits up to 1.1.1, and since 3.0 (x509_set.c)
    "md5_rsa": (64, 39),
    "sha1_rsa": (80, 63),
    "sha224_rsa": (112, 112),
    "sha256_rsa": (128, 128),
    "sha384_rsa": (192, 192),
    "sha512_rsa": (256, 256),
    "sha256_pss": (128, 128),
    "ed25519": (128, 128),
    "ed448": (224, 224),
}


@pytest.mark.parametrize("name", DIGESTS)
def test_each_digest_passes_the_levels_up_to_its_bits(name: str) -> None:
    key = {"ed25519": "ed25519-1", "ed448": "ed448-1"}.get(name, "rsa2048-1")
    (certificate,) = read(issue(server(key=key, signature=name)))
    for level, wanted in enumerate((80, 112, 128, 192, 256), 1):
        for version, bits in zip(((1, 1, 1), (3, 0)), DIGESTS[name], strict=True):
            settings = Settings(version, level=level)
            assert strong_digest(certificate, settings) is (bits >= wanted), (level, version)


def test_a_digest_that_nobody_knows_is_weak() -> None:
    odd = SOUND.put(0, damage=edited(1, 0, edit=content(b"\x2a\x03")))
    (certificate,) = read(odd.issued()[0])
    assert not strong_digest(certificate, Settings(level=1))


def test_levels_ask_of_each_place_what_they_should() -> None:
    """The server's key first of all; keys of all CAs; digests of all but what is trusted."""
    weak = {"key": "rsa1024-1"}
    assert of(SOUND.put(0, **weak), level=2) == [(66, 0)]
    assert of(SOUND.put(0, **weak), level=1) == []
    assert of(SOUND.put(1, **weak), level=2) == [(67, 1)]
    assert of(SOUND.put(2, **weak), level=2) == [(67, 2)]
    assert of(SOUND.put(2, **weak), level=0) == []
    rsa = SOUND.put(1, key="rsa2048-1").put(2, key="rsa2048-2")
    for depth, expected in ((0, [(68, 0)]), (1, [(68, 1)]), (2, [])):
        old = rsa.put(depth, signature="sha1_rsa")
        assert of(old, level=1) == expected
        assert of(old, level=0) == []
        assert of(old, level=1, version=(1, 1, 1)) == []
    *sent, _ = SOUND.put(0, **weak).issued()
    assert errors(sent, [issue(authority("X", "p256-5"))], level=2) == [(66, 0), (20, 1)]


# --- signatures and times -------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("depth", [0, 1])
def test_a_signature_that_does_not_fit_is_told_at_the_child(
    depth: int, version: dict[str, Any]
) -> None:
    assert of(SOUND.put(depth, damage=flip_signature_bit), **version) == [(7, depth)]


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_an_algorithm_that_is_not_the_one_inside_is_no_signature(version: dict[str, Any]) -> None:
    """X509_verify compares them first; so say curl, Python, Node.js and `verify` with 3.0.

    A root's own does not matter, unless it is verified. The bytes do not matter either: a length
    in more octets than it needs is the same.
    """
    other = {"inner_signature": "sha384_ecdsa"}
    assert of(SOUND.put(0, **other), **version) == [(7, 0)]
    assert of(SOUND.put(1, **other), **version) == [(7, 1)]
    assert of(SOUND.put(2, **other), **version) == []
    assert of(SOUND.put(2, **other), checks_root=True, **version) == [(7, 2)]
    long, sound, differing = read(
        SOUND.put(0, damage=edited(1, edit=edits.longer)).issued()[0],
        SOUND.issued()[0],
        SOUND.put(0, **other).issued()[0],
    )
    assert not algorithms_differ(long)
    assert not algorithms_differ(sound)
    assert algorithms_differ(differing)


def test_a_roots_own_signature_is_verified_only_where_that_is_asked() -> None:
    broken = SOUND.put(2, damage=flip_signature_bit)
    assert of(broken) == []
    assert of(broken, checks_root=True) == [(7, 2)]
    assert of(SOUND, checks_root=True) == []
    *sent, root = SOUND.issued()
    partial = errors(sent[:1], sent[1:], checks_root=True, partial=True)
    assert partial == []
    mute = SOUND.put(2, key_usage("cRLSign"))
    assert of(mute, checks_root=True).count((32, 2)) == 2
    assert of(mute).count((32, 2)) == 1
    assert root.key == "p256-3"


@pytest.mark.parametrize(("version", "expected"), [("3.0", 32), ("1.1.1", 32)])
def test_an_issuer_has_to_be_allowed_to_sign(version: str, expected: int) -> None:
    chain = SOUND.put(1, key_usage("cRLSign"))
    assert (expected, 1) in of(chain, **VERSIONS[version])
    assert of(SOUND.without(1, "keyUsage"), **VERSIONS[version]) == []


def test_before_1_1_1_a_key_of_an_issuer_may_be_of_an_unknown_kind() -> None:
    """EdDSA, which 1.1.1 knows."""
    chain = SOUND.put(1, key="ed25519-1")
    assert of(chain) == of(chain, version=(1, 1, 1)) == []
    assert (6, 0) in of(chain, version=(1, 1, 0))
    assert (6, 0) in of(chain, version=(1, 0, 2))


def test_boringssl_verifies_no_md5() -> None:
    rsa = SOUND.put(1, key="rsa2048-1")
    old = rsa.put(0, signature="md5_rsa")
    assert of(old) == []
    assert of(old, **BORING) == [(7, 0)]
    assert of(rsa, **BORING) == []


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_times_hold_to_the_second_at_every_depth(depth: int, version: dict[str, Any]) -> None:
    assert of(SOUND.put(depth, not_before=AT), **version) == []
    assert of(SOUND.put(depth, not_after=AT), **version) == []
    assert of(SOUND.put(depth, not_before=AT + SECOND), **version) == [(9, depth)]
    assert of(SOUND.put(depth, not_after=AT - SECOND), **version) == [(10, depth)]


def test_times_that_cannot_be_read_are_13_and_14() -> None:
    short = raw_time(b"\x17\x0b2601010000Z", AT)
    assert of(SOUND.put(0, not_before=short)) == [(13, 0)]
    assert of(SOUND.put(0, not_after=raw_time(b"\x17\x0b2701010000Z", AT))) == [(14, 0)]


def test_where_no_issuer_was_found_only_what_is_below_is_judged() -> None:
    """The end of the chain has no time, unless it is all there is, in which case 21 is told."""
    *sent, _ = SOUND.put(1, not_after=AT - SECOND).issued()
    stranger = issue(authority("X", "p256-5"))
    assert errors(sent, [stranger]) == [(20, 1)]
    alone = SOUND.put(0, not_after=AT - SECOND).issued()[0]
    assert errors([alone], [stranger]) == [(20, 0), (21, 0), (10, 0)]
    assert errors([alone], [stranger], version=(1, 1, 0)) == [(20, 0), (21, 0)]
    assert errors([alone], [stranger], **BORING)[:2] == [(20, 0), (21, 0)]


def test_errors_come_in_the_order_of_the_checks() -> None:
    """Extensions, level, name, then from the top down signature and times, then constraints."""
    chain = SOUND.put(
        1, name_constraints({"dns": ["other.example"]}), not_after=AT - SECOND, key="rsa1024-1"
    )
    chain = chain.put(0, extended_key_usage("clientAuth"), damage=flip_signature_bit)
    found = of(chain, "other.example", level=2, names=True)
    assert found == [(26, 0), (67, 1), (62, 0), (10, 1), (7, 0), (47, 0)]
    assert of(chain, "10.0.0.1", names=True)[1] == (64, 0)
    old = of(chain, "other.example", version=(1, 0, 2), names=True)
    assert old == [(26, 0), (47, 0), (62, 0), (10, 1), (7, 0)]


def test_the_name_is_compared_only_by_those_who_have_openssl_do_it() -> None:
    """And where a name is known."""
    assert of(SOUND, "other.example", names=False) == []
    assert of(SOUND, HOST, names=True) == of(SOUND, None, names=True) == []


def test_a_view_verifies_each_signature_once() -> None:
    *sent, root = SOUND.issued()
    view = seen(sent, [root])
    leaf, ca = view.presented
    assert view.signature(leaf, ca) is State.VALID
    assert view.signature(ca, leaf) is State.INVALID
    assert ran(view).errors == ran(view).errors == ()


# --- keys with a curve spelled out ----------------------------------------------------------------


def explicit(depth: int) -> Chain:
    """A chain with a key whose curve is not named: the beginning of ECParameters is there."""
    prefix = bytes.fromhex("06072a8648ce3d02013000")
    return SOUND.put(depth, damage_tbs=edited(KEY, 0, edit=content(prefix)))


@pytest.mark.parametrize(("version", "told"), [("3.0", True), ("1.1.1", True), ("1.1.0", False)])
def test_a_curve_that_is_spelled_out_is_refused_since_1_1_1(version: str, told: bool) -> None:
    chain = explicit(0)
    found = of(chain, **VERSIONS[version])
    assert ((94, 0) in found) is told


# --- name constraints over the chain --------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
@pytest.mark.parametrize("depth", [1, 2])
def test_constraints_of_every_ca_above_hold(depth: int, version: dict[str, Any]) -> None:
    good = name_constraints({"dns": ["plant7.example"]})
    wrong = name_constraints({"dns": ["plant8.example"]})
    assert of(SOUND.put(depth, good), **version) == []
    assert of(SOUND.put(depth, wrong), **version) == [(47, 0)]


def test_a_self_issued_ca_is_not_constrained_and_a_self_issued_server_is() -> None:
    """Directory names: the CA's own name does not count where it is its issuer's too."""
    held = name_constraints({"raw": [_directory("Elsewhere")]})
    top = LONG.replaced(1, authority("Upper CA", "p256-2")).put(2, held)
    assert [depth for number, depth in of(top) if number == 47] == [0]
    other = LONG.put(2, held)
    assert [depth for number, depth in of(other) if number == 47] == [1, 0]


def _directory(common_name: str) -> bytes:
    return der.tlv(0xA4, der.name_der(common_name))


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.0.2", []), ("BoringSSL", [(1001, 0)]), ("1.1.0", [(47, 0)]), ("3.0", [(47, 0)])],
)
def test_a_common_name_counts_where_there_is_no_dns_name(
    version: str, expected: list[tuple[int, int]]
) -> None:
    """1.0.2 does not look at it; BoringSSL refuses any that looks like a host."""
    held = name_constraints({"dns": ["plant8.example"]})
    chain = SOUND.without(0, "subjectAltName").put(1, held)
    assert of(chain, **VERSIONS[version]) == expected
    assert of(chain.put(0, subject="a gateway"), **VERSIONS[version]) == []
    with_address = chain.put(0, subject_alt_name(ip=["10.0.0.1"]))
    assert of(with_address, **BORING) == []
    assert of(SOUND.without(0, "subjectAltName"), **BORING) == []


def test_boringssl_lets_policies_be_required() -> None:
    """OpenSSL checks none unless it is asked to; nor BoringSSL of a chain without an end."""
    asked = raw_extension("policyConstraints", bytes.fromhex("3003800100"), critical=True)
    chain = SOUND.put(1, asked)
    assert of(chain) == []
    assert of(chain, **BORING) == [(43, 0)]
    policy = raw_extension("certificatePolicies", bytes.fromhex("3006300406022a03"))
    assert of(chain.put(0, policy).put(1, policy), **BORING) == []
    *sent, _ = chain.issued()
    assert errors(sent, [issue(authority("X", "p256-5"))], **BORING) == [(20, 1)]
