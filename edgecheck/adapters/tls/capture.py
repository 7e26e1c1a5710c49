"""Connect to a port, shake hands, and keep what the server presents."""

import os
import socket
import ssl
import time
from dataclasses import dataclass
from ipaddress import ip_address

from edgecheck.adapters.tls.records import Flight, flight
from edgecheck.behaviour.alerts import alert_name
from edgecheck.reading import obstacles as told

MOST_BYTES = 8 * 1024 * 1024
"""Of a handshake; a chain of a thousand certificates has one."""
_CHUNK = 65_536
VERSION_ALERTS = told.VERSION_ALERTS


@dataclass(frozen=True, slots=True)
class Capture:
    """What one port presented.

    Attributes:
        host: as it was asked for.
        port: likewise.
        address: that answered, such as `10.0.0.7`; empty where none did.
        version: of TLS; empty where no handshake began.
        certificates: DER as it was sent, in order, duplicates and damaged ones included.
        asks: whether the server asks for a certificate of the client.
        authorities: names of CAs from which it wants it, as DER.
        obstacle: what stood in the way, a kind of `edgecheck.reading.obstacles`; empty: nothing.
        because: the same in words; also why the certificates were not captured, though sent.
        alert: the number of the alert that the server sent; None: none.
    """

    host: str
    port: int
    address: str = ""
    version: str = ""
    certificates: tuple[bytes, ...] = ()
    asks: bool = False
    authorities: tuple[bytes, ...] = ()
    obstacle: str = ""
    because: str = ""
    alert: int | None = None


def capture(
    host: str,
    port: int,
    *,
    server_name: str | None = None,
    timeout: float = 10.0,
    family: int = socket.AF_UNSPEC,
) -> Capture:
    """Return what a port presents, or what stood in the way; never raises for either.

    Nothing is verified and nothing beyond the handshake is sent. No secret leaves the memory of
    this process.

    Args:
        host: a name or an address.
        port: of TCP.
        server_name: sent as SNI; None: none. Addresses are never sent (RFC 6066, section 3).
        timeout: in seconds, for the connection and for the whole handshake.
        family: `socket.AF_INET` or `socket.AF_INET6`, where only one of them counts.
    """
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as wrong:
        return Capture(host, port, obstacle=told.NAME_NOT_RESOLVED, because=_words(wrong))
    failed: OSError | None = None
    for kind, socket_type, protocol, _, address in found:
        try:
            with socket.socket(kind, socket_type, protocol) as opened:
                opened.settimeout(timeout)
                opened.connect(address)
                return _shaken(opened, host, port, str(address[0]), server_name, timeout)
        except OSError as wrong:
            failed = wrong
    assert failed is not None
    return Capture(host, port, obstacle=_obstacle(failed), because=_words(failed))


def _shaken(
    opened: socket.socket, host: str, port: int, address: str, name: str | None, timeout: float
) -> Capture:
    """Shake hands through memory, so that all that the server sends is seen."""
    with _Secrets() as secrets:
        context = _context(secrets)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname=_sni(name))
        received, wrong = _exchange(opened, tls, incoming, outgoing, time.monotonic() + timeout)
        seen = flight(received, secrets.of_the_server())
    base = Capture(host, port, address, seen.version)
    certificates = tuple(seen.certificates or ())
    if certificates:
        return Capture(
            host, port, address, seen.version, certificates, seen.asked, tuple(seen.authorities)
        )
    return _without(base, seen, wrong)


def _exchange(
    opened: socket.socket,
    tls: ssl.SSLObject,
    incoming: ssl.MemoryBIO,
    outgoing: ssl.MemoryBIO,
    deadline: float,
) -> tuple[bytes, Exception | None]:
    """What the server sent until the handshake ended, and what ended it, if not success."""
    received = bytearray()
    while True:
        ended: Exception | None = None
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            ended = None
        except (ssl.SSLError, OSError) as wrong:
            ended = wrong
        else:
            return bytes(received), None
        try:
            if sent := outgoing.read():
                opened.sendall(sent)
            if ended is not None:
                return bytes(received), ended
            left = deadline - time.monotonic()
            if left <= 0:
                return bytes(received), TimeoutError("timed out")
            opened.settimeout(left)
            more = opened.recv(_CHUNK)
        except OSError as wrong:
            return bytes(received), ended or wrong
        if not more:
            return bytes(received), EOFError("the connection was closed during the handshake")
        received += more
        if len(received) > MOST_BYTES:
            return bytes(received), OSError(f"more than {MOST_BYTES} bytes of a handshake")
        incoming.write(more)


def _without(base: Capture, seen: Flight, wrong: Exception | None) -> Capture:
    """Why no certificate came, in the field's words."""
    host, port, address, version = base.host, base.port, base.address, base.version
    if seen.first:
        kind, because = told.NOT_TLS, "what answers does not speak TLS"
    elif seen.alert is not None:
        version_wrong = seen.alert in VERSION_ALERTS
        kind = told.PROTOCOL_VERSION if version_wrong else told.ALERT
        because = f"the server sent the alert {alert_name(seen.alert)} ({seen.alert})"
    elif seen.unread:
        kind, because = told.HANDSHAKE_FAILED, f"not captured: {seen.unread}"
    elif isinstance(wrong, TimeoutError):
        kind = told.NO_ANSWER if not seen.version else told.HANDSHAKE_FAILED
        because = "it connected, and then nothing more was heard"
    elif isinstance(wrong, EOFError | ConnectionError):
        kind, because = told.CLOSED, "the connection was closed during the handshake"
    elif wrong is not None:
        kind, because = told.HANDSHAKE_FAILED, _words(wrong)
    else:
        kind, because = told.NO_CERTIFICATE, "the handshake ended without a certificate"
    return Capture(host, port, address, version, obstacle=kind, because=because, alert=seen.alert)


def _context(secrets: "_Secrets") -> ssl.SSLContext:
    """A client that takes any server: what it presents is judged later, by its bytes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")  # weak servers are looked at too
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0)
    if secrets.path:
        context.keylog_filename = secrets.path
    else:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _sni(name: str | None) -> str | None:
    if not name:
        return None
    try:
        ip_address(name)
    except ValueError:
        return name
    return None


class _Secrets:
    """A file in memory alone, into which OpenSSL writes the secrets of the handshake.

    Where the system has no such files, `path` is empty, and TLS 1.2 is spoken, in which the
    certificates are in clear.
    """

    def __init__(self) -> None:
        self._file = os.memfd_create("handshake") if hasattr(os, "memfd_create") else None
        self.path = f"/proc/self/fd/{self._file}" if self._file is not None else ""

    def __enter__(self) -> "_Secrets":
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            os.close(self._file)

    def of_the_server(self) -> bytes | None:
        """SERVER_HANDSHAKE_TRAFFIC_SECRET of TLS 1.3; None where there is none."""
        if self._file is None:
            return None
        text = os.pread(self._file, 65_536, 0).decode("ascii", "replace")
        for line in text.splitlines():
            words = line.split()
            if len(words) == 3 and words[0] == "SERVER_HANDSHAKE_TRAFFIC_SECRET":
                return bytes.fromhex(words[2])
        return None


def _obstacle(wrong: OSError) -> str:
    if isinstance(wrong, TimeoutError):
        return told.TIMED_OUT
    return told.obstacle_of_errno(wrong.errno or -1) or told.UNREACHABLE


def _words(wrong: Exception) -> str:
    text = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
    return text or type(wrong).__name__
