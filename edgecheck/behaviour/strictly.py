"""Extensions of which no element holds, and what a library knows of them then.

Strict decoders of DER refuse a value whose tags, lengths or order are not as its syntax says. What
is odd in another way is left open here: decoders differ in that.
"""

from collections.abc import Callable, Mapping
from typing import Any

from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import BasicConstraints

Told = Mapping[str, Callable[[bytes], Any]]
"""Facts of a certificate -> what a library takes for the fact where a value does not decode.

Raises:
    Malformed: it may decode, and then the fact is not known.
"""

NO_CA = BasicConstraints(ca=False, path_length=None)
_KEY_ID, _ISSUER, _SERIAL = 0x80, 0xA1, 0x82
_CONTENTS: dict[bytes, tuple[int, ...]] = {
    reading.EXT_BASIC_CONSTRAINTS: (der.BOOLEAN, der.INTEGER),
    reading.EXT_AUTHORITY_KEY_ID: (_KEY_ID, _ISSUER, _SERIAL),
}
"""The optional elements of those that are a SEQUENCE, in their order."""
_ONE = {reading.EXT_SUBJECT_KEY_ID: der.OCTET_STRING, reading.EXT_KEY_USAGE: der.BIT_STRING}
_HAVE_CONTENTS = (der.BOOLEAN, der.INTEGER, der.BIT_STRING)
_MOST_UNUSED_BITS = 7


def decodes(kind: bytes, value: bytes) -> bool:
    """Whether its elements are those of its syntax in DER; `kind` is one of the four here."""
    try:
        if kind in _ONE:
            start, end = der.only(value, _ONE[kind], "")
            return kind != reading.EXT_KEY_USAGE or _is_bit_string(value[start:end])
        start, end = der.only(value, der.SEQUENCE, "")
        parts = der.elements(value, start, end)
    except Malformed:
        return False
    if any(first == last and tag in _HAVE_CONTENTS for tag, first, last in parts):
        return False
    left = iter(_CONTENTS[kind])
    return all(tag in left for tag, _, _ in parts)


def _is_bit_string(contents: bytes) -> bool:
    """Whether there is an octet that counts unused bits, and as many bits as it counts."""
    if not contents or contents[0] > _MOST_UNUSED_BITS:
        return False
    return len(contents) > 1 or not contents[0]


def where_undecodable(kind: bytes, then: Any) -> Callable[[bytes], Any]:
    """Return what takes `then` for the fact of a value of this kind that does not decode."""

    def told(value: bytes) -> Any:
        if decodes(kind, value):
            raise Malformed("it is odd in a way of which it is not known what is made")
        return then

    return told


STRICT: Told = {
    "basic_constraints": where_undecodable(reading.EXT_BASIC_CONSTRAINTS, NO_CA),
    "key_usage": where_undecodable(reading.EXT_KEY_USAGE, None),
    "subject_key_id": where_undecodable(reading.EXT_SUBJECT_KEY_ID, None),
    "authority_key_id": where_undecodable(reading.EXT_AUTHORITY_KEY_ID, None),
}
"""No authority, and no key identifiers; of a usage, each library says itself what follows.

NSS: CERT_DecodeBasicConstraintValue, GetKeyUsage, cert_GetKeyID and CERT_DecodeAuthKeyID, all by
quickder.c (3.87.1 to 3.123). GnuTLS: check_if_ca and is_issuer of lib/x509/verify.c, by libtasn1
with ASN1_DECODE_FLAG_STRICT_DER (3.7.9 to 3.8.13).
"""
