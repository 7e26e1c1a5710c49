"""A time that is too short to OpenSSL since 3.4: in what is trusted, or beside one that is none."""

from __future__ import annotations

from typing import Any

import pytest

import edgecheck
from fixtures import stock
from fixtures.pki import Issued, pem, raw_time
from tests.contradictions import contradictions

GATEWAY = stock.stock_15("ec")
(ROOT,) = GATEWAY.trust()
LOADED = "trust.cannot-be-loaded"
TOO_SHORT = (b"\x17\x0b3001010000Z", b"\x18\x0d203001010000Z")


def other(time: bytes, number: int = 0) -> Issued:
    """Another root, which ends then."""
    end = raw_time(time, stock.NOW)
    name = f"Fabrikam Root CA {number}"
    return GATEWAY.change("root", subject=name, key="p256-8", not_after=end).issued("root")


def report(*trust: Issued, clients: list[str] | None = None) -> edgecheck.Report:
    return edgecheck.check(
        pem(*GATEWAY.presented(), comments=False),
        stock.HOSTNAME,
        pem(*trust, comments=False),
        stock.NOW,
        clients=clients,
    )


def refusing(report: edgecheck.Report, rule: str) -> set[str]:
    (finding,) = (each for each in report.findings if each.rule.id == rule)
    return set(finding.evidence["refused_by"])


def loaded(report: edgecheck.Report) -> edgecheck.Finding:
    (finding,) = (each for each in report.findings if each.rule.id == LOADED)
    return finding


@pytest.mark.parametrize("time", TOO_SHORT)
def test_openssl_since_3_4_does_not_load_what_is_trusted(time: bytes) -> None:
    """Node.js keeps what stands before it; `cryptography` and .NET load nothing either."""
    behind, before = report(ROOT, other(time)), report(other(time), ROOT)
    alike = {".NET", "cryptography"}
    whole = {"OpenSSL since 3.4 (not in Node.js)"}
    assert set(loaded(behind).evidence["refused_by"]) == alike | whole
    every = {"OpenSSL since 3.4", "BoringSSL"}
    assert set(loaded(before).evidence["refused_by"]) == alike | every
    for found in (behind, before):
        assert "a time is too short" in loaded(found).message
        assert not contradictions(found)


def test_node_js_goes_by_what_stands_before_it() -> None:
    """Wherever else the root that it needs stands, too."""
    found = report(ROOT, other(TOO_SHORT[0]), ROOT)
    assert "OpenSSL since 3.4" not in loaded(found).evidence["refused_by"]
    assert not contradictions(found)


@pytest.mark.parametrize("client", ["Python 3.13", "Paho C", "openssl3.5.9-verify"])
def test_it_is_an_error_to_those_whom_it_concerns(client: str) -> None:
    """It explains what they say, without a second finding."""
    found = report(ROOT, other(TOO_SHORT[0]), clients=[client])
    errors = [f for f in found.findings if f.severity is edgecheck.Severity.ERROR]
    assert [error.rule.id for error in errors] == [LOADED]
    spared = report(ROOT, other(TOO_SHORT[0]), clients=["py311-ssl-ossl3.0.19"])
    assert spared.ok
    assert loaded(spared).severity is edgecheck.Severity.WARNING


@pytest.mark.parametrize("count", [16, 40])
def test_it_is_found_among_many_that_are_trusted(count: int) -> None:
    """As in the store of a system."""
    year = b"\x17\x0d3001010000%02dZ"
    sound = [other(year % (number % 60), number) for number in range(1, count)]
    found = report(ROOT, *sound, other(TOO_SHORT[0]))
    assert "OpenSSL since 3.4 (not in Node.js)" in loaded(found).evidence["refused_by"]
    assert not contradictions(found)


@pytest.mark.parametrize("anew", [{}, {"serial": 77}], ids=["the same number", "another one"])
def test_openssl_since_3_4_does_not_come_to_the_sound_one_of_two_roots(
    anew: dict[str, Any],
) -> None:
    """Of one name and key; older ones take the root whose times they can compare."""
    end = raw_time(TOO_SHORT[0], GATEWAY["root"].not_after)
    found = report(GATEWAY.change("root", not_after=end, **anew).issued("root"), ROOT)
    assert "OpenSSL since 3.4" in refusing(found, "encoding.time")
    verdicts = {each.client: each.verdict for each in found.predictions}
    assert verdicts["py311-ssl-ossl3.0.19"] == "accept"
    assert verdicts["py313-ssl-ossl3.5.9"] == verdicts["node24-ossl3.5.7"] == "reject"
    assert not contradictions(found)


def test_a_time_that_is_none_is_told_where_the_other_one_cannot_be_read() -> None:
    """How long a time is cannot be asked of what is no time: that hides no finding."""
    own = GATEWAY["device_ca"]
    begin, end = raw_time(b"\x0c\x03abc", own.not_before), raw_time(TOO_SHORT[0], stock.NOW)
    odd = GATEWAY.change("device_ca", not_before=begin, not_after=end).presented()
    found = edgecheck.check(pem(*odd, comments=False), trust=pem(ROOT), at=stock.NOW)
    assert "Python ssl" in refusing(found, "encoding.time")
