"""Names that clients ask for, and names that certificates are for: a grid of both, and its chains.

Each server certificate is sound but for its names, so that a client that refuses it refuses the
name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from asn1crypto import core

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.inputs import Reader
from fixtures import stock
from fixtures.gateway import Gateway
from fixtures.pki import pem, subject_alt_name

_63, _64 = "a" * 63, "a" * 64
LONG_253 = ".".join([_63, _63, _63, "a" * 61])
LONG_254 = ".".join([_63, _63, _63, "a" * 62])
LONG_255 = ".".join([_63, _63, _63, _63])
LONG_256 = ".".join([_63, _63, _63, "a" * 60, "abc"])

HOSTS = (
    "gw.plant.local",
    "GW.Plant.LOCAL",
    "gw.plant.local.",
    "gw.plant.local..",
    ".gw.plant.local",
    ".plant.local",
    "gw..plant.local",
    "gw.plant..local",
    "plant.local",
    "plant.local.",
    "local",
    "gw",
    "gw.",
    "Gw",
    "a.gw.plant.local",
    "a.b.gw.plant.local",
    "gw1.plant.local",
    "gwx1.plant.local",
    "1.plant.local",
    "g.plant.local",
    "other.plant.local",
    "gw.other.local",
    "gw_1.plant.local",
    "_gw.plant.local",
    "gw.pl_ant.local",
    "-gw.plant.local",
    "gw-.plant.local",
    "gw--1.plant.local",
    "xn--bcher-kva.plant.local",
    "XN--BCHER-KVA.plant.local",
    "b\u00fccher.plant.local",
    "gw.xn--plnt-loa.local",
    "gw.pl\u00e4nt.local",
    "xn--gw.plant.local",
    "$edgeHub",
    "edgeHub",
    "edgehub",
    "7gw.local",
    "gw.plant.7",
    "1.2.3.example",
    "*.plant.local",
    "gw,plant.local",
    "gw\u2603..local",
    f"{_63}.plant.local",
    f"{_64}.plant.local",
    f"gw.{_64}",
    _63,
    _64,
    LONG_253,
    f"{LONG_253}.",
    LONG_254,
    LONG_255,
    LONG_256,
    f"{LONG_256}.",
    "10.1.2.3",
    "10.1.2.3.",
    "10.1.2",
    "127.0.0.1",
    "2001:db8::1",
    "2001:DB8:0::1",
    "[2001:db8::1]",
    "::ffff:10.1.2.3",
)
"""As they are typed."""

PATTERNS: tuple[bytes, ...] = tuple(
    text.encode("latin-1")
    for text in (
        "gw.plant.local",
        "GW.Plant.Local",
        "gw.plant.local.",
        "gw.plant.local..",
        ".gw.plant.local",
        ".plant.local",
        "gw..plant.local",
        "plant.local",
        "local",
        "gw",
        "gw.",
        "*.plant.local",
        "*.PLANT.local",
        "*.plant.local.",
        "*.local",
        "*.local.",
        "*.",
        "*",
        "**",
        "*.*",
        "*.*.local",
        "*.*.plant.local",
        "gw.*.local",
        "gw.plant.*",
        "gw.*",
        "a.*.plant.local",
        "*gw.plant.local",
        "gw*.plant.local",
        "g*w.plant.local",
        "g*1.plant.local",
        "*1.plant.local",
        "*w.plant.local",
        "g**.plant.local",
        "**.plant.local",
        "*w*.plant.local",
        "gw.p*.local",
        "gw.*nt.local",
        "gw*.local",
        "gw*",
        "*plant.local",
        "*..plant.local",
        "*.plant..local",
        ".*.plant.local",
        "*.plant.local ",
        " *.plant.local",
        "*.pl_ant.local",
        "*.-plant.local",
        "*.7",
        "*.plant.7",
        "gw.plant.7",
        "7gw.local",
        "1.2.3.example",
        "gw_1.plant.local",
        "_gw.plant.local",
        "gw.pl_ant.local",
        "-gw.plant.local",
        "gw-.plant.local",
        "xn--bcher-kva.plant.local",
        "xn--*.plant.local",
        "xn--b*.plant.local",
        "*-kva.plant.local",
        "*.xn--plnt-loa.local",
        "gw.xn--plnt-loa.local",
        "gw.xn--*.local",
        "b\xfccher.plant.local",
        "gw.pl\xe4nt.local",
        "$edgeHub",
        "edgeHub",
        "gw plant.local",
        " gw.plant.local",
        "gw.plant.local ",
        "gw.plant.local\0",
        "gw.plant.local\0.example",
        "gw\0.plant.local",
        "*.plant.local\0",
        "gw.plant.local\n",
        "gw,plant.local",
        'gw".plant.local',
        "gw.plant.local/x",
        "",
        ".",
        "..",
        f"{_63}.plant.local",
        f"{_64}.plant.local",
        f"gw.{_64}",
        f"*.{_64}",
        _63,
        _64,
        f"*.{'.'.join([_63, _63, 'a' * 61])}",
        LONG_253,
        LONG_254,
        LONG_255,
        LONG_256,
        "10.1.2.3",
        "10.1.2.3.",
        "*.1.2.3",
        "*.2.3",
        "127.*.1",
        "2001:db8::1",
        "2001:DB8::1",
        "2001:0db8:0000:0000:0000:0000:0000:0001",
    )
)
"""Contents of a dNSName, and of a common name."""

_OTHER_NAME = bytes.fromhex("a00e06032a0304a0070c05686f73744d")
_SRV_NAME = bytes.fromhex("a01306082b06010505070807a0071605686f73744d")
_DIRECTORY = bytes.fromhex("a40f300d310b3009060355040313026777")
Named = tuple[tuple[bytes, ...], dict[str, tuple[bytes | str, ...]] | None]
_ONE_DNS_NAME: tuple[Named, ...] = tuple(((b"unrelated",), {"dns": (p,)}) for p in PATTERNS)
_ONE_COMMON_NAME: tuple[Named, ...] = tuple(((p,), None) for p in PATTERNS if p)
NAMED: tuple[Named, ...] = (
    *_ONE_DNS_NAME,
    *_ONE_COMMON_NAME,
    ((), None),
    ((), {"dns": ("gw.plant.local",)}),
    ((b"gw.plant.local",), {}),
    ((b"gw.plant.local",), {"email": ("gw@plant.local",)}),
    ((b"gw.plant.local",), {"uri": ("urn:x:y",)}),
    ((b"gw.plant.local",), {"uri": ("https://gw.plant.local/",)}),
    ((b"unrelated",), {"uri": ("https://gw.plant.local/",)}),
    ((b"unrelated",), {"uri": ("https://a@GW.plant.local:8883/x",)}),
    ((b"unrelated",), {"uri": ("gw.plant.local",)}),
    ((b"unrelated",), {"uri": ("https://*.plant.local/",)}),
    ((b"unrelated",), {"email": ("gw.plant.local",)}),
    ((b"gw.plant.local",), {"raw": (_OTHER_NAME,)}),
    ((b"gw.plant.local",), {"raw": (_SRV_NAME,)}),
    ((b"gw.plant.local",), {"raw": (_DIRECTORY,)}),
    ((b"gw.plant.local",), {"ip": ("10.1.2.3",)}),
    ((b"gw.plant.local",), {"ip": ("2001:db8::1",)}),
    ((b"gw.plant.local",), {"ip": (b"\x0a\x01\x02",)}),
    ((b"gw.plant.local",), {"dns": ("other.plant.local",)}),
    ((b"gw.plant.local",), {"dns": ("other.plant.local",), "ip": ("10.1.2.3",)}),
    ((b"gw.plant.local",), {"dns": ("",)}),
    ((b"unrelated",), {"dns": ("other.example", "gw.plant.local")}),
    ((b"unrelated",), {"dns": ("*.local", "gw.plant.local")}),
    ((b"unrelated",), {"dns": ("b\xfccher.example", "gw.plant.local")}),
    ((b"unrelated",), {"dns": ("edgehub", "gw.plant.local"), "ip": ("10.1.2.3",)}),
    ((b"unrelated",), {"ip": ("10.1.2.3",)}),
    ((b"unrelated",), {"ip": ("10.9.9.9", "10.1.2.3")}),
    ((b"unrelated",), {"ip": ("2001:db8::1",)}),
    ((b"unrelated",), {"ip": ("::ffff:10.1.2.3",)}),
    ((b"unrelated",), {"ip": (b"\x0a\x01\x02\x03\xff\xff\xff\xff",)}),
    ((b"10.1.2.3",), {"dns": ("10.1.2.3",)}),
    ((b"10.1.2.3",), {"ip": ("10.1.2.3",)}),
    ((b"10.1.2.3",), {"ip": ("10.9.9.9",)}),
    ((b"10.1.2.3",), {"ip": ("10.9.9.9",), "dns": ("edgehub",)}),
    ((b"10.1.2.3",), {"dns": ("edgehub",)}),
    ((b"10.1.2.3",), {"uri": ("urn:x:y",)}),
    ((b"10.1.2.3",), {"email": ("gw@plant.local",)}),
    ((b"10.1.2.3",), {}),
    ((b"10.1.2.3", b"gw"), None),
    ((b"gw", b"10.1.2.3"), None),
    ((b"gw.plant.local", b"other.plant.local"), None),
    ((b"other.plant.local", b"gw.plant.local"), None),
    ((b"gw.plant.local", b"gw.plant.local"), None),
    ((b"*.plant.local", b"plant.local", b"gw"), None),
)
"""Common names, and entries of the subjectAltName by kind; None where there is no extension."""


def gateway(
    common_names: tuple[bytes, ...], names: dict[str, tuple[bytes | str, ...]] | None
) -> Gateway:
    """A sound gateway with these names."""
    subject = [("CN", _text(name)) for name in common_names] or [("O", "Contoso")]
    made = stock.stock_15().change("server", subject=subject)
    made = made.without_extension("server", "subjectAltName")
    if names is None:
        return made
    octets: dict[str, Any] = {
        kind: [n.encode("latin-1") if kind != "ip" and isinstance(n, str) else n for n in some]
        for kind, some in names.items()
    }
    return made.with_extension("server", subject_alt_name(**octets))


def _text(name: bytes) -> core.UTF8String:
    """A UTF8String, whatever the octets."""
    return core.UTF8String(name.decode("latin-1"))


def certificate(made: Gateway) -> Certificate:
    """The server certificate of a gateway, as edgecheck reads it."""
    return Reader({}, 10**6, 10).read(made.issued("server").der, "").sequence[0]


@cache
def gateways() -> tuple[Gateway, ...]:
    """All of `NAMED`."""
    return tuple(gateway(common_names, names) for common_names, names in NAMED)


@cache
def certificates() -> tuple[Certificate, ...]:
    """Their server certificates."""
    return tuple(map(certificate, gateways()))


def pairs() -> Iterator[tuple[int, str]]:
    """Each place in `NAMED` with each host."""
    return ((place, host) for place in range(len(NAMED)) for host in HOSTS)


def chain(made: Gateway) -> tuple[bytes, bytes]:
    """What the gateway sends, and what is to be trusted, as PEM."""
    return pem(*made.presented(), comments=False), pem(*made.trust(), comments=False)
