"""Building a chain (verify_cert.rs), and what webpki refuses to read (cert.rs, der.rs)."""

import re

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from edgecheck.behaviour import raw, structure, work
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.behaviour.webpki.names import TOO_MANY, Comparisons, violated
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import ber
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed, body
from edgecheck.reading.extensions import SERVER_AUTH
from edgecheck.reading.times import is_impossible
from edgecheck.values import frozen

MOST_INTERMEDIATES = 6
MOST_SIGNATURES = 100
MOST_CALLS = 1_000
"""Where webpki gives up only after 200,000: nobody would wait for a model to go so far."""


RANKS = {
    "CertNotValidYet": 290,
    "CertExpired": 290,
    "InvalidSignatureForPublicKey": 260,
    "SignatureAlgorithmMismatch": 250,
    "EmptyEkuExtension": 245,
    "RequiredEkuNotFound": 240,
    "NameConstraintViolation": 230,
    "PathLenConstraintViolated": 220,
    "CaUsedAsEndEntity": 210,
    "EndEntityUsedAsCa": 210,
    "InvalidCertValidity": 190,
    "InvalidNetworkMaskConstraint": 180,
    "UnsupportedSignatureAlgorithmForPublicKey": 150,
    "UnsupportedSignatureAlgorithm": 140,
    "UnsupportedCriticalExtension": 130,
    "UnsupportedCertVersion": 130,
    "MaximumPathDepthExceeded": 61,
    "MalformedNameConstraint": 50,
    "TrailingData": 40,
    "ExtensionValueInvalid": 30,
    "BadDerTime": 20,
    "BadDer": 10,
    "UnknownIssuer": 0,
}
"""Error::rank(): the higher, the more specific."""

REMEMBERED = frozenset(
    (
        reading.EXT_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        reading.EXT_EXTENDED_KEY_USAGE,
    )
)
PSS = (
    "06092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108"
    "300d06096086480165030402010500a203020120",
    "06092a864886f70d01010a3034a00f300d06096086480165030402020500a11c301a06092a864886f70d010108"
    "300d06096086480165030402020500a203020130",
    "06092a864886f70d01010a3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108"
    "300d06096086480165030402030500a203020140",
)
"""Contents of the AlgorithmIdentifiers of RSASSA-PSS that are known, compared octet by octet."""
_TIME = re.compile(rb"\x17\x0d\d{12}Z|\x18\x0f\d{14}Z")


class Spent(Exception):
    """More paths than the model follows."""


class Fatal(Exception):
    """An error that ends the search, whatever other paths there are (ControlFlow::Break)."""

    def __init__(self, wrong: "Wrong") -> None:
        """Keep what it says."""
        super().__init__(wrong.error)
        self.wrong = wrong


@frozen
class Wrong:
    """An error of webpki, and the certificate that it is about."""

    error: str
    certificate: Certificate

    @property
    def rank(self) -> int:
        """How specific it is."""
        return RANKS[self.error]


def unreadable(certificate: Certificate, view: View) -> Wrong | None:
    """Cert::from_der."""
    if certificate.der in view.trailing:
        return Wrong("TrailingData", certificate)
    fault = structure.refused(certificate, Refuser.RUSTLS)
    if fault is not None and fault.kind != ber.VERSION:
        return Wrong("BadDer", certificate)
    if fault is not None or raw.version(certificate) != 3:
        return Wrong("UnsupportedCertVersion", certificate)
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        return Wrong("SignatureAlgorithmMismatch", certificate)
    if set(certificate.duplicate_extensions) & REMEMBERED:
        return Wrong("ExtensionValueInvalid", certificate)
    if certificate.critical - REMEMBERED:
        return Wrong("UnsupportedCriticalExtension", certificate)
    return None


def is_anchor(certificate: Certificate, view: View) -> bool:
    """anchor_from_trusted_cert: version 1 counts too, and what is critical does not matter."""
    if raw.version(certificate) == 1 and not certificate.extensions:
        return certificate.der not in view.trailing
    wrong = unreadable(certificate, view)
    return wrong is None or wrong.error == "UnsupportedCriticalExtension"


class Builder:
    """One call of build_chain."""

    def __init__(self, view: View, anchors: list[Certificate], helping: list[Certificate]) -> None:
        """Keep what it needs; `helping` are further intermediates."""
        self.view = view
        self.anchors = [anchor for anchor in anchors if is_anchor(anchor, view)]
        self.intermediates = [*view.presented[1:], *helping]
        self.calls = MOST_CALLS
        self.signatures = MOST_SIGNATURES
        self.comparisons = Comparisons()
        self._read: dict[bytes, Wrong | None] = {}
        self.found: tuple[Certificate, ...] = ()
        """The chain that passes."""

    def build(self) -> Wrong | None:
        """None where a chain passes.

        Raises:
            Spent: there are too many paths.
        """
        leaf = self.view.leaf
        try:
            return unreadable(leaf, self.view) or self._extend([leaf], 0)
        except Fatal as fatal:
            return fatal.wrong

    def _extend(self, path: list[Certificate], below: int) -> Wrong | None:
        """build_chain_inner: anchors first, then what was sent, in its order."""
        head = path[-1]
        wrong = self._by_itself(head, len(path) > 1, below)
        if wrong is not None:
            return wrong
        worst = Wrong("UnknownIssuer", head)
        for anchor in self.anchors:
            if anchor.subject_raw != head.issuer_raw:
                continue
            wrong = self._signed(path, anchor) or self._constrained(path, anchor)
            if wrong is None:
                self.found = (*path, anchor)
                return None
            worst = _most_specific(worst, wrong)
        for issuer in self.intermediates:
            work.spend(work.CANDIDATE)
            wrong = self._unreadable(issuer)
            if wrong is None:
                if issuer.subject_raw != head.issuer_raw or any(
                    issuer.spki == c.spki and issuer.subject_raw == c.subject_raw for c in path
                ):
                    continue
                self.calls -= 1
                if self.calls < 0:
                    raise Spent
                if len(path) > MOST_INTERMEDIATES:
                    wrong = Wrong("MaximumPathDepthExceeded", issuer)
                else:
                    wrong = self._extend([*path, issuer], below + (len(path) > 1))
                if wrong is None:
                    return None
            worst = _most_specific(worst, wrong)
        return worst

    def _unreadable(self, issuer: Certificate) -> Wrong | None:
        """The same for all paths."""
        if issuer.der not in self._read:
            self._read[issuer.der] = unreadable(issuer, self.view)
        return self._read[issuer.der]

    def _by_itself(self, certificate: Certificate, is_ca: bool, below: int) -> Wrong | None:
        """check_issuer_independent_properties."""
        times = (certificate.not_before_raw, certificate.not_after_raw)
        if not all(map(_TIME.fullmatch, times)) or any(map(is_impossible, times)):
            return Wrong("BadDerTime", certificate)
        if certificate.not_before < 0:
            return Wrong("BadDerTime", certificate)
        if certificate.not_before > certificate.not_after:
            return Wrong("InvalidCertValidity", certificate)
        if self.view.at < certificate.not_before:
            return Wrong("CertNotValidYet", certificate)
        if self.view.at > certificate.not_after:
            return Wrong("CertExpired", certificate)
        try:
            constraints = certificate.basic_constraints
        except Unreadable:
            return Wrong("BadDer", certificate)
        says_ca = constraints is not None and constraints.ca
        if says_ca and not is_ca:
            return Wrong("CaUsedAsEndEntity", certificate)
        if is_ca and not says_ca:
            return Wrong("EndEntityUsedAsCa", certificate)
        limit = constraints.path_length if is_ca and constraints is not None else None
        if limit is not None and below > limit:
            return Wrong("PathLenConstraintViolated", certificate)
        try:
            usages = certificate.extended_key_usage
        except Unreadable:
            return Wrong("EmptyEkuExtension", certificate)
        if usages is not None and SERVER_AUTH not in usages:
            return Wrong("RequiredEkuNotFound", certificate)
        return None

    def _signed(self, path: list[Certificate], anchor: Certificate) -> Wrong | None:
        """check_signed_chain: from the top down."""
        issuer = anchor
        for certificate in reversed(path):
            wrong = self._signature(certificate, issuer)
            if wrong is not None:
                return wrong
            issuer = certificate
        return None

    def _signature(self, certificate: Certificate, issuer: Certificate) -> Wrong | None:
        self.signatures -= 1
        if self.signatures < 0:
            raise Fatal(Wrong("MaximumSignatureChecksExceeded", certificate))
        used = algorithm(certificate.signature_algorithm)
        supported = used.key in ("RSA", "RSA-PSS", "EC", "Ed25519") and (
            used.hash is None or used.hash.name in ("sha256", "sha384", "sha512")
        )
        if used.key == "RSA-PSS":
            start, end = body(certificate.signature_algorithm, 0)
            supported = certificate.signature_algorithm[start:end].hex() in PSS
        if not supported:
            return Wrong("UnsupportedSignatureAlgorithm", certificate)
        if not usable(issuer, used.key):
            return Wrong("UnsupportedSignatureAlgorithmForPublicKey", certificate)
        key = issuer.public_key
        if not strong(key):
            return Wrong("InvalidSignatureForPublicKey", certificate)
        if self.view.signature(certificate, issuer) is not State.VALID:
            return Wrong("InvalidSignatureForPublicKey", certificate)
        return None

    def _constrained(self, path: list[Certificate], anchor: Certificate) -> Wrong | None:
        """check_signed_chain_name_constraints: each certificate's hold for all below it."""
        above = anchor
        for at in range(len(path) - 1, -1, -1):
            try:
                held = raw.constraints(above)
            except Malformed:
                return Wrong("BadDer", above)
            if held is not None:
                for certificate in reversed(path[: at + 1]):
                    error = violated(certificate, held, self.comparisons)
                    if error == TOO_MANY:
                        raise Fatal(Wrong(error, certificate))
                    if error is not None:
                        return Wrong(error, certificate)
            above = path[at]
        return None


def builder(view: View, only_roots: bool) -> Builder:
    """`only_roots`: what is trusted, but not self-issued, only helps to build."""
    anchors, helping = list(dict.fromkeys(view.trust)), list[Certificate]()
    if only_roots:
        helping = anchors
        anchors = [c for c in anchors if c.subject_raw == c.issuer_raw]
    return Builder(view, anchors, helping)


def taken(view: View, only_roots: bool = False) -> Taken:
    """The chain that passes; where none does, nothing is settled. Raises ValueError if spent."""
    search = builder(view, only_roots)
    try:
        wrong = search.build()
    except Spent:
        raise ValueError("there are too many paths to follow") from None
    if wrong is None:
        return Taken(search.found, Ended.TRUSTED)
    if wrong.error == "UnknownIssuer":
        return Taken((view.leaf,), Ended.NO_ISSUER)
    return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(wrong.certificate, wrong.error),))


def strong(key: object) -> bool:
    """RSA of 2048 to 8192 bits, and aws-lc's limit of the exponent (33 bits)."""
    if not isinstance(key, rsa.RSAPublicKey):
        return True
    return 2048 <= key.key_size <= 8192 and key.public_numbers().e < 1 << 33


def usable(issuer: Certificate, kind: str) -> bool:
    """Whether the key is of the kind that the signature needs, on a curve that is known."""
    try:
        key = issuer.public_key
    except Unreadable:
        return False
    if kind in ("RSA", "RSA-PSS"):
        return isinstance(key, rsa.RSAPublicKey)
    if kind == "EC":
        known = ("secp256r1", "secp384r1", "secp521r1")
        return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in known
    return isinstance(key, ed25519.Ed25519PublicKey)


def _most_specific(one: Wrong, other: Wrong) -> Wrong:
    return one if one.rank >= other.rank else other
