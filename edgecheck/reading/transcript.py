"""Recognise what `openssl s_client` or `gnutls-cli` prints around a connection's certificates.

Only the fixed words of their output are looked at (OpenSSL 1.0 to 3.x print the same ones).
"""

from __future__ import annotations

import re

from edgecheck.reading.late import late

_WORDS = (b"CONNECTED(", b"Certificate chain", b"depth=", b"Server certificate")

# Blanks and the marks of a quoted mail may stand before each line.
_START = rb"^[ \t>|]*"
_SIGN = late(
    _START + rb"(?:CONNECTED\([0-9A-Fa-f]+\)|Certificate chain[ \t]*$|depth=\d|"
    rb"---[ \t]*\n[ \t>|]*Server certificate[ \t]*$)",
    re.MULTILINE,
)
_LIST = late(_START + rb"Certificate chain[ \t]*$", re.MULTILINE)
_LIST_LINE = late(_START + rb"(?:(?P<end>---)[ \t]*$|\d{1,4} s:)", re.MULTILINE)


_GNUTLS = b"- Got a certificate list of "
_GNUTLS_ENTRY = late(_START + rb"- Certificate\[\d{1,4}\] info:[ \t]*$", re.MULTILINE)
S_CLIENT, GNUTLS_CLI = "s_client", "gnutls-cli"


def transcript_of(text: bytes) -> str:
    """Name the program of which *text* (line ends are LF) holds a line that only it writes."""
    for word in _WORDS:  # which is faster than the pattern alone
        if word in text:
            if _SIGN.search(text) is not None:
                return S_CLIENT
            break
    if _GNUTLS in text and _GNUTLS_ENTRY.search(text) is not None:
        return GNUTLS_CLI
    return ""


def listed_certificates(text: bytes) -> int:
    """Count the entries of the lists headed "Certificate chain" in *text* (line ends are LF).

    An entry is a line like ` 0 s:CN = gateway`; a list ends at a line `---`. Of `gnutls-cli`,
    which has no list, lines like `- Certificate[0] info:` count. Returns the number of
    certificates that the server presented, summed over all lists of the text.
    """
    entries = sum(1 for _ in _GNUTLS_ENTRY.finditer(text)) if _GNUTLS in text else 0
    position = 0
    while (head := _LIST.search(text, position)) is not None:
        position = head.end()
        for line in _LIST_LINE.finditer(text, position):
            position = line.end()
            if line["end"] is not None:
                break
            entries += 1
        else:
            break
    return entries
