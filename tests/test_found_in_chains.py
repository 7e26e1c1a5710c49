"""What hostile inputs brought to light about chains: versions that differ, and facts that hide."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import edgecheck
from edgecheck.behaviour.issuers import called, one_by_one
from edgecheck.behaviour.refusers import OPENSSL, Refuser
from fixtures import private_keys
from fixtures.extensions import name_constraints, raw_extension, subject_alt_name
from fixtures.gateway import Gateway
from fixtures.pki import Issued, pem
from fixtures.stock import NOW, stock_11, stock_15
from tests.contradictions import contradictions
from tests.test_found_by_fuzzing import checked, found, refused_by, verdicts

R = Refuser
TWICE = "input.duplicate-extension"
BEYOND = "path.name-constraints-of-clients"


def twice(gateway: Gateway, role: str, name: str, value: bytes) -> Gateway:
    """With an extension once more; and twice where it had none."""
    once = raw_extension(name, value)
    spec = gateway[role]
    others = [each for each in spec.extensions if each.oid != once.oid]
    return gateway.change(role, extensions=(*others, once, once))


def shown(
    gateway: Gateway, presented: Sequence[Issued], trust: Sequence[Issued]
) -> edgecheck.Report:
    """These certificates of a gateway."""
    return checked(
        gateway, presented=pem(*presented, comments=False), trust=pem(*trust, comments=False)
    )


# --- versions of mbedTLS -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "by", "accepting"),
    [
        ("subjectKeyIdentifier", b"\x04\x01\x07", {R.MBEDTLS_3}, {R.MBEDTLS, R.RUSTLS}),
        ("authorityKeyIdentifier", b"\x30\x00", {R.MBEDTLS_3}, {R.MBEDTLS, R.RUSTLS}),
        ("certificatePolicies", b"\x30\x06\x30\x04\x06\x02\x2a\x03", {R.MBEDTLS}, {R.RUSTLS}),
        ("cRLDistributionPoints", b"\x30\x02\x30\x00", {R.RUSTLS}, {R.MBEDTLS, R.MBEDTLS_3}),
    ],
)
def test_each_library_minds_twice_what_it_knows(
    name: str, value: bytes, by: set[Refuser], accepting: set[Refuser]
) -> None:
    """The list of mbedTLS has the key identifiers since 3.0 (oid_x509_ext in library/oid.c).

    That of rustls has neither them nor policies (rustls-webpki, src/cert.rs).
    """
    report = checked(twice(stock_15("ec"), "device_ca", name, value))
    named = refused_by(found(report, TWICE))
    assert by <= named
    assert accepting.isdisjoint(named)
    assert (verdicts(report)["mbedtls2.28.3"] == "accept") is (R.MBEDTLS not in by)
    assert not contradictions(report)


def test_what_one_version_cannot_read_leaves_the_other_its_chain() -> None:
    """Server and root are trusted, between them stands what mbedTLS 3 alone refuses."""
    gateway = twice(stock_15("ec"), "device_ca", "authorityKeyIdentifier", b"\x30\x00")
    trust = (*gateway.trust(), gateway.issued("server"))
    report = shown(gateway, gateway.presented(), trust)
    said = verdicts(report)
    assert (said["mbedtls2.28.3"], said["mbedtls3.6.6"]) == ("accept", "reject")
    for finding in report.findings:
        assert str(R.MBEDTLS) not in finding.evidence.get("refused_by", ())
    assert R.MBEDTLS_3 in refused_by(found(report, "trust.no-root"))
    assert not contradictions(report)


def test_a_stranger_among_the_chain_stops_the_versions_that_cannot_read_it() -> None:
    """BearSSL minds any; mbedTLS goes by names, and reads them all: 3 fails at this one."""
    gateway = stock_15("ec")
    odd = twice(stock_11("ec"), "device_ca", "subjectKeyIdentifier", b"\x04\x01\x07")
    stranger = odd.change("device_ca", subject="Old CA").issued("device_ca")
    first, *above = gateway.presented()
    report = shown(gateway, (first, stranger, *above), gateway.trust())
    named = refused_by(found(report, "chain.unrelated-certificate"))
    assert {R.MBEDTLS_3, R.BEARSSL} <= named
    assert R.MBEDTLS not in named
    assert verdicts(report)["mbedtls2.28.3"] == "accept"
    assert not contradictions(report)


def test_versions_are_told_by_one_name_where_all_of_them_are_meant() -> None:
    """As one of several, `MBEDTLS_3` is 3.6.6, for which alone there is no name."""
    new = {R.MBEDTLS_3, R.MBEDTLS_3_6_7}
    assert one_by_one({R.MBEDTLS, R.JAVA}) == {*new, R.MBEDTLS_2_28, R.JAVA}
    assert one_by_one({R.MBEDTLS_3}) == new
    assert one_by_one({R.MBEDTLS_3_6_7}) == {R.MBEDTLS_3_6_7}
    for meant, names in (
        ({*new, R.MBEDTLS_2_28, R.JAVA}, {R.MBEDTLS, R.JAVA}),
        (new, {R.MBEDTLS_3}),
        ({R.MBEDTLS_3_6_7, R.MBEDTLS_2_28}, {R.MBEDTLS_3_6_7, R.MBEDTLS_2_28}),
        ({R.MBEDTLS_3, R.MBEDTLS_2_28}, {R.MBEDTLS_2_28}),
        ({R.GO}, {R.GO}),
    ):
        assert set(called(meant).values()) == names


# --- names that cannot be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("common_name", "by"), [("a gateway", R.JAVA), ("iotedgegw.local", R.JAVA_21)]
)
def test_java_17_goes_by_the_common_name_where_it_cannot_read_the_others(
    common_name: str, by: Refuser
) -> None:
    """Java 21 and later refuse an address of 3 octets; 17 does as if there were no such names."""
    names = subject_alt_name(dns=["iotedgegw.local", "edgehub"], raw=[b"\x87\x03\x0a\x00\x01"])
    gateway = stock_15("ec").change("server", subject=common_name).with_extension("server", names)
    report = checked(gateway)
    named = refused_by(found(report, "encoding.alternative-name"))
    assert named & {R.JAVA, R.JAVA_21} == {by}
    said = verdicts(report)
    assert (said["java17-jsse"] == "reject") is (by is R.JAVA)
    assert said["java21-jsse"] == "reject"
    assert not contradictions(report)


@pytest.mark.parametrize("permitted", ["plant8.example", "local"])
def test_without_other_names_clients_hold_the_common_name_to_the_constraints(
    permitted: str,
) -> None:
    """The subjectAltName is empty, which the RFC does not allow and leaves undecided."""
    gateway = stock_15("ec").change("server", subject="iotedgegw.local")
    gateway = gateway.with_extension("server", raw_extension("subjectAltName", b"\x30\x00"))
    held = name_constraints(permitted={"dns": [permitted]})
    report = checked(gateway.with_extension("device_ca", held))
    told = [f for f in report.findings if f.rule.id == BEYOND]
    assert len(told) == (permitted != "local")
    for finding in told:
        assert "the common name iotedgegw.local" in finding.message
        assert finding.severity == "error"
        assert refused_by(finding) >= OPENSSL | {R.DOTNET, R.JAVA}
        assert not refused_by(finding) & {R.GO, R.RUSTLS}  # these go by no common name
    said = verdicts(report)
    expected = "reject" if told else "accept"
    assert said["openssl3.0.19-s_client"] == said["java17-jsse"] == expected
    assert not contradictions(report)


# --- what is named otherwise than it is ----------------------------------------------------------


@pytest.mark.parametrize("in_order", [True, False])
def test_java_takes_what_it_cannot_decode_for_another_key(in_order: bool) -> None:
    """Of a chain in order it validates that alone; else it looks by names (X509CertSelector)."""
    broken = raw_extension("subjectKeyIdentifier", bytes.fromhex("30030201"))
    gateway = stock_15("ec").with_extension("root", broken)
    first, *above = gateway.presented()
    report = shown(gateway, (first, *(above if in_order else above[::-1])), gateway.trust())
    named = refused_by(found(report, "input.unreadable-fact"))
    assert (R.JAVA in named) is in_order
    assert (verdicts(report)["java17-jsse"] == "reject") is in_order
    assert not contradictions(report)


def test_who_objects_to_the_end_because_of_what_is_above_is_named() -> None:
    """A weak key above it stops curl too, which says nothing about the certificate itself.

    All is trusted; the root permits other names, of which OpenSSL complains at the server.
    """
    held = name_constraints(permitted={"dns": ["plant8.example"]})
    gateway = stock_15("ec").change("device_ca", key="rsa1024-1").with_extension("root", held)
    trust = (*gateway.trust(), *gateway.presented())
    report = shown(gateway, gateway.presented(), trust)
    named = refused_by(found(report, "trust.unsound-above-anchor"))
    assert named >= {R.PYTHON, R.NODE, R.AZURE_C, R.DOTNET, R.CURL}
    assert {R.JAVA, R.GO}.isdisjoint(named)
    assert not contradictions(report)


def test_a_broken_marker_beside_a_key_is_a_certificate_that_was_lost() -> None:
    """Both stand in one line; behind the marker the server's certificate was."""
    gateway = stock_11("ec")
    first, _, others = pem(*gateway.presented(), comments=False).partition(b"MII")
    chain = first + others[40:]  # which is no certificate any more
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key = private_keys.private_key("p256-1").private_bytes(*form).replace(b"\n", b"\\n")
    report = edgecheck.check(key + chain.lstrip(b"-"), trust=pem(*gateway.trust()), at=NOW)
    assert report.valid is None
    assert found(report, "input.broken-marker").severity == "error"
    assert not contradictions(report)
