"""The good path is found wherever it is, in whatever order; and what anchors are taken for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, permutations

import pytest
from asn1crypto import core

import edgecheck
from edgecheck.hierarchy.paths import Ending
from fixtures.der import name_der, sequence, tlv
from fixtures.extensions import Extension
from fixtures.pki import (
    Issued,
    Spec,
    authority_key_id,
    basic_constraints,
    extended_key_usage,
    flip_signature_bit,
    issue,
    key_usage,
    name_constraints,
    raw_extension,
    subject_alt_name,
)
from tests.hierarchy.chains import AT, END, HOST, START, authority, check, path, server, steps

LEAF_KEY = "p256-1"
PAST = {"not_before": START, "not_after": AT - timedelta(days=1)}
UNKNOWN = raw_extension("1.3.6.1.4.1.99999.1", b"\5\0", True)
ELSEWHERE = name_constraints(permitted={"dns": ["plant8.example"]})


def ca(
    name: str, key: str, issuer: Issued | None = None, *more: Extension, **changes: object
) -> Issued:
    return issue(authority(name, key, *more, **changes), issuer)


def bare(spec: Spec) -> Spec:
    """Without the identifiers that lead to the right issuer."""
    return spec.without_extension("subjectKeyIdentifier").without_extension(
        "authorityKeyIdentifier"
    )


@dataclass(frozen=True)
class Graph:
    """A target, what is presented besides, what is trusted, and how."""

    target: Issued
    others: Sequence[Issued]
    trust: Sequence[Issued]
    valid: bool | None = True
    profile: str = "rfc5280"
    max_depth: int | None = None

    def verdicts(self) -> set[bool | None]:
        """The verdicts, whatever the order of the others and of the trust."""
        return {
            check([self.target, *others], trust, self.profile, max_depth=self.max_depth).valid
            for others in islice(permutations(self.others), 120)
            for trust in islice(permutations(self.trust), 6)
        }


ROOT = ca("Root", "p256-3")
CA = ca("CA", "p256-2", ROOT)
LEAF = issue(server(), CA)


def cross_signed(*trusted: str) -> Graph:
    old, new = ca("Old Root", "p256-3"), ca("New Root", "p256-4")
    cross = ca("New Root", "p256-4", old)
    below = ca("CA", "p256-2", new)
    anchors = {"old": old, "new": new, "cross": cross}
    trust = [anchors[name] for name in trusted]
    return Graph(issue(server(), below), [below, cross, new, old], trust)


def loop(closed: bool) -> Graph:
    root, one, two = ca("Root", "p256-3"), ca("One", "p256-2"), ca("Two", "p256-4")
    others = [ca("One", "p256-2", two), ca("Two", "p256-4", one)]
    if not closed:
        others.append(ca("Two", "p256-4", root))
    return Graph(issue(server(), one), others, [root], not closed)


def bridge() -> Graph:
    mine, theirs, bridge_ca = ca("Mine", "p256-3"), ca("Theirs", "p256-4"), ca("Bridge", "p256-5")
    below = ca("CA", "p256-2", theirs)
    crosses = [
        ca("Bridge", "p256-5", mine),
        ca("Bridge", "p256-5", theirs),
        ca("Mine", "p256-3", bridge_ca),
        ca("Theirs", "p256-4", bridge_ca),
    ]
    return Graph(issue(server(), below), [below, *crosses], [mine])


def twins(**changes: object) -> Graph:
    """A CA twice with one name and key, one of them not good."""
    root = ca("Root", "p256-3")
    bad = ca("CA", "p256-2", root, **changes)
    return Graph(issue(server(), ca("CA", "p256-2", root)), [bad, ca("CA", "p256-2", root)], [root])


def twins_with(*more: Extension) -> Graph:
    root = ca("Root", "p256-3")
    bad, good = ca("CA", "p256-2", root, *more), ca("CA", "p256-2", root)
    return Graph(issue(server(), good), [bad, good], [root])


def same_name(count: int, identifiers: bool = True) -> Graph:
    """CAs of one name, of which the last is the issuer."""
    root = ca("Root", "p256-3")
    keys = [f"p256-{number}" for number in (4, 5, 6, 7, 8, 2)][-count:]
    specs = [authority("CA", key) for key in keys]
    leaf = server()
    if not identifiers:
        specs, leaf = [bare(spec) for spec in specs], bare(leaf)
    cas = [issue(spec, root) for spec in specs]
    profile = "rfc5280" if identifiers else "iot-edge"
    return Graph(issue(leaf, cas[-1]), cas, [root], profile=profile)


def misleading_identifiers() -> Graph:
    """The identifier that the server's certificate names is another CA's of the same name."""
    root = ca("Root", "p256-3")
    right, wrong = ca("CA", "p256-2", root), ca("CA", "p256-4", root)
    leaf = issue(server(authority_key_id(wrong.key_id or b"")), right)
    return Graph(leaf, [wrong, right], [root])


def anchors_of_one_name() -> Graph:
    anchors = [ca("Root", key) for key in ("p256-4", "p256-5", "p256-3")]
    below = ca("CA", "p256-2", anchors[-1])
    return Graph(issue(server(), below), [below], anchors)


def expired_anchor_twin() -> Graph:
    old, new = ca("Root", "p256-3", **PAST), ca("Root", "p256-3")
    below = ca("CA", "p256-2", new)
    return Graph(issue(server(), below), [below], [old, new])


def longer_is_better() -> Graph:
    """The short way is barred by name constraints, the long one is open."""
    root, other = ca("Root", "p256-3", None, ELSEWHERE), ca("Other Root", "p256-4")
    middle = ca("Middle", "p256-5", other)
    crosses = [ca("CA", "p256-2", root), ca("CA", "p256-2", middle)]
    return Graph(issue(server(), crosses[0]), [*crosses, middle], [root, other])


def shorter_is_needed() -> Graph:
    root = ca("Root", "p256-3")
    middle = ca("Middle", "p256-5", root)
    ways = [ca("CA", "p256-2", middle), ca("CA", "p256-2", root)]
    return Graph(issue(server(), ways[0]), [*ways, middle], [root], max_depth=1)


def renewed_twice(depth: int) -> Graph:
    """A CA of one name above another: self-issued certificates are not counted."""
    root = ca("Root", "p256-3")
    old = ca("CA", "p256-2", root)
    new = ca("CA", "p256-5", old)
    return Graph(issue(server(), new), [new, old], [root], depth > 0, max_depth=depth)


def rollover() -> Graph:
    """New-with-old and old-with-new, as RFC 4210, section 4.4, describes them."""
    old, new = ca("Root", "p256-3"), ca("Root", "p256-4")
    links = [ca("Root", "p256-4", old), ca("Root", "p256-3", new)]
    below = ca("CA", "p256-2", new)
    return Graph(issue(server(), below), [below, *links], [old])


def names_that_are_equal_but_not_in_bytes() -> Graph:
    mine = [("C", "DE"), ("O", core.PrintableString("Plant  7")), ("CN", "Root")]
    theirs = [("C", "de"), ("O", "plant 7 "), ("CN", core.PrintableString("ROOT"))]
    root = issue(authority(mine, "p256-3"))
    below = issue(authority("CA", "p256-2", issuer=theirs), root)
    return Graph(issue(server(), below), [below], [root])


def damaged_twin() -> Graph:
    root = ca("Root", "p256-3")
    bad = ca("CA", "p256-2", root, damage=flip_signature_bit)
    return Graph(issue(server(), bad), [bad, ca("CA", "p256-2", root)], [root])


def strangers() -> Graph:
    others = [ca(f"Stranger {number}", f"p256-{number}") for number in (4, 5)]
    return Graph(LEAF, [CA, ROOT, *others], [ROOT, *others])


GRAPHS = {
    "a chain": Graph(LEAF, [CA, ROOT], [ROOT]),
    "the anchor is not presented": Graph(LEAF, [CA], [ROOT]),
    "cross-signed, the old root is trusted": cross_signed("old"),
    "cross-signed, the new root is trusted": cross_signed("new"),
    "cross-signed, both are trusted": cross_signed("old", "new"),
    "the cross-signed certificate itself is trusted": cross_signed("cross"),
    "a loop with a way out": loop(False),
    "a loop": loop(True),
    "a bridge": bridge(),
    "an expired twin": twins(**PAST),
    "a twin that is not valid yet": twins(not_before=AT + timedelta(days=1)),
    "a damaged twin": damaged_twin(),
    "a twin that is no CA": twins_with(basic_constraints(False)),
    "a twin that may not sign": twins_with(key_usage("digitalSignature")),
    "a twin with an unknown critical extension": twins_with(UNKNOWN),
    "a twin with name constraints": twins_with(ELSEWHERE),
    "a twin for clients": twins_with(extended_key_usage("clientAuth")),
    "a twin with a name constraint that cannot be read": twins_with(
        raw_extension("nameConstraints", b"\5\0", True)
    ),
    "one name, two keys": same_name(2),
    "one name, five keys": same_name(5),
    "one name, two keys, no identifiers": same_name(2, False),
    "one name, five keys, no identifiers": same_name(5, False),
    "identifiers that mislead": misleading_identifiers(),
    "anchors of one name": anchors_of_one_name(),
    "an expired twin of the anchor": expired_anchor_twin(),
    "the longer path is the good one": longer_is_better(),
    "only the shorter path is short enough": shorter_is_needed(),
    "the root was rolled over": rollover(),
    "names in other bytes": names_that_are_equal_but_not_in_bytes(),
    "strangers": strangers(),
    "no anchor": Graph(LEAF, [CA, ROOT], [ca("Other", "p256-4")], False),
    "an anchor of the right name": Graph(LEAF, [CA, ROOT], [ca("Root", "p256-4")], False),
    "too deep": Graph(LEAF, [CA], [ROOT], False, max_depth=0),
    "deep enough": Graph(LEAF, [CA], [ROOT], True, max_depth=1),
    "deep enough for a renewed CA": renewed_twice(1),
    "too deep for any CA": renewed_twice(0),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_the_good_path_is_found_in_any_order(name: str) -> None:
    """Whatever the order of what is presented and trusted, the verdict is the same."""
    graph = GRAPHS[name]
    assert graph.verdicts() == {graph.valid}


# What is wrong with an anchor, and whether it is refused in profile rfc5280: section 6.1 takes
# an anchor for a name and a key, and what the certificate says besides binds there alone.
ANCHORS = {
    "nothing": ({}, (), True),
    "expired": (PAST, (), False),
    "not valid yet": ({"not_before": AT + timedelta(days=1)}, (), False),
    "CA:FALSE": ({}, (basic_constraints(False),), False),
    "no keyCertSign": ({}, (key_usage("digitalSignature"),), False),
    "an unknown critical extension": ({}, (UNKNOWN,), False),
    "name constraints": ({}, (ELSEWHERE,), False),
    "name constraints that fit": (
        {},
        (name_constraints(permitted={"dns": ["plant7.example"]}),),
        True,
    ),
    "a damaged signature": ({"damage": flip_signature_bit}, (), True),
    "version 1": ({"version": 1, "extensions": ()}, (), False),
    "an issuer nobody knows": ({"issuer": "Nobody", "signer": "p256-8"}, (), True),
    "a path length": ({}, (basic_constraints(True, 0),), False),
}


@pytest.mark.parametrize("name", ANCHORS)
def test_anchors(name: str) -> None:
    """Each in profile `path` and in profile `rfc5280`."""
    changes, more, strict = ANCHORS[name]
    anchor = issue(authority("Root", "p256-3", *more, **changes))
    below = ca("CA", "p256-2", anchor)
    chain = [issue(server(), below), below]
    if anchor.spec.version == 1:  # has no key identifier
        below = ca("CA", "p256-2", anchor, authority_key_id(b"x" * 20))
        chain = [issue(server(), below), below]
    for presented in (chain, [*chain, anchor]):
        assert check(presented, [anchor], "path").valid is True
        assert check(presented, [anchor]).valid is strict


def test_an_intermediate_as_anchor() -> None:
    """An anchor need not sign itself, and what is above it is not needed."""
    for presented in ([LEAF], [LEAF, CA], [LEAF, CA, ROOT], [LEAF, ROOT]):
        report = check(presented, [CA])
        assert report.valid is True
        assert len(path(report).certificates) == 2


def test_the_target_is_trusted() -> None:
    """It is its own path; its time and its names are looked at all the same."""
    for presented in ([LEAF], [LEAF, CA], [LEAF, CA, ROOT]):
        for trust in ([LEAF], [LEAF, ROOT], [ROOT, LEAF]):
            assert check(presented, trust).valid is True
    assert check([LEAF], [LEAF], at=END + timedelta(days=1)).valid is False
    assert check([LEAF], [LEAF], hostname="other.example").valid is False


def test_no_trust_is_undecided() -> None:
    """A root that is presented serves for the diagnosis; the verdict stays open."""
    report = edgecheck.check([one.der for one in (LEAF, CA, ROOT)], HOST, (), AT)
    assert report.valid is None
    assert path(report).anchor_assumed


def test_a_closed_loop_ends() -> None:
    """It is said that it is one."""
    graph = GRAPHS["a loop"]
    report = check([graph.target, *graph.others], graph.trust)
    assert path(report).ended is Ending.LOOP


def test_a_path_that_crosses_itself_by_name_and_key_is_not_taken() -> None:
    """The same CA under another serial number brings nothing new."""
    one, two = ca("One", "p256-2"), ca("Two", "p256-4")
    root = ca("Root", "p256-3")
    copies = [
        ca(name, key, issuer, serial=serial)
        for serial in range(2, 6)
        for name, key, issuer in (("One", "p256-2", two), ("Two", "p256-4", one))
    ]
    started = time.perf_counter()
    report = check([issue(server(), one), *copies], [root])
    assert report.valid is not True
    assert len(path(report).certificates) <= 3
    assert time.perf_counter() - started < 5


def test_meshes_end() -> None:
    """Every CA has cross-certified every other one; the way out is found, or there is none."""
    keys = [f"p256-{number}" for number in range(2, 9)]
    specs = [authority(f"CA {key}", key) for key in keys]
    selves = [issue(spec) for spec in specs]
    mesh = [issue(a, b) for a, self in zip(specs, selves, strict=True) for b in selves if self != b]
    root = ca("Root", "p384-1")
    leaf = issue(server(), selves[0])
    started = time.perf_counter()
    assert check([leaf, *mesh], [root]).valid is not True
    assert check([leaf, *mesh, issue(specs[-1], root)], [root]).valid is True
    assert check([leaf, *mesh[::-1], issue(specs[-1], root)], [root]).valid is True
    assert time.perf_counter() - started < 10


def test_a_spent_bound_is_no_pass() -> None:
    """Where signatures or steps run out, the verdict stays open, and an error says so."""
    for limits in (edgecheck.Limits(signatures=1), edgecheck.Limits(steps=1)):
        report = check([LEAF, CA], [ROOT], limits=limits)
        assert report.valid is None
        assert any(f.severity == "error" and f.caused_by is None for f in report.findings)


def test_self_issued_certificates_do_not_count_for_path_lengths() -> None:
    """RFC 5280, section 6.1.4 (l)."""
    root = ca("Root", "p256-3", None, basic_constraints(True, 1))
    rolled = ca("Root", "p256-4", root, basic_constraints(True, 1))
    below = ca("CA", "p256-2", rolled)
    assert check([issue(server(), below), below, rolled], [root]).valid is True
    lower = ca("Lower CA", "p256-5", below)
    report = check([issue(server(), lower), lower, below, rolled], [root])
    assert report.valid is False
    assert "6.1.4 (l)" in steps(report)


def test_a_server_that_is_named_like_its_issuer() -> None:
    """A self-issued target is no anchor, and not self-signed."""
    below = ca("CA", "p256-2", ROOT)
    leaf = issue(server(subject_alt_name(dns=[HOST]), subject="CA"), below)
    assert check([leaf, below], [ROOT]).valid is True
    assert check([leaf, below], [ca("Other", "p256-4")]).valid is False


@pytest.mark.parametrize("profile", ["path", "rfc5280", "iot-edge"])
def test_a_server_that_an_anchor_of_its_own_name_and_key_issued(profile: str) -> None:
    """Of an anchor the name and the key are all that section 6.1.1 (d) knows; Go and Java agree."""
    leaf = issue(server(key="p256-3", subject="Root", issuer="Root"), ROOT)
    report = check([leaf], [ROOT], profile)
    assert report.valid is True
    assert [c.subject.common_names for c in path(report).certificates] == [("Root",), ("Root",)]
    assert "naming.server-dn-is-issuer-dn" in {finding.rule.id for finding in report.findings}
    assert check([leaf], [ca("Root", "p256-4")], profile).valid is False


def test_an_empty_name_is_no_link() -> None:
    """Section 4.1.2.4: an empty issuer names nobody; in section 6.1 it is a name like others."""
    nameless = ca("", "p256-2", ROOT, subject=name_der([]))
    leaf = issue(server(), nameless)
    assert check([leaf, nameless], [ROOT]).valid is False
    assert check([leaf, nameless], [ROOT], "path").valid is True


def test_names_with_several_attributes_in_one_set() -> None:
    """They are compared one by one; the order of relative names is not free."""
    plant, root_name = (name_der([pair])[4:] for pair in (("O", "Plant 7"), ("CN", "Root")))
    other_plant, other_root = (name_der([pair])[4:] for pair in (("O", "PLANT 7"), ("CN", "root")))
    multi = sequence(tlv(0x31, root_name, plant))
    other = sequence(tlv(0x31, other_root, other_plant))
    turned = sequence(tlv(0x31, root_name), tlv(0x31, plant))
    root = issue(authority(multi, "p256-3"))
    for issuer, valid in ((multi, True), (other, True), (turned, False)):
        below = issue(authority("CA", "p256-2", issuer=issuer), root)
        assert check([issue(server(), below), below], [root]).valid is valid


def test_the_moment_counts_to_the_second() -> None:
    """Both ends of the period belong to it, for every certificate."""
    late = datetime(2027, 6, 1, tzinfo=UTC)
    root = ca("Root", "p256-3", not_after=late)
    below = ca("CA", "p256-2", root, not_after=END)
    chain = [issue(server(not_after=late), below), below]
    for moment, valid in (
        (START, True),
        (START - timedelta(seconds=1), False),
        (END, True),
        (END + timedelta(seconds=1), False),
    ):
        assert check(chain, [root], at=moment).valid is valid
