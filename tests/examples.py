"""Which fixtures a test looks at that does the same with each, and takes long over it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from fixtures.expected import FIXED

LONG = bool(os.environ.get("EDGECHECK_LONG"))


def some(folders: Sequence[Path], every: int = 1) -> list[Path]:
    """One fixture of each rule, and all good ones, or a share of these; in the long form all."""
    if LONG:
        return list(folders)
    return [each for each in folders if each.name != FIXED and "--" not in each.name][::every]
