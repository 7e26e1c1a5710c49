"""Keys for RSASSA-PSS alone: which signatures they may make (RFC 4055), and who asks.

Verdicts of the clients are those of OpenSSL 3.0, Java 17, GnuTLS 3.7 and Go 1.19 with these chains.
"""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.reading import pss
from edgecheck.reading.der import Malformed
from fixtures import der, stock
from fixtures.pki import pem
from fixtures.private_keys import pss_key_der, pss_parameters, public_key_der

SIGNED_BY_PSS, SIGNED_BY_RSA = "sha256_pss", "sha256_rsa"
"""The former has SHA-256 throughout, and a salt of 32 octets."""
OPENSSL, JAVA, GNUTLS, GO = "openssl3.0.19-s_client", "java17-jsse", "gnutls3.7.9-cli", "go1.27.3"
TRAILER = der.sequence(der.tlv(0xA3, der.integer(2)))


def checked(parameters: bytes, signature: str) -> edgecheck.Report:
    """A gateway below a device CA with such a key, and a signature of such a kind by it."""
    gateway = stock.stock_15("rsa").change("server", serial=None, signature=signature)
    key = pss_key_der(gateway["device_ca"].key, parameters)
    gateway = gateway.change("device_ca", public_key=key)
    chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
    return edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)


def done(report: edgecheck.Report) -> dict[str, str]:
    return {each.client: f"{each.verdict} {each.says}" for each in report.predictions}


@pytest.mark.parametrize("parameters", [
    b"", pss_parameters(256, 32), pss_parameters(256, 31), pss_parameters(256, 20),
], ids=["none", "the same", "a shorter salt", "the usual salt"])  # fmt: skip
def test_what_the_key_allows_is_valid(parameters: bytes) -> None:
    """Without parameters all of RSASSA-PSS; else with the same hash and no shorter salt."""
    report = checked(parameters, SIGNED_BY_PSS)
    assert report.valid is True
    clients = done(report)
    assert {clients[name].split()[0] for name in (OPENSSL, JAVA, GNUTLS)} == {"accept"}


@pytest.mark.parametrize(("parameters", "told"), [
    (pss_parameters(256, 33), "a salt of 32 bytes, but 33 or more"),
    (pss_parameters(256, 48), "a salt of 32 bytes, but 48 or more"),
    (pss_parameters(384, 32), "sha256, but sha384"),
    (pss_parameters(256, 32, mask_bits=384), "mask generation"),
    (der.sequence(), "sha256, but sha1"),
], ids=["salt 33", "salt 48", "hash", "mask", "defaults"])  # fmt: skip
def test_what_the_key_forbids_is_invalid(parameters: bytes, told: str) -> None:
    """Though the key made it; OpenSSL says error 7, GnuTLS that constraints are violated."""
    report = checked(parameters, SIGNED_BY_PSS)
    assert report.valid is False
    (finding,) = [f for f in report.findings if f.rule.id == "path.signature-invalid"]
    assert told in finding.message
    clients = done(report)
    assert "reject 7: certificate signature failure" in clients[OPENSSL]
    assert "signature check failed" in clients[JAVA]
    assert "violates the signer's constraints" in clients[GNUTLS]


@pytest.mark.parametrize("parameters", [b"", pss_parameters()], ids=["none", "SHA-256"])
def test_such_a_key_makes_no_other_signature(parameters: bytes) -> None:
    """To OpenSSL it is no issuer; Java takes a key without parameters as any RSA key."""
    report = checked(parameters, SIGNED_BY_RSA)
    assert report.valid is False
    clients = done(report)
    assert "reject 20: unable to get local issuer" in clients[OPENSSL]
    assert clients[JAVA].startswith("reject" if parameters else "accept")
    assert "violates the signer's constraints" in clients[GNUTLS]
    (finding,) = [f for f in report.findings if f.rule.id == "path.signature-invalid"]
    assert ("Java" in finding.evidence["refused_by"]) == bool(parameters)


def test_go_knows_no_such_key() -> None:
    """Whatever it signed."""
    for signature in (SIGNED_BY_PSS, SIGNED_BY_RSA):
        says = done(checked(b"", signature))[GO]
        assert says.startswith("reject")
        assert "cannot verify signature: algorithm unimplemented" in says


def test_an_rsa_key_makes_both() -> None:
    """It is confined to nothing."""
    for signature in (SIGNED_BY_PSS, SIGNED_BY_RSA):
        gateway = stock.stock_15("rsa").change("server", serial=None, signature=signature)
        chain, trust = pem(*gateway.presented()), pem(*gateway.trust())
        assert edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW).valid is True


def test_a_key_with_parameters_that_are_none_is_unreadable() -> None:
    """So whether it made the signature stays open."""
    assert checked(b"\x05\x00", SIGNED_BY_PSS).valid is None


def test_a_default_that_is_spelled_out_is_told() -> None:
    """DER leaves it out; cryptography alone refuses the certificate, whose facts are read."""
    report = checked(pss_parameters(256, 20), SIGNED_BY_PSS)
    (finding,) = [f for f in report.findings if f.rule.id == "encoding.not-der"]
    assert "spells out a salt of 20 bytes, the default of RSASSA-PSS" in finding.message
    assert finding.evidence["refused_by"] == ["cryptography"]


def test_parameters_are_read() -> None:
    """Defaults are SHA-1, MGF1 with it, 20 octets and the trailer 1 (RFC 4055, section 3.1)."""
    key = public_key_der("rsa2048-1")
    assert not pss.is_pss(key)
    assert pss.key_parameters(pss_key_der("rsa2048-1")) is None
    assert pss.key_parameters(pss_key_der("rsa2048-1", der.sequence())) == pss.Parameters()
    sha512 = "2.16.840.1.101.3.4.2.3"
    given = pss.key_parameters(pss_key_der("rsa2048-1", pss_parameters(512, 64)))
    assert given == pss.Parameters(sha512, sha512, 64, 1)
    given = pss.key_parameters(pss_key_der("rsa2048-1", TRAILER))
    assert given == pss.Parameters(trailer=2)
    assert pss.as_rsa(pss_key_der("rsa2048-1", pss_parameters())) == key


@pytest.mark.parametrize("wrong", [
    b"\x05\x00", der.sequence(der.tlv(0xA4)), der.sequence(der.tlv(0xA0)),
    der.sequence(der.tlv(0xA2, b"\x02\x01\xff")), der.sequence(der.tlv(0xA2, der.integer(1 << 16))),
    der.sequence(der.tlv(0xA3, der.integer(1)), der.tlv(0xA2, der.integer(20))),
    der.sequence(der.tlv(0xA1, der.sequence(der.oid("2.999.1")))), b"\x30\x00\x05\x00",
], ids=bytes.hex)  # fmt: skip
def test_other_parameters_are_malformed(wrong: bytes) -> None:
    """Each is no RSASSA-PSS-params."""
    with pytest.raises(Malformed):
        pss.key_parameters(pss_key_der("rsa2048-1", wrong))
