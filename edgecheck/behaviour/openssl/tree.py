"""The elements of an extension in BER, as a tree."""

from typing import NamedTuple

from edgecheck.behaviour.openssl.templates import DEEPEST, Span, behind, ends, head, inside
from edgecheck.reading.der import Malformed


class Node(NamedTuple):
    """One element: the number of its tag, the whole of its first octet, and what is in it."""

    number: int
    tag: int
    content: bytes
    """Of a primitive element."""
    within: tuple["Node", ...]
    """Of a constructed one."""


def tree(value: bytes, whole: bool = False) -> Node:
    """Return the elements within elements of an extension.

    Raises:
        Malformed: it is no BER; or, where it has to be the `whole`, bytes stand behind it.
    """
    node, end = _node(Span(value, len(value), False, False), 0, 0)
    if whole and end != len(value):
        raise Malformed("bytes behind its end")
    return node


def in_der(node: Node) -> bytes:
    """The same element with the lengths of DER."""
    content = node.content or b"".join(map(in_der, node.within))
    size = len(content)
    if size < 128:
        return bytes((node.tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((node.tag, 0x80 | len(octets))) + octets + content


def _node(span: Span, at: int, depth: int) -> tuple[Node, int]:
    if depth > DEEPEST:
        raise Malformed("elements within elements without end")
    found, first = head(span, at), span.data[at]
    if not found.constructed:
        assert found.end is not None
        return Node(found.number, first, span.data[found.start : found.end], ()), found.end
    at, contents, within = found.start, inside(span, found), []
    while not ends(contents, at):
        node, at = _node(contents, at, depth + 1)
        within.append(node)
    return Node(found.number, first, b"", tuple(within)), behind(found, at)
