"""PEM in lines around which something else stands: numbers, times, names of files and containers.

`cat -n`, `grep`, `diff`, `docker compose logs`, `journalctl` and logs of every kind put it before
each line, `cat -A`, tables and word processors behind it. What stands around BEGIN tells what it
is: its numbers and blanks change from line to line, all else stays.
"""

from __future__ import annotations

import re
from typing import Final

from edgecheck.reading.late import late

_BEGIN = late(rb"([^\n]{0,200}?)-----BEGIN [A-Z0-9 ]{1,60}-----([^\n]{0,200})")
_BASE64 = late(rb"[A-Za-z0-9+/]{8}")
_END = b"-----END "
_MOST_SHAPES: Final = 20  # different ones in a text
_PARTS = late(rb"\d+|[ \t]+|[^\d \t]+")
_MOST_LINES: Final = 2_000  # of one block


def without_frames(text: bytes) -> bytes:
    """Return *text* without what stands around the lines of PEM blocks; as many lines as before."""
    if b"-----BEGIN " not in text:
        return text
    lines = text.split(b"\n")
    shapes: dict[bytes, re.Pattern[bytes]] = {}
    before: re.Pattern[bytes] | None = None
    behind, left, counted = b"", 0, b""
    for number, line in enumerate(lines):
        if (found := _BEGIN.match(line)) is not None:
            before, behind, left = _shape(found[1], shapes), found[2].strip(), _MOST_LINES
            if _BASE64.search(behind) is not None:
                behind = b""  # that of the block, in the same line
        if line.isdigit() and len(line) < 6 and int(line) == int(counted or line) + bool(counted):
            counted = line  # the numbers of lines, in lines of their own
            lines[number] = b"" if left else line
            continue
        if not left:
            continue
        left = 0 if _END in line else left - 1
        if before is not None and (frame := before.match(line)) is not None:
            line = line[frame.end() :]
        if behind:
            line = line.rstrip().removesuffix(behind).rstrip()
        lines[number] = line
    return b"\n".join(lines)


def _shape(frame: bytes, shapes: dict[bytes, re.Pattern[bytes]]) -> re.Pattern[bytes] | None:
    """What stands before a line, with any numbers and blanks in their places."""
    if not frame.strip() or frame[-1:].isalnum():
        return None  # where base64 begins would not be known
    parts = (_part(part) for part in _PARTS.findall(frame))
    shape = b"".join(parts)
    if shape not in shapes and len(shapes) < _MOST_SHAPES:
        shapes[shape] = re.compile(shape)
    return shapes.get(shape)


def _part(part: bytes) -> bytes:
    if part.isdigit():
        return rb"\d++"
    return rb"[ \t]*+" if part.isspace() else re.escape(part)
