"""Host names: what is the same name for a client, and what only looks so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import pem, subject_alt_name
from fixtures.stock import HOSTNAME, NOW

CASE = "hostname.case-mismatch"
CONFIGURED = "hostname.upper-case-in-configuration"
NOT_IN_SAN = "hostname.not-in-san"
CN_ONLY = "hostname.cn-only"
DEVICE_CA_FILE = ("device_ca", "intermediate", "root")


def report(gateway: Gateway, *roles: str, **given: Any) -> edgecheck.Report:
    """A gateway's chain, or some of its certificates, with its root as trust."""
    chain = pem(*gateway.presented(*roles), comments=False)
    return edgecheck.check(chain, trust=pem(*gateway.trust(), comments=False), at=NOW, **given)


def said(report: edgecheck.Report) -> list[tuple[str, str]]:
    """What the rules about host names said: rule and severity."""
    return [
        (finding.rule.id, finding.severity.value)
        for finding in report.findings
        if finding.rule.family == "hostname"
    ]


def message(report: edgecheck.Report, rule: str) -> str:
    """The one message of a rule."""
    (found,) = (finding.message for finding in report.findings if finding.rule.id == rule)
    return found


def undecided(report: edgecheck.Report) -> dict[str, str]:
    """Rules that could not be decided, and why."""
    return {entry.rule: entry.because for entry in report.undecided}


def server_for(*dns: str, ip: Iterable[str] = ()) -> Gateway:
    """A gateway with runtime 1.5 whose server certificate is for these names and addresses."""
    names = subject_alt_name(dns=dns, ip=tuple(ip))
    return stock.stock_15().with_extension("server", names)


# --- is it the name that the client asked for? ---------------------------------------------------


@pytest.mark.parametrize(
    "asked", ["2001:db8::1", "2001:DB8::1", "2001:0db8:0:0:0:0:0:1", "[2001:db8::1]"]
)
def test_an_ipv6_address_is_the_same_in_every_spelling(asked: str) -> None:
    """Addresses are compared as numbers, and brackets belong to URLs."""
    gateway = server_for("edgeHub", ip=["2001:db8::1"])
    assert said(report(gateway, hostname=asked, device=Device(hostname=asked))) == []


@pytest.mark.parametrize("asked", ["10.1.2.3", "2001:DB8::1", "2001:DB8:0::1"])
def test_an_address_among_the_dns_names_is_named_as_such(asked: str) -> None:
    """However it is spelled: runtime 1.1 writes what the configuration has."""
    found = report(server_for("10.1.2.3", "2001:db8::1"), hostname=asked)
    assert said(found) == [(NOT_IN_SAN, "error")]  # and nothing about the case of its digits
    assert "as a DNS name, not as an IP address" in message(found, NOT_IN_SAN)


def test_another_address_is_not_a_short_form() -> None:
    """Two addresses that begin alike have nothing to do with each other."""
    found = report(server_for("10.9.9.9", "edgeHub", ip=["10.8.8.8"]), hostname="10.1.2.3")
    assert message(found, NOT_IN_SAN) == (
        'the server certificate is for 10.9.9.9, edgeHub, 10.8.8.8, not for "10.1.2.3"'
    )


@pytest.mark.parametrize(
    ("presented", "asked", "expected"),
    [
        ("press-3", "press-3.plant7.example", True),
        ("press-3.plant7.example", "press-3", True),
        ("Press-3", "PRESS-3.plant7.example", True),
        ("press-3.plant7.example", "press-3.plant8.example", False),
        ("press-3.plant7", "press-3.plant7.example", False),
        ("press", "press-3.plant7.example", False),
    ],
)
def test_a_short_form_is_the_first_label_alone(presented: str, asked: str, expected: bool) -> None:
    """Two full names that begin with the same label are two machines."""
    found = message(report(server_for(presented), hostname=asked), NOT_IN_SAN)
    assert found.endswith("; one is the short form of the other") is expected


@pytest.mark.parametrize("asked", ["gäteway.example", "GÄTEWAY.example", "xn--gteway-bua.example"])
def test_a_name_outside_ascii_is_compared_as_its_a_labels(asked: str) -> None:
    """The certificate has the encoded form; that the letters differ is not a matter of case."""
    assert said(report(server_for("xn--gteway-bua.example"), hostname=asked)) == []


def test_a_name_that_idna_does_not_allow_matches_nothing() -> None:
    """No certificate can be for it, and nothing is said about its case."""
    found = report(server_for("gateway.example"), hostname="gate\N{SNOWMAN}way..example")
    assert said(found) == [(NOT_IN_SAN, "error")]


def test_a_wildcard_stands_for_one_label() -> None:
    """RFC 9525: the left-most one, and no more."""
    gateway = server_for("*.plant7.example")
    assert said(report(gateway, hostname="press-3.plant7.example")) == []
    for asked in ("plant7.example", "a.press-3.plant7.example"):
        assert said(report(gateway, hostname=asked)) == [(NOT_IN_SAN, "error")]


def test_many_names_are_cut() -> None:
    """Six names are shown, and how many there are besides."""
    names = [f"press-{number}.plant7.example" for number in range(9)]
    found = message(report(server_for(*names), hostname="other.example"), NOT_IN_SAN)
    assert "press-5.plant7.example and 3 more, not for" in found
    assert "press-6" not in found
    found = message(report(server_for(*names[:6]), hostname="other.example"), NOT_IN_SAN)
    assert "press-5.plant7.example, not for" in found


# --- letter case ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dns", "asked", "expected"),
    [
        ([HOSTNAME], HOSTNAME, []),
        (
            [HOSTNAME.upper()],
            HOSTNAME.upper(),
            [(CASE, "info")],
        ),  # the common name is in lower case
        ([HOSTNAME], HOSTNAME.upper(), [(CASE, "warning")]),
        ([HOSTNAME.upper()], HOSTNAME, [(CASE, "warning")]),
        ([HOSTNAME.upper(), HOSTNAME], HOSTNAME, []),
        (["XN--GTEWAY-BUA.example"], "xn--gteway-bua.example", [(CASE, "warning")]),
        (["*.Local"], HOSTNAME, []),
    ],
)
def test_case_is_compared_with_the_name_that_fits(
    dns: list[str], asked: str, expected: list[tuple[str, str]]
) -> None:
    """One entry in the client's spelling is enough."""
    assert said(report(server_for(*dns), hostname=asked)) == expected


@pytest.mark.parametrize(
    ("dns", "asked"), [(HOSTNAME.upper(), HOSTNAME), (HOSTNAME, "IotEdgeGW.local")]
)
def test_lower_case_is_what_is_wanted(dns: str, asked: str) -> None:
    """Whichever of the two has the upper-case letters."""
    assert report(server_for(dns), hostname=asked).findings[0].evidence["wanted"] == HOSTNAME


def test_the_common_name_stands_in_where_there_is_no_other() -> None:
    """Clients that still take a name from there ignore its case too."""
    gateway = stock.stock_15().without_extension("server", "subjectAltName")
    found = report(gateway, hostname=HOSTNAME.title())
    assert said(found) == [(CN_ONLY, "error"), (CASE, "warning")]


def test_each_spelling_of_the_connection_strings_is_told_once() -> None:
    """The client's own name is among them; other names are a fault of their own."""
    device = Device(gateway_host_names=("IOTEDGEGW.local", "2001:DB8::1", "Other.Local", HOSTNAME))
    found = report(stock.stock_15(), hostname="IOTEDGEGW.local", device=device)
    assert said(found) == [
        ("hostname.gateway-host-name-not-in-san", "error"),
        (CASE, "warning"),
    ]
    assert found.findings[0].evidence["wanted"] == ["2001:DB8::1", "Other.Local"]


@pytest.mark.parametrize(
    ("runtime", "severity"),
    [
        ("1.0.0", "info"),
        ("1.1", "info"),
        ("1.2.10", "info"),
        ("1.3.0", "warning"),
        ("1.6", "warning"),
        (None, "info"),
    ],
)
def test_upper_case_matters_from_the_first_runtime_that_keeps_it(
    runtime: str | None, severity: str
) -> None:
    """1.2.10 lower-cases the configured name, 1.3.0 does not; unknown is one level lower."""
    device = Device(runtime=runtime, hostname="IotEdgeGW.local")
    found = report(stock.stock_15(), *DEVICE_CA_FILE, device=device)
    assert said(found) == [(CONFIGURED, severity)]
    assert found.findings[0].evidence["wanted"] == HOSTNAME
    assert ("the runtime writes it" in message(found, CONFIGURED)) is (
        runtime in ("1.0.0", "1.1", "1.2.10")
    )


@pytest.mark.parametrize("configured", ["iotedgegw.local", "10.1.2.3", "2001:DB8::A"])
def test_digits_and_addresses_have_no_upper_case(configured: str) -> None:
    """The letters of an IPv6 address are digits."""
    assert said(report(stock.stock_15(), device=Device(hostname=configured))) == []


# --- no subjectAltName ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        None,
        subject_alt_name(uri=["https://iotedgegw.local/"]),
        subject_alt_name(email=["edge@contoso.example"]),
        subject_alt_name(ip=[b"\x0a\x01\x02"]),
    ],
)
def test_other_kinds_of_alternative_names_name_no_host(names: Any) -> None:
    """A URI, a mail address, or an address of three octets is no name for a client."""
    gateway = stock.stock_15()
    if names is None:
        gateway = gateway.without_extension("server", "subjectAltName")
    else:
        gateway = gateway.with_extension("server", names)
    found = report(gateway, hostname=HOSTNAME)
    assert said(found) == [(CN_ONLY, "error")]
    assert found.valid is False


def test_no_name_at_all_is_not_called_a_common_name() -> None:
    """Neither in a subjectAltName nor in the subject."""
    gateway = stock.stock_15().without_extension("server", "subjectAltName")
    found = report(gateway.change("server", subject=[("O", "Contoso")]), hostname=HOSTNAME)
    assert said(found) == [(CN_ONLY, "error")]
    assert message(found, CN_ONLY).endswith("in a subjectAltName")


def test_without_a_host_name_the_missing_names_are_found_all_the_same() -> None:
    """The path is valid then, since nobody asked for a name; Go would refuse any."""
    gateway = stock.stock_15().without_extension("server", "subjectAltName")
    found = report(gateway)
    assert said(found) == [(CN_ONLY, "error")]
    assert found.valid is True
    assert not found.ok


def test_an_ipv6_address_as_common_name_is_compared_as_a_number() -> None:
    """Where the common name is what the client asked for, one rule says all."""
    gateway = stock.stock_15().without_extension("server", "subjectAltName")
    gateway = gateway.change("server", subject="2001:db8::1")
    assert said(report(gateway, hostname="2001:DB8:0::1")) == [(CN_ONLY, "error")]


# --- undecided -----------------------------------------------------------------------------------


def test_what_was_not_said_is_not_judged() -> None:
    """Without a client's name, a configuration or a server certificate nothing has passed."""
    found = undecided(report(stock.stock_15()))
    assert found[CASE] == "neither a host name nor a GatewayHostName was given"
    assert found[CONFIGURED] == "the configured host name was not given"
    assert CN_ONLY not in found
    found = undecided(report(stock.stock_15(), *DEVICE_CA_FILE, hostname=HOSTNAME.upper()))
    assert found[CASE] == found[CN_ONLY] == "no server certificate was given"


def test_a_damaged_subject_alt_name_decides_nothing() -> None:
    """What cannot be read neither matches nor fails to match."""
    damaged = subject_alt_name(raw=[b"\x9f\x01\x00"])
    found = report(stock.stock_15().with_extension("server", damaged), hostname=HOSTNAME)
    assert said(found) == []
    assert found.valid is None
    assert {CASE, CN_ONLY} <= undecided(found).keys()
