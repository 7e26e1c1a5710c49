"""How OpenSSL decodes nameConstraints: in BER too, and what it cannot decode is invalid."""

from __future__ import annotations

import pytest

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl.extensions import constraints, undecodable
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, Certificate
from fixtures.der import name_der, tlv
from fixtures.pki import issue, raw_extension
from tests.clients.asked import read
from tests.hierarchy.chains import authority

NAME = name_der([("O", "Contoso"), ("CN", "x")])
DOMAIN = tlv(0x30, tlv(0x82, b"a.b"))


def holder(value: bytes) -> Certificate:
    extension = raw_extension("nameConstraints", value)
    return read([issue(authority("Above", "p256-2", extension))])[0]


@pytest.mark.parametrize(
    ("value", "permitted", "excluded"),
    [
        (tlv(0x30, b""), [], []),
        (tlv(0x30, tlv(0xA0, DOMAIN)), [(raw.DNS, b"a.b")], []),
        (tlv(0x30, tlv(0xA1, DOMAIN)), [], [(raw.DNS, b"a.b")]),
        (b"\x30\x80\x00\x00", [], []),
        (b"\x30\x80\xa0\x80" + DOMAIN + bytes(4), [(raw.DNS, b"a.b")], []),
        (tlv(0x30, b"\xa1\x81\x07" + DOMAIN), [], [(raw.DNS, b"a.b")]),
        (
            tlv(0x30, tlv(0xA0, tlv(0x30, tlv(0xA4, b"\x30\x81" + NAME[1:])))),
            [(raw.DIRECTORY, NAME)],
            [],
        ),
    ],
)
def test_lengths_of_ber_are_read(
    value: bytes, permitted: list[raw.GeneralName], excluded: list[raw.GeneralName]
) -> None:
    """`openssl verify` of 3.0 takes a server certificate with 30800000; names come out in DER."""
    assert undecodable(EXT_NAME_CONSTRAINTS, value) is None
    assert constraints(holder(value)) == (tuple(permitted), tuple(excluded))


@pytest.mark.parametrize(
    "value",
    [b"", b"\x04\x00", tlv(0x30, tlv(0xA2, DOMAIN)), tlv(0x30, tlv(0xA0, tlv(0x30, b"")))],
)
def test_what_is_no_constraint_makes_the_certificate_invalid(value: bytes) -> None:
    assert undecodable(EXT_NAME_CONSTRAINTS, value) is not None
    assert constraints(holder(value)) is None
