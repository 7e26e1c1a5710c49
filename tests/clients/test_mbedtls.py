"""mbedTLS: what it does not parse, the flags that it gathers, and how far it walks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asn1crypto import core

from edgecheck.behaviour.mbedtls.chain import taken
from edgecheck.behaviour.mbedtls.versions import V2_28
from edgecheck.behaviour.taken import Ended
from fixtures.der import sequence, tlv
from fixtures.pki import (
    Extension,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    raw_time,
    subject_alt_name,
)
from tests.behaviour.pool import bare
from tests.clients.asked import (
    CA,
    ELSEWHERE,
    ROOT,
    RSA,
    SERVER,
    SOUND,
    long,
    of_unknown_kind,
    raw,
    rsa_key,
    says,
    unknown_critical,
    view,
    where,
)
from tests.hierarchy.chains import AT, HOST, Chain, authority

MBEDTLS = "mbedtls2.28.3"
SECOND = timedelta(seconds=1)
EXPIRED = "The certificate validity has expired"
NAME = "The certificate Common Name (CN) does not match with the expected CN"
NOT_TRUSTED = "The certificate is not correctly signed by the trusted CA"
FUTURE = "The certificate validity starts in the future"
USAGE = "Usage does not match the keyUsage extension"
PURPOSE = "Usage does not match the extendedKeyUsage extension"
BAD_MD = "The certificate is signed with an unacceptable hash."
BAD_PK = "The certificate is signed with an unacceptable PK alg (eg RSA vs ECDSA)."
BAD_KEY = "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)."
TAG = "-0x2500 X509 - The extension tag or value is invalid"
UNEXPECTED = (
    "-0x2562 X509 - The extension tag or value is invalid : ASN1 - ASN1 tag was of an unexpected "
    "value"
)
LENGTH = (
    "-0x2564 X509 - The extension tag or value is invalid : ASN1 - Error when trying to determine "
    "the length or invalid length"
)
VERSION = "-0x2580 X509 - CRT/CRL/CSR has an unsupported version number"
DATE = "-0x2400 X509 - The date tag or value is invalid"
NO_KEY = "-0x3C80 PK - Key algorithm is unsupported (only RSA and EC are supported)"
FATAL = (
    "-0x3000 X509 - A fatal error occurred, eg the chain is too long or the vrfy callback failed"
)


def test_a_sound_chain_connects() -> None:
    assert says(MBEDTLS, SOUND) == says(MBEDTLS, RSA) == "connects"


# --- parsing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
@pytest.mark.parametrize(
    ("extensions", "changes", "words"),
    [
        ((), {"version": 4}, VERSION),
        (
            (),
            {"version": 0},
            "-0x2264 X509 - The CRT/CRL/CSR version element is invalid : ASN1 - Error when trying "
            "to determine the length or invalid length",
        ),
        (
            (),
            {"issuer": b"\x30\x00"},
            "-0x23E0 X509 - The name tag or value is invalid : ASN1 - Out of data when parsing an "
            "ASN1 data structure",
        ),
        ((), {"not_after": raw_time(tlv(0x17, b"2701010000Z"))}, DATE),
        ((), {"not_before": raw_time(tlv(0x17, b"260101000000+0100"))}, DATE),
        ((), {"not_before": raw_time(tlv(0x18, b"20260101000000.5Z"))}, DATE),
        ((), {"damage_tbs": of_unknown_kind}, NO_KEY),
        (
            (),
            {"version": 2},
            "-0x21E6 X509 - The CRT/CRL/CSR format is invalid, e.g. different type expected : "
            "ASN1 - Actual length differs from expected length",
        ),
        (
            (),
            {"signature": "sha256_ecdsa", "inner_signature": "sha384_ecdsa"},
            "-0x2680 X509 - Signature algorithms do not match. (see \\c ::mbedtls_x509_crt "
            "sig_oid)",
        ),
        ((raw("keyUsage", b"\x03\x01\x00"),), {}, LENGTH),
        ((raw("extendedKeyUsage", b"\x30\x00"),), {}, LENGTH),
        ((raw("basicConstraints", bytes.fromhex("30060101ff0201ff")),), {}, LENGTH),
        ((ELSEWHERE,), {}, UNEXPECTED),
        (
            (raw("certificatePolicies", sequence(sequence(tlv(0x06, b"\x2a\x03"))), True),),
            {},
            "-0x2080 X509 - Unavailable feature, e.g. RSA hashing/encryption combination",
        ),
        (
            (raw("certificatePolicies", bytes.fromhex("300830060604551d2000"), True),),
            {},
            "connects",
        ),
        ((raw("certificatePolicies", sequence(sequence(tlv(0x06, b"\x2a\x03")))),), {}, "connects"),
    ],
)
def test_what_is_not_parsed(
    place: int, extensions: tuple[Extension, ...], changes: dict[str, object], words: str
) -> None:
    made = SOUND.put(place, *extensions, **changes)
    assert says(MBEDTLS, made) == words
    if words != "connects":
        assert where(MBEDTLS, made) == (place, place)


@pytest.mark.parametrize("name", ["keyUsage", "basicConstraints", "subjectKeyIdentifier"])
def test_only_what_it_knows_may_not_be_there_twice(name: str) -> None:
    own = SOUND.specs[CA].extensions
    double = next(one for one in own if one.name == name)
    told = says(MBEDTLS, SOUND.put(CA, extensions=(*own, double)))
    assert told == ("connects" if name == "subjectKeyIdentifier" else TAG)


def test_extensions_that_are_known_where_they_are_critical() -> None:
    known = {"keyUsage", "basicConstraints", "subjectAltName", "extendedKeyUsage", "nsCertType"}
    policies = raw("certificatePolicies", bytes.fromhex("300830060604551d2000"), True)
    assert says(MBEDTLS, SOUND.put(CA, policies)) == "connects"
    unknown = unknown_critical(MBEDTLS, UNEXPECTED, but=["certificatePolicies"])
    assert len(unknown) == 28 and not unknown & known


def test_an_algorithm_that_it_does_not_know_is_passed_over() -> None:
    """Unless nothing is left; then all that could be wrong is told."""
    for signature in ("sha384_rsa", "sha256_pss"):
        assert says(MBEDTLS, RSA.put(SERVER, signature=signature)) == "connects"
    edwards = Chain(
        (SOUND.specs[SERVER], SOUND.specs[CA], SOUND.specs[ROOT].with_(key="ed25519-1"))
    )
    leaf, ca, root = edwards.issued()
    assert says(MBEDTLS, [leaf, ca], [ca]) == NOT_TRUSTED
    assert where(MBEDTLS, [ca], trust=[root]) == (0, 0)
    assert says(MBEDTLS, [ca], [root]) == "; ".join((EXPIRED, NAME, BAD_MD, BAD_PK, BAD_KEY))
    assert says(MBEDTLS, [leaf, ca], [root]) == NOT_TRUSTED
    renewed = issue(SOUND.specs[CA], issue(SOUND.specs[ROOT]))
    assert says(MBEDTLS, [leaf, ca, renewed], [issue(SOUND.specs[ROOT])]) == "connects"


def test_what_of_the_trust_is_not_parsed_is_no_anchor() -> None:
    assert says(MBEDTLS, SOUND.put(ROOT, version=4)) == NOT_TRUSTED
    assert says(MBEDTLS, SOUND.put(ROOT, ELSEWHERE)) == NOT_TRUSTED


def test_a_message_of_16384_octets_is_too_large() -> None:
    """Seven, and three before each certificate."""

    def padded(size: int) -> Chain:
        return RSA.put(CA, raw("1.2.3.4", bytes(size)))  # its signatures are all of one size

    base = 7 + sum(3 + len(one.der) for one in padded(12_000).issued()[:2])
    room = 12_000 + 16_384 - base
    assert says(MBEDTLS, padded(room)) == "connects"
    assert says(MBEDTLS, padded(room), trailing=[CA]).startswith("-0x7080")
    told = "-0x7080 SSL - The requested feature is not available"
    assert says(MBEDTLS, padded(room + 1)) == told
    assert where(MBEDTLS, padded(room + 1)) == (CA, CA)


# --- flags ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA, ROOT])
def test_times(place: int) -> None:
    assert says(MBEDTLS, SOUND.put(place, not_after=AT, not_before=AT)) == "connects"
    assert says(MBEDTLS, SOUND.put(place, not_after=AT - SECOND)) == EXPIRED
    assert says(MBEDTLS, SOUND.put(place, not_before=AT + SECOND)) == FUTURE


def test_all_flags_are_told_in_one_order() -> None:
    made = RSA.put(
        SERVER,
        key_usage("keyAgreement"),
        extended_key_usage("clientAuth"),
        signature="sha1_rsa",
        not_after=AT - SECOND,
        key="rsa1024-1",
    ).put(CA, not_before=AT + SECOND, subject="x")
    leaf, _, _ = made.issued()
    stranger = issue(authority("Stranger", "p256-8"))
    assert says(MBEDTLS, [leaf], [stranger], host="x.example") == "; ".join(
        (EXPIRED, NAME, NOT_TRUSTED, USAGE, PURPOSE, BAD_MD, BAD_KEY)
    )
    early = SOUND.put(SERVER, key_usage("keyAgreement")).put(CA, not_before=AT + SECOND)
    assert says(MBEDTLS, early) == f"{FUTURE}; {USAGE}"
    assert where(MBEDTLS, early) == (CA, CA)
    assert where(MBEDTLS, SOUND.put(ROOT, not_after=AT - SECOND)) == (-1, 0)


def test_usages_of_the_server_alone() -> None:
    assert says(MBEDTLS, SOUND.put(SERVER, key_usage("keyAgreement"))) == USAGE
    assert says(MBEDTLS, SOUND.put(SERVER, extended_key_usage("clientAuth"))) == PURPOSE
    anything = extended_key_usage("anyExtendedKeyUsage")
    assert says(MBEDTLS, SOUND.put(SERVER, anything)) == "connects"
    assert says(MBEDTLS, SOUND.put(CA, extended_key_usage("clientAuth"))) == "connects"
    assert says(MBEDTLS, SOUND.without(SERVER, "keyUsage")) == "connects"
    assert says(MBEDTLS, SOUND.without(SERVER, "extendedKeyUsage")) == "connects"


def test_the_servers_key_is_proved_last() -> None:
    other = issue(SOUND.specs[ROOT])
    told = "-0x4E00 ECP - The signature is not valid"
    assert says(MBEDTLS, SOUND, key_of=other) == told
    assert says(MBEDTLS, SOUND, key_of=other, host="x.example") == NAME
    odd = SOUND.put(SERVER, subject_alt_name(ip=["10.0.0.1"]))
    assert says(MBEDTLS, odd, host="10.0.0.1") == NAME
    old = SOUND.put(SERVER, version=1, extensions=())
    assert says(MBEDTLS, old, host=HOST) == "connects"


def test_the_shortest_star_has_one_letter_behind_it() -> None:
    assert says(MBEDTLS, SOUND.put(SERVER, subject_alt_name(dns=["*.x"])), host="a.x") == "connects"
    assert says(MBEDTLS, SOUND.put(SERVER, subject_alt_name(dns=["*."])), host="a.") == NAME


def test_weak_digests_and_keys() -> None:
    for signature in ("md5_rsa", "sha1_rsa"):
        for place in (SERVER, CA):
            assert says(MBEDTLS, RSA.put(place, signature=signature)) == BAD_MD
        assert says(MBEDTLS, RSA.put(ROOT, signature=signature)) == "connects"
    for place in (SERVER, CA, ROOT):
        assert says(MBEDTLS, RSA.put(place, key="rsa1024-1")) == BAD_KEY
    assert says(MBEDTLS, RSA.put(SERVER, public_key=rsa_key(2047))) == BAD_KEY
    assert says(MBEDTLS, RSA.put(SERVER, public_key=rsa_key(2048))) == "connects"


def test_signatures() -> None:
    for place in (SERVER, CA):
        assert says(MBEDTLS, SOUND.put(place, damage=flip_signature_bit)) == NOT_TRUSTED
    assert says(MBEDTLS, SOUND.put(ROOT, damage=flip_signature_bit)) == "connects"


# --- the walk ------------------------------------------------------------------------------------


def test_an_issuer_has_to_be_a_ca_and_may_be_of_version_1_where_it_is_trusted() -> None:
    for extension in (basic_constraints(False), key_usage("cRLSign")):
        assert says(MBEDTLS, SOUND.put(CA, extension)) == NOT_TRUSTED
        assert says(MBEDTLS, SOUND.put(ROOT, extension)) == NOT_TRUSTED
    assert says(MBEDTLS, SOUND.without(ROOT, "keyUsage")) == "connects"
    assert says(MBEDTLS, SOUND.put(ROOT, version=1, extensions=())) == "connects"
    assert says(MBEDTLS, SOUND.put(CA, version=1, extensions=())) == NOT_TRUSTED
    assert where(MBEDTLS, SOUND.put(CA, basic_constraints(False))) == (SERVER, SERVER)


def test_path_lengths_count_what_is_not_self_issued() -> None:
    made = Chain((*SOUND.specs[:2], authority("Middle CA", "p256-4"), SOUND.specs[ROOT]))
    for place, most in ((2, 0), (3, 1)):
        assert says(MBEDTLS, made.put(place, basic_constraints(True, most))) == NOT_TRUSTED
        assert says(MBEDTLS, made.put(place, basic_constraints(True, most + 1))) == "connects"
    own = bare(SOUND.specs[CA]).with_(key="p256-5", serial=5)
    server, ca, root = (bare(spec) for spec in SOUND.specs)
    rolled = Chain((server, own, ca.with_extension(basic_constraints(True, 1)), root))
    top = Chain((server, ca, root.with_extension(basic_constraints(True, 1))))
    assert says(MBEDTLS, top) == "connects"
    assert says(MBEDTLS, rolled) == "connects"
    lifted = Chain((server, own, ca, root.with_extension(basic_constraints(True, 1))))
    assert says(MBEDTLS, lifted) == "connects"
    assert says(MBEDTLS, lifted.put(3, basic_constraints(True, 0))) == NOT_TRUSTED


def test_eight_intermediates_are_walked() -> None:
    assert says(MBEDTLS, long(8)) == "connects"
    assert says(MBEDTLS, long(9)) == FATAL
    assert where(MBEDTLS, long(9)) == (9, 9)


def test_a_self_signed_server_that_is_trusted_ends_it() -> None:
    alone = issue(SOUND.specs[SERVER])
    assert says(MBEDTLS, [alone], [alone]) == "connects"
    assert says(MBEDTLS, [alone], SOUND.issued()[2:]) == NOT_TRUSTED
    leaf, ca, _ = SOUND.issued()
    assert says(MBEDTLS, [leaf], [leaf]) == NOT_TRUSTED
    assert says(MBEDTLS, [leaf], [ca]) == "connects"


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("TEST ca", True),
        ([("CN", core.PrintableString("Test CA"))], True),
        ([("CN", core.PrintableString("test ca"))], True),
        ([("CN", core.IA5String("Test CA"))], False),
        ([("O", "Test CA")], False),
        ("Test CA ", False),
        (
            sequence(
                tlv(0x31, *2 * (sequence(tlv(0x06, b"\x55\x04\x03"), tlv(0x0C, b"Test CA")),))
            ),
            False,
        ),
    ],
)
def test_names_compare_without_regard_to_case_in_two_types_of_strings(
    name: object, fits: bool
) -> None:
    leaf, _, root = SOUND.issued()
    ca = issue(SOUND.specs[CA].with_(subject=name), root)
    assert (says(MBEDTLS, [leaf, ca], [root]) == "connects") == fits


def test_key_identifiers_do_not_matter_and_times_prefer() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    other = issue(leaf.spec.with_extension(authority_key_id(b"\x01" * 20)), ca)
    assert says(MBEDTLS, [other, ca], [root]) == "connects"
    late = issue(ca.spec.with_(not_after=AT - SECOND, serial=9), root)
    assert says(MBEDTLS, [leaf, late, ca], [root]) == "connects"
    early = issue(ca.spec.with_(not_before=AT + SECOND, serial=9), root)
    assert says(MBEDTLS, [leaf, early, late], [root]) == FUTURE
    assert says(MBEDTLS, [leaf, late, early], [root]) == EXPIRED
    for changes in ({"not_before": AT}, {"not_after": AT}):
        timely = issue(ca.spec.with_(serial=9, **changes), root)
        assert says(MBEDTLS, [leaf, late, timely], [root]) == "connects"


def test_what_is_settled_on() -> None:
    good = taken(view(SOUND), V2_28)
    assert (good.ended, len(good.certificates), good.objections) == (Ended.TRUSTED, 3, ())
    none = taken(view(SOUND, trust=[]), V2_28)
    assert (none.ended, none.objections, len(none.certificates)) == (Ended.NO_ISSUER, (), 2)
    assert taken(view(long(9)), V2_28).objections[0].code == "length"
    parsed = taken(view(SOUND.put(CA, version=4)), V2_28)
    assert (parsed.ended, parsed.objections[0].code) == (Ended.GIVEN_UP, VERSION)
    edwards = Chain(
        (SOUND.specs[SERVER], SOUND.specs[CA].with_(key="ed25519-1"), SOUND.specs[ROOT])
    )
    nothing = taken(view(edwards.issued()[:1], edwards.issued()[1:]), V2_28)
    assert nothing.ended is Ended.GIVEN_UP and "oid" in str(nothing.objections[0].code)
    late = taken(view(SOUND.put(SERVER, not_after=AT - SECOND)), V2_28)
    assert (late.ended, late.objections[0].code) == (Ended.TRUSTED, EXPIRED)
