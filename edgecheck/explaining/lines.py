"""Taking a pasted text apart: lines without what quoting, chats and logs put around them."""

import re
from collections.abc import Iterator

MOST_LINES = 5_000
"""Lines that are looked at; a log of a night has more, and says the same all over."""
LONGEST = 2_000
"""Characters of a line that are looked at."""

_QUOTED = re.compile(r"^(?!>>> TLS)(?:\s*(?:[>|#*]|//|```\w*))+\s?")
_SMART = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        **dict.fromkeys("\u2013\u2014", "-"),
        "\u00a0": " ",
    }
)
_MASKS = (
    (
        re.compile(
            r"(?<![A-Za-z])'[^']{0,300}'|\"(?!x509|crypto|Host)[^\"]{0,300}\"|`[^`]{0,300}`"
        ),
        "'...'",
    ),
    (re.compile(r"\b(?:CN|O|OU|C|ST|L|DC)=[^,;)/]{0,200}"), "..."),
    (re.compile(r"\[[0-9a-fx, ]{8,4000}\]"), "..."),
    (re.compile(r"\*\.[a-z0-9._-]+"), "*..."),
    (re.compile(r"(?<![\w/.])[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?(?![\w/(.])"), "..."),
    (re.compile(r"0x[0-9A-Fa-f]+|\d+"), "#"),
    (re.compile(r"\s+"), " "),
)
"""What differs from case to case: quoted words, names, lists of octets, host names, numbers."""


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, 1-based, that says something new.

    Marks of quoting are taken away, typographic quotes made plain. A line that differs from an
    earlier one in numbers alone (times, ports) is left out, unless codes stand in it.
    """
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines()[:MOST_LINES], 1):
        plain = _QUOTED.sub("", line.translate(_SMART)).strip()[:LONGEST]
        if not plain:
            continue
        key = _without_times(plain)
        if key not in seen:
            seen.add(key)
            yield number, plain


_TIME = re.compile(r"\d{1,4}[-/:.]\d{1,2}[-/:.T ]\d[\d:.,TZ+-]*")


def _without_times(line: str) -> str:
    return _TIME.sub("", line)


def masked(line: str) -> str:
    """Return a line without what differs from case to case, so that texts can be compared."""
    for pattern, instead in _MASKS:
        line = pattern.sub(instead, line)
    return line.strip()
