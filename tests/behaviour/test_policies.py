"""Certificate policies along a path: where one is required, and whether any is left."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from edgecheck.behaviour.policies import lacks_policy
from fixtures import der
from fixtures.pki import Extension, issue, raw_extension
from tests.behaviour.runs import read
from tests.hierarchy.chains import authority, server

ANY, A, B, C = "2.5.29.32.0", "1.2.3.1", "1.2.3.2", "1.2.3.3"


def policies(*identifiers: str) -> Extension:
    value = der.sequence(*(der.sequence(der.oid(each)) for each in identifiers))
    return raw_extension("certificatePolicies", value)


def mapping(*pairs: tuple[str, str]) -> Extension:
    value = der.sequence(*(der.sequence(der.oid(one), der.oid(two)) for one, two in pairs))
    return raw_extension("2.5.29.33", value, critical=True)


def require(explicit: int | None = None, no_mapping: int | None = None) -> Extension:
    """PolicyConstraints: how many more certificates may do without."""
    parts = [
        der.tlv(tag, bytes([number]))
        for tag, number in ((0x80, explicit), (0x81, no_mapping))
        if number is not None
    ]
    return raw_extension("policyConstraints", der.sequence(*parts), critical=True)


def no_any(after: int) -> Extension:
    return raw_extension("2.5.29.54", der.integer(after), critical=True)


Above = Sequence[Extension]


def lacking(*extensions: Above, names: Sequence[str] = (), anchor: Above | None = None) -> int:
    """The place at which a policy is missing, the server's first; -1 where all is well.

    `names` are those of the CAs, from below; equal ones in a row make self-issued CAs.
    """
    known = [*names, *("Upper", "Middle", "Lower", "CA")[-len(extensions) :][::-1]]
    specs = [server(*extensions[0])]
    for place, more in enumerate(extensions[1:]):
        specs.append(authority(known[place], f"p256-{place + 2}", *more))
    root = issue(authority("Root", "p256-8", *(anchor or ())))
    made = [root]
    for spec in reversed(specs):
        made.append(issue(spec, made[-1]))
    *path, top = read(*made[::-1])
    found = lacks_policy(path, top if anchor is not None else None)
    return -1 if found is None else path.index(found)


PA, PB, PANY = policies(A), policies(B), policies(ANY)


@pytest.mark.parametrize(
    ("server_has", "ca_has", "expected"),
    [
        ((), (), -1),
        ((PA,), (PA, require(0)), -1),
        ((), (PA, require(0)), 0),
        ((PB,), (PA, require(0)), 0),
        ((PB,), (PANY, require(0)), -1),
        ((PANY,), (PA, require(0)), -1),
        ((PANY,), (PANY, require(0)), -1),
        ((PA,), (require(0),), 0),
        ((policies(A, B),), (policies(B, C), require(0)), -1),
        ((), (PA, require(1)), 0),
        ((), (PA, require(2)), -1),
        ((require(0),), (), 0),
        ((require(1),), (), -1),
        ((PA, require(0)), (PA,), -1),
        ((), (require(None, 0),), -1),
    ],
)
def test_a_policy_is_required_by_constraints_and_has_to_be_in_every_certificate(
    server_has: Above, ca_has: Above, expected: int
) -> None:
    """RFC 5280, section 6.1.3 (f) and 6.1.5 (b); the counter counts the server's certificate."""
    assert lacking(server_has, ca_has) == expected


@pytest.mark.parametrize(("skip", "expected"), [(0, 2), (1, 1), (2, 0), (3, 0), (4, -1)])
def test_so_many_certificates_may_do_without(skip: int, expected: int) -> None:
    """Of three below the one that asks; told where the first is that may not."""
    assert lacking((), (), (), (PA, require(skip))) == expected


def test_self_issued_cas_do_not_count() -> None:
    """But the server's certificate always does."""
    for skip, own, other in ((1, 0, 0), (2, -1, 0), (3, -1, -1)):
        assert lacking((), (), (PA, require(skip)), names=("Same", "Same")) == own
        assert lacking((), (), (PA, require(skip)), names=("One", "Two")) == other
    for skip, own, other in ((1, 1, 1), (2, 0, 0), (3, -1, 0)):
        below = ((), (), (), (PA, require(skip)))
        assert lacking(*below, names=("Same", "Same", "Top")) == own
        assert lacking(*below, names=("One", "Two", "Top")) == other


@pytest.mark.parametrize(("after", "expected"), [(0, 0), (1, -1)])
def test_any_policy_means_nothing_after_so_many_certificates(after: int, expected: int) -> None:
    """Of a server certificate with anyPolicy, directly below."""
    assert lacking((PANY,), (PA, require(0), no_any(after))) == expected
    assert lacking((PA,), (PA, require(0), no_any(after))) == -1


def test_any_policy_of_a_self_issued_ca_counts_nevertheless() -> None:
    """Section 6.1.3 (d)(2): not where it is the server's certificate."""
    top = (PA, require(0), no_any(0))
    assert lacking((PA,), (PANY,), top, names=("Same", "Same")) == -1
    assert lacking((PA,), (PANY,), top, names=("One", "Two")) == 1


@pytest.mark.parametrize(
    ("pairs", "server_has", "expected"),
    [
        (((A, B),), PB, -1),
        (((A, B),), PA, 0),
        (((A, B), (A, C)), PC := policies(C), -1),
        (((B, C),), PC, 0),
        (((B, C),), PA, -1),
    ],
)
def test_a_mapping_replaces_a_policy_for_what_is_below(
    pairs: tuple[tuple[str, str], ...], server_has: Extension, expected: int
) -> None:
    """RFC 9618: only of a policy that is valid."""
    assert lacking((server_has,), (PA, require(0), mapping(*pairs))) == expected


def test_a_mapping_applies_under_any_policy_too() -> None:
    """What is mapped away is nothing of its own; anyPolicy stays."""
    assert lacking((PB,), (PANY, require(0), mapping((A, B)))) == -1
    assert lacking((PC,), (PANY, require(0), mapping((A, B)))) == -1


@pytest.mark.parametrize(("after", "expected"), [(0, 0), (1, -1)])
def test_mapping_is_forbidden_after_so_many_certificates(after: int, expected: int) -> None:
    """Then the mapped policy is deleted, and nothing comes in its place."""
    top = (PA, require(0, after))
    lower = (PA, mapping((A, B)))
    assert lacking((PB,), lower, top) == expected
    assert lacking((PA,), (PA,), top) == -1


def test_the_anchors_own_constraints_count_where_a_client_heeds_them() -> None:
    assert lacking((), (), anchor=[require(0)]) == 1
    assert lacking((), (), anchor=[require(1)]) == 0
    assert lacking((), (), anchor=[require(2)]) == 0
    assert lacking((), (), anchor=[require(3)]) == -1
    assert lacking((PA,), (PA,), anchor=[require(0)]) == -1
    assert lacking((PANY,), (PANY,), anchor=[require(0), no_any(0)]) == 1
    assert lacking((PANY,), (PANY,), anchor=[require(0), no_any(1)]) == 0
    assert lacking((), (), anchor=[]) == -1


def test_the_smallest_number_counts() -> None:
    """A later constraint never loosens an earlier one."""
    assert lacking((), (PA, require(9)), (PA, require(1))) == 0
    assert lacking((PANY,), (PA, no_any(9)), (PA, require(0), no_any(1))) == 0
    assert lacking((PB,), (PA, mapping((A, B)), require(None, 9)), (PA, require(0, 0))) == 0
