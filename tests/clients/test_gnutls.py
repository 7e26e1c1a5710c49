"""GnuTLS: what gnutls-cli says at each thing that is wrong, and which of several it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fixtures.der import integer, sequence, tlv
from fixtures.pki import (
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
    long,
    public_key,
    raw,
    rsa_key,
    says,
    unknown_critical,
    where,
)
from tests.hierarchy.chains import AT, END, Chain, authority

GNUTLS = "gnutls3.7.9-cli"
PAST, FUTURE = AT - timedelta(seconds=1), AT + timedelta(seconds=1)
UNKNOWN = "The certificate issuer is unknown."
NO_CA = "The certificate issuer is not a CA."
SIGNATURE = "The signature in the certificate is invalid."
INSECURE = "The certificate chain uses insecure algorithm."
CONSTRAINTS = "The certificate chain violates the signer's constraints."
PURPOSE = "The certificate chain does not match the intended purpose."
EARLY = "The certificate chain uses not yet valid certificate."
EXPIRED = "The certificate chain uses expired certificate."
OWNER = "The name in the certificate does not match the expected."
CRITICAL = "The certificate contains an unknown critical extension."
FATAL = "*** Fatal error: "


def test_a_sound_chain_connects() -> None:
    assert (says(GNUTLS, SOUND), says(GNUTLS, RSA)) == ("connects", "connects")


# --- what does not import ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"not_before": raw_time(tlv(0x18, b"20260101000000.5Z"))},
            "Error in the time fields of certificate.",
        ),
        (
            {"not_after": raw_time(tlv(0x18, b"20270101000000.55Z"))},
            "Error in the time fields of certificate.",
        ),
        (
            {"not_after": raw_time(tlv(0x17, b"270101000000+0100"))},
            "The DER time encoding is invalid.",
        ),
        (
            {"not_after": raw_time(tlv(0x17, b"270201000061Z"))},
            "Error in the time fields of certificate.",
        ),
        (
            {"not_after": raw_time(tlv(0x17, b"270200000000Z"))},
            "Error in the time fields of certificate.",
        ),
        ({"not_before": raw_time(tlv(0x17, b"2601010000Z"))}, "connects"),
        ({"not_before": raw_time(tlv(0x18, b"202601010000Z"))}, "connects"),
        ({"not_after": raw_time(tlv(0x17, b"270230000060Z"))}, "connects"),
        (
            {"signature": "sha256_ecdsa", "inner_signature": "sha384_ecdsa"},
            "Error in the certificate.",
        ),
        ({"version": 2}, "Error in the certificate."),
        (
            {"extensions": (*SOUND.specs[CA].extensions, SOUND.specs[CA].extensions[0])},
            "Duplicate extension in X.509 certificate.",
        ),
    ],
)
def test_what_does_not_import(changes: dict[str, object], words: str) -> None:
    """The words depend on whether it is the server's, one above, or what is trusted."""
    told = [says(GNUTLS, SOUND.put(place, **changes)) for place in (SERVER, CA, ROOT)]
    if words == "connects":
        assert told == ["connects"] * 3
    else:
        if "extensions" in changes:
            told[0] = FATAL + words  # it has others
        trust = f"Error setting the x509 trust file: {words}"
        assert told == [FATAL + words, f"Decoding error: {words}", trust]


def test_what_follows_a_certificate() -> None:
    words = "ASN1 parser: Error in DER parsing."
    assert says(GNUTLS, SOUND, trailing=[SERVER]) == FATAL + words
    assert says(GNUTLS, SOUND, trailing=[CA]) == f"Decoding error: {words}"


def test_sixteen_certificates_may_be_sent() -> None:
    assert says(GNUTLS, long(15)) == "connects"
    assert says(GNUTLS, long(16)) == FATAL + "Error in the certificate."
    assert where(GNUTLS, long(16)) == (SERVER, 16)


# --- before the chain ----------------------------------------------------------------------------


def test_curves_of_the_servers_key() -> None:
    curves = (ec.SECP192R1(), ec.SECP224R1(), ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1())
    for curve in curves:
        assert says(GNUTLS, SOUND.put(SERVER, public_key=public_key(curve))) == "connects"
    alert = FATAL + "A TLS fatal alert has been received."
    for other in (ec.SECP256K1(), ec.BrainpoolP256R1()):
        assert says(GNUTLS, SOUND.put(SERVER, public_key=public_key(other))) == alert
    assert says(GNUTLS, SOUND.put(CA, key="secp256k1-1")) == INSECURE


def test_the_order_of_what_is_asked_of_the_server() -> None:
    """Its key, its use, its proof, how many there are, what imports, and then the chain."""
    other = issue(SOUND.specs[ROOT])
    usage = FATAL + "Key usage violation in certificate has been detected."
    proof = FATAL + "Public key signature verification has failed."
    wrong = long(16).put(SERVER, key_usage("keyAgreement")).put(3, version=2)
    assert says(GNUTLS, wrong, key_of=other) == usage
    assert says(GNUTLS, long(16).put(3, version=2), key_of=other) == proof
    assert says(GNUTLS, long(16).put(3, version=2)) == FATAL + "Error in the certificate."
    assert says(GNUTLS, SOUND.put(CA, version=2), host="x.example").startswith("Decoding error")
    odd = SOUND.put(SERVER, key_usage("keyAgreement"), public_key=public_key(ec.SECP256K1()))
    assert says(GNUTLS, odd).endswith("A TLS fatal alert has been received.")
    assert says(GNUTLS, SOUND.put(SERVER, raw("keyUsage", b"\x03\x01\x00"))) == "connects"


# --- the chain -----------------------------------------------------------------------------------


def test_who_issued_it_has_to_be_known() -> None:
    assert says(GNUTLS, SOUND, trust=[]) == UNKNOWN
    assert where(GNUTLS, SOUND.issued()[:1], trust=[]) == (SERVER, SERVER)
    assert says(GNUTLS, SOUND.issued()[:1], trust=[SOUND.issued()[ROOT]]) == UNKNOWN


def test_a_trusted_intermediate_or_server_is_enough() -> None:
    leaf, ca, root = SOUND.issued()
    for sent in ([leaf], [leaf, ca], [leaf, ca, root]):
        assert says(GNUTLS, sent, [ca]) == "connects"
    assert says(GNUTLS, [leaf], [leaf]) == "connects"
    twin = issue(SOUND.specs[SERVER].with_(serial=9), ca)
    assert says(GNUTLS, [twin], [leaf]) == UNKNOWN
    again = issue(SOUND.specs[CA].with_(serial=9), root)
    assert says(GNUTLS, [leaf, again], [ca]) == "connects"


@pytest.mark.parametrize("place", [SERVER, CA, ROOT])
def test_times_count_to_the_second(place: int) -> None:
    assert says(GNUTLS, SOUND.put(place, not_after=PAST)) == EXPIRED
    assert says(GNUTLS, SOUND.put(place, not_before=FUTURE)) == EARLY
    assert says(GNUTLS, SOUND.put(place, not_after=AT, not_before=AT)) == "connects"


def test_times_of_a_trusted_intermediate_and_server() -> None:
    for changes, words in (({"not_after": PAST}, EXPIRED), ({"not_before": FUTURE}, EARLY)):
        leaf, ca, _ = SOUND.put(CA, **changes).issued()
        assert says(GNUTLS, [leaf, ca], [ca]) == words
        assert says(GNUTLS, [leaf], [ca]) == words
    late = SOUND.put(SERVER, not_after=PAST).issued()[SERVER]
    assert says(GNUTLS, [late], [late]) == EXPIRED


def test_an_issuer_has_to_be_a_ca() -> None:
    """A trusted root may be without basicConstraints, and of version 1 without anything."""
    assert says(GNUTLS, SOUND.put(CA, basic_constraints(False))) == NO_CA
    assert says(GNUTLS, SOUND.without(CA, "basicConstraints")) == NO_CA
    assert says(GNUTLS, SOUND.put(ROOT, basic_constraints(False))) == NO_CA
    assert says(GNUTLS, SOUND.without(ROOT, "basicConstraints")) == "connects"
    assert says(GNUTLS, SOUND.put(ROOT, version=1, extensions=())) == "connects"
    assert says(GNUTLS, SOUND.put(CA, version=1, extensions=())) == NO_CA
    leaf, ca, _ = SOUND.without(CA, "basicConstraints").issued()
    assert says(GNUTLS, [leaf], [ca]) == NO_CA
    assert says(GNUTLS, SOUND.put(CA, key_usage("cRLSign"))) == CONSTRAINTS
    assert says(GNUTLS, SOUND.put(ROOT, key_usage("cRLSign"))) == CONSTRAINTS
    assert says(GNUTLS, SOUND.without(CA, "keyUsage")) == "connects"
    negative = raw("basicConstraints", bytes.fromhex("30060101ff0201ff"), True)
    assert says(GNUTLS, SOUND.put(CA, negative)) == "connects"


def test_a_path_length_counts_all_below() -> None:
    """The root's too; it only ever becomes smaller on the way down."""
    server, ca, root = SOUND.specs
    made = Chain((server, ca, authority("Middle CA", "p256-4"), root))
    for place, most in ((1, 0), (2, 1), (3, 2)):
        assert says(GNUTLS, made.put(place, basic_constraints(True, most))) == "connects"
        if most:
            assert says(GNUTLS, made.put(place, basic_constraints(True, most - 1))) == CONSTRAINTS
    wide = made.put(3, basic_constraints(True, 1)).put(2, basic_constraints(True, 5))
    assert says(GNUTLS, wide) == CONSTRAINTS


def test_signatures() -> None:
    assert says(GNUTLS, SOUND.put(SERVER, damage=flip_signature_bit)) == SIGNATURE
    assert says(GNUTLS, SOUND.put(CA, damage=flip_signature_bit)) == SIGNATURE
    assert says(GNUTLS, SOUND.put(ROOT, damage=flip_signature_bit)) == "connects"


def test_insecure_algorithms() -> None:
    for signature in ("md5_rsa", "sha1_rsa"):
        for place in (SERVER, CA):
            assert says(GNUTLS, RSA.put(place, signature=signature)) == INSECURE
        assert says(GNUTLS, RSA.put(ROOT, signature=signature)) == "connects"
    assert says(GNUTLS, RSA.put(SERVER, signature="sha224_rsa")) == "connects"
    own = RSA.put(ROOT, signature="sha1_rsa").issued()
    assert says(GNUTLS, own, [own[ROOT]]) == "connects"


def test_rsa_keys_of_1024_bits_and_more() -> None:
    for place in (SERVER, CA, ROOT):
        assert INSECURE not in says(GNUTLS, RSA.put(place, public_key=rsa_key(1024)))
        assert INSECURE in says(GNUTLS, RSA.put(place, public_key=rsa_key(1023)))
    leaf, ca, _ = RSA.put(CA, public_key=rsa_key(1023)).issued()
    assert says(GNUTLS, [leaf, ca], [ca]) == INSECURE


def test_extensions_that_are_known_where_they_are_critical() -> None:
    featured = SOUND.put(SERVER, raw("tlsfeature", sequence(integer(17))))
    assert unknown_critical(GNUTLS, CRITICAL, featured) == {
        "policyMappings",
        "policyConstraints",
        "subjectDirectoryAttributes",
        "freshestCRL",
        "cRLNumber",
        "reasonCode",
        "issuingDistributionPoint",
        "subjectInfoAccess",
        "ocspNoCheck",
        "nsCertType",
        *(f"netscape {last}" for last in (2, 3, 4, 7, 8, 12, 13, 14, 15)),
        "unheard of",
    }
    odd = raw("1.2.3.4", b"\x05\x00", True)
    for place in (SERVER, ROOT):
        assert says(GNUTLS, SOUND.put(place, odd)) == CRITICAL


def test_purposes() -> None:
    """Any purpose is enough for the server, and none for a CA; the root's do not matter."""
    for place in (SERVER, CA):
        assert says(GNUTLS, SOUND.put(place, extended_key_usage("clientAuth"))) == PURPOSE
        both = extended_key_usage("clientAuth", "serverAuth")
        assert says(GNUTLS, SOUND.put(place, both)) == "connects"
    anything = extended_key_usage("anyExtendedKeyUsage")
    assert says(GNUTLS, SOUND.put(SERVER, anything)) == "connects"
    assert says(GNUTLS, SOUND.put(CA, anything)) == PURPOSE
    assert says(GNUTLS, SOUND.put(ROOT, extended_key_usage("clientAuth"))) == "connects"
    assert says(GNUTLS, SOUND.put(SERVER, raw("extendedKeyUsage", b"\x30\x00"))) == "connects"
    assert where(GNUTLS, SOUND.put(CA, extended_key_usage("clientAuth"))) == (CA, CA)


def test_stapling_that_is_a_must() -> None:
    """It is told only where nothing else is wrong; what a CA has, those below must have."""
    must = raw("tlsfeature", sequence(integer(5)))
    told = (
        "The certificate requires the server to include an OCSP status in its response, but the "
        "OCSP status is missing."
    )
    assert says(GNUTLS, SOUND.put(SERVER, must)) == told
    assert says(GNUTLS, SOUND.put(SERVER, must), host="x.example") == OWNER
    assert says(GNUTLS, SOUND.put(SERVER, raw("tlsfeature", sequence(integer(17))))) == "connects"
    assert says(GNUTLS, SOUND.put(CA, raw("tlsfeature", sequence(integer(17))))) == CONSTRAINTS
    for place in (SERVER, CA):
        assert (
            says(
                GNUTLS,
                SOUND.put(ROOT, raw("tlsfeature", sequence(integer(17)))).put(
                    place, raw("tlsfeature", sequence(integer(17)))
                ),
            )
            == CONSTRAINTS
        )
    both = SOUND
    for place in (SERVER, CA, ROOT):
        both = both.put(place, raw("tlsfeature", sequence(integer(17))))
    assert says(GNUTLS, both) == "connects"
    assert says(GNUTLS, both.put(SERVER, raw("tlsfeature", sequence(integer(18))))) == CONSTRAINTS


def test_constraints_hold_for_the_server_alone() -> None:
    tight = name_constraints({"dns": ["other.example"]})
    for place in (CA, ROOT):
        assert says(GNUTLS, SOUND.put(place, tight)) == CONSTRAINTS
        good = name_constraints({"dns": ["plant7.example"]})
        assert says(GNUTLS, SOUND.put(place, good)) == "connects"
    damaged = raw("nameConstraints", b"\x04\x00", True)
    assert says(GNUTLS, SOUND.put(CA, damaged)) == CONSTRAINTS


def test_several_faults_of_one_certificate_are_told_in_order() -> None:
    made = RSA.put(CA, basic_constraints(False), raw("1.2.3.4", b"\x05\x00", True))
    made = made.put(SERVER, signature="sha1_rsa", damage=flip_signature_bit)
    told = (NO_CA, SIGNATURE, INSECURE, OWNER, CRITICAL)
    assert says(GNUTLS, made, host="x.example") == " ".join(told)
    late = SOUND.put(SERVER, extended_key_usage("clientAuth"), not_after=PAST)
    assert says(GNUTLS, late, host="x.example") == f"{PURPOSE} {EXPIRED} {OWNER}"
    both = SOUND.put(SERVER, not_before=FUTURE).put(CA, key_usage("cRLSign"), not_after=PAST)
    assert says(GNUTLS, both) == EXPIRED
    lower = SOUND.put(SERVER, not_before=FUTURE).put(CA, key_usage("cRLSign"))
    assert says(GNUTLS, lower) == f"{CONSTRAINTS} {EARLY}"
    assert where(GNUTLS, both) == (CA, CA)


def test_what_is_wrong_above_hides_what_is_wrong_below() -> None:
    made = SOUND.put(CA, not_after=PAST).put(SERVER, damage=flip_signature_bit)
    assert says(GNUTLS, made) == EXPIRED
    assert where(GNUTLS, SOUND.put(ROOT, not_after=PAST)) == (CA, CA)
    sent = SOUND.put(ROOT, not_after=PAST).issued()
    assert where(GNUTLS, sent, trust=[sent[ROOT]]) == (CA, CA)


# --- which chain ---------------------------------------------------------------------------------


def test_of_several_trusted_roots_of_a_name_one_in_time_is_taken() -> None:
    """The first, unless a later one is in time; its last second is over for this."""
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    old = issue(root.spec.with_(not_after=PAST, serial=9))
    assert says(GNUTLS, [leaf, ca], [old, root]) == "connects"
    assert says(GNUTLS, [leaf, ca], [root, old]) == "connects"
    ending = issue(root.spec.with_(not_after=AT, serial=9, key="p256-5"))
    assert says(GNUTLS, [leaf, ca], [root, ending]) == "connects"
    early = issue(root.spec.with_(not_before=AT, serial=9, key="p256-5"))
    assert says(GNUTLS, [leaf, ca], [root, early]) == SIGNATURE
    later = issue(root.spec.with_(not_before=FUTURE, serial=9, key="p256-5"))
    assert says(GNUTLS, [leaf, ca], [root, later]) == "connects"


def test_key_identifiers_tell_an_issuer_where_both_are_there() -> None:
    _, ca, root = SOUND.issued()
    wrong = issue(SOUND.specs[SERVER].with_extension(authority_key_id(b"\x01" * 20)), ca)
    assert says(GNUTLS, [wrong, ca], [root]) == UNKNOWN
    silent = issue(SOUND.specs[CA].without_extension("subjectKeyIdentifier"), root)
    assert says(GNUTLS, [wrong, silent], [root]) == "connects"
    by_serial = issue(SOUND.specs[SERVER].with_extension(authority_key_id(False, ("Other", 5))), ca)
    assert says(GNUTLS, [by_serial, ca], [root]) == "connects"
    named = issue(SOUND.specs[CA].with_extension(subject_key_id(b"\x01" * 20)), root)
    assert says(GNUTLS, [wrong, named], [root]) == "connects"


def test_where_a_first_try_fails_the_trusted_name_of_the_last_is_tried() -> None:
    """A CA that is sent is replaced by a trusted one of its own name, of whatever issuer."""
    leaf, ca, root = Chain(tuple(bare(spec) for spec in SOUND.specs)).issued()
    renewed = issue(
        ca.spec.with_(serial=9, not_after=END), issue(bare(authority("Other", "p256-6")))
    )
    old = issue(ca.spec.with_(not_after=PAST, serial=10), root)
    assert says(GNUTLS, [leaf, old], [root, renewed]) == "connects"
    assert says(GNUTLS, [leaf, old], [renewed]) == "connects"
    assert says(GNUTLS, [leaf, old], [root]) == EXPIRED
    late = issue(
        ca.spec.with_(serial=11, not_after=PAST), issue(bare(authority("Other", "p256-6")))
    )
    assert says(GNUTLS, [leaf, old], [root, late]) == EXPIRED


def test_a_self_signed_server_that_is_trusted_itself() -> None:
    alone = issue(SOUND.specs[SERVER])
    assert says(GNUTLS, [alone], [alone]) == "connects"


def test_the_way_goes_on_behind_a_self_signed_certificate_that_another_one_issued() -> None:
    """A root that was crossed stands behind itself."""
    other = issue(bare(authority("Other", "p256-6")))
    root = issue(bare(SOUND.specs[CA]))
    crossed = issue(bare(SOUND.specs[CA]).with_(serial=9), other)
    leaf = issue(bare(SOUND.specs[SERVER]), root)
    assert says(GNUTLS, [leaf, root, crossed], [other]) == "connects"
