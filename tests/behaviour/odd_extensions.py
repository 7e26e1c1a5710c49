"""Chains with one extension that is not what its syntax says: the recipes, by name.

`server crldp truncated` is a sound gateway whose server certificate has CRL distribution points
that are cut short; `device_ca policies empty critical` says where else, and that it is critical.
What real clients did with each stands in `odd_extensions.json`.
"""

from __future__ import annotations

from fixtures import der, stock
from fixtures.der import integer, oid, sequence, tlv
from fixtures.gateway import Gateway
from fixtures.pki import Extension, basic_constraints, key_usage, raw_extension

URI = tlv(0x86, b"http://pki.contoso.example/x")
NULL = b"\x05\x00"
_DIRECTORY = tlv(0xA4, der.name_der("Contoso"))
_POLICY = sequence(oid("2.999.1"))


def _point(*parts: bytes) -> bytes:
    """CRL distribution points with one point."""
    return sequence(sequence(*parts))


def _full(*names: bytes) -> bytes:
    """A distributionPoint with a fullName."""
    return tlv(0xA0, tlv(0xA0, *names))


def _access(*parts: bytes) -> bytes:
    return sequence(sequence(*parts))


_OCSP = oid("1.3.6.1.5.5.7.48.1")
_PROXY_POLICY = sequence(oid("1.3.6.1.5.5.7.21.1"))
_V4 = tlv(4, b"\x00\x01")

SOUND: dict[str, tuple[str, bytes]] = {
    "crldp": ("2.5.29.31", _point(_full(URI))),
    "nstype": ("2.16.840.1.113730.1.1", b"\x03\x02\x06\xc0"),
    "ipaddr": ("1.3.6.1.5.5.7.1.7", sequence(sequence(_V4, NULL))),
    "asid": ("1.3.6.1.5.5.7.1.8", sequence(tlv(0xA0, NULL))),
    "proxy": ("1.3.6.1.5.5.7.1.14", sequence(_PROXY_POLICY)),
    "aia": ("1.3.6.1.5.5.7.1.1", _access(_OCSP, URI)),
    "sia": ("1.3.6.1.5.5.7.1.11", _access(oid("1.3.6.1.5.5.7.48.5"), URI)),
    "policies": ("2.5.29.32", sequence(_POLICY)),
    "mappings": ("2.5.29.33", sequence(sequence(oid("2.999.1"), oid("2.999.2")))),
    "pconstraints": ("2.5.29.36", sequence(b"\x81\x01\x00")),
    "inhibitany": ("2.5.29.54", integer(3)),
    "ian": ("2.5.29.18", sequence(tlv(0x82, b"pki.contoso.example"))),
    "freshest": ("2.5.29.46", _point(_full(URI))),
    "feature": ("1.3.6.1.5.5.7.1.24", sequence(integer(5))),
    "sct": ("1.3.6.1.4.1.11129.2.4.2", tlv(4, b"\x00\x00")),
    "keyperiod": ("2.5.29.16", sequence(tlv(0x81, b"20350101000000Z"))),
    "directory": (
        "2.5.29.9",
        sequence(sequence(oid("1.3.6.1.5.5.7.9.4"), tlv(0x31, tlv(0x13, b"DE")))),
    ),
    "nocheck": ("1.3.6.1.5.5.7.48.1.5", NULL),
    "nscomment": ("2.16.840.1.113730.1.13", tlv(0x16, b"made by hand")),
    "nsurl": ("2.16.840.1.113730.1.2", tlv(0x16, b"http://pki.contoso.example/")),
    "apppolicies": (
        "1.3.6.1.4.1.311.21.10",
        sequence(sequence(oid("1.3.6.1.5.5.7.3.1"))),
    ),
    "san": ("2.5.29.17", sequence(tlv(0x82, stock.HOSTNAME.encode()))),
}
"""Each kind: its object identifier, and a value that is right."""

ODD: dict[str, dict[str, bytes]] = {
    "crldp": {
        "dp-empty": _point(),
        "dp-reasons-only": _point(b"\x81\x02\x07\x80"),
        "dp-no-sequence": sequence(tlv(4, b"x")),
        "reasons-unused": _point(_full(URI), b"\x81\x02\x08\x80"),
        "reasons-empty": _point(_full(URI), b"\x81\x00"),
        "reasons-sound": _point(_full(URI), b"\x81\x02\x06\xc0"),
        "name-empty": _point(tlv(0xA0, tlv(0xA0))),
        "name-missing": _point(tlv(0xA0)),
        "name-primitive": _point(tlv(0x80, b"http://pki.contoso.example/x")),
        "name-unwrapped": _point(tlv(0xA0, URI)),
        "name-tag": _point(_full(tlv(0x89, b"x"))),
        "name-plain": _point(_full(tlv(0x16, b"http://pki.contoso.example/x"))),
        "uri-latin": _point(_full(tlv(0x86, b"http://\xe9/"))),
        "ip": _point(_full(tlv(0x87, b"\x0a\x00"))),
        "second-name-odd": _point(_full(URI, tlv(0xA4, b"\x04\x00"))),
        "relative": _point(tlv(0xA0, tlv(0xA1, sequence(oid("2.5.4.3"), tlv(12, b"crl"))))),
        "relative-odd": _point(tlv(0xA0, tlv(0xA1, tlv(12, b"crl")))),
        "issuer-only": _point(tlv(0xA2, _DIRECTORY)),
        "issuer-empty": _point(tlv(0xA2)),
        "issuer-odd": _point(_full(URI), tlv(0xA2, tlv(0x89, b"x"))),
        "order": _point(tlv(0xA2, _DIRECTORY), _full(URI)),
        "extra": _point(_full(URI), tlv(0x83, b"x")),
    },
    "nstype": {
        "unused": b"\x03\x02\x08\x40",
        "no-bits": b"\x03\x01\x00",
        "no-bits-unused": b"\x03\x01\x07",
        "no-octets": b"\x03\x00",
        "padding-set": b"\x03\x02\x06\xff",
        "constructed": b"\x23\x04\x03\x02\x06\xc0",
    },
    "ipaddr": {
        "no-choice": sequence(sequence(_V4)),
        "choice-tag": sequence(sequence(_V4, tlv(4, b"x"))),
        "null-odd": sequence(sequence(_V4, b"\x05\x01\x00")),
        "family-tag": sequence(sequence(tlv(2, b"\x01"), NULL)),
        "no-sequence": sequence(_V4),
        "unused": sequence(sequence(_V4, sequence(b"\x03\x02\x09\x0a"))),
        "prefix": sequence(sequence(_V4, sequence(b"\x03\x02\x00\x0a"))),
    },
    "asid": {
        "choice-tag": sequence(tlv(0xA0, tlv(4, b"x"))),
        "two-tag": sequence(tlv(0xA2, NULL)),
        "null-odd": sequence(tlv(0xA0, b"\x05\x01\x00")),
        "number-padded": sequence(tlv(0xA0, sequence(b"\x02\x02\x00\x01"))),
        "number": sequence(tlv(0xA0, sequence(integer(64500)))),
    },
    "proxy": {
        "no-policy": sequence(integer(1)),
        "policy-empty": sequence(sequence()),
        "length-padded": sequence(b"\x02\x02\x00\x01", _PROXY_POLICY),
    },
    "aia": {
        "no-sequence": sequence(oid("1.3.6.1.5.5.7.48.1")),
        "method-only": _access(_OCSP),
        "method-odd": _access(b"\x06\x02\x2a\x86", URI),
        "method-empty": _access(b"\x06\x00", URI),
        "method-tag": _access(integer(1), URI),
        "location-tag": _access(_OCSP, tlv(0x89, b"x")),
        "location-plain": _access(_OCSP, tlv(0x16, b"http://pki.contoso.example/x")),
        "location-long": _access(_OCSP, b"\x86\x20x"),
        "uri-latin": _access(_OCSP, tlv(0x86, b"http://\xe9/")),
        "extra": _access(_OCSP, URI, NULL),
    },
    "sia": {"no-sequence": sequence(oid("1.3.6.1.5.5.7.48.5"))},
    "policies": {
        "no-sequence": sequence(oid("2.999.1")),
        "entry-empty": sequence(sequence()),
        "entry-tag": sequence(sequence(integer(1))),
        "policy-odd": sequence(sequence(b"\x06\x02\x2a\x86")),
        "policy-empty": sequence(sequence(b"\x06\x00")),
        "policy-padded": sequence(sequence(b"\x06\x03\x2a\x80\x01")),
        "policy-twice": sequence(_POLICY, _POLICY),
        "qualifiers-tag": sequence(sequence(oid("2.999.1"), integer(1))),
        "qualifiers-empty": sequence(sequence(oid("2.999.1"), sequence())),
        "qualifier-unknown": sequence(
            sequence(oid("2.999.1"), sequence(sequence(oid("2.999.3"), NULL)))
        ),
        "qualifier-odd": sequence(sequence(oid("2.999.1"), sequence(sequence(integer(1))))),
        "extra": sequence(sequence(oid("2.999.1"), sequence(), NULL)),
    },
    "mappings": {
        "one": sequence(sequence(oid("2.999.1"))),
        "three": sequence(sequence(oid("2.999.1"), oid("2.999.2"), oid("2.999.3"))),
        "tag": sequence(sequence(integer(1), integer(2))),
        "no-sequence": sequence(oid("2.999.1")),
        "policy-odd": sequence(sequence(oid("2.999.1"), b"\x06\x02\x2a\x86")),
        "any": sequence(sequence(oid("2.5.29.32.0"), oid("2.999.2"))),
    },
    "pconstraints": {
        "padded": sequence(b"\x81\x02\x00\x01"),
        "negative": sequence(b"\x81\x01\xff"),
        "no-octets": sequence(b"\x81\x00"),
        "universal": sequence(integer(0)),
        "order": sequence(b"\x81\x01\x05\x80\x01\x05"),
        "two": sequence(b"\x82\x01\x00"),
        "large": sequence(b"\x81\x09\x01" + b"\x00" * 8),
    },
    "inhibitany": {
        "padded": b"\x02\x02\x00\x03",
        "negative": b"\x02\x01\xff",
        "no-octets": b"\x02\x00",
        "large": b"\x02\x09\x01" + b"\x00" * 8,
    },
    "ian": {"name-tag": sequence(tlv(0x89, b"x")), "name-plain": sequence(tlv(0x16, b"x"))},
    "freshest": {"dp-empty": _point(), "name-tag": _point(_full(tlv(0x89, b"x")))},
    "feature": {"tag": sequence(tlv(4, b"x")), "padded": sequence(b"\x02\x02\x00\x05")},
    "sct": {"inner": tlv(4, b"\x00\x05\x00")},
    "keyperiod": {"time": sequence(tlv(0x81, b"2035")), "tag": sequence(integer(1))},
    "directory": {"no-set": sequence(sequence(oid("1.3.6.1.5.5.7.9.4")))},
    "nocheck": {"content": b"\x05\x01\x00"},
    "nscomment": {"latin": tlv(0x16, b"\xe9")},
    "nsurl": {"latin": tlv(0x16, b"\xe9")},
    "apppolicies": {
        "other": sequence(sequence(oid("1.3.6.1.5.5.7.3.2"))),
        "no-sequence": sequence(oid("1.3.6.1.5.5.7.3.1")),
        "twice": sequence(*[sequence(oid("1.3.6.1.5.5.7.3.1"))] * 2),
    },
    "san": {
        "directory-only": sequence(_DIRECTORY),
        "number-only": sequence(tlv(0x88, b"\x2a\x03")),
        "name-tag": sequence(tlv(0x82, stock.HOSTNAME.encode()), tlv(0x89, b"x")),
        "name-plain": sequence(tlv(0x82, stock.HOSTNAME.encode()), tlv(0x16, b"x")),
        "directory-odd": sequence(tlv(0x82, stock.HOSTNAME.encode()), tlv(0xA4, b"\x04\x00")),
        "rid-odd": sequence(tlv(0x82, stock.HOSTNAME.encode()), b"\x88\x02\x2a\x86"),
        "other-odd": sequence(tlv(0x82, stock.HOSTNAME.encode()), tlv(0xA0, NULL)),
    },
}
"""Each kind: what its own syntax forbids, and a few values that look odd and are right."""


def value(kind: str, odd: str) -> bytes:
    """The contents of the OCTET STRING: what is wrong with it is a word of ODD, or one of these."""
    sound = SOUND[kind][1]
    match odd:
        case "sound" | "twice-sound":
            return sound
        case "nothing":
            return b""
        case "null":
            return NULL
        case "octets":
            return tlv(4, b"x")
        case "empty":
            return sound[:1] + b"\x00"
        case "trailing":
            return sound + b"\x00"
        case "trailing-null":
            return sound + NULL
        case "truncated":
            return sound[:-1]
        case "long-inside":
            return bytes([sound[0], max(0, sound[1] - 1)]) + sound[2:-1]
        case "long-length":
            return bytes([sound[0], 0x81]) + sound[1:]
        case "indefinite":
            return bytes([sound[0], 0x80]) + sound[2:] + b"\x00\x00"
    return ODD[kind][odd]


def made(name: str) -> Gateway:
    """The gateway of one line of the table."""
    role, kind, odd, *critical = name.split()
    gateway = stock.stock_15().change("server", serial=None)
    for extension in (key_usage("digitalSignature", "keyEncipherment"), basic_constraints(False)):
        gateway = gateway.with_extension("server", extension)
    added: Extension = raw_extension(SOUND[kind][0], value(kind, odd), bool(critical))
    gateway = gateway.with_extension(role, added)
    if odd == "twice-sound":
        gateway = gateway.change(role, extensions=(*gateway[role].extensions, added))
    return gateway


GENERAL = (
    "sound",
    "nothing",
    "null",
    "octets",
    "empty",
    "trailing",
    "truncated",
    "long-inside",
    "long-length",
    "indefinite",
)
_ABOVE = {
    "crldp": ("null", "dp-empty", "name-tag", "truncated"),
    "nstype": ("null", "unused"),
    "ipaddr": ("sound", "null", "choice-tag", "prefix"),
    "asid": ("sound", "null"),
    "proxy": ("sound", "null"),
    "aia": ("null", "method-odd"),
    "policies": ("sound", "null", "entry-empty", "policy-twice", "trailing"),
    "mappings": ("sound", "null", "one"),
    "pconstraints": ("sound", "null", "padded"),
    "inhibitany": ("sound", "null", "negative"),
    "ian": ("null",),
    "apppolicies": ("other", "null"),
}
_CRITICAL = ("sound", "null", "trailing")


def names() -> list[str]:
    """All lines that were tried."""
    found = []
    for kind in SOUND:
        few = kind in ("sia", "sct", "keyperiod", "directory", "nscomment", "nsurl", "feature")
        general = ("sound", "null", "truncated") if few else GENERAL
        found += [
            f"server {kind} {odd}" for odd in (*general, *ODD[kind]) if not odd.endswith("-only")
        ]
        if kind == "san":
            odds = ("sound", "directory-only", "number-only")
            found += [f"device_ca san {odd}{more}" for odd in odds for more in ("", " critical")]
            found += ["device_ca san name-tag", "root san name-tag"]
            continue
        if not few:
            found.append(f"server {kind} twice-sound")
        found += [f"server {kind} {odd} critical" for odd in _CRITICAL]
        for odd in _ABOVE.get(kind, ()):
            found += [f"device_ca {kind} {odd}", f"root {kind} {odd}"]
    found += [
        f"device_ca {kind} {odd} critical"
        for kind in ("policies", "mappings", "pconstraints", "inhibitany")
        for odd in ("sound", "null")
    ]
    found += [
        f"server {kind} {odd} critical"
        for kind in ("policies", "mappings", "pconstraints", "inhibitany")
        for odd in (*GENERAL, *ODD[kind])
    ]
    return list(dict.fromkeys(found))
