"""Permissions that hold for root too, so that tests of them run everywhere."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

OBEYED = os.name == "posix" and (os.geteuid() != 0 or sys.platform == "linux")
"""Whether `obeyed` can see to it."""
_VERSION_3 = 0x20080522
_DAC_OVERRIDE, _DAC_READ_SEARCH = 1 << 1, 1 << 2


@contextmanager
def obeyed() -> Iterator[None]:
    """Let permission bits decide for this thread, whoever it is, as they do for their owner.

    Of root that takes two capabilities away (capabilities(7)), and gives them back.
    """
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    had = sets[0]
    sets[0] = had & ~(_DAC_OVERRIDE | _DAC_READ_SEARCH)
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = had
        assert libc.capset(header, sets) == 0
