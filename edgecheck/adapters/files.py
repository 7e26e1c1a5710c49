"""The only door to files and to standard input."""

import re
import sys
from pathlib import Path

from edgecheck.reading.inputs import Source

STANDARD_INPUT = "-"
_ADDRESS = re.compile(r"\[?[\w.:-]+\]?:\d{1,5}")


class Refused(Exception):
    """What was asked for cannot be done; the text says in one line why, and what to do."""


def read(name: str, most: int) -> Source:
    """Read a file, or standard input where the name is `-`.

    Args:
        name: as the user gave it, which is how reports speak of it.
        most: bytes; of a longer file no more than one byte beyond is read.

    Raises:
        Refused: there is nothing to read.
    """
    if not name:
        raise Refused("an empty file name; name a file, or - for standard input")
    try:
        if name == STANDARD_INPUT:
            if sys.stdin is None or sys.stdin.closed:
                raise Refused("standard input is closed; name a file")
            return Source(name, sys.stdin.buffer.read(most + 1))
        with Path(name).open("rb") as file:
            return Source(name, file.read(most + 1))
    except (OSError, ValueError) as wrong:
        raise Refused(_why(name, wrong)) from None


def write(name: str, text: str, inputs: tuple[str, ...] = ()) -> None:
    """Write text to a file as UTF-8.

    Args:
        name: of the file; one that is there is replaced.
        text: all of it.
        inputs: files that were read, none of which may be overwritten.

    Raises:
        Refused: it cannot be written.
    """
    path = Path(name)
    try:
        for given in inputs:
            if given != STANDARD_INPUT and path.exists() and path.samefile(given):
                raise Refused(f"{name} is what was read; write the report to another file")
        path.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as wrong:
        raise Refused(f"cannot write {name}: {_reason(wrong)}") from None


def _why(name: str, wrong: Exception) -> str:
    if isinstance(wrong, FileNotFoundError):
        if _ADDRESS.fullmatch(name):
            return (
                f"no such file: {name}; for a live port: openssl s_client -connect {name} "
                "-showcerts </dev/null | edgecheck check -"
            )
        return f"no such file: {name}"
    if isinstance(wrong, IsADirectoryError):
        return f"{name} is a directory; name the files in it"
    return f"cannot read {name}: {_reason(wrong)}"


def _reason(wrong: Exception) -> str:
    """What the system says, in lower case as part of a sentence."""
    said = getattr(wrong, "strerror", None) or str(wrong)
    return said[:1].lower() + said[1:]
