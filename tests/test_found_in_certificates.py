"""What hostile inputs brought to light about times, keys, signatures and identifiers."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck.behaviour.refusers import EVERYBODY, OPENSSL, Refuser
from fixtures import der
from fixtures.extensions import raw_extension
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import stock_15
from tests.contradictions import contradictions
from tests.test_any_bytes import nodes
from tests.test_found_by_fuzzing import checked, found, refused_by, verdicts

R = Refuser


def ending(role: str, tag: int, text: bytes) -> Gateway:
    """A certificate with another notAfter."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        time = tbs.children[4].children[1]
        time.tag, time.content = tag, text
        return tbs.encoded()

    return stock_15("ec").change(role, damage_tbs=other)


@pytest.mark.parametrize(
    ("tag", "text", "reads"),
    [
        (0x17, b"Z", False),
        (0x17, b"", False),
        (0x17, b"301x01000000Z", False),
        (0x17, b"3001010000xxZ", False),
        (0x17, b"300101000000", False),
        (0x17, b"300101000000ZZ", False),
        (0x17, b"300101000000.5Z", False),
        (0x17, b"3001010000Z", True),
        (0x17, b"300101000000+0100", True),
        (0x18, b"203001010000Z", True),
        (0x18, b"500101000000Z", False),
        (0x18, b"20300101000000", False),
        (0x18, b"20300101000000.5Z", True),
    ],
)
@pytest.mark.parametrize("role", ["device_ca", "root"])
def test_which_times_java_reads(role: str, tag: int, text: bytes, reads: bool) -> None:
    """Java 17 was asked; what is trusted has to be read as well, though not to be valid."""
    report = checked(ending(role, tag, text))
    assert (R.JAVA in refused_by(found(report, "encoding.time"))) is not reads
    if not reads:
        assert verdicts(report)["java17-jsse"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize(("order", "named"), [((0, 1, 2), True), ((0, 2, 1), False)])
def test_java_compares_key_identifiers_of_what_comes_in_order(
    order: tuple[int, ...], named: bool
) -> None:
    """PKIXCertPathValidator does; SunCertPathBuilder, which sorts, does not."""
    other = raw_extension("authorityKeyIdentifier", der.sequence(der.tlv(0x80, bytes(20))))
    gateway = stock_15("ec").with_extension("intermediate", other)
    sent = gateway.presented("server", "device_ca", "intermediate")
    presented = pem(*(sent[at] for at in order), comments=False)
    report = checked(gateway, presented=presented)
    by = refused_by(found(report, "chain.key-identifier-mismatch"))
    assert (R.JAVA in by) is named
    assert (verdicts(report)["java17-jsse"] == "reject") is named
    assert not contradictions(report)


def test_an_empty_identifier_of_an_authority_is_none_to_nss_and_botan() -> None:
    new = raw_extension("authorityKeyIdentifier", der.sequence(der.tlv(0x80, b"")))
    report = checked(stock_15("ec").with_extension("server", new))
    by = refused_by(found(report, "chain.key-identifier-mismatch"))
    assert not by & {R.NSS, R.NSS_PKIX, R.BOTAN}
    assert R.S_CLIENT in by
    assert not contradictions(report)


def test_a_root_that_names_two_algorithms_is_none_to_openssl() -> None:
    """Its key made the signature, and cannot have made one of the algorithm that is signed."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        named = tbs.children[2]
        named.content, named.children = der.oid("1.2.840.113549.1.1.11") + b"\x05\0", []
        return tbs.encoded()

    report = checked(stock_15("ec").change("root", damage_tbs=other))
    finding = found(report, "trust.root-signature-invalid")
    assert finding.severity is edgecheck.Severity.ERROR
    assert "was signed by its own key, but says that it was not" in finding.message
    assert R.S_CLIENT in refused_by(finding)
    assert not {R.BOTAN, R.WOLFSSL} & refused_by(finding)
    assert not contradictions(report)


@pytest.mark.parametrize("role", ["server", "device_ca"])
def test_a_key_of_a_kind_that_nobody_knows_is_refused_by_all(role: str) -> None:
    """Also where its parameters are no DER beside it."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        named = tbs.children[6].children[0]
        named.content, named.children = der.oid("1.2.840.10045.4.3.2") + b"\x05\0", []
        return tbs.encoded()

    report = checked(stock_15("ec").change(role, damage_tbs=other))
    assert refused_by(found(report, "algorithm.key-kind")) == EVERYBODY
    assert not contradictions(report)


def test_two_algorithms_differ_although_one_is_not_in_der() -> None:
    """Not only in how a length is written."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        named = tbs.children[2]
        named.content, named.children = der.oid("1.2.840.113549.1.1.1") + b"\x30\x80\0\0", []
        return tbs.encoded()

    report = checked(stock_15("ec").change("server", damage_tbs=other))
    assert OPENSSL | {R.JAVA} <= refused_by(found(report, "input.algorithm-mismatch"))
    assert not contradictions(report)
