"""Host names as cryptography compares them (DNSName and DNSPattern of its verification crate).

cryptography-x509-verification/src/types.rs at 50. The client's answer comes from the installed
package; this is for those who ask about the name alone.
"""

import re

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.reading.certificate import Certificate

LONGEST_NAME = 253
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def matches(certificate: Certificate, host: Host) -> bool:
    """Names of the subjectAltName alone; `*.` is the whole first label."""
    entries = raw.alt_names(certificate) or ()
    if host.address is not None:
        return any(tag == raw.IP and value == host.address.packed for tag, value in entries)
    return _is_name(host.name) and any(
        tag == raw.DNS and _matched(value.decode("latin-1"), host.name) for tag, value in entries
    )


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and all(map(_LABEL.fullmatch, text.split(".")))


def _matched(pattern: str, name: str) -> bool:
    if pattern.startswith("*."):
        pattern, name = pattern[2:], name.partition(".")[2]
    return _is_name(pattern) and pattern.lower() == name.lower()
