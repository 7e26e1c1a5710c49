"""mbedTLS 3.6 beside 2.28, and 3.6.7 beside 3.6.6: what a newer version decides otherwise."""

from __future__ import annotations

import pytest

from fixtures.der import integer, oid, sequence, tlv
from fixtures.pki import (
    Extension,
    issue,
    key_usage,
    raw_time,
    subject_alt_name,
)
from tests.clients.asked import CA, ROOT, RSA, SERVER, SOUND, long, raw, rsa_key, says, where
from tests.hierarchy.chains import HOST, Chain

OLD, NEW, NEWEST = "mbedtls2.28.3", "mbedtls3.6.6", "mbedtls3.6.7"
ALL = (OLD, NEW, NEWEST)
NAME = "The certificate Common Name (CN) does not match with the expected CN"
NOT_TRUSTED = "The certificate is not correctly signed by the trusted CA"
USAGE = "Usage does not match the keyUsage extension"
BAD_MD = "The certificate is signed with an unacceptable hash."
BAD_KEY = "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)."
EXTENSION = "X509 - The extension tag or value is invalid"
INVALID = f"-0x2500 {EXTENSION}"
OUT_OF_DATA = f"-0x2560 {EXTENSION} : ASN1 - Out of data when parsing an ASN1 data structure"
UNEXPECTED = f"-0x2562 {EXTENSION} : ASN1 - ASN1 tag was of an unexpected value"
LENGTH = f"-0x2564 {EXTENSION} : ASN1 - Error when trying to determine the length or invalid length"
MISMATCH = f"-0x2566 {EXTENSION} : ASN1 - Actual length differs from expected length"
NO_NAME = (
    "-0x23E0 X509 - The name tag or value is invalid : ASN1 - Out of data when parsing an ASN1 "
    "data structure"
)
YES = "connects"

KEY_ID = tlv(0x80, b"\x01" * 20)
ISSUER = tlv(0xA1, tlv(0x82, b"x.example"))
NUMBER = tlv(0x82, b"\x01")
TRUE = tlv(0x01, b"\xff")


def all_say(made: Chain, host: str = HOST) -> tuple[str, ...]:
    """What the three versions say, the oldest first."""
    return tuple(says(client, made, host=host) for client in ALL)


def test_a_sound_chain_connects() -> None:
    assert all_say(SOUND) == all_say(RSA) == (YES, YES, YES)


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "host", "new"),
    [
        ({"ip": ["10.0.0.1"]}, "10.0.0.1", YES),
        ({"ip": ["10.0.0.2"]}, "10.0.0.1", NAME),
        ({"dns": ["x.example"], "ip": ["10.0.0.1"]}, "10.0.0.1", YES),
        ({"ip": ["2001:db8::1"]}, "2001:DB8:0::1", YES),
        ({"ip": ["10.0.0.1"]}, "::ffff:10.0.0.1", NAME),
        ({"ip": ["::ffff:10.0.0.1"]}, "10.0.0.1", NAME),
        ({"uri": [f"https://{HOST}/"]}, HOST, NAME),
    ],
)
def test_addresses_are_looked_for_since_3(names: dict[str, list[str]], host: str, new: str) -> None:
    """Which 2.28 does not, so that a gateway that is reached by its address was refused."""
    assert all_say(SOUND.put(SERVER, subject_alt_name(**names)), host) == (NAME, new, new)


def test_a_uri_is_compared_as_it_stands_since_3() -> None:
    made = SOUND.put(SERVER, raw("subjectAltName", sequence(tlv(0x86, HOST.encode()))))
    assert all_say(made) == (NAME, YES, YES)
    other = SOUND.put(SERVER, raw("subjectAltName", sequence(tlv(0x86, HOST.upper().encode()))))
    assert all_say(other) == (NAME, NAME, NAME)


def test_an_address_is_found_in_a_dns_name_or_a_common_name_by_all() -> None:
    named = SOUND.put(SERVER, subject_alt_name(dns=["10.0.0.1"]))
    assert all_say(named, "10.0.0.1") == (YES, YES, YES)
    common = SOUND.put(SERVER, subject="10.0.0.1").without(SERVER, "subjectAltName")
    assert all_say(common, "10.0.0.1") == (YES, YES, YES)


def test_a_name_may_be_marked_as_constructed() -> None:
    """Its form alone counts (MBEDTLS_ASN1_TAG_VALUE_MASK)."""
    made = SOUND.put(SERVER, raw("subjectAltName", sequence(tlv(0xA2, HOST.encode()))))
    assert all_say(made) == (YES, YES, YES)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (tlv(0x87, bytes(5)), YES, "-0x2800 X509 - Input invalid"),
        (tlv(0x87, bytes(16)), YES, YES),
        (tlv(0xA4, sequence()), YES, NO_NAME),
        (tlv(0xA4, b"\x02\x01\x01"), YES, "-0x0062 ASN1 - ASN1 tag was of an unexpected value"),
        (tlv(0xA0, b"\x02\x01\x01"), UNEXPECTED, UNEXPECTED),
        (tlv(0xA0, oid("1.2.3")), YES, YES),
        (tlv(0x88, b"\x2a\x03"), YES, YES),
        (tlv(0x0C, b"x"), UNEXPECTED, UNEXPECTED),
    ],
)
def test_names_beside_the_right_one(name: bytes, old: str, new: str) -> None:
    """Since 3 it looks into addresses and directory names; an odd one makes it refuse all."""
    made = SOUND.put(SERVER, raw("subjectAltName", sequence(tlv(0x82, HOST.encode()), name)))
    assert all_say(made) == (old, new, new)


# --- extensions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
@pytest.mark.parametrize(
    ("extension", "new"),
    [
        (raw("subjectKeyIdentifier", tlv(0x04, b"\x01" * 20), True), YES),
        (raw("authorityKeyIdentifier", sequence(KEY_ID), True), YES),
    ],
)
def test_key_identifiers_may_be_critical_since_3(
    place: int, extension: Extension, new: str
) -> None:
    assert all_say(SOUND.put(place, extension)) == (UNEXPECTED, new, new)


@pytest.mark.parametrize(
    ("extension", "new"),
    [
        (raw("subjectKeyIdentifier", b"\x02\x01\x01"), UNEXPECTED),
        (raw("subjectKeyIdentifier", tlv(0x04, b"\x01") + b"\0"), MISMATCH),
        (raw("authorityKeyIdentifier", sequence(KEY_ID, ISSUER, NUMBER)), YES),
        (raw("authorityKeyIdentifier", sequence(ISSUER, NUMBER)), YES),
        (raw("authorityKeyIdentifier", sequence(KEY_ID, ISSUER)), OUT_OF_DATA),
        (raw("authorityKeyIdentifier", sequence(KEY_ID, NUMBER)), UNEXPECTED),
        (raw("authorityKeyIdentifier", sequence()), OUT_OF_DATA),
        (raw("authorityKeyIdentifier", sequence(KEY_ID) + b"\0"), MISMATCH),
        (raw("authorityKeyIdentifier", sequence(KEY_ID, tlv(0xA1, b"\x0c\0"), NUMBER)), UNEXPECTED),
    ],
)
def test_key_identifiers_are_read_since_3(extension: Extension, new: str) -> None:
    """A broken one, or one with an issuer and no number, was passed over before."""
    assert all_say(SOUND.put(CA, extension)) == (YES, new, new)


def test_key_identifiers_may_not_be_there_twice_since_3() -> None:
    own = SOUND.specs[CA].extensions
    double = next(one for one in own if one.name == "subjectKeyIdentifier")
    assert all_say(SOUND.put(CA, extensions=(*own, double))) == (YES, INVALID, INVALID)


def test_usages_without_a_bit_are_read_since_3() -> None:
    empty = raw("keyUsage", b"\x03\x01\0")
    assert all_say(SOUND.put(SERVER, empty)) == (LENGTH, USAGE, USAGE)
    assert all_say(SOUND.put(CA, empty)) == (LENGTH, NOT_TRUSTED, NOT_TRUSTED)
    netscape = raw("2.16.840.1.113730.1.1", b"\x03\x01\0")
    assert all_say(SOUND.put(SERVER, netscape)) == (LENGTH, YES, YES)


@pytest.mark.parametrize("only", ["encipherOnly", "decipherOnly"])
def test_what_is_only_to_encipher_or_decipher_is_for_nothing_else(only: str) -> None:
    """check_key_usage: a certificate with such a bit serves only who asks for it."""
    server = key_usage("digitalSignature", "keyAgreement", only)
    assert all_say(SOUND.put(SERVER, server)) == (USAGE, USAGE, USAGE)
    ca = key_usage("keyCertSign", "keyAgreement", only)
    assert all_say(SOUND.put(CA, ca)) == (NOT_TRUSTED, NOT_TRUSTED, NOT_TRUSTED)


@pytest.mark.parametrize(
    ("value", "old", "newest"),
    [
        (sequence(integer(1)), YES, UNEXPECTED),
        (sequence(integer(0)), NOT_TRUSTED, UNEXPECTED),
        (sequence(integer(1), integer(0)), YES, UNEXPECTED),
        (sequence(tlv(0x01, b"\0")), NOT_TRUSTED, NOT_TRUSTED),
        (sequence(TRUE, integer(0)), YES, YES),
        (sequence(), NOT_TRUSTED, NOT_TRUSTED),
        (b"\x30\0" + TRUE, YES, INVALID),
        (sequence(TRUE, integer(0x7FFFFFFE)), YES, YES),
        (sequence(TRUE, integer(0x7FFFFFFF)), LENGTH, LENGTH),
        (sequence(TRUE, integer(0x80000000)), LENGTH, LENGTH),
        (sequence(TRUE, integer(0), integer(0)), MISMATCH, MISMATCH),
    ],
)
def test_what_stands_for_the_ca_bit(value: bytes, old: str, newest: str) -> None:
    """Up to 3.6.6 a path length alone does, if it is not 0 (CVE-2026-49300)."""
    assert all_say(SOUND.put(CA, raw("basicConstraints", value, True))) == (old, old, newest)


def test_a_path_length_of_the_server_ends_it_since_3_6_7() -> None:
    made = SOUND.put(SERVER, raw("basicConstraints", sequence(integer(0)), True))
    assert all_say(made) == (YES, YES, UNEXPECTED)


# --- keys and digests ----------------------------------------------------------------------------


def test_sha_224_is_too_weak_since_3() -> None:
    for place in (SERVER, CA):
        made = RSA.put(place, signature="sha224_rsa")
        assert all_say(made) == (YES, BAD_MD, BAD_MD)
    assert all_say(RSA.put(ROOT, signature="sha224_rsa")) == (YES, YES, YES)


@pytest.mark.parametrize(
    ("key", "new"), [("p384-1", YES), ("p521-1", YES), ("secp256k1-1", BAD_KEY)]
)
def test_curves_have_256_bits_since_3(key: str, new: str) -> None:
    """And are NIST's or Brainpool's; 2.28 takes any that it knows."""
    for place in (SERVER, CA, ROOT):
        assert all_say(SOUND.put(place, key=key)) == (YES, new, new)


def test_rsa_keys_need_2048_bits_in_all() -> None:
    assert all_say(RSA.put(SERVER, public_key=rsa_key(2047))) == (BAD_KEY, BAD_KEY, BAD_KEY)
    assert all_say(RSA.put(SERVER, public_key=rsa_key(2048))) == (YES, YES, YES)


# --- the handshake -------------------------------------------------------------------------------


def test_the_key_is_proved_in_tls_1_3() -> None:
    other = issue(SOUND.specs[ROOT])
    told = "-0x6E00 SSL - The handshake negotiation failed"
    assert says(NEW, SOUND, key_of=other) == says(NEWEST, SOUND, key_of=other) == told


def test_an_unknown_algorithm_at_the_end_ends_it_since_3() -> None:
    """It is passed over elsewhere; but in TLS 1.3 the last result is that of all."""
    leaf, ca, root = SOUND.issued()
    edwards = issue(SOUND.specs[ROOT].with_(key="ed25519-1"))
    told = "-0x262E X509 - Signature algorithm (oid) is unsupported : OID - OID is not found"
    assert [says(client, [leaf, ca, edwards], [root]) for client in ALL] == [YES, told, told]
    assert [says(client, [leaf, edwards, ca], [root]) for client in ALL] == [YES, YES, YES]
    assert where(NEW, [leaf, ca, edwards], trust=[root]) == (2, 2)


def test_a_message_may_come_in_pieces_since_3() -> None:
    """The buffer has room for 346 octets more than one record holds."""

    def padded(size: int) -> Chain:
        return RSA.put(CA, raw("1.2.3.4", bytes(size)))

    base = 8 + sum(5 + len(one.der) for one in padded(12_000).issued()[:2])
    room = 12_000 + 16_730 - base
    told = "-0x7100 SSL - Bad input parameters to function"
    assert all_say(padded(room))[1:] == (YES, YES)
    assert all_say(padded(room + 1))[1:] == (told, told)


def test_where_nothing_is_left_the_trust_decides_what_is_told() -> None:
    """Without any the empty certificate is its own anchor; else it is not trusted either."""
    edwards = Chain(
        (SOUND.specs[SERVER], SOUND.specs[CA], SOUND.specs[ROOT].with_(key="ed25519-1"))
    )
    _, ca, root = edwards.issued()
    assert NOT_TRUSTED not in says(OLD, [ca], [root])
    assert NOT_TRUSTED in says(OLD, [ca], [SOUND.issued()[2]])


# --- what all decide alike -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (tlv(0x17, b"270101000000Z"), YES),
        (tlv(0x17, b"270101000000"), YES),
        (tlv(0x18, b"20270101000000"), YES),
        (tlv(0x17, b"2701010000Z"), "-0x2400 X509 - The date tag or value is invalid"),
        (tlv(0x17, b"270101000060Z"), "-0x2400 X509 - The date tag or value is invalid"),
        (tlv(0x17, b"270229000000Z"), "-0x2400 X509 - The date tag or value is invalid"),
        (tlv(0x17, b"280229000000Z"), YES),
        (tlv(0x17, b"271301000000Z"), "-0x2400 X509 - The date tag or value is invalid"),
        (
            tlv(0x16, b"270101000000Z"),
            "-0x2462 X509 - The date tag or value is invalid : ASN1 - ASN1 tag was of an "
            "unexpected value",
        ),
    ],
)
def test_times(time: bytes, words: str) -> None:
    assert all_say(SOUND.put(CA, not_after=raw_time(time))) == (words, words, words)


@pytest.mark.parametrize(
    ("tag", "known"),
    [
        (0x0C, True),
        (0x13, True),
        (0x14, True),
        (0x16, True),
        (0x1E, True),
        (0x12, False),
        (0x1A, False),
    ],
)
def test_types_of_strings_in_names(tag: int, known: bool) -> None:
    """Seven are known; of another the certificate is not read."""
    told = (
        "-0x23E2 X509 - The name tag or value is invalid : ASN1 - ASN1 tag was of an unexpected "
        "value"
    )
    name = sequence(tlv(0x31, sequence(oid("2.5.4.10"), tlv(tag, b"12"))))
    words = YES if known else told
    assert all_say(SOUND.put(SERVER, subject=name)) == (words, words, words)


def test_eight_intermediates_are_walked() -> None:
    assert all_say(long(8)) == (YES, YES, YES)
    assert all(one.startswith("-0x3000") for one in all_say(long(9)))


def test_lengths_that_are_not_minimal_are_read() -> None:
    names = tlv(0x82, HOST.encode())
    value = bytes((0x30, 0x81, len(names))) + names
    assert all_say(SOUND.put(SERVER, raw("subjectAltName", value))) == (YES, YES, YES)
    cut = raw("subjectAltName", b"\x30\x80\0\0")
    assert all_say(SOUND.put(SERVER, cut)) == (LENGTH, LENGTH, LENGTH)
