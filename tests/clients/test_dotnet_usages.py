""".NET reads extKeyUsage by itself, by DER, of every certificate of the chain."""

from __future__ import annotations

import pytest

from fixtures.der import oid, sequence, tlv
from fixtures.pki import raw_extension
from tests.clients.asked import SERVER, SOUND, raw, says

CLIENTS = ("dotnet8.0.4-SslStream", "dotnet8.0.4-SslStream-cb", "dotnet10.0-SslStream")
THROWN = (
    "System.Security.Cryptography.CryptographicException: ASN1 corrupted data. ---> "
    "System.Formats.Asn1.AsnContentException: "
)
FOR_SERVERS = oid("1.3.6.1.5.5.7.3.1")


@pytest.mark.parametrize("client", CLIENTS)
def test_what_it_cannot_decode_is_thrown(client: str) -> None:
    """OpenSSL, which builds the chain, does not look at it there."""
    for value, words in (
        (b"\x05\x00", "The provided data is tagged with 'Universal' class value '5', but"),
        (sequence(tlv(0x06)), "The ASN.1 value is invalid."),
        (sequence(FOR_SERVERS) + b"\0\0", "The last expected value has been read, but"),
    ):
        told = says(client, SOUND.put(SERVER, raw("extendedKeyUsage", value)))
        assert told.startswith(THROWN + words)
    assert says(client, SOUND.put(SERVER, raw("extendedKeyUsage", sequence(FOR_SERVERS)))) == (
        "connects"
    )


def test_application_policies_stand_for_it() -> None:
    """Then it is not read (ReadPolicies of CertificatePolicy.cs)."""
    policies = raw_extension("1.3.6.1.4.1.311.21.10", sequence(sequence(FOR_SERVERS)))
    made = SOUND.put(SERVER, raw("extendedKeyUsage", sequence(FOR_SERVERS) + b"\0\0"))
    assert not says(CLIENTS[0], made.put(SERVER, policies)).startswith("unknown")
