"""What mbedTLS refuses to parse (mbedtls_x509_crt_parse_der), as mbedtls_strerror words it."""

import re

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import raw
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed

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
NO_KEY = "-0x3C80 PK - Key algorithm is unsupported (only RSA and EC are supported)"
NO_SIGNATURE = "-0x262E X509 - Signature algorithm (oid) is unsupported : OID - OID is not found"
MISMATCH = "-0x2680 X509 - Signature algorithms do not match. (see \\c ::mbedtls_x509_crt sig_oid)"

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


def unparsable(certificate: Certificate) -> str | None:
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
