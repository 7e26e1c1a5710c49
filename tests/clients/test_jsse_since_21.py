"""Java 21 and 25: where they decide otherwise than Java 17, and how their texts begin."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.der import oid, sequence, tlv
from fixtures.pki import extended_key_usage, flip_signature_bit, key_usage, subject_alt_name
from tests.clients.asked import CA, ROOT, RSA, SERVER, SOUND, raw, rsa_key, says
from tests.hierarchy.chains import AT, HOST, Chain

OLD, NEW, NEWEST = "java17-jsse", "java21-jsse", "java25-jsse"
HANDSHAKE = "javax.net.ssl.SSLHandshakeException: "
FAILED = "PKIX path validation failed: java.security.cert.CertPathValidatorException: "
PAST, FUTURE = AT - timedelta(seconds=1), AT + timedelta(seconds=1)


def new(made: Chain, **more: object) -> str:
    """What both say, without the exception's name."""
    told = says(NEW, made, **more)
    assert says(NEWEST, made, **more) == told
    return told.removeprefix(HANDSHAKE)


def both(made: Chain) -> tuple[str, str]:
    """What 17 says, and what they say."""
    return says(OLD, made).removeprefix(HANDSHAKE), new(made)


@pytest.mark.parametrize(
    ("made", "alert", "words"),
    [
        (SOUND.put(CA, not_after=PAST), "certificate_expired", FAILED + "validity check failed"),
        (SOUND.put(CA, not_before=FUTURE), "bad_certificate", FAILED + "validity check failed"),
        (
            SOUND.put(SERVER, damage=flip_signature_bit),
            "bad_certificate",
            FAILED + "signature check failed",
        ),
        (
            SOUND.put(CA, public_key=rsa_key(2048)),
            "certificate_unknown",  # what is signed by an EC key cannot be tried with it
            FAILED + "signature check failed",
        ),
        (
            SOUND.put(SERVER, key_usage("keyEncipherment")),
            "certificate_unknown",
            "KeyUsage does not allow digital signatures",
        ),
        (
            SOUND.put(SERVER, extended_key_usage("clientAuth")),
            "certificate_unknown",
            "Extended key usage does not permit use for TLS server authentication",
        ),
        (
            SOUND.put(SERVER, version=4),
            "bad_certificate",
            "Failed to parse server certificates",
        ),
        (
            SOUND.put(SERVER, subject_alt_name(dns=["other.example"])),
            "certificate_unknown",
            f"No subject alternative DNS name matching {HOST} found.",
        ),
    ],
)
def test_the_alert_stands_before_the_reason(made: Chain, alert: str, words: str) -> None:
    """Which one follows from the reason; 17 does not tell it."""
    assert both(made) == (words, f"({alert}) {words}")


def test_what_is_trusted_and_cannot_be_loaded_is_told_without_an_alert() -> None:
    """It is no handshake that fails."""
    told = "java.security.cert.CertificateParsingException: "
    assert new(SOUND.put(ROOT, version=4)).startswith(told)


def test_names_that_cannot_be_decoded_refuse_a_server() -> None:
    """To 17 they are as good as none, and the common name stands for them."""
    empty = SOUND.put(SERVER, raw("subjectAltName", b"\x30\x00"))
    told = "(certificate_unknown) No data available in passed DER encoded value."
    assert new(empty) == told
    assert says(OLD, empty.put(SERVER, subject=HOST)) == "connects"
    assert new(empty.put(SERVER, subject=HOST)) == told
    relative = SOUND.put(SERVER, subject_alt_name(dns=[HOST], uri=["plant"]), subject=HOST)
    assert both(relative) == (
        "connects",
        "(certificate_unknown) URI name must include scheme:plant",
    )
    absolute = SOUND.put(SERVER, subject_alt_name(dns=[HOST], uri=["urn:plant"]))
    assert both(absolute) == ("connects", "connects")


def test_names_of_authorities_are_not_asked_for() -> None:
    assert new(SOUND.put(CA, raw("subjectAltName", b"\x30\x00"))) == "connects"
    assert new(SOUND.put(CA, raw("extendedKeyUsage", b"\x05\x00"))) == "connects"


def test_purposes_that_cannot_be_decoded_refuse_a_server() -> None:
    """To 17 they are as good as none."""
    for value, words in (
        (b"\x05\x00", "Invalid encoding for ExtendedKeyUsageExtension."),
        (sequence(tlv(0x02, b"\5")), "DerValue.getOID, not an OID 2"),
        (sequence(tlv(0x06)), "ObjectIdentifier() -- Invalid DER encoding, not ended"),
    ):
        made = SOUND.put(SERVER, raw("extendedKeyUsage", value))
        assert both(made) == ("connects", f"(certificate_unknown) {words}")
    fine = SOUND.put(SERVER, raw("extendedKeyUsage", sequence(oid("1.3.6.1.5.5.7.3.1"))))
    assert both(fine) == ("connects", "connects")


def test_a_star_stands_in_the_first_label_alone() -> None:
    """To 17 it stands in any."""
    first, *rest = HOST.split(".")
    assert rest
    inner = f"{first}.*.example"
    seen = SOUND.put(SERVER, subject_alt_name(dns=[inner]))
    asked = {"host": f"{first}.plant.example"}
    assert says(OLD, seen, **asked) == "connects"
    assert new(seen, **asked).startswith("(certificate_unknown) No subject alternative DNS name")
    outer = SOUND.put(SERVER, subject_alt_name(dns=["*.plant.example"]))
    assert new(outer, **asked) == "connects"


def test_sha_224_signs_nothing_that_is_sent() -> None:
    """TLS 1.3 has no such signature; to 17 what the client offers for TLS 1.2 counts, too."""
    told = "(unsupported_certificate) " + FAILED + "Algorithm constraints check failed on "
    ca, server = (RSA.put(place, signature="sha224_rsa") for place in (CA, SERVER))
    assert both(ca) == ("connects", told + "signature algorithm: SHA224withRSA")
    words = "SHA224withRSAsignature and RSA key with size of 2048bits"
    assert both(server) == ("connects", told + words)
    assert new(RSA.put(SERVER, signature="sha1_rsa")) == "connects"


def test_md5_and_short_keys_are_told_with_the_certificate() -> None:
    """Of a key that is trusted there is none to tell."""
    told = "(unsupported_certificate) " + FAILED + "Algorithm constraints check failed on "
    md5 = RSA.put(SERVER, signature="md5_rsa")
    assert new(md5).startswith(told + "disabled algorithm: MD5 used with certificate: ")
    short = SOUND.put(CA, public_key=rsa_key(1023))
    assert new(short).startswith(told + "keysize limits: RSA 1023 bit key used with certificate: ")
    anchor = SOUND.put(ROOT, public_key=rsa_key(1023))
    assert new(anchor) == told + "keysize limits: RSA 1023 bit key."
    assert says(OLD, anchor).endswith("check failed on signature algorithm: SHA256withECDSA")
