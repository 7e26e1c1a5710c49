"""How mbedTLS reads ASN.1 (library/asn1parse.c, the same at 2.28.3 and 3.6.6), and its errors.

It takes lengths that are longer than they need to be. An error is the sum of a high part, which
says what was read, and a low one, which says what was wrong.
"""

from typing import NamedTuple

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 1, 2, 3, 4, 5, 6
SEQUENCE, SET = 0x30, 0x31

OUT_OF_DATA = 0x60
UNEXPECTED_TAG = 0x62
INVALID_LENGTH = 0x64
LENGTH_MISMATCH = 0x66
INVALID_DATA = 0x68
OID_NOT_FOUND = 0x2E

FEATURE_UNAVAILABLE = 0x2080
INVALID_FORMAT = 0x2180
INVALID_VERSION = 0x2200
INVALID_SERIAL = 0x2280
INVALID_ALG = 0x2300
INVALID_NAME = 0x2380
INVALID_DATE = 0x2400
INVALID_SIGNATURE = 0x2480
INVALID_EXTENSIONS = 0x2500
UNKNOWN_VERSION = 0x2580
UNKNOWN_SIG_ALG = 0x2600
SIG_MISMATCH = 0x2680
BAD_INPUT_DATA = 0x2800
FATAL_ERROR = 0x3000
UNKNOWN_NAMED_CURVE = 0x3A00
PK_INVALID_ALG = 0x3A80
PK_INVALID_PUBKEY = 0x3B00
UNKNOWN_PK_ALG = 0x3C80
KEY_INVALID_FORMAT = 0x3D00
ECP_INVALID_KEY = 0x4C80
ECP_VERIFY_FAILED = 0x4E00
ECP_FEATURE_UNAVAILABLE = 0x4E80
ECP_BAD_INPUT_DATA = 0x4F80
HANDSHAKE_FAILURE = 0x6E00
SSL_FEATURE_UNAVAILABLE = 0x7080
SSL_BAD_INPUT_DATA = 0x7100

_HIGH = {
    FEATURE_UNAVAILABLE: "X509 - Unavailable feature, e.g. RSA hashing/encryption combination",
    INVALID_FORMAT: "X509 - The CRT/CRL/CSR format is invalid, e.g. different type expected",
    INVALID_VERSION: "X509 - The CRT/CRL/CSR version element is invalid",
    INVALID_SERIAL: "X509 - The serial tag or value is invalid",
    INVALID_ALG: "X509 - The algorithm tag or value is invalid",
    INVALID_NAME: "X509 - The name tag or value is invalid",
    INVALID_DATE: "X509 - The date tag or value is invalid",
    INVALID_SIGNATURE: "X509 - The signature tag or value invalid",
    INVALID_EXTENSIONS: "X509 - The extension tag or value is invalid",
    UNKNOWN_VERSION: "X509 - CRT/CRL/CSR has an unsupported version number",
    UNKNOWN_SIG_ALG: "X509 - Signature algorithm (oid) is unsupported",
    SIG_MISMATCH: (
        "X509 - Signature algorithms do not match. (see \\c ::mbedtls_x509_crt sig_oid)"
    ),
    BAD_INPUT_DATA: "X509 - Input invalid",
    FATAL_ERROR: (
        "X509 - A fatal error occurred, eg the chain is too long or the vrfy callback failed"
    ),
    UNKNOWN_NAMED_CURVE: "PK - Elliptic curve is unsupported (only NIST curves are supported)",
    PK_INVALID_ALG: "PK - The algorithm tag or value is invalid",
    PK_INVALID_PUBKEY: ("PK - The pubkey tag or value is invalid (only RSA and EC are supported)"),
    UNKNOWN_PK_ALG: "PK - Key algorithm is unsupported (only RSA and EC are supported)",
    KEY_INVALID_FORMAT: "PK - Invalid key tag or value",
    ECP_INVALID_KEY: "ECP - Invalid private or public key",
    ECP_VERIFY_FAILED: "ECP - The signature is not valid",
    ECP_FEATURE_UNAVAILABLE: (
        "ECP - The requested feature is not available, for example, the requested curve is not "
        "supported"
    ),
    ECP_BAD_INPUT_DATA: "ECP - Bad input parameters to function",
    HANDSHAKE_FAILURE: "SSL - The handshake negotiation failed",
    SSL_FEATURE_UNAVAILABLE: "SSL - The requested feature is not available",
    SSL_BAD_INPUT_DATA: "SSL - Bad input parameters to function",
}
_LOW = {
    OUT_OF_DATA: "ASN1 - Out of data when parsing an ASN1 data structure",
    UNEXPECTED_TAG: "ASN1 - ASN1 tag was of an unexpected value",
    INVALID_LENGTH: "ASN1 - Error when trying to determine the length or invalid length",
    LENGTH_MISMATCH: "ASN1 - Actual length differs from expected length",
    INVALID_DATA: "ASN1 - Data is invalid",
    OID_NOT_FOUND: "OID - OID is not found",
}


def told(code: int) -> str:
    """Return an error as programs print it: its number, and the texts of mbedtls_strerror."""
    high, low = code & 0xFF80, code & 0x7F
    texts = [text for text in (_HIGH.get(high), _LOW.get(low)) if text is not None]
    return f"-0x{code:04X} {' : '.join(texts)}"


class Refused(Exception):
    """mbedTLS ends here, with this error."""

    def __init__(self, code: int) -> None:
        """`code`: the error without its sign."""
        super().__init__(code)
        self.code = code


class Value(NamedTuple):
    """An element's tag and contents; a tag of 0 stands for none."""

    tag: int = 0
    content: bytes = b""


class Reader:
    """A place in bytes, up to an end, and what is added to errors of ASN.1.

    Attributes:
        at: the place.
        end: where what is read ends.
        adding: the high part of the errors.
    """

    __slots__ = ("adding", "at", "data", "end")

    def __init__(self, data: bytes, at: int, end: int, adding: int = 0) -> None:
        """Start at a place."""
        self.data = data
        self.at = at
        self.end = end
        self.adding = adding

    @property
    def left(self) -> int:
        """Octets up to the end; below zero where it was passed."""
        return self.end - self.at

    @property
    def next_tag(self) -> int | None:
        """The tag of what comes next; None at the end."""
        return self.data[self.at] if self.left > 0 else None

    def refuse(self, low: int) -> Refused:
        """The error to be raised for something that is wrong."""
        return Refused(self.adding + low)

    def length(self) -> int:
        """mbedtls_asn1_get_len: at most four octets of length, and no more than there are."""
        at, left = self.at, self.end - self.at
        if left < 1:
            raise self.refuse(OUT_OF_DATA)
        found, start = self.data[at], at + 1
        if found & 0x80:
            count = found & 0x7F
            if not 1 <= count <= 4:
                raise self.refuse(INVALID_LENGTH)
            if left <= count:
                raise self.refuse(OUT_OF_DATA)
            start += count
            found = int.from_bytes(self.data[at + 1 : start])
        self.at = start
        if found > self.end - start:
            raise self.refuse(OUT_OF_DATA)
        return found

    def enter(self, tag: int) -> int:
        """mbedtls_asn1_get_tag: the length of an element with this tag, at whose start this is.

        Raises:
            Refused: it is another one, or does not fit.
        """
        at = self.at
        if at >= self.end:
            raise self.refuse(OUT_OF_DATA)
        if self.data[at] != tag:
            raise self.refuse(UNEXPECTED_TAG)
        self.at = at + 1
        return self.length()

    def take(self, tag: int) -> bytes:
        """The contents of an element with this tag, which is passed."""
        size = self.enter(tag)
        at = self.at
        self.at = at + size
        return self.data[at : self.at]

    def skip(self, size: int) -> bytes:
        """These octets, which are passed."""
        self.at += size
        return self.data[self.at - size : self.at]

    def inside(self, tag: int, adding: int | None = None) -> "Reader":
        """A reader of an element's contents; this one is behind it."""
        size = self.enter(tag)
        at = self.at
        self.at = at + size
        return Reader(self.data, at, self.at, self.adding if adding is None else adding)

    def finish(self) -> None:
        """Nothing may be left."""
        if self.at != self.end:
            raise self.refuse(LENGTH_MISMATCH)

    def boolean(self) -> bool:
        """mbedtls_asn1_get_bool: any octet but zero is true."""
        content = self.take(BOOLEAN)
        if len(content) != 1:
            raise self.refuse(INVALID_LENGTH)
        return content != b"\0"

    def integer(self) -> int:
        """mbedtls_asn1_get_int: what fits into an int and is not negative."""
        content = self.take(INTEGER)
        if not content or content[0] & 0x80:
            raise self.refuse(INVALID_LENGTH)
        found = int.from_bytes(content)
        if found >= 1 << 31:
            raise self.refuse(INVALID_LENGTH)
        return found

    def bits(self) -> bytes:
        """mbedtls_asn1_get_bitstring: the octets of a string of bits that is the last element."""
        content = self.take(BIT_STRING)
        if not content:
            raise self.refuse(OUT_OF_DATA)
        if content[0] > 7:
            raise self.refuse(INVALID_LENGTH)
        self.finish()
        return content[1:]

    def octets_of_bits(self) -> bytes:
        """mbedtls_asn1_get_bitstring_null: a string of bits without unused ones."""
        content = self.take(BIT_STRING)
        if not content or content[0] != 0:
            raise self.refuse(INVALID_DATA)
        return content[1:]

    def algorithm(self) -> tuple[bytes, Value]:
        """mbedtls_asn1_get_alg: an AlgorithmIdentifier's identifier and parameters."""
        inner = self.inside(SEQUENCE)
        if inner.left < 1:
            raise self.refuse(OUT_OF_DATA)
        identifier = inner.take(OID)
        if inner.left == 0:
            return identifier, Value()
        tag = inner.skip(1)[0]
        value = Value(tag, inner.skip(inner.length()))
        inner.finish()
        return identifier, value
