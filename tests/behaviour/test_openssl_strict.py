"""What X509_V_FLAG_X509_STRICT asks, flag by flag, and what OpenSSL keeps of a certificate."""

from __future__ import annotations

from typing import Any

import pytest

from edgecheck.behaviour.openssl.facts import Facts, fits_authority
from fixtures import der
from fixtures.edits import KEY, SIGNATURE, content, edited
from fixtures.pki import (
    Spec,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    issue,
    key_usage,
    netscape_cert_type,
    raw_extension,
    subject_alt_name,
)
from tests.behaviour.runs import SOUND, errors, of, read
from tests.hierarchy.chains import Chain, authority, server

CERT_SIGN = key_usage("digitalSignature", "keyCertSign")
CRL_SIGN = key_usage("digitalSignature", "cRLSign")
EMPTY = der.sequence()


def ski(critical: bool) -> Any:
    return raw_extension("subjectKeyIdentifier", b"\x04\x14" + bytes(20), critical)


NAMELESS = SOUND.put(0, subject=EMPTY)
FAULTS: dict[str, tuple[Chain, list[tuple[int, int]]]] = {
    "path length of no CA": (SOUND.put(0, basic_constraints(False, 0)), [(80, 0), (81, 0)]),
    "path length with a usage that signs": (SOUND.put(1, basic_constraints(True, 0)), []),
    "path length and no usage": (
        SOUND.put(1, basic_constraints(True, 0)).without(1, "keyUsage"),
        [(81, 1), (92, 1)],
    ),
    "path length and a usage that does not sign": (
        SOUND.put(1, basic_constraints(True, 0), key_usage("cRLSign")),
        [(79, 1), (81, 1), (26, 1), (32, 1)],
    ),
    "CA without usage": (SOUND.without(1, "keyUsage"), [(92, 1)]),
    "server without usage": (SOUND.without(0, "keyUsage"), []),
    "server that signs": (SOUND.put(0, CERT_SIGN), [(82, 0)]),
    "server that is a CA and signs": (SOUND.put(0, CERT_SIGN, basic_constraints(True)), []),
    "constraints of a CA not critical": (
        SOUND.put(1, basic_constraints(True, critical=False)),
        [(89, 1)],
    ),
    "constraints of a server not critical": (
        SOUND.put(0, basic_constraints(False, critical=False)),
        [],
    ),
    "root without a name": (SOUND.put(2, subject=EMPTY), [(83, 1), (83, 2), (84, 2)]),
    "server without a name, names not critical": (NAMELESS, [(88, 0)]),
    "server without a name, names critical": (
        NAMELESS.put(0, subject_alt_name(dns=["a.b"], critical=True)),
        [],
    ),
    "server without any name": (NAMELESS.without(0, "subjectAltName"), [(84, 0)]),
    "server without a name that signs CRLs": (NAMELESS.put(0, CRL_SIGN), [(84, 0), (88, 0)]),
    "names critical, with a name": (
        SOUND.put(0, subject_alt_name(dns=["a.b"], critical=True)),
        [],
    ),
    "no entry in names": (SOUND.put(0, subject_alt_name()), [(87, 0)]),
    "another algorithm inside": (SOUND.put(0, inner_signature="sha384_ecdsa"), [(78, 0), (7, 0)]),
    "authority key identifier critical": (
        SOUND.put(0, authority_key_id(critical=True)),
        [(34, 0), (90, 0)],
    ),
    "subject key identifier critical": (SOUND.put(0, ski(True)), [(34, 0), (91, 0)]),
    "subject key identifier not critical": (SOUND.put(0, ski(False)), []),
    "no authority key identifier": (SOUND.without(0, "authorityKeyIdentifier"), [(85, 0)]),
    "no authority key identifier of a CA": (SOUND.without(1, "authorityKeyIdentifier"), [(85, 1)]),
    "nor of a root": (SOUND.without(2, "authorityKeyIdentifier"), []),
    "authority key identifier without a key": (
        SOUND.put(0, authority_key_id(False, True)),
        [(85, 0)],
    ),
    "no subject key identifier of a CA": (
        SOUND.without(1, "subjectKeyIdentifier").put(0, authority_key_id(b"\1" * 20)),
        [(86, 1)],
    ),
    "no subject key identifier of a server": (SOUND.without(0, "subjectKeyIdentifier"), []),
    "version 1 with extensions": (SOUND.put(0, version=1), [(93, 0)]),
    "version 2 with extensions": (SOUND.put(0, version=2), [(93, 0)]),
    "version 2 without extensions": (SOUND.put(0, version=2, extensions=()), []),
    "sound": (SOUND, []),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_flag_of_strict_mode_by_itself(name: str) -> None:
    """Numbers and depths in order: check_extensions of x509_vfy.c at 3.0."""
    chain, expected = FAULTS[name]
    assert of(chain, strict=True) == expected


@pytest.mark.parametrize("name", FAULTS)
def test_without_strict_mode_nobody_asks(name: str) -> None:
    """What is unhandled or no CA is told all the same."""
    chain, expected = FAULTS[name]
    assert of(chain) == [each for each in expected if each[0] in (7, 34, 79, 26, 32)]


def test_a_certificate_alone_is_not_judged_strictly() -> None:
    """A chain of one is trusted or not found; only whether it is a CA is asked."""
    own = issue(server(CERT_SIGN))
    assert errors([own], [own], strict=True) == []
    by_signs = issue(server(CERT_SIGN).without_extension("basicConstraints"))
    assert errors([by_signs], [by_signs], strict=True) == [(79, 0)]


# --- facts ----------------------------------------------------------------------------------------


def facts(spec: Spec) -> Facts:
    return Facts(read(issue(spec, issue(authority("Issuer", "p256-5"))))[0])


BARE = Spec("one", "p256-1", server().not_before, server().not_after)
NULL = b"\x05\x00"
DECODED = (
    "basicConstraints",
    "keyUsage",
    "extendedKeyUsage",
    "subjectKeyIdentifier",
    "authorityKeyIdentifier",
    "subjectAltName",
    "nameConstraints",
)
VALUES = {
    "basicConstraints": "3000",
    "keyUsage": "03020780",
    "extendedKeyUsage": "300a06082b06010505070301",
    "subjectKeyIdentifier": "040101",
    "authorityKeyIdentifier": "3003800101",
    "subjectAltName": "3003820161",
    "nameConstraints": "3007a0053003820161",
    "cRLDistributionPoints": "30023000",
    "nsCertType": "03020640",
    "certificatePolicies": "3006300406022a03",
    "1.2.3.4": "0500",
}


@pytest.mark.parametrize("name", VALUES)
def test_an_extension_that_is_needed_is_invalid_where_it_is_there_twice(name: str) -> None:
    """EXFLAG_INVALID: X509_get_ext_d2i gives -2. Others may be there as often as they like."""
    once = raw_extension(name, bytes.fromhex(VALUES[name]))
    needed = name not in ("certificatePolicies", "1.2.3.4")
    assert not facts(BARE.with_(extensions=(once,))).invalid
    assert facts(BARE.with_(extensions=(once, once))).invalid is needed


@pytest.mark.parametrize("name", DECODED)
def test_an_extension_that_is_needed_is_invalid_where_it_cannot_be_decoded(name: str) -> None:
    """And then it counts as absent."""
    damaged = facts(BARE.with_(extensions=(raw_extension(name, NULL),)))
    assert damaged.invalid
    assert (damaged.basic_constraints, damaged.key_usage, damaged.usages) == (None, None, None)
    assert (damaged.subject_key_id, damaged.authority_key_id) == (None, None)
    assert damaged.constraints is None
    assert (damaged.is_ca, damaged.path_length, damaged.rejects_server) == (False, None, False)


def test_a_malformed_list_of_names_is_invalid_and_nothing_raises() -> None:
    """So that a server certificate with one is refused, and not left open."""
    for value in (b"\x30\x05\x82\x03a", b"\x04\x00", b""):
        assert facts(BARE.with_(extensions=(raw_extension("subjectAltName", value),))).invalid


def test_a_negative_path_length_allows_no_ca_below() -> None:
    """As ASN1_INTEGER_get gives it to a CA; EXFLAG_INVALID all the same."""
    value = der.sequence(b"\x01\x01\xff", der.integer(-1))
    found = facts(BARE.with_(extensions=(raw_extension("basicConstraints", value),)))
    assert (found.is_ca, found.path_length, found.invalid) == (True, 0, True)


def test_key_usage_without_a_bit_is_told_from_none() -> None:
    empty = facts(server(key_usage()))
    absent = facts(server().without_extension("keyUsage"))
    assert (empty.no_usage, empty.rejects_usage(4)) == (True, True)
    assert (absent.no_usage, absent.rejects_usage(4)) == (False, False)
    assert not facts(server()).no_usage


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (authority("A", "p256-1"), 1),
        (server(), 0),
        (authority("A", "p256-1").without_extension("basicConstraints"), 4),
        (authority("A", "p256-1", key_usage("cRLSign")), 0),
        (server().without_extension("basicConstraints"), 0),
        (BARE, 0),
        (BARE.with_(extensions=(netscape_cert_type("sslCA"),)), 5),
        (BARE.with_(extensions=(netscape_cert_type("emailCA"),)), 5),
        (BARE.with_(extensions=(netscape_cert_type("objCA"),)), 5),
        (BARE.with_(extensions=(netscape_cert_type("reserved"),)), 0),
        (BARE.with_(version=1), 0),
        (BARE.with_(extensions=(basic_constraints(True),)), 1),
        (BARE.with_(extensions=(basic_constraints(False), netscape_cert_type("sslCA"))), 0),
    ],
)
def test_check_ca_tells_a_ca_by_its_constraints_or_by_older_signs(
    spec: Spec, expected: int
) -> None:
    """0 no CA, 1 a CA, 3 self-signed of version 1, 4 by key usage, 5 by Netscape's type."""
    assert facts(spec).check_ca == expected


def test_check_ca_takes_a_self_signed_certificate_of_version_1() -> None:
    for version, expected in ((1, 3), (2, 0), (3, 0)):
        (certificate,) = read(issue(BARE.with_(version=version)))
        assert Facts(certificate).check_ca == expected


def test_netscape_types_are_the_octet_behind_the_unused_bits() -> None:
    both = BARE.with_(extensions=(netscape_cert_type("server", "sslCA"),))
    assert facts(both).ns_cert_type == 0x44
    assert facts(BARE).ns_cert_type is None
    empty = raw_extension("nsCertType", b"\x03\x01\x00")
    assert facts(BARE.with_(extensions=(empty,))).ns_cert_type == 0


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("rsa2048-1", ("RSA", "RSA-PSS")),
        ("p256-1", ("EC",)),
        ("p384-1", ("EC",)),
        ("ed25519-1", ("Ed25519",)),
        ("ed448-1", ("Ed448",)),
    ],
)
def test_each_kind_of_key_signs_as_its_own_kind(key: str, kinds: tuple[str, ...]) -> None:
    """check_sig_alg_match: an RSA key may have made a PSS signature too."""
    issuer = issue(authority("A", key))
    above = Facts(read(issuer)[0])
    assert above.key_kind == kinds
    for other in ("rsa2048-2", "p256-2", "ed25519-1", "ed448-1"):
        (child,) = read(issue(server(signer=other), issuer))
        same = above.key_kind[0] == Facts(read(issue(BARE.with_(key=other)))[0]).key_kind[0]
        assert above.signs_as(child) is same
    (child,) = read(issue(server(signer="rsa2048-2", signature="sha256_pss"), issuer))
    assert above.signs_as(child) is ("RSA-PSS" in kinds)


def test_a_key_or_an_algorithm_that_cannot_be_read_signs_nothing() -> None:
    odd = issue(server(damage_tbs=edited(SIGNATURE, 0, edit=content(b"\x2a\x03"))))
    key = issue(server(damage_tbs=edited(KEY, 0, edit=content(b"\x06\x01\x2a"))))
    sound = issue(server())
    assert not Facts(read(sound)[0]).signs_as(read(odd)[0])
    assert not Facts(read(key)[0]).signs_as(read(sound)[0])
    assert Facts(read(sound)[0]).signs_as(read(sound)[0])


def test_names_identifiers_and_kinds_of_keys_make_a_certificate_look_self_signed() -> None:
    """EXFLAG_SI and EXFLAG_SS; not the signature."""
    (own, wrong, kind, identifier, other) = (
        Facts(certificate)
        for certificate in read(
            issue(authority("A", "p256-1")),
            issue(authority("A", "p256-1", signer="p256-2")),
            issue(authority("A", "p256-1", signer="rsa2048-1")),
            issue(authority("A", "p256-1", authority_key_id(b"\1" * 20))),
            issue(authority("A", "p256-1", issuer="B")),
        )
    )
    assert [each.self_issued for each in (own, wrong, kind, identifier, other)] == [
        True,
        True,
        True,
        True,
        False,
    ]
    assert [each.self_signed for each in (own, wrong, kind, identifier, other)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert fits_authority(own, own)
    assert not fits_authority(identifier, identifier)


@pytest.mark.parametrize(
    ("usages", "rejected", "boring"),
    [
        (("serverAuth",), False, False),
        (("clientAuth",), True, True),
        (("1.3.6.1.4.1.311.10.3.3",), False, True),
        (("2.16.840.1.113730.4.1",), False, True),
        ((), True, True),
    ],
)
def test_usages_that_are_there_have_to_have_that_for_servers(
    usages: tuple[str, ...], rejected: bool, boring: bool
) -> None:
    found = facts(server(extended_key_usage(*usages)))
    assert (found.rejects_server, found.rejects_server_boring) == (rejected, boring)
    absent = facts(server().without_extension("extendedKeyUsage"))
    assert (absent.rejects_server, absent.rejects_server_boring) == (False, False)
