"""Extensions whose own fields are not as RFC 5280 has them: who does not read the certificate."""

from __future__ import annotations

import pytest

import edgecheck
from fixtures.edits import EXTENSIONS, Node, edited
from fixtures.pki import pem
from fixtures.stock import HOSTNAME, NOW, stock_15
from tests.contradictions import contradictions

OPENSSL, JAVA, GO, GNUTLS = "openssl3.0.19-s_client", "java17-jsse", "go1.19.8", "gnutls3.7.9-cli"
NSS, MBEDTLS, WOLFSSL, BOTAN = "nss3.87-tstclnt", "mbedtls2.28.3", "wolfssl5.5.4", "botan2.19"
ASKED = {OPENSSL, JAVA, GO, GNUTLS, NSS, MBEDTLS, WOLFSSL, BOTAN}
KIND, VALUE = Node(6, b"\x2a\3\4"), Node(4, b"\5\0")


def report(role: str, *fields: Node) -> edgecheck.Report:
    """Of a sound chain with one extension more, which has these fields."""

    def more(extensions: Node) -> None:
        extensions.children.append(Node(0x30, b"", list(fields)))

    gateway = stock_15("ec").change(role, damage_tbs=edited(EXTENSIONS, 0, edit=more))
    chain, root = pem(*gateway.presented(), comments=False), pem(*gateway.trust(), comments=False)
    return edgecheck.check(chain, HOSTNAME, root, NOW)


@pytest.mark.parametrize("role", ["server", "device_ca"])
@pytest.mark.parametrize(
    ("fields", "reading"),
    [
        ((KIND, VALUE), ASKED),
        ((KIND, Node(1, b""), VALUE), set()),
        ((KIND, Node(1, b"\0\0"), VALUE), {NSS}),
        ((KIND,), set()),
        ((VALUE,), set()),
        ((KIND, Node(12, b"x")), set()),
        ((KIND, VALUE, Node(5, b"")), {JAVA, GO}),
        ((Node(6, b""), VALUE), {MBEDTLS, WOLFSSL}),
        ((Node(6, b"\x2a\x83"), VALUE), {GNUTLS, NSS, MBEDTLS, WOLFSSL, BOTAN}),
    ],
    ids=[
        "sound", "no octet", "two octets", "no value", "no identifier", "a text", "more",
        "an empty identifier", "a cut identifier",
    ],
)  # fmt: skip
def test_who_reads_an_extension_of_other_fields(
    role: str, fields: tuple[Node, ...], reading: set[str]
) -> None:
    """Each library's reader of certificates was given each of them, and refuses the others."""
    found = report(role, *fields)
    accepting = {p.client for p in found.predictions if str(p.verdict) == "accept"}
    assert accepting & ASKED == reading
    assert not contradictions(found)


@pytest.mark.parametrize("role", ["server", "device_ca"])
def test_an_extension_without_anything_in_it_is_told_and_read_by_nobody_but_gnutls(
    role: str,
) -> None:
    """What GnuTLS makes of it after the import is not known."""
    found = report(role)
    said = {p.client: str(p.verdict) for p in found.predictions}
    assert {said[client] for client in ASKED - {GNUTLS}} == {"reject"}
    assert said[GNUTLS] == "unknown"
    (finding,) = [each for each in found.findings if each.rule.id == "encoding.not-der"]
    assert "has one without anything in it" in finding.message
    assert "GnuTLS" not in finding.evidence["refused_by"]
    assert not contradictions(found)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((KIND, Node(1, b""), VALUE), "error:0680006A:asn1 encoding routines:asn1_ex_c2i:boolean"),
        ((KIND,), "error:06800079:asn1 encoding routines:asn1_item_embed_d2i:field missing"),
        ((), "error:06800079:asn1 encoding routines:asn1_item_embed_d2i:field missing"),
    ],
)
def test_openssl_says_what_is_wrong_with_the_extension(
    fields: tuple[Node, ...], words: str
) -> None:
    """As `openssl asn1parse -item X509` of 3.0.22 says it."""
    said = {p.client: p.says for p in report("server", *fields).predictions}
    assert words in said[OPENSSL]
