"""What is told of certificates that have several faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import edgecheck
from edgecheck.behaviour.refusers import Refuser
from edgecheck.report.damaged import is_damaged
from edgecheck.report.predictions import CONTESTED
from fixtures import der
from fixtures.expected import FIXTURES, read
from fixtures.extensions import raw_extension
from fixtures.gateway import Gateway
from fixtures.pki import pem
from fixtures.stock import NOW, stock_12, stock_15
from tests.contradictions import contradictions
from tests.test_any_bytes import Node, nodes
from tests.test_found_by_fuzzing import checked, refused_by

R = Refuser
OTHER = stock_12("ec").change("device_ca", subject="Other")
"""A gateway whose device CA is on nobody's path."""


def changed(change: Callable[[Node], None]) -> Callable[[bytes], bytes]:
    """What is signed, with something of it changed."""

    def other(data: bytes) -> bytes:
        (tbs,) = nodes(data)
        change(tbs)
        return tbs.encoded()

    return other


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


def named_in_latin(tbs: Node) -> None:
    """The last value of the subject in bytes that are no UTF-8."""
    value = tbs.children[5].children[-1].children[0].children[1]
    value.tag, value.content, value.children = 0x0C, b"M\xfcller", []


@pytest.mark.parametrize("hostname", [None, "iotedgegw.local"])
def test_a_name_that_is_no_utf_8_is_told_beside_the_path_too(hostname: str | None) -> None:
    """OpenSSL, .NET and Go decode all that is sent; a sound certificate there disturbs nobody."""
    gateway = stock_15("ec")
    path = gateway.presented("server", "device_ca", "intermediate", "root")
    for beside, refusing in (
        (stock_12("ec").change("device_ca", damage_tbs=changed(named_in_latin)), True),
        (stock_12("ec"), False),
    ):
        sent = pem(*path, beside.issued("device_ca"), comments=False)
        report = edgecheck.check(sent, hostname, pem(*gateway.trust()), NOW)
        told = [each for each in report.findings if each.rule.id == "encoding.name"]
        assert bool(told) is refusing
        assert report.ok is not refusing
        assert not contradictions(report)
        for finding in told:
            assert {R.S_CLIENT, R.GO, R.DOTNET} <= refused_by(finding)
            assert R.JAVA not in refused_by(finding)


NO_ADDRESS = raw_extension("authorityInfoAccess", b"\x30\0", critical=True)


@pytest.mark.parametrize("hostname", [None, "iotedgegw.local"])
@pytest.mark.parametrize(
    ("beside", "refusing"),
    [
        (OTHER.change("device_ca", serial=-5), {R.GO_1_24}),
        (OTHER.change("device_ca", serial=0), set()),
        (OTHER.change("device_ca", version=1), {R.JAVA}),
        (OTHER.with_extension("device_ca", NO_ADDRESS), {R.GO_1_24}),
        (OTHER, set()),
    ],
    ids=["a negative number", "number 0", "version 1", "critical addresses", "sound"],
)
def test_what_cannot_be_read_is_told_beside_the_path_too(
    beside: Gateway, refusing: set[Refuser], hostname: str | None
) -> None:
    """Go and Java decode all that is sent, whatever is wrong with it, and whether they need it."""
    gateway = stock_15("ec")
    path = gateway.presented("server", "device_ca", "intermediate", "root")
    sent = pem(*path, beside.issued("device_ca"), comments=False)
    report = edgecheck.check(sent, hostname, pem(*gateway.trust()), NOW)
    told = [each for each in report.findings if each.rule.id == "chain.undecodable-surplus"]
    assert [set(map(Refuser, each.evidence["refused_by"])) for each in told] == [refusing] * bool(
        refusing
    )
    assert {each.role for each in told} <= {"other"}
    assert report.ok is not bool(refusing)
    assert not contradictions(report)


def test_what_others_need_above_the_anchor_is_to_be_reissued_and_not_left_out() -> None:
    """OpenSSL goes on from a trusted device CA to a root, through what Go cannot read."""
    gateway = stock_15("ec").with_extension("intermediate", NO_ADDRESS)
    trust = pem(gateway.issued("device_ca"), gateway.issued("root"), comments=False)
    report = checked(gateway, trust=trust)
    (told,) = (each for each in report.findings if each.rule.id == "chain.undecodable-surplus")
    assert told.remedy is not None
    assert told.remedy.startswith("Have the ")
    assert "reissued" in told.remedy
    assert not contradictions(report)
