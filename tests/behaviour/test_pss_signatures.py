"""RSASSA-PSS signatures with parameters that are none of the three sets of TLS 1.3.

Verdicts are those of Go 1.19, GnuTLS 3.7.9, OpenSSL 3.0 and Node.js 20 with such chains; rustls
and BoringSSL as their sources have it (webpki's table of algorithms, crypto/x509/rsa_pss.cc).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import edgecheck
from fixtures.private_keys import private_key

HOST = "gw.plant.example"
AT = datetime(2026, 11, 23, tzinfo=UTC)
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
GO, GNUTLS, BUN, RUSTLS = "go1.27.3", "gnutls3.7.9-cli", "bun1.4.5-boringssl", "rustls-rtls"
OPENSSL, NODE = "openssl3.0.19-s_client", "node20-ossl3.0.19"
SHA256, SHA384, SHA512 = hashes.SHA256(), hashes.SHA384(), hashes.SHA512()
UNKNOWN = "The certificate is NOT trusted."
INVALID = "The signature in the certificate is invalid."


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def begun(subject: str, key: str, serial: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named("Root"))
        .public_key(private_key(key).public_key())
        .serial_number(serial)
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
    )


@lru_cache(maxsize=1)
def root() -> bytes:
    own = begun("Root", "rsa2048-1", 1).add_extension(x509.BasicConstraints(True, None), True)
    signed = own.sign(private_key("rsa2048-1"), SHA256)  # type: ignore[arg-type]
    return signed.public_bytes(Encoding.PEM)


def checked(made: hashes.HashAlgorithm, mask: hashes.HashAlgorithm, salt: int) -> edgecheck.Report:
    """A server that the root signed in this way."""
    own = begun(HOST, "rsa2048-2", 2)
    own = own.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), False)
    own = own.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
    how = padding.PSS(padding.MGF1(mask), salt)
    key = private_key("rsa2048-1")
    signed = own.sign(key, made, rsa_padding=how)  # type: ignore[arg-type]
    return edgecheck.check(signed.public_bytes(Encoding.PEM), HOST, root(), AT)


def done(report: edgecheck.Report) -> dict[str, tuple[str, str]]:
    return {each.client: (str(each.verdict), each.says) for each in report.predictions}


@pytest.mark.parametrize(("made", "salt"), [(SHA256, 32), (SHA384, 48), (SHA512, 64)])
def test_the_three_of_tls_are_taken(made: hashes.HashAlgorithm, salt: int) -> None:
    clients = done(checked(made, made, salt))
    assert {clients[c][0] for c in (GO, GNUTLS, BUN, RUSTLS, OPENSSL, NODE)} == {"accept"}


@pytest.mark.parametrize(("made", "mask", "salt", "gnutls"), [
    (SHA256, SHA256, 20, INVALID),
    (SHA256, SHA256, 31, INVALID),
    (SHA256, SHA256, 33, INVALID),
    (SHA384, SHA384, 32, INVALID),
    (SHA512, SHA512, 48, INVALID),
    (hashes.SHA224(), hashes.SHA224(), 28, UNKNOWN),
    (SHA256, SHA512, 32, UNKNOWN),
])  # fmt: skip
def test_others_are_refused_by_those_who_know_these_alone(
    made: hashes.HashAlgorithm, mask: hashes.HashAlgorithm, salt: int, gnutls: str
) -> None:
    """The RFC allows them, and OpenSSL verifies them; an error says who does not."""
    report = checked(made, mask, salt)
    assert report.valid is True
    clients = done(report)
    assert "cannot verify signature: algorithm unimplemented" in clients[GO][1]
    assert clients[GNUTLS] == ("reject", gnutls)
    assert "UnsupportedSignatureAlgorithm" in clients[RUSTLS][1]
    assert clients[BUN][0] == "reject"
    assert {clients[c][0] for c in (OPENSSL, NODE)} == {"accept"}
    (found,) = [f for f in report.findings if f.rule.id == "algorithm.uncommon-signature"]
    assert found.severity == edgecheck.Severity.ERROR


def test_the_finding_names_the_salt_and_the_mask() -> None:
    (found,) = [
        f
        for f in checked(SHA256, SHA512, 20).findings
        if f.rule.id == "algorithm.uncommon-signature"
    ]
    assert "(SHA256, a salt of 20 bytes, another hash for the mask)" in found.message
