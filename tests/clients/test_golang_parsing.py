"""Go: what it refuses to parse, and the extensions that it handles where they are critical."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour.golang.parse import refused
from fixtures.der import oid, sequence, tlv
from fixtures.pki import (
    Extension,
    name_constraints,
    raw_time,
    subject_alt_name,
)
from tests.clients.asked import (
    CA,
    ROOT,
    RSA,
    SERVER,
    SOUND,
    critical,
    public_key,
    raw,
    says,
    unknown_critical,
    view,
)
from tests.hierarchy.chains import AT, HOST

NEW, OLD = "go1.27.3", "go1.19.8"
PARSED = "tls: failed to parse certificate from server: x509: "
VERIFIED = "tls: failed to verify certificate: x509: "
NEITHER = (PARSED, VERIFIED)
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
        (name_constraints(None, {"ip": [b"\x09" * 4 + b"\xff" * 4, bytes(32)]}), "connects"),
        (name_constraints(None, {"ip": [bytes(4) + b"\xff\xfe\0\0"]}), "connects"),
        (
            name_constraints(None, {"ip": [bytes(4) + b"\xff\0\xff\0"]}),
            "IP constraint contained invalid mask ff00ff00",
        ),
        (
            name_constraints({"ip": [bytes(16) + b"\x7f" + bytes(15)]}),
            "IP constraint contained invalid mask 7f000000000000000000000000000000",
        ),
        (name_constraints({"email": ["x.example", ".x", "a@x", ""]}), "connects"),
        (name_constraints({"email": ["@x"]}), 'failed to parse rfc822Name constraint "@x"'),
        (name_constraints({"email": ["a b"]}), 'failed to parse rfc822Name constraint "a b"'),
        (name_constraints({"uri": ["x.example", ".x", ""]}), "connects"),
        (name_constraints({"uri": ["x..y"]}), 'failed to parse URI constraint "x..y"'),
        (
            name_constraints({"uri": ["10.0.0.1"]}),
            'failed to parse URI constraint "10.0.0.1": cannot be IP address',
        ),
        (name_constraints({"dns": [f".{HOST[3:]}"]}), "connects"),
        (name_constraints({"dns": ["..a"]}), 'failed to parse dnsName constraint "..a"'),
        (name_constraints({"dns": ["a."]}), 'failed to parse dnsName constraint "a."'),
        (name_constraints(None, {"dns": ["a b"]}), 'failed to parse dnsName constraint "a b"'),
        (name_constraints(None, {"dns": ["!~"]}), "connects"),
        (
            name_constraints(None, {"dns": ["a\x7f"]}),
            'failed to parse dnsName constraint "a\x7f"',
        ),
        (
            name_constraints(None, {"dns": [b"\x80"]}),
            'invalid constraint value: x509: "\\x80" cannot be encoded as an IA5String',
        ),
    ],
)
def test_each_extension_that_is_taken_apart(extension: Extension, words: str) -> None:
    """In a CA certificate."""
    assert same(SOUND.put(CA, extension)) == words


def test_the_field_of_broken_constraints_was_told_up_to_1_19() -> None:
    """By a letter: the sequence, cA, the path length."""
    for hexadecimal, letter in (("3001", "a"), ("3003010105", "b"), ("30020200", "c")):
        value = bytes.fromhex(hexadecimal)
        told = both(SOUND.put(CA, raw("basicConstraints", value)))
        assert told == ("invalid basic constraints", f"invalid basic constraints {letter}")


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
        "ip": [bytes(8)],
        "uri": ["x.example"],
    }
    assert same(SOUND.put(CA, name_constraints(None, known))) == "connects"  # type: ignore[arg-type]


def test_critical_extensions_of_another_version_are_not_seen() -> None:
    root = SOUND.put(ROOT, raw("1.2.3.4", b"\x05\x00", True), version=1)
    assert same(root) == "connects"
