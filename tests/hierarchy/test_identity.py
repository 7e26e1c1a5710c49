"""Whether the server is the one that was asked for: RFC 9525, and extended key usages."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.der import sequence
from fixtures.pki import extended_key_usage, name_constraints, raw_extension, subject_alt_name
from tests.hierarchy.chains import HOST, Chain, steps

SERVER, CA, ROOT = 0, 1, 2
GOOD = Chain()
PROFILES = ("iot-edge", "rfc5280")

DNS_NAMES = [
    # host, dNSName, whether it matches
    ("gw.example", "gw.example", True),
    ("GW.Example", "gw.example", True),
    ("gw.example", "GW.EXAMPLE", True),
    ("gw", "gw", True),
    ("gw.example", "gw.example.org", False),
    ("gw.example", "example", False),
    ("sub.gw.example", "gw.example", False),
    ("gw.example", "xgw.example", False),
    # A wildcard is the whole left-most label (section 6.3, and 7.2 for what it must not be).
    ("a.plant7.example", "*.plant7.example", True),
    ("A.PLANT7.example", "*.plant7.example", True),
    ("a.b.plant7.example", "*.plant7.example", False),
    ("plant7.example", "*.plant7.example", False),
    (".plant7.example", "*.plant7.example", False),
    ("a.plant7.example", "a*.plant7.example", False),
    ("a.plant7.example", "*a.plant7.example", False),
    ("ab.plant7.example", "a*b.plant7.example", False),
    ("a.b.plant7.example", "a.*.plant7.example", False),
    ("a.b.plant7.example", "*.*.plant7.example", False),
    ("gw", "*", False),
    ("gw.example", "*", False),
    ("gw.example", "*.", False),
    # IDNA: U-labels become A-labels before they are compared (section 6.3).
    ("büro.example", "xn--bro-hoa.example", True),
    ("BÜRO.example", "xn--bro-hoa.example", True),
    ("xn--bro-hoa.example", "xn--bro-hoa.example", True),
    ("XN--BRO-HOA.example", "xn--bro-hoa.example", True),
    ("straße.example", "xn--strae-oqa.example", True),
    ("straße.example", "strasse.example", False),
    ("buro.example", "xn--bro-hoa.example", False),
    ("xn--bro-hoa.plant7.example", "*.plant7.example", True),
    ("büro.plant7.example", "*.plant7.example", True),
    ("a.büro.example", "*.xn--bro-hoa.example", True),
    ("xn--bro-hoa.plant7.example", "xn--*.plant7.example", False),
    ("xn--bro-hoa.plant7.example", "x*.plant7.example", False),
    # An address is never a DNS name.
    ("192.0.2.1", "192.0.2.1", False),
    ("192.0.2.1", "*.0.2.1", False),
    ("2001:db8::1", "2001:db8::1", False),
]

ADDRESSES = [
    ("192.0.2.1", "192.0.2.1", True),
    ("192.0.2.1", "192.0.2.2", False),
    ("2001:db8::1", "2001:db8::1", True),
    ("2001:DB8:0:0::1", "2001:db8::1", True),
    ("[2001:db8::1]", "2001:db8::1", True),
    ("::ffff:192.0.2.1", "192.0.2.1", False),
    ("192.0.2.1", "::ffff:192.0.2.1", False),
    ("gw.example", "192.0.2.1", False),
]


def verdict(host: str, profile: str = "iot-edge", **names: Any) -> bool | None:
    return GOOD.put(SERVER, subject_alt_name(**names)).report(profile, hostname=host).valid


@pytest.mark.parametrize(("host", "name", "matches"), DNS_NAMES)
def test_dns_names(host: str, name: str, matches: bool) -> None:
    """A DNS name against one dNSName."""
    assert verdict(host, dns=[name]) is matches
    assert verdict(host, dns=["other.example", name, "another.example"]) is matches


@pytest.mark.parametrize(("host", "name", "matches"), ADDRESSES)
def test_addresses(host: str, name: str, matches: bool) -> None:
    """An address against one iPAddress."""
    assert verdict(host, ip=[name]) is matches


@pytest.mark.parametrize(
    "names",
    [
        {"uri": [f"https://{HOST}/"]},
        {"email": [f"edge@{HOST}"]},
        {"dns": ["another.example"]},
        {"ip": ["192.0.2.1"]},
    ],
)
def test_names_of_other_forms_do_not_count(names: Any) -> None:
    """Nor does the common name, which is the host's."""
    assert verdict(HOST, **names) is False


@pytest.mark.parametrize("profile", PROFILES)
def test_the_common_name_does_not_count(profile: str) -> None:
    """RFC 9525, section 2: it is not looked at, even where there is no subjectAltName."""
    report = GOOD.without(SERVER, "subjectAltName").report(profile)
    assert report.valid is False
    assert "RFC 9525, 6" in steps(report)


def test_without_a_host_nothing_is_asked() -> None:
    """Nor in profile `path`, which is RFC 5280, section 6.1, alone."""
    assert GOOD.without(SERVER, "subjectAltName").report("iot-edge", hostname=None).valid is True
    assert GOOD.report("path", hostname="other.example").valid is True


@pytest.mark.parametrize("profile", PROFILES)
def test_a_subject_alt_name_that_cannot_be_read(profile: str) -> None:
    """It may have the name or not."""
    for value in (b"\5\0", sequence(), sequence(b"\xa9\0")):
        report = GOOD.put(SERVER, raw_extension("subjectAltName", value)).report(profile)
        assert report.valid is None
        assert "RFC 9525, 6" in steps(report)


def test_one_name_that_is_wrong_does_not_spoil_the_others() -> None:
    """Of an entry that cannot be read, the others are left."""
    assert verdict(HOST, dns=[HOST], ip=[b"12345"]) is True


@pytest.mark.parametrize(
    ("purposes", "for_servers", "for_clients"),
    [
        (("serverAuth",), True, False),
        (("clientAuth",), False, True),
        (("serverAuth", "clientAuth"), True, True),
        (("anyExtendedKeyUsage",), True, True),
        (("codeSigning",), False, False),
        (("1.3.6.1.4.1.99999.1",), False, False),
    ],
)
@pytest.mark.parametrize("at", [SERVER, CA])
def test_purposes(at: int, purposes: tuple[str, ...], for_servers: bool, for_clients: bool) -> None:
    """ExtKeyUsage in the target, and in a CA above it."""
    chain = GOOD.put(SERVER, extended_key_usage("serverAuth", "clientAuth"))
    chain = chain.put(at, extended_key_usage(*purposes))
    for purpose, allowed in (("server", for_servers), ("client", for_clients)):
        report = chain.report("iot-edge", purpose=purpose)
        assert report.valid is allowed
        assert ("4.2.1.12" in steps(report)) is not allowed


def test_purposes_of_a_root_bind_nobody() -> None:
    """An anchor is a name and a key; its extKeyUsage is not looked at outside the web."""
    chain = GOOD.put(ROOT, extended_key_usage("codeSigning"))
    assert chain.report("iot-edge").valid is True


PEERS = subject_alt_name(dns=["pump.example"], ip=["192.0.2.7"], email=["Pump@Plant7.example"])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), True),
        (("pump.example",), True),
        (("192.0.2.7",), True),
        (("Pump@plant7.EXAMPLE",), True),
        (("pump.example", "192.0.2.7", "Pump@plant7.example"), True),
        (("pump@plant7.example",), False),
        (("Pump@pump.example",), False),
        (("pump.example", "other.example"), False),
        (("192.0.2.8",), False),
    ],
)
def test_names_of_a_client(names: tuple[str, ...], expected: bool) -> None:
    """A client carries all names that are asked for; a local part keeps its case."""
    chain = GOOD.put(SERVER, PEERS, extended_key_usage("clientAuth"))
    report = chain.report("rfc5280", hostname=None, purpose="client", peer_names=names)
    assert report.valid is expected


def named(host: str, **subtrees: Any) -> Chain:
    return GOOD.put(SERVER, subject_alt_name(dns=[host])).put(CA, name_constraints(**subtrees))


@pytest.mark.parametrize(
    ("host", "subtrees", "expected"),
    [
        ("gw.plant7.example", {"permitted": {"dns": ["plant7.example"]}}, True),
        ("plant7.example", {"permitted": {"dns": ["plant7.example"]}}, True),
        ("xplant7.example", {"permitted": {"dns": ["plant7.example"]}}, False),
        ("gw.plant8.example", {"permitted": {"dns": ["plant7.example"]}}, False),
        ("gw.plant7.example", {"excluded": {"dns": ["plant7.example"]}}, False),
        ("gw.plant7.example", {"excluded": {"dns": ["PLANT7.example"]}}, False),
        ("gw.plant7.example", {"excluded": {"dns": ["plant8.example"]}}, True),
        ("gw.plant7.example", {"permitted": {"ip": ["10.0.0.0/8"]}}, True),
        ("gw.plant7.example", {"permitted": {"email": ["plant8.example"]}}, True),
    ],
)
def test_name_constraints(host: str, subtrees: Any, expected: bool) -> None:
    """The name that is asked for is within what the CA may name."""
    report = named(host, **subtrees).report(hostname=host)
    assert report.valid is expected


@pytest.mark.parametrize("profile", ["iot-edge", "rfc5280", "web-pki"])
def test_name_constraints_of_an_anchor(profile: str) -> None:
    """They bind in all profiles but `path`, where an anchor is a name and a key."""
    chain = GOOD.put(ROOT, name_constraints(permitted={"dns": ["plant8.example"]}))
    assert chain.report(profile).valid is False
    assert chain.report("path").valid is True


def test_a_wildcard_that_reaches_out_of_the_constraints() -> None:
    """`*.example` may be any name, so it is not within plant7.example, whoever asks."""
    assert (
        named("*.example", permitted={"dns": ["plant7.example"]})
        .report(hostname="plant7.example")
        .valid
        is False
    )
