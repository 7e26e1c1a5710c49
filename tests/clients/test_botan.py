"""Botan: what it does not read, each status of a chain, and which of several is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour.botan.chain import Status, _signed, taken
from edgecheck.behaviour.taken import Ended
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
from fixtures.private_keys import public_key_der
from tests.behaviour.pool import bare
from tests.clients.asked import (
    CA,
    ROOT,
    RSA,
    SERVER,
    SOUND,
    long,
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

BOTAN = "botan2.19"
SECOND = timedelta(seconds=1)
WEAK = "Signature method too weak"
HASH = "Hash function used is considered too weak for security"
EARLY, LATE = "Certificate is not yet valid", "Certificate has expired"
NOT_FOUND, NO_TRUST = "Certificate issuer not found", "Cannot establish trust"
LOOP = "Loop in certificate chain"
USAGE = "Certificate does not allow the requested usage"
TOO_LONG = "Certificate chain too long"
NO_CA = "CA certificate not allowed to issue certs"
CONSTRAINT = "Certificate does not pass name constraint"
NAME = "Certificate does not match provided name"
CRITICAL = "Unknown critical extension encountered"
DOUBLE = "Duplicate certificate extension encountered"
OLD = "Encountered extension in certificate with version that does not allow it"
SIGNATURE = "Signature error"
UNKNOWN = "Certificate signed with unknown/unavailable algorithm"
PARAMETERS = "Certificate signature has invalid parameters"
IN = " in set_to:./src/lib/asn1/asn1_time.cpp"


def said(made: object, *given: object, **more: object) -> str:
    return says(BOTAN, made, *given, **more)  # type: ignore[arg-type]


def test_a_sound_chain_connects() -> None:
    assert said(SOUND) == said(RSA) == "connects"


# --- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"not_after": raw_time(tlv(0x17, b"270101000000+0100"))},
            f"Botan does not support times with timezones other than Z{IN}",
        ),
        ({"not_after": raw_time(tlv(0x17, b"2701010000Z"))}, f"Invalid UTCTime string{IN}"),
        (
            {"not_before": raw_time(tlv(0x18, b"202601010000Z"))},
            f"Invalid GeneralizedTime string{IN}",
        ),
        (
            {"not_before": raw_time(tlv(0x18, b"20260101000000.5Z"))},
            f"Invalid GeneralizedTime string{IN}",
        ),
        (
            {"not_before": raw_time(tlv(0x18, b"19491231235959Z"))},
            "Time 19491231235959Z does not seem to be valid",
        ),
        ({"not_before": raw_time(tlv(0x18, b"19500101000000Z"))}, None),
        ({"not_after": raw_time(tlv(0x18, b"31001231235959Z"))}, None),
        (
            {"not_after": raw_time(tlv(0x18, b"31010101000000Z"))},
            "Time 31010101000000Z does not seem to be valid",
        ),
        (
            {"version": 4},
            "CERTIFICATE decoding failed with Unknown X.509 cert version 3",
        ),
        (
            {"signature": "sha256_ecdsa", "inner_signature": "sha384_ecdsa"},
            "X.509 Certificate had differing algorithm identifers in inner and outer ID fields",
        ),
    ],
)
def test_what_is_not_read(place: int, changes: dict[str, object], words: str | None) -> None:
    made = SOUND.put(place, **changes)
    assert said(made) == (f"Error: {words}" if words else "connects")
    if words:
        assert where(BOTAN, made) == (place, place)


def test_key_usage_without_a_use() -> None:
    """No bit set ends the reading; no octet makes it an extension that is not known."""
    for value in (b"\x03\x02\x07\x00", b"\x03\x02\x00\x00"):
        made = SOUND.put(CA, raw("keyUsage", value))
        assert said(made) == "Error: Certificate has invalid encoding for KeyUsage"
    empty = b"\x03\x01\x00"
    assert said(SOUND.put(CA, raw("keyUsage", empty))) == "connects"
    assert said(SOUND.put(CA, raw("keyUsage", empty, True))) == CRITICAL


# --- the server ----------------------------------------------------------------------------------


def test_what_the_handshake_wants_of_the_server() -> None:
    assert said(SOUND.put(SERVER, version=1, extensions=())) == (
        "Error: The leaf certificate must be v3"
    )
    kind = "Error: Certificate key type did not match ciphersuite"
    assert said(SOUND.put(SERVER, key="ed25519-1")) == kind
    for curve in (ec.SECP384R1(), ec.SECP521R1()):
        assert said(SOUND.put(SERVER, public_key=public_key(curve))) == "connects"
    for curve in (ec.SECP224R1(), ec.SECP256K1()):
        made = SOUND.put(SERVER, public_key=public_key(curve))
        assert said(made) == "Alert: handshake_failure"


def test_key_usages_of_the_server() -> None:
    """To sign, in the handshake; and one of those for servers, in the chain."""
    told = "Error: Certificate usage constraints do not allow this ciphersuite"
    for usages, words in (
        (("digitalSignature",), "connects"),
        (("nonRepudiation",), USAGE),
        (("nonRepudiation", "keyAgreement"), "connects"),
        (("nonRepudiation", "keyEncipherment"), "connects"),
        (("keyEncipherment",), told),
        (("keyAgreement",), told),
        (("digitalSignature", "keyCertSign"), USAGE),
    ):
        assert said(SOUND.put(SERVER, key_usage(*usages))) == words
    ca = SOUND.put(SERVER, key_usage("digitalSignature", "keyCertSign"), basic_constraints(True))
    assert said(ca) == "connects"
    assert said(SOUND.without(SERVER, "keyUsage")) == "connects"


def test_purposes_of_the_server() -> None:
    assert said(SOUND.put(SERVER, extended_key_usage("clientAuth"))) == USAGE
    assert said(SOUND.put(SERVER, extended_key_usage("anyExtendedKeyUsage"))) == USAGE
    assert said(SOUND.put(SERVER, extended_key_usage("clientAuth", "serverAuth"))) == "connects"
    assert said(SOUND.put(SERVER, raw("extendedKeyUsage", b"\x30\x00"))) == "connects"
    assert said(SOUND.put(CA, extended_key_usage("clientAuth"))) == "connects"
    assert said(SOUND, host="x.example") == NAME
    assert said(SOUND, host="10.0.0.1") == "connects"


def test_the_server_proves_that_it_has_the_key() -> None:
    """Botan 2.19.3 was asked; of another kind of key it says so before it looks at the chain."""
    told = "Error: Bad signature on server key exchange"
    assert said(SOUND, key_of=issue(SOUND.specs[ROOT])) == told
    assert said(SOUND, host="x.example", key_of=issue(SOUND.specs[ROOT])) == NAME
    other = issue(SOUND.specs[ROOT].with_(key="rsa2048-1"))
    told = "Error: Certificate key type did not match ciphersuite"
    assert said(SOUND, host="x.example", key_of=other) == told


# --- the chain -----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA, ROOT])
def test_times(place: int) -> None:
    assert said(SOUND.put(place, not_after=AT, not_before=AT)) == "connects"
    assert said(SOUND.put(place, not_after=AT - SECOND)) == LATE
    assert said(SOUND.put(place, not_before=AT + SECOND)) == EARLY
    assert where(BOTAN, SOUND.put(place, not_after=AT - SECOND)) == (
        place if place != ROOT else -1,
        place,
    )


def test_issuers_have_to_be_authorities() -> None:
    for place in (CA, ROOT):
        assert said(SOUND.put(place, basic_constraints(False))) == NO_CA
        assert said(SOUND.without(place, "basicConstraints")) == NO_CA
        assert said(SOUND.put(place, key_usage("cRLSign"))) == NO_CA
        assert said(SOUND.without(place, "keyUsage")) == "connects"
    assert said(SOUND.put(ROOT, version=1, extensions=())) == "connects"
    assert said(SOUND.put(CA, version=1, extensions=())) == NO_CA
    negative = bytes.fromhex("30060101ff0201ff")
    assert said(SOUND.put(CA, raw("basicConstraints", negative))) == NO_CA
    assert said(SOUND.put(CA, raw("basicConstraints", negative, True))) == CRITICAL
    assert where(BOTAN, SOUND.put(CA, basic_constraints(False))) == (SERVER, SERVER)


def test_path_lengths() -> None:
    """The root's too; what is self-issued does not count."""
    made = Chain((*SOUND.specs[:2], authority("Middle CA", "p256-4"), SOUND.specs[ROOT]))
    for place, most in ((2, 0), (3, 1)):
        assert said(made.put(place, basic_constraints(True, most))) == TOO_LONG
        assert said(made.put(place, basic_constraints(True, most + 1))) == "connects"
    assert said(made.put(1, basic_constraints(True, 0))) == "connects"
    assert where(BOTAN, made.put(2, basic_constraints(True, 0))) == (1, 1)
    server, ca, root = (bare(spec) for spec in SOUND.specs)
    own = Chain((server, ca.with_(key="p256-5", serial=5), ca, root))
    assert said(own.put(2, basic_constraints(True, 0))) == "connects"
    assert said(long(20)) == "connects"


def test_signatures() -> None:
    for place in (SERVER, CA):
        assert said(SOUND.put(place, damage=flip_signature_bit)) == SIGNATURE
    assert said(SOUND.put(ROOT, damage=flip_signature_bit)) == SIGNATURE
    other = SOUND.put(CA, public_key=public_key_der("rsa2048-2"))
    assert said(other) == PARAMETERS
    assert said(RSA.put(CA, public_key=public_key_der("p256-2"))) == PARAMETERS
    assert said(RSA.put(SERVER, signature="sha256_pss")) == "connects"

    def odd(certificate: bytes) -> bytes:
        known, unknown = (bytes.fromhex(f"2a8648ce3d04030{last}") for last in (2, 9))
        return certificate.replace(known, unknown)

    assert said(SOUND.put(SERVER, damage=odd)) == UNKNOWN


def test_digests() -> None:
    """Those of the anchor do not matter."""
    for signature, words in (
        ("md5_rsa", HASH),
        ("sha1_rsa", HASH),
        ("sha224_rsa", "connects"),
        ("sha384_rsa", "connects"),
        ("sha512_rsa", "connects"),
    ):
        for place in (SERVER, CA):
            assert said(RSA.put(place, signature=signature)) == words
    assert said(RSA.put(ROOT, signature="sha1_rsa")) == "connects"


def test_rsa_keys_of_2005_bits_and_more() -> None:
    for place in (CA, ROOT):
        assert said(RSA.put(place, key="rsa1024-1")) == WEAK
    assert said(RSA.put(SERVER, key="rsa1024-1")) == "connects"
    leaf, ca, _ = Chain(tuple(bare(spec) for spec in RSA.specs)).issued()
    for bits, weak in ((2004, True), (2005, False)):
        anchor = issue(bare(RSA.specs[ROOT]).with_(public_key=rsa_key(bits)))
        seen = view([leaf, ca], [anchor])
        told = list(_signed(seen, read([ca])[0], read([anchor])[0], False))
        assert (Status.SIGNATURE_METHOD_TOO_WEAK in told) == weak


def test_extensions_that_are_known_where_they_are_critical() -> None:
    assert unknown_critical(BOTAN, CRITICAL) == {
        "policyMappings",
        "policyConstraints",
        "inhibitAnyPolicy",
        "subjectDirectoryAttributes",
        "freshestCRL",
        "subjectInfoAccess",
        "proxyCertInfo",
        "tlsFeature",
        "ocspNoCheck",
        "nsCertType",
        *(f"netscape {last}" for last in (2, 3, 4, 7, 8, 12, 13, 14, 15)),
        "unheard of",
    }
    for place in (SERVER, ROOT):
        assert said(SOUND.put(place, raw("1.2.3.4", b"\x05\x00", True))) == CRITICAL


def test_extensions_that_are_double_or_of_an_old_version() -> None:
    own = SOUND.specs[CA].extensions
    assert said(SOUND.put(CA, extensions=(*own, own[1]))) == DOUBLE
    assert said(SOUND.put(ROOT, version=1)) == OLD
    assert said(SOUND.put(ROOT, version=2, extensions=())) == "connects"


def test_name_constraints() -> None:
    good, tight = (name_constraints({"dns": [base]}) for base in ("plant7.example", "x.example"))
    for place in (CA, ROOT):
        assert said(SOUND.put(place, tight)) == CONSTRAINT
        assert where(BOTAN, SOUND.put(place, tight))[1] == SERVER
        assert said(SOUND.put(place, good)) == "connects"
    assert said(SOUND.put(SERVER, good)) == CONSTRAINT
    six = name_constraints({"ip": ["::/0"]})
    assert said(SOUND.put(CA, six)) == CRITICAL
    assert said(SOUND.put(CA, name_constraints({"ip": ["::/0"]}, critical=False))) == "connects"


def test_the_worst_status_is_told_with_the_lowest_place() -> None:
    ranked: list[tuple[str, dict[str, object], tuple[Extension, ...]]] = [
        (SIGNATURE, {"damage": flip_signature_bit}, ()),
        (CRITICAL, {}, (raw("1.2.3.4", b"\x05\x00", True),)),
        (CONSTRAINT, {}, (name_constraints({"dns": ["x.example"]}),)),
        (NO_CA, {}, (key_usage("cRLSign"),)),
        (LATE, {"not_after": AT - SECOND}, ()),
        (HASH, {"signature": "sha1_ecdsa"}, ()),
    ]
    for at in range(len(ranked)):
        made = SOUND
        for _, changes, extensions in ranked[at:]:
            made = made.put(CA, *extensions, **changes)
        assert said(made) == ranked[at][0]
    both = SOUND.put(SERVER, not_after=AT - SECOND).put(CA, not_after=AT - SECOND)
    assert where(BOTAN, both) == (SERVER, SERVER)
    assert said(SOUND.put(CA, key_usage("cRLSign")), host="x.example") == NAME
    odd = SOUND.put(CA, raw("1.2.3.4", b"\x05\x00", True))
    assert said(odd, host="x.example") == CRITICAL
    early = SOUND.put(SERVER, not_before=AT + SECOND).put(CA, not_after=AT - SECOND)
    assert said(early) == LATE


# --- paths ---------------------------------------------------------------------------------------


def test_what_ends_a_path() -> None:
    """It insists on a root that is trusted."""
    leaf, ca, root = SOUND.issued()
    assert said([leaf, ca], [root]) == said([leaf, root, ca], [root]) == "connects"
    assert said([leaf], [ca]) == NOT_FOUND
    assert said([leaf], [ca, root]) == "connects"
    assert said([leaf, ca, root], []) == NO_TRUST
    assert where(BOTAN, [leaf, ca, root], trust=[]) == (2, 2)
    assert said([leaf, ca], []) == NOT_FOUND
    assert where(BOTAN, [leaf, ca], trust=[]) == (1, 1)
    alone = issue(SOUND.specs[SERVER])
    assert said([alone], [alone]) == NO_TRUST


def test_every_path_is_tried_and_the_first_one_told() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    late = issue(ca.spec.with_(serial=31, not_after=AT - SECOND), root)
    unfit = issue(ca.spec.with_(serial=32).with_extension(key_usage("cRLSign")), root)
    assert said([leaf, late, unfit, ca], [root]) == "connects"
    assert said([leaf, unfit, late], [root]) == LATE
    assert said([leaf, late, unfit], [root]) == NO_CA


def test_a_path_that_leads_nowhere_is_left_for_the_next() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    lost = issue(ca.spec.with_(serial=33), issue(bare(authority("Nobody", "p256-8"))))
    assert said([leaf, ca, lost], [root]) == said([leaf, lost, ca], [root]) == "connects"


def test_a_loop_is_told() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    a = issue(ca.spec.with_(issuer="B", signer="p256-4"))
    b = issue(bare(authority("B", "p256-4")).with_(issuer="Test CA", signer="p256-2"))
    assert said([leaf, a, b], [root]) == LOOP
    assert said([leaf, a, b, ca], [root]) == "connects"


def test_key_identifiers_tell_an_issuer_where_both_are_there() -> None:
    _, ca, root = SOUND.issued()
    wrong = issue(SOUND.specs[SERVER].with_extension(authority_key_id(b"\x01" * 20)), ca)
    assert said([wrong, ca], [root]) == NOT_FOUND
    silent = issue(SOUND.specs[CA].without_extension("subjectKeyIdentifier"), root)
    assert said([wrong, silent], [root]) == "connects"
    named = issue(SOUND.specs[CA].with_extension(subject_key_id(b"\x01" * 20)), root)
    assert said([wrong, named], [root]) == "connects"


def test_what_is_trusted_and_cannot_be_read_is_no_anchor() -> None:
    assert said(SOUND.put(ROOT, version=4)) == NOT_FOUND


def test_self_signed_is_told_by_identifiers_else_by_the_signature() -> None:
    """An authority of its own name that another one issued is no end."""
    server, _, root = SOUND.specs
    rolled = Chain((server, root.with_(key="p256-5", serial=9), root))
    assert said(rolled) == "connects"
    assert said(SOUND.without(ROOT, "authorityKeyIdentifier")) == "connects"
    assert said(Chain(tuple(bare(spec) for spec in rolled.specs))) == "connects"


def test_what_is_settled_on() -> None:
    good = taken(view(SOUND))
    assert (good.ended, len(good.certificates), good.objections) == (Ended.TRUSTED, 3, ())
    parsed = taken(view(SOUND.put(CA, version=4)))
    assert parsed.ended is Ended.GIVEN_UP and "version" in str(parsed.objections[0].code)
    leaf, ca, root = SOUND.issued()
    assert taken(view([leaf, ca, root], [])).ended is Ended.SELF_SIGNED
    assert taken(view([leaf, ca], [])).ended is Ended.NO_ISSUER
    late = taken(view(SOUND.put(CA, not_after=AT - SECOND)))
    assert (late.ended, len(late.certificates), late.objections[0].code) == (Ended.TRUSTED, 3, 2001)
