"""The authorities that wolfSSL keeps, and the chain that it verifies with them.

Mimics ProcessPeerCerts, AddCA, ParseCertRelative and DecodeExtensionType (src/internal.c, src/ssl.c
and wolfcrypt/src/asn.c at 5.5.4) as Debian builds them in 5.5.4-2+deb12u3: with OPENSSL_ALL and
alternative chains, by which a CA without a signer is passed over.
"""

import contextlib
import hashlib
import re

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.lenient import first_values, lenient, rolled_days
from edgecheck.behaviour.openssl import boring
from edgecheck.behaviour.openssl import extensions as openssl
from edgecheck.behaviour.strictly import NO_CA
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.behaviour.wolfssl import names
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import KEY_CERT_SIGN, BasicConstraints

MOST_CERTIFICATES = 9
LONGEST_PATH = 127
MOST_RSA = 4096
LONGEST_SERIAL = 32
"""Octets (EXTERNAL_SERIAL_SIZE)."""
ROWS = 11
"""Of the table of authorities; those of one row are found latest first."""

EXPONENT, MEMORY, BUFFER = -112, -125, -132
PARSE, VERSION, TWICE, BEFORE, AFTER, CONFIRM, CRITICAL = -140, -141, -144, -150, -151, -155, -160
NO_SIGNER, NAME_INVALID, PATH_LENGTH, SELF_SIGNED = -188, -198, -238, -275
MISMATCH, NOT_CA, NO_SERVER_USE = -322, -357, -386
TOO_LARGE, RSA_SIZE, ECC_SIZE = -404, -409, -410
SIGNATURE_OID, UNKNOWN_OID, NO_PROOF = -152, -148, -330

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
        self.name = key_id(certificate)
        self.row = int.from_bytes(self.name[:4]) % ROWS


class Manager:
    """The authorities: those trusted, and those that came and were verified."""

    def __init__(self, view: View) -> None:
        """Load what is trusted."""
        self.view = view
        self.signers: list[Signer] = []
        for certificate in view.trust:
            wrong = (
                _dated(certificate, view)
                or max(_extended(certificate), key=abs)
                or small(certificate)
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
            found = self._by_id(key_id(certificate))
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
        if large(issuer.certificate):
            return BUFFER, 0
        if self.view.signature(certificate, issuer.certificate) is not State.VALID:
            return CONFIRM, 0
        if not names.permitted(certificate, issuer.certificate):
            return NAME_INVALID, 0
        return dated or critical, longest


class Chain:
    """ProcessPeerCerts: what verifies is kept from the end on, then comes the server's.

    Attributes:
        wrong: the error of the server's certificate; 0 where there is none.
        later: the first error above it, with certificate and depth.
    """

    def __init__(self, view: View) -> None:
        """Go through what was sent."""
        self.view = view
        self.manager = manager = Manager(view)
        self.later: tuple[int, Certificate, int] | None = None
        self._above: Certificate | None = None
        sent = view.presented[:MOST_CERTIFICATES]
        for depth in range(len(sent) - 1, 0, -1):
            certificate = sent[depth]
            wrong, longest = manager.verified(certificate)
            wrong = wrong or small(certificate)
            if wrong in (NO_SIGNER, SELF_SIGNED) and _is_ca(certificate):
                continue
            if not wrong and _is_ca(certificate):
                wrong = _addable(certificate)
                if not wrong:
                    manager.add(certificate, longest)
            if wrong and self.later is None:
                self.later = wrong, certificate, depth
                with contextlib.suppress(Unreadable):  # what cannot be parsed may not tell it
                    above = manager.issuer(certificate)
                    self._above = above.certificate if above is not None else None
        leaf = view.leaf
        itself = leaf.der in view.trusted
        self.wrong = _trusted(view) if itself else manager.verified(leaf)[0]

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """From the server's upwards, by the issuers that are kept.

        Where none is kept for that, the first certificate that failed, and its issuer.
        """
        if self.wrong == NO_SIGNER and self.later is not None and self._above is not None:
            return self.later[1], self._above
        found = [self.view.leaf]
        while found[-1].der not in self.view.trusted:
            above = self.manager.issuer(found[-1])
            if above is None or above.certificate in found:
                break
            found.append(above.certificate)
        return tuple(found)


def _trusted(view: View) -> int:
    """A server's certificate that is trusted itself needs no issuer, but all else."""
    extended, critical = _extended(view.leaf)
    return extended or _dated(view.leaf, view) or critical


def large(certificate: Certificate) -> bool:
    """RSA of more bits than its numbers hold (FP_MAX_BITS, for products)."""
    key = certificate.public_key
    return isinstance(key, rsa.RSAPublicKey) and key.key_size > MOST_RSA


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


def key_id(certificate: Certificate) -> bytes:
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
    if structure.refused(certificate, Refuser.WOLFSSL) is not None:
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
        if kind in (reading.EXT_KEY_USAGE, openssl.NS_CERT_TYPE) and not _is_bit_string(value):
            return PARSE, 0
        if kind == _POLICY_CONSTRAINTS and value[:1] != b"\x30":
            return PARSE, 0  # DecodePolicyConstraints begins with GetSequence
        if kind == reading.EXT_SUBJECT_ALT_NAME and _has_odd_address(certificate):
            return MEMORY, 0
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
        if kind == reading.EXT_BASIC_CONSTRAINTS and _has_long_parts(value):
            return PARSE, 0
        if kind == reading.EXT_NAME_CONSTRAINTS and _has_empty_base(certificate):
            return PARSE, 0
        if kind == reading.EXT_NAME_CONSTRAINTS and not certificate.is_ca:
            return NAME_INVALID, 0
    return 0, CRITICAL if certificate.critical - _KNOWN else 0


def _has_empty_base(certificate: Certificate) -> bool:
    """DecodeSubtree, to which a name without a character is no GeneralName."""
    try:
        held = raw.constraints(certificate)
    except Malformed:
        return False
    return held is not None and any(not base for _, base in (*held.permitted, *held.excluded))


_LONG_PARTS = re.compile(rb"\x30.(?:\x01[^\x01]|(?:\x01\x01.)?\x02[^\x00\x01])", re.DOTALL)


def _has_long_parts(value: bytes) -> bool:
    """DecodeBasicCaConstraint, which has one octet for either (GetASN_Boolean, GetASN_Int8Bit)."""
    return _LONG_PARTS.match(value) is not None


def _is_bit_string(value: bytes) -> bool:
    """CheckBitString: its unused bits are 0; what stands behind it is not looked at."""
    try:
        _, _, end = der.element(value, 0, len(value))
    except Malformed:
        return False
    return boring.usages(value[:end]) is not None


def _has_odd_address(certificate: Certificate) -> bool:
    """GenerateDNSEntryIPString, which makes a text of each."""
    try:
        names = raw.alt_names(certificate) or ()
    except Malformed:
        return False  # what it makes of those is not known
    return any(tag == raw.IP and len(value) not in (4, 16) for tag, value in names)


def small(certificate: Certificate) -> int:
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


def as_read(view: View) -> View:
    """The view with facts of which something stands behind; and an empty basicConstraints."""
    view = lenient(rolled_days(view), {"basic_constraints": _no_ca})
    return first_values(view, ("key_usage", "subject_key_id", "authority_key_id"))


def _no_ca(value: bytes) -> BasicConstraints:
    """DecodeBasicCaConstraint is done where the SEQUENCE is empty."""
    if not value.startswith(b"\x30\x00"):
        raise Malformed("basicConstraints: it may be a CA")
    return NO_CA


def taken(view: View) -> Taken:
    """The chain by the issuers that it keeps; it objects to whatever was sent."""
    view = as_read(view)
    chain = Chain(view)
    certificates = chain.certificates
    objections = []
    ended = Ended.TRUSTED
    if chain.wrong in (NO_SIGNER, SELF_SIGNED):
        ended = Ended.SELF_SIGNED if chain.wrong == SELF_SIGNED else Ended.NO_ISSUER
    elif chain.wrong:
        objections.append(Objection(view.leaf, chain.wrong))
    if chain.later is not None:
        objections.append(Objection(chain.later[1], chain.later[0]))
    if len(view.presented) > MOST_CERTIFICATES:
        objections.append(Objection(view.leaf, TOO_LARGE))
    return Taken(certificates, ended, tuple(objections))
