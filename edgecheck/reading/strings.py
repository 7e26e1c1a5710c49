"""The strings of distinguished names: what their types allow (X.680, section 41).

`unlawful` is about single values, whatever attribute they belong to; which type belongs to
which attribute is RFC 5280's to say, appendix A.
"""

import re

from edgecheck.reading.late import late

UTF8, NUMERIC, PRINTABLE, TELETEX, IA5 = 0x0C, 0x12, 0x13, 0x14, 0x16
VISIBLE, UNIVERSAL, BMP = 0x1A, 0x1C, 0x1E

TYPES = {
    UTF8: "UTF8String",
    NUMERIC: "NumericString",
    PRINTABLE: "PrintableString",
    TELETEX: "TeletexString",
    IA5: "IA5String",
    VISIBLE: "VisibleString",
    UNIVERSAL: "UniversalString",
    BMP: "BMPString",
}

_ALLOWED = {
    NUMERIC: late(rb"[0-9 ]*"),
    PRINTABLE: late(rb"[A-Za-z0-9 '()+,./:=?-]*"),
    IA5: late(rb"[\x00-\x7f]*"),
    VISIBLE: late(rb"[ -~]*"),
}
_WIDE = {UTF8: "utf-8", UNIVERSAL: "utf-32-be", BMP: "utf-16-be"}
_PLAIN = re.compile(rb"[A-Za-z0-9'()+,./:=?-]+(?: [A-Za-z0-9'()+,./:=?-]+)*+")
_PLAIN_UTF8 = re.compile(rb"[A-Za-z0-9'()+,./:=?_-]+(?: [A-Za-z0-9'()+,./:=?_-]+)*+")
"""The same with the underscore, which a PrintableString may not have."""
_COUNTRY = bytes.fromhex("550406")


def unlawful(tag: int, content: bytes) -> str:
    """What a value breaks of its own string type, in words; "" where nothing is wrong."""
    allowed = _ALLOWED.get(tag)
    if allowed is not None:
        fits = allowed.match(content)
        end = fits.end() if fits is not None else 0
        if end < len(content):
            letter = content[end]
            shown = f"{chr(letter)!r}" if 0x20 <= letter < 0x7F else f"the byte 0x{letter:02x}"
            return f"has {shown} in a {TYPES[tag]}, where it is not allowed"
        return ""
    codec = _WIDE.get(tag)
    if codec is not None:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            return f"has bytes in a {TYPES[tag]} that are no {codec.upper()}"
        if tag == BMP and len(text) * 2 != len(content):
            return "has a character beyond the 65,536 of a BMPString"
    elif tag not in TYPES:
        return f"has a value of the type 0x{tag:02x}, which is no string"
    return ""


def plain(kind: bytes, tag: int, content: bytes) -> bool:
    """Whether a value is as most are: nothing need be looked at. Quick, not complete."""
    if kind == _COUNTRY:
        return tag == PRINTABLE and len(content) == 2
    usual = _PLAIN_UTF8 if tag == UTF8 else _PLAIN if tag == PRINTABLE else None
    return usual is not None and len(content) <= 64 and usual.fullmatch(content) is not None
