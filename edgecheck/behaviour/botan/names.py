"""Names and name constraints as Botan compares them (x509cert.cpp, name_constraint.cpp at 2.19.3).

With Debian's fixes of CVE-2024-34702 and CVE-2024-39312, by which each name has to be permitted.
"""

from collections.abc import Iterator
from functools import lru_cache

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.host import Host
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

MOST_COMPARISONS = 4096
_FORMS = (raw.EMAIL, raw.DNS, raw.URI, raw.DIRECTORY)
_FOREIGN = (raw.URI, raw.EMAIL)


def matches(leaf: Certificate, host: Host) -> bool:
    """matches_dns_name: common names where subjectAltName has nothing; addresses are all taken."""
    if host.address is not None:
        return True
    entries = _entries(leaf)
    names = [value for tag, value in entries if tag == raw.DNS]
    if not entries:
        names = [value for _, value in raw.decoded_common_names(leaf)]
    return any(_wildcard(name.lower(), host.octets.lower()) for name in names)


def _entries(certificate: Certificate) -> list[raw.GeneralName]:
    """What AlternativeName keeps, nothing empty among it."""
    return [
        (tag, value)
        for tag, value in raw.alt_names(certificate) or ()
        if (tag in _FORMS and value) or (tag == raw.IP and len(value) == 4)
    ]


def decodable(certificate: Certificate) -> bool:
    """Whether nameConstraints, if it is there, can be decoded: no IPv6, and not empty."""
    if reading.EXT_NAME_CONSTRAINTS not in certificate.extensions:
        return True
    try:
        held = raw.constraints(certificate)
    except Malformed:
        return False
    bases = (*held.permitted, *held.excluded) if held else ()
    return bool(bases) and all(
        tag in _FORMS or (tag == raw.IP and len(base) == 8) for tag, base in bases
    )


def thrown_at(certificate: Certificate) -> str | None:
    """Return the Encoding_Error of Name_Constraints::decode_inner, which nobody catches; else None.

    That is of no constraints at all, and of a list without any.
    """
    value = certificate.extensions.get(reading.EXT_NAME_CONSTRAINTS)
    if value is None:
        return None
    try:
        start, end = der.only(value, der.SEQUENCE, "nameConstraints")
        parts = der.elements(value, start, end)
    except Malformed:
        return None
    if not parts:
        return f"{_EMPTY} extension"
    tag, first, last = parts[0]
    return f"{_EMPTY} list" if tag in _LISTS and first == last else None


_EMPTY = "Encoding error: Empty Name Contraint"
_LISTS = (0xA0, 0xA1)


def constrains(certificate: Certificate) -> bool:
    """Whether there are constraints that could be decoded."""
    return reading.EXT_NAME_CONSTRAINTS in certificate.extensions and decodable(certificate)


def allows(holder: Certificate, certificate: Certificate) -> bool:
    """is_permitted and not is_excluded."""
    held = raw.constraints(holder) or raw.Constraints()
    critical = reading.EXT_NAME_CONSTRAINTS in holder.critical
    entries = _entries(certificate)
    pairs = list(_pairs(certificate.subject_raw))
    bases = len(held.permitted) + len(held.excluded)
    if (len(pairs) + len(entries)) * bases >= MOST_COMPARISONS:
        return False
    if pairs:
        entries.insert(0, (raw.DIRECTORY, certificate.subject_raw))
    if not _entries(certificate):
        entries += _common(certificate)
    return _permitted(held.permitted, entries, critical) and not _excluded(
        held.excluded, entries, critical
    )


def _common(certificate: Certificate) -> Iterator[raw.GeneralName]:
    """Common names with a dot count, as an address if they look like one."""
    for _, value in raw.decoded_common_names(certificate):
        parts = value.split(b".")
        if len(parts) == 4 and all(part.isdigit() and int(part) < 256 for part in parts):
            yield raw.IP, bytes(int(part) for part in parts)
        elif len(parts) > 1:
            yield raw.DNS, value


def _permitted(
    bases: tuple[raw.GeneralName, ...], entries: list[raw.GeneralName], critical: bool
) -> bool:
    forms = {tag for tag, _ in bases}
    for tag, value in entries if bases else ():
        work.spend(len(bases))
        if tag in _FOREIGN:
            if critical and tag in forms:
                return False
        elif (tag == raw.DNS and value[:1] == b".") or (
            tag in forms
            and not any(form == tag and _under(tag, value, base) for form, base in bases)
        ):
            return False
    return True


def _excluded(
    bases: tuple[raw.GeneralName, ...], entries: list[raw.GeneralName], critical: bool
) -> bool:
    forms = {tag for tag, _ in bases}
    if critical and any(tag in _FOREIGN and tag in forms for tag, _ in entries):
        return False  # so it stands there
    for tag, value in entries if bases else ():
        work.spend(len(bases))
        if tag == raw.DNS and value[:1] == b".":
            return True
        if tag not in _FOREIGN and any(
            form == tag and _under(tag, value, base) for form, base in bases
        ):
            return True
    return False


def _under(tag: int, name: bytes, base: bytes) -> bool:
    if tag == raw.DIRECTORY:
        return _attributes(name, base)
    if tag == raw.IP:
        return all(a & m == b for a, b, m in zip(name, base[:4], base[4:], strict=True))
    name, base = name.lower(), base.lower()
    if len(name) <= len(base):
        return name == base
    return not base or name.endswith(base if base.startswith(b".") else b"." + base)


def _attributes(name: bytes, base: bytes) -> bool:
    """matches_dn: what both have has to be equal, and there has to be something."""
    ours: dict[bytes, bytes] = {}
    for kind, value in _pairs(name):
        ours.setdefault(kind, value)
    shared = [ours[kind] == value for kind, value in _pairs(base) if kind in ours]
    return bool(shared) and all(shared)


def _wildcard(issued: bytes, host: bytes) -> bool:
    """host_wildcard_match: one star, in the first of at least three labels."""
    if not issued or b"\0" in issued or issued.count(b"*") > 1 or b"*" in host:
        return False
    if host.endswith(b".") or b".." in host:
        return False
    if issued == host:
        return True
    before, star, after = issued.partition(b"*")
    if not star or b"." in before or issued.count(b".") < 2 or len(issued) > len(host) + 1:
        return False
    middle = host[len(before) : len(host) - len(after)]
    return host.startswith(before) and host.endswith(after) and b"." not in middle


def same(one: bytes, other: bytes) -> bool:
    """X509_DN's ==: attributes sorted by type, without regard to case and spaces at the ends."""
    return raw.same_by(one, other, _folded)


@lru_cache(maxsize=raw.NAMES_KEPT)
def _folded(name: bytes) -> list[tuple[bytes, bytes]]:
    folded = ((kind, b" ".join(value.lower().split())) for kind, value in _pairs(name))
    return sorted(folded, key=lambda attribute: attribute[0])


def _pairs(name: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Attribute types and values as UTF-8, without those that are empty."""
    start, end = der.only(name, der.SEQUENCE, "Name")
    for _, first, last in der.elements(name, start, end):
        for _, a, b in der.elements(name, first, last):
            kind, tag, value = raw.attribute(name, a, b)
            value = value.decode("latin-1").encode() if tag == 0x14 else raw.in_utf8(tag, value)
            if value:
                yield kind, value
