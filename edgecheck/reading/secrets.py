"""What may be shown of an input in which a private key can be: never its bytes.

Damage hides what a piece of text is: a key without its END line, under another label, in one
line with its marker, pasted where a file's name belongs. So nothing of an input is repeated but
words that labels are made of. What certificates say is another matter: they are public.
"""

from __future__ import annotations

import re

from edgecheck.reading.late import late
from edgecheck.reading.text import safe

HIDDEN = "..."
_WORDS = frozenset(
    {"CERTIFICATE", "PRIVATE", "PUBLIC", "KEY", "RSA", "EC", "DSA", "DH", "ENCRYPTED", "TRUSTED"}
    | {"NEW", "REQUEST", "ATTRIBUTE", "X509", "CRL", "PKCS", "PKCS7", "PKCS12", "#7", "#12"}
    | {"SIGNED", "DATA", "CMS", "PFX", "PARAMETERS", "X9.42", "OPENSSH", "SSH2", "PGP", "BLOCK"}
    | {"ANY", "STATIC", "V1"}
)
_PLAIN = late(r"[A-Z]{1,11}")
_MOST_WORDS = 5
_MARKED = late(r"-{2,}\s*BEGIN.*", re.DOTALL | re.IGNORECASE)
_RUN = late(r"[A-Za-z0-9+/=_-]{40,}(?:(?:[\r\n]|\\[rn])+[A-Za-z0-9+/=_-]+)*+")
_MARKER = late(r"[-\u2010-\u2015]{2,}\s*(?:BEGIN|END) *[A-Z].*", re.DOTALL | re.IGNORECASE)
_PIECE = late(r"[A-Za-z0-9+/]{20,}=*")
_LIKE_A_KEY = late(r"(?=.*[A-Z])(?=.*[a-z]).*[0-9+/]|.{65}")
_DIGITS = late(r"\d{20,}")
_PATH = late(r"[\w./\\:~ -]*\.\w{1,8}")
_FINGERPRINT = late(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")


def shown_label(label: str) -> str:
    """The label of a PEM marker with `...` for what no label consists of.

    Where the dashes behind it are lost, what follows in the line looks like a part of it. A
    word that labels have, or one of at most eleven capitals, tells nothing of a key.
    """
    words = label.split()
    kept = [
        word if word.upper() in _WORDS or _PLAIN.fullmatch(word) else HIDDEN
        for word in words[:_MOST_WORDS]
    ]
    return " ".join(kept + [HIDDEN] * (len(words) > _MOST_WORDS))


def without_keys(text: str) -> str:
    """A message with `...` for what could be a key: PEM, long base64 or hex, long numbers.

    For texts that repeat what somebody typed, or what a library makes of bytes. Fingerprints
    stay, and so do paths, which have more slashes than base64 has.
    """
    text = _MARKED.sub(HIDDEN, text)
    return _DIGITS.sub(HIDDEN, _RUN.sub(lambda run: _kept(run[0]), text))


def without_pieces(text: str) -> str:
    """One line of an input, with `...` for what could be a line of a key that got into it.

    Unlike `without_keys` it leaves long names: only 20 letters and more without a break are like
    base64, if capitals, small letters and digits are among them, and only more than a fingerprint
    has are like hexadecimal.
    """
    text = _MARKER.sub(HIDDEN, text)
    return _PIECE.sub(lambda run: HIDDEN if _LIKE_A_KEY.match(run[0]) else run[0], text)


def one_line(text: str, most: int) -> str:
    """A message as one line for a terminal, of `most` characters, without what could be a key."""
    return safe(" ".join(without_keys(text).split()), most)


def shown_path(text: str) -> str:
    """A text that was given where a path could be meant, if it is one: base64 has no suffix."""
    return text if len(text) <= 200 and _PATH.fullmatch(text) else HIDDEN


def _kept(run: str) -> str:
    if _FINGERPRINT.fullmatch(run):
        return run
    is_der = run[0] == "M" and run[1] in "ABCDEFGHIJKLMNOP"  # 0x30, a SEQUENCE
    is_path = run.count("/") * 16 > len(run)
    return run if is_path and not is_der else HIDDEN
