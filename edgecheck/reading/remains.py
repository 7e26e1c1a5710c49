"""What is left of data that were cut off, and what data are that hold no certificate."""

import re

from edgecheck.reading.forms.configuration import configuration_in
from edgecheck.reading.forms.described import described
from edgecheck.reading.pem import Scan
from edgecheck.reading.problems import CONFIGURATION
from edgecheck.reading.secrets import without_keys


def whole_blocks(data: bytes) -> bytes:
    """Data that were cut off, without the PEM block that was cut."""
    if b"-----BEGIN " not in data:
        return data
    ends = [found.end() for found in re.finditer(rb"-----END [^\r\n]*[\r\n]", data)]
    return data[: ends[-1]] if ends else b""


def instead_of_certificates(data: bytes, found: Scan) -> tuple[str, str]:
    """What an input is in which no certificate was given: the kind of problem, and its detail.

    That of a configuration has a line for each option of `check` that takes something it says.
    """
    if not (found.transcript or b"\0" in data) and (said := configuration_in(data)) is not None:
        lines = (
            f"{option} {' '.join(without_keys(value).split())}" for option, value in said.items()
        )
        return CONFIGURATION, "\n".join(lines)
    return "nothing", what_it_is(data, found)


def what_it_is(data: bytes, found: Scan) -> str:
    """What an input is in which no certificate was even tried to be given."""
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        return "empty"
    if found.transcript:
        return "a transcript without a certificate"
    if known := described(data):
        return known
    return "binary data of an unknown kind" if b"\0" in data else "text without a PEM block"
