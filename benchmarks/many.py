"""Many gateways with one memo: ten thousand of twenty plants, none of which was seen before.

They come in portions; the library judges one, then the peer the same, and so on. The memo and the
caches are empty before the first portion alone. The peer has nothing to remember with, and parses
everything anew. `collected` is the library with Python's collector of garbage on, which walks
through what the memo keeps; the others have it off.
"""

from __future__ import annotations

import gc
from functools import partial
from itertools import islice

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
    memo, other = edgecheck.Memo(), edgecheck.Memo()
    names = (CALIBRATION, "check", "peer", "collected")
    found: dict[str, list[float]] = {name: [] for name in names}
    forget()
    while portion := list(islice(made, PORTION)):
        gc.collect()
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
        for chain in portion:
            chains.check(chain, other)
        at.append(clock())
        for name, begun, ended in zip(names, at, at[1:], strict=False):
            found[name].append(ended - begun)
    times = Times(found)
    took = {name: sum(each) / number for name, each in found.items()}
    return {
        f"fleet_to_peer_{shape}": took["check"] / took["peer"],
        f"fleet_to_peer_{shape}_median": times.median("check") / times.median("peer"),
        f"fleet_collected_to_peer_{shape}": took["collected"] / took["peer"],
        f"fleet_gateways_{shape}": float(number),
        f"fleet_check_microseconds_{shape}": took["check"] * 1e6,
        f"fleet_peer_microseconds_{shape}": took["peer"] * 1e6,
    } | times.calibration(f"fleet_{shape}")


CASES = {shape: partial(fleet, shape) for shape in chains.SHAPES}
