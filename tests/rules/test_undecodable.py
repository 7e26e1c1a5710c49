"""Extensions that some clients cannot decode, and extensions for purposes of their own."""

from __future__ import annotations

import pytest

import edgecheck
from edgecheck import Finding, Severity
from fixtures import der, stock
from fixtures.gateway import Gateway
from fixtures.pki import pem, raw_extension
from tests.contradictions import contradictions

UNDECODABLE = "encoding.extension-undecodable"
NULL = b"\x05\x00"
CRL_POINTS, NS_CERT_TYPE, POLICIES = "2.5.29.31", "2.16.840.1.113730.1.1", "2.5.29.32"
APPLICATION_POLICIES = "1.3.6.1.4.1.311.21.10"
SERVER = stock.stock_15().change("server", serial=None)


def found(gateway: Gateway, rule: str, *also: bytes) -> list[Finding]:
    """What a rule says of a gateway; `also` is presented behind its own certificates."""
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    report = edgecheck.check(chain + b"".join(also), stock.HOSTNAME, trust, stock.NOW)
    return [one for one in report.findings if one.rule.id == rule]


def stray(oid: str, value: bytes) -> bytes:
    """A certificate that nobody needs, with this extension."""
    other = stock.stock_11().change("root", subject="Fabrikam Root CA", key="rsa2048-7")
    other = other.with_extension("root", raw_extension(oid, value))
    return pem(other.issued("root"), comments=False)


def test_each_extension_that_cannot_be_decoded_is_a_finding_of_its_own() -> None:
    """Two in one certificate, and one in another."""
    gateway = SERVER
    for role, oid in (
        ("server", CRL_POINTS),
        ("server", NS_CERT_TYPE),
        ("device_ca", CRL_POINTS),
    ):
        gateway = gateway.with_extension(role, raw_extension(oid, NULL))
    said = found(gateway, UNDECODABLE)
    assert [(one.severity, one.caused_by) for one in said] == [(Severity.ERROR, None)] * 3
    assert len({one.id for one in said}) == 3


def test_it_says_what_is_wrong_and_in_which_words_clients_refuse() -> None:
    """The bytes, the reason in plain words, and the texts that name the extension."""
    (one,) = found(SERVER.with_extension("device_ca", raw_extension(CRL_POINTS, NULL)), UNDECODABLE)
    assert one.message.endswith("cannot be decoded: a NULL where a SEQUENCE is expected")
    assert one.evidence["found"] == "0500"
    assert one.evidence["says"] == {"Go": "x509: invalid CRL distribution points"}
    assert {"Python ssl", ".NET", "Go"} <= set(one.evidence["refused_by"])
    assert "Java" not in one.evidence["refused_by"]


def test_java_refuses_only_what_is_critical() -> None:
    """Policies that it cannot decode."""
    for critical in (False, True):
        odd = raw_extension(POLICIES, NULL, critical)
        (one,) = found(SERVER.with_extension("server", odd), UNDECODABLE)
        assert ("Java" in one.evidence["refused_by"]) is critical


def test_of_what_nobody_needs_only_go_cares() -> None:
    """It parses all that is presented, and nsCertType is nothing to it."""
    (one,) = found(SERVER, UNDECODABLE, stray(CRL_POINTS, NULL))
    assert one.evidence["refused_by"] == ["Go"]
    assert not found(SERVER, UNDECODABLE, stray(NS_CERT_TYPE, NULL))


@pytest.mark.parametrize(
    "value",
    [
        der.sequence(der.sequence(der.tlv(0xA0, der.tlv(0xA0, der.tlv(0x86, b"http://a/"))))),
        der.sequence(),
    ],
)
def test_what_all_can_decode_is_silent(value: bytes) -> None:
    """An address, and no point at all, which RFC 5280 forbids and no client minds."""
    assert not found(SERVER.with_extension("server", raw_extension(CRL_POINTS, value)), UNDECODABLE)


def test_application_policies_with_server_auth_are_silent() -> None:
    """Beside clientAuth, as many templates have both; without it .NET refuses."""
    both = der.sequence(*(der.sequence(der.oid(f"1.3.6.1.5.5.7.3.{usage}")) for usage in (2, 1)))
    client = der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.3.2")))
    rule = "extension.application-policies"
    for value, said in ((both, 0), (client, 1)):
        gateway = SERVER.with_extension("server", raw_extension(APPLICATION_POLICIES, value))
        assert len(found(gateway, rule)) == said


def test_a_proxy_certificate_is_refused_unless_its_extension_is_unreadable() -> None:
    """What OpenSSL cannot decode is no proxy to it, and has another finding."""
    rule, oid = "extension.proxy-certificate", "1.3.6.1.5.5.7.1.14"
    sound = der.sequence(der.sequence(der.oid("1.3.6.1.5.5.7.21.1")))
    proxy = SERVER.with_extension("server", raw_extension(oid, sound))
    broken = SERVER.with_extension("server", raw_extension(oid, NULL))
    assert found(proxy, rule)
    assert not found(proxy, UNDECODABLE)
    assert found(broken, UNDECODABLE)
    assert not found(broken, rule)


@pytest.mark.parametrize("octets", [2, 300])
def test_policies_that_java_cannot_decode_are_none_to_it_and_are_missed_all_the_same(
    octets: int,
) -> None:
    """A number of 300 octets beside the one that makes a policy required.

    Java 17 was asked, and accepts it: it decodes numbers of 32 bits. What .NET throws at the same
    bytes is another finding, and hides from nobody that a policy is required.
    """
    number = der.tlv(0x81, b"\x01" + bytes(octets - 1))
    wants = der.sequence(der.tlv(0x80, b"\0"), number)
    gateway = SERVER.with_extension("intermediate", raw_extension("policyConstraints", wants))
    report = edgecheck.check(
        pem(*gateway.presented(), comments=False),
        stock.HOSTNAME,
        pem(*gateway.trust(), comments=False),
        stock.NOW,
    )
    decoded = octets < 5
    (one,) = (each for each in report.findings if each.rule.id == "path.policy")
    by = one.evidence["refused_by"]
    assert "Go 1.24" in by
    assert ("Java" in by) is (".NET" in by) is decoded
    assert any(each.rule.id == UNDECODABLE for each in report.findings) is not decoded
    verdicts = {each.client: str(each.verdict) for each in report.predictions}
    assert verdicts["java17-jsse"] == ("reject" if decoded else "accept")
    assert verdicts["dotnet8.0.4-SslStream"] == "reject"
    assert not contradictions(report)
