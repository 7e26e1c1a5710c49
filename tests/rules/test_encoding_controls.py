"""Control characters in names: found wherever a name stands, told once, and shown escaped."""

from __future__ import annotations

from typing import Any

import pytest

import edgecheck
from edgecheck.reading.text import safe
from edgecheck.rules.encoding.controls import controlled
from fixtures import der, stock
from fixtures.gateway import Gateway
from fixtures.pki import pem, subject_alt_name
from fixtures.stock import NOW

RULE = "encoding.control-characters"
GATEWAY = stock.stock_15("ec")


def found(gateway: Gateway) -> list[edgecheck.Finding]:
    """What the rule says of a gateway, and that nothing else says it again."""
    report = edgecheck.check(pem(*gateway.presented()), stock.HOSTNAME, pem(*gateway.trust()), NOW)
    again = {f.rule.id for f in report.findings} & {"encoding.name", "encoding.alternative-name"}
    assert not again
    assert report.valid is True
    return [f for f in report.findings if f.rule.id == RULE]


@pytest.mark.parametrize(
    ("letter", "told"),
    [
        ("\0", "has NUL in it"),
        ("\n", "has a line end in it"),
        ("\r", "has a carriage return in it"),
        ("\t", "has a tab in it"),
        ("\x1b", "has ESC in it"),
        ("\x7f", "has a control character in it"),
        ("\x85", "has a control character in it"),
        ("\u2028", "has a control character in it"),
        ("\u202e", "has a control character in it"),
        ("\u2066", "has a control character in it"),
    ],
)
def test_each_control_character_is_found_and_named(letter: str, told: str) -> None:
    """Of ASCII, of Unicode's second set, line separators, and what turns the direction."""
    gateway = GATEWAY.change("intermediate", subject=[("O", f"Con{letter}toso"), ("CN", "Plant")])
    (finding,) = found(gateway)
    assert (finding.severity.value, finding.role) == ("warning", "intermediate")
    assert finding.message.startswith("the organization in the subject ")
    assert finding.message.endswith(told)
    assert safe(letter) in finding.message
    assert letter not in finding.message


@pytest.mark.parametrize("name", ["Müller & Söhne", "工場", "a\u00a0b", "e\u0301", "\u200b", "x"])
def test_other_characters_are_none(name: str) -> None:
    """Letters of any script, a blank that does not break, accents, a joiner without width."""
    assert not controlled(name)
    gateway = GATEWAY.change("intermediate", subject=[("O", name), ("CN", "Plant")])
    assert found(gateway) == []


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"dns": ["edge\nhub"]}, "the dNSName"),
        ({"email": ["a\tb@contoso.example"]}, "the rfc822Name"),
        (
            {
                "raw": [
                    der.tlv(
                        0xA4,
                        der.sequence(
                            der.tlv(0x31, der.sequence(der.oid("2.5.4.3"), der.tlv(0x0C, b"a\0b")))
                        ),
                    )
                ]
            },
            "the common name in the directoryName",
        ),
    ],
)
def test_alternative_names_of_every_kind_are_looked_at(names: Any, told: str) -> None:
    """DNS names, mailboxes, and names of directories."""
    extension = subject_alt_name(
        **{"dns": [stock.HOSTNAME, "edgehub", *names.pop("dns", ())], **names}
    )
    (finding,) = found(GATEWAY.with_extension("server", extension))
    assert finding.role == "server"
    assert finding.message.startswith(told)


def test_an_address_with_a_control_character_is_no_uri() -> None:
    """Go refuses it as such, which is the finding of another rule."""
    names = subject_alt_name(dns=[stock.HOSTNAME, "edgehub"], uri=["http://a\nb/"])
    gateway = GATEWAY.with_extension("server", names)
    report = edgecheck.check(pem(*gateway.presented()), stock.HOSTNAME, pem(*gateway.trust()), NOW)
    rules = {f.rule.id: f.severity.value for f in report.findings}
    assert rules["encoding.alternative-name"] == "error"
    assert RULE not in rules


def test_several_are_one_finding_of_their_certificate() -> None:
    """The first is shown, the others are counted."""
    names = subject_alt_name(dns=[stock.HOSTNAME, "edgehub", "a\n", "b\n", "c\n"])
    (finding,) = found(GATEWAY.with_extension("server", names))
    assert finding.message.endswith(", and 2 more")
    assert finding.evidence["found"] == [f"the dNSName: {letter}\\n" for letter in ("a", "b", "c")]


def test_an_issuer_that_nobody_presented_is_told_by_what_it_issued() -> None:
    """Else its own subject tells, and what it issued follows."""
    named = GATEWAY.change("root", subject="Root\n")
    (finding,) = found(named)
    assert finding.role == "root"
    alone = edgecheck.check(
        pem(*named.presented("server", "device_ca", "intermediate")), stock.HOSTNAME, at=NOW
    )
    (finding,) = (f for f in alone.findings if f.rule.id == RULE)
    assert finding.role == "intermediate"
    assert "the common name in the issuer" in finding.message
