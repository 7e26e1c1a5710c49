"""One chain: everything empty, the same again, others of its kind; beside peers and the floor.

`check` has every cache of the library emptied before; `check_again` is about the same bytes in a
process that saw them, `check_other` about chains that it did not see, of the same kind: no memo is
given in any of them. `X_to_check` is how many times as long as `check` another peer takes, with the
collector of garbage on, as their users have it; `_mean` is of all rounds, so that what it takes
counts.
"""

from __future__ import annotations

from functools import partial
from itertools import cycle

from benchmarks import chains, peers
from benchmarks.chains import check
from benchmarks.counting import forget
from benchmarks.timing import Figures, Times, Work, interleaved

OTHERS = 200
SLOW = ("pyopenssl", "pyhanko", "pkilint")
"""Peers of which is told how much slower they are, and not what a check takes of their time."""


def one(shape: str, rounds: int) -> Figures:
    """Return the figures of a chain of a shape."""
    chain = chains.chain(shape)
    empty = interleaved(
        {
            "check": lambda: check(chain),
            "peer": lambda: peers.cryptography(chain),
            "floor": lambda: peers.floor(chain),
        },
        rounds,
        forget,
    )
    fresh = cycle(chains.others(shape, OTHERS))
    used = interleaved(
        {
            "check_again": lambda: check(chain),
            "check_other": lambda: check(next(fresh)),
            "peer": lambda: peers.cryptography(chain),
        },
        rounds,
        warm=20,
    )
    figures = (
        empty.ratio(f"check_to_peer_{shape}", "check", "peer")
        | used.ratio(f"check_again_to_peer_{shape}", "check_again", "peer")
        | used.ratio(f"check_other_to_peer_{shape}", "check_other", "peer")
        | empty.ratio(f"check_to_floor_{shape}", "check", "floor")
        | empty.ratio(f"peer_to_floor_{shape}", "peer", "floor")
        | empty.microseconds(f"check_{shape}", "check")
        | used.microseconds(f"check_again_{shape}", "check_again")
        | used.microseconds(f"check_other_{shape}", "check_other")
        | empty.microseconds(f"peer_{shape}", "peer")
        | _floor(chain, shape, rounds)
        | _slow(chain, shape, rounds)
    )
    return figures | empty.calibration(shape)


def _floor(chain: chains.Chain, shape: str, rounds: int) -> Figures:
    """What the floor is made of, in microseconds."""
    ders = peers.everything(chain)
    certificates = peers.loaded(ders)
    pairs = peers.with_keys(certificates)
    steps: dict[str, Work] = {
        "base64": lambda: peers.everything(chain),
        "load": lambda: peers.loaded(ders),
        "keys": lambda: peers.with_keys(peers.loaded(ders)),
        "signatures": lambda: peers.verified(pairs),
    }
    times = interleaved(steps, rounds)
    took = {name: times.minimum(name) * 1e6 for name in steps}
    took["keys"] -= took["load"]  # a certificate keeps its key, so it is loaded anew each time
    return {f"floor_{name}_microseconds_{shape}": each for name, each in took.items()}


def _slow(chain: chains.Chain, shape: str, rounds: int) -> Figures:
    """How many times as long as a check other peers take, each measured beside checks."""
    figures: Figures = {}
    for name in SLOW:
        figure = f"{name}_to_check_{shape}"
        try:
            ask = peers.PEERS[name]()
        except peers.Missing as missing:
            figures[figure] = f"not measured: {missing}"
            continue
        times: Times = interleaved(
            {"check": lambda: check(chain), name: lambda ask=ask: ask(chain)},  # type: ignore[misc]
            max(rounds // 10, 5),
            forget,
            collected=True,
            often={"check": 10},
        )
        figures |= times.ratio(figure, name, "check")
        figures |= times.mean_ratio(f"{figure}_mean", name, "check")
        figures |= times.microseconds(f"{name}_{shape}", name)
    return figures


CASES = {shape: partial(one, shape) for shape in chains.SHAPES}
