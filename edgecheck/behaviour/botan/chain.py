"""All paths that Botan builds, and what it finds wrong with each (lib/x509/x509path.cpp).

At 2.19.3, with the security fixes of Debian's 2.19.3+dfsg-1+deb12u1.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

from cryptography.hazmat.primitives.asymmetric import ed448, rsa

from edgecheck.behaviour import structure, work
from edgecheck.behaviour.botan import decoded, names
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.openssl import boring
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import ber
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import (
    DIGITAL_SIGNATURE,
    KEY_AGREEMENT,
    KEY_CERT_SIGN,
    KEY_ENCIPHERMENT,
    SERVER_AUTH,
)
from edgecheck.reading.times import is_impossible

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
    DUPLICATE_CERT_POLICY = 4011
    EXT_IN_V1_V2_CERT = 4505
    SIGNATURE_ERROR = 5002
    SIGNATURE_ALGO_UNKNOWN = 5004
    SIGNATURE_ALGO_BAD_PARAMS = 5005


_IN = "in set_to:./src/lib/asn1/asn1_time.cpp"
_BER = "CERTIFICATE decoding failed with BER: {}"
_TAG = _BER.format("Tag mismatch when decoding object")
_OF_EXTENSIONS = {
    (ber.OID, 2): "OID encoding is too short",
    (ber.CUT, 2): "Error decoding OID, unknown tag: 65280",
    **{(ber.BOOLEAN, size): "BER boolean value had invalid size" for size in range(2, 33)},
}
"""Its words about fields of an extension, by fault and size in octets; 2.19.3 was asked."""
_IN_EXTENSION = "Tag mismatch when decoding object got EOF expected OCTET STRING/UNIVERSAL"
_VERSION_BITS = 32
"""Of a number that BER_Decoder::decode reads into a size_t; 2.19.3 was asked."""
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
_FOR_SERVERS = DIGITAL_SIGNATURE | KEY_ENCIPHERMENT | KEY_AGREEMENT
_HASHES = ("sha224", "sha256", "sha384", "sha512")


def unreadable(certificate: Certificate) -> str | None:
    """What parse_x509_cert_body throws."""
    fault = structure.refused(certificate, Refuser.BOTAN)
    if fault is not None and fault.kind == ber.TAG:
        return _TAG
    version = certificate.version - 1
    if version < 0:
        return _BER.format("Decoded small integer value was negative")
    if version.bit_length() > _VERSION_BITS:
        return _BER.format("Decoded integer value larger than expected")
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        text, general = time[2:], time[0] == 0x18
        if not text.endswith(b"Z"):
            return f"Botan does not support times with timezones other than Z {_IN}"
        found = _TIME.fullmatch(text)
        if found is None or len(text) != (15 if general else 13):
            return f"Invalid {'GeneralizedTime' if general else 'UTCTime'} string {_IN}"
        year = int(found[1])
        if is_impossible(time) or (general and not 1950 <= year <= 3100):
            return f"Time {text.decode()} does not seem to be valid"
    if fault is not None and fault.kind == ber.EXTRA:
        return "CERTIFICATE decoding failed with BER_Decoder::end_cons called with data left"
    if version > 2:
        return f"CERTIFICATE decoding failed with Unknown X.509 cert version {version}"
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        return "X.509 Certificate had differing algorithm identifers in inner and outer ID fields"
    if fault is not None and fault.field.startswith("extensions"):
        return _BER.format(_OF_EXTENSIONS.get((fault.kind, len(fault.found)), _IN_EXTENSION))
    if (thrown := names.thrown_at(certificate)) is not None:
        return thrown
    if certificate.key_usage == 0 and reading.EXT_KEY_USAGE not in _odd(certificate):
        return "Certificate has invalid encoding for KeyUsage"
    return None


def _odd(certificate: Certificate) -> Iterator[bytes]:
    """Extensions whose contents its decoders refuse, and which then count as unknown."""
    for kind in decoded.KINDS & certificate.extensions.keys():
        if decoded.thrown_at(kind, certificate.extensions[kind]):
            yield kind
    if not names.decodable(certificate):
        yield reading.EXT_NAME_CONSTRAINTS


def paths(view: View) -> tuple[list[Path], tuple[Certificate, Status]]:
    """build_all_certificate_paths: the paths, and what went wrong first."""
    leaf = view.leaf
    if _self_signed(view, leaf):
        return [], (leaf, Status.CANNOT_ESTABLISH_TRUST)
    trust = [anchor for anchor in view.trust if unreadable(anchor) is None]
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
    if stack and not found:
        raise work.Spent(work.SPENT)
    return found, wrong[0] if wrong else (leaf, Status.CERT_ISSUER_NOT_FOUND)


def _issuers(certificate: Certificate, among: list[Certificate]) -> Iterator[Certificate]:
    """find_all_certs: by name, and by key identifier where both have one."""
    wanted = _authority(certificate)
    work.spend(len(among))
    for issuer in among:
        if wanted and issuer.subject_key_id and issuer.subject_key_id != wanted:
            continue
        if names.same(issuer.subject_raw, certificate.issuer_raw):
            yield issuer


def _authority(certificate: Certificate) -> bytes | None:
    identifier = certificate.authority_key_id
    return identifier.key_id if identifier is not None else None


def _self_signed(view: View, certificate: Certificate) -> bool:
    if not names.same(certificate.subject_raw, certificate.issuer_raw):
        return False
    own, authority = certificate.subject_key_id, _authority(certificate)
    if own and authority:
        return own == authority
    return view.signature(certificate, certificate) is State.VALID


def worst(view: View, path: Path) -> tuple[Status, int, Certificate] | None:
    """check_chain and overall_status: the worst status, with where it is."""
    found = [*_checked(view, path), *_lengths(path)]
    if not found:
        return None
    status, place = max(found, key=lambda one: (one[0], -one[1]))
    return status, place, path[place]


def _checked(view: View, path: Path) -> Iterator[tuple[Status, int]]:
    leaf = path[0]
    if view.host is not None and not names.matches(leaf, view.host):
        yield Status.CERT_NAME_NOMATCH, 0
    if leaf.key_usage and not leaf.key_usage & _FOR_SERVERS:
        yield Status.INVALID_USAGE, 0
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
        if has_policy_twice(subject):
            yield Status.DUPLICATE_CERT_POLICY, place
        if subject.critical - _KNOWN or any(map(subject.critical.__contains__, _odd(subject))):
            yield Status.UNKNOWN_CRITICAL_EXTENSION, place
        yield from _constrained(subject, path, place)


def has_policy_twice(certificate: Certificate) -> bool:
    """Certificate_Policies::validate of x509_ext.cpp."""
    policies = certificate.extensions.get(reading.EXT_POLICIES, b"")
    wrong = boring.invalid_policy(reading.EXT_POLICIES, policies) if policies else None
    return wrong is not None and wrong.endswith(boring.TWICE)


def _authorised(view: View, certificate: Certificate) -> bool:
    """is_CA_cert: version 1 where self-signed, else CA:TRUE unless keyUsage forbids signing."""
    if certificate.version < 3 and _self_signed(view, certificate):
        return True
    usage = certificate.key_usage
    if reading.EXT_BASIC_CONSTRAINTS in _odd(certificate):
        return False
    return certificate.is_ca and (not usage or bool(usage & KEY_CERT_SIGN))


def _signed(view: View, subject: Certificate, issuer: Certificate, last: bool) -> Iterator[Status]:
    used = algorithm(subject.signature_algorithm)
    if not used.key:
        yield Status.SIGNATURE_ALGO_UNKNOWN
        return
    key = issuer.public_key
    if isinstance(key, ed448.Ed448PublicKey):  # which Botan knows since 3.4
        yield Status.SIGNATURE_ALGO_UNKNOWN
        return
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
        if not names.same(subject.subject_raw, subject.issuer_raw):
            if most == 0:
                yield Status.CERT_CHAIN_TOO_LONG, place
            most = max(0, most - 1)
        limit = subject.basic_constraints
        if subject.version == 3 and (limit is None or not limit.ca):
            most = 0
        elif limit is not None and limit.path_length is not None:
            most = min(most, limit.path_length)


def _constrained(subject: Certificate, path: Path, place: int) -> Iterator[tuple[Status, int]]:
    """Name_Constraints::validate: for every certificate below."""
    if not names.constrains(subject):
        return
    if not subject.is_ca:
        yield Status.NAME_CONSTRAINT_ERROR, place
    for below in range(place):
        if not names.allows(subject, path[below]):
            yield Status.NAME_CONSTRAINT_ERROR, below


def taken(view: View) -> Taken:
    """The first path that is good, else the first of all."""
    view = lenient(view, decoded.TOLD)
    for certificate in view.presented:
        wrong = unreadable(certificate)
        if wrong is not None:
            return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(certificate, wrong),))
    found, (_, status) = paths(view)
    if not found:
        own = status is Status.CANNOT_ESTABLISH_TRUST
        return Taken((view.leaf,), Ended.SELF_SIGNED if own else Ended.NO_ISSUER)
    first: Taken | None = None
    for path in found:
        bad = worst(view, path)
        if bad is None:
            return Taken(tuple(path), Ended.TRUSTED)
        refused = Objection(bad[2], bad[0])
        first = first or Taken(tuple(path), Ended.TRUSTED, (refused,))
    assert first is not None
    return first
