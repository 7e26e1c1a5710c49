"""Servers that send any octets as their certificates, which no TLS library would.

They speak only the first flight of a handshake, TLS 1.2 (RFC 5246) and TLS 1.3 (RFC 8446), by the
RFCs' own formulas and with none of the code that they test.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.servers import Answer

_RECORD = 16_000
X25519 = 0x001D


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3) + body


def vector(size: int, data: bytes) -> bytes:
    """Data with its length in `size` octets before it."""
    return len(data).to_bytes(size) + data


def sending(
    certificates: Sequence[bytes], version: str, names: Sequence[bytes] = (), wait: bool = True
) -> Answer:
    """Answer a ClientHello with these as the certificates, and wait for the client to go.

    `names`: of CAs, as DER: a certificate of one of them is asked for. `wait`: else it goes first.
    """
    answers = {"TLS 1.2": _flight_of_1_2, "TLS 1.3": _flight_of_1_3}

    def answer(connection: socket.socket) -> None:
        connection.sendall(answers[version](_client_hello(connection), certificates, names))
        if wait:
            connection.recv(1)
        else:
            connection.shutdown(socket.SHUT_WR)

    return answer


def with_message(body: bytes) -> Answer:
    """Answer with a Certificate message of TLS 1.2 that has this body."""

    def answer(connection: socket.socket) -> None:
        _client_hello(connection)
        hello = _server_hello(b"", 0xC02B, b"")
        connection.sendall(_records(hello + message(11, body) + message(14, b"")))
        connection.recv(1)

    return answer


def _client_hello(connection: socket.socket) -> bytes:
    """The message, without the header of its record."""
    header = _exactly(connection, 5)
    return _exactly(connection, int.from_bytes(header[3:]))


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionError("the client went")
        data += more
    return data


def _records(data: bytes) -> bytes:
    """Handshake messages in records in clear."""
    pieces = (data[at : at + _RECORD] for at in range(0, len(data), _RECORD))
    return b"".join(b"\x16\x03\x03" + vector(2, piece) for piece in pieces)


def _server_hello(session: bytes, suite: int, extensions: bytes) -> bytes:
    body = b"\x03\x03" + os.urandom(32) + vector(1, session) + suite.to_bytes(2) + b"\0"
    return message(2, body + (vector(2, extensions) if extensions else b""))


def _flight_of_1_2(hello: bytes, certificates: Sequence[bytes], names: Sequence[bytes]) -> bytes:
    listed = b"".join(vector(3, one) for one in certificates)
    flight = _server_hello(b"", 0xC02B, b"") + message(11, vector(3, listed))
    if names:
        wanted = b"".join(vector(2, name) for name in names)
        flight += message(13, b"\x01\x40" + vector(2, b"\x04\x03") + vector(2, wanted))
    return _records(flight + message(14, b""))


def _flight_of_1_3(hello: bytes, certificates: Sequence[bytes], names: Sequence[bytes]) -> bytes:
    session, shares = _of_the_client(hello)
    own = X25519PrivateKey.generate()
    shared = own.exchange(X25519PublicKey.from_public_bytes(shares[X25519]))
    public = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    share = X25519.to_bytes(2) + vector(2, public)
    extensions = b"\0\x2b" + vector(2, b"\x03\x04") + b"\0\x33" + vector(2, share)
    answer = _server_hello(session, 0x1301, extensions)
    secret = _handshake_secret(shared, hello + answer)
    listed = b"".join(vector(3, one) + vector(2, b"") for one in certificates)
    flight = message(8, vector(2, b""))
    if names:
        wanted = vector(2, b"".join(vector(2, name) for name in names))
        signing = b"\0\x0d" + vector(2, vector(2, b"\x04\x03"))
        flight += message(13, b"\0" + vector(2, signing + b"\0\x2f" + vector(2, wanted)))
    flight += message(11, b"\0" + vector(3, listed))
    changed = b"\x14\x03\x03\0\x01\x01"  # for middleboxes (appendix D.4)
    return _records(answer) + changed + b"".join(_encrypted(flight, secret))


def _of_the_client(hello: bytes) -> tuple[bytes, dict[int, bytes]]:
    """Its session identifier, and its key shares by their groups."""
    at = 38
    session = hello[at + 1 : at + 1 + hello[at]]
    at += 1 + len(session)
    at += 2 + int.from_bytes(hello[at : at + 2])
    at += 1 + hello[at] + 2
    while int.from_bytes(hello[at : at + 2]) != 0x33:
        at += 4 + int.from_bytes(hello[at + 2 : at + 4])
    end = at + 4 + int.from_bytes(hello[at + 2 : at + 4])
    at, shares = at + 6, {}
    while at < end:
        size = int.from_bytes(hello[at + 2 : at + 4])
        shares[int.from_bytes(hello[at : at + 2])] = hello[at + 4 : at + 4 + size]
        at += 4 + size
    return session, shares


def _expanded(secret: bytes, label: bytes, context: bytes, size: int) -> bytes:
    """HKDF-Expand-Label (section 7.1); of SHA-256 one block is enough."""
    info = size.to_bytes(2) + vector(1, b"tls13 " + label) + vector(1, context)
    return hmac.digest(secret, info + b"\x01", "sha256")[:size]


def _handshake_secret(shared: bytes, messages: bytes) -> bytes:
    """server_handshake_traffic_secret (section 7.1)."""
    nothing = hashlib.sha256(b"").digest()
    early = hmac.digest(bytes(32), bytes(32), "sha256")
    secret = hmac.digest(_expanded(early, b"derived", nothing, 32), shared, "sha256")
    return _expanded(secret, b"s hs traffic", hashlib.sha256(messages).digest(), 32)


def _encrypted(data: bytes, secret: bytes) -> Iterator[bytes]:
    """Handshake messages in encrypted records (section 5.2), each with padding."""
    cipher = AESGCM(_expanded(secret, b"key", b"", 16))
    iv = int.from_bytes(_expanded(secret, b"iv", b"", 12))
    pieces = (data[at : at + _RECORD] for at in range(0, len(data), _RECORD))
    for number, piece in enumerate(pieces):
        plain = piece + b"\x16" + bytes(17)
        header = b"\x17\x03\x03" + (len(plain) + 16).to_bytes(2)
        yield header + cipher.encrypt((iv ^ number).to_bytes(12), plain, header)
