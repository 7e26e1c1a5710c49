"""Versions that do not exist: which library reads them, and what it says; measured with each."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures import der
from tests.contradictions import contradictions
from tests.ordinary_chains import AT, draft

GNUTLS, WOLFSSL, BOTAN = "gnutls3.7.9-cli", "wolfssl5.5.4", "botan2.19"
STRICT, VERIFY = "py311-ssl-STRICT+PARTIAL", "openssl3.0.19-verify"
DER, ROOM = "ASN1 parser: Error in DER parsing.", "The given memory buffer is too short"
PARSE = "-140: ASN parsing error, invalid input"
LARGE = "BER: Decoded integer value larger than expected"
NEGATIVE = "BER: Decoded small integer value was negative"
OLD = "Using cert extension requires at least X509v3"


def asked(octets: bytes, place: int = 0) -> edgecheck.Report:
    """Of a sound chain with a certificate whose version is an INTEGER of these octets."""
    version = der.tlv(0xA0, der.tlv(2, octets))

    def damage(tbs: bytes) -> bytes:
        head, sound, rest = tbs.partition(b"\xa0\3\2\1\2")
        assert sound
        assert len(head) in (2, 3, 4)
        return der.sequence(version + rest)

    given = draft(3).put(place, damage_tbs=damage).given("of another version")
    return edgecheck.check(given.presented, given.hostname, given.trust, AT)


@pytest.mark.parametrize(
    ("octets", "refusing"),
    [
        (b"\x02", {}),
        (b"\x03", {BOTAN: "Unknown X.509 cert version 3"}),
        (b"\x04", {WOLFSSL: PARSE, BOTAN: "Unknown X.509 cert version 4"}),
        (b"\x7f", {WOLFSSL: PARSE, BOTAN: "Unknown X.509 cert version 127"}),
        (b"\x00\x80", {GNUTLS: DER, WOLFSSL: PARSE, BOTAN: "Unknown X.509 cert version 128"}),
        (
            b"\x00\xff\xff\xff\xff",
            {GNUTLS: DER, WOLFSSL: PARSE, BOTAN: "Unknown X.509 cert version 4294967295"},
        ),
        (b"\x01\x00\x00\x00\x00", {GNUTLS: DER, WOLFSSL: PARSE, BOTAN: LARGE}),
        (b"\x7f" + b"\xff" * 7, {GNUTLS: DER, WOLFSSL: PARSE, BOTAN: LARGE}),
        (
            b"\x00\x80" + bytes(7),
            {GNUTLS: ROOM, WOLFSSL: PARSE, BOTAN: LARGE, STRICT: OLD},
        ),
        (b"\x7f" + bytes(3000), {GNUTLS: ROOM, WOLFSSL: PARSE, BOTAN: LARGE, STRICT: OLD}),
        (b"\x80", {GNUTLS: DER, WOLFSSL: PARSE, BOTAN: NEGATIVE, STRICT: OLD}),
        (b"\xff", {GNUTLS: DER, WOLFSSL: PARSE, BOTAN: NEGATIVE, STRICT: OLD}),
    ],
    ids=lambda value: value[:9].hex() if isinstance(value, bytes) else "",
)
def test_who_reads_a_version_that_does_not_exist(octets: bytes, refusing: dict[str, str]) -> None:
    """Each library was given each of these numbers.

    These were gnutls_x509_crt_import of 3.7.9, wolfSSL_CertManagerVerifyBuffer of 5.5.4, `botan
    cert_verify` of 2.19.3, and `openssl verify` of 3.0.22 with and without -x509_strict.
    """
    said = {p.client: p for p in asked(octets).predictions}
    for client in (GNUTLS, WOLFSSL, BOTAN, STRICT, VERIFY):
        expected = "reject" if client in refusing else "accept"
        assert str(said[client].verdict) == expected, client
        words = refusing.get(client, "").removesuffix(".")
        assert words in said[client].says, client


@pytest.mark.parametrize(
    ("octets", "gnutls", "botan"),
    [(b"", DER, "reject"), (b"\0\2", DER, "accept"), (bytes(8) + b"\2", ROOM, "accept")],
)
def test_who_reads_a_version_that_is_no_integer_of_der(
    octets: bytes, gnutls: str, botan: str
) -> None:
    """OpenSSL refuses to decode all of these; without contents it is version 1 for Botan."""
    said = {p.client: p for p in asked(octets).predictions}
    assert gnutls.removesuffix(".") in said[GNUTLS].says
    assert PARSE in said[WOLFSSL].says
    assert str(said[VERIFY].verdict) == "reject"
    assert str(said[BOTAN].verdict) == botan


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("octets", [b"\3", b"\x7f", b"\0\x80", b"\x7f" + bytes(3000), b"\x80"])
def test_whoever_refuses_a_version_is_named(octets: bytes, place: int) -> None:
    """The finding names GnuTLS and wolfSSL where they refuse the number, and only there."""
    report = asked(octets, place)
    assert [str(each) for each in contradictions(report)] == []
    (found,) = [each for each in report.findings if each.rule.id == "encoding.not-der"]
    named = set(found.evidence["refused_by"])
    assert ("GnuTLS" in named) == (len(octets) > 1 or octets >= b"\x80")
    assert ("wolfSSL" in named) == (octets != b"\3")
