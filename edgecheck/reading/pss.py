"""RSASSA-PSS: its parameters, and keys that are for nothing else (RFC 4055, sections 1.2 and 3.1).

A key of id-RSASSA-PSS makes no other signatures; where it has parameters, only such as agree with
them. `cryptography` loads these keys as RSA keys, without their parameters, and refuses some of
those that are well-formed.
"""

from functools import lru_cache
from typing import NamedTuple

from edgecheck.reading import der
from edgecheck.reading.der import Malformed

_PSS = bytes.fromhex("06092a864886f70d01010a")
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")
_MGF1 = "1.2.840.113549.1.1.8"
SHA1 = "1.3.14.3.2.26"
SALTS = {
    "2.16.840.1.101.3.4.2.1": 32,
    "2.16.840.1.101.3.4.2.2": 48,
    "2.16.840.1.101.3.4.2.3": 64,
}
"""The hashes of TLS 1.3 (SHA-256, SHA-384, SHA-512), each with its octets."""
_FIELDS = (0xA0, 0xA1, 0xA2, 0xA3)
_MOST = 1 << 16
"""More octets than a salt can have in any signature."""


class Parameters(NamedTuple):
    """RSASSA-PSS-params; hashes by their dotted object identifiers.

    Attributes:
        hash: of the message.
        mask_hash: of the mask generation function MGF1.
        salt: in octets.
        trailer: 1 stands for the one octet 0xbc.
    """

    hash: str = SHA1
    mask_hash: str = SHA1
    salt: int = 20
    trailer: int = 1


def is_pss(spki: bytes) -> bool:
    """Whether a subjectPublicKeyInfo, or an AlgorithmIdentifier, is of RSASSA-PSS."""
    return _PSS in spki[:24]


def as_rsa(spki: bytes) -> bytes:
    """The same key as one for any use of RSA.

    Raises `Malformed`: not a subjectPublicKeyInfo, or parameters that are none.
    """
    key_parameters(spki)
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    key = spki[der.elements(spki, start, end)[0][2] : end]
    return der.wrapped(der.SEQUENCE, _RSA + key)


def key_parameters(spki: bytes) -> Parameters | None:
    """The parameters of a key for RSASSA-PSS; None where it has none.

    Raises `Malformed`: not a subjectPublicKeyInfo, or parameters that are none.
    """
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    parts = der.elements(spki, start, end)
    if not parts:
        raise Malformed("subjectPublicKeyInfo: empty")
    return _of(spki[start : parts[0][2]])


def signature_parameters(algorithm: bytes) -> Parameters:
    """The parameters of an RSASSA-PSS signature, which must be there.

    Raises `Malformed`: they are not, or are none.
    """
    found = _of(algorithm)
    if found is None:
        raise Malformed("RSASSA-PSS without parameters")
    return found


def is_common(algorithm: bytes) -> bool:
    """Whether the parameters of a signature are one of the three sets that TLS 1.3 knows.

    SHA-256, SHA-384 or SHA-512, the same hash for the mask, and a salt as long as the hash (RFC
    8446, section 4.2.3). Go, GnuTLS, BoringSSL and rustls verify no others.
    """
    try:
        found = signature_parameters(algorithm)
    except Malformed:
        return False
    size = SALTS.get(found.hash)
    return found == Parameters(found.hash, found.hash, size or 0, 1) and size is not None


def spelled_out(algorithm: bytes) -> str:
    """A parameter that is written although it has its default, which DER leaves out; else empty.

    Raises `Malformed`: not an AlgorithmIdentifier.
    """
    parts = der.elements(algorithm, *der.only(algorithm, der.SEQUENCE, "RSASSA-PSS"))
    for field, first, last in der.elements(algorithm, *parts[1][1:]) if len(parts) > 1 else ():
        if algorithm[first:last] == _DEFAULTS.get(field, (b"", ""))[0]:
            return _DEFAULTS[field][1]
    return ""


_SHA1 = bytes.fromhex("300906052b0e03021a0500")
_DEFAULTS = {
    0xA0: (_SHA1, "SHA-1"),
    0xA1: (bytes.fromhex("301606092a864886f70d010108") + _SHA1, "MGF1 with SHA-1"),
    0xA2: (bytes.fromhex("020114"), "a salt of 20 bytes"),
    0xA3: (bytes.fromhex("020101"), "the trailer 1"),
}


@lru_cache(maxsize=64)
def _of(algorithm: bytes) -> Parameters | None:
    """The parameters in an AlgorithmIdentifier."""
    parts = der.elements(algorithm, *der.only(algorithm, der.SEQUENCE, "RSASSA-PSS"))
    if len(parts) < 2:
        return None
    tag, start, end = parts[1]
    if tag != der.SEQUENCE or len(parts) > 2:
        raise Malformed("RSASSA-PSS: parameters that are no SEQUENCE")
    found: dict[int, bytes] = {}
    for field, first, last in der.elements(algorithm, start, end):
        if field not in _FIELDS or any(field <= before for before in found):
            raise Malformed(f"RSASSA-PSS: a parameter with tag 0x{field:02x}")
        found[field] = algorithm[first:last]
    given = Parameters()
    if 0xA0 in found:
        given = given._replace(hash=_identifier(found[0xA0])[0])
    if 0xA1 in found:
        function, more = _identifier(found[0xA1])
        if function != _MGF1:
            raise Malformed(f"RSASSA-PSS: the mask generation function {function}")
        given = given._replace(mask_hash=_identifier(more)[0])
    if 0xA2 in found:
        given = given._replace(salt=_number(found[0xA2]))
    if 0xA3 in found:
        given = given._replace(trailer=_number(found[0xA3]))
    return given


def _identifier(algorithm: bytes) -> tuple[str, bytes]:
    """The dotted identifier of an AlgorithmIdentifier, and what follows it."""
    start, end = der.only(algorithm, der.SEQUENCE, "RSASSA-PSS")
    tag, first, last = der.element(algorithm, start, end)
    if tag != der.OID:
        raise Malformed("RSASSA-PSS: an algorithm without an OBJECT IDENTIFIER")
    return der.oid_text(algorithm[first:last]), algorithm[last:end]


def _number(value: bytes) -> int:
    start, end = der.only(value, der.INTEGER, "RSASSA-PSS")
    number = der.integer(value[start:end])
    if not 0 <= number < _MOST:
        raise Malformed("RSASSA-PSS: a number out of bounds")
    return number
