"""BearSSL 0.6: each certificate must be the issuer of the one before, until an anchor signed one.

Mimics src/x509/x509_minimal.t0 and asn1.t0 (decode-certificate, read-date, process-SAN), and
ssl_hs_client.t0 for the usage of the server's key.
"""

import re

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.bearssl import names
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed

LEAST_RSA = 128
"""Bytes of a modulus."""
MOST_KEY = 520
"""Bytes of the key, modulus and exponent together (BR_X509_BUFSIZE_KEY)."""
MOST_SIGNATURE = 512
"""Bytes (BR_X509_BUFSIZE_SIG)."""

_TIME = re.compile(rb"(?:\x17.\d\d|\x18.\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d*)?Z", re.DOTALL)
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_SIGNATURES = frozenset(
    f"{start}{bits}{end}"
    for start, end in (("sha", "WithRSAEncryption"), ("ecdsa-with-SHA", ""))
    for bits in (1, 224, 256, 384, 512)
)
_CPS = bytes.fromhex("2b06010505070201")
_IGNORED = frozenset(
    bytes.fromhex(oid)
    for oid in (
        "551d23",
        "551d0e",
        "551d12",
        "551d09",
        "551d1f",
        "551d2e",
        "2b06010505070101",
        "2b0601050507010b",
    )
)
"""Key identifiers, issuerAltName, subjectDirectoryAttributes, CRLs and access to information."""


class _Fail(Exception):
    """ERR_X509_..., which ends everything."""


def run(view: View, settings: None) -> Answer:
    """Decode certificate after certificate, as they were sent."""
    view = lenient(view)
    anchors = []
    for certificate in view.trust:
        try:
            _times(certificate)
            _key(certificate)
            if certificate.der in view.trailing:
                raise _Fail("EXTRA_ELEMENT")
            anchors.append(certificate)
        except _Fail:
            continue  # what cannot be decoded is no anchor
    before: Certificate | None = None
    for depth, certificate in enumerate(view.presented):
        try:
            done = _decode(view, certificate, depth, before, anchors)
        except _Fail as wrong:
            code = str(wrong)
            return reject(code, certificate, depth, f"BR_ERR_X509_{code}")
        except (Malformed, Unreadable) as wrong:
            return unknown(str(wrong), certificate)
        if done:
            break
        before = certificate
    else:
        last = view.presented[-1]
        return reject("NOT_TRUSTED", last, len(view.presented) - 1, "BR_ERR_X509_NOT_TRUSTED")
    usage = view.leaf.extensions.get(reading.EXT_KEY_USAGE)
    if usage is not None and not _bits(usage) & 0xC0:
        return reject("WRONG_KEY_USAGE", view.leaf, 0, "BR_ERR_WRONG_KEY_USAGE")
    if not view.proves_key:
        return reject("BAD_SIGNATURE", view.leaf, 0, "BR_ERR_BAD_SIGNATURE")
    return ACCEPT


def _decode(
    view: View,
    certificate: Certificate,
    depth: int,
    before: Certificate | None,
    anchors: list[Certificate],
) -> bool:
    """decode-certificate; whether an anchor was met."""
    if certificate.version > 3:
        raise _Fail("UNSUPPORTED")
    _times(certificate, view.at)
    if before is not None and certificate.subject_raw != before.issuer_raw:
        raise _Fail("DN_MISMATCH")
    _key(certificate)
    if before is not None:
        _signed(view, before, certificate)
    authority = _extensions(certificate, depth)
    if before is None:
        if view.host is not None and not names.matches(certificate, view.host):
            raise _Fail("BAD_SERVER_NAME")
        for anchor in anchors:
            same = anchor.subject_raw == certificate.subject_raw and anchor.spki == certificate.spki
            if same and not anchor.is_ca:
                return True
    elif not authority:
        raise _Fail("NOT_CA")
    if algorithm(certificate.signature_algorithm).name not in _SIGNATURES:
        raise _Fail("UNSUPPORTED")
    if len(certificate.signature) > MOST_SIGNATURE:
        raise _Fail("LIMIT_EXCEEDED")
    if certificate.der in view.trailing:
        raise _Fail("EXTRA_ELEMENT")
    return any(
        anchor.is_ca
        and anchor.subject_raw == certificate.issuer_raw
        and view.signature(certificate, anchor) is State.VALID
        for anchor in anchors
    )


def _times(certificate: Certificate, at: int | None = None) -> None:
    """read-date: with seconds, whose fractions are skipped, and Z."""
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        found = _TIME.fullmatch(time)
        if found is None:
            raise _Fail("BAD_TIME")
        month, day, hour, minute, second = (int(part) for part in found.groups())
        leap = second <= 60 and minute <= 59 and hour <= 23
        if not leap or not 1 <= month <= 12 or not 1 <= day <= _LONGEST[month - 1]:
            raise _Fail("BAD_TIME")
    if at is not None and not certificate.not_before <= at <= certificate.not_after:
        raise _Fail("EXPIRED")


def _key(certificate: Certificate) -> None:
    """RSA of at least 1,017 bits, or one of three named curves."""
    try:
        key = certificate.public_key
    except Unreadable:
        raise _Fail("UNSUPPORTED") from None
    if isinstance(key, rsa.RSAPublicKey):
        size = (key.key_size + 7) // 8
        exponent = (key.public_numbers().e.bit_length() + 7) // 8
        if size + exponent > MOST_KEY:
            raise _Fail("LIMIT_EXCEEDED")
        if size < LEAST_RSA:
            raise _Fail("WEAK_PUBLIC_KEY")
    elif not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in _CURVES:
        raise _Fail("UNSUPPORTED")


def _signed(view: View, before: Certificate, certificate: Certificate) -> None:
    """verify_signature: the kind of key first."""
    key = "RSA" if isinstance(certificate.public_key, rsa.RSAPublicKey) else "EC"
    if algorithm(before.signature_algorithm).key != key:
        raise _Fail("WRONG_KEY_TYPE")
    if view.signature(before, certificate) is not State.VALID:
        raise _Fail("BAD_SIGNATURE")


def _extensions(certificate: Certificate, depth: int) -> bool:
    """Whether basicConstraints was there; each in its order."""
    first = depth == 0
    authority = False
    for kind, value in certificate.extensions.items():
        if kind == reading.EXT_BASIC_CONSTRAINTS:
            if not first:
                _constraints(value, depth)
                authority = True
        elif kind == reading.EXT_KEY_USAGE:
            bits = _bits(value)
            if bits < 0 or (not first and not bits & 0x04):
                raise _Fail("FORBIDDEN_KEY_USAGE")
        elif kind == reading.EXT_SUBJECT_ALT_NAME:
            if first:
                raw.alt_names(certificate)  # which has to be readable
        elif (
            kind in certificate.critical
            and kind not in _IGNORED
            and (kind != reading.EXT_POLICIES or _qualified(value))
        ):
            raise _Fail("CRITICAL_EXTENSION")
    return authority


def _constraints(value: bytes, depth: int) -> None:
    """process-basicConstraints: CA has to be said, and the length to fit what came before."""
    start, end = der.only(value, der.SEQUENCE, "basicConstraints")
    parts = der.elements(value, start, end)
    if not parts or parts[0][0] != 0x01 or value[parts[0][1]] == 0:
        raise _Fail("NOT_CA")
    if len(parts) > 1:
        _, first, last = parts[1]
        length = int.from_bytes(value[first:last], signed=True)
        if length < 0:
            raise _Fail("OVERFLOW")
        if length < depth - 1:
            raise _Fail("NOT_CA")


def _bits(value: bytes) -> int:
    """The first octet of a BIT STRING; -1 where there is none, 0 where there are more."""
    start, end = der.only(value, 0x03, "keyUsage")
    if end - start < 2:
        return -1
    return value[start + 1] >> value[start] << value[start] if end - start == 2 else 0


def _qualified(value: bytes) -> bool:
    """Whether a policy has a qualifier other than the address of its statement."""
    start, end = der.only(value, der.SEQUENCE, "certificatePolicies")
    for _, first, last in der.elements(value, start, end):
        for _, a, b in der.elements(value, first, last)[1:]:
            for _, c, d in der.elements(value, a, b):
                _, e, f = der.element(value, c, d)
                if value[e:f] != _CPS:
                    return True
    return False
