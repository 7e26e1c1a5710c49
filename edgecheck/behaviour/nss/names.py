"""Host names and name constraints as NSS compares them (certdb.c and genname.c at 3.87.1)."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.domains import Domains, ascii_lower
from edgecheck.behaviour.host import Host, as_aton, same_address
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

_QUOTED = re.compile(rb"""[,=+<>#;\r\n"\\]""")
"""Signs that CERT_RFC1485_EscapeAndQuote puts into quotes, so that a dNSName matches nothing."""
_EMAIL_ADDRESS = bytes.fromhex("2a864886f70d010901")


def _entries(certificate: Certificate) -> tuple[raw.GeneralName, ...]:
    """cert_GetSubjectAltNameList: none where the extension is absent, or does not decode."""
    try:
        return raw.alt_names(certificate) or ()
    except Malformed:
        return ()


def matches(leaf: Certificate, host: Host) -> bool:
    """CERT_VerifyCertName: the common name where subjectAltName has no name of that kind."""
    asked = host.octets
    host = as_aton(host)  # PR_StringToNetAddr
    entries = _entries(leaf)
    if host.address is not None:
        addresses = [value for tag, value in entries if tag == raw.IP]
        if addresses:
            return any(same_address(value, host.address) for value in addresses)
        return any(
            value.lower() == asked.lower() for value in _last(raw.decoded_common_names(leaf))
        )
    names = [value for tag, value in entries if tag == raw.DNS]
    if names:
        return any(_test(name, asked) for name in names if not _QUOTED.search(name))
    return any(_test(name, asked) for name in _last(raw.decoded_common_names(leaf)))


def _last(names: list[tuple[int, bytes]]) -> list[bytes]:
    """CERT_GetCommonName: the last one."""
    return [value for _, value in names[-1:]]


def _test(name: bytes, host: bytes) -> bool:
    """cert_TestHostName: one star, at the end of the first of at least three labels."""
    name, host = name.lower(), host.lower()
    first, dot, rest = name.partition(b".")
    _, separator, theirs = host.partition(b".")
    if (
        first.endswith(b"*")
        and dot
        and separator
        and name.count(b"*") == 1
        and not rest.startswith(b".")
        and rest.partition(b".")[2]
        and host.startswith(first[:-1])
        and rest == theirs
        and (not host.startswith(b"xn--") or first == b"*")
    ):
        return True
    return name == host


def constrained(certificate: Certificate, server: bool) -> list[raw.GeneralName]:
    """CERT_GetConstrainedCertificateNames; of the server's, the common name if need be."""
    names: list[raw.GeneralName] = [(raw.DIRECTORY, certificate.subject_raw)]
    names += [(raw.EMAIL, value) for value in _emails(certificate.subject_raw)]
    entries = _entries(certificate)
    names += entries
    if server and not any(tag == raw.DNS for tag, _ in entries):
        names += [(raw.DNS, value) for value in _last(raw.decoded_common_names(certificate))]
    return names


def _emails(name: bytes) -> Iterator[bytes]:
    for rdn in _rdns(name):
        for kind, value in rdn:
            if kind == _EMAIL_ADDRESS:
                yield value


def within(held: raw.Constraints, names: Sequence[raw.GeneralName]) -> bool:
    """CERT_CheckNameSpace for each name."""
    bases_in_all = len(held.permitted) + len(held.excluded)
    permitted, excluded = (Domains((b for f, b in g if f == raw.DNS), ascii_lower) for g in held)
    for tag, value in names:
        if tag == raw.DNS:
            if excluded.take_at_border(value):
                return False
            if permitted and not permitted.take_at_border(value):
                return False
            continue
        work.spend(work.COMPARISON * bases_in_all)
        if any(form == tag and _under(tag, value, base) for form, base in held.excluded):
            return False
        bases = [base for form, base in held.permitted if form == tag]
        if bases and not any(_under(tag, value, base) for base in bases):
            return False
    return True


def _under(tag: int, name: bytes, base: bytes) -> bool:
    if tag == raw.EMAIL:
        return _email(name.lower(), base.lower())
    if tag == raw.URI:
        name, base = _hostname(name).lower(), base.lower()
        if not base.startswith(b"."):
            return bool(base) and name == base
        return _ends(name, base)
    if tag == raw.DIRECTORY:
        return _prefix(name, base)
    return tag == raw.IP and raw.in_network(name, base)


def _ends(name: bytes, base: bytes) -> bool:
    """Ends with the base at the border of a label."""
    if not name.endswith(base):
        return False
    offset = len(name) - len(base)
    return not offset or (name[offset - 1 : offset] == b".") != base.startswith(b".")


def _email(name: bytes, base: bytes) -> bool:
    if not base or base == b".":
        return True
    if b"@" in base:
        return name == base
    return name.endswith(base if base.startswith(b".") else b"@" + base)


def _hostname(uri: bytes) -> bytes:
    """ParseUriHostname."""
    host = uri.partition(b"://")[2].partition(b"/")[0]
    return host.rpartition(b"@")[2].partition(b":")[0]


def _prefix(name: bytes, base: bytes) -> bool:
    """Whether each attribute of the base is in the relative name at its place."""
    return all(
        all(one in others for one in wanted)
        for wanted, others in zip(_rdns(base), _rdns(name), strict=False)
    )


@lru_cache(maxsize=raw.NAMES_KEPT)
def _rdns(name: bytes) -> list[list[tuple[bytes, bytes]]]:
    start, end = der.only(name, der.SEQUENCE, "Name")
    rdns = []
    for _, first, last in der.elements(name, start, end):
        rdn = []
        for _, a, b in der.elements(name, first, last):
            kind, _, value = raw.attribute(name, a, b)
            rdn.append((kind, value))
        rdns.append(rdn)
    return rdns
