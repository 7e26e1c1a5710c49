"""wolfSSL: host names and name constraints."""

from __future__ import annotations

import pytest

from edgecheck.behaviour.host import host
from edgecheck.behaviour.wolfssl.names import matches, permitted
from edgecheck.reading.certificate import Certificate
from fixtures.der import name_der
from fixtures.pki import Name, issue, name_constraints, subject_alt_name
from tests.clients.asked import read
from tests.hierarchy.chains import HOST, authority, server

Names = dict[str, list[str | bytes]]


def leaf(subject: Name = HOST, version: int = 3, **names: list[str | bytes]) -> Certificate:
    """With these alternative names; without the extension where there are none."""
    spec = server(subject=subject, version=version).without_extension("subjectAltName")
    if names:
        spec = spec.with_extension(subject_alt_name(**names))
    return read([issue(spec)])[0]


@pytest.mark.parametrize(
    ("made", "asked", "expected"),
    [
        (leaf(dns=["a.x"]), "A.X", True),
        (leaf(dns=["a.x"]), "b.x", False),
        (leaf(dns=["*.x"]), "a.x", True),
        (leaf(dns=["*.x"]), "a.b.x", False),
        (leaf(dns=["*.x"]), ".x", True),
        (leaf(dns=["a*.x"]), "ab.x", True),
        (leaf(dns=["a*.x"]), "bb.x", False),
        (leaf(dns=["a*c.x"]), "abc.x", True),
        (leaf(dns=["a**c.x"]), "abc.x", True),
        (leaf(dns=["*b.x"]), "abb.x", False),
        (leaf(dns=["*"]), "abc", True),
        (leaf(dns=["*"]), "a.c", False),
        (leaf(dns=["a\0.x"]), "a\0.x", False),
        (leaf(dns=["ab*"]), "a", False),
        (leaf(dns=["a.*"]), "a.x", True),
        (leaf(uri=["a.x"]), "a.x", True),
        (leaf(ip=["10.0.0.1"]), "10.0.0.1", True),
        (leaf(ip=["2001:db8::1"]), "2001:0db8:0000:0000:0000:0000:0000:0001", True),
        (leaf(ip=["2001:db8::1"]), "2001:db8::1", False),
        (leaf("a.x"), "a.x", True),
        (leaf("a.x", email=["a@x"]), "a.x", True),
        (leaf("a.x", ip=[bytes(5)]), "a.x", True),
        (leaf("a.x", dns=["b.x"]), "a.x", False),
        (leaf("a.x", ip=["10.0.0.1"]), "a.x", False),
        (leaf([("CN", "a.x"), ("CN", "b.x")]), "b.x", True),
        (leaf([("CN", "a.x"), ("CN", "b.x")]), "a.x", False),
        (leaf("b.x", version=1, dns=["a.x"]), "a.x", False),
        (leaf("b.x", version=1, dns=["a.x"]), "b.x", True),
    ],
)
def test_host_names(made: Certificate, asked: str, expected: bool) -> None:
    """The last common name counts where there is no name that it knows."""
    assert matches(made, host(asked)) == expected


FIT, UNFIT, FREE = (True, False), (False, True), (True, True)


@pytest.mark.parametrize(
    ("made", "base", "expected"),
    [
        (leaf(dns=["a.x"]), {"dns": ["x"]}, FIT),
        (leaf(dns=["ax"]), {"dns": ["x"]}, FIT),
        (leaf(dns=["A.X"]), {"dns": ["x"]}, FIT),
        (leaf(dns=["a.x"]), {"dns": [".X"]}, FIT),
        (leaf(dns=["x"]), {"dns": [".x"]}, UNFIT),
        (leaf(dns=[".a.x"]), {"dns": ["x"]}, UNFIT),
        (leaf(dns=["a.y"]), {"dns": ["x"]}, UNFIT),
        (leaf(dns=["a.x"]), {"dns": [""]}, UNFIT),
        (leaf(uri=["u://a.x"]), {"dns": ["x"]}, FIT),
        (leaf(ip=[b"ab.x"]), {"dns": ["x"]}, FIT),
        (leaf(ip=[b"ab.y"]), {"dns": ["x"]}, UNFIT),
        (leaf("a.x"), {"dns": ["x"]}, FIT),
        (leaf("a.y"), {"dns": ["x"]}, UNFIT),
        (leaf([("CN", "a.y"), ("CN", "a.x")]), {"dns": ["x"]}, FIT),
        (leaf("a.y", dns=["a.x"]), {"dns": ["x"]}, FIT),
        (leaf("a.x", version=1, dns=["a.y"]), {"dns": ["x"]}, FIT),
        (leaf(email=["a@x"]), {"email": ["x"]}, FIT),
        (leaf(email=["a@X"]), {"email": ["x"]}, FIT),
        (leaf(email=["a@b.x"]), {"email": ["x"]}, UNFIT),
        (leaf(email=["a@b.x"]), {"email": [".x"]}, FIT),
        (leaf(email=["a@x"]), {"email": ["a@x"]}, FIT),
        (leaf(email=["ba@x"]), {"email": ["a@x"]}, FIT),
        (leaf(email=["x"]), {"email": ["x"]}, FIT),
        (leaf(dns=["a.x"]), {"email": ["x"]}, FREE),
        (leaf(ip=["10.0.0.1"]), {"ip": ["10.0.0.0/8"]}, FREE),
    ],
)
def test_constraints_of_names(made: Certificate, base: Names, expected: tuple[bool, bool]) -> None:
    """Of the end of a name, at whatever letter; addresses count as DNS names."""
    told = []
    for held in ((base, None), (None, base)):
        above = read([issue(authority("x", "p256-2", name_constraints(*held)))])[0]  # type: ignore[arg-type]
        told.append(permitted(made, above))
    assert tuple(told) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ([("O", "p")], FIT),
        ([("O", "p"), ("CN", "x")], FIT),
        ([("CN", "x"), ("O", "p")], UNFIT),
        ([("O", "P")], UNFIT),
    ],
)
def test_constraints_of_the_subject(
    subject: list[tuple[str, str]], expected: tuple[bool, bool]
) -> None:
    """It has to begin with the base, octet by octet."""
    base = b"\xa4" + bytes([len(name_der([("O", "p")]))]) + name_der([("O", "p")])
    for held, fits in (
        (({"raw": [base]}, None), expected[0]),
        ((None, {"raw": [base]}), expected[1]),
    ):
        above = read([issue(authority("x", "p256-2", name_constraints(*held)))])[0]  # type: ignore[arg-type]
        assert permitted(leaf(subject, dns=["x"]), above) == fits


def test_directories_among_the_alternative_names_count_too() -> None:
    base = b"\xa4" + bytes([len(name_der([("O", "p")]))]) + name_der([("O", "p")])
    other = b"\xa4" + bytes([len(name_der([("O", "q")]))]) + name_der([("O", "q")])
    above = read([issue(authority("x", "p256-2", name_constraints({"raw": [base]})))])[0]
    assert permitted(leaf([("O", "p")], raw=[base]), above)
    assert not permitted(leaf([("O", "p")], raw=[other]), above)


def test_one_base_of_several_is_enough_and_old_versions_have_none() -> None:
    held = name_constraints({"dns": ["y", "x"]}, {"dns": ["z", "b.x"]})
    above = read([issue(authority("x", "p256-2", held))])[0]
    assert permitted(leaf(dns=["a.x", "a.y"]), above)
    assert not permitted(leaf(dns=["a.x", "b.x"]), above)
    assert not permitted(leaf(dns=["a.x", "a.w"]), above)
    old = read([issue(authority("x", "p256-2", held, version=1))])[0]
    assert permitted(leaf(dns=["a.w"]), old)
    assert permitted(leaf(dns=["a.w"]), read([issue(authority("x", "p256-2"))])[0])
