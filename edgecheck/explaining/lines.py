"""Taking a pasted text apart: lines without what quoting, chats and logs put around them."""

import re
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice

MOST_LINES = 5_000
"""Lines that say something new and are looked at; a log of a night says the same all over."""
FIRST_LINES = 1_000
"""Of these, from where there are more: how it began. The others are the last ones of the text."""
MOST_READ = 100_000
"""Lines of which it is seen whether they say something new; the middle is left out here too."""
LONGEST = 2_000
"""Characters of a line that are looked at."""

_QUOTED = re.compile(r"^(?!>>> TLS)(?:\s*(?:[>|#*]|//|```\w*))+\s?")
_COLOURS = re.compile(
    r"(?:\x1b|\^\[|#033|\\u001b|\\x1b|\\033|\\e)\[[0-9;:?]{0,40}[A-Za-z]|\x1b\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)"
)
"""Colours and links of a terminal (ECMA-48, 8.3), also as `cat -v`, rsyslog and JSON write them."""
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

    Marks of quoting and colours are taken away, typographic quotes made plain. A line that differs
    from an earlier one in numbers alone (times, ports) is left out, unless codes stand in it. Of
    more than MOST_LINES the middle is left out: what went wrong last stands at the end of a log.
    """
    every = _new(text)
    yield from islice(every, FIRST_LINES)
    yield from deque(every, MOST_LINES - FIRST_LINES)


def _new(text: str) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    every = text.splitlines()
    later = max(FIRST_LINES, len(every) - MOST_READ + FIRST_LINES)  # of few lines, all
    numbered = chain(
        enumerate(every[:FIRST_LINES], 1),
        enumerate(islice(every, later, None), later + 1),
    )
    for number, line in numbered:
        plain = _QUOTED.sub("", _COLOURS.sub("", line).translate(_SMART)).strip()[:LONGEST]
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


def spans_of_masked(line: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the same, not stripped, and of each character of it what it stands for in the line."""
    text, spans = line, [(at, at + 1) for at in range(len(line))]
    for pattern, instead in _MASKS:
        made: list[str] = []
        kept: list[tuple[int, int]] = []
        done = 0
        for match in pattern.finditer(text):
            start, end = match.span()
            made += (text[done:start], instead)
            kept += spans[done:start]
            kept += [(spans[start][0], spans[end - 1][1])] * len(instead)
            done = end
        text, spans = "".join((*made, text[done:])), [*kept, *spans[done:]]
    return text, spans
