"""What stands in the way of a certificate, and the words by which programs tell of it.

The texts are those of OpenSSL 1.0.2 to 3.x and GnuTLS 3.7, and of Linux, macOS and Windows.
"""

from __future__ import annotations

from typing import Final

NAME_NOT_RESOLVED: Final = "name-not-resolved"
CONNECTION_REFUSED: Final = "connection-refused"
UNREACHABLE: Final = "unreachable"
TIMED_OUT: Final = "timed-out"
REFUSED_BY_PROGRAM: Final = "refused-by-program"
PROTOCOL_VERSION: Final = "protocol-version"
ALERT: Final = "alert"
NOT_TLS: Final = "not-tls"
HANDSHAKE_FAILED: Final = "handshake-failed"
CLOSED: Final = "closed-in-handshake"
NO_CERTIFICATE: Final = "no-certificate-sent"
NOT_PRINTED: Final = "not-printed"
NO_ANSWER: Final = "no-answer"
OBSTACLES: Final = (
    NAME_NOT_RESOLVED,
    CONNECTION_REFUSED,
    UNREACHABLE,
    TIMED_OUT,
    REFUSED_BY_PROGRAM,
    PROTOCOL_VERSION,
    ALERT,
    NOT_TLS,
    HANDSHAKE_FAILED,
    CLOSED,
    NO_CERTIFICATE,
    NOT_PRINTED,
    NO_ANSWER,
)
"""What can stand in the way of a certificate, what tells most first."""
BEFORE_TLS: Final = {NAME_NOT_RESOLVED, CONNECTION_REFUSED, UNREACHABLE, TIMED_OUT}

_WORDS = (
    (
        NAME_NOT_RESOLVED,
        (
            b"name or service not known",
            b"nodename nor servname",
            b"no address associated",
            b"name resolution",
            b"no such host",
            b"name does not resolve",
            b"no data of requested type",
            b"gethostbyname failure",
        ),
    ),
    (CONNECTION_REFUSED, (b"connection refused", b"actively refused")),
    (UNREACHABLE, (b"no route to host", b"network is unreachable", b"host is unreachable")),
    (TIMED_OUT, (b"timed out",)),
    (REFUSED_BY_PROGRAM, (b"certificate verify failed", b"error in the certificate")),
    (
        PROTOCOL_VERSION,
        (
            b"unsupported protocol",
            b"no protocols available",
            b"wrong ssl version",
            b"illegal or unsupported version",
        ),
    ),
    (
        NOT_TLS,
        (
            b"wrong version number",
            b"unknown protocol",
            b"http request",
            b"https proxy request",
            b"packet length too long",
            b"unexpected tls packet",
            b"record layer failure",
        ),
    ),
    (
        CLOSED,
        (
            b"unexpected eof",
            b"connection reset",
            b"ssl handshake failure",
            b"non-properly terminated",
            b"error in the pull function",
            b"error in the push function",
            b"broken pipe",
        ),
    ),
)
_ERRNO = {
    CONNECTION_REFUSED: (111, 61, 10061),
    TIMED_OUT: (110, 60, 10060),
    UNREACHABLE: (101, 113, 51, 65, 10051, 10065),
    CLOSED: (0, 32, 104, 54, 10054),
}
"""Of Linux, macOS and Windows; of reading or writing, 0 is the end of the connection."""
VERSION_ALERTS: Final = (70, 86)
"""protocol_version and inappropriate_fallback."""


def obstacle_of(words: bytes) -> str:
    """Return the kind of obstacle that a line in small letters tells of; empty where of none."""
    for kind, signs in _WORDS:
        if any(sign in words for sign in signs):
            return kind
    return ""


def obstacle_of_errno(number: int) -> str:
    """Return the kind of obstacle that a system's error number stands for; empty where none."""
    return next((kind for kind, numbers in _ERRNO.items() if number in numbers), "")
