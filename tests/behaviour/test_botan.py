"""Botan: host names, name constraints, and when two names are equal."""

from __future__ import annotations

import pytest
from asn1crypto import core

from edgecheck.behaviour import raw
from edgecheck.behaviour.botan.names import allows, decodable, matches, same
from edgecheck.behaviour.host import host
from edgecheck.reading.certificate import Certificate
from fixtures.der import name_der, sequence, tlv
from fixtures.pki import Name, issue, name_constraints, raw_extension, subject_alt_name
from tests.clients.asked import read
from tests.hierarchy.chains import HOST, authority, server

Names = dict[str, list[str | bytes]]


def leaf(subject: Name = HOST, **names: list[str | bytes]) -> Certificate:
    """With these alternative names; without the extension where there are none."""
    spec = server(subject=subject).without_extension("subjectAltName")
    if names:
        spec = spec.with_extension(subject_alt_name(**names))
    return read([issue(spec)])[0]


def holder(
    permitted: Names | None, excluded: Names | None = None, critical: bool = True
) -> Certificate:
    held = name_constraints(permitted, excluded, critical)  # type: ignore[arg-type]
    return read([issue(authority("x", "p256-2", held))])[0]


@pytest.mark.parametrize(
    ("made", "asked", "expected"),
    [
        (leaf(dns=["a.x.y"]), "A.X.Y", True),
        (leaf(dns=["*.x.y"]), "a.x.y", True),
        (leaf(dns=["*.x.y"]), "x.y", False),
        (leaf(dns=["*.x.y"]), "b.a.x.y", False),
        (leaf(dns=["*.y"]), "a.y", False),
        (leaf(dns=["a*.x.y"]), "ab.x.y", True),
        (leaf(dns=["a*.x.y"]), "a.x.y", True),
        (leaf(dns=["*a.x.y"]), "ba.x.y", True),
        (leaf(dns=["a*c.x.y"]), "abc.x.y", True),
        (leaf(dns=["a*c.x.y"]), "abe.x.y", False),
        (leaf(dns=["ab*bc.x.y"]), "abc.x.y", False),
        (leaf(dns=["**.x.y"]), "a.x.y", False),
        (leaf(dns=["a*.*.y"]), "ab.*.y", False),
        (leaf(dns=["a*.x.y*"]), "ab.x.y*", False),
        (leaf(dns=["a.*.y"]), "a.x.y", False),
        (leaf(dns=["*.x.y"]), "*.x.y", False),
        (leaf(dns=["a.x."]), "a.x.", False),
        (leaf(dns=["a..x"]), "a..x", False),
        (leaf(dns=["a\0x"]), "a\0x", False),
        (leaf(dns=[""]), "", False),
        (leaf("a.x"), "a.x", True),
        (leaf([("CN", "a.x"), ("CN", "b.x")]), "a.x", True),
        (leaf("a.x", dns=["b.x"]), "a.x", False),
        (leaf("a.x", dns=[""]), "a.x", True),
        (leaf("a.x", ip=["10.0.0.1"]), "a.x", False),
        (leaf("a.x", ip=["::1"]), "a.x", True),
        (leaf("a.x", email=["a@x"]), "a.x", False),
        (leaf("a.x", uri=["u:v"]), "a.x", False),
        (leaf("a.x", raw=[b"\xa4\x02\x30\x00"]), "a.x", False),
        (leaf("a.x", raw=[b"\x88\x01\x2a"]), "a.x", True),
        (leaf("x"), "10.0.0.1", True),
    ],
)
def test_host_names(made: Certificate, asked: str, expected: bool) -> None:
    """The common names count where the extension has nothing that it keeps."""
    assert matches(made, host(asked)) == expected


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (
            name_constraints({"dns": ["x"], "email": ["x"], "uri": ["x"], "ip": ["10.0.0.0/8"]}),
            True,
        ),
        (name_constraints(None, {"raw": [b"\xa4\x02\x30\x00"]}), True),
        (name_constraints({"ip": ["::/0"]}), False),
        (name_constraints({"raw": [b"\x88\x01\x2a"]}), False),
        (raw_extension("nameConstraints", b"\x30\x00"), False),
        (raw_extension("nameConstraints", b"\x04\x00"), False),
    ],
)
def test_which_constraints_can_be_decoded(extension: object, expected: bool) -> None:
    made = read([issue(authority("x", "p256-2", extension))])[0]  # type: ignore[arg-type]
    assert decodable(made) == expected
    assert decodable(read([issue(authority("x", "p256-2"))])[0])


FIT, UNFIT, FREE = (True, False), (False, True), (True, True)
O_P = b"\xa4" + bytes([len(name_der([("O", "p")]))]) + name_der([("O", "p")])


@pytest.mark.parametrize(
    ("made", "base", "expected"),
    [
        (leaf(dns=["a.x"]), {"dns": ["x"]}, FIT),
        (leaf(dns=["A.X"]), {"dns": ["x"]}, FIT),
        (leaf(dns=["a.x"]), {"dns": [".x"]}, FIT),
        (leaf(dns=["x"]), {"dns": ["x"]}, FIT),
        (leaf(dns=["ax"]), {"dns": ["x"]}, UNFIT),
        (leaf(dns=["ay"]), {"dns": ["x"]}, UNFIT),
        (leaf(dns=["y"]), {"dns": ["x"]}, UNFIT),
        (leaf(dns=["a.x"]), {"dns": [""]}, FIT),
        (leaf(dns=[".a.x"]), {"dns": ["x"]}, (False, False)),
        (leaf("a.x"), {"dns": ["x"]}, FIT),
        (leaf("a.y"), {"dns": ["x"]}, UNFIT),
        (leaf("ay"), {"dns": ["x"]}, FREE),
        (leaf("10.0.0.1"), {"ip": ["10.0.0.0/8"]}, FIT),
        (leaf("11.0.0.1"), {"ip": ["10.0.0.0/8"]}, UNFIT),
        (leaf("11.0.0.256"), {"ip": ["10.0.0.0/8"]}, FREE),
        (leaf("11.0.0.255"), {"ip": ["10.0.0.0/8"]}, UNFIT),
        (leaf("11.0.0.a"), {"ip": ["10.0.0.0/8"]}, FREE),
        (leaf("11.0.0.1", dns=["x"]), {"ip": ["10.0.0.0/8"]}, FREE),
        (leaf(ip=["10.0.0.1"]), {"ip": ["10.0.0.0/8"]}, FIT),
        (leaf(ip=["11.0.0.1"]), {"ip": ["10.0.0.0/8"]}, UNFIT),
        (leaf(ip=["10.0.0.1"]), {"ip": [b"\x0a\1\1\1\xff\0\0\0"]}, UNFIT),
        (leaf([("O", "p"), ("CN", "x")]), {"raw": [O_P]}, FIT),
        (leaf([("CN", "x"), ("O", "p")]), {"raw": [O_P]}, FIT),
        (leaf([("O", "q")]), {"raw": [O_P]}, UNFIT),
        (leaf([("O", "p"), ("O", "q")]), {"raw": [O_P]}, FIT),
        (leaf([("CN", "x")]), {"raw": [O_P]}, UNFIT),
        (leaf(b"\x30\x00", dns=["x"]), {"raw": [O_P]}, FREE),
        (leaf(email=["a@x"]), {"email": ["x"]}, (False, True)),
        (leaf(uri=["u:v"]), {"uri": ["x"]}, (False, True)),
        (leaf(dns=["x"]), {"email": ["x"]}, FREE),
    ],
)
def test_each_form_within_and_outside(
    made: Certificate, base: Names, expected: tuple[bool, bool]
) -> None:
    """Addresses of mail and URIs are never permitted, and never excluded, where it is critical."""
    assert (allows(holder(base), made), allows(holder(None, base), made)) == expected


def test_mail_and_uris_are_free_where_the_constraints_are_not_critical() -> None:
    for made, base in (
        (leaf(email=["a@x"]), {"email": ["y"]}),
        (leaf(uri=["u:v"]), {"uri": ["y"]}),
    ):
        assert allows(holder(base, critical=False), made)  # type: ignore[arg-type]
        assert allows(holder(None, base, critical=False), made)  # type: ignore[arg-type]


def test_a_critical_mail_address_hides_what_is_excluded() -> None:
    """So it stands in its source."""
    made = leaf(email=["a@x"], dns=["a.x"])
    base: Names = {"dns": ["x"], "email": ["z"]}
    assert allows(holder(None, base), made)
    assert not allows(holder(None, base, critical=False), made)


def test_one_base_of_several_is_enough_and_every_name_has_to_fit() -> None:
    held = holder({"dns": ["y", "x"]}, {"dns": ["z", "b.x"]})
    assert allows(held, leaf(dns=["a.x", "a.y"]))
    assert not allows(held, leaf(dns=["a.x", "b.x"]))
    assert not allows(held, leaf(dns=["a.x", "a.w"]))


def test_too_many_comparisons_are_refused() -> None:
    """4,096: names and attributes of the subject times bases."""
    bases = [f"{at}.x" for at in range(63)]
    held = holder({"dns": ["x", *bases]})
    good = [f"a{at}.x" for at in range(62)]
    assert allows(held, leaf(dns=good))
    assert not allows(held, leaf(dns=[*good, "b.x"]))


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "equal"),
    [
        (name_der([("CN", "Test CA"), ("O", "p")]), True),
        (name_der([("O", "p"), ("CN", "Test CA")]), True),
        (name_der([("O", "P"), ("CN", " test   ca ")]), True),
        (name_der([("O", "p"), ("CN", core.PrintableString("Test CA"))]), True),
        (name_der([("O", "p"), ("CN", core.BMPString("Test CA"))]), True),
        (name_der([("O", "p"), ("CN", core.UniversalString("Test CA"))]), True),
        (name_der([("O", "p"), ("CN", core.TeletexString("Test CA"))]), True),
        (name_der([("O", "p"), ("CN", "TestCA")]), False),
        (name_der([("O", "p"), ("OU", "Test CA")]), False),
        (name_der([("O", "p")]), False),
        (name_der([("O", "p"), ("CN", "Test CA"), ("OU", "")]), True),
    ],
)
def test_names_compare_by_attributes_without_regard_to_case_and_spaces(
    other: bytes, equal: bool
) -> None:
    """In whatever order of types and kind of string; what is empty is not there."""
    assert same(name_der([("O", "p"), ("CN", "Test CA")]), other) == equal


def test_letters_beyond_ascii_in_each_kind_of_string() -> None:
    wanted = name_der([("CN", "\u00e4")])
    latin = sequence(tlv(0x31, sequence(tlv(0x06, b"\x55\x04\x03"), tlv(0x14, b"\xe4"))))
    for other in (
        latin,
        name_der([("CN", core.BMPString("\u00e4"))]),
        name_der([("CN", core.UniversalString("\u00e4"))]),
    ):
        assert same(wanted, other)
    assert not same(wanted, name_der([("CN", "a")]))
    assert raw.DNS
