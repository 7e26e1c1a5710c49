"""Servers on loopback for tests: of Python's ssl with any chain, or saying what a test wants."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fixtures.pki import Issued, pem
from fixtures.private_keys import private_key

Answer = Callable[[socket.socket], None]
VERSIONS = {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}


@contextmanager
def listening(answer: Answer, address: str = "127.0.0.1") -> Iterator[int]:
    """A port of loopback on which each connection is answered so."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    connection.settimeout(5)
                    answer(connection)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        try:
            yield server.getsockname()[1]
        finally:
            # Closing wakes nobody who waits in accept(): the port would be served once more, and
            # by the wrong server where it has been given to another one.
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            serving.join(1)


def tls(
    folder: Path,
    chain: Sequence[Issued],
    key: str,
    version: str | None = None,
    change: Callable[[ssl.SSLContext], None] = lambda context: None,
) -> Answer:
    """Answer as a server of Python's ssl with a chain."""
    file = folder / "server.pem"
    text = private_key(key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(text + b"".join(pem(one) for one in chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if version is not None:
        context.minimum_version = context.maximum_version = VERSIONS[version]
    change(context)

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(1)

    return answer
