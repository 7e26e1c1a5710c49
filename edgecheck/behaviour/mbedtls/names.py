"""Host names as mbedTLS compares them: x509_crt_verify_name (library/x509_crt.c at 2.28.3)."""

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.reading.certificate import Certificate


def matches(leaf: Certificate, host: Host) -> bool:
    """Names of the subjectAltName, where it is there, else common names; an address as a text."""
    entries = raw.alt_names(leaf) if leaf.version == 3 else None
    if entries is not None:
        return any(tag == raw.DNS and _matches(value, host.octets) for tag, value in entries)
    return any(_matches(value, host.octets) for _, value in raw.common_names(leaf))


def _matches(name: bytes, host: bytes) -> bool:
    if name.lower() == host.lower():
        return True
    if len(name) < 3 or name[:2] != b"*.":
        return False
    dot = host.find(b".")
    return dot > 0 and host[dot:].lower() == name[1:].lower()
