"""What speaks on a port instead of TLS: by what it says first, or by what it answers."""

import socket
import time
from typing import Final

_BANNERS: Final = (
    (b"HTTP/", "HTTP"),
    (b"<!doctype html", "HTTP"),
    (b"<html", "HTTP"),
    (b"SSH-", "SSH"),
    (b"AMQP", "AMQP without TLS"),
    (b"* OK", "IMAP without TLS"),
    (b"+OK", "POP3 without TLS"),
    (b"RFB ", "VNC"),
    (b"\x03\x00\x00", "RDP"),
)
"""RFC 9112, RFC 4253, AMQP 1.0, RFC 9051, RFC 1939, RFC 6143, RFC 1006."""
_MQTT = bytes.fromhex("101000044d5154540402003c000465646765")
"""CONNECT of MQTT 3.1.1 with a clean session, for the client identifier `edge`."""
_AMQP = b"AMQP\x00\x01\x00\x00"
_QUESTIONS: Final = ((_MQTT, b"\x20\x02", "MQTT without TLS"), (_AMQP, b"AMQP", "AMQP without TLS"))
_PATIENCE = 2.0
"""Seconds in which something that speaks in clear has answered."""


def spoken(first: bytes) -> str:
    """Return the name of the protocol whose first octets these are; empty where none is known."""
    lower = first.lstrip().lower()
    for sign, name in _BANNERS:
        if lower.startswith(sign.lower()):
            return name
    if first[:3] == b"220":
        return "FTP without TLS" if b"ftp" in lower else "SMTP without TLS"
    return ""


def answered(address: tuple[object, ...], family: int, timeout: float) -> str:
    """Return what answers in clear at an address that says nothing to TLS; empty where nothing.

    It is asked as a client of MQTT and of AMQP would, and the connection closed at once.
    """
    for question, sign, name in _QUESTIONS:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as opened:
                opened.settimeout(min(timeout, _PATIENCE))
                opened.connect(address)
                opened.sendall(question)
                if _received(opened, len(sign), min(timeout, _PATIENCE)).startswith(sign):
                    return name
        except OSError:
            continue
    return ""


def _received(opened: socket.socket, size: int, timeout: float) -> bytes:
    """The first octets that come in time."""
    data, deadline = b"", time.monotonic() + timeout
    while len(data) < size and (left := deadline - time.monotonic()) > 0:
        opened.settimeout(left)
        more = opened.recv(64)
        if not more:
            break
        data += more
    return data
