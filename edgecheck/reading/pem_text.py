"""Bytes of any encoding as lines, and the PEM markers in them, the near misses included.

A marker is `-----BEGIN label-----` or `-----END label-----` (RFC 7468 section 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from edgecheck.reading.late import late
from edgecheck.values import frozen

KINDS: Final = frozenset(
    {
        # of a block
        "missing-end",
        "mismatched-end",
        "joined-blocks",
        "joined-lines",
        "indented-block",
        "literal-newlines",
        "blank-lines",
        "bad-base64",
        "truncated-base64",
        "cut-out",
        "private-key",
        "header-lines",
        # of the whole text
        "utf8-bom",
        "utf16",
        "crlf",
        "cr-cr-lf",
        "lone-cr",
        "mixed-line-ends",
        "text-between-blocks",
        "broken-marker",
        "end-without-begin",
    }
)

NOTHING_BEFORE = ", nothing before it"
"""In the detail of an END line that is one too many, and hides nothing."""


@frozen
class Damage:
    """One thing that is wrong with a text as PEM."""

    kind: str  # one of KINDS
    first_line: int  # 1-based; 0 for binary input
    last_line: int
    detail: str = ""  # short, never key material; may hold a label, which is an attacker's text


BOM: Final = b"\xef\xbb\xbf"
BEFORE_BEGIN: Final = "right before BEGIN"
_MARKS = {
    b"\xff\xfe\0\0": "utf-32-le",  # first: it begins as the next one does
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"\0\0\xfe\xff": "utf-32-be",
}
_WIDE = late(rb"-\0-\0-\0-\0-\0B\0E\0G\0I\0N|-\0\0\0-\0\0\0-\0\0\0B\0\0\0E\0\0\0G")
_LINE_END = late(rb"\r\n|\r|\n")
_DOUBLED = late(rb"(?<!\r)\r{2,}+\n")
# A lone CR where a reader that does not take it for a line end loses a block.
_CR_AT_BLOCK = late(
    rb"\r(?!\n)[ \t]*-----|-----\r(?!\n)|-----BEGIN [^-\r\n]*-----(?:[^-\r]|\r\n)*+\r(?!\n)"
)
_LINE_ENDS = {
    "CRLF": late(rb"\r\n"),
    "LF": late(rb"(?<!\r)\n"),
    "CR": late(rb"\r(?!\n)"),
}


def plain_text(data: bytes) -> tuple[bytes, list[Damage]]:
    """Return the text in UTF-8 with LF line ends, and what was unusual about it."""
    damages = []
    wide = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "")
    found = _WIDE.search(data)
    if wide or found:
        line, detail = 1, f"{wide}, with byte order mark"
        if found and not wide:
            size = 2 if found[0][2:3] == b"-" else 4  # bytes of a character, the last of which
            wide = f"utf-{8 * size}-{'be' if found.start() % size == size - 1 else 'le'}"
            detail = f"{wide}, without byte order mark"
        if found and b"-----BEGIN" in data:  # files of several encodings, one after the other
            line, detail = data.count(b"\n", 0, found.start()) + 1, "a part of the text"
            data = re.sub(rb"\0|\xff\xfe|\xfe\xff", b"", data)
        else:
            data = data.decode(wide, "replace").encode("utf-8", "replace").removeprefix(BOM)
        damages.append(Damage("utf16", line, line, detail))
    elif data.startswith(BOM):
        data = data[3:]
        damages.append(Damage("utf8-bom", 1, 1, BEFORE_BEGIN if data[:5] == b"-----" else ""))
    if b"\r" in data:
        first = _first(_DOUBLED, data)
        data, doubled = _DOUBLED.subn(b"\r\n", data)
        crlf = data.count(b"\r\n")
        counts = {"CRLF": crlf, "LF": data.count(b"\n") - crlf, "CR": data.count(b"\r") - crlf}
        last = sum(counts.values())
        firsts = {name: _first(_LINE_ENDS[name], data) for name, count in counts.items() if count}
        if doubled:
            detail = f"{doubled} of {last} line ends"
            damages.append(Damage("cr-cr-lf", first, last, detail))
        for name, kind in (("CRLF", "crlf"), ("CR", "lone-cr")):
            if name in firsts and (kind == "crlf" or _CR_AT_BLOCK.search(data)):
                detail = f"{counts[name]} of {last} line ends"
                damages.append(Damage(kind, firsts[name], last, detail))
        if len(firsts) > 1:
            detail = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
            damages.append(Damage("mixed-line-ends", sorted(firsts.values())[1], last, detail))
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data, damages


def _first(line_end: re.Pattern[bytes], data: bytes) -> int:
    """Return the number of the first line that ends so; 1 if none does."""
    found = line_end.search(data)
    return 1 + len(_LINE_END.findall(data, 0, found.start())) if found else 1


class Marker(NamedTuple):
    """A BEGIN or END, or what was meant as one."""

    lead: int  # offset where its part of the line starts: after a line end, or another marker
    start: int  # offset of the first dash
    end: int  # offset after the last dash
    line: int
    word: str  # BEGIN or END
    label: str
    flaw: str = ""  # why strict readers see no marker


WORD: Final = late(rb"[BbEe](?:[Ee][Gg][Ii][Nn]|[Nn][Dd])")  # twice as fast as (?i)
LITERAL: Final = late(rb"\\{1,4}r\\{1,4}n|\\{1,4}[rn]")  # several backslashes: escaped again
_MARKER = late(rb"-----(BEGIN|END) ((?:[^-\n]|-(?!-)){0,64}?)-----(-*)")
_DASH = "[-\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_NAME = r"[A-Z0-9 \t.]*?(?:CERTIFICATE|PRIVATE[ \t]+KEY)"
_NEAR = late(rf"(?i)({_DASH}\s]*)(BEGIN|END)\s*({_NAME})({_DASH}\s]*)")
BLANK: Final = b" \t\v\f"
# What other formats put around a line; none of it is base64.
QUOTE: Final = BLANK + b"\"'`>|,;\\)]}"


def markers(text: bytes, at: int, stop: int, line: int) -> Iterator[Marker]:
    """Yield the markers of one line, text[at:stop]; in it a literal backslash-n ends a line too."""
    for end_of_line, next_line in _ends(text, at, stop):
        while (found := _MARKER.search(text, at, end_of_line)) is not None:
            start, end, after = found.start(), found.end(2) + 5, len(found[3])
            before = start - at - len(text[at:start].rstrip(b"-"))
            if before == 5 < start - at:
                before = 0  # the dashes of something else to which this marker is joined
            if after and WORD.match(text, found.end()):
                after = 0  # the dashes of the next marker
            word, label = found[1].decode(), found[2].decode("utf-8", "replace")
            flaw = _flaw(before + 5, after + 5, word, label)
            if flaw:
                end += after
            if start > at and (near := _near(text, at, start, line)) is not None:
                yield near
                at = start
            if not flaw or re.search(r"(?i)(?:certificate|private\s+key)\s*$", label):
                yield Marker(at, start, end, line, word, label, flaw)
            at = end
        if (near := _near(text, at, end_of_line, line)) is not None:
            yield near
        at = next_line


def _ends(text: bytes, at: int, stop: int) -> Iterator[tuple[int, int]]:
    if text.find(b"\\", at, stop) >= 0:
        yield from (found.span() for found in LITERAL.finditer(text, at, stop))
    yield stop, stop


def _near(text: bytes, at: int, stop: int, line: int) -> Marker | None:
    """Return the near miss that text[at:stop] is as a whole, if it is one."""
    if stop - at > 256 or not WORD.search(text, at, stop):
        return None
    try:
        words = text[at:stop].decode()
    except UnicodeDecodeError:
        words = text[at:stop].decode("cp1252", "replace")
    if (found := _NEAR.fullmatch(words.strip(QUOTE.decode()))) is None:
        return None
    left, right = ("".join(found[side].split()) for side in (1, 4))
    if len(left + right) < 2:
        return None
    flaw = _flaw(len(left), len(right), found[2], found[3]) or "blanks within the marker"
    if not (left + right).isascii():
        flaw = "dashes that are not those of ASCII"
    label = " ".join(found[3].upper().split())[:64]
    return Marker(at, at, stop, line, found[2].upper(), label, flaw)


def _flaw(before: int, after: int, word: str, label: str) -> str:
    """Say what RFC 7468 section 3 has against a marker with so many dashes, "" if nothing."""
    if (before, after) != (5, 5):
        return f"{before} dashes before and {after} after"
    if label != " ".join(label.split()):
        return "blanks within the marker"
    meant = label.upper().endswith(("CERTIFICATE", "PRIVATE KEY"))
    return "lower case" if meant and (word + label).upper() != word + label else ""
