"""Botan 2.19: every path to a self-signed anchor is tried; the worst status of one is told.

Mimics lib/x509/x509path.cpp (build_all_certificate_paths, check_chain), x509cert.cpp,
name_constraint.cpp and lib/tls/tls_client.cpp at 2.19.3. What counts is the status of the chain,
which the command line client prints before it goes on.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.clients import raw
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.client import Client, plain
from edgecheck.clients.view import View
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import (
    DIGITAL_SIGNATURE,
    KEY_CERT_SIGN,
    NON_REPUDIATION,
    SERVER_AUTH,
)

MOST_STEPS = 500
LEAST_RSA = 2005
"""Bits from which RFC 3766's estimate reaches the policy's 110 (workfactor.cpp)."""

Path = list[Certificate]


class Status(IntEnum):
    """Certificate_Status_Code, as far as it comes up; the greatest is told."""

    SIGNATURE_METHOD_TOO_WEAK = 1000
    UNTRUSTED_HASH = 1001
    CERT_NOT_YET_VALID = 2000
    CERT_HAS_EXPIRED = 2001
    CERT_ISSUER_NOT_FOUND = 3000
    CANNOT_ESTABLISH_TRUST = 3001
    CERT_CHAIN_LOOP = 3002
    INVALID_USAGE = 4001
    CERT_CHAIN_TOO_LONG = 4002
    CA_CERT_NOT_FOR_CERT_ISSUER = 4003
    NAME_CONSTRAINT_ERROR = 4004
    CERT_NAME_NOMATCH = 4008
    UNKNOWN_CRITICAL_EXTENSION = 4009
    DUPLICATE_CERT_EXTENSION = 4010
    EXT_IN_V1_V2_CERT = 4505
    SIGNATURE_ERROR = 5002
    SIGNATURE_ALGO_UNKNOWN = 5004
    SIGNATURE_ALGO_BAD_PARAMS = 5005


TEXTS = {
    Status.SIGNATURE_METHOD_TOO_WEAK: "Signature method too weak",
    Status.UNTRUSTED_HASH: "Hash function used is considered too weak for security",
    Status.CERT_NOT_YET_VALID: "Certificate is not yet valid",
    Status.CERT_HAS_EXPIRED: "Certificate has expired",
    Status.CERT_ISSUER_NOT_FOUND: "Certificate issuer not found",
    Status.CANNOT_ESTABLISH_TRUST: "Cannot establish trust",
    Status.CERT_CHAIN_LOOP: "Loop in certificate chain",
    Status.INVALID_USAGE: "Certificate does not allow the requested usage",
    Status.CERT_CHAIN_TOO_LONG: "Certificate chain too long",
    Status.CA_CERT_NOT_FOR_CERT_ISSUER: "CA certificate not allowed to issue certs",
    Status.NAME_CONSTRAINT_ERROR: "Certificate does not pass name constraint",
    Status.CERT_NAME_NOMATCH: "Certificate does not match provided name",
    Status.UNKNOWN_CRITICAL_EXTENSION: "Unknown critical extension encountered",
    Status.DUPLICATE_CERT_EXTENSION: "Duplicate certificate extension encountered",
    Status.EXT_IN_V1_V2_CERT: (
        "Encountered extension in certificate with version that does not allow it"
    ),
    Status.SIGNATURE_ERROR: "Signature error",
    Status.SIGNATURE_ALGO_UNKNOWN: "Certificate signed with unknown/unavailable algorithm",
    Status.SIGNATURE_ALGO_BAD_PARAMS: "Certificate signature has invalid parameters",
}
"""cert_status.cpp."""

_IN = "in set_to:./src/lib/asn1/asn1_time.cpp"
_TIME = re.compile(rb"(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z")
_KNOWN = frozenset(
    (
        reading.EXT_SUBJECT_KEY_ID,
        reading.EXT_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        b"\x55\x1d\x12",
        reading.EXT_BASIC_CONSTRAINTS,
        b"\x55\x1d\x14",
        b"\x55\x1d\x15",
        reading.EXT_AUTHORITY_KEY_ID,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        b"\x55\x1d\x1c",
        reading.EXT_POLICIES,
        reading.EXT_EXTENDED_KEY_USAGE,
        bytes.fromhex("2b06010505070101"),
    )
)
_HASHES = ("sha224", "sha256", "sha384", "sha512")


def run(view: View, settings: None) -> Answer:
    """Read what was sent, look at the key's usage, then try every path."""
    for depth, certificate in enumerate(view.presented):
        wrong = _unreadable(certificate)
        if wrong is not None:
            return reject("parse", certificate, depth, f"Error: {wrong} |")
    leaf = view.leaf
    if leaf.version != 3:
        return reject("version", leaf, 0, "Error: The leaf certificate must be v3 |")
    if leaf.key_usage is not None and not leaf.key_usage & (DIGITAL_SIGNATURE | NON_REPUDIATION):
        text = "Error: Certificate usage constraints do not allow this ciphersuite |"
        return reject("usage", leaf, 0, text)
    paths, first = _paths(view)
    if not paths:
        at, status = first
        depth = view.presented.index(at) if at in view.presented else len(view.presented)
        return reject(status, at, depth, TEXTS[status])
    told: tuple[Status, int, Certificate] | None = None
    for path in paths:
        worst = _worst(view, path)
        if worst is None:
            return ACCEPT
        told = told or worst
    assert told is not None
    return reject(told[0], told[2], told[1], TEXTS[told[0]])


def _unreadable(certificate: Certificate) -> str | None:
    """What parse_x509_cert_body throws."""
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        text, general = time[2:], time[0] == 0x18
        if not text.endswith(b"Z"):
            return f"Botan does not support times with timezones other than Z {_IN}"
        found = _TIME.fullmatch(text)
        if found is None or len(text) != (15 if general else 13):
            return f"Invalid {'GeneralizedTime' if general else 'UTCTime'} string {_IN}"
        year = int(found[1])
        if general and not 1950 <= year <= 3100:
            return "Time <n>Z does not seem to be valid"
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        return "X.509 Certificate had differing algorithm identifers in inner and outer ID fields"
    if reading.EXT_KEY_USAGE in certificate.extensions and not certificate.key_usage:
        return "Certificate has invalid encoding for KeyUsage"
    return None


def _paths(view: View) -> tuple[list[Path], tuple[Certificate, Status]]:
    """build_all_certificate_paths: the paths, and what went wrong first."""
    leaf = view.leaf
    if _self_signed(view, leaf):
        return [], (leaf, Status.CANNOT_ESTABLISH_TRUST)
    trust = [anchor for anchor in view.trust if _unreadable(anchor) is None]
    extras = list(dict.fromkeys(view.presented[1:]))
    found: list[Path] = []
    wrong: list[tuple[Certificate, Status]] = []
    path: Path = []
    stack: list[tuple[Certificate | None, bool]] = [(leaf, False)]
    steps = 0
    while stack and steps < MOST_STEPS:
        steps += 1
        last, trusted = stack.pop()
        if last is None:
            path.pop()
        elif last in path:
            wrong.append((last, Status.CERT_CHAIN_LOOP))
        elif _self_signed(view, last):
            if trusted:
                found.append([*path, last])
            else:
                wrong.append((last, Status.CANNOT_ESTABLISH_TRUST))
        else:
            anchors, others = list(_issuers(last, trust)), list(_issuers(last, extras))
            if not anchors and not others:
                wrong.append((last, Status.CERT_ISSUER_NOT_FOUND))
                continue
            path.append(last)
            stack.append((None, False))
            stack += [(anchor, True) for anchor in anchors]
            stack += [(other, False) for other in others]
    return found, wrong[0] if wrong else (leaf, Status.CERT_ISSUER_NOT_FOUND)


def _issuers(certificate: Certificate, among: list[Certificate]) -> Iterator[Certificate]:
    """find_all_certs: by name, and by key identifier where both have one."""
    wanted = _authority(certificate)
    for issuer in among:
        if wanted and issuer.subject_key_id and issuer.subject_key_id != wanted:
            continue
        if _same(issuer.subject_raw, certificate.issuer_raw):
            yield issuer


def _authority(certificate: Certificate) -> bytes | None:
    identifier = certificate.authority_key_id
    return identifier.key_id if identifier is not None else None


def _self_signed(view: View, certificate: Certificate) -> bool:
    if not _same(certificate.subject_raw, certificate.issuer_raw):
        return False
    own, authority = certificate.subject_key_id, _authority(certificate)
    if own and authority:
        return own == authority
    return view.signature(certificate, certificate) is not State.INVALID


def _worst(view: View, path: Path) -> tuple[Status, int, Certificate] | None:
    """check_chain and overall_status: the worst status, with where it is."""
    found = [*_checked(view, path), *_lengths(path)]
    if not found:
        return None
    status, place = max(found, key=lambda one: (one[0], -one[1]))
    return status, place, path[place]


def _checked(view: View, path: Path) -> Iterator[tuple[Status, int]]:
    leaf = path[0]
    if view.address is None and view.hostname and not _named(leaf, view.hostname):
        yield Status.CERT_NAME_NOMATCH, 0
    usages = leaf.extended_key_usage
    if usages and SERVER_AUTH not in usages:
        yield Status.INVALID_USAGE, 0
    if leaf.key_usage is not None and leaf.key_usage & KEY_CERT_SIGN and not leaf.is_ca:
        yield Status.INVALID_USAGE, 0
    for place, subject in enumerate(path):
        last = place + 1 == len(path)
        issuer = subject if last else path[place + 1]
        if view.at < subject.not_before:
            yield Status.CERT_NOT_YET_VALID, place
        if view.at > subject.not_after:
            yield Status.CERT_HAS_EXPIRED, place
        if not _authorised(view, issuer):
            yield Status.CA_CERT_NOT_FOR_CERT_ISSUER, place
        yield from ((status, place) for status in _signed(view, subject, issuer, last))
        if subject.version < 3 and subject.extensions:
            yield Status.EXT_IN_V1_V2_CERT, place
        if subject.duplicate_extensions:
            yield Status.DUPLICATE_CERT_EXTENSION, place
        if subject.critical - _KNOWN:
            yield Status.UNKNOWN_CRITICAL_EXTENSION, place
        yield from _constrained(subject, issuer, path, place)


def _authorised(view: View, certificate: Certificate) -> bool:
    """is_CA_cert: version 1 where self-signed, else CA:TRUE unless keyUsage forbids signing."""
    if certificate.version < 3 and _self_signed(view, certificate):
        return True
    usage = certificate.key_usage
    return certificate.is_ca and (usage is None or bool(usage & KEY_CERT_SIGN))


def _signed(view: View, subject: Certificate, issuer: Certificate, last: bool) -> Iterator[Status]:
    used = algorithm(subject.signature_algorithm)
    if not used.key:
        yield Status.SIGNATURE_ALGO_UNKNOWN
        return
    key = issuer.public_key
    is_rsa = isinstance(key, rsa.RSAPublicKey)
    if is_rsa != used.key.startswith("RSA"):
        yield Status.SIGNATURE_ALGO_BAD_PARAMS
    elif view.signature(subject, issuer) is not State.VALID:
        yield Status.SIGNATURE_ERROR
    if is_rsa and key.key_size < LEAST_RSA:
        yield Status.SIGNATURE_METHOD_TOO_WEAK
    if not last and used.hash is not None and used.hash.name not in _HASHES:
        yield Status.UNTRUSTED_HASH


def _lengths(path: Path) -> Iterator[tuple[Status, int]]:
    most = len(path)
    for place in range(len(path) - 1, 0, -1):
        subject = path[place]
        if not _same(subject.subject_raw, subject.issuer_raw):
            if most == 0:
                yield Status.CERT_CHAIN_TOO_LONG, place
            most = max(0, most - 1)
        limit = subject.basic_constraints
        if subject.version == 3 and (limit is None or not limit.ca):
            most = 0
        elif limit is not None and limit.path_length is not None:
            most = min(most, limit.path_length)


def _constrained(
    subject: Certificate, issuer: Certificate, path: Path, place: int
) -> Iterator[tuple[Status, int]]:
    """Name_Constraints::validate, with what its decoder cannot take."""
    critical = reading.EXT_NAME_CONSTRAINTS in subject.critical
    try:
        held = raw.constraints(subject)
    except Malformed:
        held = raw.Constraints()
    if held is None:
        return
    bases = (*held.permitted, *held.excluded)
    if (held.permitted and held.excluded) or not bases or not all(map(_decodable, bases)):
        if critical:
            yield Status.UNKNOWN_CRITICAL_EXTENSION, place
        return
    if not subject.is_ca:
        yield Status.NAME_CONSTRAINT_ERROR, place
    strict = reading.EXT_NAME_CONSTRAINTS in issuer.critical
    for below in range(place):
        permitted, failed = not held.permitted, False
        for base in held.permitted:
            some, every = _matches(base, path[below])
            if some is None:
                failed, permitted = strict, True
            elif every:
                permitted = True
        for base in held.excluded:
            some, _ = _matches(base, path[below])
            if some is None:
                failed = strict
            elif some:
                failed = True
        if failed or not permitted:
            yield Status.NAME_CONSTRAINT_ERROR, below


def _decodable(base: raw.GeneralName) -> bool:
    return base[0] in (raw.EMAIL, raw.DNS, raw.URI, raw.DIRECTORY) or (
        base[0] == raw.IP and len(base[1]) == 8
    )


def _matches(base: raw.GeneralName, certificate: Certificate) -> tuple[bool | None, bool]:
    """Whether some and whether all names match; (False, True) without a name; None: unknown."""
    tag, value = base
    names = raw.alt_names(certificate) or ()
    if tag == raw.DNS:
        held = [name for form, name in names if form == raw.DNS]
        held = held or [name for _, name in raw.common_names(certificate)]
        told = [_under(name.lower(), value.lower()) for name in held]
    elif tag == raw.IP:
        told = [
            all(a & m == b for a, b, m in zip(name, value[:4], value[4:], strict=True))
            for form, name in names
            if form == raw.IP and len(name) == 4
        ]
    elif tag == raw.DIRECTORY:
        told = [_attributes(certificate.subject_raw, value)]
        told += [_attributes(name, value) for form, name in names if form == raw.DIRECTORY]
    else:
        return None, False
    return any(told), all(told)


def _under(name: bytes, base: bytes) -> bool:
    if len(name) <= len(base):
        return name == base
    return name.endswith(base if base.startswith(b".") else b"." + base)


def _attributes(name: bytes, base: bytes) -> bool:
    """matches_dn: what both have has to be equal, and there has to be something."""
    ours: dict[bytes, bytes] = {}
    for kind, value in _pairs(name):
        ours.setdefault(kind, value)
    shared = [ours[kind] == value for kind, value in _pairs(base) if kind in ours]
    return bool(shared) and all(shared)


def _named(leaf: Certificate, host: str) -> bool:
    """matches_dns_name: common names only where there is no dNSName."""
    names = [value for tag, value in raw.alt_names(leaf) or () if tag == raw.DNS]
    names = names or [value for _, value in raw.common_names(leaf)]
    return any(_wildcard(name.lower(), host.lower().encode("utf-8", "replace")) for name in names)


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


def _same(one: bytes, other: bytes) -> bool:
    """X509_DN's ==: attributes sorted by type, without regard to case and spaces at the ends."""
    if one == other:
        return True
    return sorted(_folded(one), key=lambda a: a[0]) == sorted(_folded(other), key=lambda a: a[0])


def _folded(name: bytes) -> list[tuple[bytes, bytes]]:
    return [(kind, b" ".join(value.lower().split())) for kind, value in _pairs(name)]


def _pairs(name: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Attribute types and values as UTF-8, without those that are empty."""
    start, end = der.only(name, der.SEQUENCE, "Name")
    for _, first, last in der.elements(name, start, end):
        for _, a, b in der.elements(name, first, last):
            (_, t, u), (tag, v, w) = der.elements(name, a, b)[:2]
            value = name[v:w]
            if tag == 0x1E:
                value = value.decode("utf-16-be", "replace").encode()
            elif tag == 0x1C:
                value = value.decode("utf-32-be", "replace").encode()
            elif tag == 0x14:
                value = value.decode("latin-1").encode()
            if value:
                yield name[t:u], value


CLIENTS = (
    Client(
        "botan2.19",
        "Botan",
        "2.19.3",
        2,
        "devices in C++ with Botan",
        run,
        None,
        plain,
        ("Botan",),
    ),
)
