"""Host names in Node.js: what matches, and what its message says of what does not."""

from __future__ import annotations

from typing import Any

import pytest

from edgecheck.behaviour.host import host
from edgecheck.behaviour.node import names as node
from edgecheck.behaviour.node.ascii import domain_to_ascii
from edgecheck.reading.certificate import Certificate
from fixtures import der
from fixtures.pki import issue, raw_extension
from tests.behaviour.runs import named as made
from tests.behaviour.runs import read
from tests.hierarchy.chains import server

NOT_LISTED = "Host: gw.local. is not in the cert's altnames: "
SEVERAL = {
    "dns": ["gx.local", "a.b"],
    "uri": ["https://x/"],
    "ip": ["10.0.0.1", "2001:db8::1", b"\1\2\3"],
    "email": ["a@b"],
    "raw": [bytes.fromhex("a00706032a0304a000")],
}
LISTED = (
    "DNS:gx.local, DNS:a.b, URI:https://x/, IP Address:10.0.0.1, IP Address:2001:db8::1, "
    "IP Address:<invalid length=3>, email:a@b, othername:<unsupported>"
)
OPENSSLS = LISTED.replace("<invalid length=3>", "<invalid>")
"""As Node.js 8 and 10 have OpenSSL print it."""
HOSTS: tuple[tuple[Certificate, str, str | None, str | None], ...] = (
    (made(dns=["gw.local"]), "gw.local.", None, None),
    (made(**SEVERAL), "gw.local", NOT_LISTED + LISTED, NOT_LISTED + OPENSSLS),
    (made("gw.local"), "gw.local", None, None),
    (made("gx.local"), "gw.local", "Host: gw.local. is not cert's CN: gx.local",
     "Host: gw.local. is not cert's CN: gx.local"),
    (made([("CN", "a"), ("CN", "b")]), "gw.local", "Host: gw.local. is not cert's CN: a,b",
     "Host: gw.local. is not cert's CN: a,b"),
    (made([("O", "x")]), "gw.local", "Cert does not contain a DNS name",
     "Cert does not contain a DNS name"),
    (made(der.sequence()), "gw.local", "Cert does not contain a DNS name", "Cert is empty"),
    (made(der.sequence(), dns=["gw.local"]), "gw.local", None, "Cert is empty"),
    (made("gw.local", ip=["10.0.0.1"]), "gw.local", None,
     f"{NOT_LISTED}IP Address:10.0.0.1"),
    (made("gw.local", uri=["https://x/"]), "gw.local", None, f"{NOT_LISTED}URI:https://x/"),
    (made(uri=["https://u:p@gw.local:8883/x"]), "gw.local",
     "Host: gw.local. is not cert's CN: unrelated", None),
    (made(uri=["https://*.plant.local/"]), "gw.plant.local",
     "Host: gw.plant.local. is not cert's CN: unrelated",
     "Host: gw.plant.local. is not in the cert's altnames: URI:https://*.plant.local/"),
    (made(uri=["urn:gw.local"]), "gw.local", "Host: gw.local. is not cert's CN: unrelated",
     f"{NOT_LISTED}URI:urn:gw.local"),
    (made(ip=["10.0.0.1"]), "10.0.0.1", None, None),
    (made(ip=["10.0.0.1", "10.0.0.3"]), "10.0.0.2",
     "IP: 10.0.0.2 is not in the cert's list: 10.0.0.1, 10.0.0.3",
     "IP: 10.0.0.2 is not in the cert's list: 10.0.0.1, 10.0.0.3"),
    (made("10.0.0.2"), "10.0.0.2", "IP: 10.0.0.2 is not in the cert's list:",
     "IP: 10.0.0.2 is not in the cert's list:"),
    (made(ip=["2001:db8::1"]), "2001:DB8:0::1", None, None),
)  # fmt: skip


@pytest.mark.parametrize(("certificate", "asked", "told", "old"), HOSTS)
def test_what_node_says_of_a_name(
    certificate: Certificate, asked: str, told: str | None, old: str | None
) -> None:
    """Function checkServerIdentity of lib/tls.js at v20, and as it was up to v10."""
    assert node.mismatch(certificate, host(asked)) == told
    assert node.matches(certificate, host(asked)) is (told is None)
    assert node.old_mismatch(certificate, host(asked)) == old
    assert node.old_matches(certificate, host(asked)) is (old is None)


@pytest.mark.parametrize(
    ("asked", "pattern", "taken"),
    [
        ("gw.plant.local", "*.plant.local", True),
        ("gw.local", "*.local", False),
        ("gw1.plant.local", "gw*.plant.local", True),
        ("1gw.plant.local", "*gw.plant.local", True),
        ("gxw.plant.local", "g*w.plant.local", True),
        ("gw.plant.local", "gw*w.plant.local", False),
        ("gaw.plant.local", "g*a*w.plant.local", False),
        ("gw.plant.local", "h*.plant.local", False),
        ("gw.plant.local", "*h.plant.local", False),
        ("gw.plant.local", "gw.plant.local", True),
        ("gw.plant.local", "GW.PLANT.LOCAL.", True),
        ("gw.plant.local", "gw.plant", False),
        ("gw.plant.local", "gw.*.local", False),
        ("xn--a.plant.local", "xn--*.plant.local", False),
        ("gw", "", False),
        ("gw.a", "gw .a", False),
        ("gw..a", "gw..a", False),
        ("g\x7fw.a", "g\x7fw.a", True),
        ("g\x20w.a", "g\x20w.a", False),
        ("g!w.a", "g!w.a", True),
        ("b\u00fc.a", "b\u00fc.a", False),
    ],
)
def test_nodes_star_is_one_in_the_left_most_of_three_labels(
    asked: str, pattern: str, taken: bool
) -> None:
    assert node.check(asked.split("."), pattern) is taken


def test_letters_outside_ascii_are_left_as_they_are() -> None:
    """Only A to Z become small (splitHost); a name with others matches nothing."""
    told = "Host: B\u00dc.LOCAL. is not in the cert's altnames: DNS:b\u00fc.local"
    assert (
        node.mismatch(made(dns=["b\u00fc.local".encode("latin-1")]), host("B\u00dc.LOCAL")) == told
    )


def test_bun_takes_no_dollar_and_no_percent_sign() -> None:
    for name in ("$edgeHub", "edge%31Hub", "edgeHub"):
        certificate = made(dns=[name])
        assert node.matches(certificate, host(name))
        assert node.bun_matches(certificate, host(name)) is (name == "edgeHub")
    assert not node.bun_matches(made(dns=["x"]), host("y"))
    assert node.bun_matches(made(dns=["xn--bcher-kva.local"]), host("b\u00fccher.local"))


# --- one generation after the other -------------------------------------------------------------

TYPED, URL, SUMMER, AUTUMN, NEWEST = (
    node.matches,
    node.url_matches,
    node.first_ascii_matches,
    node.ascii_matches,
    node.newest_matches,
)
EVERY = {TYPED, URL, SUMMER, AUTUMN, NEWEST}
GENERATIONS: tuple[tuple[str, Certificate, set[Any]], ...] = (
    ("GW.Local", made(dns=["gw.local"]), EVERY),
    ("gw.local.", made(dns=["gw.local"]), EVERY),
    ("a_b.local", made(dns=["a_b.local"]), EVERY),
    ("b\u00fccher.local", made(dns=["xn--bcher-kva.local"]), EVERY - {TYPED}),
    ("b\u00fccher.local", made("xn--bcher-kva.local"), EVERY - {TYPED}),
    ("b\u00fccher.local", made(dns=["b\u00fccher.local".encode("latin-1")]), set()),
    ("10.1.2.3", made(ip=["10.1.2.3"]), EVERY),
    ("10.1.2.4", made(ip=["10.1.2.3"]), set()),
    ("2001:db8::1", made(ip=["2001:db8::1"]), EVERY - {SUMMER}),
    ("[2001:db8::1]", made(ip=["2001:db8::1"]), EVERY - {SUMMER}),
    ("gw.1", made(dns=["gw.1"]), {TYPED, URL}),
    ("127.1", made(dns=["127.1"]), {TYPED, URL}),
    ("127.1", made(ip=["127.0.0.1"]), {SUMMER}),
    ("127.0.0.1.", made(ip=["127.0.0.1"]), EVERY),
    ("0x7f.local", made(dns=["0x7f.local"]), EVERY),
    ("a b.local", made(dns=["a b.local"]), set()),
    ("gw.local", made("gw.local"), EVERY),
    ("gw.local", made("gw.local", raw=[]), EVERY - {NEWEST}),
    ("gw.local", made("gw.local", email=["a@b"]), EVERY),
    ("gw.local", made("gw.local", ip=["10.0.0.1"]), EVERY),
    ("gw.local", made("gw.local", dns=["other.local"]), set()),
)


@pytest.mark.parametrize(("asked", "certificate", "taking"), GENERATIONS)
def test_which_generation_of_node_takes_a_name(
    asked: str, certificate: Certificate, taking: set[Any]
) -> None:
    """As v20.20.2, the Azure SDK on it, v24.19.0, v26.8.2 and v26.12.1 do."""
    assert {takes for takes in EVERY if takes(certificate, host(asked))} == taking


def test_the_newest_says_why() -> None:
    """What is told is the host as it was typed; of no names as of one that is empty."""
    for certificate in (made("gw.local", raw=[]), damaged_names("gw.local")):
        assert node.newest_mismatch(certificate, host("gw.local")) == f"{NOT_LISTED}DNS:"
        assert node.newest_mismatch(certificate, host("10.0.0.1")) == (
            "IP: 10.0.0.1 is not in the cert's list:"
        )
    told = "Host is a non-canonical IP address"
    assert node.newest_mismatch(made(ip=["127.0.0.1"]), host("127.1")) == told
    assert node.newest_mismatch(made(dns=["x"]), host("b\u00fccher.local")) == (
        "Host: b\u00fccher.local. is not in the cert's altnames: DNS:x"
    )
    assert node.url_mismatch(made(dns=["x"]), host("GW.Local")) == f"{NOT_LISTED}DNS:x"


def damaged_names(subject: str) -> Certificate:
    """A certificate whose subjectAltName is no sequence."""
    spec = server(raw_extension("subjectAltName", b"\x04\x00"), subject=subject)
    return read(issue(spec))[0]


@pytest.mark.parametrize(
    ("typed", "converted"),
    [
        ("GW.Local", "gw.local"),
        ("gw.local.", "gw.local."),
        ("b\u00fccher.local", "xn--bcher-kva.local"),
        ("\u00df.local", "xn--zca.local"),
        ("\ufb01.local", "fi.local"),
        ("a\u3002b", "a.b"),
        ("1.2.3", "1.2.0.3"),
        ("0x7f.1", "127.0.0.1"),
        ("010.1.2.3", "8.1.2.3"),
        ("0x", "0.0.0.0"),
        ("1.2.3.4.", "1.2.3.4"),
        ("4294967295", "255.255.255.255"),
        ("4294967296", ""),
        ("256.1.1.1", ""),
        ("1.2.3.4.5", ""),
        ("gw.1", ""),
        ("gw.08", ""),
        ("gw.0x1", ""),
        ("gw.0xg", "gw.0xg"),
        ("1e3", "1e3"),
        ("a..b", "a..b"),
        ("-a.b-", "-a.b-"),
        ("$edgeHub", "$edgehub"),
        ("a%41.local", "aa.local"),
        ("a\tb", "ab"),
        ("a/b.local", "a"),
        ("a?b", "a"),
        ("a\\b", "a"),
        ("a b", ""),
        ("a:80", ""),
        ("a@b", ""),
        ("a|b", ""),
        ("a^b", ""),
        ("::1", ""),
        ("[::1]", "[::1]"),
        ("", ""),
    ],
)
def test_a_host_is_converted_as_urls_have_it(typed: str, converted: str) -> None:
    """As domainToASCII of v26.12.1 answered."""
    assert domain_to_ascii(typed) == converted
