"""Who takes which name: written by hand, a match beside each mismatch, each limit at its value."""

from __future__ import annotations

from functools import cache

import pytest

from edgecheck.behaviour.host import host
from edgecheck.behaviour.host_names import (
    every,
    never_taking,
    refusing,
    refusing_as_read,
    refusing_to_ask,
)
from edgecheck.behaviour.kinds import BY_NAMES_ALONE
from edgecheck.behaviour.matchers import MATCHERS
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading.certificate import Certificate, Unreadable
from fixtures import der
from fixtures.pki import raw_extension
from tests.behaviour.host_names import (
    LONG_253,
    LONG_254,
    LONG_255,
    LONG_256,
    certificate,
    gateway,
)
from tests.behaviour.runs import named

R = Refuser


# --- by hand --------------------------------------------------------------------------------------

_63, _64 = "a" * 63, "a" * 64


@cache
def _made(name: str, place: str) -> Certificate:
    """A certificate that has a name as a DNS name, a common name, an address, or a URI."""
    octets = name.encode("latin-1")
    match place:
        case "dns":
            return certificate(gateway((b"unrelated",), {"dns": (octets,)}))
        case "cn":
            return certificate(gateway((octets,), None))
        case "cn, ip":
            return certificate(gateway((octets,), {"ip": ("10.9.9.9",)}))
        case "cn, uri":
            return certificate(gateway((octets,), {"uri": ("urn:x:y",)}))
        case "cn, email":
            return certificate(gateway((octets,), {"email": ("gw@plant.local",)}))
        case "ip":
            return certificate(gateway((b"unrelated",), {"ip": (name,)}))
    return certificate(gateway((b"unrelated",), {place: (octets,)}))


WHOLE_LABEL_ONLY = (R.PYTHON, R.STRICT, R.DOTNET)
OPENSSL = (R.S_CLIENT, R.VERIFY, R.AZURE_C)
NODE = (R.NODE_TYPED, R.OPENSSL_1_1_1, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.BORINGSSL)
GO = (R.GO_1_24, R.GO_1_19)
NSS = (R.NSS, R.NSS_PKIX)
RUSTLS = (R.RUSTLS, R.RUSTLS_RTLS)
MBEDTLS = (R.MBEDTLS_2_28, R.MBEDTLS_3)
MOSQUITTO_2_0 = (R.MOSQUITTO_2_0_11, R.MOSQUITTO_2_0_21)
ALL = tuple(MATCHERS)

# Who; what the certificate has, and where; what the client asks for; whether it takes it.
TABLE: tuple[tuple[tuple[Refuser, ...], str, str, str, bool], ...] = (
    # Letter case matters to none, another name to all.
    (ALL, "GW.Plant.local", "dns", "gw.plant.LOCAL", True),
    (ALL, "gw.plant.local", "dns", "gx.plant.local", False),
    # A star is one whole label, the first; two labels behind it are enough for all.
    (ALL, "*.plant.local", "dns", "gw.plant.local", True),
    (ALL, "*.plant.local", "dns", "xn--bcher-kva.plant.local", True),
    (ALL, "*.plant.local", "dns", "a.gw.plant.local", False),
    (ALL, "*.plant.local", "dns", "plant.local", False),
    # One label behind it is not.
    ((R.JAVA, *GO, R.CRYPTOGRAPHY, *MBEDTLS), "*.local", "dns", "gw.local", True),
    ((R.MOSQUITTO_2_0_11,), "*.local", "dns", "gw.local", True),
    ((R.MOSQUITTO_2_0_21, R.MOSQUITTO_2_1), "*.local", "dns", "gw.local", False),
    ((R.MOSQUITTO_2_0_21,), "*.plant.local", "dns", "gw.plant.local", True),
    ((R.MOSQUITTO_2_0_21,), "*.local.", "dns", "gw.local.", False),
    ((R.BEARSSL, R.WOLFSSL), "*.local", "dns", "gw.local", True),
    ((*OPENSSL, *WHOLE_LABEL_ONLY, *NODE, *NSS), "*.local", "dns", "gw.local", False),
    ((R.CURL, R.GNUTLS, R.BOTAN, *RUSTLS), "*.local", "dns", "gw.local", False),
    # A star for a part of a label, at its end, its start, and within.
    ((*OPENSSL, *NODE, R.JAVA, *NSS), "gw*.plant.local", "dns", "gw1.plant.local", True),
    ((R.BOTAN, R.WOLFSSL), "gw*.plant.local", "dns", "gw1.plant.local", True),
    ((*WHOLE_LABEL_ONLY, *GO, R.CURL), "gw*.plant.local", "dns", "gw1.plant.local", False),
    ((*MOSQUITTO_2_0, R.GNUTLS, *RUSTLS), "gw*.plant.local", "dns", "gw1.plant.local", False),
    ((R.CRYPTOGRAPHY, *MBEDTLS, R.BEARSSL), "gw*.plant.local", "dns", "gw1.plant.local", False),
    ((*OPENSSL, *NODE, R.JAVA, R.GNUTLS), "*1.plant.local", "dns", "gw1.plant.local", True),
    ((*NSS, *WHOLE_LABEL_ONLY), "*1.plant.local", "dns", "gw1.plant.local", False),
    ((*NODE, R.JAVA, R.BOTAN, R.WOLFSSL), "g*1.plant.local", "dns", "gw1.plant.local", True),
    ((*OPENSSL, *NSS, R.GNUTLS), "g*1.plant.local", "dns", "gw1.plant.local", False),
    ((R.S_CLIENT,), "*.plant.local", "dns", "gw_1.plant.local", False),
    ((R.S_CLIENT,), "*.plant.local", "dns", "gw-1.plant.local", True),
    # In another label, or twice.
    ((R.JAVA, R.WOLFSSL), "gw.*.local", "dns", "gw.plant.local", True),
    ((R.JAVA, R.WOLFSSL), "*.*.local", "dns", "gw.plant.local", True),
    ((*OPENSSL, *NODE, *GO, R.DOTNET), "gw.*.local", "dns", "gw.plant.local", False),
    ((*OPENSSL, *NODE, *GO, R.DOTNET), "*.*.local", "dns", "gw.plant.local", False),
    ((R.JAVA,), "gw.plant.*", "dns", "gw.plant.local", False),
    # Punycode: Java compares what it stands for.
    ((R.JAVA,), "*.xn--plnt-loa.local", "dns", "gw.xn--plnt-loa.local", True),
    ((R.JAVA,), "gw.p*nt.local", "dns", "gw.xn--plnt-loa.local", True),
    ((R.JAVA,), "gw.xn--*.local", "dns", "gw.xn--plnt-loa.local", False),
    ((R.JAVA,), "xn--bcher-kva.local", "dns", "XN--BCHER-KVA.local", True),
    ((R.BOTAN, R.WOLFSSL), "xn--*.plant.local", "dns", "xn--bcher-kva.plant.local", True),
    ((*OPENSSL, *NODE, *NSS), "xn--*.plant.local", "dns", "xn--bcher-kva.plant.local", False),
    ((R.PYTHON, R.DOTNET, R.CURL), "xn--bcher-kva.local", "dns", "b\u00fccher.local", True),
    ((R.JAVA, R.GNUTLS, R.RUSTLS), "xn--bcher-kva.local", "dns", "b\u00fccher.local", True),
    ((R.S_CLIENT, R.VERIFY, *GO), "xn--bcher-kva.local", "dns", "b\u00fccher.local", False),
    ((R.NODE_TYPED, R.RUSTLS_RTLS), "xn--bcher-kva.local", "dns", "b\u00fccher.local", False),
    # Signs that no host name has.
    ((*OPENSSL, R.PYTHON, R.DOTNET, *NODE, *GO), "iot_gw.local", "dns", "iot_gw.local", True),
    ((R.JAVA, R.CRYPTOGRAPHY), "iot_gw.local", "dns", "iot_gw.local", False),
    ((*OPENSSL, R.PYTHON, R.DOTNET, *NODE, *GO), "gw-.local", "dns", "gw-.local", True),
    ((R.JAVA, R.CRYPTOGRAPHY, *RUSTLS), "gw-.local", "dns", "gw-.local", False),
    ((R.NODE_TYPED, *OPENSSL, R.DOTNET, *GO), "$edgeHub", "dns", "$edgeHub", True),
    ((R.BORINGSSL, R.CURL, *RUSTLS, R.JAVA), "$edgeHub", "dns", "$edgeHub", False),
    (ALL, "gw.plant.local ", "dns", "gw.plant.local", False),
    # Dots at the end: of what is asked, and of what the certificate has.
    ((*NODE, R.DOTNET, R.JAVA, *GO), "gw.local", "dns", "gw.local.", True),
    ((R.CURL, R.GNUTLS, *RUSTLS), "gw.local", "dns", "gw.local.", True),
    ((*OPENSSL, R.PYTHON, R.STRICT), "gw.local", "dns", "gw.local.", False),
    ((*MOSQUITTO_2_0, *NSS, R.BOTAN), "gw.local", "dns", "gw.local.", False),
    ((R.DOTNET,), "gw.local", "dns", "gw.local..", True),
    ((R.CURL, R.JAVA), "gw.local", "dns", "gw.local..", False),
    ((*NODE, R.CURL), "gw.local.", "dns", "gw.local", True),
    ((*OPENSSL, R.DOTNET, R.JAVA, *GO), "gw.local.", "dns", "gw.local", False),
    ((*OPENSSL, R.PYTHON), "*.plant.local.", "dns", "gw.plant.local.", False),
    ((*OPENSSL, R.PYTHON), "gw.plant.local.", "dns", "gw.plant.local.", True),
    ((R.NODE_TYPED, *MOSQUITTO_2_0), "*.plant.local.", "dns", "gw.plant.local.", True),
    ((R.OPENSSL_4_0,), "gw.plant.local.", "dns", "gw.plant.local.", False),
    ((R.OPENSSL_4_0,), "iot_gw.local", "dns", "iot_gw.local", True),
    # Empty labels.
    ((*OPENSSL,), "gw.plant.local", "dns", ".plant.local", True),
    ((R.PYTHON, R.DOTNET, R.JAVA, R.NODE_TYPED), "gw.plant.local", "dns", ".plant.local", False),
    ((R.DOTNET,), "gw..local", "dns", "gw..local", False),
    (GO, "gw..local", "dns", "gw..local", True),
    # An asterisk alone.
    ((R.GO_1_19,), "*", "dns", "gw", True),
    ((R.GO_1_24, *OPENSSL, *NODE, R.JAVA), "*", "dns", "gw", False),
    ((R.MOSQUITTO_2_0_11,), "*.gw", "dns", "gw", True),
    ((R.MOSQUITTO_2_0_21, R.MOSQUITTO_2_1), "*.gw", "dns", "gw", False),
    ((*MBEDTLS, R.BEARSSL), "*.gw", "dns", "gw", False),
    # What stands behind a NUL.
    (MOSQUITTO_2_0, "gw.local\0.example", "dns", "gw.local", True),
    ((R.MOSQUITTO_2_1, R.PAHO_C), "gw.local\0.example", "dns", "gw.local", False),
    ((*OPENSSL, *NODE, *GO, R.DOTNET), "gw.local\0.example", "dns", "gw.local", False),
    # Lengths: labels of 63 octets, names of 253, 254 and 255.
    (ALL, f"{_63}.local", "dns", f"{_63}.local", True),
    ((*WHOLE_LABEL_ONLY, R.JAVA), f"{_64}.local", "dns", f"{_64}.local", False),
    ((R.CRYPTOGRAPHY, *RUSTLS), f"{_64}.local", "dns", f"{_64}.local", False),
    ((*OPENSSL, *NODE, *GO, R.CURL), f"{_64}.local", "dns", f"{_64}.local", True),
    ((R.PYTHON,), f"gw.{_64}", "dns", f"gw.{_64}", False),
    ((R.DOTNET,), f"gw.{_64}", "dns", f"gw.{_64}", True),
    ((R.DOTNET, R.PYTHON), _63, "dns", _63, True),
    ((R.DOTNET, R.PYTHON), _64, "dns", _64, False),
    (ALL, LONG_253, "dns", LONG_253, True),
    ((R.CRYPTOGRAPHY, *RUSTLS), LONG_254, "dns", LONG_254, False),
    ((R.DOTNET,), LONG_254, "dns", LONG_254, True),
    ((R.DOTNET,), LONG_255, "dns", LONG_255, False),
    ((R.CURL, R.PYTHON, R.GNUTLS, R.BEARSSL), LONG_255, "dns", LONG_255, True),
    ((R.CURL, R.PYTHON, R.GNUTLS, R.BEARSSL), LONG_256, "dns", LONG_256, False),
    ((*OPENSSL, *NODE, *NSS, *MBEDTLS), LONG_256, "dns", LONG_256, True),
    # The common name: where it is all there is, and beside other names.
    ((*OPENSSL, R.PYTHON, R.DOTNET, *NODE, R.JAVA), "gw.local", "cn", "gw.local", True),
    ((*MBEDTLS, R.BEARSSL, R.BOTAN, R.WOLFSSL), "gw.local", "cn", "gw.local", True),
    ((*GO, *RUSTLS, R.CRYPTOGRAPHY), "gw.local", "cn", "gw.local", False),
    ((*OPENSSL, R.PYTHON, R.NODE_TYPED, R.JAVA, *NSS), "gw.local", "cn, ip", "gw.local", True),
    ((R.CURL, R.GNUTLS, R.OPENSSL_1_1_0, R.WOLFSSL), "gw.local", "cn, ip", "gw.local", False),
    ((R.CURL, *OPENSSL, R.NODE_TYPED, R.JAVA, *NSS), "gw.local", "cn, uri", "gw.local", True),
    ((R.GNUTLS, R.OPENSSL_1_1_0, R.OPENSSL_1_0_2), "gw.local", "cn, uri", "gw.local", False),
    ((*MBEDTLS, R.BEARSSL, R.BOTAN), "gw.local", "cn, email", "gw.local", False),
    ((R.GNUTLS, R.WOLFSSL, R.OPENSSL_1_1_0), "gw.local", "cn, email", "gw.local", True),
    # The host of a URI.
    ((R.OPENSSL_1_1_0, R.OPENSSL_1_0_2), "https://gw.local/", "uri", "gw.local", True),
    ((R.OPENSSL_1_1_0, R.OPENSSL_1_0_2), "https://gx.local/", "uri", "gw.local", False),
    ((R.NODE_TYPED, *OPENSSL, R.JAVA), "https://gw.local/", "uri", "gw.local", False),
    # Addresses: as iPAddress, as DNS name, as common name, and in another spelling.
    (tuple(who for who in ALL if who not in (R.MBEDTLS_2_28, R.BEARSSL)),
     "10.1.2.3", "ip", "10.1.2.3", True),
    ((R.MBEDTLS_2_28, R.BEARSSL), "10.1.2.3", "ip", "10.1.2.3", False),
    (tuple(who for who in ALL if who is not R.BOTAN), "10.1.2.4", "ip", "10.1.2.3", False),
    ((R.BOTAN,), "10.1.2.4", "ip", "10.1.2.3", True),
    ((*MOSQUITTO_2_0, *MBEDTLS, R.BEARSSL, R.WOLFSSL), "10.1.2.3", "dns", "10.1.2.3", True),
    ((R.PAHO_C,), "10.1.2.3", "dns", "10.1.2.3", True),
    ((R.PAHO_C,), "10.1.2.3", "cn", "10.1.2.3", True),
    ((R.MOSQUITTO_2_1,), "10.1.2.3", "dns", "10.1.2.3", False),
    ((R.MOSQUITTO_2_1,), "10.1.2.3", "cn", "10.1.2.3", False),
    ((*OPENSSL, *NODE, R.JAVA, *GO, R.DOTNET), "10.1.2.3", "dns", "10.1.2.3", False),
    ((R.DOTNET, R.CURL, *NSS, *MBEDTLS), "10.1.2.3", "cn", "10.1.2.3", True),
    ((*OPENSSL, *NODE, R.JAVA, *GO, R.GNUTLS), "10.1.2.3", "cn", "10.1.2.3", False),
    ((R.PYTHON, R.NODE_TYPED, R.JAVA, R.DOTNET), "2001:db8::1", "ip", "[2001:DB8:0::1]", True),
    ((R.JAVA, *GO, *NSS), "10.1.2.3", "ip", "::ffff:10.1.2.3", True),
    ((*OPENSSL, R.NODE_TYPED, R.DOTNET), "10.1.2.3", "ip", "::ffff:10.1.2.3", False),
    ((R.NODE_TYPED, R.DOTNET), "10.1.2.3", "ip", "10.1.2.3.", True),
    ((*OPENSSL, R.JAVA, *GO), "10.1.2.3", "ip", "10.1.2.3.", False),
)  # fmt: skip


@pytest.mark.parametrize(("who", "name", "place", "asked", "expected"), TABLE)
def test_each_client_decides_in_its_own_way(
    who: tuple[Refuser, ...], name: str, place: str, asked: str, expected: bool
) -> None:
    """A match beside each mismatch, and each limit at its exact value."""
    made = _made(name, place)
    assert {each for each in who if MATCHERS[each](made, host(asked)) is not expected} == set()


def test_of_several_common_names_some_look_at_one() -> None:
    """GnuTLS wants a single one, mosquitto the first, Java, NSS, curl and wolfSSL the last."""
    made = certificate(gateway((b"a.local", b"b.local"), None))
    first, last = (
        {who for who in MATCHERS if MATCHERS[who](made, host(each))}
        for each in ("a.local", "b.local")
    )
    assert first - last == {*MOSQUITTO_2_0}
    assert last - first == {R.JAVA, R.JAVA_21, R.NSS, R.NSS_PKIX, R.CURL, R.WOLFSSL}
    assert R.GNUTLS not in first | last
    assert {R.PYTHON, R.NODE_TYPED, R.NODE_NEWEST, R.DOTNET} <= first & last


def test_a_long_name_ends_the_search_of_gnutls() -> None:
    """What stands behind a name of 256 octets is not looked at; behind one of 255 it is."""
    for length, expected in ((255, True), (256, False)):
        names = {"dns": (b"a" * length, b"gw.plant.local")}
        made = certificate(gateway((b"unrelated",), names))
        assert MATCHERS[R.GNUTLS](made, host("gw.plant.local")) is expected


# --- the table ------------------------------------------------------------------------------------


def test_versions_that_all_refuse_are_told_as_one() -> None:
    """And each for itself where one takes the name."""
    other = _made("gx.local", "dns")
    assert refusing("gw.local", other) == every()
    assert {R.GO, R.RUSTLS, R.NODE} <= every()
    assert not BY_NAMES_ALONE & every()
    assert not {R.GO_1_24, R.GO_1_19, R.RUSTLS_RTLS} & every()
    star = refusing("gw", _made("*", "dns"))
    assert R.GO_1_24 in star
    assert not {R.GO, R.GO_1_19} & star


def test_of_node_those_versions_are_told_that_refuse() -> None:
    """Where not all do: by an IPv6 address, a letter outside ASCII, or no name in the list."""
    by_ip = _made("2001:db8::1", "ip")
    assert refusing("2001:db8::1", by_ip) & NODES == {R.NODE_SUMMER}
    assert refusing("2001:db8::2", by_ip) & NODES == {R.NODE}
    umlaut = _made("xn--bcher-kva.local", "dns")
    assert refusing("b\u00fccher.local", umlaut) & NODES == {R.NODE_TYPED}
    nameless = named("gw.local", raw=[])
    assert refusing_as_read("gw.local", nameless) & NODES == {R.NODE_NEWEST}


NODES = BY_NAMES_ALONE | {R.NODE}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gw.plant.local", set()),
        (f"{_63}.local", set()),
        (
            f"{_64}.local",
            {R.PYTHON, R.STRICT, R.OPENSSL_4_0, R.DOTNET, R.JAVA, R.RUSTLS, R.CRYPTOGRAPHY},
        ),
        ("iot_gw.local", {R.JAVA, R.CRYPTOGRAPHY}),
        ("gw-.local", {R.OPENSSL_4_0, R.JAVA, R.RUSTLS, R.CRYPTOGRAPHY}),
    ],
)
def test_some_refuse_to_ask(name: str, expected: set[Refuser]) -> None:
    """Even where the certificate has it as it is."""
    assert refusing_to_ask(name) == expected


@pytest.mark.parametrize(
    ("name", "never", "perhaps"),
    [
        ("gw.local", set(), {R.JAVA, R.DOTNET, R.CRYPTOGRAPHY}),
        ("iot_gw.local", {R.JAVA, R.CRYPTOGRAPHY}, {R.PYTHON, R.GO, R.NODE, R.DOTNET}),
        ("gw.local.", {R.CRYPTOGRAPHY}, {R.JAVA, R.DOTNET, R.RUSTLS}),
    ],
)
def test_some_take_a_name_from_no_certificate(
    name: str, never: set[Refuser], perhaps: set[Refuser]
) -> None:
    """Java and .NET want `gw.local` of a certificate, where somebody asks for `gw.local.`."""
    assert never_taking(name) >= never
    assert perhaps.isdisjoint(never_taking(name))


def test_who_can_make_something_of_names_compares_them() -> None:
    """A subjectAltName without an entry is unreadable by RFC 5280, and nothing to find."""
    made = gateway((b"gw.local",), None)
    empty = made.with_extension("server", raw_extension("2.5.29.17", der.sequence()))
    one = certificate(empty)
    with pytest.raises(Unreadable):
        refusing("10.0.0.7", one)
    assert {R.JAVA, R.PYTHON, R.DOTNET} <= refusing_as_read("10.0.0.7", one)


@pytest.mark.parametrize(
    "asked",
    ["", ".", "*", "[", "a\0b", "\udcff.local", "x" * 5000, f"{LONG_256}.local", "fe80::1%1"],
)
def test_any_text_can_be_asked_for(asked: str) -> None:
    """No name takes a matcher out of step, and cryptography refuses each of these."""
    assert R.CRYPTOGRAPHY in refusing(asked, _made("gw.local", "dns"))
    assert R.CRYPTOGRAPHY in refusing_to_ask(asked)
