"""What a client may fetch by itself is said as a condition: of those modelled, .NET alone does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

import edgecheck
from edgecheck.behaviour.dotnet.fetching import issuer_address
from edgecheck.reading.inputs import Reader
from fixtures import der, stock
from fixtures.chain.recipe import two_plants
from fixtures.extensions import (
    Extension,
    authority_info_access,
    raw_extension,
    subject_key_id,
)
from fixtures.gateway import Gateway
from fixtures.pki import Issued, pem

ADDRESS = "http://pki.example/ca.cer"
BY_HTTP = authority_info_access(ca_issuers=[ADDRESS])
DOTNET = {
    "dotnet10.0-SslStream",
    "dotnet8.0.4-SslStream",
    "dotnet8.0.4-SslStream-cb",
    "dotnet9.0-SslStream",
}
GATEWAY = stock.stock_15()
BELOW = ("server", "workload_ca", "device_ca")


def report(
    gateway: Gateway, *roles: str, host: str = stock.HOSTNAME, trust: str = "root"
) -> edgecheck.Report:
    """About a gateway that presents these certificates alone."""
    trusted = pem(gateway.issued(trust))
    return edgecheck.check(pem(*gateway.presented(*roles)), host, trusted, stock.NOW)


def verdicts(made: edgecheck.Report) -> tuple[set[str], set[str]]:
    """What .NET does, and what all the others do."""
    own = {str(p.verdict) for p in made.predictions if p.client in DOTNET}
    return own, {str(p.verdict) for p in made.predictions if p.client not in DOTNET}


def refusers(made: edgecheck.Report, rule: str) -> list[str]:
    (found,) = (finding for finding in made.findings if finding.rule.id == rule)
    return list(found.evidence["refused_by"])


def test_a_missing_issuer_that_has_an_address_leaves_dotnet_open() -> None:
    """Whether the address answers, nobody knows here; all others refuse, and are said to."""
    made = report(GATEWAY.with_extension("server", BY_HTTP), "server")
    assert verdicts(made) == ({"unknown"}, {"reject"})
    said = {p.says for p in made.predictions if p.client in DOTNET}
    assert said == {f"PartialChain, unless it can fetch the missing issuer from {ADDRESS}"}
    named = refusers(made, "chain.missing-issuer")
    assert ".NET" not in named
    assert {"Python ssl", "Java", "Go", "curl"} <= set(named)
    assert not made.ok


def test_without_an_address_dotnet_refuses_like_everybody() -> None:
    made = report(GATEWAY, "server")
    assert verdicts(made) == ({"reject"}, {"reject"})
    assert ".NET" in refusers(made, "chain.missing-issuer")


def test_the_address_counts_where_the_chain_breaks_off() -> None:
    """That of a certificate whose issuer is there is not asked."""
    gateway = GATEWAY.with_extension("server", BY_HTTP)
    below = report(gateway, "server", "device_ca")
    assert verdicts(below)[0] == {"reject"}
    assert ".NET" in refusers(below, "chain.missing-issuer")
    above = report(GATEWAY.with_extension("device_ca", BY_HTTP), "server", "device_ca")
    assert verdicts(above)[0] == {"unknown"}
    assert ".NET" not in refusers(above, "chain.missing-issuer")


def test_what_else_is_wrong_dotnet_refuses_whatever_it_finds() -> None:
    """Another name, and a certificate that has expired."""
    gateway = GATEWAY.with_extension("server", BY_HTTP)
    assert verdicts(report(gateway, "server", host="other.local"))[0] == {"reject"}
    old = gateway.change("server", not_after=stock.NOW - timedelta(days=1))
    assert verdicts(report(old, "server"))[0] == {"reject"}


def test_what_it_finds_only_helps_to_build() -> None:
    """Where no root is trusted, no certificate that could be fetched would be one."""
    gateway = GATEWAY.with_extension("server", BY_HTTP)
    assert verdicts(report(gateway, "server", trust="intermediate"))[0] == {"reject"}


def other_key_id(healthy: Gateway) -> tuple[Issued, ...]:
    other = healthy.with_extension("intermediate", subject_key_id(b"another key id"))
    return *healthy.presented(*BELOW), other.issued("intermediate")


def other_name(healthy: Gateway) -> tuple[Issued, ...]:
    named = healthy.change("intermediate", subject="another name")
    return *named.presented(*BELOW), healthy.issued("intermediate")


def other_key(healthy: Gateway) -> tuple[Issued, ...]:
    newer = healthy.change("intermediate", key="p256-7").issued("intermediate")
    return *healthy.presented(*BELOW), newer


def circle(healthy: Gateway) -> tuple[Issued, ...]:
    """Two plants' CAs have issued each other."""
    _, by_8, plant_8 = two_plants(healthy)
    return *healthy.presented(*BELOW), by_8, plant_8


@pytest.mark.parametrize(
    ("rule", "presented"),
    [
        ("chain.key-identifier-mismatch", other_key_id),
        ("path.issuer-name-mismatch", other_name),
        ("path.same-name-other-key", other_key),
        ("chain.issuer-loop", circle),
    ],
)
def test_whatever_breaks_the_chain_off_dotnet_is_not_named_where_it_may_fetch(
    rule: str, presented: Callable[[Gateway], tuple[Issued, ...]]
) -> None:
    """It takes no issuer that is there, as OpenSSL takes none, and so looks for another."""
    healthy = stock.stock_11("ec")
    addressed = healthy.with_extension("device_ca", BY_HTTP)
    if rule == "chain.issuer-loop":
        addressed = addressed.with_extension("intermediate", BY_HTTP)
    for gateway, verdict in ((healthy, "reject"), (addressed, "unknown")):
        trust = pem(*gateway.trust())
        made = edgecheck.check(pem(*presented(gateway)), stock.HOSTNAME, trust, stock.NOW)
        assert verdicts(made)[0] == {verdict}
        assert (".NET" in refusers(made, rule)) is (verdict == "reject")


@pytest.mark.parametrize(
    ("extension", "address"),
    [
        (BY_HTTP, ADDRESS),
        (authority_info_access(ca_issuers=["HTTP://PKI.example/"]), "HTTP://PKI.example/"),
        (authority_info_access(ocsp=[ADDRESS]), None),
        (authority_info_access(ca_issuers=["https://pki.example/"]), None),
        (authority_info_access(ca_issuers=["ldap:///cn=x", ADDRESS]), ADDRESS),
        (authority_info_access(ocsp=["http://ocsp.example/"], ca_issuers=[ADDRESS]), ADDRESS),
        (authority_info_access(), None),
        (raw_extension("authorityInfoAccess", b"\x30\x05abc"), None),
        (raw_extension("authorityInfoAccess", der.sequence(der.oid("1.2.3"))), None),
        (raw_extension("1.3.6.1.5.5.7.1.11", b"\x30\x00"), None),
    ],
)
def test_which_address_dotnet_would_ask(extension: Extension, address: str | None) -> None:
    """The first with http for the issuer (FindHttpAiaRecord); what cannot be read has none."""
    made = GATEWAY.with_extension("server", extension).issued("server").der
    assert issuer_address(Reader({}, 10**6, 10).read(made, "").sequence[0]) == address
