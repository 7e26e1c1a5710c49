"""Certificate policies: PKITS, RFC 5280's tree as an oracle, and what is said of a violation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecheck.hierarchy.rfc5280 import policies
from edgecheck.hierarchy.rfc5280.policies import Inputs, Judged, judge_policies
from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.damaged import slow
from edgecheck.reading.der import oid_text
from edgecheck.reading.policies import ANY_POLICY, READERS, PolicyConstraints
from edgecheck.reading.quick import quick, take_extensions
from tests.suites import NO_VECTORS, absent, has_vectors, suite_file

NIST = bytes.fromhex("608648016503020130")
"""2.16.840.1.101.3.2.1.48, under which NIST's test policies are."""
P1, P2, P3 = (NIST + bytes([number]) for number in (1, 2, 3))
ANY, EXPLICIT, ONLY_2 = Inputs(), Inputs(None, True), Inputs(frozenset({P2}), True)
CPS = {"policy_qualifier_id": "1.3.6.1.5.5.7.2.1", "qualifier": "https://contoso.example/cps"}
OIDS = {
    "policies": facts.EXT_POLICIES,
    "mappings": facts.EXT_POLICY_MAPPINGS,
    "constraints": facts.EXT_POLICY_CONSTRAINTS,
    "inhibit_any": facts.EXT_INHIBIT_ANY_POLICY,
}


# ---- PKITS, sections 4.8 to 4.12 -----------------------------------------------------------
FILE = suite_file("pkits-cases.json")
MISSING = absent("pkits-cases.json") if FILE is None else "" if has_vectors() else NO_VECTORS
PKITS = json.loads(FILE.read_text()) if FILE is not None and not MISSING else []
CASES = [pytest.param(case, id=f"{n}-{case['id']}") for n, case in enumerate(PKITS)]
OF_POLICIES = ("4.8.", "4.9.", "4.10.", "4.11.", "4.12.")


def raw(name: str) -> bytes:
    return ANY_POLICY if name == "anyPolicy" else NIST + bytes([int(name.rpartition("-")[2])])


def vector(name: str) -> Certificate | str:
    import cryptography_vectors

    folder = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data" / "certs"
    data = (folder / f"{name}.crt").read_bytes()
    return quick(data) or slow(data)  # 4.1.5's DSA key has no parameters


@pytest.mark.parametrize("case", CASES or [pytest.param({}, marks=pytest.mark.skip(MISSING))])
def test_pkits(case: dict[str, Any]) -> None:
    """Sections 4.8 to 4.12 fail by policies alone, with one violation; no other case does."""
    flags = ("explicit_policy", "policy_mapping_inhibit", "inhibit_any_policy")
    wanted = frozenset(map(raw, case["initial_policy_set"]))
    inputs = Inputs(wanted, *(case[f"initial_{flag}"] for flag in flags))
    path = tuple(map(vector, reversed(case["certs"])))
    violations, found, undecided = judge_policies(path, inputs)
    assert undecided == []
    valid = case["should_validate"] or not case["id"].startswith(OF_POLICIES)
    assert len(violations) == (0 if valid else 1)
    if case["should_validate"]:
        assert found == set(map(raw, case["user_constrained_policy_set"]))


# ---- the same by the tree of RFC 5280 ------------------------------------------------------
class Link(NamedTuple):
    """What one certificate says about policies."""

    policies: tuple[bytes, ...] | None = None
    mappings: tuple[tuple[bytes, bytes], ...] | None = None
    constraints: PolicyConstraints | None = None
    inhibit_any: int | None = None
    self_issued: bool = False


def by_tree(chain: list[Link], inputs: Inputs) -> tuple[str, set[bytes]]:
    """RFC 5280, section 6.1, to the letter: the first violated step and the valid policies.

    The tree is a leaf's path from the root, by valid_policy -> the leaf's expected_policy_set.
    A node is pruned when no leaf is below it, so its leaves are the whole tree.
    """
    n = len(chain)
    tree: dict[tuple[bytes, ...], set[bytes]] = {(ANY_POLICY,): {ANY_POLICY}}
    explicit = 0 if inputs.initial_explicit_policy else n + 1
    any_left = 0 if inputs.initial_any_policy_inhibit else n + 1
    mapping = 0 if inputs.initial_policy_mapping_inhibit else n + 1
    for i, link in enumerate(chain, 1):
        grown: dict[tuple[bytes, ...], set[bytes]] = {}
        for policy in set(link.policies or ()) - {ANY_POLICY}:
            matched = [path for path, expected in tree.items() if policy in expected]
            for path in matched or [path for path in tree if path[-1] == ANY_POLICY]:
                grown[*path, policy] = {policy}
        if ANY_POLICY in (link.policies or ()) and (any_left or (i < n and link.self_issued)):
            for path, expected in tree.items():
                for policy in expected:
                    grown.setdefault((*path, policy), {policy})
        tree = grown
        if not explicit and not tree:
            return f"6.1.3 (f) {i}", set()
        if i == n:
            break
        for issuer in {issuer for issuer, _ in link.mappings or ()}:
            subjects = {subject for other, subject in link.mappings or () if other == issuer}
            here = [path for path in tree if path[-1] == issuer]
            if mapping and not here:
                here = [(*path[:-1], issuer) for path in tree if path[-1] == ANY_POLICY]
            for path in here:
                if mapping:
                    tree[path] = subjects
                else:
                    del tree[path]
        if not link.self_issued:
            explicit, mapping, any_left = (max(0, x - 1) for x in (explicit, mapping, any_left))
        required, inhibited = link.constraints or (None, None)
        explicit = explicit if required is None else min(explicit, required)
        mapping = mapping if inhibited is None else min(mapping, inhibited)
        any_left = any_left if link.inhibit_any is None else min(any_left, link.inhibit_any)
    explicit = max(0, explicit - 1)
    if chain[-1].constraints and chain[-1].constraints.require_explicit_policy == 0:
        explicit = 0
    # valid_policy_node_set: the first policy below anyPolicy; where there is none, anyPolicy.
    tops = {next((it for it in path if it != ANY_POLICY), ANY_POLICY) for path in tree}
    wanted = inputs.initial_policy_set
    if wanted is not None and ANY_POLICY not in wanted:
        tops = set(wanted) if ANY_POLICY in tops else tops & wanted
    return ("" if explicit or tops else f"6.1.5 (g) {n}"), tops


def certificate(link: Link, **raw: bytes) -> Certificate:
    """A certificate that says so, for policies alone; `raw` is the DER of an extension."""
    made = Certificate()
    made.der, made.damage = b"", {}
    made.subject_raw, made.issuer_raw = b"subject", b"subject" if link.self_issued else b"issuer"
    says: dict[str, bytes] = {}
    if link.policies is not None:
        entries = [{"policy_identifier": oid_text(policy)} for policy in link.policies]
        entries[0] = entries[0] | {"policy_qualifiers": [CPS]}
        says["policies"] = asn1.CertificatePolicies(entries).dump()
    if link.mappings is not None:
        keys = ("issuer_domain_policy", "subject_domain_policy")
        pairs = [dict(zip(keys, map(oid_text, pair), strict=True)) for pair in link.mappings]
        says["mappings"] = asn1.PolicyMappings(pairs).dump()
    if link.constraints is not None:
        says["constraints"] = asn1.PolicyConstraints(link.constraints._asdict()).dump()
    if link.inhibit_any is not None:
        says["inhibit_any"] = core.Integer(link.inhibit_any).dump()
    says |= raw
    take_extensions(made, [(OIDS[what], False, value) for what, value in says.items()])
    return made


def judged(
    chain: Sequence[Link | Certificate], inputs: Inputs, budget: int = policies.NODES
) -> Judged:
    """Judge a chain as it is given here: the anchor's subject first."""
    path = [link if isinstance(link, Certificate) else certificate(link) for link in chain]
    return judge_policies((*reversed(path), certificate(Link())), inputs, budget)


SOME, SOME_OR_ANY = st.sampled_from([P1, P2, P3]), st.sampled_from([P1, P2, P3, ANY_POLICY])
SKIP = st.none() | st.integers(0, 2)
LINKS = st.builds(
    Link,
    st.none() | st.lists(SOME_OR_ANY, min_size=1, unique=True).map(tuple),
    st.none() | st.lists(st.tuples(SOME, SOME), min_size=1, max_size=4).map(tuple),
    st.none() | st.builds(PolicyConstraints, SKIP, SKIP).filter(lambda both: both != (None, None)),
    SKIP,
    st.booleans(),
)
GOING_ON = LINKS.filter(lambda link: link.policies is not None)
"""Chains of these alone keep policies for longer."""
WANTED = st.none() | st.frozensets(SOME_OR_ANY, min_size=1)
INPUTS = st.builds(Inputs, WANTED, st.booleans(), st.booleans(), st.booleans())
CHAINS = st.lists(LINKS, min_size=1, max_size=5) | st.lists(GOING_ON, min_size=1, max_size=5)


@settings(max_examples=400)
@given(CHAINS, INPUTS)
def test_the_graph_is_the_tree(chain: list[Link], inputs: Inputs) -> None:
    """Graph and tree agree in the violated step and in the policies that are valid."""
    violated, valid = by_tree(chain, inputs)
    violations, found, undecided = judged(chain, inputs)
    said = [f"{step} {len(chain) - index}" for index, step, _ in violations]
    assert said == ([violated] if violated else [])
    assert found == valid
    assert undecided == []


def test_what_would_blow_up_the_tree_ends() -> None:
    """RFC 9618's exponential chain, whose tree has 2**200 leaves, needs 401 nodes."""
    both = tuple((one, two) for one in (P1, P2) for two in (P1, P2))
    chain = [Link((P1, P2), both)] * 200
    spent = "the graph of policies has more than 300 nodes"
    assert judged(chain, EXPLICIT, 401) == ([], {P1, P2}, [])
    assert judged(chain, EXPLICIT, 300) == ([], set(), [(50, spent)])
    # A mapping through anyPolicy adds nodes, too: 1 + 1 + 2 + 3.
    by_any = [Link((ANY_POLICY,), both), Link((ANY_POLICY,))]
    assert [bool(judged(by_any, EXPLICIT, most).undecided) for most in (6, 7)] == [True, False]


# ---- what is said --------------------------------------------------------------------------
NOW, CA = PolicyConstraints(0, None), Link((P1,))
TO_2, TO_ANY = Link((P1,), ((P1, P2),)), Link((P1,), ((P1, ANY_POLICY),))
NOT_ANOTHER = Inputs(None, True, initial_policy_mapping_inhibit=True)


@pytest.mark.parametrize(
    ("chain", "inputs", "index", "step", "why"),
    [
        ([CA, Link()], EXPLICIT, 0, "6.1.3 (f)", (policies.NO_EXTENSION, 0, None)),
        ([Link(), Link(), CA], EXPLICIT, 2, "6.1.3 (f)", (policies.NO_EXTENSION, 2, None)),
        ([Link(), Link(None, None, NOW), CA], ANY, 0, "6.1.3 (f)", (policies.NO_EXTENSION, 2, 1)),
        ([CA, Link((P2,))], EXPLICIT, 0, "6.1.3 (f)", (policies.NOT_EXPECTED, 0, None)),
        ([TO_2, Link((P2,))], NOT_ANOTHER, 0, "6.1.3 (f)", (policies.NOT_MAPPED, 1, None)),
        ([TO_ANY, CA], EXPLICIT, 1, "6.1.4 (a)", (policies.MAPS_ANY_POLICY, None, None)),
        ([CA, Link((P2,), None, NOW)], ANY, 0, "6.1.5 (g)", (policies.NOT_EXPECTED, 0, 0)),
        ([CA], ONLY_2, 0, "6.1.5 (g)", (policies.NOT_WANTED, None, None)),
    ],
)
def test_a_violation_says_where_it_comes_from(
    chain: list[Link], inputs: Inputs, index: int, step: str, why: tuple[str, int, int]
) -> None:
    """Who lost the last valid policy and who requires one is named, once."""
    assert judged(chain, inputs) == ([(index, step, why)], set(), [])


@pytest.mark.parametrize(
    ("what", "der", "because"),
    [
        ("policies", "", "the data end inside an element"),
        ("policies", "3000", "empty"),
        ("policies", "30023000", "not a policy and its qualifiers"),
        ("policies", "300430020500", "tag 0x05 where a policy was expected"),
        ("policies", "30053003060180", "cut short"),
        ("policies", "300a300306012a300306012a", "1.2 is there twice, which RFC 5280, section 4"),
        ("policies", "3007300506012a0500", "tag 0x05 where a SEQUENCE was expected"),
        ("policies", "3009300706012a30000500", "not a policy and its qualifiers"),
        ("policies", "300b300906012a300430020501", "longer than what holds it"),
        ("mappings", "3005300306012a", "not a pair of policies"),
        ("mappings", "300b300906012a06012a06012a", "not a pair of policies"),
        ("constraints", "3000", "empty"),
        ("constraints", "3003820100", "an element with tag 0x82"),
        ("constraints", "3006810100800100", "an element with tag 0x80"),
        ("constraints", "30038001ff", "a negative number of certificates"),
        ("inhibit_any", "0201ff", "a negative number of certificates"),
        ("inhibit_any", "02020001", "not minimal"),
    ],
)
def test_what_cannot_be_read_is_undecided(what: str, der: str, because: str) -> None:
    """It is named, no policy is valid, and what follows from it is not said."""
    broken = certificate(TO_2, **{what: bytes.fromhex(der)})
    violations, valid, [(index, text)] = judged([CA, broken, CA], NOT_ANOTHER)
    assert (violations, valid, index) == ([], set(), 1)
    named, _, rest = text.partition(": ")
    assert named == READERS[OIDS[what]][0] and because in rest and named not in rest


def test_what_is_certain_is_said_in_spite_of_doubt() -> None:
    """Without policies in another certificate, it does not matter what could not be read."""
    broken = certificate(Link(), policies=b"")
    missing = (0, "6.1.3 (f)", (policies.NO_EXTENSION, 0, None))
    assert judged([broken, Link()], EXPLICIT).violations == [missing]
    missing = (0, "6.1.5 (g)", (policies.NO_EXTENSION, 0, 0))
    assert judged([broken, Link(None, None, NOW)], ANY).violations == [missing]


def test_an_extension_that_is_there_twice_is_undecided() -> None:
    """Nothing says which of the two holds; the same where no extension can be read at all."""
    twice, none = certificate(CA), certificate(Link())
    twice.duplicate_extensions = (facts.EXT_POLICIES,)
    none.damage["basic_constraints"] = "the extensions cannot be read: bad"
    for broken in (twice, none):
        violations, valid, undecided = judged([broken, CA], EXPLICIT)
        assert (violations, valid, len(undecided)) == ([], set(), 1)
    other = certificate(CA)
    other.damage["basic_constraints"] = "not a DER BOOLEAN"  # of policies this says nothing
    assert judged([other, CA], EXPLICIT) == ([], {P1}, [])


def test_a_path_without_policies_is_not_judged() -> None:
    """Where no certificate names a policy and none is required, and for an anchor alone."""
    assert not policies.needed((certificate(Link()), certificate(CA)))
    assert judged([Link()], ANY) == judged([], EXPLICIT) == ([], set(), [])
