"""How wolfSSL decides (src/internal.c, src/ssl.c and wolfcrypt/src/asn.c at 5.5.4).

Mimics ProcessPeerCerts, AddCA, ParseCertRelative and DecodeExtensionType as Debian builds them in
5.5.4-2+deb12u3: with OPENSSL_ALL and alternative chains, by which a CA without a signer is passed
over.
"""

import hashlib
import re

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.view import View
from edgecheck.behaviour.wolfssl import names
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    KEY_CERT_SIGN,
    SERVER_AUTH,
)

MOST_CERTIFICATES = 9
LARGEST_MESSAGE = 18_462
"""Bytes of one handshake message (MAX_HANDSHAKE_SZ)."""
LONGEST_PATH = 127
MOST_RSA = 4096
LONGEST_SERIAL = 32
"""Octets (EXTERNAL_SERIAL_SIZE)."""
ROWS = 11
"""Of the table of authorities; those of one row are found latest first."""

EXPONENT, BUFFER = -112, -132
PARSE, VERSION, TWICE, BEFORE, AFTER, CONFIRM, CRITICAL = -140, -141, -144, -150, -151, -155, -160
NO_SIGNER, NAME_INVALID, PATH_LENGTH, SELF_SIGNED = -188, -198, -238, -275
MISMATCH, NOT_CA, NO_SERVER_USE = -322, -357, -386
TOO_LARGE, RSA_SIZE, ECC_SIZE = -404, -409, -410
SIGNATURE_OID, UNKNOWN_OID, NO_PROOF = -152, -148, -330

TEXTS = {
    EXPONENT: "mp_exptmod error state",
    BUFFER: "Buffer error, output too small or input too big",
    PARSE: "ASN parsing error, invalid input",
    VERSION: "ASN version error, invalid number",
    TWICE: "ASN object id error, invalid id",
    UNKNOWN_OID: "ASN oid error, unknown sum id",
    BEFORE: "ASN date error, current date before",
    AFTER: "ASN date error, current date after",
    SIGNATURE_OID: "ASN signature error, mismatched oid",
    CONFIRM: "ASN sig error, confirm failure",
    CRITICAL: "X.509 Critical extension ignored or invalid",
    NO_SIGNER: "certificate verify failed",
    NAME_INVALID: "Name Constraint error",
    PATH_LENGTH: "ASN CA path length larger than signer error",
    SELF_SIGNED: "ASN self-signed certificate error",
    MISMATCH: "peer subject name mismatch",
    NO_PROOF: "verify problem on signature",
    NOT_CA: "Not a CA by basic constraint error",
    NO_SERVER_USE: "Ext Key Use server/client auth not set Error",
    TOO_LARGE: "Handshake message too large Error",
    RSA_SIZE: "RSA key too small",
    ECC_SIZE: "ECC key too small",
}
"""wolfcrypt/src/error.c and wolfSSL_ERR_reason_error_string."""

_TIME = re.compile(rb"(?:\x17.\d\d|\x18.\d{4})\d{10}(?:Z|[+-]\d{4})", re.DOTALL)
_POLICY_CONSTRAINTS = reading.EXT_POLICY_CONSTRAINTS
_KNOWN = frozenset(
    (
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        bytes.fromhex("2b06010505070101"),
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_POLICIES,
        reading.EXT_KEY_USAGE,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_INHIBIT_ANY_POLICY,
        _POLICY_CONSTRAINTS,
        bytes.fromhex("6086480186f8420101"),
        bytes.fromhex("2b0601050507300105"),
    )
)


_KEY_IDS = {reading.EXT_SUBJECT_KEY_ID, reading.EXT_AUTHORITY_KEY_ID}
_EMPTY = {
    reading.EXT_SUBJECT_ALT_NAME: b"\x30\x00",
    reading.EXT_KEY_USAGE: b"\x03\x01\x00",
    reading.EXT_AUTHORITY_KEY_ID: b"\x30\x00",
}
"""Extensions that may not be without contents."""


class Signer:
    """An authority as the certificate manager keeps it."""

    __slots__ = ("certificate", "longest", "name", "row")

    def __init__(self, certificate: Certificate, longest: int) -> None:
        """`longest`: certificates that may still follow."""
        self.certificate = certificate
        self.longest = longest
        self.name = _key_id(certificate)
        self.row = int.from_bytes(self.name[:4]) % ROWS


class _Manager:
    """The authorities: those trusted, and those that came and were verified."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.signers: list[Signer] = []
        for certificate in view.trust:
            wrong = (
                _dated(certificate, view)
                or max(_extended(certificate), key=abs)
                or _small(certificate)
            )
            if not wrong:
                self.add(certificate, max(0, self.longest(certificate, self.issuer(certificate))))

    def add(self, certificate: Certificate, longest: int) -> None:
        """AddCA: what is known by its key identifier is not added again."""
        signer = Signer(certificate, longest)
        if all(known.name != signer.name for known in self.signers):
            self.signers.insert(0, signer)

    def issuer(self, certificate: Certificate) -> Signer | None:
        """By authority key identifier, by its own, or by name where the former is absent."""
        wanted = _authority(certificate)
        found = self._by_id(wanted) if wanted else None
        if found is None and certificate.subject_key_id is not None and certificate.version >= 3:
            found = self._by_id(_key_id(certificate))
        if found is not None and found.certificate.subject_raw != certificate.issuer_raw:
            found = None
        if found is None and not wanted:
            named = (s for s in self.signers if s.certificate.subject_raw == certificate.issuer_raw)
            found = min(named, key=lambda signer: signer.row, default=None)
        return found

    def _by_id(self, wanted: bytes) -> Signer | None:
        return next((signer for signer in self.signers if signer.name == wanted), None)

    def longest(self, certificate: Certificate, issuer: Signer | None) -> int:
        """MaxPathLen of ParseCertRelative; negative where it is used up."""
        if _self_signed(certificate):
            return LONGEST_PATH
        if issuer is None:
            return LONGEST_PATH
        limit = certificate.basic_constraints if certificate.version >= 3 else None
        if limit is None or (not limit.ca and limit.path_length is None):
            return LONGEST_PATH
        if limit.path_length is None:
            return issuer.longest - 1
        length = limit.path_length & 0xFF
        if not limit.ca:
            return length
        usage = certificate.key_usage
        may_sign = usage is None or bool(usage & KEY_CERT_SIGN)
        if may_sign and length < issuer.longest:
            return length
        return issuer.longest - 1

    def verified(self, certificate: Certificate) -> tuple[int, int]:
        """ParseCertRelative with VERIFY: an error or 0, and the path length that is left."""
        dated = _dated(certificate, self.view)
        extended, critical = _extended(certificate)
        if extended:
            return extended, 0
        issuer = self.issuer(certificate)
        longest = self.longest(certificate, issuer)
        if longest < 0:
            return PATH_LENGTH, 0
        if issuer is None:
            return SELF_SIGNED if _self_signed(certificate) else NO_SIGNER, 0
        if _large(issuer.certificate):
            return BUFFER, 0
        if self.view.signature(certificate, issuer.certificate) is not State.VALID:
            return CONFIRM, 0
        if not names.permitted(certificate, issuer.certificate):
            return NAME_INVALID, 0
        return dated or critical, longest


def run(view: View, settings: None) -> Answer:
    """Add what verifies from the end, then look at the server's certificate."""
    view = lenient(view)
    manager = _Manager(view)
    size = 8 + sum(5 + len(c.der) + (c.der in view.trailing) for c in view.presented)
    if size > LARGEST_MESSAGE:
        return _reject(TOO_LARGE, view.presented[-1], len(view.presented) - 1)
    later: tuple[int, Certificate, int] | None = None
    sent = view.presented[:MOST_CERTIFICATES]
    for depth in range(len(sent) - 1, 0, -1):
        certificate = sent[depth]
        wrong, longest = manager.verified(certificate)
        wrong = wrong or _small(certificate)
        if wrong in (NO_SIGNER, SELF_SIGNED) and _is_ca(certificate):
            continue
        if not wrong and _is_ca(certificate):
            wrong = _addable(certificate)
            if not wrong:
                manager.add(certificate, longest)
        if wrong and later is None:
            later = wrong, certificate, depth
    leaf = view.leaf
    wrong = _trusted(view) if leaf.der in view.trusted else manager.verified(leaf)[0]
    wrong = wrong or _usable(view)
    if wrong:
        return _reject(wrong, leaf, 0)
    if later is not None:
        return _reject(later[0], later[1], later[2])
    if not view.proves_key:
        return _reject(NO_PROOF, leaf, 0)
    if len(view.presented) > MOST_CERTIFICATES:  # the rest is taken for the next message
        return _reject(TOO_LARGE, leaf, 0)
    if _large(leaf):
        return _reject(EXPONENT, leaf, 0)
    return ACCEPT


def _trusted(view: View) -> int:
    """A server's certificate that is trusted itself needs no issuer, but all else."""
    extended, critical = _extended(view.leaf)
    return extended or _dated(view.leaf, view) or critical


def _large(certificate: Certificate) -> bool:
    """RSA of more bits than its numbers hold (FP_MAX_BITS, for products)."""
    key = certificate.public_key
    return isinstance(key, rsa.RSAPublicKey) and key.key_size > MOST_RSA


def _reject(code: int, certificate: Certificate, depth: int) -> Answer:
    return reject(code, certificate, depth, f"{code}: {TEXTS[code]}")


def _self_signed(certificate: Certificate) -> bool:
    return certificate.subject_raw == certificate.issuer_raw


def _is_ca(certificate: Certificate) -> bool:
    return certificate.version >= 3 and certificate.is_ca


def _addable(certificate: Certificate) -> int:
    """AddCA: keyCertSign has to be said, but for what is self-signed."""
    usage = certificate.key_usage or 0
    return 0 if _self_signed(certificate) or usage & KEY_CERT_SIGN else NOT_CA


def _authority(certificate: Certificate) -> bytes | None:
    identifier = certificate.authority_key_id if certificate.version >= 3 else None
    wanted = identifier.key_id if identifier is not None else None
    if wanted is None or len(wanted) == 20:
        return wanted
    return hashlib.sha1(wanted, usedforsecurity=False).digest()


def _key_id(certificate: Certificate) -> bytes:
    """The subject key identifier, else the hash of the key as wolfSSL stores it."""
    given = certificate.subject_key_id if certificate.version >= 3 else None
    if given is not None and len(given) == 20:
        return given
    if given is None:
        given = certificate.spki
        if isinstance(certificate.public_key, rsa.RSAPublicKey):
            start, end = der.only(given, der.SEQUENCE, "subjectPublicKeyInfo")
            _, first, last = der.elements(given, start, end)[1]
            given = given[first + 1 : last]
    return hashlib.sha1(given, usedforsecurity=False).digest()


def _dated(certificate: Certificate, view: View) -> int:
    """GetValidity: the second time counts where both are wrong."""
    if not _TIME.fullmatch(certificate.not_after_raw) or view.at > certificate.not_after:
        return AFTER
    if not _TIME.fullmatch(certificate.not_before_raw) or view.at < certificate.not_before:
        return BEFORE
    return 0


def _extended(certificate: Certificate) -> tuple[int, int]:
    """DecodeCertExtensions: what is fatal at once, and whether something critical is unknown."""
    serial = raw.serial(certificate)
    padded = len(serial) > 1 and serial[0] == 0 and serial[1] < 0x80
    if not serial or padded or len(serial.lstrip(b"\0")) > LONGEST_SERIAL:
        return PARSE, 0
    if certificate.version < 3:
        return (VERSION, 0) if certificate.extensions else (0, 0)
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        return SIGNATURE_OID, 0
    if not algorithm(certificate.signature_algorithm).key:
        return UNKNOWN_OID, 0
    if set(certificate.duplicate_extensions) & (_KNOWN | _KEY_IDS):
        return TWICE, 0
    for kind, value in certificate.extensions.items():
        if _EMPTY.get(kind) == value:
            return PARSE, 0
        fact = {
            reading.EXT_BASIC_CONSTRAINTS: "basic_constraints",
            reading.EXT_KEY_USAGE: "key_usage",
            reading.EXT_EXTENDED_KEY_USAGE: "extended_key_usage",
            reading.EXT_SUBJECT_KEY_ID: "subject_key_id",
            reading.EXT_AUTHORITY_KEY_ID: "authority_key_id",
        }.get(kind)
        try:
            if fact is not None:
                getattr(certificate, fact)
        except Unreadable:
            return PARSE, 0
        if kind == reading.EXT_NAME_CONSTRAINTS and not certificate.is_ca:
            return NAME_INVALID, 0
    return 0, CRITICAL if certificate.critical - _KNOWN else 0


def _small(certificate: Certificate) -> int:
    """RSA of less than 1,024 bits, or a curve of less than 224."""
    try:
        key = certificate.public_key
    except Unreadable:
        return UNKNOWN_OID
    if isinstance(key, rsa.RSAPublicKey):
        return RSA_SIZE if key.key_size < 1024 else 0
    if isinstance(key, ec.EllipticCurvePublicKey):
        return ECC_SIZE if key.curve.key_size < 224 else 0
    return 0


def _usable(view: View) -> int:
    """What is looked at last: the name before the usages, then the size of the key.

    keyUsage counts in TLS 1.2 alone, and not in TLS 1.3, which was spoken in the recordings.
    """
    leaf = view.leaf
    if view.host is not None and not names.matches(leaf, view.host):
        return MISMATCH
    usages = leaf.extended_key_usage
    if usages is not None and not {SERVER_AUTH, ANY_EXTENDED_KEY_USAGE} & set(usages):
        return NO_SERVER_USE
    return _small(leaf)
