"""wolfSSL: each error with its number, which authorities it keeps, and what it looks at first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour.taken import Ended
from edgecheck.behaviour.wolfssl.chain import key_id, taken
from fixtures.der import tlv
from fixtures.pki import (
    Extension,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_time,
    subject_key_id,
)
from tests.behaviour.pool import bare
from tests.clients.asked import (
    CA,
    ROOT,
    RSA,
    SERVER,
    SOUND,
    of_unknown_kind,
    public_key,
    raw,
    read,
    rsa_key,
    says,
    unknown_critical,
    view,
    where,
)
from tests.hierarchy.chains import AT, Chain, authority

WOLFSSL = "wolfssl5.5.4"
SECOND = timedelta(seconds=1)
EXPONENT = "-112: mp_exptmod error state"
BUFFER = "-132: Buffer error, output too small or input too big"
PARSE = "-140: ASN parsing error, invalid input"
VERSION = "-141: ASN version error, invalid number"
TWICE = "-144: ASN object id error, invalid id"
UNKNOWN_OID = "-148: ASN oid error, unknown sum id"
BEFORE = "-150: ASN date error, current date before"
AFTER = "-151: ASN date error, current date after"
SIGNATURE_OID = "-152: ASN signature error, mismatched oid"
CONFIRM = "-155: ASN sig error, confirm failure"
CRITICAL = "-160: X.509 Critical extension ignored or invalid"
NO_SIGNER = "-188: certificate verify failed"
NAME_INVALID = "-198: Name Constraint error"
PATH_LENGTH = "-238: ASN CA path length larger than signer error"
SELF_SIGNED = "-275: ASN self-signed certificate error"
MISMATCH = "-322: peer subject name mismatch"
NO_PROOF = "-330: verify problem on signature"
NOT_CA = "-357: Not a CA by basic constraint error"
NO_SERVER_USE = "-386: Ext Key Use server/client auth not set Error"
TOO_LARGE = "-404: Handshake message too large Error"
RSA_SIZE, ECC_SIZE = "-409: RSA key too small", "-410: ECC key too small"


def said(made: object, *given: object, **more: object) -> str:
    return says(WOLFSSL, made, *given, **more)  # type: ignore[arg-type]


def test_a_sound_chain_connects() -> None:
    assert said(SOUND) == said(RSA) == "connects"


# --- one certificate -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
@pytest.mark.parametrize(
    ("changes", "extensions", "words"),
    [
        ({"serial": b""}, (), PARSE),
        ({"serial": b"\x00\x01"}, (), PARSE),
        ({"serial": b"\x00\x80"}, (), "connects"),
        ({"serial": b"\x00"}, (), "connects"),
        ({"serial": b"\x01" * 32}, (), "connects"),
        ({"serial": b"\x01" * 33}, (), PARSE),
        ({"serial": b"\x00" + b"\x81" * 32}, (), "connects"),
        ({"version": 2}, (), VERSION),
        ({"signature": "sha256_ecdsa", "inner_signature": "sha384_ecdsa"}, (), SIGNATURE_OID),
        ({"not_after": AT - SECOND}, (), AFTER),
        ({"not_before": AT + SECOND}, (), BEFORE),
        ({"not_after": AT, "not_before": AT}, (), "connects"),
        ({"not_before": AT + SECOND, "not_after": AT - SECOND}, (), AFTER),
        ({"not_after": raw_time(tlv(0x17, b"2701010000Z"))}, (), AFTER),
        ({"not_before": raw_time(tlv(0x17, b"2601010000Z"))}, (), BEFORE),
        ({"not_before": raw_time(tlv(0x17, b"260101000000+0100"))}, (), "connects"),
        ({"not_before": raw_time(tlv(0x18, b"20260101000000Z"))}, (), "connects"),
        ({}, (raw("subjectAltName", b"\x30\x00"),), PARSE),
        ({}, (raw("keyUsage", b"\x03\x01\x00"),), PARSE),
        ({}, (raw("authorityKeyIdentifier", b"\x30\x00"),), PARSE),
        ({}, (raw("extendedKeyUsage", b"\x04\x00"),), PARSE),
        ({}, (raw("keyUsage", b"\x04\x00"),), PARSE),
        ({}, (raw("basicConstraints", b"\x04\x00"),), PARSE),
        ({}, (raw("subjectKeyIdentifier", b"\x30\x00"),), PARSE),
        ({}, (raw("authorityKeyIdentifier", b"\x04\x00"),), PARSE),
        ({}, (raw("1.2.3.4", b"\x05\x00", True),), CRITICAL),
        ({"damage": flip_signature_bit}, (), CONFIRM),
    ],
)
def test_what_is_wrong_with_one(
    place: int, changes: dict[str, object], extensions: tuple[Extension, ...], words: str
) -> None:
    told = said(SOUND.put(place, *extensions, **changes))
    # What is above fails first; what it leaves the server without is not found.
    assert told in ((words, NO_SIGNER) if place == CA else (words,))


@pytest.mark.parametrize(
    ("name", "words"),
    [("keyUsage", TWICE), ("basicConstraints", TWICE), ("subjectKeyIdentifier", TWICE)],
)
def test_what_it_knows_may_not_be_there_twice(name: str, words: str) -> None:
    own = SOUND.specs[SERVER].extensions
    double = next(one for one in own if one.name == name)
    assert said(SOUND.put(SERVER, extensions=(*own, double))) == words
    other = raw("1.2.3.4", b"\x05\x00")
    assert said(SOUND.put(SERVER, extensions=(*own, other, other))) == "connects"


def test_a_signature_of_an_unknown_algorithm() -> None:
    def odd(tbs: bytes) -> bytes:
        return tbs.replace(bytes.fromhex("2a8648ce3d040302"), bytes.fromhex("2a8648ce3d040309"))

    assert said(SOUND.put(SERVER, damage=odd)) == UNKNOWN_OID
    assert said(SOUND.put(SERVER, damage_tbs=of_unknown_kind)) == UNKNOWN_OID


def test_extensions_that_are_known_where_they_are_critical() -> None:
    assert unknown_critical(WOLFSSL, NO_SIGNER, but=["subjectDirectoryAttributes"]) == {
        "policyMappings",
        "issuerAltName",
        "freshestCRL",
        "cRLNumber",
        "reasonCode",
        "issuingDistributionPoint",
        "subjectInfoAccess",
        "proxyCertInfo",
        "tlsFeature",
        *(f"netscape {last}" for last in (2, 3, 4, 7, 8, 12, 13, 14, 15)),
        "unheard of",
        "subjectKeyIdentifier",
        "authorityKeyIdentifier",
    }


def test_constraints_are_for_authorities_alone() -> None:
    held = name_constraints({"dns": ["plant7.example"]})
    assert said(SOUND.put(SERVER, held)) == NAME_INVALID
    assert said(SOUND.put(CA, held)) == "connects"
    assert said(SOUND.put(CA, name_constraints({"dns": ["x.example"]}))) == NAME_INVALID
    assert said(SOUND.put(ROOT, name_constraints({"dns": ["x.example"]}))) == NO_SIGNER


def test_sizes_of_keys() -> None:
    for bits, words in ((1023, RSA_SIZE), (1024, "connects"), (4096, "connects"), (4097, EXPONENT)):
        assert said(RSA.put(SERVER, public_key=rsa_key(bits))) == words
    for curve, words in ((ec.SECP192R1(), ECC_SIZE), (ec.SECP224R1(), "connects")):
        assert said(SOUND.put(SERVER, public_key=public_key(curve))) == words
    assert said(RSA.put(ROOT, key="rsa4096-1")) == "connects"
    assert said(RSA.put(ROOT, key="rsa8192-1")) == NO_SIGNER
    leaf, ca, _ = RSA.put(CA, key="rsa8192-1").issued()
    assert said([leaf], [ca]) == BUFFER
    assert said(RSA.put(ROOT, public_key=rsa_key(1023))) == NO_SIGNER


# --- the server's --------------------------------------------------------------------------------


def test_usages_and_names_of_the_server() -> None:
    for usages, good in (
        (("serverAuth",), True),
        (("anyExtendedKeyUsage",), True),
        (("clientAuth",), False),
        (("clientAuth", "serverAuth"), True),
    ):
        told = said(SOUND.put(SERVER, extended_key_usage(*usages)))
        assert told == ("connects" if good else NO_SERVER_USE)
    assert said(SOUND.put(SERVER, raw("extendedKeyUsage", b"\x30\x00"))) == NO_SERVER_USE
    assert said(SOUND.put(SERVER, key_usage("cRLSign"))) == "connects"
    assert said(SOUND.put(SERVER, version=1, extensions=())) == "connects"
    assert said(SOUND.put(CA, extended_key_usage("clientAuth"))) == "connects"
    assert said(SOUND, host="x.example") == MISMATCH


def test_the_order_of_what_is_looked_at() -> None:
    """The server's chain, its name, usages and key; then what is above, and last the proof."""
    other = issue(SOUND.specs[ROOT])
    made = SOUND.put(
        SERVER, extended_key_usage("clientAuth"), public_key=public_key(ec.SECP192R1())
    )
    assert said(made.put(SERVER, not_after=AT - SECOND), host="x", key_of=other) == AFTER
    assert said(made, host="x", key_of=other) == MISMATCH
    assert said(made, key_of=other) == NO_SERVER_USE
    assert said(SOUND.put(SERVER, public_key=public_key(ec.SECP192R1())), key_of=other) == ECC_SIZE
    leaf, ca, root = SOUND.issued()
    late = issue(authority("Stranger", "p256-8", not_after=AT - SECOND), root)
    assert said([leaf, ca, late], [root], key_of=other) == AFTER
    assert where(WOLFSSL, [leaf, ca, late], trust=[root]) == (2, 2)
    assert said(SOUND, key_of=other) == NO_PROOF
    assert where(WOLFSSL, SOUND, key_of=other) == (SERVER, SERVER)
    assert said(SOUND, trust=[], host="x") == NO_SIGNER
    critical = SOUND.put(SERVER, raw("1.2.3.4", b"\x05\x00", True), not_after=AT - SECOND)
    assert said(critical) == AFTER
    assert said(critical.put(SERVER, damage=flip_signature_bit)) == CONFIRM


def test_eight_intermediates_and_the_sizes_of_a_message() -> None:
    keys = ("p256-2", "p256-4", "p256-5", "p256-6", "p256-7", "p256-8", "p384-1", "p521-1")
    between = [authority(f"CA {key}", key) for key in (*keys, "rsa2048-1")]
    server, _, top = SOUND.specs
    assert said(Chain((server, *between[:8], top))) == "connects"
    assert said(Chain((server, *between, top))) == NO_SIGNER
    leaf, ca, root = SOUND.issued()
    nine = [leaf, ca, *[ca] * 7]
    assert said(nine, [root]) == "connects"
    assert said([*nine, ca], [root]) == TOO_LARGE
    assert where(WOLFSSL, [*nine, ca], trust=[root]) == (SERVER, SERVER)
    assert said([*nine, ca], [root], key_of=root) == NO_PROOF

    def padded(size: int) -> Chain:
        return RSA.put(CA, raw("1.2.3.4", bytes(size)))  # its signatures are all of one size

    base = 8 + sum(5 + len(one.der) for one in padded(15_000).issued()[:2])
    room = 15_000 + 18_462 - base
    assert said(padded(room)) == "connects"
    assert said(padded(room + 1)) == TOO_LARGE
    assert said(padded(room), trailing=[CA]) == TOO_LARGE
    assert where(WOLFSSL, padded(room + 1)) == (CA, CA)


# --- authorities ---------------------------------------------------------------------------------


def test_who_issued_it_is_found_by_key_identifier_or_name() -> None:
    leaf, ca, root = SOUND.issued()
    plain = issue(bare(SOUND.specs[SERVER]), ca)
    assert said([plain, ca], [root]) == "connects"
    wrong = issue(SOUND.specs[SERVER].with_extension(authority_key_id(b"\x01" * 20)), ca)
    assert said([wrong, ca], [root]) == NO_SIGNER
    named = issue(SOUND.specs[CA].with_extension(subject_key_id(b"\x01" * 20)), root)
    assert said([wrong, named], [root]) == "connects"
    other = issue(SOUND.specs[SERVER].with_(issuer="Other"), ca)
    assert said([other, ca], [root]) == NO_SIGNER
    assert said([leaf, ca, root], [root]) == "connects"


def test_identifiers_of_another_length_are_hashed() -> None:
    root = SOUND.issued()[ROOT]
    ca = issue(SOUND.specs[CA].with_extension(subject_key_id(b"\x01" * 8)), root)
    leaf = issue(SOUND.specs[SERVER].with_extension(authority_key_id(b"\x01" * 8)), ca)
    assert said([leaf, ca], [root]) == "connects"
    (certificate,) = read([ca])
    assert len(key_id(certificate)) == 20
    other = issue(SOUND.specs[SERVER].with_extension(authority_key_id(b"\x02" * 8)), ca)
    assert said([other, ca], [root]) == NO_SIGNER


def test_the_key_of_an_authority_without_identifier_is_hashed() -> None:
    """Of RSA the numbers alone, of EC the whole."""
    from hashlib import sha1

    from fixtures.private_keys import key_identifier, public_key_der

    for key in ("rsa2048-2", "p256-2"):
        (made,) = read([issue(bare(authority("x", key)))])
        whole = sha1(public_key_der(key), usedforsecurity=False).digest()
        wanted = whole if key == "p256-2" else key_identifier(public_key_der(key))
        assert key_id(made) == wanted
        (old,) = read([issue(authority("x", key, version=1, extensions=()))])
        assert key_id(old) == wanted


def test_authorities_of_one_key_identifier_are_kept_once() -> None:
    """So a chain in which one key stands twice breaks off."""
    server, ca, root = SOUND.specs
    assert said(Chain((server, ca, authority("Upper", "p256-2"), root))) == NO_SIGNER
    assert said(Chain((server, ca, authority("Upper", "p256-4"), root))) == "connects"


def test_an_authority_has_to_say_that_it_signs() -> None:
    assert said(SOUND.put(CA, key_usage("cRLSign"))) == NO_SIGNER
    assert said(SOUND.without(CA, "keyUsage")) == NO_SIGNER
    assert said(SOUND.put(CA, basic_constraints(False))) == NO_SIGNER
    leaf, ca, root = SOUND.issued()
    unsigned = issue(authority("Stranger", "p256-8", key_usage("cRLSign")), root)
    assert said([leaf, ca, unsigned], [root]) == NOT_CA
    for extension in (key_usage("cRLSign"), basic_constraints(False)):
        assert said(SOUND.put(ROOT, extension)) == "connects"


def test_an_authority_without_a_signer_is_passed_over() -> None:
    leaf, ca, root = SOUND.issued()
    stranger = issue(authority("Stranger", "p256-8"))
    lower = issue(authority("Lower", "p256-7"), stranger)
    assert said([leaf, ca, stranger, lower], [root]) == "connects"
    end = issue(SOUND.specs[SERVER].with_(subject="x", serial=9), stranger)
    assert said([leaf, ca, end], [root]) == NO_SIGNER
    alone = issue(SOUND.specs[SERVER])
    assert said([alone], [root]) == SELF_SIGNED
    assert said([alone], [alone]) == "connects"


def test_a_trusted_server_needs_no_issuer_but_all_else() -> None:
    ca = SOUND.issued()[CA]
    for changes, words in (
        ({}, "connects"),
        ({"not_after": AT - SECOND}, AFTER),
        ({"serial": b""}, PARSE),
    ):
        leaf = issue(SOUND.specs[SERVER].with_(**changes), ca)
        assert said([leaf], [leaf]) == words
    odd = issue(SOUND.specs[SERVER].with_extension(raw("1.2.3.4", b"\x05\x00", True)), ca)
    assert said([odd], [odd]) == CRITICAL
    bad = SOUND.specs[SERVER].with_extension(raw("subjectAltName", b"\x30\x00"))
    late = issue(bad.with_(not_after=AT - SECOND), ca)
    assert said([late], [late]) == PARSE


def test_what_of_the_trust_does_not_load() -> None:
    assert said(SOUND.put(ROOT, not_after=AT - SECOND)) == NO_SIGNER
    assert said(SOUND.put(ROOT, serial=b"")) == NO_SIGNER
    assert said(SOUND.put(ROOT, raw("1.2.3.4", b"\x05\x00", True))) == NO_SIGNER
    assert said(SOUND.put(ROOT, damage=flip_signature_bit)) == "connects"
    assert said(SOUND.put(ROOT, version=1, extensions=())) == "connects"


def test_path_lengths() -> None:
    """Those of a trusted root do not count; of others the smaller one does."""
    middle = authority("Middle CA", "p256-4")
    made = Chain((*SOUND.specs[:2], middle, SOUND.specs[ROOT]))
    assert said(made.put(2, basic_constraints(True, 0))) == NO_SIGNER
    assert said(made.put(2, basic_constraints(True, 1))) == "connects"
    assert said(made.put(1, basic_constraints(True, 0))) == "connects"
    assert said(made.put(3, basic_constraints(True, 0))) == "connects"
    wide = made.put(2, basic_constraints(True, 1)).put(1, basic_constraints(True, 9))
    assert said(wide) == "connects"
    lower = Chain((*SOUND.specs[:1], authority("Low", "p256-6"), *wide.specs[1:]))
    assert said(lower) == NO_SIGNER
    leaf, ca, root = SOUND.issued()
    tight = issue(authority("Tight", "p256-7", basic_constraints(True, 0)), root)
    below = issue(authority("Below", "p256-8"), tight)
    assert said([leaf, ca, below, tight], [root]) == PATH_LENGTH


def test_what_is_settled_on() -> None:
    good = taken(view(SOUND))
    assert (good.ended, len(good.certificates), good.objections) == (Ended.TRUSTED, 3, ())
    assert taken(view(SOUND, trust=[])).ended is Ended.NO_ISSUER
    alone = issue(SOUND.specs[SERVER])
    own = taken(view([alone], SOUND.issued()[ROOT:]))
    assert own.ended is Ended.SELF_SIGNED and not own.objections
    late = taken(view(SOUND.put(SERVER, not_after=AT - SECOND)))
    assert (late.ended, late.objections[0].code) == (Ended.TRUSTED, -151)
    above = taken(view(SOUND.put(CA, not_after=AT - SECOND)))
    assert (above.ended, above.objections[0].code, len(above.certificates)) == (
        Ended.NO_ISSUER,
        -151,
        2,
    )
    leaf, ca, root = SOUND.issued()
    many = taken(view([leaf, *[ca] * 9], [root]))
    assert many.objections[0].code == -404
    assert taken(view([leaf, *[ca] * 8], [root])).good
