"""BearSSL: one error ends everything, certificate after certificate, as they were sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour.bearssl.chain import taken
from edgecheck.behaviour.taken import Ended
from fixtures.der import oid, sequence, tlv
from fixtures.pki import (
    Extension,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_time,
    subject_alt_name,
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
    of_unknown_kind,
    public_key,
    raw,
    rsa_key,
    says,
    unknown_critical,
    view,
    where,
)
from tests.hierarchy.chains import AT, Chain, authority

BEARSSL = "bearssl0.6"
SECOND = timedelta(seconds=1)


def error(made: object, *given: object, **more: object) -> str:
    """The error without what all of them begin with."""
    return says(BEARSSL, made, *given, **more).removeprefix("BR_ERR_X509_")  # type: ignore[arg-type]


def test_a_sound_chain_connects() -> None:
    assert error(SOUND) == error(RSA) == "connects"
    assert says(BEARSSL, SOUND, trust=[]) == "BR_ERR_X509_NOT_TRUSTED"
    assert where(BEARSSL, SOUND, trust=[]) == (CA, CA)


# --- each certificate ----------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
def test_times(place: int) -> None:
    assert error(SOUND.put(place, not_after=AT, not_before=AT)) == "connects"
    assert error(SOUND.put(place, not_after=AT - SECOND)) == "EXPIRED"
    assert error(SOUND.put(place, not_before=AT + SECOND)) == "EXPIRED"
    assert error(SOUND.put(ROOT, not_after=AT - SECOND)) == "connects"
    assert where(BEARSSL, SOUND.put(place, not_after=AT - SECOND)) == (place, place)


@pytest.mark.parametrize(
    ("time", "good"),
    [
        (b"\x17\x0d260101000000Z", True),
        (b"\x17\x0b2601010000Z", False),
        (b"\x17\x11260101000000+0000", False),
        (b"\x18\x1120260101000000.5Z", True),
        (b"\x18\x1020260101000000.Z", True),
        (b"\x18\x0f20260101000000Z", True),
        (b"\x17\x0d260101000060Z", True),
        (b"\x17\x0d260101000061Z", False),
        (b"\x17\x0d260101005900Z", True),
        (b"\x17\x0d260101006000Z", False),
        (b"\x17\x0d260101230000Z", True),
        (b"\x17\x0d260101240000Z", False),
        (b"\x17\x0d260100000000Z", False),
        (b"\x17\x0d260001000000Z", False),
        (b"\x17\x0d251201000000Z", True),
        (b"\x17\x0d251301000000Z", False),
        (b"\x17\x0d260230000000Z", False),
        *(
            (f"\x17\x0d25{month:02}{day}000000Z".encode(), True)
            for month, day in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)
        ),
        *(
            (f"\x17\x0d25{month:02}{day}000000Z".encode(), False)
            for month, day in enumerate((32, 30, 32, 31, 32, 31, 32, 32, 31, 32, 31, 32), 1)
        ),
        (b"\x17\x0d240229000000Z", True),
    ],
)
def test_what_is_a_time(time: bytes, good: bool) -> None:
    told = error(SOUND.put(CA, not_before=raw_time(time)))
    assert (told != "BAD_TIME") == good


def test_the_name_of_the_issuer_has_to_be_the_same_octet_by_octet() -> None:
    leaf, _, root = SOUND.issued()
    assert error([leaf, issue(SOUND.specs[CA].with_(subject="test CA"), root)], [root]) == (
        "DN_MISMATCH"
    )
    assert error([leaf, root], [SOUND.issued()[CA]]) == "connects"
    assert error([leaf, root], [root]) == "DN_MISMATCH"
    assert where(BEARSSL, [leaf, root], trust=[root]) == (1, 1)


def test_keys() -> None:
    for curve in (ec.SECP384R1(), ec.SECP521R1()):
        assert error(SOUND.put(SERVER, public_key=public_key(curve))) == "connects"
    for curve in (ec.SECP224R1(), ec.SECP256K1()):
        assert error(SOUND.put(SERVER, public_key=public_key(curve))) == "UNSUPPORTED"
    assert error(SOUND.put(SERVER, key="ed25519-1")) == "UNSUPPORTED"
    assert error(SOUND.put(SERVER, damage_tbs=of_unknown_kind)) == "UNSUPPORTED"
    for bits, words in ((1016, "WEAK_PUBLIC_KEY"), (1017, "connects"), (1024, "connects")):
        assert error(RSA.put(SERVER, public_key=rsa_key(bits))) == words


@pytest.mark.parametrize(
    ("bits", "exponent", "words"),
    [
        (4136, 65537, "connects"),
        (4137, 65537, "LIMIT_EXCEEDED"),
        (4152, 3, "connects"),
        (4153, 3, "LIMIT_EXCEEDED"),
        (4096, (1 << 64) - 1, "connects"),
        (4096, (1 << 64) + 1, "LIMIT_EXCEEDED"),
    ],
)
def test_modulus_and_exponent_have_520_octets_together(
    bits: int, exponent: int, words: str
) -> None:
    assert error(RSA.put(SERVER, public_key=rsa_key(bits, exponent))) == words


def test_a_signature_has_512_octets_at_most() -> None:
    assert error(RSA.put(ROOT, key="rsa4096-1")) == "connects"
    assert error(RSA.put(ROOT, key="rsa8192-1")) == "LIMIT_EXCEEDED"
    longer = RSA.put(CA, damage=_longer)
    assert error(longer) == "LIMIT_EXCEEDED"


def _longer(certificate: bytes) -> bytes:
    """A signature of 513 octets."""
    from edgecheck.reading import der

    start, end = der.body(certificate, 0)
    tbs, algorithm, _ = der.elements(certificate, start, end)
    kept = certificate[start : algorithm[2]]
    assert tbs[1] > start
    return sequence(kept, tlv(0x03, bytes(1 + 513)))


def test_signatures() -> None:
    broken = SOUND.put(SERVER, damage=flip_signature_bit)
    assert error(broken) == "BAD_SIGNATURE"
    assert where(BEARSSL, broken) == (CA, CA)
    assert error(SOUND.put(CA, damage=flip_signature_bit)) == "NOT_TRUSTED"
    other = RSA.put(CA, public_key=public_key_der("p256-2"))
    assert error(other) == "WRONG_KEY_TYPE"
    assert error(SOUND.put(CA, public_key=public_key_der("rsa2048-2"))) == "WRONG_KEY_TYPE"
    for signature in ("sha1_rsa", "sha224_rsa", "sha256_rsa", "sha384_rsa", "sha512_rsa"):
        assert error(RSA.put(SERVER, signature=signature)) == "connects"
    for signature in ("sha1_ecdsa", "sha256_ecdsa", "sha384_ecdsa"):
        assert error(SOUND.put(SERVER, signature=signature)) == "connects"
    for signature in ("md5_rsa", "sha256_pss"):
        assert error(RSA.put(SERVER, signature=signature)) == "UNSUPPORTED"


def test_all_digests_of_ecdsa() -> None:
    from edgecheck.behaviour.bearssl.chain import _SIGNATURES

    digests = (1, 224, 256, 384, 512)
    assert {
        *(f"ecdsa-with-SHA{bits}" for bits in digests),
        *(f"sha{bits}WithRSAEncryption" for bits in digests),
    } == _SIGNATURES


# --- extensions ----------------------------------------------------------------------------------


def test_a_ca_has_to_say_so() -> None:
    assert error(SOUND.put(CA, basic_constraints(False))) == "NOT_CA"
    assert error(SOUND.without(CA, "basicConstraints")) == "NOT_CA"
    assert error(SOUND.put(CA, raw("basicConstraints", bytes.fromhex("3003010100")))) == "NOT_CA"
    assert error(SOUND.put(CA, raw("basicConstraints", bytes.fromhex("3003010101")))) == "connects"
    assert error(SOUND.put(CA, raw("basicConstraints", bytes.fromhex("3003020105")))) == "NOT_CA"
    assert error(SOUND.put(SERVER, basic_constraints(True))) == "connects"
    negative = raw("basicConstraints", bytes.fromhex("30060101ff0201ff"), True)
    assert error(SOUND.put(CA, negative)) == "OVERFLOW"
    made = Chain((*SOUND.specs[:2], authority("Middle CA", "p256-4"), SOUND.specs[ROOT]))
    assert error(made.put(2, basic_constraints(True, 0))) == "NOT_CA"
    assert error(made.put(2, basic_constraints(True, 1))) == "connects"
    assert error(made.put(1, basic_constraints(True, 0))) == "connects"
    assert error(long(12)) == "connects"


def test_key_usages() -> None:
    """A CA has to sign certificates, the server to sign; of more octets the first one counts.

    decipherOnly makes a second octet; 0.6 was asked, and takes keyCertSign beside it.
    """
    assert error(SOUND.put(CA, key_usage("cRLSign"))) == "FORBIDDEN_KEY_USAGE"
    assert error(SOUND.put(CA, key_usage("keyCertSign", "decipherOnly"))) == "connects"
    assert error(SOUND.put(CA, key_usage("cRLSign", "decipherOnly"))) == "FORBIDDEN_KEY_USAGE"
    assert error(SOUND.without(CA, "keyUsage")) == "connects"
    for place in (SERVER, CA):
        assert error(SOUND.put(place, raw("keyUsage", b"\x03\x01\x00"))) == "FORBIDDEN_KEY_USAGE"
    wrong = "BR_ERR_WRONG_KEY_USAGE"
    for usage, good in (
        ("digitalSignature", True),
        ("nonRepudiation", True),
        ("keyEncipherment", False),
        ("keyAgreement", False),
    ):
        assert (error(SOUND.put(SERVER, key_usage(usage))) == "connects") == good
    assert error(SOUND.put(SERVER, key_usage("keyAgreement"))) == wrong
    assert error(SOUND.without(SERVER, "keyUsage")) == "connects"
    assert error(SOUND.put(SERVER, raw("keyUsage", b"\x03\x02\x07\x80"))) == "connects"
    assert error(SOUND.put(SERVER, raw("keyUsage", b"\x03\x02\x07\x7f"))) == wrong
    assert error(SOUND.put(SERVER, raw("keyUsage", b"\x03\x02\x06\x40"))) == "connects"


def test_extensions_that_are_known_where_they_are_critical() -> None:
    assert unknown_critical(BEARSSL, "BR_ERR_X509_CRITICAL_EXTENSION") == {
        "extendedKeyUsage",
        "nameConstraints",
        "policyMappings",
        "policyConstraints",
        "inhibitAnyPolicy",
        "cRLNumber",
        "reasonCode",
        "issuingDistributionPoint",
        "proxyCertInfo",
        "tlsFeature",
        "ocspNoCheck",
        "nsCertType",
        *(f"netscape {last}" for last in (2, 3, 4, 7, 8, 12, 13, 14, 15)),
        "unheard of",
    }
    assert error(SOUND.put(SERVER, raw("1.2.3.4", b"\x05\x00", True))) == "CRITICAL_EXTENSION"
    assert error(SOUND.put(ROOT, raw("1.2.3.4", b"\x05\x00", True))) == "connects"
    assert error(SOUND.put(CA, name_constraints({"dns": ["x"]}, critical=False))) == "connects"
    assert error(SOUND.put(SERVER, extended_key_usage("clientAuth"))) == "connects"


def test_qualifiers_of_critical_policies() -> None:
    """Only the address of a statement is known."""

    def policy(qualifier: str) -> Extension:
        one = sequence(oid("1.2.3"), sequence(sequence(oid(qualifier), tlv(0x16, b"x"))))
        return raw("certificatePolicies", sequence(sequence(oid("1.2.4")), one), True)

    assert error(SOUND.put(CA, policy("1.3.6.1.5.5.7.2.1"))) == "connects"
    assert error(SOUND.put(CA, policy("1.3.6.1.5.5.7.2.2"))) == "CRITICAL_EXTENSION"


# --- the order, and the end ----------------------------------------------------------------------


def test_what_comes_first_of_a_certificate() -> None:
    faults: list[tuple[str, dict[str, object], tuple[Extension, ...]]] = [
        ("UNSUPPORTED", {"version": 4}, ()),
        ("BAD_TIME", {"not_after": raw_time(tlv(0x17, b"2701010000Z"))}, ()),
        ("BAD_SIGNATURE", {"key": "p256-2", "public_key": public_key_der("p256-7")}, ()),
        ("FORBIDDEN_KEY_USAGE", {}, (key_usage("cRLSign"),)),
        ("CRITICAL_EXTENSION", {}, (raw("1.2.3.4", b"\x05\x00", True),)),
        ("NOT_TRUSTED", {"damage": flip_signature_bit}, ()),
    ]
    for at in range(len(faults)):
        made = SOUND
        for _, changes, extensions in faults[at:]:
            made = made.put(CA, *extensions, **changes)
        assert error(made) == faults[at][0]


def test_the_name_is_looked_at_before_the_signature_algorithm() -> None:
    weak = RSA.put(SERVER, signature="md5_rsa")
    assert error(weak, host="x.example") == "BAD_SERVER_NAME"
    assert where(BEARSSL, SOUND, host="x.example") == (SERVER, SERVER)
    odd = SOUND.put(SERVER, raw("1.2.3.4", b"\x05\x00", True))
    assert error(odd, host="x.example") == "CRITICAL_EXTENSION"
    assert error(SOUND.put(SERVER, subject_alt_name(dns=["x.example"])), host=None) == "connects"
    assert error(SOUND, trailing=[CA]) == "EXTRA_ELEMENT"
    damaged = SOUND.put(SERVER, raw("subjectAltName", b"\x04\x00"))
    assert error(damaged) == "UNEXPECTED"


def test_the_proof_of_the_key_comes_last() -> None:
    other = issue(SOUND.specs[ROOT])
    assert error(SOUND, key_of=other) == "BR_ERR_BAD_SIGNATURE"
    assert where(BEARSSL, SOUND, key_of=other) == (SERVER, SERVER)
    assert error(SOUND.put(SERVER, key_usage("keyAgreement")), key_of=other) == (
        "BR_ERR_WRONG_KEY_USAGE"
    )


def test_a_server_is_trusted_by_name_and_key_where_the_anchor_is_no_ca() -> None:
    leaf, ca, root = SOUND.issued()
    assert error([leaf], [leaf]) == "connects"
    twin = issue(SOUND.specs[SERVER].with_(serial=9), ca)
    assert error([twin], [leaf]) == "connects"
    assert error([issue(SOUND.specs[SERVER].with_(key="p256-6"), ca)], [leaf]) == "NOT_TRUSTED"
    assert error([issue(SOUND.specs[SERVER].with_(subject="x"), ca)], [leaf]) == "NOT_TRUSTED"
    authority_leaf = issue(SOUND.specs[SERVER].with_extension(basic_constraints(True)), ca)
    assert error([authority_leaf], [authority_leaf]) == "NOT_TRUSTED"
    assert error(
        [leaf, ca], [issue(SOUND.specs[ROOT].with_extension(basic_constraints(False)))]
    ) == ("NOT_TRUSTED")
    assert error([leaf, ca, root, ca, leaf], [ca]) == "connects"


def test_what_of_the_trust_cannot_be_decoded_is_no_anchor() -> None:
    """Times that have passed do not matter there."""
    assert error(SOUND.put(ROOT, not_after=raw_time(tlv(0x17, b"2701010000Z")))) == "NOT_TRUSTED"
    assert error(SOUND.put(ROOT, key="secp256k1-1")) == "NOT_TRUSTED"
    leaf, ca, root = SOUND.issued()
    assert error([leaf, ca, root], [root], trailing=[2]) == "EXTRA_ELEMENT"
    assert error([leaf, ca, root], [root]) == "connects"


def test_every_anchor_of_the_name_is_tried() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    twin = issue(root.spec.with_(key="p256-6"))
    assert error([leaf, ca], [twin, root]) == error([leaf, ca], [root, twin]) == "connects"
    assert error([leaf, ca], [twin]) == "NOT_TRUSTED"


def test_what_is_settled_on() -> None:
    good = taken(view(SOUND))
    assert (good.ended, len(good.certificates)) == (Ended.TRUSTED, 3)
    assert taken(view(SOUND, trust=[])).ended is Ended.NO_ISSUER
    leaf, _, root = SOUND.issued()
    other = taken(view([leaf, root], [root]))
    assert (other.ended, len(other.certificates), other.objections) == (Ended.NO_ISSUER, 1, ())
    wrong = taken(view(SOUND.put(CA, basic_constraints(False))))
    assert (wrong.ended, wrong.objections[0].code) == (Ended.GIVEN_UP, "NOT_CA")
    assert len(taken(view([leaf], [leaf])).certificates) == 1
