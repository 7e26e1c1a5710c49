"""Go: what it refuses to parse, what it says of a chain, and how far it searches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour.golang.parse import refused, signature_name
from fixtures.der import oid, sequence, tlv
from fixtures.pki import (
    Extension,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    raw_time,
    subject_alt_name,
)
from tests.clients.asked import (
    CA,
    ROOT,
    SERVER,
    SOUND,
    critical,
    public_key,
    says,
    unknown_critical,
    view,
    where,
)
from tests.hierarchy.chains import AT, END, HOST, START, Chain, authority

NEW, OLD = "go1.27.3", "go1.19.8"
PARSED = "tls: failed to parse certificate from server: x509: "
VERIFIED = "tls: failed to verify certificate: x509: "
NEITHER = (PARSED, VERIFIED)
RSA = Chain(
    (
        SOUND.specs[SERVER].with_(key="rsa2048-1"),
        SOUND.specs[CA].with_(key="rsa2048-2"),
        SOUND.specs[ROOT].with_(key="rsa2048-3"),
    )
)
UNKNOWN = "certificate signed by unknown authority"
UNHANDLED = "unhandled critical extension"


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


def raw(name: str, value: bytes, critical: bool = False) -> Extension:
    return raw_extension(name, value, critical)


# --- parsing -------------------------------------------------------------------------------------


def test_a_sound_chain_connects() -> None:
    assert both(SOUND) == both(RSA) == ("connects", "connects")


def test_each_version_puts_its_own_words_before_the_reason() -> None:
    expired = SOUND.put(SERVER, not_after=AT - timedelta(days=1))
    told = (
        "certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is after "
        "2026-11-22T12:00:00Z"
    )
    assert says(NEW, expired) == VERIFIED + told
    assert says(OLD, expired) == "x509: " + told
    assert says(NEW, SOUND.put(CA, version=4)) == PARSED + "invalid version"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 4}, "invalid version"),
        ({"serial": b""}, "malformed serial number"),
        ({"serial": b"\x00\x01"}, "malformed serial number"),
        (
            {"signature": "sha256_ecdsa", "inner_signature": "sha384_ecdsa"},
            "inner and outer signature algorithm identifiers don't match",
        ),
        ({"not_before": raw_time(tlv(0x17, b"260101000000+0000"))}, "malformed UTCTime"),
        ({"not_after": raw_time(tlv(0x18, b"202701010000Z"))}, "malformed GeneralizedTime"),
        ({"not_after": raw_time(tlv(0x18, b"20270101000000+0000"))}, "malformed GeneralizedTime"),
        ({"not_after": raw_time(tlv(0x17, b"2701010000Z"))}, "connects"),
        ({"not_after": raw_time(tlv(0x17, b"270101000000+0100"))}, "connects"),
        ({"not_after": raw_time(tlv(0x18, b"20270101000000-0100"))}, "connects"),
    ],
)
def test_what_stands_before_the_extensions(changes: dict[str, object], words: str) -> None:
    """Offsets of time but zero are taken, and times without seconds in UTCTime alone."""
    assert same(SOUND.put(CA, **changes)) == words


def test_a_negative_serial_number_is_refused_since_1_23() -> None:
    assert both(SOUND.put(CA, serial=-1)) == ("negative serial number", "connects")
    view_of = view(SOUND.put(CA, serial=-1))
    certificate = view_of.presented[CA]
    assert refused(certificate, view_of, (1, 23)) == "negative serial number"
    assert refused(certificate, view_of, (1, 22)) is None
    assert same(SOUND.put(CA, serial=0)) == "connects"


def test_what_follows_a_certificate_is_refused() -> None:
    assert same(SOUND, trailing=[CA]) == "trailing data"


@pytest.mark.parametrize(
    ("curve", "words"),
    [
        (ec.SECP224R1(), None),
        (ec.SECP256R1(), None),
        (ec.SECP384R1(), None),
        (ec.SECP521R1(), None),
        (ec.SECP256K1(), "unsupported elliptic curve"),
        (ec.SECP192R1(), "unsupported elliptic curve"),
    ],
)
def test_four_curves_are_known(curve: ec.EllipticCurve, words: str | None) -> None:
    seen = view(SOUND.put(SERVER, public_key=public_key(curve)))
    assert refused(seen.leaf, seen, (1, 27)) == refused(seen.leaf, seen, (1, 19)) == words


def test_parameters_of_a_key_have_to_be_there() -> None:
    bare = sequence(
        sequence(oid("1.2.840.113549.1.1.1")), tlv(0x03, b"\0\x30\x06\x02\x01\x03\x02\x01\x03")
    )
    assert same(SOUND.put(SERVER, public_key=bare)) == "RSA key missing NULL parameters"
    explicit = sequence(sequence(oid("1.2.840.10045.2.1"), sequence()), tlv(0x03, b"\0\x04\x01"))
    assert same(SOUND.put(SERVER, public_key=explicit)) == "invalid ECDSA parameters"


@pytest.mark.parametrize(
    ("extension", "words"),
    [
        (raw("basicConstraints", b"\x30\x01"), "invalid basic constraints"),
        (raw("keyUsage", b"\x30\x00"), "invalid key usage"),
        (raw("subjectKeyIdentifier", b"\x30\x00"), "invalid subject key identifier"),
        (raw("authorityKeyIdentifier", b"\x04\x00"), "invalid authority key identifier"),
        (raw("extendedKeyUsage", b"\x04\x00"), "invalid extended key usages"),
        (raw("extendedKeyUsage", b"\x30\x00"), "connects"),
        (raw("subjectAltName", b"\x04\x00"), "invalid subject alternative names"),
        (subject_alt_name(email=[b"\xe4@x"]), "SAN rfc822Name is malformed"),
        (subject_alt_name(dns=[b"\xe4.x"]), "SAN dNSName is malformed"),
        (subject_alt_name(uri=[b"x:\xe4"]), "SAN uniformResourceIdentifier is malformed"),
        (subject_alt_name(raw=[b"\xa0\x02\xe4\xe4"]), "connects"),
        (subject_alt_name(ip=[bytes(5)]), "cannot parse IP address of length 5"),
        (subject_alt_name(ip=[bytes(4), bytes(16)]), "connects"),
        (raw("nameConstraints", b"\x04\x00"), "invalid NameConstraints extension"),
        (raw("nameConstraints", b"\x30\x00"), "empty name constraints extension"),
        (name_constraints({"ip": [bytes(7)]}), "IP constraint contained value of length 7"),
        (name_constraints(None, {"ip": [bytes(31)]}), "IP constraint contained value of length 31"),
        (name_constraints(None, {"ip": [b"\x09" * 8, b"\x09" * 32]}), "connects"),
        (name_constraints({"dns": [f".{HOST[3:]}"]}), "connects"),
        (name_constraints({"dns": ["..a"]}), 'failed to parse dnsName constraint "..a"'),
        (name_constraints({"dns": ["a."]}), 'failed to parse dnsName constraint "a."'),
        (name_constraints(None, {"dns": ["a b"]}), 'failed to parse dnsName constraint "a b"'),
        (name_constraints(None, {"dns": ["!~"]}), "connects"),
        (
            name_constraints(None, {"dns": ["a\x7f"]}),
            'failed to parse dnsName constraint "a\x7f"',
        ),
        (name_constraints(None, {"dns": [b"\x80"]}), 'failed to parse dnsName constraint "\x80"'),
    ],
)
def test_each_extension_that_is_taken_apart(extension: Extension, words: str) -> None:
    """In a CA certificate."""
    assert same(SOUND.put(CA, extension)) == words


def test_extensions_count_in_version_3_alone() -> None:
    """Of an older version the parser passes them over, and what comes of them is missing."""
    odd = SOUND.put(CA, raw("keyUsage", b"\x30\x00"), version=2)
    assert same(odd) == "certificate is not authorized to sign other certificates"


def test_each_version_tells_a_double_extension_in_its_words() -> None:
    double = SOUND.specs[CA].extensions
    made = SOUND.put(CA, extensions=(*double, double[1]))
    assert both(made) == (
        'certificate contains duplicate extension with OID "2.5.29.15"',
        "certificate contains duplicate extensions",
    )


def test_a_negative_path_length_is_none_to_1_19() -> None:
    made = SOUND.put(CA, raw("basicConstraints", bytes.fromhex("30060101ff0201ff"), True))
    assert both(made) == ("invalid basic constraints", "connects")


def test_since_1_27_three_extensions_may_not_be_critical() -> None:
    told = "incorrectly marked critical"
    for name, words in (
        ("subjectKeyIdentifier", "subject key identifier"),
        ("authorityKeyIdentifier", "authority key identifier"),
        ("authorityInfoAccess", "authority info access"),
    ):
        assert both(critical(SOUND, name)) == (f"{words} {told}", "connects")


UNHEARD = {
    "issuerAltName",
    "subjectDirectoryAttributes",
    "freshestCRL",
    "cRLNumber",
    "reasonCode",
    "issuingDistributionPoint",
    "subjectInfoAccess",
    "proxyCertInfo",
    "tlsFeature",
    "ocspNoCheck",
    "nsCertType",
    *(f"netscape {last}" for last in (2, 3, 4, 7, 8, 12, 13, 14, 15)),
    "unheard of",
}


def test_extensions_that_1_19_handles_where_they_are_critical() -> None:
    unknown = UNHEARD | {"policyMappings", "policyConstraints", "inhibitAnyPolicy"}
    assert unknown_critical(OLD, f"x509: {UNHANDLED}") == unknown


@pytest.mark.parametrize("name", sorted(UNHEARD))
def test_1_27_handles_extensions_of_policies_too(name: str) -> None:
    assert says(NEW, critical(SOUND, name)) == VERIFIED + UNHANDLED
    for known in ("policyMappings", "policyConstraints", "inhibitAnyPolicy"):
        assert says(NEW, critical(SOUND, known)) == "connects"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"raw": [b"\x88\x01\x2a"]}, UNHANDLED),
        ({"raw": [b"\xa4\x02\x30\x00"]}, UNHANDLED),
        ({}, UNHANDLED),
        ({"dns": ["a.plant7.example"]}, "connects"),
        ({"email": ["a@plant7.example"]}, "connects"),
        ({"ip": ["10.0.0.1"]}, "connects"),
        ({"uri": ["x:y"]}, "connects"),
        ({"raw": [b"\x88\x01\x2a"], "uri": ["x:y"]}, "connects"),
    ],
)
def test_a_critical_list_of_names_needs_one_of_a_form_that_it_knows(
    names: dict[str, list[str | bytes]], words: str
) -> None:
    """In a CA as in the server's certificate; not critical it does not matter."""
    made = SOUND.put(CA, subject_alt_name(critical=True, **names))
    assert same(made) == words
    assert same(SOUND.put(CA, subject_alt_name(**names))) == "connects"


def test_critical_constraints_may_be_of_four_forms_alone() -> None:
    directory = b"\xa4\x02\x30\x00"
    for held in (({"raw": [directory]}, None), (None, {"raw": [directory]})):
        assert same(SOUND.put(CA, name_constraints(*held))) == UNHANDLED  # type: ignore[arg-type]
        relaxed = name_constraints(*held, critical=False)  # type: ignore[arg-type]
        assert same(SOUND.put(CA, relaxed)) == "connects"
    known = {
        "dns": ["x.example"],
        "email": ["x.example"],
        "ip": [b"\x09" * 8],
        "uri": ["x.example"],
    }
    assert same(SOUND.put(CA, name_constraints(None, known))) == "connects"  # type: ignore[arg-type]


def test_critical_extensions_of_another_version_are_not_seen() -> None:
    root = SOUND.put(ROOT, raw("1.2.3.4", b"\x05\x00", True), version=1)
    assert same(root) == "connects"


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
        ("1.2.840.113549.1.1.10", "RSA-PSS"),
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
