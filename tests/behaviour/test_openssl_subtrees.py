"""Name constraints as OpenSSL applies them: each form of name, within and without."""

from __future__ import annotations

from typing import Any

import pytest
from asn1crypto import core

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl.extensions import Bounded, constraints
from edgecheck.behaviour.openssl.subtrees import dns_within, host_in_common_name, violated
from fixtures import der
from fixtures.der import sequence, tlv
from fixtures.pki import issue, raw_extension, subject_alt_name
from tests.behaviour.runs import SOUND, read
from tests.hierarchy.chains import server

DNS, IP, EMAIL, URI, DIR = raw.DNS, raw.IP, raw.EMAIL, raw.URI, raw.DIRECTORY
UPN = 0xA0
V4, V6 = bytes([10, 1, 2, 3]), bytes.fromhex("20010db8000000000000000000000001")


def told(
    base: tuple[int, bytes],
    names: dict[str, Any] | None,
    subject: Any = "gateway",
    is_leaf: bool = True,
    excluded: bool = False,
) -> int:
    """The error of a certificate under one base."""
    spec = server(subject=subject)
    spec = (
        spec.without_extension("subjectAltName")
        if names is None
        else spec.with_extension(subject_alt_name(**names))
    )
    held = raw.Constraints(excluded=(base,)) if excluded else raw.Constraints(permitted=(base,))
    return violated(read(issue(spec))[0], held, is_leaf)


@pytest.mark.parametrize(
    ("name", "base", "within"),
    [
        (b"gw.plant.local", b"plant.local", True),
        (b"gw.PLANT.local", b"Plant.Local", True),
        (b"plant.local", b"plant.local", True),
        (b"xplant.local", b"plant.local", False),
        (b"a.plant.local", b".plant.local", True),
        (b"plant.local", b".plant.local", False),
        (b"gw.plant.locax", b"plant.local", False),
        (b"local", b"plant.local", False),
        (b"", b"", True),
        (b"gw.plant.local", b"", True),
        (b"*.plant.local", b"plant.local", True),
    ],
)
def test_a_dns_name_lies_within_a_base_at_the_border_of_a_label(
    name: bytes, base: bytes, within: bool
) -> None:
    """nc_dns of v3_ncons.c."""
    assert dns_within(name, base) is within
    assert told((DNS, base), {"dns": [name]}) == (0 if within else 47)
    assert told((DNS, base), {"dns": [name]}, excluded=True) == (48 if within else 0)


NET4, NET6 = bytes([10, 1, 0, 0, 255, 255, 0, 0]), V6[:4] + bytes(12) + b"\xff" * 4 + bytes(12)


@pytest.mark.parametrize(
    ("address", "base", "number"),
    [
        (V4, NET4, 0),
        (bytes([10, 2, 2, 3]), NET4, 47),
        (V4, bytes([10, 1, 2, 3]) + b"\xff" * 4, 0),
        (V4, bytes([10, 1, 2, 2]) + b"\xff" * 4, 47),
        (V4, bytes([10, 1, 2, 2]) + b"\xff\xff\xff\xfe", 0),
        (V6, NET6, 0),
        (bytes(16), NET6, 47),
        (V6, NET4, 47),
        (V4, NET6, 47),
        (b"\x0a\x01\x02", NET4, 53),
        (V4, NET4[:7], 53),
        (V4, b"", 53),
    ],
)
def test_an_address_lies_within_a_network_of_its_own_size(
    address: bytes, base: bytes, number: int
) -> None:
    """nc_ip: 4 and 8 octets, or 16 and 32; whichever is another is told as a wrong name."""
    assert told((IP, base), {"ip": [address]}) == number
    opposite = {0: 48, 47: 0}.get(number, number)
    assert told((IP, base), {"ip": [address]}, excluded=True) == opposite


@pytest.mark.parametrize(
    ("address", "base", "number"),
    [
        (b"gw@plant.local", b"gw@plant.local", 0),
        (b"gw@plant.local", b"gw@PLANT.local", 0),
        (b"gw@plant.local", b"GW@plant.local", 47),
        (b"gw@plant.local", b"hw@plant.local", 47),
        (b"gw@plant.local", b"plant.local", 0),
        (b"gw@plant.locax", b"plant.local", 47),
        (b"gw@a.plant.local", b"plant.local", 47),
        (b"gw@a.plant.local", b".plant.local", 0),
        (b"gw@a.PLANT.local", b".plant.LOCAL", 0),
        (b"gw@plant.local", b".plant.local", 47),
        (b".plant.local", b".plant.local", 53),
        (b"@.plant.local", b".plant.local", 0),
        (b"gw@plant.local", b"@plant.local", 0),
        (b"plant.local", b"plant.local", 53),
    ],
)
def test_an_email_address_lies_at_a_host_or_below_a_domain(
    address: bytes, base: bytes, number: int
) -> None:
    """nc_email: the local part to the letter, the host in any case."""
    assert told((EMAIL, base), {"email": [address]}) == number


@pytest.mark.parametrize(
    ("uri", "base", "number"),
    [
        (b"https://gw.plant.local/x", b"gw.plant.local", 0),
        (b"https://GW.plant.local", b"gw.PLANT.local", 0),
        (b"https://gw.plant.local:8883/x", b"gw.plant.local", 0),
        (b"https://gw.plant.local/x:y", b"gw.plant.local", 47),
        (b"https://gw.plant.local", b"plant.local", 47),
        (b"https://gw.plant.local", b".plant.local", 0),
        (b"https://plant.local", b".plant.local", 47),
        (b"https://.plant.local", b".plant.local", 47),
        (b"urn:gw", b"plant.local", 53),
        (b"gw.plant.local", b"plant.local", 53),
        (b"https:/gw", b"gw", 53),
        (b"https:///gw", b"gw", 53),
        (b"https://:80", b"gw", 53),
    ],
)
def test_a_uri_lies_at_a_host_or_below_a_domain(uri: bytes, base: bytes, number: int) -> None:
    """nc_uri: the host is what stands up to a colon, or else a slash, and has to be there."""
    if uri == b"https://gw.plant.local/x:y":
        number = 47  # up to the colon: gw.plant.local/x
    assert told((URI, base), {"uri": [uri]}) == number


ORG = [("O", "Plant")]
UNIT = [*ORG, ("OU", "Hall")]
FULL = [*UNIT, ("CN", "gateway")]


@pytest.mark.parametrize(
    ("subject", "base", "number"),
    [
        (FULL, ORG, 0),
        (FULL, UNIT, 0),
        (FULL, FULL, 0),
        (FULL, [("O", "PLANT")], 0),
        (FULL, [("O", "Plan")], 47),
        (FULL, [("OU", "Hall")], 47),
        (ORG, UNIT, 47),
        (FULL, der.sequence(), 0),
        (der.sequence(), ORG, 0),
    ],
)
def test_a_subject_begins_with_a_directory_name(subject: Any, base: Any, number: int) -> None:
    """nc_dn; an empty subject is no name, and is not held to anything."""
    assert told((DIR, der.name_der(base)), {"dns": ["a.b"]}, subject) == number
    opposite = {0: 48, 47: 0}[number]
    if subject == der.sequence():
        opposite = 0
    assert told((DIR, der.name_der(base)), {"dns": ["a.b"]}, subject, excluded=True) == opposite


def test_a_directory_name_among_the_alternative_ones_counts_too() -> None:
    for unit, number in (("Plant", 0), ("Other", 47)):
        inner = der.tlv(0xA4, der.name_der([("O", unit)]))
        found = told((DIR, der.name_der(ORG)), {"raw": [inner]}, FULL)
        assert found == number
    damaged = der.tlv(0xA4, b"\x30\x03\x31\x05\x00")
    assert told((DIR, der.name_der(ORG)), {"raw": [damaged]}, FULL) == 53


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (core.IA5String("gw@plant.local"), 0),
        (core.IA5String("gw@other.local"), 47),
        (core.UTF8String("gw@plant.local"), 53),
    ],
)
def test_an_email_address_within_the_subject_counts(value: Any, number: int) -> None:
    """It has to be an IA5String, whatever the constraints are about."""
    subject = [("O", "Plant"), ("emailAddress", value)]
    assert told((EMAIL, b"plant.local"), {"dns": ["a.b"]}, subject) == number
    syntax = 53 if number == 53 else 0
    assert told((DNS, b"a.b"), {"dns": ["a.b"]}, subject) == syntax


@pytest.mark.parametrize("form", [UPN, 0x88, 0xA3])
def test_a_form_that_is_not_known_is_unsupported(form: int) -> None:
    """51, where there is a name of that form; else nothing."""
    other = der.tlv(form, b"\x06\x03\x2a\x03\x04")
    assert told((form, b"\x06\x03\x2a\x03\x04"), {"raw": [other]}) == 51
    assert told((form, b"\x06\x03\x2a\x03\x04"), {"raw": [other]}, excluded=True) == 51
    assert told((form, b"\x06\x03\x2a\x03\x04"), {"dns": ["a.b"]}) == 0


def test_constraints_of_one_form_leave_others_alone() -> None:
    for base, names in (
        ((DNS, b"x"), {"ip": ["10.0.0.1"]}),
        ((IP, NET4), {"dns": ["gw.local"]}),
        ((EMAIL, b"x"), {"uri": ["https://y/"]}),
        ((URI, b"x"), {"email": ["a@y"]}),
    ):
        assert told(base, names) == 0
        assert told(base, names, excluded=True) == 0


def test_one_of_several_bases_is_enough_and_every_name_has_to_fit() -> None:
    """Permitted comes first; a base that is wrong matters as far as none has fitted before."""
    one, two = read(
        issue(server(subject_alt_name(dns=["gw.a", "gw.b"]))),
        issue(server(subject_alt_name(dns=["gw.a"]))),
    )
    a, b = (DNS, b"a"), (DNS, b"b")
    assert violated(one, raw.Constraints((a, b)), True) == 0
    assert violated(one, raw.Constraints((a,)), True) == 47
    assert violated(two, raw.Constraints((b, a)), True) == 0
    assert violated(one, raw.Constraints((a, b), (b,)), True) == 48
    assert violated(two, raw.Constraints((b,), (a,)), True) == 47
    assert violated(two, raw.Constraints((a,), (b,)), True) == 0
    (address,) = read(issue(server(subject_alt_name(ip=[V4]))))
    wrong = (IP, NET4[:7])
    assert violated(address, raw.Constraints((wrong, (IP, NET6))), True) == 53
    assert violated(address, raw.Constraints((wrong, (IP, NET4))), True) == 53
    assert violated(address, raw.Constraints(((IP, NET4), wrong)), True) == 0
    assert violated(address, raw.Constraints((), ((IP, NET6), wrong)), True) == 53


LOCAL = tlv(0x82, b"local")
MINIMUM, MAXIMUM = 0x80, 0x81


@pytest.mark.parametrize(
    ("bounds", "new", "old"),
    [
        ((), 0, 0),
        ((tlv(MINIMUM, b"\0"),), 0, 49),
        ((tlv(MINIMUM, b"\1"),), 49, 49),
        ((tlv(MAXIMUM, b"\0"),), 49, 49),
        ((tlv(MINIMUM, b"\0"), tlv(MAXIMUM, b"\1")), 49, 49),
    ],
)
def test_bounds_of_a_subtree_are_an_error_but_a_minimum_of_zero_since_3_0(
    bounds: tuple[bytes, ...], new: int, old: int
) -> None:
    """nc_minmax_valid; permitted or excluded, also behind a base that fits."""
    bounded, plain = sequence(LOCAL, *bounds), sequence(LOCAL)
    (leaf,) = read(issue(server(subject_alt_name(dns=["gw.local"]))))
    for trees, is_excluded in (
        ([tlv(0xA0, bounded)], False),
        ([tlv(0xA0, plain, bounded)], False),
        ([tlv(0xA1, bounded)], True),
    ):
        extension = raw_extension("nameConstraints", sequence(*trees), True)
        held = constraints(read(SOUND.put(1, extension).issued()[1])[0])
        assert held is not None
        for since_3, number in ((True, new), (False, old)):
            expected = 48 if is_excluded and number == 0 else number
            assert violated(leaf, held, True, since_3=since_3) == expected


def test_a_bound_on_another_form_is_no_matter() -> None:
    """The certificate has no name that it would bear on."""
    (leaf,) = read(issue(server(subject_alt_name(dns=["gw.local"]))))
    bounded = Bounded(b"local")
    assert violated(leaf, raw.Constraints(((raw.EMAIL, bounded),)), True) == 0
    assert violated(leaf, raw.Constraints(((DNS, bounded),)), True) == 49


def test_before_1_1_0_and_in_boringssl_addresses_cannot_be_constrained() -> None:
    """nc_match_single has no GEN_IPADD there: whatever the address is, or the constraint."""
    (leaf,) = read(issue(server(subject_alt_name(ip=[V4], dns=["gw.local"]))))
    (without,) = read(issue(server(subject_alt_name(dns=["gw.local"]))))
    for base in (NET4, NET6, b"", NET4[:7]):
        for held in (raw.Constraints(((IP, base),)), raw.Constraints((), ((IP, base),))):
            assert violated(leaf, held, True, addresses=False) == 51
            assert violated(without, held, True, addresses=False) == 0
    assert violated(leaf, raw.Constraints(((IP, NET4),)), True) == 0


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (b"gw.plant.local", True),
        (b"gw_1.plant", True),
        (b"gw-1.plant", True),
        (b"1.2", True),
        (b"gw", False),
        (b"gw plant.local", False),
        (b"gw.plant.", False),
        (b".plant.local", False),
        (b"gw..local", False),
        (b"gw-.local", False),
        (b"gw.-local", False),
        (b"-gw.local", False),
        (b"gw.local-", False),
        (b"*.local", False),
        (b"", False),
        ("b\u00fc.local".encode(), False),
    ],
)
def test_a_common_name_that_looks_like_a_host_name(text: bytes, host: bool) -> None:
    """cn2dnsid: letters, digits, underscores; hyphens and periods only inside, one at least."""
    assert host_in_common_name(text) == (text if host else None)
    assert host_in_common_name(text + b"\0\0") == (text if host else None)


def test_a_common_name_counts_where_no_dns_name_is_there() -> None:
    """Of the server alone; every one of several that looks like a host."""
    base = (DNS, b"plant.local")
    assert told(base, None, "gw.plant.local") == 0
    assert told(base, None, "gw.other.local") == 47
    assert told(base, None, "gw.other.local", is_leaf=False) == 0
    assert told(base, {"ip": [V4]}, "gw.other.local") == 47
    assert told(base, {"dns": ["a.plant.local"]}, "gw.other.local") == 0
    both = [("CN", "gw.plant.local"), ("CN", "gw.other.local")]
    assert told(base, None, both) == told(base, None, both[::-1]) == 47
    assert told(base, None, [("CN", "a name"), ("CN", "gw.other.local")]) == 47
    assert told(base, None, [("CN", core.BMPString("gw.other.local"))]) == 47
