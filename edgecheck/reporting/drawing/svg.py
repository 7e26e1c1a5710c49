"""A small writer of SVG: everything is escaped, and the same input gives the same bytes."""

from collections.abc import Mapping

from edgecheck.reading.text import visible

XMLNS = "http://www.w3.org/2000/svg"
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})

Value = str | int | float
Attributes = dict[str, Value]


def text(words: str) -> str:
    """Return text as XML has it, without any character that controls something."""
    shown: str = visible(words)
    return shown.translate(_TEXT)


def element(tag: str, attributes: Mapping[str, Value], *inside: str) -> str:
    """Return an element; `inside` is XML already, and what is empty of the attributes is left out.

    A name that is no Python name is written with underscores: `stroke_width`.
    """
    written = "".join(
        f' {name.replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value != ""
    )
    if not any(inside):
        return f"<{tag}{written}/>"
    return f"<{tag}{written}>{''.join(inside)}</{tag}>"


def _value(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    shown: str = visible(str(value))
    return shown.translate(_ATTRIBUTE)
