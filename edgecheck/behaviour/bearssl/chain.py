"""The chain that BearSSL decodes: each certificate must be the issuer of the one before.

Mimics src/x509/x509_minimal.t0 and asn1.t0 (decode-certificate, read-date, process-SAN) at 0.6.
"""

import re
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import structure
from edgecheck.behaviour.bearssl import decoded
from edgecheck.behaviour.bearssl.decoded import Failed
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import ber
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable

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
_CERT_SIGN = 0x04
"""keyCertSign, in the first octet of usages."""
IGNORED = frozenset(
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


class Chain:
    """Certificate after certificate, as they were sent.

    Attributes:
        certificates: those that were decoded, and the anchor that was met.
        ended: how it ends.
    """

    def __init__(
        self,
        view: View,
        anchors: list[Certificate],
        named: Callable[[Certificate], bool] = lambda _: True,
    ) -> None:
        """Keep them; `named` tells whether the first certificate is for the host name."""
        self.view = view
        self.anchors = anchors
        self.named = named
        self.certificates: list[Certificate] = []
        self.ended = Ended.GIVEN_UP

    def walk(self) -> None:
        """Decode until an anchor is met. Raises `Failed`, with the certificate last in the list."""
        before: Certificate | None = None
        for depth, certificate in enumerate(self.view.presented):
            self.certificates.append(certificate)
            met = self._decode(certificate, depth, before)
            if met is not None:
                self.certificates += [met] if met is not certificate else []
                self.ended = Ended.TRUSTED
                return
            before = certificate
        self.ended = Ended.NO_ISSUER

    def _decode(
        self, certificate: Certificate, depth: int, before: Certificate | None
    ) -> Certificate | None:
        """decode-certificate; the anchor that was met."""
        view = self.view
        if certificate.version < 1:
            raise Failed("OVERFLOW")  # read-small-int-value, of what is negative
        if certificate.version > 3:
            raise Failed("UNSUPPORTED")
        readable(certificate, view.at)
        fault = structure.refused(certificate, Refuser.BEARSSL)
        if fault is not None and fault.kind == ber.EXTRA:
            raise Failed("EXTRA_ELEMENT")
        if before is not None and certificate.subject_raw != before.issuer_raw:
            raise Failed("DN_MISMATCH")
        usable(certificate)
        if before is not None:
            _signed(view, before, certificate)
        authority = _extensions(certificate, depth)
        if before is None:
            if not self.named(certificate):
                raise Failed("BAD_SERVER_NAME")
            for anchor in self.anchors:
                named = anchor.subject_raw == certificate.subject_raw
                if named and anchor.spki == certificate.spki and not anchor.is_ca:
                    return certificate
        elif not authority:
            raise Failed("NOT_CA")
        if algorithm(certificate.signature_algorithm).name not in _SIGNATURES:
            raise Failed("UNSUPPORTED")
        if len(certificate.signature) > MOST_SIGNATURE:
            raise Failed("LIMIT_EXCEEDED")
        if certificate.der in view.trailing:
            raise Failed("EXTRA_ELEMENT")
        for anchor in self.anchors:
            named = anchor.is_ca and anchor.subject_raw == certificate.issuer_raw
            if named and view.signature(certificate, anchor) is State.VALID:
                return anchor
        return None


def possible_time(time: bytes) -> bool:
    """Whether read-date takes it."""
    found = _TIME.fullmatch(time)
    if found is None:
        return False
    month, day, hour, minute, second = (int(part) for part in found.groups())
    leap = second <= 60 and minute <= 59 and hour <= 23
    return leap and 1 <= month <= 12 and 1 <= day <= _LONGEST[month - 1]


def readable(certificate: Certificate, at: int | None = None) -> None:
    """read-date: with seconds, whose fractions are skipped, and Z."""
    if not all(map(possible_time, (certificate.not_before_raw, certificate.not_after_raw))):
        raise Failed("BAD_TIME")
    if at is not None and not certificate.not_before <= at <= certificate.not_after:
        raise Failed("EXPIRED")


def usable(certificate: Certificate) -> None:
    """RSA of at least 1,017 bits, or one of three named curves."""
    try:
        key = certificate.public_key
    except Unreadable:
        raise Failed("UNSUPPORTED") from None
    if isinstance(key, rsa.RSAPublicKey):
        size = (key.key_size + 7) // 8
        exponent = (key.public_numbers().e.bit_length() + 7) // 8
        if size + exponent > MOST_KEY:
            raise Failed("LIMIT_EXCEEDED")
        if size < LEAST_RSA:
            raise Failed("WEAK_PUBLIC_KEY")
    elif not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name not in _CURVES:
        raise Failed("UNSUPPORTED")


def _signed(view: View, before: Certificate, certificate: Certificate) -> None:
    """verify_signature: the kind of key first."""
    key = "RSA" if isinstance(certificate.public_key, rsa.RSAPublicKey) else "EC"
    if algorithm(before.signature_algorithm).key != key:
        raise Failed("WRONG_KEY_TYPE")
    if view.signature(before, certificate) is not State.VALID:
        raise Failed("BAD_SIGNATURE")


def _extensions(certificate: Certificate, depth: int) -> bool:
    """Whether basicConstraints was there; each extension in its order."""
    first = depth == 0
    authority = False
    for kind, value in certificate.extensions.items():
        critical = kind in certificate.critical
        if kind == reading.EXT_BASIC_CONSTRAINTS:
            if not first:
                decoded.constraints(value, depth)
                authority = True
        elif kind == reading.EXT_KEY_USAGE:
            if not decoded.usages(value) & _CERT_SIGN and not first:
                raise Failed("FORBIDDEN_KEY_USAGE")
        elif kind == reading.EXT_SUBJECT_ALT_NAME:
            if first:
                decoded.read_names(value)
        elif kind == reading.EXT_POLICIES:
            if critical:
                decoded.policies(value)
        elif critical and kind not in IGNORED:
            raise Failed("CRITICAL_EXTENSION")
    return authority


def has_other_qualifier(value: bytes) -> bool:
    """Whether a policy has a qualifier other than the address of its statement."""
    try:
        decoded.policies(value)
    except Failed as failed:
        return str(failed) == "CRITICAL_EXTENSION"
    return False


def anchors(view: View) -> list[Certificate]:
    """What of the trust can be decoded; the rest is no anchor."""
    return [certificate for certificate in view.trust if _decodable(certificate, view)]


def _decodable(anchor: Certificate, view: View) -> bool:
    try:
        readable(anchor)
        usable(anchor)
    except Failed:
        return False
    return anchor.der not in view.trailing


def taken(view: View) -> Taken:
    """The certificates as they come, up to the anchor or to what is wrong."""
    view = lenient(view)
    chain = Chain(view, anchors(view))
    try:
        chain.walk()
    except Failed as wrong:
        certificates, code = chain.certificates, str(wrong)
        if code == "DN_MISMATCH":
            return Taken(tuple(certificates[:-1]), Ended.NO_ISSUER)
        return Taken(tuple(certificates), Ended.GIVEN_UP, (Objection(certificates[-1], code),))
    return Taken(tuple(chain.certificates), chain.ended)
