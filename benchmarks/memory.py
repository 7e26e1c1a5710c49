"""Memory: of one check, of a report that is kept, of a memo, of a process.

`peak` is what a check asks for at the most at one time, `kept` what its report still holds when it
is done, both in kilobytes of Python's allocator; what `cryptography` and OpenSSL ask for
themselves is not in them, but in the resident sizes of processes (megabytes; Linux). What a fleet
of any number of rows needs tells `benchmarks/fleet.py`, and the group `fleet` here.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import edgecheck
from benchmarks import chains, many
from benchmarks.counting import forget, memory
from benchmarks.timing import Figures


def resident(line: str = "VmRSS") -> float | str:
    """Return megabytes of this process now (VmRSS) or at the most (VmHWM)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return "not measured: it is read from /proc, which Linux has"
    return next(int(each.split()[1]) / 1024 for each in status.splitlines() if line in each)


def one(shape: str, rounds: int) -> Figures:
    """Return what a check of one chain needs, and its report with predictions."""
    chain = chains.chain(shape)
    before = resident()
    _ = chains.check(chain).predictions  # what is loaded once is loaded
    forget()
    checking = memory(lambda: chains.check(chain))
    again = memory(lambda: chains.check(chain))
    report = chains.check(chain)
    predicting = memory(lambda: report.predictions)
    return {
        f"memory_check_peak_kilobytes_{shape}": checking.peak / 1024,
        f"memory_check_kept_kilobytes_{shape}": checking.kept / 1024,
        f"memory_check_again_peak_kilobytes_{shape}": again.peak / 1024,
        f"memory_check_again_kept_kilobytes_{shape}": again.kept / 1024,
        f"memory_predictions_peak_kilobytes_{shape}": predicting.peak / 1024,
        f"memory_predictions_kept_kilobytes_{shape}": predicting.kept / 1024,
        f"memory_process_before_megabytes_{shape}": before,
        f"memory_process_megabytes_{shape}": resident(),
    }


def memo(shape: str, rounds: int) -> Figures:
    """Return what a process has after a tenth of a fleet, and after all of it, with one memo."""
    number = many.gateways(rounds)
    shared = edgecheck.Memo()
    figures: Figures = {}
    for each, chain in enumerate(chains.of_plants(shape, number), 1):
        chains.check(chain, shared)
        if each in (number // 10, number):
            part = "" if each == number else "_of_a_tenth"
            figures[f"memory_memo_process_megabytes{part}_{shape}"] = resident()
    figures[f"memory_memo_certificates_{shape}"] = float(len(shared.certificates))
    return figures


CASES = {shape: partial(one, shape) for shape in chains.SHAPES} | {
    "memo": partial(memo, "1.4_p256")
}
