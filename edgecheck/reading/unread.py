"""What of an input could not be read, and may be a certificate that a client would be sent."""

from collections.abc import Iterable

from edgecheck.reading.pem_text import NOTHING_BEFORE
from edgecheck.reading.problems import Problem

UNREAD = {
    "bad-base64": "base64 that cannot be decoded",
    "broken-marker": "a BEGIN or END line that is broken",
    "cut-out": "a block whose base64 was cut out",
    "end-without-begin": "an END line without its BEGIN line",
    "locked": "a container that has a password",
    "mismatched-end": "a block with the END line of another kind",
    "missing-end": "a block without its END line",
    "not-a-certificate": "a block that is no certificate",
    "too-large": "more bytes than are read",
    "too-many": "more certificates than are read",
    "truncated-base64": "base64 that ends too early",
    "unopened": "a container that cannot be opened",
}
"""Kinds of problems behind which a certificate may stand."""


def unread(problems: Iterable[Problem]) -> str:
    """What it is, in words; empty where every certificate was read."""
    for problem in problems:
        stray = problem.kind == "end-without-begin" and problem.detail.endswith(NOTHING_BEFORE)
        if problem.kind in UNREAD and problem.certificate is None and not stray:
            return UNREAD[problem.kind]
    return ""
