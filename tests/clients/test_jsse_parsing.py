"""Java: what it refuses to parse, among what is sent and among what is trusted."""

from __future__ import annotations

import pytest

from fixtures.pki import (
    Extension,
    basic_constraints,
    issue,
    subject_alt_name,
)
from tests.clients.asked import (
    CA,
    ROOT,
    RSA,
    SOUND,
    raw,
    says,
    where,
)

JAVA = "java17-jsse"
HANDSHAKE = "javax.net.ssl.SSLHandshakeException: "
VALIDATION = HANDSHAKE + "PKIX path validation failed: "
FAILED = VALIDATION + "java.security.cert.CertPathValidatorException: "
PARSE = HANDSHAKE + "Failed to parse server certificates"
TRUST = "java.security.cert.CertificateParsingException: "


def of_root(**changes: object) -> str:
    """What is said of a trusted root with other fields, without what stands before all of them."""
    told = says(JAVA, SOUND.put(ROOT, **changes))
    return told.removeprefix(TRUST)


def test_a_sound_chain_connects() -> None:
    assert (says(JAVA, SOUND), says(JAVA, RSA)) == ("connects", "connects")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 4}, "java.io.IOException: X.509 Certificate version 3 not supported."),
        ({"serial": b""}, "java.io.IOException: Invalid encoding: zero length Int value"),
        ({"serial": 0}, "connects"),
        ({"issuer": b"\x30\x00"}, "Empty issuer DN not allowed in X509Certificates"),
        ({"version": 1}, "no more data allowed for version 1 certificate"),
        ({"version": 2}, "Extensions not allowed in v2 certificate"),
        ({"version": 2, "extensions": ()}, None),
        (
            {"version": 1, "extensions": (), "subject": b"\x30\x00", "issuer": "x"},
            "Empty subject DN not allowed in v1 certificate",
        ),
    ],
)
def test_each_thing_that_cannot_be_parsed(changes: dict[str, object], words: str | None) -> None:
    """In what is trusted it is told; in what the server sends it is one sentence."""
    if words is not None:
        assert of_root(**changes) == words
    told = says(JAVA, SOUND.put(CA, **changes))
    assert (told == PARSE) == (words not in (None, "connects"))


def test_a_double_extension_is_told() -> None:
    double = (*SOUND.specs[ROOT].extensions, SOUND.specs[ROOT].extensions[0])
    words = "java.io.IOException: Duplicate extensions not allowed"
    assert of_root(extensions=double) == words


def test_what_follows_a_certificate_that_is_sent_does_not_matter() -> None:
    """Be it trusted or not."""
    leaf, ca, root = SOUND.issued()
    assert where(JAVA, [leaf], trust=[issue(SOUND.specs[ROOT].with_(version=4))]) == (-1, 0)
    for trust, trailing in (([root], 2), ([root], 1), ([root], 0), ([leaf, root], 0)):
        assert says(JAVA, [leaf, ca, root], trust, trailing=[trailing]) == "connects"


@pytest.mark.parametrize(
    "name", ["basicConstraints", "keyUsage", "extendedKeyUsage", "nameConstraints"]
)
def test_a_critical_extension_that_is_damaged_is_not_parsed(name: str) -> None:
    assert says(JAVA, SOUND.put(CA, raw(name, b"\x04\x01", True))) == PARSE
    told = "EOFException: not enough content" if name == "extendedKeyUsage" else "IOException"
    assert of_root(extensions=(raw(name, b"\x04\x01", True),)) == f"java.io.{told}"


def test_what_is_wrong_with_critical_names_is_told() -> None:
    told = "java.io.IOException: No data available in passed DER encoded value."
    assert of_root(extensions=(subject_alt_name(critical=True),)) == told


@pytest.mark.parametrize("name", ["subjectKeyIdentifier", "authorityKeyIdentifier"])
def test_key_identifiers_too(name: str) -> None:
    assert says(JAVA, SOUND.put(CA, raw(name, b"\x30\x05\x00", True))) == PARSE


def test_a_negative_path_length_is_that_of_no_ca() -> None:
    made = SOUND.put(CA, raw("basicConstraints", bytes.fromhex("30060101ff0201ff"), True))
    told = FAILED + "basic constraints check failed: this is not a CA certificate"
    assert says(JAVA, made) == told


NAMELESS = "X.509 Certificate is incomplete: subject field is empty, and "


@pytest.mark.parametrize(
    ("extensions", "words"),
    [
        ((), "certificate has no extensions"),
        ((basic_constraints(True),), "SubjectAlternativeName extension is absent"),
        ((raw("subjectAltName", b"\x04\x00"),), "SubjectAlternativeName extension is absent"),
        (
            (subject_alt_name(dns=["x"]),),
            "SubjectAlternativeName extension MUST be marked critical when subject field is empty",
        ),
        ((basic_constraints(True), subject_alt_name(dns=["x"], critical=True)), None),
    ],
)
def test_without_a_subject_another_name_has_to_be_there(
    extensions: tuple[Extension, ...], words: str | None
) -> None:
    told = of_root(subject=b"\x30\x00", issuer="Test Root", extensions=extensions)
    if words is None:
        assert told == PARSE  # of the CA below, whose issuer has no name
    elif "MUST" in words:
        assert told == f"X.509 Certificate is incomplete: {words}"
    else:
        assert told == NAMELESS + words
