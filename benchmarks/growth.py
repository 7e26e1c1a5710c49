"""How the work grows: four times as long a chain, as large a pool, as many roots, names, findings.

`growth_time_X` is how many times as long a check takes of four times as much, `growth_calls_X` how
many times as many functions it calls, `growth_bytes_X` how many times as large the input is: what
is above that grows faster than the input. `roots_150_to_1` is what a check takes that is given 150
trusted roots, by the same with one: the first time (`cold`), in a process that saw them, and with
a memo; `peer_roots_150_to_1` is what `cryptography`'s verifier takes for the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import cycle

import edgecheck
from benchmarks import chains, peers
from benchmarks.chains import Chain
from benchmarks.counting import calls, forget
from benchmarks.timing import Figures, Times, interleaved
from tests import growing

TIMES = 4
ROOTS = 150
_GROWING: dict[str, tuple[growing.Builder, int]] = {
    "chain": (growing.a_long_chain, 8),
    "pool": (growing.strangers, 25),
    "pool_of_one_name": (growing.of_one_name, 25),
    "trust": (growing.many_other_roots, 40),
    "names": (growing.many_names, 250),
    "constraints": (growing.many_constraints, 250),
    "findings": (growing.servers, 25),
}
"""Each with the smaller of two sizes. Of many servers all but the first are findings."""


def judged(made: growing.Made) -> edgecheck.Report:
    """Return the report, whose lazy parts were read."""
    report = edgecheck.check(made.presented, made.hostname, made.trust, growing.NOW)
    _ = (report.valid, report.findings, report.undecided, report.fix_first)
    return report


def grown(rounds: int) -> Figures:
    """Return how time, calls and findings grow with the input, all caches empty."""
    figures: Figures = {}
    for what, (build, size) in _GROWING.items():
        small, large = build(size), build(size * TIMES)
        fewer, more = len(judged(small).findings), len(judged(large).findings)
        times = interleaved(
            {"small": partial(judged, small), "large": partial(judged, large)},
            max(rounds // 40, 5),
            forget,
        )
        counted = []
        for each in (small, large):
            forget()
            counted.append(calls(partial(judged, each)))
        figures |= {f"growth_bytes_{what}": large.size / small.size}
        figures |= times.ratio(f"growth_time_{what}", "large", "small")
        figures |= {
            f"growth_calls_{what}": counted[1] / counted[0],
            f"growth_findings_{what}": more / fewer if fewer else float(more),
        }
    return figures


def trust(shape: str, rounds: int) -> Figures:
    """Return what 150 trusted roots cost, of which one is the chain's."""
    one = chains.chain(shape)
    named = (growing.authority(f"R{n}", f"R{n}", serial=n + 9) for n in range(ROOTS - 1))
    many = one._replace(trust=growing.pem(*named) + one.trust)
    rounds = max(rounds // 4, 5)
    fresh = chains.others(shape, rounds + 2)
    memos = edgecheck.Memo(), edgecheck.Memo()

    def both(ask: Callable[[Chain], object]) -> dict[str, Callable[[], object]]:
        return {"one": lambda: ask(one), "many": lambda: ask(many)}

    def through(trusted: bytes, memo: edgecheck.Memo | None = None) -> Callable[[], object]:
        several = cycle(fresh)
        return lambda: chains.check(next(several)._replace(trust=trusted), memo)

    figures: Figures = {}
    found: dict[str, Times] = {
        "roots_150_to_1_cold": interleaved(both(chains.check), rounds, forget),
        "roots_150_to_1": interleaved(
            {"one": through(one.trust), "many": through(many.trust)}, rounds
        ),
        "roots_150_to_1_memo": interleaved(
            {"one": through(one.trust, memos[0]), "many": through(many.trust, memos[1])}, rounds
        ),
        "peer_roots_150_to_1": interleaved(both(peers.cryptography), rounds),
    }
    for name, times in found.items():
        figures |= times.ratio(f"{name}_{shape}", "many", "one")
    return figures


CASES = {"grown": grown} | {f"trust_{shape}": partial(trust, shape) for shape in chains.SHAPES}
