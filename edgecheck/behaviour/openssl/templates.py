"""What OpenSSL decodes: templates over BER, as ASN1_item_d2i walks them (crypto/asn1/tasn_dec.c).

A template takes one element off the data, or refuses it. Lengths may be those of BER, bytes behind
the whole are left alone, and strings may be of any characters: only what `d2i` itself refuses
counts. Each says what is wrong in plain words.
"""

from collections.abc import Callable
from typing import NamedTuple

from edgecheck.reading.der import Malformed

UNIVERSAL, CONTEXT = 0x00, 0x80
BIT_STRING, OCTET_STRING, NULL, OID, SEQUENCE, SET = 3, 4, 5, 6, 16, 17
NUMBER, _UTF8, _UNIVERSAL_STRING, _BMP = 2, 12, 28, 30
_PRIMITIVE = frozenset({1, NUMBER, NULL, OID, 10})
"""Types that must not be constructed: BOOLEAN, INTEGER, NULL, OBJECT IDENTIFIER, ENUMERATED."""
DEEPEST = 30


class Head(NamedTuple):
    """Class and number of a tag, whether it is constructed, and where the contents lie.

    `end` is None for contents that end with two zero octets.
    """

    kind: int
    number: int
    constructed: bool
    start: int
    end: int | None


class Span(NamedTuple):
    """Data up to an offset; `open` where two zero octets end it before; `der`: nothing of BER."""

    data: bytes
    end: int
    open: bool
    der: bool


Template = Callable[[Span, int, int], int]
"""Span, offset, and depth in; the offset behind the element out. Raises Malformed."""


class Field(NamedTuple):
    """One field of a SEQUENCE, or one of the choices: by its tag, which tells whether it is there.

    `number` None: of several tags, that `among` has.
    """

    template: Template
    kind: int
    number: int | None
    optional: bool = False
    among: frozenset[tuple[int, int]] = frozenset()

    def fits(self, head: Head) -> bool:
        """Whether an element is this field."""
        if self.number is None:
            return not self.among or (head.kind, head.number) in self.among
        return (head.kind, head.number) == (self.kind, self.number)


_new = tuple.__new__


def head(span: Span, at: int) -> Head:
    """ASN1_get_object: lengths may be longer than needed, or open for what is constructed."""
    data, end = span.data, span.end
    if at >= end:
        raise Malformed("the data end where an element is expected")
    first = data[at]
    number, at = first & 0x1F, at + 1
    if number < 0x1F and at < end and data[at] < 0x80 and at + data[at] < end:  # as nearly always
        after = at + 1 + data[at]
        return _new(Head, (first & 0xC0, number, first & 0x20 != 0, at + 1, after))
    if number == 0x1F:
        number = 0
        while True:
            if at >= end or number > 1 << 24:
                raise Malformed("a tag that is cut short")
            number, more = number << 7 | data[at] & 0x7F, data[at] & 0x80
            at += 1
            if not more:
                break
    if at >= end:
        raise Malformed("an element that is cut short")
    length, constructed = data[at], bool(first & 0x20)
    at += 1
    if length == 0x80:
        if span.der:
            raise Malformed("a length without an end, which DER does not allow")
        if not constructed:
            raise Malformed("a length without an end, which only constructed elements may have")
        return Head(first & 0xC0, number, constructed, at, None)
    if length > 0x80:
        octets, at = data[at : at + length - 0x80], at + length - 0x80
        if at > end:
            raise Malformed("a length that is cut short")
        length = int.from_bytes(octets, "big")
        if span.der and (length < 0x80 or not octets[0]):
            raise Malformed("a length that is not minimal")
    if length > end - at:
        raise Malformed("an element that is longer than what holds it")
    return Head(first & 0xC0, number, constructed, at, at + length)


def ends(span: Span, at: int) -> bool:
    """Whether contents end here."""
    if span.open:
        return span.data[at : at + 2] == b"\0\0"
    return at >= span.end


def inside(span: Span, found: Head) -> Span:
    """The contents of an element."""
    if found.end is None:
        return Span(span.data, span.end, True, span.der)
    return Span(span.data, found.end, False, span.der)


def behind(found: Head, at: int) -> int:
    """The offset behind an element of which the contents end here."""
    return at + 2 if found.end is None else found.end


def _expected(found: Head, kind: int, number: int, what: str) -> None:
    if (found.kind, found.number) != (kind, number):
        raise Malformed(f"{_shown(found)} where {what} is expected")


def _shown(found: Head) -> str:
    name = _NAMES.get(found.number) if found.kind == UNIVERSAL else f"a [{found.number}]"
    return name or f"an element with tag {found.number}"


_NAMES = {
    1: "a BOOLEAN",
    2: "an INTEGER",
    3: "a BIT STRING",
    4: "an OCTET STRING",
    5: "a NULL",
    6: "an OBJECT IDENTIFIER",
    10: "an ENUMERATED",
    12: "a text",
    16: "a SEQUENCE",
    17: "a SET",
    19: "a text",
    22: "a text",
}


def primitive(type_: int, number: int | None = None) -> Field:
    """An element of a universal type, or implicitly tagged with a number."""
    kind, tag = (UNIVERSAL, type_) if number is None else (CONTEXT, number)

    def take(span: Span, at: int, depth: int) -> int:
        found = head(span, at)
        _expected(found, kind, tag, _NAMES.get(type_, "another type"))
        content, after = _contents(span, found, type_, depth)
        check(type_, content, span.der)
        return after

    return Field(take, kind, tag)


def _contents(span: Span, found: Head, type_: int, depth: int) -> tuple[bytes, int]:
    """The octets of a primitive element; a string may be in pieces."""
    if not found.constructed:
        assert found.end is not None  # only what is constructed has none
        return span.data[found.start : found.end], found.end
    if type_ in _PRIMITIVE or span.der:
        raise Malformed(f"{_NAMES.get(type_, 'an element')} in pieces")
    if depth > DEEPEST:
        raise Malformed("elements within elements without end")
    pieces, at, within = [], found.start, inside(span, found)
    while not ends(within, at):
        piece = head(within, at)
        content, at = _contents(within, piece, OCTET_STRING, depth + 1)
        pieces.append(content)
    return b"".join(pieces), behind(found, at)


def check(type_: int, content: bytes, der: bool) -> None:
    """asn1_ex_c2i: what the contents of a type must be; by DER, unused bits are 0.

    Raises:
        Malformed: they are not.
    """
    if type_ == BIT_STRING:
        if not content:
            raise Malformed("a BIT STRING without the octet that counts its unused bits")
        if content[0] > 7:
            raise Malformed(f"a BIT STRING with {content[0]} unused bits; there can be 7")
        if der and content[0] and (len(content) < 2 or content[-1] & (1 << content[0]) - 1):
            raise Malformed("a BIT STRING whose unused bits are not 0")
    elif type_ == NULL and content:
        raise Malformed("a NULL with contents")
    elif type_ == OID:
        _object(content)
    elif type_ in (NUMBER, 10):
        if not content:
            raise Malformed("an INTEGER without contents")
        padded = content[0] == 0 or (content[0] == 0xFF and any(content[1:]))
        if len(content) > 1 and padded and content[0] & 0x80 == content[1] & 0x80:
            raise Malformed("an INTEGER that is not minimal")
    elif type_ == 1 and len(content) != 1:
        raise Malformed("a BOOLEAN that is not one octet")
    elif (type_ == _BMP and len(content) % 2) or (type_ == _UNIVERSAL_STRING and len(content) % 4):
        raise Malformed("a text that ends within a character")


def _object(content: bytes) -> None:
    if not content or content[-1] & 0x80:
        raise Malformed("an OBJECT IDENTIFIER that is cut short")
    for place, octet in enumerate(content):
        if octet == 0x80 and (not place or not content[place - 1] & 0x80):
            raise Malformed("an OBJECT IDENTIFIER that is not minimal")


def _constructed(found: Head, what: str) -> None:
    if not found.constructed:
        raise Malformed(f"{what} that is not constructed")


def sequence(*fields: Field, number: int | None = None) -> Field:
    """A SEQUENCE of these fields, in this order."""
    kind, tag = (UNIVERSAL, SEQUENCE) if number is None else (CONTEXT, number)

    def take(span: Span, at: int, depth: int) -> int:
        found = _opened(span, at, kind, tag, "a SEQUENCE", depth)
        at, within = found.start, inside(span, found)
        for field in fields:
            if ends(within, at):
                if not field.optional:
                    raise Malformed("a SEQUENCE in which a field is missing")
                continue
            if field.optional and not field.fits(head(within, at)):
                continue
            at = field.template(within, at, depth + 1)
        if not ends(within, at):
            raise Malformed(f"{_shown(head(within, at))} where no more fields are expected")
        return behind(found, at)

    return Field(take, kind, tag)


def _opened(span: Span, at: int, kind: int, tag: int, what: str, depth: int) -> Head:
    if depth > DEEPEST:
        raise Malformed("elements within elements without end")
    found = head(span, at)
    _expected(found, kind, tag, what)
    _constructed(found, what)
    return found


def of(each: Field, number: int | None = None, type_: int = SEQUENCE) -> Field:
    """A SEQUENCE (or SET) of any number of one kind; OpenSSL takes none at all, too."""
    kind, tag = (UNIVERSAL, type_) if number is None else (CONTEXT, number)

    def take(span: Span, at: int, depth: int) -> int:
        found = _opened(span, at, kind, tag, _NAMES[type_], depth)
        at, within = found.start, inside(span, found)
        while not ends(within, at):
            at = each.template(within, at, depth + 1)
        return behind(found, at)

    return Field(take, kind, tag)


def explicit(number: int, within: Field) -> Field:
    """An explicit tag around one element."""

    def take(span: Span, at: int, depth: int) -> int:
        found = _opened(span, at, CONTEXT, number, f"a [{number}]", depth)
        inner = inside(span, found)
        at = within.template(inner, found.start, depth + 1)
        if not ends(inner, at):
            raise Malformed(f"more than one element in a [{number}]")
        return behind(found, at)

    return Field(take, CONTEXT, number)


def choice(*fields: Field) -> Field:
    """One of these, told apart by their tags."""
    tags = frozenset((field.kind, field.number or 0) for field in fields)
    templates = {(field.kind, field.number): field.template for field in fields}
    others = [field for field in fields if field.number is None]

    def take(span: Span, at: int, depth: int) -> int:
        found = head(span, at)
        template = templates.get((found.kind, found.number))
        if template is not None:
            return template(span, at, depth)
        for field in others:
            if field.fits(found):
                return field.template(span, at, depth)
        raise Malformed(f"{_shown(found)}, which is none of the choices")

    return Field(take, UNIVERSAL, None, among=tags)


def optional(field: Field) -> Field:
    """The same, where it may be absent."""
    return field._replace(optional=True)


def _any(span: Span, at: int, depth: int) -> int:
    """ASN1_ANY: any element; of universal types the contents are looked at."""
    found = head(span, at)
    if found.kind == UNIVERSAL and found.number not in (SEQUENCE, SET):
        content, after = _contents(span, found, found.number, depth)
        check(found.number, content, span.der)
        return after
    return _skipped(span, found, depth)


def _skipped(span: Span, found: Head, depth: int) -> int:
    """asn1_find_end."""
    if found.end is not None:
        return found.end
    at, within = found.start, inside(span, found)
    while not ends(within, at):
        if depth > DEEPEST:
            raise Malformed("elements within elements without end")
        at = _skipped(within, head(within, at), depth + 1)
    return at + 2


ANY = Field(_any, UNIVERSAL, None)
INTEGER = primitive(NUMBER)


def raw_sequence(number: int) -> Field:
    """A SEQUENCE that is kept as it stands, implicitly tagged."""

    def take(span: Span, at: int, depth: int) -> int:
        return _skipped(span, _opened(span, at, CONTEXT, number, "a SEQUENCE", depth), depth)

    return Field(take, CONTEXT, number)


def text() -> Field:
    """A DirectoryString or any other text of a name, of which x509_name_canon asks for UTF-8."""
    return _text(_TEXTS, canon=True)


def directory_text() -> Field:
    """DIRECTORYSTRING: one of five kinds of text, whose octets nobody looks at."""
    return _text(_DIRECTORY_TEXTS, canon=False)


def _text(kinds: frozenset[int], canon: bool) -> Field:
    def take(span: Span, at: int, depth: int) -> int:
        found = head(span, at)
        if found.kind != UNIVERSAL or found.number not in kinds:
            raise Malformed(f"{_shown(found)} where a text is expected")
        content, after = _contents(span, found, found.number, depth)
        check(found.number, content, span.der)
        if canon and found.number == _UTF8:
            try:
                content.decode("utf-8")
            except UnicodeDecodeError:
                raise Malformed("a UTF8String that is not UTF-8") from None
        return after

    return Field(take, UNIVERSAL, None)


_TEXTS = frozenset({3, 7, 8, 9, 11, 12, 13, 14, 15, 16, 18, 19, 20, 22, 28, 29, 30})
"""B_ASN1_PRINTABLE."""
_DIRECTORY_TEXTS = frozenset({_UTF8, 19, 20, 28, 30})
"""B_ASN1_DIRECTORYSTRING."""


def wrong(field: Field, value: bytes, der: bool = False) -> str | None:
    """Return what is refused in the contents of an extension; None where they are decoded.

    `der`: as BoringSSL, which takes DER alone, and no bytes behind it.
    """
    try:
        end = field.template(Span(value, len(value), False, der), 0, 0)
    except Malformed as because:
        return str(because)
    return "bytes behind its end" if der and end != len(value) else None
