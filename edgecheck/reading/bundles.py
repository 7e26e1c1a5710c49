"""The certificates in PKCS#7 and PKCS#12, byte for byte as they stand there.

Nothing but certificates is taken out, and which of them belongs to the key: of PKCS#12, what holds
keys is not decrypted; an encrypted part with certificates is handed to `cryptography` by itself.
Both formats are BER (Windows writes indefinite lengths), so elements are walked here leniently,
and no more of them than a bound: a small file can claim millions.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from edgecheck.reading import der
from edgecheck.reading.pbes2 import Parameters, decrypted
from edgecheck.values import frozen

MOST_ELEMENTS = 100_000
"""Walked in one container."""
MOST_ITERATIONS = 2_000_000
"""Of key derivation in one container. OpenSSL makes 2,048, Windows 2,000 and Java 10,000."""

_CONTEXT_0, _CONTEXT_1 = 0xA0, 0xA1
_DATA = bytes.fromhex("2a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENCRYPTED_DATA = bytes.fromhex("2a864886f70d010706")
_KEY_BAGS = (bytes.fromhex("2a864886f70d010c0a0101"), bytes.fromhex("2a864886f70d010c0a0102"))
_CERT_BAG = bytes.fromhex("2a864886f70d010c0a0103")
_LOCAL_KEY_ID = bytes.fromhex("2a864886f70d010915")
_X509 = bytes.fromhex("2a864886f70d01091601")
_PBES2 = bytes.fromhex("2a864886f70d01050d")
_PBKDF2 = bytes.fromhex("2a864886f70d01050c")
_PBE = bytes.fromhex("2a864886f70d010c01")
_VERSION_3 = b"\x02\x01\x03"


class Unopened(Exception):
    """A container that cannot be read; the text says why."""


class Locked(Exception):
    """A container that its password does not open, or that has one that was not given."""


@dataclass(slots=True)
class Contents:
    """What was taken out of a container.

    Attributes:
        certificates: in the container's order.
        revocation_lists: how many there are.
        locked: some part of it stayed closed.
        keys: what the bags of keys are called (localKeyID: RFC 2985, section 5.5.2).
        key_of: the same by certificate, for those that say to which key they belong.
    """

    certificates: list[bytes] = field(default_factory=list)
    revocation_lists: int = 0
    locked: bool = False
    keys: set[bytes] = field(default_factory=set)
    key_of: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def keyed(self) -> bytes | None:
        """The certificate that belongs to the key; None where no attribute tells it."""
        named = [c for c in self.certificates if c in self.key_of]
        paired = [c for c in named if self.key_of[c] in self.keys]
        found = set(paired or named)
        return found.pop() if len(found) == 1 else None


@frozen
class _Element:
    """A tag, and where its contents and the element as a whole lie."""

    tag: int
    begin: int
    first: int
    last: int
    end: int


class _Walk:
    """Elements of BER (X.690, section 8.1), up to a bound."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.left = MOST_ELEMENTS

    def header(self, at: int, end: int) -> tuple[int, int, int | None]:
        """The tag, where the contents start, and how long they are; None: indefinite."""
        self.left -= 1
        if self.left < 0:
            raise Unopened(f"it has more than {MOST_ELEMENTS} parts")
        data = self.data
        if at + 2 > end or data[at] & 0x1F == 0x1F:
            raise Unopened("it is cut short or damaged")
        tag, first, length = data[at], at + 2, data[at + 1]
        if length == 0x80 and tag & 0x20:
            return tag, first, None
        if length >= 0x80:
            first += length & 0x7F
            if length == 0x80 or first > end or first > at + 10:
                raise Unopened("it is cut short or damaged")
            length = int.from_bytes(data[at + 2 : first], "big")
        if first + length > end:
            raise Unopened(f"it is cut short, {end - first} of {length} bytes")
        return tag, first, length

    def element(self, at: int, end: int) -> _Element:
        """The element at `at`."""
        tag, first, length = self.header(at, end)
        if length is not None:
            return _Element(tag, at, first, first + length, first + length)
        here, open_ = first, 1
        while open_:
            if self.data[here : here + 2] == b"\0\0":
                open_, here = open_ - 1, here + 2
                self.left -= 1
                continue
            _, start, size = self.header(here, end)
            open_, here = (open_ + 1, start) if size is None else (open_, start + size)
        return _Element(tag, at, first, here - 2, here)

    def inside(self, outer: _Element) -> Iterator[_Element]:
        """The elements within one."""
        at = outer.first
        while at < outer.last:
            found = self.element(at, outer.last)
            yield found
            at = found.end

    def some(self, outer: _Element, *tags: int) -> list[_Element]:
        """The first elements within one, which must have these tags."""
        found: list[_Element] = []
        for element in self.inside(outer):
            if element.tag != tags[len(found)]:
                break
            found.append(element)
            if len(found) == len(tags):
                return found
        raise Unopened("it is not built as such a container must be")

    def content(self, element: _Element, deep: int = 0) -> bytes:
        """What an element holds; the pieces of a string in pieces are joined."""
        if element.tag & 0x20 and element.tag != der.SEQUENCE:
            if deep > 8:
                raise Unopened("it is not built as such a container must be")
            return b"".join(self.content(piece, deep + 1) for piece in self.inside(element))
        return self.data[element.first : element.last]

    def whole(self, element: _Element) -> bytes:
        """An element with its tag and length."""
        return self.data[element.begin : element.end]

    def info(self, element: _Element) -> tuple[bytes, _Element]:
        """A ContentInfo: its type, and what is inside (RFC 5652, section 3)."""
        kind, wrapped = self.some(element, der.OID, _CONTEXT_0)
        content = next(self.inside(wrapped), None)
        if content is None:
            raise Unopened("there is nothing in it")
        return self.content(kind), content


def open_pkcs7(data: bytes, most: int) -> Contents:
    """Take out the certificates of SignedData (RFC 5652, section 5.1), signed or not.

    Args:
        data: DER or BER.
        most: certificates; one more is returned where there are more.

    Raises:
        Unopened: it is no such thing, or damaged.
    """
    walk, contents = _Walk(data), Contents()
    kind, signed = walk.info(walk.element(0, len(data)))
    if kind != _SIGNED_DATA:
        raise Unopened("it is a kind of PKCS#7 that holds no certificates")
    for element in walk.inside(signed):
        if element.tag == _CONTEXT_0:
            for inner in walk.inside(element):
                if inner.tag == der.SEQUENCE:  # other forms of certificates are not X.509
                    contents.certificates.append(walk.whole(inner))
                if len(contents.certificates) > most:
                    return contents
        elif element.tag == _CONTEXT_1:
            contents.revocation_lists = sum(1 for _ in walk.inside(element))
    return contents


def open_pkcs12(data: bytes, password: bytes | None, most: int) -> Contents:
    """Take out the certificates of a PFX (RFC 7292, section 4).

    Args:
        data: DER or BER.
        password: None is tried as the empty one, with which many containers are made.
        most: certificates; one more is returned where there are more.

    Raises:
        Unopened: it is no such thing, damaged, or encrypted in a way that is not supported.
        Locked: the password opens none of it.
    """
    walk, contents = _Walk(data), Contents()
    _, safe = walk.some(walk.element(0, len(data)), der.INTEGER, der.SEQUENCE)
    kind, content = walk.info(safe)
    if kind != _DATA:
        raise Unopened("it is protected by public keys, which is not supported")
    inner = _Walk(walk.content(content))
    iterations = MOST_ITERATIONS
    for part in inner.inside(inner.element(0, len(inner.data))):
        kind, content = inner.info(part)
        if kind == _DATA:
            _bags(inner.content(content), contents, most)
        elif kind == _ENCRYPTED_DATA:
            iterations -= _iterations(inner, content)
            if iterations < 0:
                raise Unopened(f"its password is derived in more than {MOST_ITERATIONS} steps")
            _decrypt(inner.whole(part), password, contents)
            _keys_within(inner, content, password, contents)
        if len(contents.certificates) > most:
            break
    if contents.locked and not contents.certificates:
        raise Locked
    return contents


def _bags(data: bytes, contents: Contents, most: int) -> None:
    """The certificates among the bags of one part that is not encrypted."""
    walk = _Walk(data)
    for bag in walk.inside(walk.element(0, len(data))):
        kind, wrapped = walk.some(bag, der.OID, _CONTEXT_0)
        name = walk.content(kind)
        key = _local_key_id(walk, bag) if name == _CERT_BAG or name in _KEY_BAGS else None
        if key is not None and name in _KEY_BAGS:
            contents.keys.add(key)
        if name != _CERT_BAG:
            continue
        for value in walk.inside(wrapped):
            form, certificate = walk.some(value, der.OID, _CONTEXT_0)
            if walk.content(form) == _X509:
                found = walk.content(certificate)
                contents.certificates.append(found)
                if key is not None:
                    contents.key_of[found] = key
        if len(contents.certificates) > most:
            return


def _local_key_id(walk: _Walk, bag: _Element) -> bytes | None:
    """The attribute that joins a certificate to its key; None where it is not there."""
    for attributes in list(walk.inside(bag))[2:3]:
        for attribute in walk.inside(attributes):
            kind, values = walk.some(attribute, der.OID, der.SET)
            value = next(walk.inside(values), None)
            if walk.content(kind) == _LOCAL_KEY_ID and value is not None:
                return walk.content(value)
    return None


def _iterations(walk: _Walk, encrypted: _Element) -> int:
    """How often the password is hashed for one part (RFC 7292, appendix C; RFC 8018, A.2)."""
    _, info = walk.some(encrypted, der.INTEGER, der.SEQUENCE)
    _, algorithm = walk.some(info, der.OID, der.SEQUENCE)
    name, values = walk.some(algorithm, der.OID, der.SEQUENCE)
    if walk.content(name) == _PBES2:
        (derivation,) = walk.some(values, der.SEQUENCE)
        name, values = walk.some(derivation, der.OID, der.SEQUENCE)
        if walk.content(name) != _PBKDF2:
            raise Unopened("it is encrypted in a way that is not supported")
    elif not walk.content(name).startswith(_PBE):
        raise Unopened("it is encrypted in a way that is not supported")
    _, count = walk.some(values, der.OCTET_STRING, der.INTEGER)
    return int.from_bytes(walk.content(count), "big")


def _decrypt(part: bytes, password: bytes | None, contents: Contents) -> None:
    """The certificates of one encrypted part, as a container of its own without the rest."""
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    if b"\0" in (password or b""):  # no password has one, and `cryptography` breaks down at it
        contents.locked = True
        return
    safe = _tlv(der.SEQUENCE, part)
    oid = _tlv(der.OID, _DATA)
    wrapped = _tlv(_CONTEXT_0, _tlv(der.OCTET_STRING, safe))
    alone = _tlv(der.SEQUENCE, _VERSION_3 + _tlv(der.SEQUENCE, oid + wrapped))
    try:
        with warnings.catch_warnings():  # of serial numbers that are not positive
            warnings.simplefilter("ignore")
            opened = pkcs12.load_pkcs12(alone, password or None)
    except (ValueError, TypeError):  # a wrong password and damage look alike
        contents.locked = True
        return
    except Exception:  # UnsupportedAlgorithm, InternalError: OpenSSL met what it does not know
        raise Unopened("it is encrypted in a way that is not supported") from None
    found = ([opened.cert] if opened.cert else []) + opened.additional_certs
    contents.certificates += [each.certificate.public_bytes(Encoding.DER) for each in found]


def _keys_within(
    walk: _Walk, encrypted: _Element, password: bytes | None, contents: Contents
) -> None:
    """To which key the certificates of an encrypted part belong, where there are several.

    `cryptography` does not tell it. What is encrypted otherwise than programs do it today
    stays unknown.
    """
    if len(contents.certificates) < 2:
        return
    try:
        _, info = walk.some(encrypted, der.INTEGER, der.SEQUENCE)
        _, algorithm, sealed = walk.some(info, der.OID, der.SEQUENCE, 0x80)
        _, values = walk.some(algorithm, der.OID, der.SEQUENCE)
        derivation, cipher = walk.some(values, der.SEQUENCE, der.SEQUENCE)
        _, derived = walk.some(derivation, der.OID, der.SEQUENCE)
        salt, count, *others = walk.inside(derived)
        functions = [each for each in others if each.tag == der.SEQUENCE]
        hmac = walk.content(next(walk.inside(functions[0]))) if functions else b""
        name, vector = walk.some(cipher, der.OID, der.OCTET_STRING)
        how = Parameters(
            walk.content(salt),
            int.from_bytes(walk.content(count), "big"),
            hmac,
            walk.content(name),
            walk.content(vector),
        )
        opened = decrypted(how, password or b"", walk.content(sealed))
        if opened is not None:
            apart = Contents()
            _bags(opened, apart, len(contents.certificates))
            contents.keys |= apart.keys
            contents.key_of |= apart.key_of
    except (Unopened, ValueError):
        return


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
