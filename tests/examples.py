"""Which fixtures a test looks at that does the same with each, and takes long over it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from fixtures.expected import FIXED


def some(folders: Sequence[Path]) -> list[Path]:
    """One fixture of each rule, and all good ones; with EDGECHECK_LONG every one."""
    if os.environ.get("EDGECHECK_LONG"):
        return list(folders)
    return [each for each in folders if each.name != FIXED and "--" not in each.name]
