"""NSS, classic and libpkix: which error each thing that is wrong gives, and which comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fixtures.der import sequence, tlv
from fixtures.pki import (
    Extension,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    netscape_cert_type,
    raw_time,
    subject_alt_name,
)
from tests.behaviour.pool import bare
from tests.clients.asked import (
    CA,
    ROOT,
    SERVER,
    SOUND,
    long,
    public_key,
    raw,
    rsa_key,
    says,
    unknown_critical,
    where,
)
from tests.hierarchy.chains import AT, Chain, authority

CLASSIC, PKIX = "nss3.87-tstclnt", "nss3.87-libpkix"
PAST = AT - timedelta(seconds=1)
DAY = timedelta(seconds=86_400)
RSA = Chain(
    (
        SOUND.specs[SERVER].with_(key="rsa2048-1").with_extension(key_usage("keyEncipherment")),
        SOUND.specs[CA].with_(key="rsa2048-2"),
        SOUND.specs[ROOT].with_(key="rsa2048-3"),
    )
)
UNKNOWN, UNTRUSTED = "SEC_ERROR_UNKNOWN_ISSUER", "SEC_ERROR_UNTRUSTED_ISSUER"
SIGNATURE, CRITICAL = "SEC_ERROR_BAD_SIGNATURE", "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION"
EXPIRED, ISSUER_EXPIRED = "SEC_ERROR_EXPIRED_CERTIFICATE", "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE"
USAGE, TYPE = "SEC_ERROR_INADEQUATE_KEY_USAGE", "SEC_ERROR_INADEQUATE_CERT_TYPE"
NO_CA, TOO_LONG = "SEC_ERROR_CA_CERT_INVALID", "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID"
OUTSIDE, DOMAIN = "SEC_ERROR_CERT_NOT_IN_NAME_SPACE", "SSL_ERROR_BAD_CERT_DOMAIN"
DISABLED = "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED"
LIBRARY, INVALID = "SEC_ERROR_LIBRARY_FAILURE", "SEC_ERROR_INVALID_ARGS"
GOOD = ("connects", "connects")


def both(made: object, **more: object) -> tuple[str, str]:
    """What the classic verification and libpkix say."""
    return says(CLASSIC, made, **more), says(PKIX, made, **more)  # type: ignore[arg-type]


def test_a_sound_chain_connects() -> None:
    assert both(SOUND) == both(RSA) == GOOD


# --- what is taken in ----------------------------------------------------------------------------


def test_two_of_one_issuer_with_one_serial_number_are_not_taken_in() -> None:
    leaf, ca, root = SOUND.issued()
    twin = issue(SOUND.specs[CA].with_(serial=7), root)
    other = issue(authority("Other", "p256-5", serial=7), root)
    again = issue(authority("Other", "p256-5", serial=8), root)
    assert (
        both([leaf, ca, twin, other], trust=[root]) == ("SEC_ERROR_REUSED_ISSUER_AND_SERIAL",) * 2
    )
    assert both([leaf, ca, twin, again, twin], trust=[root]) == GOOD
    assert where(CLASSIC, [leaf, ca, twin, other], trust=[root]) == (3, 3)


def test_nor_one_of_the_number_of_another_that_is_trusted() -> None:
    """NSS 3.87.1 was asked, with the root and one of two CAs in its database."""
    leaf, _, root = SOUND.issued()
    ca = issue(SOUND.specs[CA].with_(serial=7), root)
    other = issue(authority("Other", "p256-5", serial=7), root)
    reused = ("SEC_ERROR_REUSED_ISSUER_AND_SERIAL",) * 2
    assert both([leaf, ca], trust=[root, other]) == reused
    assert both([leaf, ca], trust=[root, ca]) == GOOD


def test_what_cannot_be_taken_in() -> None:
    assert both(SOUND, trailing=[SERVER]) == (INVALID, INVALID)
    assert both(SOUND, trailing=[CA]) == (LIBRARY, LIBRARY)
    assert both(SOUND.put(CA, serial=b"")) == (LIBRARY, LIBRARY)
    assert both(SOUND.put(CA, serial=-1)) == GOOD


# --- the server's certificate --------------------------------------------------------------------


def test_keys_that_the_handshake_can_use() -> None:
    for curve in (ec.SECP384R1(), ec.SECP521R1()):
        assert both(SOUND.put(SERVER, public_key=public_key(curve))) == GOOD
    for curve in (ec.SECP224R1(), ec.SECP256K1()):
        made = SOUND.put(SERVER, public_key=public_key(curve))
        assert both(made) == ("SSL_ERROR_NO_CYPHER_OVERLAP",) * 2
    assert both(SOUND.put(SERVER, key="ed25519-1")) == ("SSL_ERROR_NO_CYPHER_OVERLAP",) * 2
    assert both(RSA.put(SERVER, public_key=rsa_key(1023))) == GOOD
    assert (
        both(RSA.put(SERVER, public_key=rsa_key(1022))) == ("SSL_ERROR_WEAK_SERVER_CERT_KEY",) * 2
    )


def test_a_certificate_may_be_used_a_day_early() -> None:
    early = SOUND.put(SERVER, not_before=AT + DAY)
    assert both(early) == GOOD
    assert both(SOUND.put(SERVER, not_before=AT + DAY + timedelta(seconds=1))) == (EXPIRED,) * 2
    assert both(SOUND.put(SERVER, not_after=AT)) == GOOD
    assert both(SOUND.put(SERVER, not_after=PAST)) == (EXPIRED, EXPIRED)


def test_times_that_cannot_be_read() -> None:
    bad = raw_time(tlv(0x18, b"20260101000000.5Z"))
    assert both(SOUND.put(SERVER, not_before=bad)) == ("SEC_ERROR_INVALID_TIME",) * 2
    assert both(SOUND.put(CA, not_before=bad)) == (SIGNATURE, UNKNOWN)
    for good in (
        tlv(0x17, b"2601010000Z"),
        tlv(0x17, b"260101000000+0100"),
        tlv(0x17, b"260101000000-0100"),
        tlv(0x18, b"20260101000000Z"),
    ):
        assert both(SOUND.put(SERVER, not_before=raw_time(good))) == GOOD


def test_key_usages_of_the_server() -> None:
    """An RSA key has to encipher keys; an EC key to sign or to agree."""
    for usage, words in (("digitalSignature", USAGE), ("keyAgreement", USAGE)):
        assert both(RSA.put(SERVER, key_usage(usage))) == (words, words)
    assert both(RSA.without(SERVER, "keyUsage")) == GOOD
    for usage in ("digitalSignature", "keyAgreement"):
        assert both(SOUND.put(SERVER, key_usage(usage))) == GOOD
    for usage in ("keyEncipherment", "keyCertSign"):
        assert both(SOUND.put(SERVER, key_usage(usage))) == (USAGE, USAGE)


def test_kinds_of_the_server() -> None:
    """By its usages and its Netscape type, which add up; an IPsec or unknown usage is none."""
    assert both(SOUND.put(SERVER, extended_key_usage("clientAuth"))) == (TYPE, TYPE)
    assert both(SOUND.put(SERVER, extended_key_usage("anyExtendedKeyUsage"))) == (TYPE, TYPE)
    assert both(SOUND.put(SERVER, extended_key_usage("2.16.840.1.113730.4.1"))) == GOOD
    assert both(SOUND.without(SERVER, "extendedKeyUsage")) == GOOD
    assert both(SOUND.put(SERVER, raw("extendedKeyUsage", b"\x30\x00"))) == (TYPE, TYPE)
    typed = SOUND.put(SERVER, netscape_cert_type("server"))
    assert both(typed.without(SERVER, "extendedKeyUsage")) == GOOD
    assert both(typed.put(SERVER, extended_key_usage("clientAuth"))) == GOOD
    client = SOUND.put(SERVER, netscape_cert_type("client"))
    assert both(client) == GOOD
    assert both(client.without(SERVER, "extendedKeyUsage")) == (TYPE, TYPE)


def test_what_comes_first_of_the_server() -> None:
    """Reused serials, the key and its proof, times, uses, kinds, the chain, and last the name."""
    leaf, ca, root = SOUND.put(SERVER, key_usage("keyEncipherment"), not_after=PAST).issued()
    other = issue(SOUND.specs[ROOT])
    twins = [issue(authority(name, "p256-5", serial=7), root) for name in ("A", "B")]
    reused = "SEC_ERROR_REUSED_ISSUER_AND_SERIAL"
    assert both([leaf, ca, *twins], trust=[root], key_of=other) == (reused, reused)
    assert both([leaf, ca], trust=[root], key_of=other) == (SIGNATURE, SIGNATURE)
    weak = RSA.put(SERVER, public_key=rsa_key(1022))
    assert both(weak, key_of=other) == (SIGNATURE, SIGNATURE)
    assert both(weak.put(SERVER, not_after=PAST))[0] == "SSL_ERROR_WEAK_SERVER_CERT_KEY"
    assert both([leaf, ca], trust=[root]) == (EXPIRED, EXPIRED)
    used = SOUND.put(SERVER, key_usage("keyEncipherment"), extended_key_usage("clientAuth"))
    assert both(used) == (USAGE, USAGE)
    assert both(SOUND.put(SERVER, extended_key_usage("clientAuth")), trust=[]) == (TYPE, TYPE)
    assert both(SOUND, trust=[], host="x.example") == (UNKNOWN, UNKNOWN)
    assert both(SOUND, host="x.example") == (DOMAIN, DOMAIN)


# --- the chain -----------------------------------------------------------------------------------


def test_twenty_issuers_are_looked_for() -> None:
    """The classic verification alone has a bound on what is above the server's."""
    assert both(long(19)) == GOOD
    assert both(long(20)) == (UNKNOWN, "connects")


def test_times_of_issuers() -> None:
    for place in (CA, ROOT):
        assert both(SOUND.put(place, not_after=PAST)) == (ISSUER_EXPIRED, UNKNOWN)
        assert both(SOUND.put(place, not_before=AT + DAY)) == GOOD
        early = SOUND.put(place, not_before=AT + DAY + timedelta(seconds=1))
        assert both(early) == (ISSUER_EXPIRED, UNKNOWN)


def test_what_an_issuer_has_to_be() -> None:
    """Libpkix passes over in silence what does not fit."""
    assert both(SOUND.put(CA, basic_constraints(False))) == (UNKNOWN, UNKNOWN)
    assert both(SOUND.put(ROOT, basic_constraints(False))) == (NO_CA, UNKNOWN)
    assert both(SOUND.without(ROOT, "basicConstraints")) == GOOD
    assert both(SOUND.put(CA, version=1, extensions=())) == (UNKNOWN, UNKNOWN)
    assert both(SOUND.put(ROOT, version=1, extensions=())) == GOOD
    assert both(SOUND.put(CA, key_usage("cRLSign"))) == (USAGE, UNKNOWN)
    assert both(SOUND.put(ROOT, key_usage("cRLSign"))) == ("connects", UNKNOWN)
    assert both(SOUND.put(CA, extended_key_usage("clientAuth"))) == GOOD
    mail = SOUND.put(CA, extended_key_usage("emailProtection"))
    assert both(mail) == (NO_CA, UNKNOWN)
    unheard = SOUND.put(CA, extended_key_usage("1.2.3.4"))
    assert both(unheard) == ("connects", UNKNOWN)
    negative = raw("basicConstraints", bytes.fromhex("30060101ff0201ff"), True)
    assert both(SOUND.put(CA, negative)) == (UNKNOWN, UNKNOWN)
    trusted = SOUND.put(ROOT, extended_key_usage("emailProtection"))
    assert both(trusted) == ("connects", UNKNOWN)


def test_path_lengths_count_what_is_not_self_issued() -> None:
    server, ca, root = SOUND.specs
    made = Chain((server, ca, authority("Middle CA", "p256-4"), root))
    for place, most in ((2, 0), (3, 1)):
        assert both(made.put(place, basic_constraints(True, most))) == (TOO_LONG, UNKNOWN)
        assert both(made.put(place, basic_constraints(True, most + 1))) == GOOD
    assert both(SOUND.put(CA, basic_constraints(True, 0))) == GOOD


def test_signatures_and_disabled_digests() -> None:
    assert both(SOUND.put(SERVER, damage=flip_signature_bit)) == (SIGNATURE, SIGNATURE)
    assert both(RSA.put(SERVER, signature="md5_rsa")) == (DISABLED, DISABLED)
    assert both(RSA.put(SERVER, signature="sha1_rsa")) == GOOD
    assert both(SOUND.put(ROOT, damage=flip_signature_bit)) == GOOD
    assert both(SOUND.put(CA, key="p384-1")) == both(SOUND.put(CA, key="p521-1")) == GOOD
    assert both(SOUND.put(CA, key="secp256k1-1")) == (SIGNATURE, SIGNATURE)
    assert both(SOUND.put(CA, key="ed25519-1")) == (
        SIGNATURE,
        "SEC_ERROR_UNRECOGNIZED_OID",
    )
    assert both(SOUND.put(ROOT, key="ed25519-1")) == (SIGNATURE, UNTRUSTED)


def test_algorithms_that_differ_within() -> None:
    made = {"signature": "sha256_ecdsa", "inner_signature": "sha384_ecdsa"}
    told = "SEC_ERROR_ALGORITHM_MISMATCH"
    for place in (SERVER, CA):
        assert both(SOUND.put(place, **made)) == (told, told)
    assert both(SOUND.put(ROOT, **made)) == GOOD


UNHEARD = {
    "issuerAltName",
    "subjectDirectoryAttributes",
    "cRLDistributionPoints",
    "freshestCRL",
    "cRLNumber",
    "reasonCode",
    "issuingDistributionPoint",
    "subjectInfoAccess",
    "proxyCertInfo",
    "tlsFeature",
    "ocspNoCheck",
    "netscape 12",
    "unheard of",
}


def test_extensions_that_are_known_where_they_are_critical() -> None:
    policies = {"certificatePolicies", "policyMappings", "policyConstraints", "inhibitAnyPolicy"}
    assert unknown_critical(CLASSIC, CRITICAL) == UNHEARD | policies
    assert unknown_critical(PKIX, CRITICAL) == UNHEARD | {
        "authorityInfoAccess",
        *(f"netscape {last}" for last in (2, 3, 4, 7, 8, 13, 14, 15)),
        "subjectKeyIdentifier",
        "authorityKeyIdentifier",
    }
    odd = raw("1.2.3.4", b"\x05\x00", True)
    assert both(SOUND.put(SERVER, odd)) == (CRITICAL, CRITICAL)
    assert both(SOUND.put(ROOT, odd)) == GOOD


def test_a_critical_extension_twice() -> None:
    double = SOUND.put(
        SERVER, extensions=(*SOUND.specs[SERVER].extensions, SOUND.specs[SERVER].extensions[1])
    )
    assert both(double) == ("connects", CRITICAL)


def test_constrained_names() -> None:
    """The server's common name counts; libpkix looks at it once the path stands."""
    tight = name_constraints({"dns": ["other.example"]})
    for place in (CA, ROOT):
        assert both(SOUND.put(place, tight)) == (OUTSIDE, UNKNOWN)
        assert both(SOUND.put(place, name_constraints({"dns": ["plant7.example"]}))) == GOOD
        named = SOUND.without(SERVER, "subjectAltName").put(place, tight)
        assert both(named) == (OUTSIDE, OUTSIDE)
    broken = raw("nameConstraints", b"\x04\x00", True)
    assert both(SOUND.put(CA, broken)) == (OUTSIDE, UNKNOWN)
    inner = SOUND.put(CA, subject_alt_name(dns=["x.example"])).put(
        ROOT, name_constraints({"dns": ["plant7.example"]})
    )
    assert both(inner) == (OUTSIDE, UNKNOWN)
    common = SOUND.put(CA, subject="x.example").put(
        ROOT, name_constraints({"dns": ["plant7.example"]})
    )
    assert both(common) == GOOD


def test_names_of_self_issued_certificates_are_not_constrained_by_the_classic_one() -> None:
    server, ca, root = SOUND.specs
    own = ca.with_(key="p256-5", serial=9).with_extension(subject_alt_name(dns=["x.example"]))
    top = root.with_extension(name_constraints({"dns": ["plant7.example"]}))
    assert both(Chain((server, own, ca, top))) == ("connects", UNKNOWN)
    limit = Chain((server, own, ca.with_extension(basic_constraints(True, 0)), root))
    assert both(limit) == GOOD


def test_what_comes_first_of_a_pair() -> None:
    """The lower one's extensions, the upper one's times, digests, signature, CA, length, names."""
    made = SOUND.put(CA, basic_constraints(True, 0), key_usage("cRLSign"), not_after=PAST)
    odd = SOUND.put(SERVER, raw("1.2.3.4", b"\x05\x00", True), damage=flip_signature_bit)
    assert says(CLASSIC, odd.put(CA, not_after=PAST)) == CRITICAL
    assert says(CLASSIC, made.put(SERVER, damage=flip_signature_bit)) == ISSUER_EXPIRED
    tight = name_constraints({"dns": ["x"]})
    unsigned = SOUND.put(CA, key_usage("cRLSign"), tight).put(SERVER, damage=flip_signature_bit)
    assert says(CLASSIC, unsigned) == SIGNATURE
    assert says(CLASSIC, SOUND.put(CA, key_usage("cRLSign"), tight)) == OUTSIDE
    assert where(CLASSIC, SOUND.put(CA, not_after=PAST)) == (CA, CA)
    assert where(CLASSIC, SOUND.put(ROOT, not_after=PAST)) == (-1, 2)


# --- trust ---------------------------------------------------------------------------------------


def test_what_ends_a_chain() -> None:
    leaf, ca, root = SOUND.issued()
    assert both([leaf], trust=[ca]) == GOOD
    assert both([leaf, ca], trust=[ca]) == GOOD
    assert both([leaf, ca, root], trust=[]) == (UNTRUSTED, UNTRUSTED)
    assert both([leaf], trust=[root]) == (UNKNOWN, UNKNOWN)
    assert both([leaf, root], trust=[root]) == (UNKNOWN, UNKNOWN)


def test_a_server_with_the_name_of_its_issuer() -> None:
    """The classic one takes it for a root, unless its key identifiers say otherwise."""
    server, ca, root = SOUND.specs
    namesake = bare(ca).with_(subject=server.subject)
    made = Chain((bare(server), namesake, bare(root)))
    assert both(made) == (SIGNATURE, "connects")
    told = Chain((server, ca.with_(subject=server.subject), root))
    assert both(told) == GOOD


@pytest.mark.parametrize(
    ("identifier", "is_root"),
    [
        (authority_key_id(False, ("gw.plant7.example", 77)), True),
        (authority_key_id(False, ("gw.plant7.example", 78)), False),
        (authority_key_id(False, ("other", 77)), False),
    ],
)
def test_issuer_and_serial_tell_a_root_too(identifier: Extension, is_root: bool) -> None:
    server, ca, root = SOUND.specs
    spec = bare(server).with_(serial=77).with_extension(identifier)
    made = Chain((spec, bare(ca).with_(subject=server.subject, serial=78), bare(root)))
    assert (says(CLASSIC, made) == SIGNATURE) == is_root


def test_policies_that_are_wanted_and_missing_count_in_libpkix() -> None:
    wanted = raw("policyConstraints", sequence(tlv(0x80, b"\0")))
    policy = raw("certificatePolicies", bytes.fromhex("3007300506032a0304"))
    other = raw("certificatePolicies", bytes.fromhex("3007300506032a0305"))
    anything = raw("certificatePolicies", bytes.fromhex("300830060604551d2000"))
    told = "SEC_ERROR_POLICY_VALIDATION_FAILED"
    needed = SOUND.put(CA, wanted)
    assert both(needed) == ("connects", told)
    assert both(needed.put(CA, policy)) == ("connects", told)
    assert both(needed.put(CA, policy).put(SERVER, policy)) == GOOD
    assert both(needed.put(CA, policy).put(SERVER, other)) == ("connects", told)
    assert both(needed.put(CA, anything).put(SERVER, policy)) == GOOD
    assert both(needed.put(CA, policy).put(SERVER, anything)) == GOOD
    late = raw("policyConstraints", sequence(tlv(0x80, b"\x01")))
    assert both(SOUND.put(CA, late)) == ("connects", told)
    later = raw("policyConstraints", sequence(tlv(0x80, b"\x02")))
    assert both(SOUND.put(CA, later)) == GOOD
    assert both(SOUND.put(SERVER, wanted)) == ("connects", told)
    assert where(PKIX, SOUND.put(SERVER, wanted)) == (SERVER, SERVER)
    assert both(SOUND.put(SERVER, late)) == GOOD
    assert both(SOUND.put(CA, raw("policyConstraints", sequence(tlv(0x81, b"\0"))))) == GOOD
    assert both(SOUND.put(ROOT, wanted)) == GOOD
