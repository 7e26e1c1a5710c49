"""Host names: what is the same name for a client, and what only looks so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

import edgecheck
from edgecheck import Device
from edgecheck.behaviour.host_names import every, refusing
from edgecheck.reading.hostnames import no_host_name
from edgecheck.reading.inputs import Reader
from fixtures import der, stock
from fixtures.gateway import Gateway
from fixtures.pki import pem, raw_extension, subject_alt_name
from fixtures.stock import HOSTNAME, NOW
from tests.contradictions import contradictions

CASE = "hostname.case-mismatch"
CONFIGURED = "hostname.upper-case-in-configuration"
NOT_IN_SAN = "hostname.not-in-san"
CN_ONLY = "hostname.cn-only"
WILDCARD = "hostname.wildcard"
NO_HOST_NAME = "hostname.not-a-host-name"
STALE = "hostname.stale"
DEVICE_CA_FILE = ("device_ca", "intermediate", "root")


def report(gateway: Gateway, *roles: str, **given: Any) -> edgecheck.Report:
    """A gateway's chain, or some of its certificates, with its root as trust."""
    chain = pem(*gateway.presented(*roles), comments=False)
    return edgecheck.check(chain, trust=pem(*gateway.trust(), comments=False), at=NOW, **given)


def said(report: edgecheck.Report) -> list[tuple[str, str]]:
    """What the rules about host names said: rule and severity; not that edgeHub is not named."""
    return [
        (finding.rule.id, finding.severity.value)
        for finding in report.findings
        if finding.rule.family == "hostname" and finding.rule.id != "hostname.no-module-name"
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
    """Addresses are compared as numbers, and brackets belong to URLs.

    One generation of Node.js, which is that of Debian 13, takes none at all.
    """
    gateway = server_for("edgeHub", ip=["2001:db8::1"])
    found = report(gateway, hostname=asked, device=Device(hostname=asked))
    assert said(found) == [("hostname.ip-address", "error")]
    (finding,) = [f for f in found.findings if f.rule.id == "hostname.ip-address"]
    refused = set(finding.evidence["refused_by"])
    assert {"Node.js of summer 2026"} == {name for name in refused if name.startswith("Node.js")}


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


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("gäteway.example", [(NO_HOST_NAME, "error")]),
        ("GÄTEWAY.example", [(NO_HOST_NAME, "error")]),
        ("xn--gteway-bua.example", []),
    ],
)
def test_a_name_outside_ascii_is_compared_as_its_a_labels(
    asked: str, expected: list[tuple[str, str]]
) -> None:
    """The certificate has the encoded form; that the letters differ is not a matter of case."""
    assert said(report(server_for("xn--gteway-bua.example"), hostname=asked)) == expected


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
        (["*.Local"], HOSTNAME, [(WILDCARD, "error")]),
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
    (told,) = (finding for finding in found.findings if finding.rule.id == CONFIGURED)
    assert told.evidence["wanted"] == HOSTNAME
    assert ("the runtime writes it" in message(found, CONFIGURED)) is (
        runtime in ("1.0.0", "1.1", "1.2.10")
    )


@pytest.mark.parametrize("configured", ["iotedgegw.local", "10.1.2.3", "2001:DB8::A"])
def test_digits_and_addresses_have_no_upper_case(configured: str) -> None:
    """The letters of an IPv6 address are digits."""
    gateway = stock.stock_15(hostname=configured)
    assert said(report(gateway, device=Device(hostname=configured))) == []


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
    assert message(found, CN_ONLY).endswith("among its names (subjectAltName)")


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


# --- who refuses a name --------------------------------------------------------------------------

ALL = {client.name for client in every()}
OPENSSL = {"S_CLIENT", "VERIFY", "AZURE_C"}
WHOLE_LABELS = {"PYTHON", "STRICT", "DOTNET"}  # OpenSSL without a part of a label
NODE = {"NODE", "OPENSSL_1_1_1", "OPENSSL_1_1_0", "OPENSSL_1_0_2", "BORINGSSL"}
NSS = {"NSS", "NSS_PKIX"}
IN_ORDER = {"MBEDTLS", "BEARSSL"}
MOSQUITTO_2_0 = {"MOSQUITTO_2_0_11", "MOSQUITTO_2_0_21"}
PLAINLY = {"MOSQUITTO_2_1", "PAHO_C"}  # who ask OpenSSL for a name


def refused_by(certificate: Gateway, asked: str) -> set[str]:
    """Names of the members of Refuser that do not take a certificate for a host."""
    der = certificate.issued("server").der
    return {who.name for who in refusing(asked, Reader({}, 10**6, 10).read(der, "").sequence[0])}


# What the clients themselves said, to a server that sends these certificates.
@pytest.mark.parametrize(
    ("presented", "asked", "expected"),
    [
        ("*.plant.local", "a.plant.local", set()),
        ("*.plant.local", "A.PLANT.local", set()),
        ("*.plant.local", "xn--bcher-kva.plant.local", set()),
        (
            "*.local",
            "plant.local",
            OPENSSL
            | PLAINLY
            | WHOLE_LABELS
            | NODE
            | NSS
            | {"CURL", "MOSQUITTO_2_0_21", "GNUTLS", "RUSTLS", "BOTAN"},
        ),
        ("*.plant.local", "plant.local", ALL),
        ("*.plant.local", "a.b.plant.local", ALL),
        (
            "gw*.plant.local",
            "gw1.plant.local",
            WHOLE_LABELS
            | IN_ORDER
            | MOSQUITTO_2_0
            | {"CURL", "GO", "GNUTLS", "RUSTLS", "CRYPTOGRAPHY"},
        ),
        (
            "*1.plant.local",
            "gw1.plant.local",
            WHOLE_LABELS
            | IN_ORDER
            | NSS
            | MOSQUITTO_2_0
            | {"CURL", "GO", "RUSTLS", "CRYPTOGRAPHY"},
        ),
        (
            "gw*1.plant.local",
            "gwx1.plant.local",
            OPENSSL
            | WHOLE_LABELS
            | IN_ORDER
            | NSS
            | {"PAHO_C", "CURL", "MOSQUITTO", "GO", "GNUTLS", "RUSTLS", "CRYPTOGRAPHY"},
        ),
        ("a.*.plant.local", "a.gw.plant.local", ALL - {"JAVA", "WOLFSSL"} | {"JAVA_21"}),
        ("*.*.plant.local", "a.b.plant.local", ALL - {"JAVA", "WOLFSSL"} | {"JAVA_21"}),
        ("xn--*.plant.local", "xn--bcher-kva.plant.local", ALL - {"BOTAN", "WOLFSSL"}),
        (
            "*.plant.local",
            "a_b.plant.local",
            OPENSSL | PLAINLY | WHOLE_LABELS | {"CRYPTOGRAPHY", "JAVA"},
        ),
        ("iot_edge.local", "iot_edge.local", {"CRYPTOGRAPHY", "JAVA"}),
        ("gw-.local", "gw-.local", {"OPENSSL_4_0", "RUSTLS", "CRYPTOGRAPHY", "JAVA"}),
        (
            "a" * 64 + ".local",
            "a" * 64 + ".local",
            WHOLE_LABELS | {"OPENSSL_4_0", "RUSTLS", "CRYPTOGRAPHY", "JAVA"},
        ),
        ("a" * 40 + "." + "b" * 40 + ".local", "a" * 40 + "." + "b" * 40 + ".local", set()),
        (
            "$edgeHub",
            "$edgeHub",
            {"OPENSSL_4_0", "CURL", "RUSTLS", "CRYPTOGRAPHY", "BORINGSSL", "JAVA"},
        ),
        ("iotedgegw.local.", HOSTNAME, ALL - NODE - {"CURL"}),
        (
            HOSTNAME,
            f"{HOSTNAME}.",
            ALL - NODE - {"DOTNET", "GO", "JAVA", "GNUTLS", "RUSTLS", "CURL"},
        ),
        (f"{HOSTNAME} ", HOSTNAME, ALL),
    ],
)
def test_each_client_matches_in_its_own_way(presented: str, asked: str, expected: set[str]) -> None:
    """As measured."""
    assert refused_by(server_for(presented, "edgeHub"), asked) == expected


@pytest.mark.parametrize(
    ("names", "name", "expected"),
    [
        ({"dns": ["edgeHub"], "ip": ["10.1.2.3"]}, HOSTNAME, {"MBEDTLS_2_28", "BEARSSL"}),
        ({"ip": ["10.9.9.9"]}, HOSTNAME, ALL - {"BOTAN"}),
        (
            {"ip": ["10.9.9.9"]},
            "10.1.2.3",
            ALL - {"BOTAN", "DOTNET", "MOSQUITTO", "PAHO_C"} | {"MOSQUITTO_2_1"},
        ),
        ({"dns": ["edgeHub"]}, "10.1.2.3", ALL - NSS - {"BOTAN", "DOTNET"}),
        (
            {"dns": ["10.1.2.3", "edgehub"]},
            "10.1.2.3",
            ALL - NSS - IN_ORDER - {"BOTAN", "DOTNET", "MOSQUITTO", "PAHO_C", "WOLFSSL"}
            | {"MOSQUITTO_2_1"},
        ),
        (
            {"dns": ["10.1.2.3"]},
            HOSTNAME,
            ALL - IN_ORDER - {"BOTAN", "MOSQUITTO", "PAHO_C", "WOLFSSL"} | {"MOSQUITTO_2_1"},
        ),
        (
            None,
            "10.1.2.3",
            ALL - NSS - IN_ORDER - {"BOTAN", "CURL", "DOTNET", "MOSQUITTO", "PAHO_C", "WOLFSSL"}
            | {"MOSQUITTO_2_1"},
        ),
    ],
)
def test_where_clients_look_for_an_ip_address(
    names: dict[str, list[str]] | None, name: str, expected: set[str]
) -> None:
    """As measured: an iPAddress for most, but a common name or a DNS name for some."""
    gateway = stock.stock_15().change("server", subject=name)
    if names is None:
        gateway = gateway.without_extension("server", "subjectAltName")
    else:
        gateway = gateway.with_extension("server", subject_alt_name(**names))
    assert refused_by(gateway, "10.1.2.3") == expected


NEVER = {"GO", "RUSTLS", "CRYPTOGRAPHY"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (None, NEVER),
        (
            {"ip": ["10.1.2.3"]},
            NEVER
            | IN_ORDER
            | {"CURL", "GNUTLS", "BOTAN", "WOLFSSL", "OPENSSL_1_1_0", "OPENSSL_1_0_2"},
        ),
        (
            {"uri": ["urn:x:y"]},
            NEVER | IN_ORDER | {"GNUTLS", "BOTAN", "WOLFSSL", "OPENSSL_1_1_0", "OPENSSL_1_0_2"},
        ),
        ({"email": ["edge@contoso.example"]}, NEVER | IN_ORDER | {"BOTAN"}),
        ({"dns": ["other.local"]}, ALL),
    ],
)
def test_who_takes_the_common_name_beside_other_names(
    names: dict[str, list[str]] | None, expected: set[str]
) -> None:
    """As measured: most do where there is no DNS name, some only where there is nothing."""
    gateway = stock.stock_15().without_extension("server", "subjectAltName")
    if names is not None:
        gateway = gateway.with_extension("server", subject_alt_name(**names))
    assert refused_by(gateway, HOSTNAME) == expected


def test_findings_name_who_refuses_every_name_that_is_asked_for() -> None:
    """Of several downstream devices, whoever refuses the name of one."""
    device = Device(gateway_host_names=("gw1.plant.local", HOSTNAME))
    found = report(server_for("gw*.plant.local", HOSTNAME), device=device)
    (finding,) = (f for f in found.findings if f.rule.id == "hostname.gateway-host-name-not-in-san")
    assert ".NET" in finding.evidence["refused_by"]
    assert "Node.js" not in finding.evidence["refused_by"]


def test_java_takes_a_wildcard_below_an_encoded_domain() -> None:
    """It compares what `xn--` stands for, so that the wildcard is none of its errors."""
    found = report(server_for("*.xn--plnt-loa.local"), hostname="gw.xn--plnt-loa.local")
    assert said(found) == []


def test_openssl_verify_is_named_for_a_wildcard_that_ends_in_a_dot() -> None:
    """OpenSSL takes no asterisk in such a name, whichever of its programs compares it."""
    found = report(server_for("*.plant.local."), hostname="gw.plant.local.")
    (finding,) = (f for f in found.findings if f.rule.id == NOT_IN_SAN)
    assert {"openssl verify", "openssl s_client"} <= set(finding.evidence["refused_by"])
    assert "mosquitto" not in finding.evidence["refused_by"]


# --- names that match, but not for everybody ------------------------------------------------------


def test_a_wildcard_that_everybody_takes_is_no_violation() -> None:
    """Two labels behind the asterisk are enough."""
    assert said(report(server_for("*.plant.local"), hostname="a.plant.local")) == []
    assert said(report(server_for("*.local", HOSTNAME), hostname=HOSTNAME)) == []


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ("iot_edge.local", 'it has "_"'),
        ("-gw.local", "a label begins or ends with a hyphen"),
    ],
)
def test_what_no_host_name_has_is_named(asked: str, because: str) -> None:
    """The certificate has the name just so, and Java refuses it all the same."""
    found = report(server_for(asked), hostname=asked)
    assert said(found) == [(NO_HOST_NAME, "error")]
    assert because in message(found, NO_HOST_NAME)


@pytest.mark.parametrize(
    ("asked", "refused_by"),
    [
        ("iot_edge.local", {"Java", "cryptography"}),
        (f"{HOSTNAME}.", {"Botan", "cryptography"}),
        (HOSTNAME, None),
    ],
)
def test_who_takes_no_such_name_refuses_whatever_the_certificate_has(
    asked: str, refused_by: set[str] | None
) -> None:
    """Also where nobody can read the names in it.

    Java would take a certificate for the name without the dot, so that it is not named for one.
    """
    empty = raw_extension("2.5.29.17", der.sequence())
    found = report(server_for(asked).with_extension("server", empty), hostname=asked)
    named = [set(f.evidence["refused_by"]) for f in found.findings if f.rule.id == NO_HOST_NAME]
    assert named == ([] if refused_by is None else [refused_by])
    assert not contradictions(found)


@pytest.mark.parametrize(
    ("common_name", "asked", "refusing", "taking"),
    [
        (HOSTNAME, HOSTNAME, {"Go", "rustls"}, {"Python ssl", "Node.js", ".NET", "Java"}),
        (HOSTNAME, "10.0.0.7", {"Go", "Python ssl", "Node.js", ".NET", "Java"}, set()),
        ("10.0.0.7", "10.0.0.7", {"Go", "Python ssl", "Node.js", "Java"}, {".NET"}),
        ("other.local", HOSTNAME, {"Go", "Python ssl", "Node.js", ".NET", "Java"}, set()),
    ],
)
def test_who_does_not_find_its_name_refuses_names_that_cannot_be_read(
    common_name: str, asked: str, refusing: set[str], taking: set[str]
) -> None:
    """A subjectAltName without an entry: some look at the common name, others at nothing more."""
    empty = raw_extension("2.5.29.17", der.sequence())
    gateway = server_for(HOSTNAME).with_extension("server", empty)
    found = report(gateway.change("server", subject=common_name), hostname=asked)
    (finding,) = (f for f in found.findings if f.rule.id == "input.unreadable-fact")
    assert refusing <= set(finding.evidence["refused_by"])
    assert taking.isdisjoint(finding.evidence["refused_by"])
    assert not contradictions(found)


def test_only_a_note_that_edgehub_is_not_named() -> None:
    """And none where the certificate does not come from the runtime, or where nothing is named."""

    def notes(gateway: Gateway) -> list[str]:
        found = report(gateway, hostname=HOSTNAME)
        return [f.severity for f in found.findings if f.rule.id == "hostname.no-module-name"]

    assert notes(server_for(HOSTNAME)) == ["info"]
    assert notes(server_for(HOSTNAME, "EDGEHUB")) == []
    assert notes(server_for(HOSTNAME, "$edgeHub")) == []
    assert notes(stock.stock_15().without_extension("server", "subjectAltName")) == []
    assert notes(server_for(HOSTNAME).change("server", serial=7)) == []


# --- the configuration ---------------------------------------------------------------------------


def configured(hostname: str | None = None, **given: Any) -> list[tuple[str, str]]:
    """What is said of a description alone, of a gateway that has a certificate for it."""
    gateway = stock.stock_15(hostname=hostname or HOSTNAME)
    return said(report(gateway, device=Device(hostname=hostname, **given)))


@pytest.mark.parametrize(
    ("hostname", "expected"),
    [
        ("press-3.plant7.local", []),
        ("a" * 60 + ".abc", []),
        ("10.1.2.3", []),
        ("::1", [("hostname.loopback", "error")]),
        ("127.8.8.8", [("hostname.loopback", "error")]),
        ("gw.localhost", [("hostname.loopback", "error")]),
        ("localhost.local", []),
        ("3press.local", [("hostname.not-rfc1035", "warning")]),
        ("press.3.local", [("hostname.not-rfc1035", "warning")]),
        ("press_3.local", [("hostname.not-rfc1035", "error")]),
        ("press-.local", [("hostname.not-rfc1035", "error")]),
        ("press..local", [("hostname.not-rfc1035", "error")]),
        ("a" * 60 + ".abcd", [("hostname.too-long", "error")]),
        ("a" * 64, [("hostname.not-rfc1035", "error")]),
    ],
)
def test_what_a_host_name_may_be(hostname: str, expected: list[tuple[str, str]]) -> None:
    """By the runtime, by RFC 1035, and by what clients take."""
    assert configured(hostname) == expected


def test_octets_are_counted_not_letters() -> None:
    """A name outside ASCII is longer than it looks."""
    device = Device(hostname="\xe4" * 33)
    found = report(stock.stock_15(), *DEVICE_CA_FILE, device=device)
    assert said(found) == [("hostname.not-ascii", "error"), ("hostname.too-long", "error")]


@pytest.mark.parametrize(
    ("runtime", "hostname", "machine", "expected"),
    [
        ("1.1", HOSTNAME, "iotedgegw", False),
        ("1.1", HOSTNAME, "IOTEDGEGW", True),
        ("1.5", HOSTNAME, "IOTEDGEGW", False),
        ("1.5", HOSTNAME, HOSTNAME, False),
        ("1.5", HOSTNAME, "iotedge", True),
        ("1.5", "10.1.2.3", "iotedgegw", False),
        ("1.1", "10.1.2.3", "iotedgegw", True),
        (None, HOSTNAME, "IOTEDGEGW", False),
    ],
)
def test_the_machines_name_is_compared_as_iotedge_check_does(
    runtime: str | None, hostname: str, machine: str, expected: bool
) -> None:
    """With letter case up to 1.1, and without from 1.2 on."""
    device = Device(runtime=runtime, hostname=hostname, machine_name=machine)
    found = report(stock.stock_15(), *DEVICE_CA_FILE, device=device)
    assert (("hostname.not-machine-name", "info") in said(found)) is expected


@pytest.mark.parametrize(
    ("runtime", "expected"), [("1.5", "error"), (None, "warning"), ("1.1", None)]
)
def test_a_nested_gateways_settings_are_judged_by_its_version(
    runtime: str | None, expected: str | None
) -> None:
    """Up to 1.1 no gateway has a parent."""
    device = Device(runtime=runtime, parent_hostname="p" * 65, provisioning={"source": "dps"})
    found = dict(said(report(stock.stock_15(), *DEVICE_CA_FILE, device=device)))
    assert found.get("hostname.parent-too-long") == expected
    assert found.get("hostname.parent-with-dps") == expected


@pytest.mark.parametrize(
    ("runtime", "hostname", "expected"),
    [
        ("1.0.6", HOSTNAME, True),
        ("1.0.6", "press-3", False),
        ("1.0.6", "3-press", True),
        ("1.0.6.1", HOSTNAME, False),
        (None, HOSTNAME, False),
    ],
)
def test_one_version_takes_signs_out_of_the_name(
    runtime: str | None, hostname: str, expected: bool
) -> None:
    """1.0.6, and no other."""
    device = Device(runtime=runtime, hostname=hostname)
    found = said(report(stock.stock_11(), *DEVICE_CA_FILE, device=device))
    assert (("hostname.sanitised", "error") in found) is expected


@pytest.mark.parametrize(
    ("gateway", "hostname", "expected"),
    [
        (stock.stock_12(), HOSTNAME, False),
        (stock.stock_12(), HOSTNAME.upper(), False),
        (stock.stock_12(), "press-3.plant7.local", True),
        (stock.stock_11(hostname="10.1.2.3"), "10.1.2.3", False),  # as a DNS name
        (server_for("edgeHub", ip=["2001:db8::1"]), "2001:DB8:0::1", False),
        (server_for("edgeHub", ip=["2001:db8::1"]), "2001:db8::2", True),
        (server_for("*.local"), HOSTNAME, False),
        (stock.stock_15().without_extension("server", "subjectAltName"), HOSTNAME, False),
    ],
)
def test_a_certificate_is_stale_where_it_is_for_another_name(
    gateway: Gateway, hostname: str, expected: bool
) -> None:
    """However the runtime wrote the name."""
    found = said(report(gateway, device=Device(hostname=hostname)))
    assert ((STALE, "error") in found) is expected


def test_what_a_client_misses_follows_from_a_stale_certificate() -> None:
    """Where it asks for the configured name; another name is a fault of its own."""
    device = Device(hostname="press-3.plant7.local")
    gateway = stock.stock_12()
    asked = report(gateway, hostname="Press-3.plant7.local", device=device)
    causes = {f.rule.id: f.caused_by for f in asked.findings if f.rule.family == "hostname"}
    assert (causes[NOT_IN_SAN] or "").startswith(STALE)
    other = report(gateway, hostname="press-4.plant7.local", device=device)
    causes = {f.rule.id: f.caused_by for f in other.findings if f.rule.family == "hostname"}
    assert causes == {NOT_IN_SAN: None, STALE: None}


SAN = "subjectAltName"


def test_of_several_common_names_clients_take_another_one() -> None:
    """GnuTLS none, mosquitto the first, Java, NSS, curl and wolfSSL the last, others any."""
    server = stock.stock_15().without_extension("server", SAN)
    alone = refused_by(server.change("server", subject="a.local"), "a.local")
    first, last = (
        refused_by(server.change("server", subject=[("CN", one), ("CN", other)]), "a.local") - alone
        for one, other in (("a.local", "b.local"), ("b.local", "a.local"))
    )
    assert first == NSS | {"GNUTLS", "JAVA", "CURL", "WOLFSSL"}
    assert last == {"GNUTLS"} | MOSQUITTO_2_0


def test_old_node_takes_the_host_of_a_uri() -> None:
    uri = stock.stock_15().with_extension("server", subject_alt_name(uri=["https://a.local/"]))
    assert not {"OPENSSL_1_0_2", "OPENSSL_1_1_0"} & refused_by(uri, "a.local")
    assert {"OPENSSL_1_0_2", "OPENSSL_1_1_0"} <= refused_by(uri, "b.local")


def test_an_address_matches_dns_names_where_clients_compare_it_as_a_name() -> None:
    wild = stock.stock_15().with_extension("server", subject_alt_name(dns=["*.0.0.1"]))
    assert ALL - refused_by(wild, "127.0.0.1") == IN_ORDER | {
        "MOSQUITTO",
        "PAHO_C",
        "WOLFSSL",
        "BOTAN",
    }


def test_an_asterisk_alone_is_a_label_for_old_go() -> None:
    star = refused_by(
        stock.stock_15().with_extension("server", subject_alt_name(dns=["*"])), "gateway"
    )
    assert "GO_1_24" in star
    assert "GO" not in star


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("my gateway", "there is a blank in it"),
        ("My\tGateway", "there is a blank in it"),
        ("gw..local", "two together"),
        (".gw.local", "begins or ends with a dot"),
        ("g" * 64 + ".local", "more than 63 letters"),
        ("gw+1.local", "there is '+' in it"),
        ("gw.local.7", "its last label 7 is a number"),
    ],
)
def test_a_name_that_is_asked_for_and_is_none_is_told_why(name: str, because: str) -> None:
    """The same text on both sides of "not" tells nobody anything."""
    for found in (
        report(stock.stock_15().change("server", subject=[("CN", name[:64])], extensions=())),
        report(stock.stock_15().with_extension("server", subject_alt_name(dns=[name]))),
    ):
        assert "no host name" not in " ".join(finding.message for finding in found.findings)
    in_names = report(
        stock.stock_15().with_extension("server", subject_alt_name(dns=[name])), hostname=name
    )
    (finding,) = [f for f in in_names.findings if f.rule.id == NOT_IN_SAN]
    assert because in finding.message
    assert f'not for "{name}"' not in finding.message
    if len(name) <= 64:
        alone = stock.stock_15().without_extension("server", "subjectAltName")
        found = report(alone.change("server", subject=[("CN", name)]), hostname=name)
        (finding,) = [f for f in found.findings if f.rule.id in (NOT_IN_SAN, CN_ONLY)]
        assert finding.rule.id == CN_ONLY
        assert because in finding.message
        assert found.valid is False


def test_a_host_name_that_can_be_one_has_no_reason() -> None:
    """With inner hyphens, underscores, and letters of other scripts."""
    for name in (
        "gw",
        "gw_1.plant-7.local",
        "*",
        "Gw.Local",
        "g" * 63,
        "7.local",
        "b\u00fccher.example",
    ):
        assert bool(no_host_name(name)) == (name == "*")
    assert no_host_name("\u2028.example") == "it cannot be written in ASCII"


@pytest.mark.parametrize(
    ("parent", "runtime", "expected"),
    [
        ("gw.plant.local", "1.5", "error"),
        ("GW.plant.local", "1.5", "error"),
        ("up.plant.local", "1.5", None),
        ("", "1.5", None),
        ("gw.plant.local", "1.1", None),
        ("gw.plant.local", None, "warning"),
    ],
)
def test_a_gateway_is_not_its_own_parent(
    parent: str, runtime: str | None, expected: str | None
) -> None:
    """Letter case makes no other host of it; up to 1.1 there are no parents."""
    device = Device(runtime=runtime, hostname="gw.plant.local", parent_hostname=parent)
    healthy = stock.stock_15()
    found = edgecheck.check(
        pem(*healthy.presented("device_ca", "intermediate")),
        trust=pem(*healthy.trust()),
        at=stock.NOW,
        device=device,
    )
    told = {f.rule.id: f.severity.value for f in found.findings}
    assert told.get("hostname.parent-is-itself") == expected
