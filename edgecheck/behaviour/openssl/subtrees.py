"""Name constraints: NAME_CONSTRAINTS_check and _check_CN (v3_ncons.c)."""

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.extensions import Bounded
from edgecheck.behaviour.openssl.groups import Groups, canonical
from edgecheck.behaviour.openssl.names import as_utf8
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.names import name

_EMAIL_ADDRESS = "1.2.840.113549.1.9.1"


MOST_CHECKS = 1 << 20
"""NAME_CHECK_MAX: names times constraints, of whatever forms."""


def violated(
    certificate: Certificate,
    held: raw.Constraints,
    is_leaf: bool,
    *,
    since_3: bool = True,
    addresses: bool = True,
) -> int:
    """The error of a certificate below these constraints; 0 where there is none.

    `since_3`: a minimum of 0 may be written out (nc_minmax_valid). `addresses`: those can be
    constrained, as since 1.1.0.
    """
    alternative = raw.alt_names(certificate) or ()
    if too_many(certificate, held):
        return e.UNSPECIFIED
    names: list[raw.GeneralName] = []
    if raw.rdn_count(certificate.subject_raw):
        names.append((raw.DIRECTORY, certificate.subject_raw))
        for rdn in name(certificate.subject_raw).rdns:
            for kind, tag, value in rdn:
                if kind == _EMAIL_ADDRESS:
                    if tag != 0x16:
                        return e.NAME_SYNTAX
                    names.append((raw.EMAIL, str(value).encode("latin-1", "replace")))
    names += alternative
    bases = _Bases(held, len(names), since_3, addresses)
    for general in names:
        number = bases.match(general)
        if number:
            return number
    if is_leaf and not any(tag == raw.DNS for tag, _ in alternative):
        for tag, content in raw.common_names(certificate):
            host = host_in_common_name(as_utf8(tag, content) or b"")
            if host is not None:
                number = bases.match((raw.DNS, host))
                if number:
                    return number
    return 0


def too_many(certificate: Certificate, held: raw.Constraints) -> bool:
    """Whether NAME_CONSTRAINTS_check refuses to compare them (1.1.0 and later, and BoringSSL)."""
    written = raw.alt_names(certificate) or ()
    count = len(raw.attributes(certificate.subject_raw)) + len(written)
    return count * (len(held.permitted) + len(held.excluded)) > MOST_CHECKS


def has_common_name_alone(leaf: Certificate) -> bool:
    """Whether a host stands in the common name, and there is no subjectAltName."""
    return raw.alt_names(leaf) is None and any(
        host_in_common_name(as_utf8(tag, content) or b"") is not None
        for tag, content in raw.common_names(leaf)
    )


def host_in_common_name(text: bytes) -> bytes | None:
    """cn2dnsid: a common name of two labels or more that looks like a host name."""
    text = text.rstrip(b"\0")
    is_host = False
    for at, byte in enumerate(text):
        character = chr(byte)
        if character.isascii() and (character.isalnum() or character == "_"):
            continue
        if 0 < at < len(text) - 1:
            if character == "-":
                continue
            if character == "." and text[at + 1] not in b".-" and text[at - 1] != ord("-"):
                is_host = True
                continue
        return None
    return text if is_host else None


class _Bases:
    """Constraints by the form of name that they bear on."""

    def __init__(self, held: raw.Constraints, names: int, since_3: bool, addresses: bool) -> None:
        """`names`: how many will be looked up; it pays to sort constraints only for many."""
        self._since_3, self._addresses = since_3, addresses
        self._groups = [Groups(group, names) for group in held]

    def match(self, general: raw.GeneralName) -> int:
        """nc_match: permitted first, then excluded."""
        permitted, excluded = (groups.of(general[0]) for groups in self._groups)
        if general[0] == raw.IP and not self._addresses and (permitted.bases or excluded.bases):
            return self._unconstrainable(permitted.bases or excluded.bases)
        if permitted.bases and not permitted.surely_within(general[1]):
            within = False
            for base in permitted.bases:
                if self._is_bounded(base):
                    return e.SUBTREE_MINMAX
                number = e.PERMITTED if within else _single(general, base)
                if number not in (0, e.PERMITTED):
                    return number
                within = within or number == 0
            if not within:
                return e.PERMITTED
        if excluded.surely_outside(general[1]):
            return 0
        for base in excluded.bases:
            if self._is_bounded(base):
                return e.SUBTREE_MINMAX
            number = _single(general, base)
            if number == 0:
                return e.EXCLUDED
            if number != e.PERMITTED:
                return number
        return 0

    def _unconstrainable(self, bases: list[raw.GeneralName]) -> int:
        return e.SUBTREE_MINMAX if self._is_bounded(bases[0]) else e.CONSTRAINT_TYPE

    def _is_bounded(self, base: raw.GeneralName) -> bool:
        bounds = base[1]
        return isinstance(bounds, Bounded) and not (self._since_3 and bounds.from_zero)


def _single(general: raw.GeneralName, base: raw.GeneralName) -> int:
    """nc_match_single: 0 where the name lies within the base."""
    form, value = general
    within: bool | int
    if form == raw.DNS:
        within = dns_within(value, base[1])
    elif form == raw.IP:
        within = _address(value, base[1])
    elif form == raw.DIRECTORY:
        within = _directory(value, base[1])
    elif form == raw.EMAIL:
        within = _email(value, base[1])
    elif form == raw.URI:
        within = _uri(value, base[1])
    else:
        return e.CONSTRAINT_TYPE
    if within is True:
        return 0
    return e.PERMITTED if within is False else within


def dns_within(value: bytes, base: bytes) -> bool:
    """nc_dns: the base is the end of the name, at a label's border or with its own period."""
    if not base:
        return True
    if len(value) < len(base):
        return False
    if len(value) > len(base) and base[:1] != b"." and value[-len(base) - 1 : -len(base)] != b".":
        return False
    return value[-len(base) :].lower() == base.lower()


def _address(value: bytes, base: bytes) -> bool | int:
    """nc_ip, which says the same of a name and of a constraint of another length."""
    if len(value) not in (4, 16) or len(base) not in (8, 32):
        return e.NAME_SYNTAX
    return raw.in_network(value, base)


def _directory(value: bytes, base: bytes) -> bool | int:
    """nc_dn: the base is the beginning of the name."""
    try:
        have, wanted = canonical(value), canonical(base)
    except Malformed:
        return e.NAME_SYNTAX
    return have[: len(wanted)] == wanted


def _email(value: bytes, base: bytes) -> bool | int:
    at = value.rfind(b"@")
    if at < 0:
        return e.NAME_SYNTAX
    base_at = base.rfind(b"@")
    if base_at < 0 and base[:1] == b".":
        return len(value) > len(base) and value[-len(base) :].lower() == base.lower()
    if base_at > 0 and base[:base_at] != value[:at]:
        return False
    return value[at + 1 :].lower() == base[base_at + 1 :].lower()


def _uri(value: bytes, base: bytes) -> bool | int:
    _scheme, colon, rest = value.partition(b":")
    if not colon or rest[:2] != b"//":
        return e.NAME_SYNTAX
    host = rest[2:]
    for stop in (b":", b"/"):
        if stop in host:
            host = host[: host.index(stop)]
            break
    if not host:
        return e.NAME_SYNTAX
    if base[:1] == b".":
        return len(host) > len(base) and host[-len(base) :].lower() == base.lower()
    return host.lower() == base.lower()
