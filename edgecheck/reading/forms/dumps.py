"""Hex dumps without what stands beside the bytes: offsets before them, and text behind.

As `xxd`, `hexdump -C`, `od -A x -t x1`, `certutil -dump`, PowerShell's `Format-Hex` and
`openssl s_client -debug` print them.
"""

from __future__ import annotations

import re
from typing import Final

from edgecheck.reading.late import late

_LINE = late(
    rb"[ \t>|]*+([0-9A-Fa-f]{4,16})[hH]?(?::|[ \t]++-)?[ \t]++(?=[0-9A-Fa-f]{2})(.{2,256})"
)
_PAIR = late(rb"[ \t-]{0,4}([0-9A-Fa-f]{2})")
_MOST_IN_A_LINE: Final = 64


def without_offsets(text: bytes) -> bytes:
    """Return *text* with the bytes alone in the lines of dumps; as many lines as before.

    Lines are a dump where the offset of each is that of the line before and its bytes. In the last
    line of a dump letters may be left over: what it describes says where it ends.
    """
    lines = text.split(b"\n")
    before: tuple[int, int, bytes] | None = None  # line, offset, what follows it
    step = 0
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        here = (number, int(found[1], 16), found[2]) if found is not None else None
        if before is not None:
            size = here[1] - before[1] if here is not None else 0
            joined = here is not None and before[0] == number - 1
            if joined and 0 < size <= _MOST_IN_A_LINE:
                lines[before[0]], step = _bytes(before[2], size), size
            elif step:
                lines[before[0]], step = _bytes(before[2], step), 0
        before = here
    if before is not None and step:
        lines[before[0]] = _bytes(before[2], step)
    return b"\n".join(lines)


def _bytes(rest: bytes, most: int) -> bytes:
    """The first bytes that a line of a dump shows."""
    pairs: list[bytes] = []
    at = 0
    while len(pairs) < most and (pair := _PAIR.match(rest, at)) is not None:
        pairs.append(pair[1])
        at = pair.end()
    return b" ".join(pairs)


def in_order(text: bytes) -> bytes:
    """Return *text* with the bytes of each word of 16 bits exchanged, as `hexdump` prints them.

    On a machine that stores the lower byte first; offsets are those that were left out already.
    """
    return _WORDS.sub(lambda line: _WORD.sub(rb"\2\1", line[0]), text)


_WORDS = late(rb"^(?:[0-9A-Fa-f]{2} ?[0-9A-Fa-f]{2}(?: |$)){1,32}$", re.MULTILINE)
_WORD = late(rb"([0-9A-Fa-f]{2}) ?([0-9A-Fa-f]{2})")
