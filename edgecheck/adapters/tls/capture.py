"""Connect to a port, shake hands, and keep what the server presents."""

import re
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import replace

from edgecheck.adapters.tls.others import answered, spoken
from edgecheck.adapters.tls.records import Flight, flight
from edgecheck.adapters.tls.secrets import Secrets
from edgecheck.behaviour.alerts import alert_name
from edgecheck.reading import obstacles as told
from edgecheck.reading.hostnames import as_address, comparable
from edgecheck.values import frozen

MOST_BYTES = 8 * 1024 * 1024
"""Of a handshake; a chain of a thousand certificates has one."""
_CHUNK = 65_536
_NO_COMPRESSED_CERTIFICATE = 1 << 33
"""SSL_OP_NO_RX_CERTIFICATE_COMPRESSION, which `ssl` has no name for."""
_OLD_SERVERS = 1 << 2
"""SSL_OP_LEGACY_SERVER_CONNECT, for which `ssl` has a name since Python 3.12."""
_PYTHONS_OWN = re.compile(r"^\[[^]]*\] | \(_ssl\.c:\d+\)$")
"""What Python puts around OpenSSL's words."""
_REST = 3.0
"""Seconds in which the rest of a flight comes after the handshake has failed on this side."""


@frozen
class Capture:
    """What one port presented.

    Attributes:
        host: as it was asked for.
        port: likewise.
        server_name: that was sent as SNI; empty: none.
        address: that answered, such as `10.0.0.7`; empty where none did.
        version: of TLS; empty where no handshake began.
        certificates: DER as it was sent, in order, duplicates and damaged ones included.
        asks: whether the server asks for a certificate of the client.
        authorities: names of CAs from which it wants it, as DER.
        unfinished: why the handshake did not go on to its end after they had come, in words;
            empty where it did, and where only a certificate of the client was missing.
        obstacle: what stood in the way, a kind of `edgecheck.reading.obstacles`; empty: nothing.
        because: details of that in words, as a system or a server gave them; may be empty.
        alert: the number of the alert that the server sent; None: none.
        first: the first octets of what speaks no TLS.
        speaks: the name of what it speaks instead; empty where that is not known.
    """

    host: str
    port: int
    server_name: str = ""
    address: str = ""
    version: str = ""
    certificates: tuple[bytes, ...] = ()
    asks: bool = False
    authorities: tuple[bytes, ...] = ()
    unfinished: str = ""
    obstacle: str = ""
    because: str = ""
    alert: int | None = None
    first: bytes = b""
    speaks: str = ""


def capture(
    host: str,
    port: int,
    *,
    server_name: str | None = None,
    timeout: float = 10.0,
    ip: int | None = None,
) -> Capture:
    """Return what a port presents, or what stood in the way; never raises for either.

    Nothing is verified, and after the handshake nothing is sent. No secret leaves the memory of
    this process. What closes without a word to TLS is asked in clear whether it is MQTT or AMQP.

    Args:
        host: a name or an address.
        port: of TCP.
        server_name: sent as SNI; None: none. Addresses are never sent (RFC 6066, section 3).
        timeout: in seconds, for the connection and for the whole handshake.
        ip: 4 or 6, where only that version of IP counts.
    """
    base = Capture(host, port, _sni(server_name))
    family = {4: socket.AF_INET, 6: socket.AF_INET6}.get(ip or 0, socket.AF_UNSPEC)
    try:
        found = socket.getaddrinfo(comparable(host) or host, port, family, socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as wrong:
        words = _LABELS if isinstance(wrong, UnicodeError) else _words(wrong)
        because = f"no address of IPv{ip}: {words}" if ip else words
        return replace(base, obstacle=told.NAME_NOT_RESOLVED, because=because)
    failed: list[OSError] = []
    for kind, socket_type, protocol, _, address in found:
        try:
            with socket.socket(kind, socket_type, protocol) as opened:
                opened.settimeout(timeout)
                opened.connect(address)
                seen = _shaken(opened, replace(base, address=str(address[0])), timeout)
        except OSError as wrong:
            failed.append(wrong)
            continue
        silent = not seen.version and seen.obstacle == told.CLOSED
        if silent and (name := answered(address, kind, timeout)):
            return replace(seen, obstacle=told.NOT_TLS, because="", speaks=name)
        return seen
    # Of several addresses the one that answered, if only to refuse, tells most; no way to an
    # address of IPv6 tells least.
    most = min(failed, key=lambda each: _TELLING.index(_obstacle(each)))
    return replace(base, obstacle=_obstacle(most), because=_words(most))


def _shaken(opened: socket.socket, base: Capture, timeout: float) -> Capture:
    """Shake hands through memory, so that all that the server sends is seen."""
    with Secrets() as secrets:
        context = _context(secrets)
        shake = _Shake(opened, context, base.server_name, secrets)
        wrong = shake.until(time.monotonic() + timeout)
        seen = shake.seen()
    base = replace(base, version=seen.version)
    if seen.certificates:
        return replace(
            base,
            certificates=tuple(seen.certificates),
            asks=seen.asked,
            authorities=tuple(seen.authorities),
            unfinished=_unfinished(seen, wrong),
        )
    found = _without(base, seen, wrong)
    if found.obstacle == told.PROTOCOL_VERSION and not secrets.path:
        return replace(found, obstacle=told.HANDSHAKE_FAILED, because=_ONLY_1_3, alert=None)
    return found


def _unfinished(seen: Flight, wrong: Exception | None) -> str:
    """Why the handshake ended after the certificates, in words; empty where it did not."""
    if wrong is None:
        return ""
    words = _words(wrong)
    ended = seen.alert is not None or _kind(wrong) == told.CLOSED or "alert" in words
    if seen.asked and ended:
        return ""  # what it asked for it did not get
    if seen.alert is not None:
        return f"the server ended it with the alert {alert_name(seen.alert)} ({seen.alert})"
    if isinstance(wrong, TimeoutError):
        return "nothing more was heard"
    if _is_closed(wrong):
        return "the connection was closed"
    if isinstance(wrong, ssl.SSLError) and "alert" not in words:
        return f"OpenSSL of this machine ended it ({words})"
    return words


_LABELS = "between its dots a name has 1 to 63 characters"
"""What Python's encoding of host names (RFC 1034, section 3.1) says in words of its own."""
_ONLY_1_3 = (
    "the server does not speak TLS 1.2, and only on Linux and macOS can Python look into TLS 1.3"
)


class _Shake:
    """A handshake, and all that the server sent in it."""

    def __init__(
        self, opened: socket.socket, context: ssl.SSLContext, name: str, secrets: Secrets
    ) -> None:
        self.opened, self.secrets = opened, secrets
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=name or None)
        self.received = bytearray()

    def seen(self) -> Flight:
        """What the server has sent so far."""
        return flight(bytes(self.received), self.secrets.of_the_server())

    def until(self, deadline: float) -> Exception | None:
        """Go on until the handshake has ended; return what ended it, None: success.

        Where it fails on this side, over a certificate that is damaged or a chain that is longer
        than OpenSSL takes, the rest of what the server sends is read before it is told.
        """
        failed: Exception | None = None
        while True:
            if failed is None:
                failed, done = self._step()
                if done:
                    return None
                if failed is not None:
                    deadline = min(deadline, time.monotonic() + _REST)
            if failed is not None and self.seen().settled:
                return failed
            try:
                more = self._more(deadline)
            except OSError as wrong:
                return self._gravest(failed, wrong)
            self.received += more
            if len(self.received) > MOST_BYTES:
                return OSError(f"the server sent more than {MOST_BYTES} bytes in the handshake")
            self.incoming.write(more)

    def _gravest(self, failed: Exception | None, wrong: OSError) -> Exception:
        """What tells more: why it failed on this side, or what ended the connection after that."""
        if failed is None or (_kind(failed) == told.HANDSHAKE_FAILED and _is_closed(wrong)):
            return wrong
        return failed

    def _step(self) -> tuple[Exception | None, bool]:
        """Let OpenSSL go on: what went wrong, and whether the handshake is done."""
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLError, OSError) as wrong:
            return wrong, False
        else:
            self._send_quietly()  # so that the server need not complain
            return None, True
        try:
            if sent := self.outgoing.read():
                self.opened.sendall(sent)
        except OSError as wrong:
            return wrong, False
        return None, False

    def _send_quietly(self) -> None:
        with suppress(OSError):
            self.opened.sendall(self.outgoing.read())

    def _more(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.opened.settimeout(left)
        more = self.opened.recv(_CHUNK)
        if not more:
            raise ConnectionError("the connection was closed")
        return more


def _without(base: Capture, seen: Flight, wrong: Exception | None) -> Capture:
    """Why no certificate came, or why it could not be read."""
    kind, because = told.HANDSHAKE_FAILED, ""
    if seen.first:
        kind = told.NOT_TLS
    elif seen.alert is not None:
        kind = told.PROTOCOL_VERSION if seen.alert in told.VERSION_ALERTS else told.ALERT
    elif seen.unread:
        because = seen.unread
    elif seen.certificates is not None:
        kind = told.NO_CERTIFICATE
    elif isinstance(wrong, TimeoutError):
        kind = told.NO_ANSWER
        because = f"after the first message of {seen.version}" if seen.version else ""
    elif wrong is not None:
        because, kind = _words(wrong), _kind(wrong)
    else:
        kind = told.NO_CERTIFICATE
    first, speaks = seen.first, spoken(seen.first)
    return replace(
        base, obstacle=kind, because=because, alert=seen.alert, first=first, speaks=speaks
    )


def _context(secrets: Secrets) -> ssl.SSLContext:
    """A client that takes any server: what it presents is judged later, by its bytes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with suppress(ssl.SSLError):  # other libraries than OpenSSL do not know all of these words
        context.set_ciphers("ALL:!ADH:!AECDH:@SECLEVEL=0")  # weak servers are looked at too
    context.options |= _OLD_SERVERS
    if ssl.OPENSSL_VERSION_INFO >= (3, 2):
        with suppress(OverflowError):  # Python before 3.12 on Windows
            context.options |= _NO_COMPRESSED_CERTIFICATE
    if secrets.path:
        context.keylog_filename = secrets.path
    else:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _sni(name: str | None) -> str:
    """The name as it is sent: in ASCII, without a dot at its end; empty where it cannot be."""
    if not name or as_address(name) is not None:
        return ""
    written = (comparable(name) or "").removesuffix(".") if not name.isascii() else name
    written = written.removesuffix(".")
    labels = written.split(".")
    fits = len(written) <= 253 and all(0 < len(label) <= 63 for label in labels)
    return written if fits and written.isprintable() else ""


_TELLING = (told.CONNECTION_REFUSED, told.CLOSED, told.TIMED_OUT, told.UNREACHABLE)
"""What stands in the way of a connection, what tells most first."""


def _obstacle(wrong: OSError) -> str:
    """What stood in the way of a connection, one of `_TELLING`."""
    if isinstance(wrong, TimeoutError):
        return told.TIMED_OUT
    return told.obstacle_of_errno(wrong.errno or -1) or told.UNREACHABLE


def _is_closed(wrong: Exception) -> bool:
    return isinstance(wrong, ConnectionError)


def _kind(wrong: Exception) -> str:
    """What stood in the way of a handshake, by what went wrong on this side."""
    if _is_closed(wrong):
        return told.CLOSED
    return told.obstacle_of(_words(wrong).lower().encode()) or told.HANDSHAKE_FAILED


def _words(wrong: Exception) -> str:
    if isinstance(wrong, ssl.SSLError) and wrong.reason:
        return str(wrong.reason).replace("_", " ").lower()
    text = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
    if isinstance(wrong, ssl.SSLError):
        text = _PYTHONS_OWN.sub("", text).lower()
    return text or type(wrong).__name__
