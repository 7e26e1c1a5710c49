"""What is told of certificates that have several faults, or are sent beside the path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import edgecheck
from edgecheck.behaviour.refusers import Refuser
from edgecheck.report.partly import is_damaged
from edgecheck.report.predictions import CONTESTED
from fixtures import der
from fixtures.expected import FIXTURES, read
from fixtures.extensions import raw_extension
from fixtures.pki import pem
from fixtures.stock import NOW, stock_12, stock_15
from tests.contradictions import contradictions
from tests.test_any_bytes import Node, nodes
from tests.test_found_by_fuzzing import checked, found, refused_by, verdicts

R = Refuser


def changed(change: Callable[[Node], None]) -> Callable[[bytes], bytes]:
    """What is signed, with something of it changed."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        change(tbs)
        return tbs.encoded()

    return other


def named_in_latin(tbs: Node) -> None:
    """The last value of the subject in bytes that are no UTF-8."""
    value = tbs.children[5].children[-1].children[0].children[1]
    value.tag, value.content, value.children = 0x0C, b"M\xfcller", []


@pytest.mark.parametrize("hostname", [None, "iotedgegw.local"])
@pytest.mark.parametrize("trusting", [False, True])
def test_who_refuses_a_certificate_beside_the_path_is_told(
    hostname: str | None, trusting: bool
) -> None:
    """OpenSSL and Go decode all that is sent; also where neither name nor trust is known."""
    gateway = stock_15("ec")
    beside = stock_12("ec").change("device_ca", damage_tbs=changed(named_in_latin))
    path = gateway.presented("server", "device_ca", "intermediate", "root")
    sent = pem(*path, beside.issued("device_ca"), comments=False)
    trust = pem(*gateway.trust()) if trusting else ()
    report = edgecheck.check(sent, hostname, trust, NOW)
    said = verdicts(report)
    assert {said[c] for c in ("openssl3.0.19-s_client", "go1.27.3")} == {"reject"}
    finding = found(report, "client.refuses")
    assert {R.S_CLIENT, R.GO} <= refused_by(finding)
    assert "tls: failed to parse certificate" in " ".join(finding.evidence["says"])
    assert not report.ok
    assert not contradictions(report)


def test_a_refusal_that_no_error_explains_is_told_beside_the_errors() -> None:
    """Go does not read these constraints; what others make of them is not decided by RFC 5280."""
    subtree = der.sequence(der.tlv(0x82, b"\1\1"), der.tlv(0x80, b"\x05"))
    limits = raw_extension("nameConstraints", der.sequence(der.tlv(0xA0, subtree)))
    report = checked(stock_15("ec").with_extension("device_ca", limits))
    assert R.GO in refused_by(found(report, "encoding.extension-undecodable"))
    finding = found(report, "client.refuses")
    assert R.S_CLIENT in refused_by(finding)
    assert R.GO not in refused_by(finding)
    assert "permitted subtree violation" in finding.message
    (said,) = (p for p in report.predictions if p.client == "openssl3.0.19-s_client")
    assert said.because == (finding.id,)
    assert not contradictions(report)


def test_what_a_model_accepts_and_a_finding_says_is_refused_is_unknown() -> None:
    """NSS' libpkix was measured to refuse two algorithms; its model takes what is trusted."""

    def other(tbs: Node) -> None:
        named = tbs.children[2]
        named.content, named.children = der.oid("1.2.840.113549.1.1.11") + b"\x30\x80\0\0", []

    own = raw_extension("authorityKeyIdentifier", b"\x30\x03\x02\x01\x01")
    gateway = stock_15("ec").with_extension("root", own).change("root", damage_tbs=changed(other))
    report = checked(gateway)
    named = set[str]()
    for finding in report.findings:
        if finding.caused_by is None:
            named |= set(finding.evidence.get("refused_by", ()))
    contested = [p for p in report.predictions if p.says == CONTESTED]
    assert contested
    assert {p.verdict for p in contested} == {"unknown"}
    assert not contradictions(report)


@pytest.mark.parametrize("name", ["runtime-1-2-rsa", "demo-scripts-1-5"])
def test_nothing_of_a_sound_gateway_is_damaged(name: str) -> None:
    given: dict[str, Any] = read(FIXTURES / "good" / name).given()
    report = edgecheck.check(**given)
    assert not any(map(is_damaged, (*report.certificates, *report.expected.trust)))
    assert CONTESTED not in {p.says for p in report.predictions}
