"""mbedTLS 2.28: certificates are walked in the order sent, and flags are gathered.

Mimics library/x509_crt.c (parse_der_core, find_parent, verify_chain, verify_name) and ssl_tls.c
(check_cert_usage) at 2.28.3.
"""

import re
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.mbedtls import names
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    DIGITAL_SIGNATURE,
    KEY_CERT_SIGN,
    SERVER_AUTH,
)

MOST_INTERMEDIATES = 8
LARGEST_MESSAGE = 16_384
"""Bytes of one handshake message (MBEDTLS_SSL_IN_CONTENT_LEN)."""

EXTENSION = "-0x2500 X509 - The extension tag or value is invalid"
UNEXPECTED = (
    "-0x2562 X509 - The extension tag or value is invalid : ASN1 - ASN1 tag was of an unexpected "
    "value"
)
LENGTH = (
    "-0x2564 X509 - The extension tag or value is invalid : ASN1 - Error when trying to determine "
    "the length or invalid length"
)
POLICY = "-0x2080 X509 - Unavailable feature, e.g. RSA hashing/encryption combination"
VERSION = "-0x2580 X509 - CRT/CRL/CSR has an unsupported version number"
NO_ISSUER = (
    "-0x23E0 X509 - The name tag or value is invalid : ASN1 - Out of data when parsing an ASN1 "
    "data structure"
)
LEFT_OVER = (
    "-0x21E6 X509 - The CRT/CRL/CSR format is invalid, e.g. different type expected : ASN1 - "
    "Actual length differs from expected length"
)
DATE = "-0x2400 X509 - The date tag or value is invalid"
FATAL = (
    "-0x3000 X509 - A fatal error occurred, eg the chain is too long or the vrfy callback failed"
)
TOO_LARGE = "-0x7080 SSL - The requested feature is not available"
NO_KEY = "-0x3C80 PK - Key algorithm is unsupported (only RSA and EC are supported)"
NO_SIGNATURE = "-0x262E X509 - Signature algorithm (oid) is unsupported : OID - OID is not found"
MISMATCH = "-0x2680 X509 - Signature algorithms do not match. (see \\c ::mbedtls_x509_crt sig_oid)"

EXPIRED = "The certificate validity has expired"
NAME = "The certificate Common Name (CN) does not match with the expected CN"
NOT_TRUSTED = "The certificate is not correctly signed by the trusted CA"
FUTURE = "The certificate validity starts in the future"
KEY_USAGE = "Usage does not match the keyUsage extension"
EXT_KEY_USAGE = "Usage does not match the extendedKeyUsage extension"
BAD_MD = "The certificate is signed with an unacceptable hash."
BAD_PK = "The certificate is signed with an unacceptable PK alg (eg RSA vs ECDSA)."
BAD_KEY = "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)."
OF_NOTHING = (EXPIRED, NAME, BAD_MD, BAD_PK, BAD_KEY)
"""What it finds where no certificate is left."""
ORDER = (EXPIRED, NAME, NOT_TRUSTED, FUTURE, KEY_USAGE, EXT_KEY_USAGE, BAD_MD, BAD_PK, BAD_KEY)
"""x509_crt_verify_strings as far as they come up; each is a line of its own."""

KNOWN = frozenset(
    (
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_KEY_USAGE,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_POLICIES,
        bytes.fromhex("6086480186f8420101"),
    )
)
_TIME = re.compile(rb"\x17\x0d\d{12}Z|\x18\x0f\d{14}Z")
_TEXT = (0x0C, 0x13)
"""UTF8String and PrintableString, which compare without regard to case."""


def run(view: View, settings: None) -> Answer:
    """Parse what was sent, verify it, and look at the usages."""
    view = lenient(view)
    trust = [one for one in view.trust if _unparsable(one) is None]
    size = 7 + sum(3 + len(c.der) + (c.der in view.trailing) for c in view.presented)
    if size > LARGEST_MESSAGE:
        return reject("size", view.presented[-1], len(view.presented) - 1, TOO_LARGE)
    taken = []
    for depth, certificate in enumerate(view.presented):
        wrong = _unparsable(certificate)
        if wrong is None:
            taken.append(certificate)
        elif wrong != NO_SIGNATURE:  # which is passed over, as a later one may be trusted
            return reject("parse", certificate, depth, wrong)
    if not taken:
        return reject("flags", view.leaf, 0, "; ".join(OF_NOTHING))
    view = view.with_certificates(tuple(taken), view.trust)
    flags: list[tuple[str, Certificate]] = []
    leaf = view.leaf
    if view.host is not None and not names.matches(leaf, view.host):
        flags.append((NAME, leaf))
    if _weak(leaf):
        flags.append((BAD_KEY, leaf))
    too_long = _chain(view, trust, flags)
    if too_long is not None:
        return reject("length", too_long, MOST_INTERMEDIATES + 1, FATAL)
    usage = leaf.key_usage if leaf.version == 3 else None
    if usage is not None and not usage & DIGITAL_SIGNATURE:
        flags.append((KEY_USAGE, leaf))
    usages = leaf.extended_key_usage if leaf.version == 3 else None
    if usages is not None and SERVER_AUTH not in usages and ANY_EXTENDED_KEY_USAGE not in usages:
        flags.append((EXT_KEY_USAGE, leaf))
    if flags:
        told = [flag for flag in ORDER if any(flag == found for found, _ in flags)]
        first = min(flags, key=lambda found: ORDER.index(found[0]))[1]
        depth = view.presented.index(first) if first in view.presented else 0
        return reject("flags", first, depth, "; ".join(told))
    if not view.proves_key:
        return reject("proof", leaf, 0, "-0x4E00 ECP - The signature is not valid")
    return ACCEPT


def _unparsable(certificate: Certificate) -> str | None:
    """mbedtls_x509_crt_parse_der: the error, as mbedtls_strerror words it."""
    if not 1 <= certificate.version <= 3:
        return VERSION
    if algorithm(certificate.signature_algorithm).key not in ("RSA", "RSA-PSS", "EC"):
        return NO_SIGNATURE
    if certificate.issuer_raw == b"\x30\x00":
        return NO_ISSUER
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        if not _TIME.fullmatch(time):
            return DATE
    try:
        key = certificate.public_key
    except Unreadable:
        return NO_KEY
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return NO_KEY
    if certificate.version == 3:
        wrong = _unextended(certificate)
        if wrong is not None:
            return wrong
    elif certificate.extensions:
        return LEFT_OVER
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        return MISMATCH
    return None


def _unextended(certificate: Certificate) -> str | None:
    """x509_get_crt_ext."""
    if set(certificate.duplicate_extensions) & KNOWN:
        return EXTENSION
    for kind, value in certificate.extensions.items():
        critical = kind in certificate.critical
        if kind not in KNOWN:
            if critical:
                return UNEXPECTED
        elif kind == reading.EXT_POLICIES:
            if critical and not _any_policy(value):
                return POLICY
        elif kind == reading.EXT_BASIC_CONSTRAINTS:
            limit = certificate.basic_constraints
            if limit is not None and limit.path_length is not None and limit.path_length < 0:
                return LENGTH
        elif kind == reading.EXT_KEY_USAGE:
            if value == b"\x03\x01\x00":
                return LENGTH
            if certificate.key_usage is None:
                return EXTENSION
        elif kind == reading.EXT_EXTENDED_KEY_USAGE:
            if not certificate.extended_key_usage:
                return LENGTH
        elif kind == reading.EXT_SUBJECT_ALT_NAME:
            try:
                raw.alt_names(certificate)
            except Malformed:
                return EXTENSION
    return None


def _any_policy(value: bytes) -> bool:
    """Whether anyPolicy is the only one."""
    start, end = der.only(value, der.SEQUENCE, "certificatePolicies")
    for _, first, last in der.elements(value, start, end):
        _, a, b = der.element(value, first, last)
        if value[a:b] != b"\x55\x1d\x20\x00":
            return False
    return True


def _chain(
    view: View, trust: list[Certificate], flags: list[tuple[str, Certificate]]
) -> Certificate | None:
    """verify_chain; returns the certificate at which the chain is too long."""
    child, place, length, self_issued, trusted = view.leaf, 0, 0, 0, False
    while True:
        length += 1
        if view.at > child.not_after:
            flags.append((EXPIRED, child))
        if view.at < child.not_before:
            flags.append((FUTURE, child))
        if trusted:
            return None
        used = algorithm(child.signature_algorithm)
        if used.hash is not None and used.hash.name in ("md5", "sha1"):
            flags.append((BAD_MD, child))
        if length == 1 and _same(child.issuer_raw, child.subject_raw) and child in trust:
            return None
        parent, good = _find(view, child, trust, True, length - 1 - self_issued), True
        trusted = parent is not None
        at = place
        if parent is None:
            following = list(view.presented[place + 1 :])
            parent = _find(view, child, following, False, length - 1 - self_issued)
            if parent is not None:
                good = view.signature(child, parent) is State.VALID
                at = place + 1 + next(i for i, c in enumerate(following) if c is parent)
        if parent is None:
            flags.append((NOT_TRUSTED, child))
            return None
        if length != 1 and _same(child.issuer_raw, child.subject_raw):
            self_issued += 1
        if not trusted and length > MOST_INTERMEDIATES:
            return parent
        if not good:
            flags.append((NOT_TRUSTED, child))
        if _weak(parent):
            flags.append((BAD_KEY, parent))
        child, place = parent, at


def _find(
    view: View, child: Certificate, among: list[Certificate], top: bool, between: int
) -> Certificate | None:
    """find_parent_in: the first that fits and is in time, else the first that fits."""
    fallback = None
    for parent in among:
        if not _fits(child, parent, top):
            continue
        constraints = parent.basic_constraints if parent.version == 3 else None
        limit = constraints.path_length if constraints is not None and constraints.ca else None
        if limit is not None and limit < between:
            continue
        if top and view.signature(child, parent) is not State.VALID:
            continue
        if parent.not_before <= view.at <= parent.not_after:
            return parent
        fallback = fallback or parent
    return fallback


def _fits(child: Certificate, parent: Certificate, top: bool) -> bool:
    """check_parent: the name, the CA bit and keyCertSign; version 1 where it is trusted."""
    if not _same(child.issuer_raw, parent.subject_raw):
        return False
    if top and parent.version < 3:
        return True
    if parent.version < 3 or not parent.is_ca:
        return False
    usage = parent.key_usage
    return usage is None or bool(usage & KEY_CERT_SIGN)


def _same(one: bytes, other: bytes) -> bool:
    """x509_name_cmp: UTF8String and PrintableString without regard to case, all else by bytes."""
    return one == other or _folded(one) == _folded(other)


@lru_cache(maxsize=64)
def _folded(name: bytes) -> list[tuple[bytes, int, bytes, bool]]:
    start, end = der.only(name, der.SEQUENCE, "Name")
    folded = []
    for _, first, last in der.elements(name, start, end):
        attributes = der.elements(name, first, last)
        for at, (_, a, b) in enumerate(attributes):
            (_, t, u), (tag, v, w) = der.elements(name, a, b)[:2]
            text = tag in _TEXT
            value = name[v:w].lower() if text else name[v:w]
            folded.append((name[t:u], 0 if text else tag, value, at + 1 < len(attributes)))
    return folded


def _weak(certificate: Certificate) -> bool:
    """x509_profile_check_key of the default profile."""
    key = certificate.public_key
    return isinstance(key, rsa.RSAPublicKey) and key.key_size < 2048
