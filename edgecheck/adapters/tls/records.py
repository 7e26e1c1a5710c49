"""Records and handshake messages that a server sent (RFC 5246 and RFC 8446).

Up to TLS 1.2 the Certificate message is in clear; in TLS 1.3 it is encrypted with a secret of
the handshake (RFC 8446, sections 5.2 and 7.3), which is given to `Flight` and goes nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

ALERT, HANDSHAKE, APPLICATION_DATA = 21, 22, 23
SERVER_HELLO, CERTIFICATE, CERTIFICATE_REQUEST = 2, 11, 13
SERVER_HELLO_DONE = 14
COMPRESSED_CERTIFICATE = 25
_SUPPORTED_VERSIONS = 43
_CERTIFICATE_AUTHORITIES = 47
_SUITES = {0x1301: ("sha256", 16), 0x1302: ("sha384", 32), 0x1303: ("sha256", 32)}
"""Of TLS 1.3: the hash, and the size of the key."""


class NotCaptured(Exception):
    """The Certificate message is not there, or cannot be read; the text says why."""


@dataclass
class Flight:
    """What a server sent until the handshake ended.

    Attributes:
        version: `TLS 1.2`, ...; empty where no ServerHello came.
        certificates: as they were sent, in order, whatever they hold; None: no such message.
        asked: whether it asked for a certificate of the client.
        authorities: names of CAs from which it wants that, as DER.
        alert: number of the alert that ended the handshake; None: none in clear.
        first: the first octets, where they are no TLS at all.
        unread: why the certificates could not be read, where they came; else empty.
        suite: the cipher suite that the server chose.
        whole: whether the server has sent all that it sends before the client answers.
    """

    version: str = ""
    certificates: list[bytes] | None = None
    asked: bool = False
    authorities: list[bytes] = field(default_factory=list)
    alert: int | None = None
    first: bytes = b""
    unread: str = ""
    suite: int = 0
    whole: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing that comes now can tell more."""
        return self.whole or bool(self.first or self.unread) or self.alert is not None


def flight(data: bytes, secret: bytes | None) -> Flight:
    """Return what is in the bytes that a server sent.

    `secret`: SERVER_HANDSHAKE_TRAFFIC_SECRET of TLS 1.3, where there is one. Never raises.
    """
    found = Flight()
    if data and not _looks_like_tls(data):
        found.first = data[:64]
        return found
    try:
        for kind, body in _messages(data, secret, found):
            _take(kind, body, found)
    except (NotCaptured, IndexError) as wrong:
        found.unread = str(wrong) or "a message of the handshake is cut short"
    return found


def _looks_like_tls(data: bytes) -> bool:
    return data[0] in (20, ALERT, HANDSHAKE, APPLICATION_DATA) and data[1:2] in (b"", b"\x03")


def _records(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Kind, header and contents of each whole record."""
    at = 0
    while at + 5 <= len(data):
        size = int.from_bytes(data[at + 3 : at + 5])
        if at + 5 + size > len(data):
            return
        yield data[at], data[at : at + 5], data[at + 5 : at + 5 + size]
        at += 5 + size


def _messages(data: bytes, secret: bytes | None, found: Flight) -> Iterator[tuple[int, bytes]]:
    """Handshake messages in order, those of encrypted records too."""
    waiting, opener, encrypted = bytearray(), None, False
    for kind, header, contents in _records(data):
        if kind == APPLICATION_DATA and found.version == "TLS 1.3":
            if secret is None:
                raise NotCaptured("it is encrypted (TLS 1.3), and there is no secret to open it")
            opener = opener or _Opener(found.suite, secret)
            opened = opener.open(header, contents)
            if opened is None:
                return  # records of the next keys: the handshake is over
            kind, contents = opened
        elif kind == 20:
            encrypted = found.version != "TLS 1.3"  # ChangeCipherSpec: what follows is not ours
            continue
        if kind == ALERT and not encrypted and len(contents) == 2 and contents[0] == 2:
            found.alert = contents[1]
        if kind != HANDSHAKE or encrypted:
            continue
        waiting += contents
        while len(waiting) >= 4:
            size = int.from_bytes(waiting[1:4])
            if len(waiting) < 4 + size:
                break
            message = waiting[0], bytes(waiting[4 : 4 + size])
            del waiting[: 4 + size]
            if message[0] == SERVER_HELLO:
                _hello(message[1], found)
            yield message
            if found.whole:
                return


def _hello(body: bytes, found: Flight) -> None:
    """Version and cipher suite of a ServerHello (RFC 8446, section 4.1.3)."""
    version = int.from_bytes(body[:2])
    at = 35 + body[34]
    found.suite = int.from_bytes(body[at : at + 2])
    at += 3
    end = at + 2 + int.from_bytes(body[at : at + 2]) if at + 2 <= len(body) else at
    at += 2
    while at + 4 <= end:
        kind, size = int.from_bytes(body[at : at + 2]), int.from_bytes(body[at + 2 : at + 4])
        if kind == _SUPPORTED_VERSIONS:
            version = int.from_bytes(body[at + 4 : at + 6])
        at += 4 + size
    names = {0x300: "SSL 3.0", 0x301: "TLS 1.0", 0x302: "TLS 1.1", 0x303: "TLS 1.2"}
    found.version = names.get(version, "TLS 1.3" if version == 0x304 else f"0x{version:04x}")


def _take(kind: int, body: bytes, found: Flight) -> None:
    if kind == CERTIFICATE and found.certificates is None:
        found.certificates = list(_certificates(body, found.version == "TLS 1.3"))
        found.whole = found.version == "TLS 1.3"  # where the request for one comes before
    elif kind == SERVER_HELLO_DONE:
        found.whole = True
    elif kind == COMPRESSED_CERTIFICATE:
        raise NotCaptured("it is compressed (RFC 8879)")
    elif kind == CERTIFICATE_REQUEST:
        found.asked = True
        found.authorities = _authorities(body, found.version == "TLS 1.3")


def _certificates(body: bytes, has_context: bool) -> Iterator[bytes]:
    """The list of a Certificate message (RFC 8446, section 4.4.2; RFC 5246, section 7.4.2)."""
    at = 1 + body[0] if has_context else 0
    end = at + 3 + int.from_bytes(body[at : at + 3])
    at += 3
    if end != len(body):
        raise NotCaptured("its list of certificates is not as long as the message")
    while at < end:
        size = int.from_bytes(body[at : at + 3])
        if at + 3 + size > end:
            raise NotCaptured("a certificate in it is longer than the message")
        yield body[at + 3 : at + 3 + size]
        at += 3 + size
        if has_context:
            at += 2 + int.from_bytes(body[at : at + 2])
    if at != end:
        raise NotCaptured("its list of certificates ends within one")


def _authorities(body: bytes, of_1_3: bool) -> list[bytes]:
    """Names of CAs in a CertificateRequest; none where it cannot be read."""
    if of_1_3:
        at = 1 + body[0] + 2
        while at + 4 <= len(body):
            kind, size = int.from_bytes(body[at : at + 2]), int.from_bytes(body[at + 2 : at + 4])
            if kind == _CERTIFICATE_AUTHORITIES:
                return _names(body[at + 4 : at + 4 + size])
            at += 4 + size
        return []
    at = 1 + body[0]
    at += 2 + int.from_bytes(body[at : at + 2])
    return _names(body[at:])


def _names(data: bytes) -> list[bytes]:
    at, names = 2, []
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2])
        names.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    return names


class _Opener:
    """Opens records with the keys that follow from a secret (RFC 8446, sections 5.2, 5.3, 7.3)."""

    def __init__(self, suite: int, secret: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers import aead

        if suite not in _SUITES:
            raise NotCaptured(f"it is encrypted with the cipher suite 0x{suite:04x}")
        digest, size = _SUITES[suite]
        key = _expanded(secret, b"key", size, digest)
        self._iv = int.from_bytes(_expanded(secret, b"iv", 12, digest))
        made = aead.ChaCha20Poly1305 if suite == 0x1303 else aead.AESGCM
        self._cipher = made(key)
        self._number = 0

    def open(self, header: bytes, contents: bytes) -> tuple[int, bytes] | None:
        """Kind and contents of the record within; None where these keys do not open it."""
        from cryptography.exceptions import InvalidTag

        nonce = (self._iv ^ self._number).to_bytes(12)
        self._number += 1
        try:
            plain = self._cipher.decrypt(nonce, contents, header).rstrip(b"\0")
        except InvalidTag:
            return None
        return (plain[-1], plain[:-1]) if plain else (0, b"")


def _expanded(secret: bytes, label: bytes, size: int, digest: str) -> bytes:
    """HKDF-Expand-Label with an empty context (RFC 8446, section 7.1)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    label = b"tls13 " + label
    info = size.to_bytes(2) + bytes((len(label),)) + label + b"\0"
    algorithm = hashes.SHA384() if digest == "sha384" else hashes.SHA256()
    return HKDFExpand(algorithm, size, info).derive(secret)
