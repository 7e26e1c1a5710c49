"""What is left of data that were cut off, and what data are that hold no certificate."""

import re

from edgecheck.reading.pem import Scan


def whole_blocks(data: bytes) -> bytes:
    """Data that were cut off, without the PEM block that was cut."""
    if b"-----BEGIN " not in data:
        return data
    ends = [found.end() for found in re.finditer(rb"-----END [^\r\n]*[\r\n]", data)]
    return data[: ends[-1]] if ends else b""


def what_it_is(data: bytes, found: Scan) -> str:
    """What an input is in which no certificate was even tried to be given."""
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        return "empty"
    if found.transcript:
        return "a transcript without a certificate"
    return "binary data of an unknown kind" if b"\0" in data else "text without a PEM block"
