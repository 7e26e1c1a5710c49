"""rustls: each error of webpki, and how far it searches."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.der import tlv
from fixtures.pki import (
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
    answer,
    critical,
    long,
    of_unknown_kind,
    raw,
    rsa_key,
    says,
    unknown_critical,
    view,
    where,
)
from tests.hierarchy.chains import AT, Chain, authority

DENO, UV, RTLS = "deno2.9.8-rustls", "uv0.13.9-rustls", "rustls-rtls"
SECOND = timedelta(seconds=1)


def error(made: object, **more: object) -> str:
    """The error of webpki, and the same for all three; `connects`."""
    seen = view(made, **more)  # type: ignore[arg-type]
    codes = {answer(client, seen)[0].code for client in (DENO, UV, RTLS)}
    assert len(codes) == 1
    return str(codes.pop() or "connects")


def test_a_sound_chain_connects() -> None:
    assert error(SOUND) == error(RSA) == "connects"


# --- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 4}, "UnsupportedCertVersion"),
        ({"version": 1, "extensions": ()}, "UnsupportedCertVersion"),
        (
            {"signature": "sha256_ecdsa", "inner_signature": "sha384_ecdsa"},
            "SignatureAlgorithmMismatch",
        ),
    ],
)
def test_what_cannot_be_read(place: int, changes: dict[str, object], words: str) -> None:
    assert error(SOUND.put(place, **changes)) == words
    assert where(DENO, SOUND.put(place, **changes)) == (place, place)


def test_what_follows_a_certificate() -> None:
    assert error(SOUND, trailing=[SERVER]) == error(SOUND, trailing=[CA]) == "TrailingData"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("keyUsage", "ExtensionValueInvalid"),
        ("basicConstraints", "ExtensionValueInvalid"),
        ("subjectKeyIdentifier", "connects"),
    ],
)
def test_only_what_it_remembers_may_not_be_there_twice(name: str, words: str) -> None:
    own = SOUND.specs[CA].extensions
    double = next(one for one in own if one.name == name)
    assert error(SOUND.put(CA, extensions=(*own, double))) == words


def test_extensions_that_are_known_where_they_are_critical() -> None:
    told = "Other(OtherError(UnsupportedCriticalExtension))"
    known = {
        "keyUsage",
        "subjectAltName",
        "basicConstraints",
        "nameConstraints",
        "cRLDistributionPoints",
        "extendedKeyUsage",
    }
    everything = unknown_critical(DENO, told) | known
    assert len(everything) == 34 and not unknown_critical(DENO, told) & known
    assert error(critical(SOUND, "unheard of", SERVER)) == "UnsupportedCriticalExtension"
    assert error(critical(SOUND, "unheard of", ROOT)) == "connects"


def test_what_may_be_an_anchor() -> None:
    """Version 1 without extensions, too; but nothing else that cannot be read."""
    assert error(SOUND.put(ROOT, version=1, extensions=())) == "connects"
    assert says(DENO, SOUND.put(ROOT, version=1)) == "UnknownIssuer"
    assert says(DENO, SOUND.put(ROOT, version=2, extensions=())) == "UnknownIssuer"
    for version, extensions in ((1, ()), (3, SOUND.specs[ROOT].extensions)):
        leaf, ca, root = SOUND.put(ROOT, version=version, extensions=extensions).issued()
        sent = [leaf, ca, root, root]
        assert error(sent[:2], trust=[root]) == "connects"
        assert says(DENO, sent, trust=[root], trailing=[3]) != "connects"
    for changes in (
        {"not_after": AT - SECOND},
        {"damage": flip_signature_bit},
        {"version": 3},
    ):
        assert error(SOUND.put(ROOT, **changes)) == "connects"
    for extension in (basic_constraints(False), key_usage("cRLSign"), basic_constraints(True, 0)):
        middle = authority("Middle CA", "p256-4")
        made = Chain((SOUND.specs[SERVER], SOUND.specs[CA], middle, SOUND.specs[ROOT]))
        assert error(made.put(3, extension)) == "connects"


# --- one certificate -----------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
def test_times(place: int) -> None:
    assert error(SOUND.put(place, not_after=AT, not_before=AT)) == "connects"
    assert error(SOUND.put(place, not_after=AT - SECOND)) == "CertExpired"
    assert error(SOUND.put(place, not_before=AT + SECOND)) == "CertNotValidYet"
    both = SOUND.put(place, not_before=AT + SECOND, not_after=AT - SECOND)
    assert error(both) == "InvalidCertValidity"
    for time in (
        tlv(0x17, b"2601010000Z"),
        tlv(0x17, b"260101000000+0000"),
        tlv(0x18, b"20260101000000.5Z"),
        tlv(0x18, b"19690101000000Z"),
    ):
        assert error(SOUND.put(place, not_before=raw_time(time))) == "BadDerTime"
    epoch = raw_time(tlv(0x18, b"19700101000000Z"))
    assert error(SOUND.put(place, not_before=epoch)) == "connects"
    assert error(SOUND.put(place, not_after=raw_time(tlv(0x17, b"2701010000Z")))) == "BadDerTime"


def test_authorities_and_servers_are_not_taken_for_each_other() -> None:
    assert error(SOUND.put(SERVER, basic_constraints(True))) == "CaUsedAsEndEntity"
    assert error(SOUND.put(CA, basic_constraints(False))) == "EndEntityUsedAsCa"
    assert error(SOUND.without(CA, "basicConstraints")) == "EndEntityUsedAsCa"
    assert error(SOUND.without(SERVER, "basicConstraints")) == "connects"
    for place in (SERVER, CA):
        assert error(SOUND.put(place, raw("basicConstraints", b"\x04\x00", True))) == "BadDer"


def test_path_lengths() -> None:
    made = Chain((*SOUND.specs[:2], authority("Middle CA", "p256-4"), SOUND.specs[ROOT]))
    assert error(made.put(2, basic_constraints(True, 0))) == "PathLenConstraintViolated"
    assert error(made.put(2, basic_constraints(True, 1))) == "connects"
    assert error(made.put(1, basic_constraints(True, 0))) == "connects"


def test_usages_of_all_but_the_anchor() -> None:
    for place in (SERVER, CA):
        assert error(SOUND.put(place, extended_key_usage("clientAuth"))) == "RequiredEkuNotFound"
        anything = extended_key_usage("anyExtendedKeyUsage")
        assert error(SOUND.put(place, anything)) == "RequiredEkuNotFound"
        assert error(SOUND.put(place, raw("extendedKeyUsage", b"\x30\x00"))) == "EmptyEkuExtension"
        assert error(SOUND.put(place, extended_key_usage("serverAuth"))) == "connects"
    assert error(SOUND.put(ROOT, extended_key_usage("clientAuth"))) == "connects"


def test_key_usage_does_not_matter() -> None:
    made = SOUND.put(SERVER, key_usage("keyCertSign")).put(CA, key_usage("cRLSign"))
    assert error(made) == "connects"


def test_which_fault_of_a_certificate_is_told() -> None:
    """Its form, its times, its kind, its length, its usages."""
    made = Chain((*SOUND.specs[:2], authority("Middle CA", "p256-4"), SOUND.specs[ROOT]))
    usage = made.put(2, basic_constraints(True, 0), extended_key_usage("clientAuth"))
    assert error(usage) == "PathLenConstraintViolated"
    assert error(usage.put(2, basic_constraints(False))) == "EndEntityUsedAsCa"
    late = usage.put(2, basic_constraints(False), not_after=AT - SECOND)
    assert error(late) == "CertExpired"
    assert error(late.put(2, version=4)) == "UnsupportedCertVersion"


# --- signatures and constraints ------------------------------------------------------------------


def test_signatures() -> None:
    broken = "InvalidSignatureForPublicKey"
    for place in (SERVER, CA):
        assert error(SOUND.put(place, damage=flip_signature_bit)) == broken
    for signature in ("md5_rsa", "sha1_rsa", "sha224_rsa"):
        assert error(RSA.put(SERVER, signature=signature)) == "UnsupportedSignatureAlgorithm"
    for signature in ("sha384_rsa", "sha512_rsa", "sha256_pss"):
        assert error(RSA.put(SERVER, signature=signature)) == "connects"
    assert error(SOUND.put(CA, key="ed25519-1")) == "connects"
    assert error(SOUND.put(CA, key="ed448-1")) == "UnsupportedSignatureAlgorithm"
    for key in ("p384-1", "p521-1"):
        assert error(SOUND.put(CA, key=key)) == "connects"


def test_the_kind_of_key_has_to_fit() -> None:
    unfit = "UnsupportedSignatureAlgorithmForPublicKey"
    assert error(SOUND.put(CA, key="secp256k1-1")) == unfit
    for signer, other in (
        ("p256-2", "rsa2048-2"),
        ("rsa2048-2", "p256-2"),
        ("ed25519-1", "p256-2"),
    ):
        made = SOUND.put(CA, key=signer, public_key=public_key_der(other))
        assert error(made) == unfit
    edwards = SOUND.put(CA, public_key=public_key_der("ed25519-1"))
    assert error(edwards) == unfit
    pss = RSA.put(CA, public_key=public_key_der("p256-2")).put(SERVER, signature="sha256_pss")
    assert error(pss) == unfit
    assert error(SOUND.put(CA, damage_tbs=of_unknown_kind)) == unfit


def test_rsa_keys_of_2048_to_8192_bits() -> None:
    broken = "InvalidSignatureForPublicKey"
    assert error(RSA.put(CA, key="rsa1024-1")) == broken
    assert error(RSA.put(CA, key="rsa4096-1")) == "connects"
    assert error(RSA.put(CA, key="rsa8192-1")) == "connects"
    for bits, good in ((2047, False), (2048, True), (8192, True), (8193, False)):
        made = RSA.put(SERVER, public_key=rsa_key(bits))
        assert (error(made) == "connects") == good
    large = RSA.put(SERVER, public_key=rsa_key(2048, (1 << 33) - 1))
    assert error(large) == "connects"
    assert error(RSA.put(SERVER, public_key=rsa_key(2048, (1 << 33) + 1))) == broken


def test_the_servers_own_key_is_looked_at_last() -> None:
    unfit = "UnsupportedSignatureAlgorithmForPublicKey"
    odd = SOUND.put(SERVER, key="secp256k1-1")
    assert error(odd) == unfit
    assert says(DENO, odd) == f"Other(OtherError({unfit}))"
    assert error(odd, host="x.example") == "name"
    assert error(SOUND, key_of=issue(SOUND.specs[ROOT])) == "InvalidSignatureForPublicKey"
    for key in ("rsa2048-1", "ed25519-1", "p384-1"):
        assert error(SOUND.put(SERVER, key=key)) == "connects"


def test_name_constraints_hold_for_all_below() -> None:
    told = "NameConstraintViolation"
    tight = name_constraints({"dns": ["other.example"]})
    for place in (CA, ROOT):
        assert error(SOUND.put(place, tight)) == told
        assert error(SOUND.put(place, name_constraints({"dns": ["plant7.example"]}))) == "connects"
    inner = SOUND.put(CA, subject_alt_name(dns=["x.example"])).put(
        ROOT, name_constraints({"dns": ["plant7.example"]})
    )
    assert error(inner) == told
    assert error(SOUND.put(ROOT, raw("nameConstraints", b"\x04\x00", True))) == "BadDer"
    assert where(DENO, SOUND.put(CA, tight)) == (SERVER, SERVER)
    broken = SOUND.put(CA, tight).put(SERVER, damage=flip_signature_bit)
    assert error(broken) == "InvalidSignatureForPublicKey"


# --- the search ----------------------------------------------------------------------------------


def test_six_intermediates_are_followed() -> None:
    assert error(long(6)) == "connects"
    assert error(long(7)) == "MaximumPathDepthExceeded"


def test_what_is_trusted_but_no_root_only_helps_rtls_to_build() -> None:
    leaf, ca, root = SOUND.issued()
    assert [says(client, [leaf], [ca]) for client in (DENO, UV, RTLS)] == [
        "connects",
        "connects",
        "UnknownIssuer",
    ]
    assert error([leaf], trust=[ca, root]) == "connects"
    assert error([leaf, ca], trust=[]) == "UnknownIssuer"


def test_every_path_is_tried_and_the_most_specific_error_told() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    late = issue(ca.spec.with_(serial=31, not_after=AT - SECOND, key="p256-5"), root)
    later = issue(ca.spec.with_(serial=32, not_after=AT - 2 * SECOND, key="p256-5"), root)
    usage = issue(
        ca.spec.with_(serial=33, key="p256-6").with_extension(extended_key_usage("clientAuth")),
        root,
    )
    assert error([leaf, late, usage, ca], trust=[root]) == "connects"
    assert error([leaf, usage, late], trust=[root]) == "CertExpired"
    assert error([leaf, late, usage], trust=[root]) == "CertExpired"
    assert where(DENO, [leaf, late, later], trust=[root]) == (1, 1)
    stranger = issue(authority("Stranger", "p256-8", version=4))
    assert error([leaf, stranger], trust=[root]) == "UnsupportedCertVersion"
    assert error([leaf, ca, stranger], trust=[root]) == "connects"


def test_a_key_and_name_are_not_passed_twice() -> None:
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    a = issue(ca.spec.with_(issuer="B", signer="p256-4"))
    b = issue(bare(authority("B", "p256-4")).with_(issuer="Test CA", signer="p256-2"))
    assert error([leaf, a, b], trust=[root]) == "UnknownIssuer"
    assert error([leaf, a, b, ca], trust=[root]) == "connects"


def test_a_thousand_intermediates_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is not known: webpki itself would go on, where no message bounds what it is given."""
    monkeypatch.setattr("edgecheck.clients.message.refusal", lambda record, view: None)
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    wrong = issue(ca.spec.with_(not_after=AT - SECOND, key="p256-5", serial=31), root)
    assert says(DENO, [leaf, *[wrong] * 999, ca], [root]) == "connects"
    told = "unknown: there are too many paths to follow"
    assert says(DENO, [leaf, *[wrong] * 1000, ca], [root]) == told
