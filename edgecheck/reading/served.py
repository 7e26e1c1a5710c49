"""In which order the certificates of a container are sent: its own order is none.

PKCS#12 holds bags and PKCS#7 a set (RFC 7292, section 4.2; RFC 5652, section 10.2.3). What serves
from one looks for the certificate of its key, and for the issuer of each.
"""

from edgecheck.reading.certificate import Certificate, Unreadable, each_once
from edgecheck.reading.names import same_name

MOST_COMPARED = 50
"""Certificates among which one is also found whose name is only written differently."""


def in_order(certificates: list[Certificate], keyed: Certificate | None) -> list[Certificate]:
    """Each certificate once: the server's first, then each issuer, then what is left.

    `keyed`: the one that belongs to the container's key; None: the only end entity, else the
    first certificate that issued no other one.
    """
    unique = each_once(certificates)
    if len(unique) < 2:
        return unique
    by_subject: dict[bytes, list[Certificate]] = {}
    for certificate in unique:
        by_subject.setdefault(_name(certificate, "subject_raw"), []).append(certificate)
    current: Certificate | None = keyed or _lowest(unique)
    ordered: dict[Certificate, None] = {}
    while current is not None:
        ordered[current] = None
        wanted = _name(current, "issuer_raw")
        named = by_subject.get(wanted, ())
        if not named and len(unique) <= MOST_COMPARED:
            named = [c for c in unique if _same(_name(c, "subject_raw"), wanted)]
        below = current
        current = next((c for c in named if c not in ordered and _fits(c, below)), None)
    return [*ordered, *(c for c in unique if c not in ordered)]


def _lowest(certificates: list[Certificate]) -> Certificate:
    ends = [c for c in certificates if _is_end_entity(c)]
    if len(ends) == 1:
        return ends[0]
    named = {_name(c, "issuer_raw") for c in certificates if not _is_self_issued(c)}
    for certificate in (*ends, *certificates):
        if _name(certificate, "subject_raw") not in named:
            return certificate
    return certificates[0]


def _name(certificate: Certificate, field: str) -> bytes:
    """A name's DER; empty where it cannot be read."""
    try:
        name: bytes = getattr(certificate, field)
    except Unreadable:
        return b""
    return name


def _same(one: bytes, other: bytes) -> bool:
    return bool(one and other) and same_name(one, other)


def _is_self_issued(certificate: Certificate) -> bool:
    return _name(certificate, "subject_raw") == _name(certificate, "issuer_raw")


def _is_end_entity(certificate: Certificate) -> bool:
    try:
        return not certificate.is_ca
    except Unreadable:
        return False


def _fits(issuer: Certificate, certificate: Certificate) -> bool:
    """Whether no key identifier says that another certificate is the issuer."""
    try:
        authority, own = certificate.authority_key_id, issuer.subject_key_id
    except Unreadable:
        return True
    key_id = authority.key_id if authority is not None else None
    return key_id is None or own is None or key_id == own
