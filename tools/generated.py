"""What tools that write one file have in common: they write it, or say whether it is up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def written(file: Path, made: str, arguments: Sequence[str], tool: str) -> int:
    """Return the exit status: with --check 1 where the file differs, else the file is written.

    Args:
        file: below the root of the repository.
        made: what belongs into it.
        arguments: of the command line.
        tool: the file name of the tool, which a person is told to run.
    """
    if "--check" not in arguments:
        file.write_text(made, encoding="utf-8")
        return 0
    if file.read_text(encoding="utf-8") == made:
        return 0
    print(f"{file.relative_to(ROOT)} is not up to date: python tools/{tool}")
    return 1
