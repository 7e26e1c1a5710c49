"""Purposes that some clients take for that of a server, and a key usage that one cannot read."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import pytest

import edgecheck
from edgecheck.behaviour.refusers import NSS, OPENSSL, Refuser
from fixtures import der
from fixtures.pki import pem, raw_extension
from fixtures.stock import HOSTNAME, NOW, stock_15
from tests.contradictions import contradictions

R = Refuser
ANY, CLIENT, CODE = "2.5.29.37.0", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3"
NETSCAPE, MICROSOFT = "2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3"
ROLES = ("server", "device_ca", "intermediate", "root")


def report(role: str, name: str, value: bytes) -> edgecheck.Report:
    gateway = stock_15("ec").with_extension(role, raw_extension(name, value))
    chain, root = pem(*gateway.presented(), comments=False), pem(*gateway.trust(), comments=False)
    return edgecheck.check(chain, HOSTNAME, root, NOW)


def purposes(*listed: str) -> bytes:
    return der.sequence(*map(der.oid, listed))


@pytest.mark.parametrize("role", ROLES)
def test_findings_about_purposes_name_nobody_who_accepts(role: str) -> None:
    """Whatever else is listed beside the one that is missing, serverAuth."""
    known = (ANY, CLIENT, CODE, NETSCAPE, MICROSOFT, "1.2.3")
    for listed in (*combinations(known, 1), *combinations(known, 2)):
        found = report(role, "extendedKeyUsage", purposes(*listed))
        assert [str(each) for each in contradictions(found)] == [], listed


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("listed", [(NETSCAPE,), (MICROSOFT,), (ANY, NETSCAPE), (ANY, MICROSOFT)])
def test_openssl_takes_server_gated_cryptography_for_a_server_also_in_a_ca(
    role: str, listed: tuple[str, ...]
) -> None:
    """check_purpose_ssl_server of v3_purp.c: XKU_SGC counts before it looks for a CA.

    `openssl verify -purpose sslserver` of 3.0.22 accepted each of them.
    """
    found = report(role, "extendedKeyUsage", purposes(*listed))
    rules = ("path.not-for-this-purpose", "extension.any-extended-key-usage")
    named = [
        set(map(Refuser, each.evidence["refused_by"]))
        for each in found.findings
        if each.rule.id in rules
    ]
    assert named
    assert not set().union(*named) & OPENSSL
    assert {p.client: str(p.verdict) for p in found.predictions}["openssl3.0.19-verify"] == "accept"
    if NETSCAPE in listed:
        assert not set().union(*named) & NSS


@pytest.mark.parametrize(
    ("value", "refuses"), [("030100", False), ("03020700", True), ("0303070000", True)]
)
def test_botan_passes_over_a_key_usage_that_it_cannot_decode(value: str, refuses: bool) -> None:
    """2.19.3 was asked: one without an octet it takes for an unknown extension."""
    found = report("device_ca", "keyUsage", bytes.fromhex(value))
    (finding,) = [each for each in found.findings if each.rule.id == "ca.no-cert-sign"]
    assert ("Botan" in finding.evidence["refused_by"]) == refuses
    verdicts = {p.client: str(p.verdict) for p in found.predictions}
    assert verdicts["botan2.19"] == ("reject" if refuses else "accept")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_finding_about_a_servers_key_usage_names_nobody_who_accepts(
    kind: Literal["ec", "rsa"],
) -> None:
    """Of each bit, each two, and none; BearSSL takes nonRepudiation to sign."""
    pairs = (1 << one | 1 << other for one in range(8) for other in range(one, 8))
    for value in (b"\3\1\0", *(bytes((3, 2, 0, bits)) for bits in pairs)):
        gateway = stock_15(kind).with_extension("server", raw_extension("keyUsage", value))
        chain, root = pem(*gateway.presented(), comments=False), pem(*gateway.trust())
        found = edgecheck.check(chain, HOSTNAME, root, NOW)
        assert [str(each) for each in contradictions(found)] == [], value.hex()
