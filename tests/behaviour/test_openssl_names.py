"""Host names in OpenSSL and its callers: where a star may be, and what each says of a mismatch."""

from __future__ import annotations

from typing import Any

import pytest
from asn1crypto import core

from edgecheck.behaviour.host import host
from edgecheck.behaviour.openssl import callers
from edgecheck.behaviour.openssl.names import as_utf8, equal, matches, valid_star
from edgecheck.reading.certificate import Certificate
from tests.behaviour.runs import named as made

_63, _64 = "a" * 63, "a" * 64


@pytest.mark.parametrize(
    ("pattern", "whole", "partial"),
    [
        (b"*.plant.local", 0, 0),
        (b"*.a.b.c", 0, 0),
        (b"*.local", None, None),
        (b"*", None, None),
        (b"gw*.plant.local", None, 2),
        (b"*gw.plant.local", None, 0),
        (b"g*w.plant.local", None, None),
        (b"**.plant.local", None, None),
        (b"*a*.plant.local", None, None),
        (b"gw.*.plant.local", None, None),
        (b"xn--a*.plant.local", None, None),
        (b"*.xn--a.local", 0, 0),
        (b"*.-a.local", None, None),
        (b"*.a-.local", None, None),
        (b"*.a-b.local", 0, 0),
        (b"*.plant.local.", None, None),
        (b"*.plant.local-", None, None),
        (b"*..local", None, None),
        (b".*.local", None, None),
        (b"a-*.plant.local", None, None),
        (b"-*.plant.local", None, None),
        (b"*.pl_ant.local", None, None),
        (b"*.pl\xe4nt.local", None, None),
        (b"gw.plant.local", None, None),
    ],
)
def test_where_a_star_is_legal(pattern: bytes, whole: int | None, partial: int | None) -> None:
    """valid_star of v3_utl.c: one, at an end of the first label, with two periods behind it."""
    assert valid_star(pattern, False) == whole
    assert valid_star(pattern, True) == partial


@pytest.mark.parametrize(
    ("pattern", "name", "whole", "partial"),
    [
        (b"*.plant.local", b"gw.plant.local", True, True),
        (b"*.plant.local", b"GW.Plant.LOCAL", True, True),
        (b"*.plant.local", b"a.b.plant.local", False, False),
        (b"*.plant.local", b"plant.local", False, False),
        (b"*.plant.local", b".plant.local", True, True),
        (b"*.plant.local", b"g_w.plant.local", False, False),
        (b"*.plant.local", b"xn--a.plant.local", True, True),
        (b"gw*.plant.local", b"gw.plant.local", False, True),
        (b"gw*.plant.local", b"gw1.plant.local", False, True),
        (b"GW*.plant.local", b"gw1.plant.local", False, True),
        (b"gw*.plant.local", b"hw1.plant.local", False, False),
        (b"*1.plant.local", b"gw1.plant.local", False, True),
        (b"*1.plant.local", b"1.plant.local", False, True),
        (b"*1.plant.local", b"gw2.plant.local", False, False),
        (b"x*.plant.local", b"xn--a.plant.local", False, False),
        (b"x*.plant.local", b"xm--a.plant.local", False, True),
        (b"*.plant.local", b"*.plant.local", True, True),
        (b"gw.plant.local", b".plant.local", True, True),
        (b"gw.plant.local", b".local", True, True),
        (b"gw.plant.local", b".", False, False),
        (b".plant.local", b".plant.local", True, True),
        (b"g\0w.plant.local", b".plant.local", False, False),
        (b"gw.plant.local", b"gw.plant.local", True, True),
        (b"gw.plant.local", b"gv.plant.local", False, False),
        (b"gw.local\0", b"gw.local\0", False, False),
        (b"gwabc*.plant.local", b"gwa.plant.local", False, False),
    ],
)
def test_a_pattern_matches_a_name(pattern: bytes, name: bytes, whole: bool, partial: bool) -> None:
    """equal_wildcard, without and with wildcards for a part of a label."""
    assert equal(pattern, name, False) is whole
    assert equal(pattern, name, True) is partial


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (core.UTF8String("b\u00fc"), "b\u00fc"),
        (core.BMPString("b\u00fc"), "b\u00fc"),
        (core.UniversalString("b\u00fc"), "b\u00fc"),
        (core.PrintableString("box"), "box"),
        (core.TeletexString("box"), "box"),
    ],
)
def test_common_names_of_every_string_type_are_compared_in_utf_8(value: Any, text: str) -> None:
    tag, content = value.dump()[0], value.dump()[2:]
    assert as_utf8(tag, content) == text.encode()
    assert as_utf8(0x13, b"\xfc") == "\u00fc".encode()
    assert as_utf8(0x0C, b"\xff") is None
    assert as_utf8(0x1E, b"\x00") is None
    assert matches(made([("CN", value)]), host(text))
    assert not matches(made([("CN", value)]), host(f"{text}x"))


# --- Python ---------------------------------------------------------------------------------------

CODEC = "UnicodeError: encoding with 'idna' codec failed (UnicodeError: label "


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("gw.local", None),
        ("gw.local.", None),
        ("10.0.0.1", None),
        (".local", f"{CODEC}empty or too long)"),
        ("gw..local", f"{CODEC}empty or too long)"),
        (f"{_63}.local", None),
        (f"{_64}.local", f"{CODEC}empty or too long)"),
        (f"gw.{_63}", None),
        (f"gw.{_64}", f"{CODEC}too long)"),
        ("b\u00fc.local", None),
        ("b\u00fc." + "\u00fc" * 64, f"{CODEC}empty or too long)"),
        (f"{_63}.{_63}.{_63}.{_63}", None),
        (
            f"{_63}.{_63}.{_63}.{'a' * 62}.b",
            "ssl.SSLError: [SSL: SSL3_EXT_INVALID_SERVERNAME] ssl3 ext invalid servername",
        ),
    ],
)
def test_what_python_says_of_a_name_that_it_cannot_ask_for(name: str, refused: str | None) -> None:
    """As Python 3.11 with OpenSSL 3.0 answers `wrap_socket(server_hostname=...)`."""
    assert callers.python_refuses(host(name)) == refused


def test_python_matches_whole_labels_and_only_what_it_asks_for() -> None:
    """And a name with letters outside ASCII in A-labels."""
    taken = {
        ("gw.local", "gw.local"),
        ("*.plant.local", "gw.plant.local"),
        ("xn--b-eha.local", "b\u00fc.local"),
    }
    refused = {
        ("gx.local", "gw.local"),
        ("gw*.plant.local", "gw1.plant.local"),
        (f"{_64}.local", f"{_64}.local"),
    }
    for pattern, asked in taken | refused:
        found = callers.python_matches(made(dns=[pattern]), host(asked))
        assert found is ((pattern, asked) in taken), (pattern, asked)
    assert callers.python_matches(made(ip=["10.0.0.1"]), host("10.0.0.1"))
    assert not callers.python_matches(made(ip=["10.0.0.2"]), host("10.0.0.1"))


# --- .NET -----------------------------------------------------------------------------------------

SIZE = "IDN labels must be between 1 and 63 characters long."


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("gw.local", None),
        ("gw.local...", None),
        ("...", None),
        ("", None),
        ("10.0.0.1.", None),
        ("gw..local", SIZE),
        (".local", SIZE),
        (f"{_63}.local", None),
        (f"{_64}.local", SIZE),
        (f"gw.{_64}", None),
        (_64, SIZE),
        (_63, None),
        (".".join([_63, _63, _63, "a" * 62]), None),
        (".".join([_63, _63, _63, _63]), "IDN names must be between 1 and 254 characters long."),
        ("b\u00fc.local", None),
        ("b\u2603\u00ad..local", "Decoded string is not a valid IDN name."),
    ],
)
def test_what_dotnet_says_of_a_name_that_it_cannot_convert(name: str, refused: str | None) -> None:
    """IdnMapping.cs at 8.0, as the fallback without ICU has it."""
    assert callers.dotnet_refuses(host(name)) == refused


@pytest.mark.parametrize(
    ("certificate", "asked", "taken"),
    [
        (made(ip=["10.0.0.1"]), "10.0.0.1", True),
        (made(ip=["10.0.0.2"]), "10.0.0.1", False),
        (made("10.0.0.1"), "10.0.0.1", True),
        (made("10.0.0.2"), "10.0.0.1", False),
        (made("2001:DB8::1"), "2001:db8::1", True),
        (made(dns=["gw.local"]), "gw.local.", True),
        (made(dns=["gx.local"]), "gw.local", False),
        (made(dns=["gw*.plant.local"]), "gw1.plant.local", False),
        (made(dns=["xn--b-eha.local"]), "b\u00fc.local", True),
        (made(dns=[f"{_64}.local"]), f"{_64}.local", False),
    ],
)
def test_dotnet_takes_an_address_as_common_name_too(
    certificate: Certificate, asked: str, taken: bool
) -> None:
    assert callers.dotnet_matches(certificate, host(asked)) is taken


# --- curl -----------------------------------------------------------------------------------------

BAD_URL = "(3) URL using bad/illegal format or missing URL"


@pytest.mark.parametrize("sign", " \r\n\t/:#?!@{}[]\\$'\"^`*<>=;,+&()")
def test_curl_takes_no_name_with_a_sign_that_a_url_does_not_have(sign: str) -> None:
    """hostname_check of lib/urlapi.c at 7.88.1."""
    assert callers.curl_refuses(host(f"g{sign}w.local")) == BAD_URL
    assert callers.curl_refuses(host("g_w-1.~local")) is None


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("", BAD_URL),
        ("10.0.0.1", None),
        ("2001:db8::1", None),
        (".".join([_63] * 4), None),
        (".".join([_63] * 4) + ".", None),
        (".".join([_63] * 4) + "a", "(35) Failed set SNI"),
    ],
)
def test_what_curl_says_of_a_name_that_it_cannot_ask_for(name: str, refused: str | None) -> None:
    assert callers.curl_refuses(host(name)) == refused


NONE_MATCHES = "no alternative certificate subject name matches target host name 'gw.local'"
OTHER = "does not match target host name 'gw.local'"


@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        (made(dns=["gw.local"]), None),
        (made(dns=["gw.local."]), None),
        (made("gw.local", dns=["gx.local"]), NONE_MATCHES),
        (made("gw.local", ip=["10.0.0.1"]), NONE_MATCHES),
        (made("gw.local", email=["a@b"]), None),
        (made("gw.local"), None),
        (made("gx.local"), f"certificate subject name 'gx.local' {OTHER}"),
        (made([("CN", "gw.local"), ("CN", "gx.local")]),
         f"certificate subject name 'gx.local' {OTHER}"),
        (made([("CN", "gx.local"), ("CN", "gw.local")]), None),
        (made([("O", "x")]), "unable to obtain common name from peer certificate"),
    ],
)  # fmt: skip
def test_what_curl_says_of_a_name_that_does_not_match(
    certificate: Certificate, told: str | None
) -> None:
    """Verifyhost of lib/vtls/openssl.c: the last common name, where nothing else is there."""
    assert callers.curl_mismatch(certificate, host("gw.local")) == told


def test_curl_compares_addresses_as_addresses_and_as_common_name() -> None:
    told = "no alternative certificate subject name matches target host name '10.0.0.1'"
    assert callers.curl_mismatch(made(ip=["10.0.0.1"]), host("10.0.0.1")) is None
    assert callers.curl_mismatch(made(ip=["10.0.0.2"]), host("10.0.0.1")) == told
    assert callers.curl_mismatch(made(dns=["10.0.0.1"]), host("10.0.0.1")) == told
    assert callers.curl_mismatch(made("10.0.0.1"), host("10.0.0.1")) is None
    assert callers.curl_mismatch(made("*.0.0.1"), host("10.0.0.1")) is not None


@pytest.mark.parametrize(
    ("pattern", "name", "is_address", "taken"),
    [
        (b"*.a.b", b"x.a.b", False, True),
        (b"*.a.b.", b"X.A.B.", False, True),
        (b"*.a.b", b"x.y.a.b", False, False),
        (b"*.a.b", b"a.b", False, False),
        (b"*.a", b"x.a", False, False),
        (b"*.a", b"*.a", False, True),
        (b"*.0.0.1", b"10.0.0.1", True, False),
        (b"*.1", b"*.1", True, False),
        (b"x*.a.b", b"xy.a.b", False, False),
        (b"", b"", False, False),
        (b".", b"x", False, False),
        (b"a\0b", b"a\0b", False, False),
        (b"*.a.b", b"x", False, False),
    ],
)
def test_curls_star_is_the_whole_left_most_label(
    pattern: bytes, name: bytes, is_address: bool, taken: bool
) -> None:
    """Curl_cert_hostcheck."""
    assert callers.curl_match(pattern, name, is_address) is taken


# --- mosquitto ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "name", "taken"),
    [
        (b"*.a.b", b"x.a.b", True),
        (b"*.A.b", b"x.a.B", True),
        (b"*.a.b", b"x.y.a.b", False),
        (b"*.gw", b"gw", True),
        (b"*.gw.", b"gw.", True),
        (b"*gw.a", b"gw.a", False),
        (b"*", b"gw", False),
        (b"gw.a\0.evil", b"gw.a", True),
        (b"gw.a", b"gw.a", True),
        (b"gw.a", b"gw.b", False),
    ],
)
def test_mosquittos_star_is_what_is_up_to_a_period(
    pattern: bytes, name: bytes, taken: bool
) -> None:
    """mosquitto__cmp_hostname_wildcard."""
    assert callers.mosquitto_match(pattern, name) is taken


def test_mosquitto_looks_at_the_first_common_name_where_no_dns_name_is() -> None:
    """Up to 255 octets of it; an address counts beside."""
    asked = host("gw.local")
    assert callers.mosquitto_matches(made("gw.local"), asked)
    assert callers.mosquitto_matches(made([("CN", "gw.local"), ("CN", "x")]), asked)
    assert not callers.mosquitto_matches(made([("CN", "x"), ("CN", "gw.local")]), asked)
    assert not callers.mosquitto_matches(made("gw.local", dns=["x"]), asked)
    assert callers.mosquitto_matches(made("gw.local", ip=["10.0.0.1"]), asked)
    assert callers.mosquitto_matches(made(ip=["10.0.0.1"]), host("10.0.0.1"))
    assert not callers.mosquitto_matches(made(ip=["10.0.0.2"]), host("10.0.0.1"))
    assert not callers.mosquitto_matches(made([("CN", "")]), host(""))
    for length in (255, 256):
        long = made("a" * length)
        assert callers.mosquitto_matches(long, host("a" * 255))
        assert callers.mosquitto_matches(long, host("a" * 256)) is False
