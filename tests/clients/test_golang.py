"""Go: what it says of a chain that it could parse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour.golang.parse import signature_name
from fixtures.der import oid, sequence
from fixtures.pki import (
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
)
from tests.clients.asked import (
    CA,
    ROOT,
    RSA,
    SERVER,
    SOUND,
    public_key,
    raw,
    rsa_key,
    says,
    where,
)
from tests.hierarchy.chains import AT, END, START, Chain, authority

NEW, OLD = "go1.27.3", "go1.19.8"
PARSED = "tls: failed to parse certificate from server: x509: "
VERIFIED = "tls: failed to verify certificate: x509: "
NEITHER = (PARSED, VERIFIED)
UNKNOWN = "certificate signed by unknown authority"


def both(chain: object, **more: object) -> tuple[str, str]:
    """What 1.27 and 1.19 say, without what each puts before it."""
    new, old = says(NEW, chain, **more), says(OLD, chain, **more)  # type: ignore[arg-type]
    prefix = next((one for one in NEITHER if new.startswith(one)), "")
    before = PARSED if old.startswith(PARSED) else "x509: "
    return new.removeprefix(prefix), old.removeprefix(before)


def same(chain: object, **more: object) -> str:
    """What both say."""
    new, old = both(chain, **more)
    assert new == old
    return new


# --- one certificate -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA, ROOT])
def test_times_count_for_each_certificate_to_the_second(place: int) -> None:
    second = timedelta(seconds=1)
    assert same(SOUND.put(place, not_after=AT)) == "connects"
    assert same(SOUND.put(place, not_before=AT)) == "connects"
    told = "certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is "
    assert same(SOUND.put(place, not_after=AT - second)) == f"{told}after 2026-11-23T11:59:59Z"
    assert same(SOUND.put(place, not_before=AT + second)) == f"{told}before 2026-11-23T12:00:01Z"


def test_a_certificate_that_is_both_too_early_and_too_late_is_too_early() -> None:
    made = SOUND.put(SERVER, not_before=END, not_after=START)
    assert "is before 2027-01-01T00:00:00Z" in same(made)


NOT_SIGNER = "certificate is not authorized to sign other certificates"
CANNOT = "x509: invalid signature: parent certificate cannot sign this kind of certificate"


def hinted(reason: str, name: str = "Test CA") -> str:
    return (
        f'{UNKNOWN} (possibly because of "{reason}" while trying to verify candidate authority '
        f'certificate "{name}")'
    )


def test_what_is_no_ca_cannot_sign() -> None:
    """A root of version 1, or one of version 3 that may sign, is an authority."""
    assert same(SOUND.put(CA, basic_constraints(False))) == hinted(CANNOT)
    assert same(SOUND.without(CA, "basicConstraints")) == hinted(CANNOT)
    assert same(SOUND.without(ROOT, "basicConstraints")) == hinted(CANNOT, "Test Root")
    assert same(SOUND.put(CA, key_usage("cRLSign"))) == hinted(CANNOT)
    assert same(SOUND.put(CA, raw("keyUsage", b"\x03\x01\x00"))) == "connects"
    assert same(SOUND.without(CA, "keyUsage")) == "connects"
    assert same(SOUND.put(ROOT, version=1, extensions=())) == "connects"
    assert same(SOUND.put(CA, version=1, extensions=())) == NOT_SIGNER


def test_a_path_length_counts_the_intermediates_below() -> None:
    """The server's certificate is none, and its own length does not matter."""
    middle = authority("Middle CA", "p256-4")
    server, ca, root = SOUND.specs
    long = Chain((server, ca, middle, root))
    told = "too many intermediates for path length constraint"
    for place, most in ((1, 0), (2, 1), (3, 2)):
        assert same(long.put(place, basic_constraints(True, most))) == "connects"
        if most:
            assert same(long.put(place, basic_constraints(True, most - 1))) == told
    assert same(SOUND.put(SERVER, basic_constraints(True, 0))) == "connects"


def test_usages_of_all_certificates_have_to_allow_servers() -> None:
    """None at all, an empty list and any usage allow them."""
    told = "certificate specifies an incompatible key usage"
    for place in (SERVER, CA, ROOT):
        assert same(SOUND.put(place, extended_key_usage("clientAuth"))) == told
        for good in ("serverAuth", "anyExtendedKeyUsage"):
            made = SOUND.put(place, extended_key_usage("clientAuth", good))
            assert same(made) == "connects"
    assert same(SOUND.put(SERVER, raw("extendedKeyUsage", b"\x30\x00"))) == "connects"
    old_root = SOUND.put(ROOT, extended_key_usage("clientAuth"), version=1)
    assert same(old_root) == "connects"


# --- signatures ----------------------------------------------------------------------------------


def test_a_wrong_signature_is_a_hint_that_depends_on_the_key() -> None:
    broken = SOUND.put(SERVER, damage=flip_signature_bit)
    assert same(broken) == hinted("x509: ECDSA verification failure")
    assert same(RSA.put(SERVER, damage=flip_signature_bit)) == hinted(
        "crypto/rsa: verification error"
    )
    edwards = SOUND.put(CA, key="ed25519-1")
    assert same(edwards) == "connects"
    assert same(edwards.put(SERVER, damage=flip_signature_bit)) == hinted(
        "x509: Ed25519 verification failure"
    )


def test_weak_algorithms_are_told_by_the_names_that_go_has_for_them() -> None:
    """1.19 says how SHA-1 can be allowed."""
    told = "x509: cannot verify signature: insecure algorithm "
    assert same(RSA.put(SERVER, signature="md5_rsa")) == hinted(told + "MD5-RSA")
    for chain, signature, name in (
        (RSA, "sha1_rsa", "SHA1-RSA"),
        (SOUND, "sha1_ecdsa", "ECDSA-SHA1"),
    ):
        old = f"{told}{name} (temporarily override with GODEBUG=x509sha1=1)"
        assert both(chain.put(SERVER, signature=signature)) == (hinted(told + name), hinted(old))
    assert same(RSA.put(ROOT, signature="sha1_rsa")) == "connects"


def test_algorithms_that_it_does_not_know() -> None:
    unimplemented = hinted("x509: cannot verify signature: algorithm unimplemented")
    assert same(RSA.put(SERVER, signature="sha224_rsa")) == unimplemented
    assert same(SOUND.put(CA, key="ed448-1")) == unimplemented
    for signature in ("sha384_rsa", "sha512_rsa", "sha256_pss"):
        assert same(RSA.put(SERVER, signature=signature)) == "connects"
    assert same(SOUND.put(SERVER, signature="sha384_ecdsa")) == "connects"


class _Signed:
    def __init__(self, identifier: bytes) -> None:
        self.signature_algorithm = identifier


@pytest.mark.parametrize(
    ("dotted", "name"),
    [
        ("1.2.840.113549.1.1.11", "SHA256-RSA"),
        ("1.2.840.113549.1.1.12", "SHA384-RSA"),
        ("1.2.840.113549.1.1.13", "SHA512-RSA"),
        ("1.2.840.113549.1.1.10", None),
        ("1.2.840.10045.4.3.1", None),
        ("1.2.840.10045.4.3.2", "ECDSA-SHA256"),
        ("1.2.840.10045.4.3.3", "ECDSA-SHA384"),
        ("1.2.840.10045.4.3.4", "ECDSA-SHA512"),
        ("1.3.101.112", "Ed25519"),
        ("1.3.101.113", None),
    ],
)
def test_each_algorithm_has_its_name(dotted: str, name: str | None) -> None:
    assert signature_name(_Signed(sequence(oid(dotted)))) == name  # type: ignore[arg-type]


def test_the_key_has_to_be_of_the_kind_that_the_algorithm_needs() -> None:
    told = "x509: signature algorithm specifies an {} public key, but have public key of type {}"
    rsa = RSA.put(CA, public_key=public_key(ec.SECP256R1()))
    assert same(rsa) == hinted(told.format("RSA", "*ecdsa.PublicKey"))
    other = SOUND.put(CA, key="p256-2", public_key=issue_key("rsa2048-2"))
    assert same(other) == hinted(told.format("ECDSA", "*rsa.PublicKey"))
    edwards = SOUND.put(CA, key="p256-2", public_key=issue_key("ed25519-1"))
    assert same(edwards) == hinted(told.format("ECDSA", "ed25519.PublicKey"))


def issue_key(name: str) -> bytes:
    from fixtures.private_keys import public_key_der

    return public_key_der(name)


def test_1_27_takes_no_large_exponent() -> None:
    """33 bits and more; in a CA it is a hint, in the server's key the handshake fails."""
    ca = RSA.put(CA, key="rsa2048-e34-1")
    assert both(ca) == (hinted("crypto/rsa: public exponent too large"), "connects")
    leaf = RSA.put(SERVER, key="rsa2048-e34-1")
    told = "tls: invalid signature by the server certificate: crypto/rsa: public exponent too large"
    assert both(leaf) == (told, "connects")


@pytest.mark.parametrize("place", [SERVER, CA])
@pytest.mark.parametrize(("bits", "long"), [(8192, False), (8193, True)])
def test_1_27_takes_no_key_of_more_than_8192_bits_that_is_sent(
    place: int, bits: int, long: bool
) -> None:
    """CheckKeySize of crypto/tls; Debian's 1.19.8 has none."""
    chain = RSA.put(place, public_key=rsa_key(bits))
    told = "tls: server sent certificate containing RSA key larger than 8192 bits"
    new, old = both(chain)
    assert (new == told) is long
    assert "8192" not in old


def test_the_length_of_a_key_that_is_trusted_and_not_sent_does_not_matter_to_go() -> None:
    assert "8192" not in same(RSA.put(ROOT, public_key=rsa_key(8193)))


def test_the_server_has_to_prove_its_key() -> None:
    other = issue(SOUND.specs[ROOT])
    told = "tls: invalid signature by the server certificate: "
    assert same(SOUND, key_of=other) == told + "ECDSA verification failure"
    assert same(RSA, key_of=other) == told + "crypto/rsa: verification error"


def test_a_kind_of_key_that_is_not_modelled_leaves_it_open() -> None:
    told = "unknown: a kind of key that this model does not know"
    assert same(SOUND.put(SERVER, key="ed448-1")) == told
    assert same(SOUND.put(SERVER, key="ed25519-1")) == "connects"


def test_which_certificate_it_complains_of() -> None:
    assert where(NEW, SOUND.put(CA, version=4)) == (CA, CA)
    assert where(NEW, SOUND.put(CA, not_after=AT - timedelta(days=1))) == (CA, CA)
    assert where(NEW, SOUND.put(ROOT, not_after=AT - timedelta(days=1))) == (-1, 0)
    assert where(NEW, SOUND, host="other.example") == (SERVER, 0)


def test_a_name_in_the_hint_is_quoted() -> None:
    for name, shown in (
        ('A "B" \\ C', 'A \\"B\\" \\\\ C'),
        ([("O", "Plant"), ("CN", "First"), ("CN", "Last")], "Last"),
        ([("C", "DE"), ("O", "Plant"), ("O", "Other")], "Plant"),
        ([("C", "DE")], "serial:77"),
    ):
        made = SOUND.put(CA, subject=name, serial=77).put(SERVER, damage=flip_signature_bit)
        assert same(made) == hinted("x509: ECDSA verification failure", shown)
