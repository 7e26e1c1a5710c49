r"""Bytes as programs print them: lists of decimal numbers, and literals like `b'0\x82\x01\xd2...'`.

Numbers are those of Python, Go, C# and JavaScript, or with a sign as Java prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgecheck.reading.late import late

DECIMAL_OBJECT = late(rb"(?<![\w.,-])48[\s,]{1,8}(?:-12[5-8]|12[89]|13[01])(?=[\s,]{1,8}-?\d)")
_NUMBER = late(rb"[\s,]{0,80}(-?\d{1,3})(?![\d.])")
_LITERAL = late(
    rb"\bb(?:'((?:0\\x8[0-4])(?:[^'\\\n]|\\[^\n])*+)'|\"((?:0\\x8[0-4])(?:[^\"\\\n]|\\[^\n])*+)\")"
)
_ESCAPE = late(rb"\\(?:x([0-9A-Fa-f]{2})|(.))")
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def decimal(text: bytes, start: int, size: int) -> tuple[bytes, int]:
    """So many bytes of decimal numbers from an offset on, or as many as there are; their end."""
    found, at = bytearray(), start
    while len(found) < size and (number := _NUMBER.match(text, at)) is not None:
        value = int(number[1])
        if not -128 <= value <= 255:
            break
        found.append(value & 255)
        at = number.end()
    return bytes(found), at


def literals(text: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where literals begin and end that may be DER, and their bytes."""
    for found in _LITERAL.finditer(text):
        yield found.start(), found.end(), _ESCAPE.sub(_byte, found[1] or found[2])


def _byte(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes((int(found[1], 16),))
    return _SIGNS.get(found[2], found[2])
