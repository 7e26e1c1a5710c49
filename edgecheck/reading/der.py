"""The few pieces of DER (X.690) that reading a certificate needs.

`cryptography` vets a certificate's DER before anything here looks at it, so the
walker that slices a whole certificate (`quick.py`) may be quick and trusting.
The functions in this file are for the insides of extensions and names, which
`cryptography` does not look into while loading: these check every length.
"""

from functools import lru_cache

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID, SEQUENCE, SET = 1, 2, 3, 4, 6, 0x30, 0x31
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18


class Malformed(ValueError):
    """The bytes are not the DER that was expected; the text says what was wrong."""


def body(data: bytes, at: int) -> tuple[int, int]:
    """Start and end of the contents of the element at `at`. Trusts the lengths."""
    length = data[at + 1]
    if length < 128:
        return at + 2, at + 2 + length
    if length == 130:
        return at + 4, at + 4 + (data[at + 2] << 8 | data[at + 3])
    if length == 129:
        return at + 3, at + 3 + data[at + 2]
    start = at + 2 + (length & 127)
    return start, start + int.from_bytes(data[at + 2 : start], "big")


def element(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Tag, start and end of the contents of the element at `at`.

    Raises:
        Malformed: the element does not fit before `end`, or its length is not minimal.
    """
    if at + 2 > end:
        raise Malformed("the data end inside an element")
    tag, length = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise Malformed("a tag above 30")
    start = at + 2
    if length >= 128:
        start += length & 127
        if length == 128 or start > end or length > 132:
            raise Malformed("a length that DER does not allow")
        length = int.from_bytes(data[at + 2 : start], "big")
        if length < 128 or data[at + 2] == 0:
            raise Malformed("a length that is not minimal")
    if start + length > end:
        raise Malformed("an element that is longer than what holds it")
    return tag, start, start + length


def only(data: bytes, tag: int, what: str) -> tuple[int, int]:
    """Start and end of the one element that `data` must be.

    Raises:
        Malformed: another tag, or bytes after the element.
    """
    found, start, end = element(data, 0, len(data))
    if found != tag:
        raise Malformed(f"{what}: tag 0x{found:02x} where 0x{tag:02x} was expected")
    if end != len(data):
        raise Malformed(f"{what}: {len(data) - end} bytes after its end")
    return start, end


def elements(data: bytes, at: int, end: int) -> list[tuple[int, int, int]]:
    """Tag, start and end of every element between `at` and `end`.

    Raises:
        Malformed: as `element`.
    """
    found = []
    while at < end:
        item = element(data, at, end)
        found.append(item)
        at = item[2]
    return found


def wrapped(tag: int, content: bytes) -> bytes:
    """The DER of one element: tag, length and contents."""
    if len(content) < 128:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(content: bytes) -> int:
    """The value of an INTEGER's contents.

    Raises:
        Malformed: empty, or more octets than needed.
    """
    if not content:
        raise Malformed("an INTEGER without contents")
    if len(content) > 1 and (content[0], content[1] >> 7) in ((0, 0), (255, 1)):
        raise Malformed("an INTEGER that is not minimal")
    return int.from_bytes(content, "big", signed=True)


@lru_cache(maxsize=1024)
def oid_content(dotted: str) -> bytes:
    """The contents of an OBJECT IDENTIFIER from its dotted form.

    Raises:
        ValueError: not a dotted form.
    """
    parts = dotted.split(".")
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"expected an object identifier such as 2.5.29.32.0, got {dotted!r}")
    first, second, *rest = map(int, parts)
    if first > 2 or (first < 2 and second > 39):
        raise ValueError(f"there is no object identifier {dotted!r}")
    content = b""
    for arc in (40 * first + second, *rest):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(arc & 0x7F | 0x80)
        content += bytes(reversed(octets))
    return content


LONGEST_OID = 256
"""Bytes of the contents of an OBJECT IDENTIFIER that is told."""


@lru_cache(maxsize=4096)
def oid_text(content: bytes) -> str:
    """The dotted form of an OBJECT IDENTIFIER's contents.

    Raises:
        Malformed: empty, cut short, not minimal, or longer than anybody registers (Python
            writes no number of more than 4,300 digits).
    """
    if not content or content[-1] & 0x80:
        raise Malformed("an OBJECT IDENTIFIER that is cut short")
    if len(content) > LONGEST_OID:
        raise Malformed(f"an OBJECT IDENTIFIER of {len(content)} bytes")
    arcs: list[int] = []
    value = 0
    for octet in content:
        if value == 0 and octet == 0x80:
            raise Malformed("an OBJECT IDENTIFIER that is not minimal")
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))
