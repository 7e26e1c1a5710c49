"""Host names in Node.js: what matches, and what its message says of what does not."""

from __future__ import annotations

import pytest

from edgecheck.behaviour.host import host
from edgecheck.behaviour.node import names as node
from edgecheck.reading.certificate import Certificate
from fixtures import der
from tests.behaviour.runs import named as made

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
    "IP Address:<invalid>, email:a@b, othername:<unsupported>"
)
HOSTS: tuple[tuple[Certificate, str, str | None, str | None], ...] = (
    (made(dns=["gw.local"]), "gw.local.", None, None),
    (made(**SEVERAL), "gw.local", NOT_LISTED + LISTED, NOT_LISTED + LISTED),
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


def test_bun_takes_no_dollar_sign() -> None:
    for name in ("$edgeHub", "edgeHub"):
        certificate = made(dns=[name])
        assert node.matches(certificate, host(name))
        assert node.bun_matches(certificate, host(name)) is ("$" not in name)
    assert not node.bun_matches(made(dns=["x"]), host("y"))
