"""What extensions must not contain, in whichever certificate: each violated, and each kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa
from cryptography.hazmat.primitives.serialization import Encoding

from edgecheck.hierarchy.signatures import INVALID, VALID, algorithm, verify
from edgecheck.reading.quick import quick
from fixtures.der import integer, name_der, oid, sequence, tlv
from fixtures.private_keys import private_key
from tests.hierarchy.chains import Chain, steps
from tests.hierarchy.test_profile import (
    ANY,
    CA,
    DIRECTORY_ATTRIBUTES,
    MAPPINGS,
    POLICIES,
    POLICY_CONSTRAINTS,
    ROOT,
    SERVER,
    Change,
    extension,
    policies,
    policy,
)

DNS, EMAIL, URI, IP, DN, OTHER = 0x82, 0x81, 0x86, 0x87, 0xA4, 0xA0
ANY_POLICY = oid("2.5.29.32.0")
FROM_ANY = sequence(sequence(ANY_POLICY, oid("1.2.3")))
TO_ANY = sequence(sequence(oid("1.2.3"), ANY_POLICY))
CPS = oid("1.3.6.1.5.5.7.2.1")


@pytest.mark.parametrize("at", [SERVER, CA, ROOT], ids=["server", "ca", "root"])
@pytest.mark.parametrize(
    ("dotted", "value", "section"),
    [
        (POLICIES, sequence(), "4.2.1.4"),
        (POLICIES, sequence(sequence()), "4.2.1.4"),
        (POLICIES, sequence(policy("1.2.3"), policy("1.2.3")), "4.2.1.4"),
        (POLICIES, b"\5\0", "4.2.1.4"),
        (MAPPINGS, sequence(), "4.2.1.5"),
        (MAPPINGS, sequence(sequence(oid("1.2.3"))), "4.2.1.5"),
        (MAPPINGS, FROM_ANY, "4.2.1.5"),
        (MAPPINGS, TO_ANY, "4.2.1.5"),
        (POLICY_CONSTRAINTS, sequence(), "4.2.1.11"),
        (POLICY_CONSTRAINTS, sequence(b"\x80\1\xff"), "4.2.1.11"),
        (ANY, integer(-1), "4.2.1.14"),
        (ANY, b"\5\0", "4.2.1.14"),
    ],
)
def test_policies_in_every_certificate(at: int, dotted: str, value: bytes, section: str) -> None:
    """An extension about policies that cannot be read breaks the profile on the anchor too."""
    report = extension(at, dotted, value, dotted != POLICIES)(Chain()).report()
    assert report.valid is False
    assert section in steps(report)


@pytest.mark.parametrize("change", [
    policies(sequence(oid("1.2.3"), sequence())),
    policies(sequence(oid("1.2.3"), sequence(b"\5\0"))),
    policies(policy("1.2.3", sequence())),
    policies(policy("1.2.3", sequence(CPS))),
    policies(policy("1.2.3", sequence(b"\5\0", CPS))),
])  # fmt: skip
def test_qualifiers_that_are_none(change: Change) -> None:
    """A list of qualifiers is not empty, and each one is an identifier and its value."""
    report = change(Chain()).report()
    assert (report.valid, steps(report)) == (False, {"4.2.1.4"})


def constrained(at: int, tag: int, base: bytes, excluded: bool = True) -> Change:
    trees = tlv(0xA1 if excluded else 0xA0, sequence(tlv(tag, base)))
    return extension(at, "nameConstraints", sequence(trees), True)


@pytest.mark.parametrize("at", [CA, ROOT], ids=["ca", "root"])
@pytest.mark.parametrize(("tag", "base"), [
    (DNS, b".example.org"), (DNS, b"*.example.org"), (DNS, b"a..org"), (DNS, b"\xe4.org"),
    (EMAIL, b"a@b@c"), (EMAIL, b"*.example.org"), (EMAIL, b"."),
    (URI, b"https://example.org"), (URI, b"192.0.2.1"), (URI, b"org"), (URI, b""), (URI, b"."),
    (URI, b"a..org"), (URI, b"example.org/x"), (URI, b"[::1]"),
    (IP, bytes(4)), (IP, bytes(16)), (IP, bytes(4) + b"\xff\0\xff\0"), (IP, b""),
    (DN, b"\x31\0"), (DN, b""),
])  # fmt: skip
def test_bases_that_cannot_be_used(at: int, tag: int, base: bytes) -> None:
    """A subtree that cannot be used breaks 4.2.1.10 even where no name below is of its form."""
    for excluded in (True, False):
        report = constrained(at, tag, base, excluded)(Chain()).report()
        assert report.valid is False
        assert "4.2.1.10" in steps(report)


@pytest.mark.parametrize(("tag", "base"), [
    (DNS, b"example.org"), (DNS, b"org"), (EMAIL, b"a@example.org"), (EMAIL, b"example.org"),
    (EMAIL, b".example.org"), (URI, b"example.org"), (URI, b".example.org"), (URI, b".org"),
    (IP, bytes(8)), (IP, bytes(32)), (DN, name_der([("O", "a")])), (OTHER, oid("1.2.3")),
])  # fmt: skip
def test_bases_that_can_be_used(tag: int, base: bytes) -> None:
    """A well-formed subtree of any form passes, as does one of a form without rules."""
    report = constrained(CA, tag, base)(Chain()).report()
    assert (report.valid, steps(report)) == (True, set())


@pytest.mark.parametrize("value", [sequence(), b"\5\0", sequence(tlv(0xA0))])
def test_name_constraints_that_are_none(value: bytes) -> None:
    """An extension of the wrong syntax breaks 4.2.1.10 on the anchor too."""
    report = extension(ROOT, "nameConstraints", value, True)(Chain()).report()
    assert report.valid is False
    assert "4.2.1.10" in steps(report)


@pytest.mark.parametrize(("dotted", "value"), [
    ("keyUsage", "03020781"), ("keyUsage", "03020080"), ("keyUsage", "03020680"),
    ("keyUsage", "0303078000"), ("keyUsage", "0303008000"), ("keyUsage", "03030780ff"),
    ("basicConstraints", "3003010100"),
])  # fmt: skip
def test_values_that_are_not_in_der(dotted: str, value: str) -> None:
    """What BER lets through breaks section 4.1 in this profile, and nothing in `iot-edge`."""
    chain = extension(SERVER, dotted, bytes.fromhex(value), True)(Chain())
    report = chain.report()
    assert (report.valid, steps(report)) == (False, {"4.1"})
    assert chain.report("iot-edge").valid is True


@pytest.mark.parametrize(("dotted", "value"), [
    ("keyUsage", "03020780"), ("keyUsage", "030205a0"), ("keyUsage", "0303078880"),
    ("basicConstraints", "3000"),
])  # fmt: skip
def test_values_in_der(dotted: str, value: str) -> None:
    """The one encoding that DER has passes."""
    report = extension(SERVER, dotted, bytes.fromhex(value), True)(Chain()).report()
    assert (report.valid, steps(report)) == (True, set())


@pytest.mark.parametrize(("dotted", "value", "section"), [
    (DIRECTORY_ATTRIBUTES, sequence(), "4.2.1.8"),
    ("subjectKeyIdentifier", b"\4\0", "4.2.1.2"),
])  # fmt: skip
@pytest.mark.parametrize("at", [SERVER, ROOT], ids=["server", "root"])
def test_what_must_not_be_empty(at: int, dotted: str, value: bytes, section: str) -> None:
    """An extension with nothing in it breaks the section that defines it."""
    report = extension(at, dotted, value)(Chain()).report()
    assert report.valid is False
    assert section in steps(report)


SHA_3 = (hashes.SHA3_224(), hashes.SHA3_256(), hashes.SHA3_384(), hashes.SHA3_512())
DSA_KEY = "a DSA key"


@pytest.mark.parametrize(
    ("key", "made"),
    [(key, made) for key in ("p256-1", "rsa2048-1") for made in SHA_3]
    + [(DSA_KEY, hashes.SHA384()), (DSA_KEY, hashes.SHA512())],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_signatures_with_other_hashes(key: str, made: hashes.HashAlgorithm) -> None:
    """Every algorithm that `cryptography` makes signatures with is known, and verified."""
    signer = dsa.generate_private_key(1024) if key == DSA_KEY else private_key(key)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Edge")])
    der = (
        x509.CertificateBuilder(name, name, signer.public_key(), 5)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(signer, made)  # type: ignore[arg-type]
        .public_bytes(Encoding.DER)
    )
    certificate = quick(der)
    assert not isinstance(certificate, str) and certificate is not None
    assert verify(certificate, certificate) == VALID
    assert algorithm(certificate.signature_algorithm).key
    certificate.tbs = certificate.tbs[:-1] + bytes([certificate.tbs[-1] ^ 1])
    assert verify(certificate, certificate) == INVALID
