"""Facts about a file of certificates, and its contents without private keys."""

import hashlib
import re
from contextlib import suppress

from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.inputs import Reader
from edgecheck.reading.late import late
from edgecheck.reading.sources import Source
from edgecheck.settings import FileFacts

_MOST = 2_000
_LARGEST = 1_000_000
_KEY = late(rb"(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)(.*?)(?=-----|\Z)", 16)  # DOTALL
_BASE64 = late(rb"[A-Za-z0-9+/]")


def facts_of_certificates(data: bytes) -> FileFacts:
    """Return how many certificates a file holds, and what the first one says of itself."""
    read = Reader({}, len(data) + 1, _MOST, None).read(Source("", data), "")
    facts = FileFacts(
        certificates=len(read.sequence), ends_with_newline=data.endswith((b"\n", b"\r"))
    )
    if not read.sequence:
        return facts
    first = read.sequence[0]
    with suppress(Unreadable):
        facts["not_before"], facts["not_after"] = first.not_before, first.not_after
    with suppress(Unreadable):
        facts["common_name"] = first.subject.common_name or ""
    with suppress(Unreadable):
        facts["public_key"] = hashlib.sha256(first.spki).hexdigest()
    with suppress(Unreadable):
        facts["is_ca"] = first.is_ca
        constraints = first.basic_constraints
        if constraints is not None and constraints.path_length is not None:
            facts["path_length"] = min(constraints.path_length, _LARGEST)
    return facts


def without_keys(data: bytes) -> bytes:
    """A file with `A` for every character of private keys in it, so that its lines stay."""

    def hidden(block: re.Match[bytes]) -> bytes:
        return block[1] + _BASE64.sub(b"A", block[2])

    return _KEY.sub(hidden, data)
