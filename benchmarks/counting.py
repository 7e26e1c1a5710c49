"""Work as it is counted, which is the same on every machine: calls of functions, memory asked for.

Tests that guard how work grows use it (`tests/test_growth.py`, `tests/test_work.py`), and the
benchmarks, which print it beside times.
"""

from __future__ import annotations

import functools
import gc
import sys
import tracemalloc
from collections.abc import Callable, Mapping
from typing import NamedTuple

_CACHE = type(functools.lru_cache(maxsize=1)(len))


def forget() -> None:
    """Empty every cache that the library keeps between checks."""
    for each in _caches(len(sys.modules)):
        each.cache_clear()


@functools.lru_cache(maxsize=1)
def _caches(modules: int) -> list[functools._lru_cache_wrapper[object]]:
    """Those of so many loaded modules, in classes too."""
    found: dict[int, functools._lru_cache_wrapper[object]] = {}
    rooms: list[Mapping[str, object]] = [
        vars(each) for name, each in sys.modules.items() if name.startswith("edgecheck")
    ]
    while rooms:
        for each in list(rooms.pop().values()):
            if type(each) is _CACHE:
                found[id(each)] = each
            elif isinstance(each, type) and each.__module__.startswith("edgecheck"):
                rooms.append(vars(each))
    return list(found.values())


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called, of Python and of C."""
    made = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


class Memory(NamedTuple):
    """Bytes that Python's allocator gave out: at the most at one time, and for what was kept."""

    peak: int
    kept: int


def memory(work: Callable[[], object]) -> Memory:
    """Return what a piece of work needs; kept is what its result, and caches, still hold."""
    gc.collect()  # which empties lists of free objects too, so that nothing is had for nothing
    gc.disable()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        result = work()
        kept, peak = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
        gc.enable()
    return Memory(peak - before, kept - before)
