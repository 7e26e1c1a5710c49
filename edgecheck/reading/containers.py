"""What binary data are that are no certificate, by the first of their elements."""

from edgecheck.reading import der
from edgecheck.reading.secrets import without_keys

JKS = b"\xfe\xed\xfe\xed"
JCEKS = b"\xce\xce\xce\xce"
SERIALIZED = b"\0\0\0\0CERT"
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_AFTER_VERSION = ([der.SEQUENCE], [der.INTEGER], [der.OCTET_STRING])
"""What follows the version in a key of PKCS#8, of PKCS#1, and of SEC 1."""
_SENSIBLE = 1 << 32
NAMES = {"jks": "a key store of Java", "sst": "a serialized certificate store of Windows"}
"""What `store_of` returns, in words."""
_TIMES = {der.UTC_TIME, der.GENERALIZED_TIME}


def said_end(data: bytes, at: int = 0) -> int | None:
    """Where the DER element at `at` ends by its own length; None when it has none."""
    if at + 2 > len(data):
        return None
    start, length = at + 2, data[at + 1]
    if length >= 128:
        start += length & 127
        length = int.from_bytes(data[at + 2 : start], "big")
    return start + length


def fitting_end(data: bytes, at: int) -> int | None:
    """Where the DER element at `at` ends; None when it does not fit."""
    end = said_end(data, at)
    return end if end is not None and end <= len(data) else None


def is_der(data: bytes) -> bool:
    """Whether data are binary; 0x30 is also the digit zero, with which a text may start."""
    return data[:1] == b"0" and (data[1:2] >= b"\x80" or fitting_end(data, 0) == len(data))


def store_of(data: bytes) -> str:
    """Return which kind of store the bytes are: `jks`, `sst`, or empty for neither."""
    if data[:4] in (JKS, JCEKS):
        return "jks"
    return "sst" if data.startswith(SERIALIZED) else ""


def other_object(data: bytes) -> tuple[str, str]:
    """What DER that is no certificate is, by its first elements: the kind of problem, and words.

    PKCS#7 (RFC 2315), PKCS#12 (RFC 7292), private keys (RFC 5958, 8017, 5915), public keys and
    revocation lists (RFC 5280), requests (RFC 2986); two empty strings for anything else.
    """
    if data[:1] != b"0":
        return "", ""
    outer = _elements(data, _inside(data), len(data))
    tags = [tag for tag, _, _ in outer]
    first = data[outer[0][1] : outer[0][2]] if outer else b""
    if tags[:1] == [der.OID] and first.startswith(_PKCS7):
        return "pkcs7", "DER"
    if tags[:1] == [der.INTEGER] and first == b"\x03":
        return "pkcs12", "DER"
    if tags[:1] == [der.INTEGER] and first in (b"\0", b"\1") and tags[1:2] in _AFTER_VERSION:
        return "private-key", "DER"
    if tags == [der.SEQUENCE, der.OCTET_STRING]:
        return "private-key", "DER"
    if tags == [der.SEQUENCE, der.BIT_STRING]:
        return "other-object", "a public key"
    inner = [tag for tag, _, _ in _elements(data, outer[0][1], outer[0][2])] if outer else []
    if inner[:3] == [der.INTEGER, der.SEQUENCE, der.SEQUENCE] and inner[3:] in ([], [0xA0]):
        return "other-object", "a certificate request"
    if inner[:1] != [0xA0] and not _TIMES.isdisjoint(inner[2:4]):
        return "other-object", "a certificate revocation list"
    return "", ""


def outline(data: bytes) -> list[int]:
    """The tags of the first four elements within a SEQUENCE, or of as many as can be read."""
    return [tag for tag, _, _ in _elements(data, _inside(data), len(data))]


def _inside(data: bytes) -> int:
    """Where the contents of the first element start."""
    length = data[1] if len(data) > 1 else 0
    return 2 + (length & 127 if length >= 128 else 0)


def _elements(data: bytes, at: int, end: int) -> list[tuple[int, int, int]]:
    """The first four elements, or as many as can be read."""
    found: list[tuple[int, int, int]] = []
    try:
        while at < end and len(found) < 4:
            found.append(der.element(data, at, end))
            at = found[-1][2]
    except der.Malformed:
        pass
    return found


def instead(data: bytes, read: str) -> tuple[str, str]:
    """What stands in the place of a certificate: the kind of problem, and words."""
    kind, what = other_object(data)
    if kind == "private-key":
        return kind, what
    if kind:
        what = {"pkcs7": "PKCS#7", "pkcs12": "PKCS#12"}.get(kind, what)
        return "not-a-certificate", f"it is {what}"
    said = said_end(data)
    if data[:1] != b"0" or said is None:
        return "not-a-certificate", "it is not DER"
    if said > len(data):
        of = f" of {said}" if said < _SENSIBLE else ""  # else bytes that are no length
        return "not-a-certificate", f"it is cut short, {len(data)}{of} bytes"
    return "not-a-certificate", without_keys(read)
