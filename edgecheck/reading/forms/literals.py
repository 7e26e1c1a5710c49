r"""Bytes as programs print them and languages write them.

Lists of decimal numbers as of Python, Go, C# and JavaScript, or with a sign as Java prints them;
literals like `b'0\x82\x01\xd2...'`; and ways to write hexadecimal digits that are made alike.
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
_CAST = late(rb"\([ \t]{0,4}(?:s?byte|u?int8_t|unsigned char|char|u8)[ \t]{0,4}\)")
_HEX = late(
    rb"&[hH](?=[0-9A-Fa-f]{2}(?![0-9A-Za-z]))|(?<![\w$])[$#]x?(?=[0-9A-Fa-f]{2}(?![0-9A-Za-z]))"
    rb"|(?<=0x[0-9A-Fa-f]{2})_?u8(?!\w)|(?<=(?<!\w)[0-9A-Fa-f]{2})[hH](?!\w)"
    rb"|(?<=(?<!\w)0[0-9A-Fa-f]{2})[hH](?!\w)"
)
_SHORT = late(rb"(?<!\w)0[xX]([0-9A-Fa-f])(?!\w)")
_IS_OCTAL = late(rb"\\0?60\\20[0-4]")
_OCTAL = late(rb"\\([0-3][0-7]{2})")
_ESCAPE = late(rb"\\(?:x([0-9A-Fa-f]{2})|(.))")
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def alike(text: bytes) -> bytes:
    r"""Return *text* with casts of bytes and the signs of hexadecimal digits taken out.

    `(byte)0x82` of Java, `0x82u8` of Rust, `&H82` of Basic, `$82` of Pascal, `82h` of assemblers;
    `0x3` of Go becomes `0x03`, and `\202`, octal as in C, `\x82`. As many lines as before.
    """
    text = _HEX.sub(b"", _CAST.sub(b"", text))
    text = _SHORT.sub(rb"0x0\1", text)
    if _IS_OCTAL.search(text) is not None:
        text = _OCTAL.sub(lambda found: b"\\x%02x" % int(found[1], 8), text)
    return text


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
