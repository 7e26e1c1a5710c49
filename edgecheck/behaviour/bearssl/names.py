"""Host names as BearSSL compares them: match-server-name (src/x509/x509_minimal.t0 at 0.6)."""

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate

LONGEST_NAME = 255
"""Octets that its buffer holds (the field `pad`)."""


def matches(leaf: Certificate, host: Host) -> bool:
    """Names of the subjectAltName, where it is there, else common names; an address as a text."""
    if EXT_SUBJECT_ALT_NAME in leaf.extensions:
        entries = raw.alt_names(leaf) or ()
        return any(tag == raw.DNS and _matches(name, host.octets) for tag, name in entries)
    return any(_matches(value, host.octets) for _, value in raw.common_names(leaf))


def _matches(name: bytes, host: bytes) -> bool:
    """Without regard to case; `*.` stands for what is before the first period."""
    if len(name) > LONGEST_NAME:
        return False
    host, name = host.lower(), name.lower()
    if name == host:
        return True
    _, period, rest = host.partition(b".")
    return bool(period) and name[:2] == b"*." and name[2:] == rest
