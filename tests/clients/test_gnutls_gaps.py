"""GnuTLS: gaps in a chain, what comes twice, kinds of keys, forms of constraints, strings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fixtures.der import oid, sequence, tlv
from fixtures.pki import issue
from tests.behaviour.pool import bare
from tests.clients.asked import CA, SERVER, SOUND, raw, says
from tests.hierarchy.chains import AT, HOST, Chain, authority

GNUTLS = "gnutls3.7.9-cli"
PAST = AT - timedelta(seconds=1)
UNKNOWN = "The certificate issuer is unknown."
SIGNATURE = "The signature in the certificate is invalid."
CONSTRAINTS = "The certificate chain violates the signer's constraints."
OWNER = "The name in the certificate does not match the expected."
EXPIRED = "The certificate chain uses expired certificate."


def test_behind_a_gap_it_goes_on() -> None:
    """So that a fault further up is told, not that an issuer is missing."""
    server, ca, root = SOUND.specs
    middle = authority("Middle CA", "p256-4")
    leaf, _, upper, anchor = Chain((server, ca, middle, root)).issued()
    late = issue(middle.with_(not_after=PAST), anchor)
    assert says(GNUTLS, [leaf], [anchor]) == UNKNOWN
    assert says(GNUTLS, [leaf, late], [anchor]) == EXPIRED
    assert says(GNUTLS, [leaf, upper], [anchor]) != "connects"


def test_a_segment_may_begin_with_what_was_there_before_up_to_3_7() -> None:
    """Since 3.8 it is taken out, and with it the last certificate is lost."""
    server, ca, root = SOUND.specs
    middle = authority("Middle CA", "p256-4")
    leaf, lower, upper, anchor = Chain((server, ca, middle, root)).issued()
    assert says(GNUTLS, [leaf, leaf, lower, upper], [anchor]) == "connects"
    assert says("gnutls3.8.9-cli", [leaf, lower, lower, upper], [anchor]) == "connects"


def test_a_signature_has_to_be_of_the_kind_of_its_issuers_key() -> None:
    """fixup_spki_params; else the signature itself is told to be wrong."""
    server, ca, top = (bare(spec) for spec in SOUND.specs)
    leaf, _, root = Chain((server, ca, top)).issued()
    other = issue(ca.with_(key="rsa2048-1"), root)
    assert says(GNUTLS, [leaf, other], [root]) == CONSTRAINTS
    own = issue(ca.with_(key="p256-8"), root)
    assert says(GNUTLS, [leaf, own], [root]) == SIGNATURE


@pytest.mark.parametrize(
    ("base", "words"),
    [
        (tlv(0x88, b"\x2a\x03"), CONSTRAINTS),
        (tlv(0xA0, b""), CONSTRAINTS),
        (tlv(0x87, bytes(8)), "connects"),
        (tlv(0x87, bytes(4) + b"\xff\xff\xfe\0"), "connects"),
        (tlv(0x87, bytes(4) + b"\xff\0\xff\0"), CONSTRAINTS),
        (tlv(0x87, bytes(5)), CONSTRAINTS),
        (tlv(0x87, bytes(32)), "connects"),
    ],
)
def test_constraints_of_a_form_that_it_does_not_know(base: bytes, words: str) -> None:
    """Excluded, they would not concern the server; but none of them can be imported."""
    value = sequence(tlv(0xA1, sequence(base)))
    assert says(GNUTLS, SOUND.put(CA, raw("nameConstraints", value, True))) == words


@pytest.mark.parametrize(
    ("tag", "read"),
    [
        (0x0C, True),
        (0x13, True),
        (0x14, True),
        (0x1E, True),
        (0x03, False),
        (0x12, False),
        (0x16, False),
        (0x1A, False),
        (0x1C, False),
    ],
)
def test_types_of_strings_in_the_common_name(tag: int, read: bool) -> None:
    """As certtool 3.7.9 takes them; of the last one it shows the octets in hex."""
    wide = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}.get(tag, "ascii")
    value = tlv(tag, HOST.encode(wide))
    subject = sequence(tlv(0x31, sequence(oid("2.5.4.3"), value)))
    made = SOUND.without(SERVER, "subjectAltName").put(SERVER, subject=subject)
    assert says(GNUTLS, made) == ("connects" if read else OWNER)
