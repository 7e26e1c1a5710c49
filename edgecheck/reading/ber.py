"""Walking through BER, and noting what DER forbids (X.690, sections 8, 10 and 11).

Lenient where BER is, so that one fault does not hide the next one.
"""

from typing import NamedTuple

LENGTH, INDEFINITE, EXTRA, INTEGER, BOOLEAN = "length", "indefinite", "extra", "integer", "boolean"
DEFAULT, BITS, TAG, CUT, OID, TIME = "default", "bits", "tag", "cut", "oid", "time"
TRAILING_BITS = "trailing-bits"
STRING, SET_ORDER, PARAMETERS, VERSION, EMPTY = (
    "string",
    "set-order",
    "parameters",
    "version",
    "empty",
)


class Fault(NamedTuple):
    """One place that is not as DER or the syntax has it.

    `field` is a path of names from RFC 5280, such as `subject` or `extensions: keyUsage`;
    `found` is the beginning of the bytes there.
    """

    kind: str
    field: str
    told: str
    found: bytes


class Element(NamedTuple):
    """Where an element begins, its contents begin and end, and the next one begins."""

    tag: int
    at: int
    start: int
    end: int
    next: int
    """Behind the element; an indefinite length has its end marked after the contents."""


class LostError(Exception):
    """The bytes make no sense from here on."""


class Walk:
    """Elements of some bytes, and what is wrong with them."""

    def __init__(self, data: bytes) -> None:
        """Start at nothing."""
        self.data = data
        self.found: list[Fault] = []

    def note(self, kind: str, field: str, told: str, at: int, end: int | None = None) -> None:
        """Keep a fault with the beginning of its bytes."""
        end = min(len(self.data), at + 16) if end is None else end
        self.found.append(Fault(kind, field, told, self.data[at : min(end, at + 32)]))

    def element(self, at: int, end: int, field: str, quiet: bool = False) -> Element:
        """The element at `at`, however its length is written."""
        data = self.data
        if at + 2 > end:
            if not quiet:
                self.note(CUT, field, "is missing or cut off", at, end)
            raise LostError
        tag, length, start = data[at], data[at + 1], at + 2
        if tag & 0x1F == 0x1F:
            self.note(TAG, field, "has a tag above 30", at)
            raise LostError
        if length == 0x80:
            if not quiet:
                self.note(INDEFINITE, field, "is of indefinite length, which is BER", at, at + 2)
            stop = self._end_of_contents(start, end, field)
            return Element(tag, at, start, stop, stop + 2)
        if length > 0x80:
            start += length & 0x7F
            length = int.from_bytes(data[at + 2 : start], "big")
            if not quiet and start <= end and (length < 0x80 or data[at + 2] == 0):
                told = f"has its length of {length} in more bytes than it needs"
                self.note(LENGTH, field, told, at, start)
        if start + length > end:
            if not quiet:
                self.note(CUT, field, "is longer than what holds it", at, start)
            raise LostError
        return Element(tag, at, start, start + length, start + length)

    def _end_of_contents(self, at: int, end: int, field: str) -> int:
        while self.data[at : at + 2] != b"\0\0":
            at = self.element(at, end, field, quiet=True).next
        return at

    def all(self, whole: Element, field: str, *names: str) -> list[Element]:
        """The elements within another; what cannot be followed is noted, and ends them.

        `names`: the fields that the elements are, where they are more than a part of `field`.
        """
        found: list[Element] = []
        at = whole.start
        while at < whole.end:
            name = names[len(found)] if len(found) < len(names) else field
            try:
                found.append(self.element(at, whole.end, name))
            except LostError:
                break
            at = found[-1].next
        return found

    def wanted(self, tag: int, what: Element, field: str) -> bool:
        """Whether it has this tag."""
        if what.tag == tag:
            return True
        told = f"has the tag 0x{what.tag:02x} where 0x{tag:02x} belongs"
        self.note(TAG, field, told, what.at, what.end)
        return False

    def extra(self, left: list[Element], field: str) -> None:
        """What should not be there any more."""
        if left:
            size = left[-1].next - left[0].at
            told = f"has {size} bytes more than belong there"
            self.note(EXTRA, field, told, left[0].at, left[-1].next)
