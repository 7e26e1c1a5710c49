"""Values of extensions as OpenSSL decodes them: BER, and nothing that stands behind (v3_lib.c)."""

import contextlib
from functools import lru_cache

from edgecheck.behaviour.damaged import DAMAGED
from edgecheck.behaviour.lenient import copied, first_values, replaced
from edgecheck.behaviour.openssl.tree import Node, in_der, tree
from edgecheck.behaviour.view import View
from edgecheck.reading import certificate as reading
from edgecheck.reading import der, extensions
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

_STRINGS = (der.BIT_STRING, der.OCTET_STRING)
_CONSTRUCTED, _CONTEXT = 0x20, 0xC0
MOST_UNUSED = 7


def decoded(view: View) -> View:
    """Return the view with copies of certificates whose extensions are not in DER."""
    return replaced(first_values(view), _decoded)


def decoded_certificate(certificate: Certificate) -> Certificate:
    """Return the same of one certificate."""
    return _decoded(certificate) or certificate if certificate.damage else certificate


def _decoded(certificate: Certificate) -> Certificate | None:
    """Return a copy that tells more; None: none would."""
    copy = copied(certificate)
    for fact, (kind, read) in _READS.items():
        if fact not in copy.damage or kind not in certificate.extensions:
            continue
        if kind not in certificate.duplicate_extensions:
            with contextlib.suppress(*DAMAGED):
                setattr(copy, fact, read(_canonical(certificate.extensions[kind])))
                del copy.damage[fact]
    return copy if copy.damage.keys() != certificate.damage.keys() else None


@lru_cache(maxsize=256)
def _canonical(value: bytes) -> bytes:
    """Return the first element with the lengths of DER, and strings in one piece (asn1_collect)."""
    return in_der(_joined(tree(value)))


def _joined(node: Node) -> Node:
    pieces = tuple(map(_joined, node.within))
    if node.tag & _CONSTRUCTED and not node.tag & _CONTEXT and node.number in _STRINGS:
        content = b"".join(piece.content for piece in pieces)
        return Node(node.number, node.tag & ~_CONSTRUCTED, content, ())
    return node._replace(within=pieces)


def _key_usage(value: bytes) -> int:
    """c2i_ASN1_BIT_STRING: of any length, of which the first two octets count."""
    start, end = der.only(value, der.BIT_STRING, "keyUsage")
    content = value[start:end]
    if not content or content[0] > MOST_UNUSED:
        raise Malformed("keyUsage: no BIT STRING")
    octets = bytearray(content[1:])
    if octets:
        octets[-1] &= 0xFF << content[0] & 0xFF
    return int.from_bytes(octets[:2].ljust(2, b"\0"))


_READS = {
    "basic_constraints": (reading.EXT_BASIC_CONSTRAINTS, extensions.basic_constraints),
    "key_usage": (reading.EXT_KEY_USAGE, _key_usage),
    "extended_key_usage": (reading.EXT_EXTENDED_KEY_USAGE, extensions.extended_key_usage),
    "subject_key_id": (reading.EXT_SUBJECT_KEY_ID, extensions.subject_key_id),
    "authority_key_id": (reading.EXT_AUTHORITY_KEY_ID, extensions.authority_key_id),
}
