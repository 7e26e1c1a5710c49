"""What stands in the way before or beneath TLS, in the words of systems and programs."""

from edgecheck.explaining.rows import rows, said
from edgecheck.explaining.symptom import TLS
from edgecheck.rules.engine.rule import Reference

_SYSTEMS = Reference(
    "glibc 2.36, resolv/gai_strerror and errno; Microsoft: Windows Sockets error codes",
    "https://learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2",
)

ROWS = [
    *rows(
        _SYSTEMS,
        [
            (
                r"getaddrinfo (?:failure|failed)|WinError 11001|Name or service not known"
                r"|nodename nor servname|(?:failure in )?name resolution"
                r"|\bENOTFOUND\b|\bEAI_(?:AGAIN|NONAME)\b"
                r"|UnknownHostException|no such host|No such host is known|Could not resolve host"
                r"|name does not resolve|gethostbyname failure|couldn't resolve host"
                r"|No address associated with hostname|Lookup failed|Lookup error|nxdomain",
                said("symptom.name-not-resolved"),
            ),
            (
                r"Connection refused(?! \(os error)(?!.{0,60}\.sock)"
                r"(?!\W{1,4}(?:not auth|bad user|unaccept|identifier|broker|unknown))"
                r"|tcp connect error: Connection refused|\bECONNREFUSED\b|actively refused"
                r"|WinError 10061|errno=111\b"
                r"|econnrefused",
                said("symptom.connection-refused"),
            ),
            (
                r"timed out|handshake timeout|WinError 10060|\bETIMEDOUT\b|i/o timeout"
                r"|deadline exceeded|errno=110\b"
                r"|\bEHOSTUNREACH\b|\bENETUNREACH\b|No route to host|Network is unreachable"
                r"|did not properly respond",
                said("symptom.timed-out"),
            ),
            (
                r"Connection reset(?!.{0,30}\(os error)|WinError 10054|\bECONNRESET\b"
                r"|forcibly closed by the remote host"
                r"|Broken pipe|\bEPIPE\b|socket hang up|errno=104\b|non-properly terminated"
                r"|disconnected before secure TLS connection was established|unexpected EOF"
                r"|Software caused connection abort",
                said("symptom.closed-in-handshake", by="the other side"),
            ),
            (
                r"Couldn't connect to server|Failed to connect to .{0,200} port \d+",
                said("symptom.connection-refused", "symptom.timed-out", certain=False),
            ),
            (
                r"unexpected TLS packet was received|record packet of unknown type",
                said("symptom.not-tls"),
            ),
        ],
    ),
    *rows(
        TLS,
        [
            (
                r"handshake\W{0,3}(?:has )?(?:failed|failure|error)\b"
                r"|failed to (?:perform |complete )?(?:the )?(?:ssl|tls) handshake"
                r"|Unable to establish (?:an? )?(?:ssl|tls) connection",
                said(
                    "symptom.refused-without-reason",
                    "symptom.closed-in-handshake",
                    "symptom.protocol-version",
                    certain=False,
                    by=None,
                ),
            ),
        ],
        vague=True,
    ),
]
