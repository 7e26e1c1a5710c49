"""Validators of others judge the same input, and we must agree, or know why not.

A disagreement without a class fails, and so does a class that explains nothing.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from fixtures.expected import folders, read
from tests.oracles import generated
from tests.oracles.asked import ORACLES, Compared, compare
from tests.oracles.classes import (
    FIXTURES,
    GENERATED,
    LAXER,
    LONG,
    STRICTER,
    Laxer,
    Stricter,
    laxer,
    stricter,
)

IS_LONG = bool(os.environ.get("EDGECHECK_LONG"))
HOW_MANY = 5_000 if IS_LONG else 250
BOTH = {FIXTURES: {FIXTURES}, GENERATED: {GENERATED, LONG} if IS_LONG else {GENERATED}}


def over_fixtures() -> Iterator[Compared]:
    for folder in folders():
        fixture = read(folder)
        given = fixture.given()
        if not given["trust"]:
            continue
        for oracle in ORACLES:
            compared = compare(
                fixture.name,
                oracle,
                given["presented"],
                given["trust"],
                fixture.hostname,
                fixture.at,
            )
            if compared is not None:
                yield compared


def over_generated() -> Iterator[Compared]:
    for number in range(HOW_MANY):
        chain = generated.chain(number)
        label = f"chain {number} ({', '.join(chain.faults) or 'no fault'})"
        for oracle in ORACLES:
            compared = compare(
                label, oracle, chain.presented, chain.trust, chain.host, generated.AT
            )
            if compared is None:
                continue  # of pyhanko-certvalidator alone: it has no constraints on addresses
            assert compared.target.der == chain.presented[0], label
            yield compared


@pytest.mark.parametrize("suite", [FIXTURES, GENERATED])
def test_oracles_agree_or_we_know_why_not(
    suite: str, record_property: pytest.RecordProperty
) -> None:
    compared = over_fixtures() if suite == FIXTURES else over_generated()
    figures, explained, unexplained = judged(compared)
    for oracle in ORACLES:
        record_property(oracle, f"{figures[oracle, True]} agree, {figures[oracle, False]} do not")
    for entry, number in explained.items():
        record_property(f"{entry.oracle}: {entry.name}", number)
    lines = [f"{o}: {figures[o, True]} agree, {figures[o, False]} not" for o in ORACLES]
    lines += [f"  {number} {e.oracle}: {e.name}" for e, number in explained.most_common()]
    print(f"\n{suite}:", *lines, sep="\n")
    assert not unexplained, "\n".join(unexplained[:20])
    entries: list[Stricter | Laxer] = [*STRICTER, *LAXER]
    idle = [
        f"{e.oracle}: {e.name}" for e in entries if e.where & BOTH[suite] and e not in explained
    ]
    few = suite == GENERATED and not IS_LONG  # some classes explain one chain of hundreds
    assert few or not idle, f"classes that explain nothing: {idle}"
    asked = {oracle: figures[oracle, True] + figures[oracle, False] for oracle in ORACLES}
    assert min(asked.values()) > 0.95 * max(asked.values()) - 30, asked


def judged(
    compared: Iterable[Compared],
) -> tuple[Counter[tuple[str, bool]], Counter[Stricter | Laxer], list[str]]:
    """How many agree, how many disagreements each class explains, and what none does."""
    figures: Counter[tuple[str, bool]] = Counter()
    explained: Counter[Stricter | Laxer] = Counter()
    unexplained = []
    for one in compared:
        figures[one.oracle, one.agree] += 1
        if one.agree:
            continue
        entries = stricter(one) if one.report.valid else laxer(one)
        explained.update(dict.fromkeys(entries, 1))
        if not entries:
            unexplained.append(str(one))
    return figures, explained, unexplained


def test_generated_chains_are_the_same_on_every_run() -> None:
    assert generated.chain(17) == generated.chain(17)
    assert {len(generated.chain(number).trust) for number in range(400)} == {1, 2, 3}
