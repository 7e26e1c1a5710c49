"""Ordinary chains of which one fact is changed: some are ordinary still, most are not.

    nearly(12)      # a chain, and what was done; 0 to any number, the same in every run

The chain that is changed is a stock gateway or one of `ordinary_chains.py`. A change takes what it
needs from chance, such as the certificate in which it is made.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from asn1crypto import core

from fixtures import der
from fixtures.extensions import KEY_USAGES, PURPOSES, authority_info_access
from fixtures.pki import (
    authority_key_id,
    extended_key_usage,
    flip_signature_bit,
    generalized_time,
    key_usage,
    name_constraints,
    raw_extension,
    raw_time,
    subject_alt_name,
    subject_key_id,
    utc_time,
)
from fixtures.private_keys import SIGNATURES
from tests.ordinary_chains import (
    AT,
    DAY,
    EC,
    HOSTS,
    KINDS,
    RSA,
    RUNTIMES,
    SECOND,
    Draft,
    Given,
    draft,
    of_stock,
)
from tests.sent_otherwise import Chance, renewed, sent_otherwise

_ALL = ("p384-1", "p521-1", "ed25519-1", "ed448-1", "secp256k1-1", "rsa1024-1", "rsa8192-1")
_KEYS = (*_ALL, "rsa2048-e34-1", RSA[0], RSA[-1], EC[0])
_SIGNATURES = [name for name in SIGNATURES if not name.startswith("ed")]
_URI = der.tlv(0x86, b"http://plant7.example/x")
_POINT = der.sequence(der.tlv(0xA0, der.tlv(0xA0, _URI)))
_MORE = (
    raw_extension("certificatePolicies", der.sequence(der.sequence(der.oid("1.2.3.4")))),
    raw_extension("policyConstraints", der.sequence(der.tlv(0x80, b"\0"))),
    raw_extension("2.5.29.54", b"\x02\x01\0"),
    raw_extension("cRLDistributionPoints", der.sequence(_POINT)),
    authority_info_access(ca_issuers=["http://plant7.example/ca.der"]),
    raw_extension("issuerAltName", der.sequence(_URI)),
    raw_extension("tlsfeature", der.sequence(b"\x02\x01\x05")),
    raw_extension("nsCertType", b"\x03\x02\x05\x20"),
    raw_extension("1.2.3.4.5", b"\x05\0"),
    raw_extension("certificatePolicies", b"\x30\0"),
    raw_extension("issuerAltName", b"\x04\0"),
    name_constraints({"dns": ["local", "example"]}, critical=False),
    name_constraints({"dns": ["elsewhere.example"]}, critical=False),
    name_constraints(excluded={"email": ["plant7.example"]}, critical=False),
)


def _place(chance: Chance, made: Draft, least: int = 0) -> int:
    return chance.randrange(least, len(made.specs))


# --- extensions -----------------------------------------------------------------------------------


def _without(chance: Chance, made: Draft) -> Draft:
    place = _place(chance, made)
    return made.without(place, chance.choice(made.specs[place].extensions).name)


def _critical(chance: Chance, made: Draft) -> Draft:
    place = _place(chance, made)
    one = chance.choice(made.specs[place].extensions)
    return made.put(place, replace(one, critical=not one.critical))


def _twice(chance: Chance, made: Draft) -> Draft:
    place = _place(chance, made)
    spec = made.specs[place]
    return made.put(place, extensions=(*spec.extensions, chance.choice(spec.extensions)))


def _one_more(chance: Chance, made: Draft) -> Draft:
    one = chance.choice(_MORE)
    return made.put(_place(chance, made), replace(one, critical=chance.random() < 0.4))


def _usages(chance: Chance, made: Draft) -> Draft:
    usages = chance.sample(KEY_USAGES, chance.randrange(0, 6))
    return made.put(_place(chance, made), key_usage(*usages, critical=chance.random() < 0.8))


def _purposes(chance: Chance, made: Draft) -> Draft:
    purposes = chance.sample(list(PURPOSES), chance.randrange(0, 4))
    return made.put(_place(chance, made), extended_key_usage(*purposes))


def _constraints(chance: Chance, made: Draft) -> Draft:
    lengths = [b"\2\1\0", b"\2\1\1", b"\2\1\x80", b"\2\2\0\x80", b"\2\1\xff"]
    parts = [b"", b"\1\1\xff", b"\1\1\0", b"\1\1\1", b"\1\2\xff\xff", b"\2\1\0"]
    parts += [b"\1\1\xff" + length for length in lengths]
    value = chance.choice([b"", *map(der.sequence, parts)])
    return made.put(_place(chance, made), raw_extension("basicConstraints", value, True))


def _subject_key(chance: Chance, made: Draft) -> Draft:
    size = chance.choice([0, 1, 8, 19, 21, 32])
    return made.put(_place(chance, made), subject_key_id(bytes(range(size))))


def _one_subject_key(chance: Chance, made: Draft) -> Draft:
    for place in range(len(made.specs)):
        made = made.put(place, subject_key_id(bytes(20)))
    return made


def _authority_key(chance: Chance, made: Draft) -> Draft:
    other = ("Contoso Root CA", 7)
    one = chance.choice(
        [
            authority_key_id(bytes(20)),
            authority_key_id(b""),
            authority_key_id(keyid=False, issuer_and_serial=True),
            authority_key_id(issuer_and_serial=other),
            authority_key_id(keyid=False, issuer_and_serial=other),
            authority_key_id(critical=True),
            raw_extension("authorityKeyIdentifier", b"0\0"),
            raw_extension("authorityKeyIdentifier", der.sequence(der.tlv(0xA1, _URI), b"\x82\1\1")),
            raw_extension("authorityKeyIdentifier", der.sequence(b"\x82\1\1")),
        ]
    )
    return made.put(_place(chance, made), one)


def _written_otherwise(chance: Chance, made: Draft) -> Draft:
    """What DER does not allow, or what nobody writes, in the signed part or behind it."""
    ways: list[tuple[bytes, bytes]] = [
        (b"\x01\x01\xff\x04", b"\x01\x01\x01\x04"),
        (b"\x05\x00", b"\x04\x00"),
        (b"\x55\x1d\x13\x01\x01\xff", b"\x55\x1d\x13\x01\x01\x00"),
        (b"\x55\x1d\x0f\x01\x01\xff", b"\x55\x1d\x0f\x01\x01\x00"),
        (b"\x55\x1d\x11", b"\x55\x1d\x12"),
        (b"\x55\x04\x03", b"\x55\x04\x04"),
        (b"\x55\x04\x03\x0c", b"\x55\x04\x03\x13"),
        (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03"),
    ]
    old, new = chance.choice(ways)
    return made.put(_place(chance, made), damage_tbs=lambda tbs: tbs.replace(old, new))


# --- key, signature, number, times, names ---------------------------------------------------------


def _key(chance: Chance, made: Draft) -> Draft:
    return made.put(_place(chance, made), key=chance.choice(_KEYS))


def _signature(chance: Chance, made: Draft) -> Draft:
    place = _place(chance, made)
    key = made.specs[min(place + 1, len(made.specs) - 1)].key
    fitting = [name for name in _SIGNATURES if ("ecdsa" in name) == key.startswith("p256")]
    return made.put(place, signature=chance.choice(fitting))


def _inner_signature(chance: Chance, made: Draft) -> Draft:
    return made.put(_place(chance, made), inner_signature=chance.choice(_SIGNATURES))


def _signer(chance: Chance, made: Draft) -> Draft:
    return made.put(_place(chance, made), signer=chance.choice(RSA + EC))


def _flipped(chance: Chance, made: Draft) -> Draft:
    return made.put(_place(chance, made), damage=flip_signature_bit)


def _serial(chance: Chance, made: Draft) -> Draft:
    odd: list[int | bytes] = [0, 1, -1, 1 << 159, (1 << 159) - 1, 1 << 160, b"\0\1", b""]
    return made.put(_place(chance, made), serial=chance.choice(odd))


def _one_serial(chance: Chance, made: Draft) -> Draft:
    for place in range(len(made.specs)):
        made = made.put(place, serial=9)
    return made


def _version(chance: Chance, made: Draft) -> Draft:
    return made.put(_place(chance, made), version=chance.choice([1, 2, 4]))


def _end(chance: Chance, made: Draft) -> Draft:
    near = chance.choice([-DAY, -SECOND, timedelta(), SECOND, DAY, DAY + SECOND])
    when = datetime(2029, 1, 2, tzinfo=UTC)
    end = chance.choice(
        [
            AT + near,
            AT + near,
            datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC),
            datetime(2050, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
            generalized_time(when),
            utc_time(datetime(2051, 1, 1, tzinfo=UTC)),
            raw_time(der.tlv(0x17, b"2901020000Z"), when),
            raw_time(der.tlv(0x17, b"290102000000+0100"), when),
            raw_time(der.tlv(0x17, b"291302000000Z")),
        ]
    )
    return made.put(_place(chance, made), not_after=end)


def _begin(chance: Chance, made: Draft) -> Draft:
    near = chance.choice([DAY, SECOND, timedelta(), -SECOND, -DAY, -DAY - SECOND])
    early = [datetime(year, 1, 1, tzinfo=UTC) for year in (1950, 1969, 1999, 2000)]
    begin = chance.choice([AT + near, AT + near, *early, generalized_time(AT - 90 * DAY)])
    return made.put(_place(chance, made), not_before=begin)


def _subject(chance: Chance, made: Draft) -> Draft:
    names = [
        [],
        [("O", "Contoso")],
        [("CN", "one"), ("CN", "two")],
        [("CN", "x" * 65)],
        [("CN", "W\u00fcrzburg")],
        [("CN", core.TeletexString("Contoso"))],
        [("CN", core.BMPString("Contoso"))],
        [("CN", " Contoso  CA ")],
        [("CN", "a\0b")],
        [("CN", made.hostname)],
        [("CN", "*.example")],
        [("CN", "10.0.0.1")],
        [("C", "USA"), ("CN", "x")],
        [("C", core.PrintableString("U1")), ("CN", "x")],
        [("CN", "x"), ("emailAddress", "a@plant7.example")],
        [("CN", "x"), ("DC", "plant7")],
        [("CN", "x"), ("OU", "1"), ("OU", "2")],
    ]
    return made.put(_place(chance, made), subject=chance.choice(names))


def _one_subject(chance: Chance, made: Draft) -> Draft:
    common = chance.choice(["Contoso CA", "contoso ca"])
    made = made.put(_place(chance, made, 1), subject="Contoso CA")
    return made.put(_place(chance, made), subject=[("CN", common)])


def _issuer(chance: Chance, made: Draft) -> Draft:
    """The issuer's name in other letters or another string type, or another one."""
    place = _place(chance, made)
    above = der.name_pairs(made.issued()[min(place + 1, len(made.specs) - 1)].subject)
    way: Callable[[str], Any] = chance.choice([str.upper, core.PrintableString, core.UTF8String])
    name: Any = [(short, way(text)) for short, text in above] if chance.random() < 0.8 else "Other"
    return made.put(place, issuer=name)


# --- what is asked for ----------------------------------------------------------------------------

_NAMES = (
    "a", "A.Example", "gw.", ".gw", "gw..b", "gw_1.local", "-gw.local", "gw-.local", "10.0.0.1",
    "gw.10", "1gw.local", "gw.0x10", "xn--mnchen-3ya.de", "m\u00fcnchen.de", "*.local", "a--b.c",
    "f" * 64, ".".join(["g" * 60] * 4), "$edgeHub", "::1", "[::1]", "gw local", "gw:8883", "",
    "ab", "h" * 63, "a1-2.b3", "xn-a.local",
)  # fmt: skip


def _other_host(chance: Chance, made: Draft) -> Draft:
    """Asked for another name than the certificate has."""
    return replace(made, hostname=chance.choice([*_NAMES, *HOSTS, made.hostname.upper()]))


def _odd_host(chance: Chance, made: Draft) -> Draft:
    """The same name in the certificate and on the client."""
    name = chance.choice(_NAMES)
    made = made.put(0, subject_alt_name(dns=[name.encode(), b"edgehub"]), subject=[("CN", name)])
    return replace(made, hostname=name)


def _alternatives(chance: Chance, made: Draft) -> Draft:
    host = made.hostname
    ways: list[dict[str, Any]] = [
        {"dns": [host, name.encode()] if chance.random() < 0.5 else [name.encode(), host]}
        for name in _NAMES
    ]
    ways += [
        {"dns": [host], "ip": ["10.0.0.1"]},
        {"dns": [host], "ip": [b"\1\2\3"]},
        {"dns": [host], "uri": ["http://plant7.example"]},
        {"dns": [host], "email": ["a@plant7.example"]},
        {"dns": [host], "raw": [der.tlv(0x88, b"\x2a\x03")]},
        {"dns": [host], "raw": [der.tlv(0xA4, der.name_der("x"))]},
        {"dns": [host, "*.local", "b\0c"]},
        {"dns": [f"name-{number}" for number in range(8)] + [host]},
        {"dns": [host] * 3},
        {"dns": [host.upper()]},
        {"dns": ["other.example"]},
        {"dns": []},
    ]
    return made.put(0, subject_alt_name(**chance.choice(ways)))


def _asked_at(chance: Chance, made: Draft) -> Draft:
    years = (1969, 1999, 2001, 2037, 2038, 2049, 2106)
    far = [datetime(year, 6, 1, tzinfo=UTC) for year in years]
    near = [AT + chance.choice([-1, 1]) * days * DAY for days in (1, 10, 40, 400, 3000)]
    return replace(made, at=chance.choice([*far, *near]))


CHANGES: tuple[Callable[[Chance, Draft], Draft], ...] = (
    _without, _critical, _twice, _one_more, _usages, _purposes, _constraints, _subject_key,
    _one_subject_key, _authority_key, _written_otherwise, _key, _signature, _inner_signature,
    _signer, _flipped, _serial, _one_serial, _version, _end, _begin, _subject, _one_subject,
    _issuer, _other_host, _odd_host, _alternatives, _asked_at,
)  # fmt: skip


# --- all ------------------------------------------------------------------------------------------


def nearly(number: int) -> Given:
    """The chain with this number, and what was done to it."""
    chance = random.Random(f"nearly ordinary/{number}")
    if chance.random() < 0.5:
        base = of_stock(chance.choice(RUNTIMES), chance.choice(KINDS))
    else:
        base = draft(number)
    which = number % (len(CHANGES) + 3)
    if which < len(CHANGES):
        change = CHANGES[which]
        return change(chance, base).given(f"nearly {number}: {change.__name__.strip('_')}")
    given = (renewed if which == len(CHANGES) else sent_otherwise)(chance, base)
    return replace(given, what=f"nearly {number}: {given.what}")
