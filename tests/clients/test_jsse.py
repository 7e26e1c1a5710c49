"""Java: the sentence that it throws at each thing that is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fixtures.der import sequence, tlv
from fixtures.pki import (
    Extension,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    netscape_cert_type,
    subject_alt_name,
)
from tests.clients.asked import (
    CA,
    ELSEWHERE,
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
    where,
)
from tests.hierarchy.chains import AT, Chain, authority

JAVA = "java17-jsse"
HANDSHAKE = "javax.net.ssl.SSLHandshakeException: "
VALIDATION = HANDSHAKE + "PKIX path validation failed: "
FAILED = VALIDATION + "java.security.cert.CertPathValidatorException: "
PAST, FUTURE = AT - timedelta(seconds=1), AT + timedelta(seconds=1)


# --- before the chain ----------------------------------------------------------------------------


def test_three_curves_are_offered_in_the_handshake() -> None:
    for curve in (ec.SECP384R1(), ec.SECP521R1()):
        assert says(JAVA, SOUND.put(SERVER, public_key=public_key(curve))) == "connects"
    for curve in (ec.SECP224R1(), ec.SECP256K1()):
        made = SOUND.put(SERVER, public_key=public_key(curve))
        assert says(JAVA, made) == HANDSHAKE + "Received fatal alert: handshake_failure"


def test_a_key_that_cannot_be_read_leaves_it_open() -> None:
    odd = SOUND.put(SERVER, damage_tbs=of_unknown_kind)
    assert says(JAVA, odd).startswith("unknown: ")


def test_ten_certificates_may_be_sent() -> None:
    told = (
        "javax.net.ssl.SSLProtocolException: The certificate chain length (11) exceeds the maximum "
        "allowed length (10)"
    )
    assert says(JAVA, long(9)) == "connects"
    assert says(JAVA, long(10)) == told
    assert where(JAVA, long(10)) == (10, 10)
    assert says(JAVA, long(10).put(3, version=4)) == told


def test_extensions_that_are_known_where_they_are_critical() -> None:
    """Those that one of its checkers takes care of."""
    told = FAILED + "unrecognized critical extension(s)"
    assert unknown_critical(JAVA, told) == {
        "subjectKeyIdentifier",
        "authorityKeyIdentifier",
        "issuerAltName",
        "subjectDirectoryAttributes",
        "cRLDistributionPoints",
        "freshestCRL",
        "cRLNumber",
        "reasonCode",
        "issuingDistributionPoint",
        "authorityInfoAccess",
        "subjectInfoAccess",
        "proxyCertInfo",
        "tlsFeature",
        "ocspNoCheck",
        "nsCertType",
        *(f"netscape {last}" for last in (2, 3, 4, 7, 8, 12, 13, 14, 15)),
        "unheard of",
    }


# --- each certificate ----------------------------------------------------------------------------


@pytest.mark.parametrize("place", [SERVER, CA])
def test_times_count_to_the_second_but_not_those_of_the_root(place: int) -> None:
    told = FAILED + "validity check failed"
    assert says(JAVA, SOUND.put(place, not_after=PAST)) == told
    assert says(JAVA, SOUND.put(place, not_before=FUTURE)) == told
    assert says(JAVA, SOUND.put(place, not_after=AT, not_before=AT)) == "connects"
    assert says(JAVA, SOUND.put(ROOT, not_after=PAST)) == "connects"


def test_what_a_ca_has_to_be() -> None:
    no_ca = FAILED + "basic constraints check failed: this is not a CA certificate"
    assert says(JAVA, SOUND.put(CA, basic_constraints(False))) == no_ca
    assert says(JAVA, SOUND.without(CA, "basicConstraints")) == no_ca
    assert says(JAVA, SOUND.put(CA, version=1, extensions=())) == no_ca
    told = FAILED + "CA key usage check failed: keyCertSign bit is not set"
    assert says(JAVA, SOUND.put(CA, key_usage("cRLSign"))) == told
    assert says(JAVA, SOUND.without(CA, "keyUsage")) == "connects"
    odd = FAILED + "incorrect KeyUsage extension bits"
    for place in (SERVER, CA):
        for usages in (("encipherOnly",), ("decipherOnly",), ("encipherOnly", "decipherOnly")):
            assert says(JAVA, SOUND.put(place, key_usage(*usages))) == odd
    assert says(JAVA, SOUND.put(CA, key_usage("encipherOnly", "keyCertSign"))) == "connects"


def test_a_self_issued_certificate_of_an_old_version_may_stand_at_the_top() -> None:
    """It rolls a key over; anywhere else it is no CA."""
    rolled = authority("Test Root", "p256-4", version=1, extensions=())
    server, ca, root = SOUND.specs
    assert says(JAVA, Chain((server, ca, rolled, root))) == "connects"
    own = ca.with_(version=1, extensions=(), subject="Test CA", key="p256-5", serial=5)
    told = FAILED + "basic constraints check failed: this is not a CA certificate"
    assert says(JAVA, Chain((server, own, ca, root))) == told


def test_path_lengths() -> None:
    """They count what is not self-issued below; the root's own does not matter."""
    server, ca, root = SOUND.specs
    middle = authority("Middle CA", "p256-4")
    made = Chain((server, ca, middle, root))
    told = (
        FAILED + "basic constraints check failed: pathLenConstraint violated - this cert must be "
        "the last cert in the certification path"
    )
    assert says(JAVA, made.put(2, basic_constraints(True, 0))) == told
    assert says(JAVA, made.put(2, basic_constraints(True, 1))) == "connects"
    assert says(JAVA, made.put(1, basic_constraints(True, 0))) == "connects"
    assert says(JAVA, made.put(3, basic_constraints(True, 0))) == "connects"
    own = Chain((server, middle.with_(key="p256-5", serial=9), middle, root))
    assert says(JAVA, own.put(2, basic_constraints(True, 0))) == "connects"
    three = Chain((server, ca, authority("X", "p256-6"), middle, root))
    assert says(JAVA, three.put(3, basic_constraints(True, 1))) == told
    assert says(JAVA, three.put(3, basic_constraints(True, 1)).put(2, basic_constraints(True))) == (
        told
    )


def test_names_that_are_constrained() -> None:
    told = FAILED + "name constraints check failed"
    tight = name_constraints({"dns": ["other.example"]})
    assert says(JAVA, SOUND.put(CA, tight)) == told
    assert says(JAVA, SOUND.put(ROOT, tight)) == "connects"
    assert says(JAVA, SOUND.put(CA, name_constraints({"dns": ["plant7.example"]}))) == "connects"
    middle = authority("Middle CA", "p256-4", tight)
    server, ca, root = SOUND.specs
    constrained = Chain((server.without_extension("subjectAltName"), ca, middle, root))
    assert says(JAVA, constrained) == told
    held = Chain((server, ca.with_extension(ELSEWHERE), middle, root))
    assert says(JAVA, held) == told
    empty = SOUND.put(CA, name_constraints({"dns": [""]}))
    index = "javax.net.ssl.SSLException: String index out of range: 0"
    assert says(JAVA, empty) == index


def test_constraints_do_not_hold_for_a_self_issued_ca() -> None:
    server, ca, root = SOUND.specs
    tight = name_constraints({"dns": ["plant7.example"]})
    own = ca.with_(key="p256-5", serial=9).with_extension(subject_alt_name(dns=["x.example"]))
    assert says(JAVA, Chain((server, own, ca.with_extension(tight), root))) == "connects"
    other = own.with_(subject="Other CA")
    told = FAILED + "name constraints check failed"
    assert says(JAVA, Chain((server, other, ca.with_extension(tight), root))) == told


# --- keys and signatures -------------------------------------------------------------------------


def test_weak_algorithms_and_keys() -> None:
    told = FAILED + "Algorithm constraints check failed on "
    md5 = RSA.put(SERVER, signature="md5_rsa")
    assert says(JAVA, md5) == told + "signature algorithm: MD5withRSA"
    assert says(JAVA, RSA.put(SERVER, signature="sha1_rsa")) == "connects"
    assert says(JAVA, RSA.put(SERVER, key="rsa1024-1")) == "connects"
    of_ca = " used with certificate: CN=Test CA"
    small = SOUND.put(CA, public_key=rsa_key(1023))
    assert says(JAVA, small) == f"{told}keysize limits: RSA 1023 bit key{of_ca}"
    assert "keysize" not in says(JAVA, SOUND.put(CA, public_key=rsa_key(1024)))
    short = SOUND.put(CA, public_key=public_key(ec.SECP192R1()))
    assert says(JAVA, short) == f"{told}keysize limits: EC 192 bit key{of_ca}"
    enough = SOUND.put(CA, public_key=public_key(ec.SECP224R1()))
    assert says(JAVA, enough) == FAILED + "signature check failed"


def test_a_signature_has_to_fit() -> None:
    told = FAILED + "signature check failed"
    for place in (SERVER, CA):
        assert says(JAVA, SOUND.put(place, damage=flip_signature_bit)) == told
    assert says(JAVA, SOUND.put(ROOT, damage=flip_signature_bit)) == "connects"
    assert says(JAVA, SOUND.put(CA, key="p384-1")) == "connects"
    assert says(JAVA, SOUND.put(CA, key="p521-1")) == "connects"
    assert says(JAVA, SOUND.put(CA, key="secp256k1-1")) == told


def test_the_order_of_checks_within_a_certificate() -> None:
    """Keys, uses, constraints, times, signature, critical extensions; from the top down."""
    faults: list[tuple[str, dict[str, object], tuple[Extension, ...]]] = [
        ("keysize limits", {"public_key": public_key(ec.SECP192R1())}, ()),
        ("CA key usage check failed", {}, (key_usage("cRLSign"),)),
        ("this is not a CA", {}, (basic_constraints(False),)),
        ("validity check failed", {"not_after": PAST}, ()),
        ("signature check failed", {"damage": flip_signature_bit}, ()),
        ("unrecognized critical", {}, (raw("1.2.3.4", b"\x05\x00", True),)),
    ]
    for at in range(len(faults)):
        made = SOUND.put(SERVER, not_after=PAST)
        for _, changes, extensions in faults[at:]:
            made = made.put(CA, *extensions, **changes)
        assert faults[at][0] in says(JAVA, made)
        assert where(JAVA, made) == (CA, CA)


def test_policies_that_are_wanted_and_missing() -> None:
    wanted = raw("policyConstraints", sequence(tlv(0x80, b"\0")), True)
    told = FAILED + "non-null policy tree required and policy tree is null"
    assert says(JAVA, SOUND.put(CA, wanted)) == told
    assert says(JAVA, SOUND.put(ROOT, wanted)) == "connects"


# --- the anchor ----------------------------------------------------------------------------------


def test_what_an_anchor_has_to_be() -> None:
    told = (
        VALIDATION + "sun.security.validator.ValidatorException: TrustAnchor with subject "
        '"CN=Test Root" '
    )
    assert says(JAVA, SOUND.put(ROOT, basic_constraints(False))) == told + "is not a CA certificate"
    unsigned = SOUND.put(ROOT, key_usage("cRLSign"))
    words = "does not have keyCertSign bit set in KeyUsage extension"
    assert says(JAVA, unsigned) == told + words
    assert says(JAVA, SOUND.put(ROOT, version=1, extensions=())) == "connects"
    named = SOUND.put(ROOT, basic_constraints(False), subject=[("O", "Plant"), ("CN", "Root")])
    assert '"CN=Root, O=Plant"' in says(JAVA, named)


def test_a_trusted_server_certificate_is_only_asked_for_its_name() -> None:
    alone = issue(SOUND.put(SERVER, extended_key_usage("clientAuth"), not_after=PAST).specs[SERVER])
    assert says(JAVA, [alone], [alone]) == "connects"
    told = f"{HANDSHAKE}No subject alternative DNS name matching other.example found."
    assert says(JAVA, [alone], [alone], host="other.example") == told


# --- the server's certificate --------------------------------------------------------------------


def test_usages_of_the_server() -> None:
    told = HANDSHAKE + "KeyUsage does not allow digital signatures"
    assert says(JAVA, SOUND.put(SERVER, key_usage("keyAgreement"))) == told
    purpose = HANDSHAKE + "Extended key usage does not permit use for TLS server authentication"
    assert says(JAVA, SOUND.put(SERVER, extended_key_usage("clientAuth"))) == purpose
    assert says(JAVA, SOUND.put(SERVER, raw("extendedKeyUsage", b"\x30\x00"))) == purpose
    for good in (
        "serverAuth",
        "anyExtendedKeyUsage",
        "1.3.6.1.4.1.311.10.3.3",
        "2.16.840.1.113730.4.1",
    ):
        assert says(JAVA, SOUND.put(SERVER, extended_key_usage("clientAuth", good))) == "connects"
    netscape = HANDSHAKE + "Netscape cert type does not permit use for SSL server"
    assert says(JAVA, SOUND.put(SERVER, netscape_cert_type("client"))) == netscape
    assert says(JAVA, SOUND.put(SERVER, netscape_cert_type("server", "client"))) == "connects"
    assert says(JAVA, SOUND.put(CA, extended_key_usage("clientAuth"))) == "connects"


def test_the_order_of_what_is_asked_of_the_server() -> None:
    """The chain, then the uses, then the name, then the proof of the key."""
    other = issue(SOUND.specs[ROOT])
    made = SOUND.put(SERVER, key_usage("keyAgreement"), extended_key_usage("clientAuth"))
    assert "KeyUsage does not" in says(JAVA, made, host="x.example", key_of=other)
    usage = SOUND.put(SERVER, extended_key_usage("clientAuth"), netscape_cert_type("client"))
    assert "Extended key" in says(JAVA, usage, host="x.example", key_of=other)
    assert "DNS name" in says(JAVA, SOUND, host="x.example", key_of=other)
    told = HANDSHAKE + "Invalid CertificateVerify signature"
    assert says(JAVA, SOUND, key_of=other) == told
    assert "validity" in says(JAVA, usage.put(CA, not_after=PAST))
