"""The predictions of all clients: beside a check of the same chain, and of inputs of a megabyte.

`predictions_to_check_again` is in a process that saw the chain, by a check in the same;
`predictions_to_check` has all caches empty before the check. Healthy chains, and ones that clients
refuse: a CA without basicConstraints. `megabyte` builds an input of a megabyte of each kind of
which there can be many (`tests/growing.py`), and tells the longest predictions and checks.
"""

from __future__ import annotations

import statistics
import time
from functools import partial

import edgecheck
from benchmarks import chains
from benchmarks.counting import forget
from benchmarks.timing import Figures, clock
from tests.growing import KINDS, NOW, Builder, Made
from tests.growing_more import MORE_KINDS

MEGABYTE = 1 << 20
WORST = 5
"""Kinds that are told by name."""


def one(shape: str, rounds: int) -> Figures:
    """Return the figures of a chain of a shape, healthy and failing."""
    healthy = chains.gateway(shape)
    failing = healthy.without_extension("device_ca", "basicConstraints")
    figures: Figures = {}
    for state, made in (("healthy", healthy), ("failing", failing)):
        chain = chains.of(made)
        number = f"{state}_{shape}"
        for name, empty in (("predictions_to_check", True), ("predictions_to_check_again", False)):
            checking, predicting = _both(chain, max(rounds // 4, 5), empty)
            figures |= {
                f"{name}_{number}": min(predicting) / min(checking),
                f"{name}_{number}_median": statistics.median(predicting)
                / statistics.median(checking),
            }
            figures[name.replace("_to_check", "_microseconds") + f"_{number}"] = (
                min(predicting) * 1e6
            )
    return figures


def _both(chain: chains.Chain, rounds: int, empty: bool) -> tuple[list[float], list[float]]:
    """Seconds of the check, and of its report's predictions, for each round."""
    checking, predicting = [], []
    for number in range(-2, rounds):
        if empty:
            forget()
        begun = clock()
        report = edgecheck.check(chain.presented, chain.hostname, chain.trust, chains.AT)
        _ = (report.valid, report.findings, report.undecided, report.fix_first)
        between = clock()
        _ = report.predictions
        ended = clock()
        if number >= 0:
            checking.append(between - begun)
            predicting.append(ended - between)
    return checking, predicting


def of_a_megabyte(build: Builder, size: int) -> Made:
    """Return an input of about a megabyte, by the rule of three from smaller ones."""
    made = build(size)
    for _ in range(6):
        bytes_now = made.size + len(made.hostname)
        if 0.9 * MEGABYTE <= bytes_now <= 1.02 * MEGABYTE:
            break
        size = max(int(size * min(MEGABYTE / bytes_now, 8) * 0.97), size + 1 if size < 4 else 1)
        made = build(size)
    return made


def megabyte(rounds: int) -> Figures:
    """Return seconds of the longest predictions and checks of inputs of a megabyte."""
    checks, predictions, spent = {}, {}, {}
    for kind, (build, size) in {**KINDS, **MORE_KINDS}.items():
        made = of_a_megabyte(build, size)
        forget()
        begun = time.perf_counter(), clock()
        report = edgecheck.check(made.presented, made.hostname, made.trust, NOW, crls=made.crls)
        _ = (report.valid, report.findings, report.undecided, report.fix_first)
        between = clock()
        _ = report.predictions
        name = kind.replace(" ", "-")
        checks[name], predictions[name] = between - begun[1], clock() - between
        spent[name] = time.perf_counter() - begun[0]
    figures: Figures = {"megabyte_kinds": float(len(checks))}
    for what, took in (("check", checks), ("predictions", predictions)):
        figures[f"megabyte_{what}_seconds"] = max(took.values())
        figures[f"megabyte_{what}_seconds_median"] = statistics.median(took.values())
        for name in sorted(took, key=took.__getitem__, reverse=True)[:WORST]:
            figures[f"megabyte_{what}_seconds_{name}"] = took[name]
    return figures


CASES = {shape: partial(one, shape) for shape in chains.SHAPES} | {"megabyte": megabyte}
