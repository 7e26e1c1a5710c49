"""One fault gives one finding, and faults together give the findings of each."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults import FAULTS, Fault, Found, healthy, roots_of

MISSING = "the intermediate is missing"
NO_ISSUER: Found = ("chain.missing-issuer", "device-ca")
BY_NAME = {fault.name: fault for fault in FAULTS}

# What one fault hides of another, and what is found then.
HIDES: dict[tuple[str, str], set[Found]] = {
    # A certificate that is not there cannot be judged.
    **{
        pair: {NO_ISSUER}
        for fault in FAULTS
        if any(fact.startswith("intermediate.") for fact in fault.facts)
        for pair in ((MISSING, fault.name), (fault.name, MISSING))
    },
    # What is no CA needs nothing of what a CA needs.
    ("the intermediate says CA:FALSE", "the intermediate has no keyUsage"): {
        ("ca.not-a-ca", "intermediate")
    },
    ("the device CA has no basicConstraints", "the device CA has no key identifier"): {
        ("ca.not-a-ca", "device-ca"),
        ("extension.no-authority-key-id", "workload-ca"),
    },
    # Nor can a signature by its key.
    ("the device CA's signature is damaged", MISSING): {NO_ISSUER},
    # The path ends below the root: nobody knows which root it would have reached.
    (MISSING, "the root is not trusted"): {NO_ISSUER},
    (MISSING, "the root is of version 1"): {NO_ISSUER},
    (MISSING, "the root has a weak key"): {NO_ISSUER},
    (MISSING, "the trust bundle lacks the root"): {NO_ISSUER},
    # The root is known from the trust bundle alone, where it has no role.
    ("the root ends in 2049", MISSING): {NO_ISSUER, ("runtime.expires-after-2038", "other")},
    # Above a gap nothing is on the path, so what is left over follows from the gap.
    ("a stranger stands in the chain", MISSING): {NO_ISSUER},
}

PAIRS = [(one, two) for one, two in combinations(FAULTS, 2) if not one.facts & two.facts]


def test_a_healthy_gateway_has_no_finding() -> None:
    """The gateway that the faults are applied to gives no finding of its own."""
    assert roots_of(healthy().report()) == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_one_fault_gives_one_finding(fault: Fault) -> None:
    """A single fault gives the one finding that names it, and nothing else."""
    assert roots_of(fault.apply(healthy()).report()) == {fault.finds}


@pytest.mark.parametrize(("one", "two"), PAIRS, ids=lambda fault: fault.name)
def test_two_faults_give_both_findings(one: Fault, two: Fault) -> None:
    """Two faults of different facts give the findings of both, but for those in the table."""
    found = roots_of(two.apply(one.apply(healthy())).report())
    expected = HIDES.get((one.name, two.name), {one.finds, two.finds})
    assert found == expected


def test_the_table_has_only_pairs_that_hide_something() -> None:
    """Every entry of the table is a pair whose findings differ from the union."""
    for (one, two), expected in HIDES.items():
        assert expected != {BY_NAME[one].finds, BY_NAME[two].finds}


AN_IDENTITY = {
    "the server certificate is for clients",
    "the server certificate has no SAN",
    "the client uses another name",
}
"""Together they make what a device logs in with, and that is one finding of its own."""


@settings(max_examples=60)
@given(st.data())
def test_many_faults_give_the_findings_of_each(data: st.DataObject) -> None:
    """Any number of faults that hide nothing of each other give exactly their findings."""
    chosen: list[Fault] = []
    for fault in data.draw(st.permutations(FAULTS)):
        apart = all(not fault.facts & other.facts for other in chosen)
        open_ = all(
            (a.name, b.name) not in HIDES for o in chosen for a, b in ((fault, o), (o, fault))
        )
        names = {other.name for other in (*chosen, fault)}
        if apart and open_ and not names >= AN_IDENTITY and data.draw(st.booleans()):
            chosen.append(fault)
    setup = healthy()
    for fault in sorted(chosen, key=FAULTS.index):
        setup = fault.apply(setup)
    assert roots_of(setup.report()) == {fault.finds for fault in chosen}
