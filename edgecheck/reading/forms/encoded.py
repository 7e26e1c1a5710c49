"""Base64 and hexadecimal digits that stand in a text by themselves, without BEGIN and END.

They come from XML, JSON and YAML values, Kubernetes Secrets, arrays of C, hex dumps, or the body of
a PEM block alone. How many characters belong to an object it says itself: DER begins with its
length (X.690, section 8.1.3). So values need no end, and what follows does no harm. Time is linear
in the text; what looks like an object and is none is tried no more often than a bound.
"""

from __future__ import annotations

from binascii import a2b_base64
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from edgecheck.reading import der
from edgecheck.reading.containers import other_object, outline, said_end, store_of
from edgecheck.reading.forms.dumps import in_order, without_offsets
from edgecheck.reading.forms.literals import DECIMAL_OBJECT, alike, decimal, literals
from edgecheck.reading.late import late

MOST_BYTES: Final = 4 * 1024 * 1024  # of a text that are looked at
MOST_FAILURES: Final = 50  # of what looks like an object that are tried
LONGEST: Final = 256 * 1024  # bytes of one object
_SHORTEST: Final = 44  # bytes of one object; a private key for Ed25519 has 48
_HEADER: Final = 6  # bytes of DER that tell its length, up to 4 GiB
_SHORTEST_TEXT: Final = 150  # characters of base64 in which PEM is looked for; a key has 159

BASE64, HEX = "base64", "hexadecimal digits"
PEM_IN_BASE64, PEM_TWICE = "PEM in base64", "PEM in base64, encoded twice"
TEXTS: Final = (PEM_IN_BASE64, PEM_TWICE)
NUMBERS, LITERAL = "decimal numbers", "a literal of Python"
FORMS: Final = (BASE64, HEX, NUMBERS, LITERAL)
"""Of which each object is by itself."""


class Piece(NamedTuple):
    """What was found in a text, decoded."""

    form: str  # one of TEXTS or FORMS
    first_line: int  # 1-based
    last_line: int
    data: bytes  # DER or BER, maybe cut short; or a text with PEM in it
    key: str  # the name before it, as in `tls.crt: `; else empty


class _Span(NamedTuple):
    start: int
    end: int
    form: str
    data: bytes


# What may stand within one value: line ends, also as strings have them, the marks of quoted mails
# and comments at their beginning, and the ends of strings that go on in the next line.
_GAP = late(
    rb"(?:[ \t\v\f\r]|\\{1,4}[rn]|\n[ \t>|*#]*+|"
    rb"[\"'`][ \t]*+[+.&,\\]?[ \t]*+\\?\n[ \t+.&]*+[\"'`])++"
)
_WORD = late(rb"[A-Za-z0-9+/_-]++")
_GOES_ON = late(rb"[\s\\\"'`=<,;)\]}]|\Z")
_PADDING = late(rb"={1,2}")
# 0x30, a SEQUENCE, and a length in several octets or none.
_OBJECT = late(rb"(?<![A-Za-z0-9+/=_-])MI[A-P](?=[A-Za-z0-9+/_-]{5})")
_RUN = late(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{40}")
_HEX_PREFIX = rb"(?:0?[xX])?"
_HEX_OBJECT = late(
    rb"(?<![0-9A-Fa-f])" + _HEX_PREFIX + rb"30[\s,:;\"'\\-]{0,8}" + _HEX_PREFIX + rb"8[0-4]"
    # A certificate of version 3 within digits of something else, as of a whole TLS record.
    rb"|(?i:3082[0-9a-f]{4}308(?:1|2[0-9a-f]{2})[0-9a-f]{2}a003020102)"
)
_HEX_PAIR = (
    rb"[\s,:;\"'\\>|-]{0,80}+(?:/[/*][^\n*]{0,80}+(?:\*/)?[\s,]{0,80}+)?"
    + _HEX_PREFIX
    + rb"([0-9A-Fa-f]{2})"
)
_HEX_CHUNK = late(rb"(?:" + _HEX_PAIR.replace(b"([", b"(?:[") + rb"){1,256}+")
_HEX_PAIRS = late(_HEX_PAIR)
_KEY = late(rb"([\w.-]{1,64})[\"']?\s{0,8}[:=]\s{0,8}(?:[|>][+-]?\s{0,80}|!!binary\s+)?[\[\"']*\Z")


def encoded_in(text: bytes, plain: bytes | None = None) -> list[Piece]:
    """Find objects that *text* (line ends are LF) has in base64, hex or numbers: never raises.

    Certificates, keys, containers, and texts with PEM in them, in the order of the text; of a
    certificate that is cut short, what is there. No more than `MOST_BYTES` is looked at. `plain` is
    the text as it was, where forms of another text were taken out of it.
    """
    text = text[:MOST_BYTES]
    spans = [*_objects(text, _OBJECT.finditer, _base64, BASE64)]
    spans = sorted([*spans, *_texts(text, spans)], key=lambda span: span.start)
    if not spans:
        text = alike(without_offsets(text))
        spans = [*_objects(text, _HEX_OBJECT.finditer, _hex, HEX)]
    if not spans and (swapped := in_order(text)) != text:
        spans = [*_objects(swapped, _HEX_OBJECT.finditer, _hex, HEX)]
    if not spans:
        spans = [*_objects(text, DECIMAL_OBJECT.finditer, decimal, NUMBERS)]
    if not spans:
        text = (text if plain is None else plain)[:MOST_BYTES]
        found = (_Span(start, end, LITERAL, data) for start, end, data in literals(text))
        spans = [span for span in found if _is_object(span.data, said_end(span.data) or LONGEST)]
    return list(_placed(text, spans))


def _placed(text: bytes, spans: list[_Span]) -> Iterator[Piece]:
    line, at = 1, 0
    for span in spans:
        line += text.count(b"\n", at, span.start)
        last = line + text.count(b"\n", span.start, span.end)
        key = _KEY.search(text, max(0, span.start - 160), span.start)
        yield Piece(
            span.form, line, last, span.data, key[1].decode("ascii", "replace") if key else ""
        )
        at = span.start  # the next may begin within the character in which this one ends


_Take = Callable[[bytes, int, int], tuple[bytes, int]]


def _objects(
    text: bytes, starts: Callable[[bytes], Iterator[object]], take: _Take, form: str
) -> Iterator[_Span]:
    """The objects that begin where `starts` says; `take` decodes so many bytes from an offset."""
    done, failures = 0, 0
    for found in starts(text):
        start: int = found.start()  # type: ignore[attr-defined]
        if start < done:
            continue
        if failures == MOST_FAILURES:
            return
        failures += 1  # until one is found
        first, skip = True, 0  # bytes from `start` on that belong to the object before
        while True:  # one object right behind the other
            header = take(text, start, skip + _HEADER)[0][skip:]
            size = said_end(header) if len(header) == _HEADER else None
            if size is None or header[0] != der.SEQUENCE:
                break
            if header[1] == 0x80:  # BER, which does not tell its length
                size = LONGEST
            data, end = b"", start
            if _SHORTEST <= size <= LONGEST:
                data, end = take(text, start, skip + size)
                data = data[skip:]
            if not _is_object(data, size):
                break
            yield _Span(start, end, form, data)
            failures, first, done = failures - first, False, end
            if len(data) < size:
                break
            skip += size
            if take is _base64 and skip % 3 and _goes_on(text, start, skip):
                start, skip = _behind(text, start, skip - skip % 3), skip % 3
            else:
                start, skip = end, 0


def _is_object(data: bytes, size: int) -> bool:
    """Whether DER, or the beginning of it, is something that is told: a certificate, a key ..."""
    if len(data) < _SHORTEST:
        return False
    if other_object(data)[0]:
        return True
    tags = outline(data)
    if len(data) >= size:
        return tags[:3] == [der.SEQUENCE, der.SEQUENCE, der.BIT_STRING] or _begins(data)
    return _begins(data)


def _begins(data: bytes) -> bool:
    """Whether it begins as a certificate of version 3 does (RFC 5280, section 4.1)."""
    return b"\xa0\x03\x02\x01\x02\x02" in data[4:14]


def _base64(text: bytes, start: int, size: int) -> tuple[bytes, int]:
    """So many bytes of base64 from an offset on, or as many as there are; where they end."""
    wanted = (size * 4 + 2) // 3
    words, have, at = [], 0, start
    while have < wanted and (word := _WORD.match(text, at, at + wanted - have)) is not None:
        words.append(word[0])
        have, at = have + len(word[0]), word.end()
        if have < wanted and (gap := _GAP.match(text, at)) is not None:
            at = gap.end()
    if (padding := _PADDING.match(text, at)) is not None:
        at = padding.end()
    return _decoded(b"".join(words))[:size], at


def _goes_on(text: bytes, start: int, size: int) -> bool:
    """Whether the next object begins within the character in which that many bytes end."""
    data, end = _base64(text, start, size + 2)
    return data[size:] in _SEQUENCES and b"=" not in text[end - 3 : end]


def _behind(text: bytes, start: int, size: int) -> int:
    """Where the character is with which the next bytes begin, three in four."""
    _, end = _base64(text, start, size)
    gap = _GAP.match(text, end)
    return gap.end() if gap is not None else end


_SEQUENCES: Final = tuple(bytes((der.SEQUENCE, length)) for length in range(0x81, 0x85))


def _decoded(characters: bytes) -> bytes:
    """Base64 in either alphabet (RFC 4648, sections 4 and 5), without what is too little."""
    plain = characters.translate(_URL)
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    return a2b_base64(plain + b"=" * (-len(plain) % 4))


_URL = bytes.maketrans(b"-_", b"+/")


def _texts(text: bytes, known: list[_Span]) -> Iterator[_Span]:
    """What is in base64 and is no DER: texts, and stores; what is `known` is none of them.

    A Secret into which base64 was put that was meant to be put in as it is has it twice.
    """
    done, left = 0, list(reversed(known))
    for found in _RUN.finditer(text):
        start = found.start()
        while left and left[-1].end <= start:
            left.pop()
        if start < done or (left and left[-1].start <= start):
            continue
        stop = left[-1].start if left else len(text)
        characters, end = _run(text, start, stop)
        done = end
        if len(characters) < _SHORTEST_TEXT:
            continue
        decoded = _decoded(characters)
        if b"-----BEGIN " in decoded or b"-\0-\0B\0E\0G\0I\0N" in decoded:
            yield _Span(start, end, PEM_IN_BASE64, decoded)
        elif store_of(decoded):
            yield _Span(start, end, BASE64, decoded)
        elif decoded.startswith(_PEM):
            yield _Span(start, end, PEM_TWICE, _decoded(_run(decoded, 0, len(decoded))[0]))
        elif _OBJECT.match(decoded) is not None or b'"x5c"' in decoded:  # RFC 7515, section 4.1.6
            for span in _objects(decoded, _OBJECT.finditer, _base64, BASE64):
                yield _Span(start, end, BASE64, span.data)


_PEM: Final = b"LS0tLS1CRUdJTi"


def _run(text: bytes, start: int, stop: int) -> tuple[bytes, int]:
    """All base64 from an offset on, up to its padding or another text; where it ends."""
    words: list[bytes] = []
    at = end = start
    while (word := _WORD.match(text, at, stop)) is not None:
        if words and _GOES_ON.match(text, word.end()) is None:
            break  # the name of the next value
        words.append(word[0])
        end = word.end()
        if (gap := _GAP.match(text, end, stop)) is None:
            break
        at = gap.end()
    return b"".join(words), end


def _hex(text: bytes, start: int, size: int) -> tuple[bytes, int]:
    """So many bytes of hexadecimal digits from an offset on, or as many as there are."""
    digits, at = bytearray(), start
    while len(digits) < 2 * size and (chunk := _HEX_CHUNK.match(text, at)) is not None:
        pairs = b"".join(_HEX_PAIRS.findall(chunk[0]))
        if len(digits) + len(pairs) > 2 * size:
            pair = None
            for pair in _HEX_PAIRS.finditer(chunk[0]):
                digits += pair[1]
                if len(digits) == 2 * size:
                    break
            at += pair.end() if pair is not None else 0
            break
        digits += pairs
        at = chunk.end()
    return bytes.fromhex(digits.decode("ascii")), at
