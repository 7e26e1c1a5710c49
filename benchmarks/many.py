"""Many gateways with one memo: ten thousand of twenty plants, none of which was seen before.

They come in portions; the library judges one, then the peer the same, and so on. The memo and the
caches are empty before the first portion alone. The peer has nothing to remember with, and parses
everything anew. In every other portion, for both, Python's collector of garbage is on
(`collected`): it walks through what the memo keeps.
"""

from __future__ import annotations

import gc
from functools import partial
from itertools import cycle, islice, pairwise

import edgecheck
from benchmarks import chains, peers
from benchmarks.counting import forget
from benchmarks.timing import CALIBRATION, Figures, Times, clock, spin

PORTION = 100
USUAL = 10_000


def gateways(rounds: int) -> int:
    """Return how many gateways are judged: ten thousand in a run of the usual length."""
    return max(min(rounds * 25, USUAL) // PORTION, 5) * PORTION


def fleet(shape: str, rounds: int) -> Figures:
    """Return the figures of gateways of a shape."""
    number = gateways(rounds)
    made = chains.of_plants(shape, number)
    memo = edgecheck.Memo()
    names = (CALIBRATION, "check", "peer")
    found: dict[bool, dict[str, list[float]]]
    found = {collected: {name: [] for name in names} for collected in (False, True)}
    forget()
    for collected in cycle(found):
        portion = list(islice(made, PORTION))
        if not portion:
            break
        gc.collect()
        if not collected:
            gc.disable()
        at = [clock()]
        spin()
        at.append(clock())
        for chain in portion:
            chains.check(chain, memo)
        at.append(clock())
        for chain in portion:
            peers.cryptography(chain)
        at.append(clock())
        gc.enable()
        for name, (begun, ended) in zip(names, pairwise(at), strict=True):
            share = 1 if name == CALIBRATION else PORTION
            found[collected][name].append((ended - begun) / share)
    times, with_collector = Times(found[False]), Times(found[True])
    return (
        times.mean_ratio(f"fleet_to_peer_{shape}", "check", "peer")
        | {f"fleet_to_peer_{shape}_median": times.median("check") / times.median("peer")}
        | with_collector.mean_ratio(f"fleet_collected_to_peer_{shape}", "check", "peer")
        | {f"fleet_gateways_{shape}": float(number)}
        | times.microseconds(f"fleet_check_{shape}", "check")
        | times.microseconds(f"fleet_peer_{shape}", "peer")
        | times.calibration(f"fleet_{shape}")
    )


CASES = {shape: partial(fleet, shape) for shape in chains.SHAPES}
