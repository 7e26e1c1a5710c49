"""Text that came out of a certificate, made safe to print.

Whoever made a certificate chose its text: line ends, terminal control sequences, and
characters that change the direction of writing must not reach a terminal or a log.
"""

import re
import unicodedata
from typing import Any

from edgecheck.reading.late import late

_PIN = late(r"(pin-value=)[^&;]+", re.IGNORECASE)
_ESCAPED = late(r"\\(.)", re.DOTALL)
_PASSWORD = late(r"(://[^/@:]*:)[^/@]*@")
LONGEST = 160
"""Bits of a number that is written in decimal: 20 octets."""
_DIGITS = 48
_ODD = late(r"[^ -~]")
"""What may not be printed as it is, and what has to be looked at."""
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe(text: str, limit: int = 256) -> str:
    r"""`text` with every control, format and unassigned character as `\x1b` or `\u202e`.

    Longer text than `limit` characters is cut, and says so.
    """
    if len(text) > limit:
        text = f"{text[:limit]}... ({len(text)} characters)"
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter
        if unicodedata.category(letter) not in _UNSAFE
        else letter.encode("unicode_escape", "backslashreplace").decode("ascii")
        for letter in text
    )


def unescaped(text: str) -> str:
    r"""`text` with each `\x` as the `x` that it stands for, whatever that is."""
    if "\0" in text:
        return _ESCAPED.sub(lambda pair: pair[1], text)
    return text.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")


def quoted(text: str, limit: int = 64) -> str:
    """Text for one line of somebody who debugs: in quotes, escaped as Python does it, cut."""
    return repr(text if len(text) <= limit else f"{text[:limit]}...")


def visible(value: Any, kept: str = "") -> Any:
    """Plain values with every text in them as `safe` makes it, but none cut.

    For formats whose readers undo the format's own escapes: what `jq -r` prints of a report goes
    to a terminal too.

    Args:
        value: texts, numbers, None, and lists and dictionaries of these.
        kept: characters that stay as they are.
    """
    if isinstance(value, str):
        if value.isascii() and value.isprintable():
            return value
        return _ODD.sub(lambda odd: odd[0] if odd[0] in kept else safe(odd[0]), value)
    if isinstance(value, dict):
        return {
            name if name.isascii() and name.isprintable() else visible(name): visible(item, kept)
            for name, item in value.items()
        }
    return [visible(item, kept) for item in value] if isinstance(value, list) else value


def in_utf8(text: str) -> bytes:
    """Any text: half of a surrogate pair, which no UTF-8 has, is written as if it had."""
    return text.encode("utf-8", "surrogatepass")


def octets(text: str) -> int:
    """How many octets a text has in UTF-8."""
    return len(in_utf8(text))


def number(value: int) -> str:
    """A number that came out of a certificate or a CRL: decimal while somebody could read it.

    One of more than 160 bits (20 octets, what RFC 5280 allows a serial number) is written in
    hexadecimal, cut, with its length. Python writes none of more than 4,300 decimal digits.
    """
    if value.bit_length() <= LONGEST:
        return str(value)
    digits = f"{abs(value):x}"
    cut = digits if len(digits) <= _DIGITS else f"{digits[:_DIGITS]}..."
    return f"{'-' if value < 0 else ''}0x{cut} ({value.bit_length()} bits)"


def masked(uri: str) -> str:
    """A URI without the secrets that some carry: the PIN of a token, a password."""
    return _PASSWORD.sub(r"\1...@", _PIN.sub(r"\1...", uri))
