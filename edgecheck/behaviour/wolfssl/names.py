"""Host names and name constraints as wolfSSL compares them (internal.c and asn.c at 5.5.4).

With Debian's fix of CVE-2026-6731: without another name, the common name is a dNSName.
"""

import re
from collections.abc import Iterator

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.host import Host
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate


def matches(leaf: Certificate, host: Host) -> bool:
    """CheckForAltNames: any name in subjectAltName, else the last common name."""
    names = list(_alt_texts(leaf))
    if not names:
        names = [value for _, value in raw.common_names(leaf)][-1:]
    return any(_matches(name.lower(), host.octets.lower()) for name in names)


def _alt_texts(leaf: Certificate) -> Iterator[bytes]:
    for tag, value in raw.alt_names(leaf) or () if leaf.version >= 3 else ():
        if tag in (raw.DNS, raw.URI):
            yield value
        elif tag == raw.IP and len(value) in (4, 16):
            yield _address(value)


def _address(value: bytes) -> bytes:
    if len(value) == 4:
        return ".".join(str(part) for part in value).encode()
    groups = (int.from_bytes(value[at : at + 2]) for at in range(0, 16, 2))
    return ":".join(f"{group:04x}" for group in groups).encode()


_EMAIL = bytes.fromhex("2a864886f70d010901")


def _matches(pattern: bytes, host: bytes) -> bool:
    """MatchDomainName: a star takes what comes up to the next letter of the pattern, no dot."""
    if b"\0" in pattern or len(pattern) - pattern.count(b"*") > len(host):
        return False
    if b"*" not in pattern:
        return pattern == host
    parts = []
    first, *pieces = re.split(rb"\*+", pattern)
    for piece in pieces:
        parts.append(b"[^." + re.escape(piece[:1]) + b"]*" + re.escape(piece))
    return re.fullmatch(re.escape(first) + b"".join(parts), host) is not None


def permitted(certificate: Certificate, issuer: Certificate) -> bool:
    """ConfirmNameConstraints, which looks at the nearest issuer alone."""
    held = raw.constraints(issuer) if issuer.version >= 3 else None
    if held is None:
        return True
    names: list[raw.GeneralName] = []
    if certificate.version >= 3:
        for tag, value in raw.alt_names(certificate) or ():
            if tag in (raw.DNS, raw.URI, raw.IP):
                names.append((raw.DNS, value))
            elif tag in (raw.EMAIL, raw.DIRECTORY):
                names.append((tag, value))
    if not any(tag == raw.DNS for tag, _ in names):
        names += [(raw.DNS, value) for _, value in raw.common_names(certificate)[-1:]]
    emails = [v for kind, _, v in raw.attributes(certificate.subject_raw) if kind == _EMAIL]
    names += [(raw.EMAIL, value) for value in emails[-1:]]
    names.append((raw.DIRECTORY, certificate.subject_raw))
    for tag, value in names:
        work.spend(len(held.permitted) + len(held.excluded))
        if any(form == tag and _under(tag, value, base) for form, base in held.excluded):
            return False
        bases = [base for form, base in held.permitted if form == tag]
        if bases and not any(_under(tag, value, base) for base in bases):
            return False
    return True


def _under(tag: int, name: bytes, base: bytes) -> bool:
    """MatchBaseName: the end of a dNSName, the beginning of a directoryName."""
    if not base or len(name) < len(base) or name[:1] == b".":
        return False
    if tag == raw.DIRECTORY:
        _, start, _ = der.element(name, 0, len(name))
        _, at, end = der.element(base, 0, len(base))
        return at < end and name[start:].startswith(base[at:])
    if tag == raw.EMAIL and b"@" not in base and not base.startswith(b"."):
        name = name.partition(b"@")[2] or name
        return name.lower() == base.lower()
    return name.lower().endswith(base.lower())
