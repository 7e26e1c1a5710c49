r"""Texts that went through mails, chats, web pages and strings, without what these put in.

Non-breaking blanks and signs that are not seen, quoted-printable (RFC 2045, section 6.7), percent
signs (RFC 3986, section 2.1), entities and tags of HTML and XML, escapes of JSON (RFC 8259,
section 7), control sequences of terminals (ECMA-48). A line stays a line: where a line end was
written in another way, `\n` stands in its place, which the reader of PEM knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from edgecheck.reading.forms.framed import without_frames
from edgecheck.reading.late import late

_BLANKS = late(rb"\xc2\xa0|\xe2\x80[\x80-\x8a\xaf]|\xe3\x80\x80")
_UNSEEN = late(rb"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa9]|\xc2\xad|\xef\xbb\xbf")
_COLOUR = late(rb"\x1b(?:\[[0-9;?]{0,16}[A-Za-z]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\))")
_PRINTABLE = late(rb"=([0-9A-F]{2})|=(?=\n)")
# A line that ends in "=" is as long as they get; one of PEM, with padding, is shorter.
_IS_PRINTABLE = late(rb"=3D|=20\n|^[^\n]{70,75}=\n[A-Za-z0-9+/]{16}", re.MULTILINE)
_PERCENT = late(rb"%([0-9A-Fa-f]{2})")
_IS_PERCENT = late(rb"%(?:20|0[DdAa]|2[FfBb]|3[Dd])|BEGIN\+")
_MARKER = late(rb"-----(?:BEGIN|END)\+[A-Z0-9+]{3,40}-----")
_ENTITY = late(
    rb"&(?:#(?:[xX]([0-9A-Fa-f]{1,4})|([0-9]{1,5}))|(nbsp|gt|lt|quot|apos|amp|plus|sol|equals))"
    rb";|<br[ \t]{0,4}/?>"
)
_TAG = late(rb"</?[A-Za-z][^<>\n]{0,200}+>")
_JSON = late(rb"\\{1,2}u00([0-9A-Fa-f]{2})|\\/")
_JOINED = late(rb"([\"'`])[ \t]*(?:[+.&,]|& *_|\\)?[ \t]*\n[ \t]*[+.&]?[ \t]*(?=[\"'`])")
_NAMED: Final = {
    b"nbsp": b" ",
    b"gt": b">",
    b"lt": b"<",
    b"quot": b'"',
    b"apos": b"'",
    b"amp": b"&",
    b"plus": b"+",
    b"sol": b"/",
    b"equals": b"=",
}
_LINE_END: Final = rb"\n"


def undone(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return *text* (line ends are LF) without such forms, and what they are called.

    As many lines as before. What no form explains stays as it is.
    """
    names = []
    for name, undo in _FORMS.items():
        changed = undo(text)
        if changed != text:
            names.append(name)
            text = changed
    return text, tuple(names)


def _without_colours(text: bytes) -> bytes:
    return _COLOUR.sub(b"", text) if b"\x1b" in text else text


def _without_unseen(text: bytes) -> bytes:
    if text.isascii():
        return text
    try:
        text.decode()
    except UnicodeDecodeError:  # a blank of ISO 8859 and Windows
        return text.replace(b"\xa0", b" ")
    return _UNSEEN.sub(b"", _BLANKS.sub(b" ", text))


def _without_printable(text: bytes) -> bytes:
    if _IS_PRINTABLE.search(text) is None:
        return text
    return _PRINTABLE.sub(lambda found: _character(int(found[1], 16)) if found[1] else b"", text)


def _without_percent(text: bytes) -> bytes:
    if _IS_PERCENT.search(text) is None:
        return text
    text = _MARKER.sub(lambda found: found[0].replace(b"+", b" "), text)
    return _PERCENT.sub(lambda found: _character(int(found[1], 16)), text)


def _without_markup(text: bytes) -> bytes:
    if b"&" not in text and b"<" not in text:
        return text
    return _TAG.sub(b" ", _ENTITY.sub(_entity, text))


def _entity(found: re.Match[bytes]) -> bytes:
    if found[3]:
        return _NAMED[found[3]]
    if found[1] or found[2]:
        return _character(int(found[1], 16) if found[1] else int(found[2]))
    return _LINE_END


def _without_escapes(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    return _JSON.sub(lambda found: _character(int(found[1], 16)) if found[1] else b"/", text)


def _without_operators(text: bytes) -> bytes:
    return _JOINED.sub(rb"\1\n", text)


def _character(number: int) -> bytes:
    r"""A character as it is; a line end as `\n`, other controls and what lies beyond as a blank."""
    if number in (10, 13):
        return _LINE_END if number == 10 else b" "
    if 32 < number < 127:
        return bytes((number,))
    return b" "


_FORMS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "colours of a terminal": _without_colours,
    "something around its lines": without_frames,
    "blanks that are no blanks": _without_unseen,
    "quoted-printable": _without_printable,
    "percent-encoding": _without_percent,
    "HTML or XML": _without_markup,
    "escapes of JSON": _without_escapes,
    "strings that are put together": _without_operators,
}
