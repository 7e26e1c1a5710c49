"""Go 1.24: what it has from older versions, and what 1.27 has from it."""

from __future__ import annotations

import pytest
from asn1crypto import core

from fixtures.pki import Extension, name_constraints, raw_extension, subject_alt_name
from tests.clients.asked import CA, ROOT, SERVER, SOUND, raw, rsa_key, says
from tests.hierarchy.chains import Chain

OLD, HERE, NEW = "go1.19.8", "go1.24.4", "go1.27.3"
PARSED = "tls: failed to parse certificate from server: x509: "


def all_three(made: Chain) -> tuple[str, str, str]:
    """What 1.19, 1.24 and 1.27 say."""
    return says(OLD, made), says(HERE, made), says(NEW, made)


def test_a_type_of_strings_that_it_does_not_know_fails_the_parser() -> None:
    """1.27 keeps any value (readASN1Any); of a BMPString all make a string."""
    wide = SOUND.put(SERVER, subject=[("CN", core.UniversalString("gateway"))])
    told = f"{PARSED}invalid RDNSequence: invalid attribute value: unsupported string type: 28"
    assert all_three(wide) == (told, told, "connects")
    known = SOUND.put(SERVER, subject=[("CN", core.BMPString("gateway"))])
    assert all_three(known) == ("connects", "connects", "connects")


def test_a_negative_path_length_is_taken() -> None:
    """1.27 reads an unsigned number."""
    made = SOUND.put(SERVER, raw("basicConstraints", bytes.fromhex("30060101ff0201ff"), True))
    assert says(HERE, made) == says(OLD, made)
    assert says(NEW, made) == f"{PARSED}invalid basic constraints"


@pytest.mark.parametrize(
    "extension",
    [
        raw_extension("2.5.29.36", b"\x05\x00"),
        raw_extension("2.5.29.35", b"\x30\x00", critical=True),
    ],
)
def test_policies_are_parsed_since_1_24_at_the_latest(extension: Extension) -> None:
    """And an authority key identifier must not be critical, as in 1.27."""
    made = SOUND.put(CA, extension)
    assert says(HERE, made) == says(NEW, made)
    assert says(HERE, made).startswith(PARSED)


def test_constraints_hold_for_all_below_while_the_chain_grows() -> None:
    """What does not hold ends that way up, as in 1.19; the words are of the leaf's name."""
    tight = name_constraints({"dns": ["elsewhere.example"]})
    told = says(HERE, SOUND.put(CA, tight))
    assert "is not permitted by any constraint" in told
    assert told.startswith("tls: failed to verify certificate: ")
    loose = name_constraints({"dns": [""]})
    assert says(HERE, SOUND.put(CA, loose)) == "connects"


def test_rsa_keys_have_1024_bits() -> None:
    """Of what verifies a signature; 1.19 takes any."""
    see = "https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size"
    short, enough = (SOUND.put(ROOT, public_key=rsa_key(bits)) for bits in (1023, 1024))
    for client in (HERE, NEW):
        assert "crypto/rsa" not in says(client, SOUND)
        assert f"1023-bit keys are insecure (see {see})" not in says(client, enough)
    assert "insecure" not in says(OLD, short)


def test_a_name_that_is_no_element_is_told_in_the_singular() -> None:
    """And a whole that is none in the plural."""
    broken = SOUND.put(SERVER, subject_alt_name(raw=[b"\x82\x05ab"]))
    whole = SOUND.put(SERVER, raw("subjectAltName", b"\x05\x00"))
    for client in (OLD, HERE, NEW):
        assert says(client, broken) == f"{PARSED}invalid subject alternative name"
        assert says(client, whole) == f"{PARSED}invalid subject alternative names"
