"""What rules cost, and a check of each shape of gateway that people have.

`rule_microseconds` and `rule_to_check` tell of the ten costliest rules what they take of a check of
the same chain (RSA), and `rules_microseconds` of all rules together. `stock_to_floor` tells what a
check of each shape costs: the runtimes 1.1 (with 4096 bits, as it makes them), 1.2 and 1.5, and
the convenience scripts' chain.
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

import edgecheck
from benchmarks import chains, peers
from benchmarks.chains import check
from benchmarks.counting import forget
from benchmarks.timing import Figures, clock, interleaved
from edgecheck.rules.engine.rule import Rule
from fixtures import demo, stock


def shapes(rounds: int) -> Figures:
    """Return one check of each gateway by its floor: the peer does not accept all of them."""
    made = {
        "1.1": stock.stock_11(),
        "1.2": stock.stock_12(),
        "1.5": stock.stock_15(),
        "demo_scripts": demo.demo_scripts("1.5"),
    }
    figures: Figures = {}
    for name, each in made.items():
        chain = chains.of(each)
        times = interleaved(
            {"check": partial(check, chain), "floor": partial(peers.floor, chain)}, rounds, forget
        )
        figures |= times.ratio(f"stock_to_floor_{name}", "check", "floor")
        figures |= times.microseconds(f"stock_{name}", "check")
    return figures


def costs(rounds: int, most: int = 10) -> Figures:
    """Return microseconds that the costliest rules take of one check, and the ratio to it.

    The clock is read before and after each call of a rule's function; what that alone takes is
    measured on a function that does nothing, and left out.
    """
    spent: dict[str, float] = {}
    called: Counter[str] = Counter()

    def timed(rule: Rule) -> Rule:
        call = rule.check

        @functools.wraps(call)
        def check(*subject: Any) -> Any:
            started = clock()
            try:
                return call(*subject)
            finally:
                spent[rule.id] = spent.get(rule.id, 0) + clock() - started
                called[rule.id] += 1

        return replace(rule, check=check)

    def nothing(hierarchy: Any, case: Any) -> None:
        """Find nothing. Remedy: none."""

    idle = replace(edgecheck.BUILT_IN["chain.root-presented"], id="idle.rule", check=nothing)
    rules = edgecheck.RuleSet(map(timed, (*edgecheck.BUILT_IN, idle)))
    chain = chains.chain("1.1_rsa2048")
    best: dict[str, float] = {}
    whole = float("inf")
    for _ in range(rounds):
        forget()
        started = clock()
        check(chain)
        whole = min(whole, clock() - started)
        forget()
        spent.clear()
        called.clear()
        edgecheck.check(chain.presented, chain.hostname, chain.trust, chains.AT, rules=rules)
        for name, seconds in spent.items():
            best[name] = min(best.get(name, seconds), seconds)
    overhead = best.pop("idle.rule")
    took = {name: max(each - overhead * called[name], 0) for name, each in best.items()}
    figures: Figures = {
        "rules": float(len(edgecheck.BUILT_IN)),
        "rules_called": float(len(took)),
        "rules_microseconds": sum(took.values()) * 1e6,
        "rules_to_check": sum(took.values()) / whole,
    }
    for name in sorted(took, key=took.__getitem__, reverse=True)[:most]:
        figures[f"rule_microseconds_{name}"] = took[name] * 1e6
        figures[f"rule_to_check_{name}"] = took[name] / whole
    return figures


CASES = {"shapes": shapes, "costs": costs}
