"""Text that came out of a certificate, made safe to print.

Whoever made a certificate chose its text: line ends, terminal control sequences, and
characters that change the direction of writing must not reach a terminal or a log.
"""

import re
import unicodedata

from edgecheck.reading.late import late

_PIN = late(r"(pin-value=)[^&;]+", re.IGNORECASE)
_PASSWORD = late(r"(://[^/@:]*:)[^/@]*@")
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


def masked(uri: str) -> str:
    """A URI without the secrets that some carry: the PIN of a token, a password."""
    return _PASSWORD.sub(r"\1...@", _PIN.sub(r"\1...", uri))
