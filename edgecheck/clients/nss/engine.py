"""How tstclnt decides, with the classic chain builder and with libpkix.

Mimics lib/certhigh/certvfy.c (cert_VerifyCertWithFlags, cert_VerifyCertChainOld), find_cert_issuer
of lib/pki/certificate.c and, for libpkix, that every path is tried (pkix_build.c), at 3.87.1.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.clients import raw
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.client import Client, plain
from edgecheck.clients.nss import names, store
from edgecheck.clients.view import View
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

MOST_ABOVE = 20
"""CERT_MAX_CERT_CHAIN."""
MOST_STEPS = 2_000
LEAST_RSA = 1023

LIBRARY, REUSED = "SEC_ERROR_LIBRARY_FAILURE", "SEC_ERROR_REUSED_ISSUER_AND_SERIAL"
SIGNATURE, TIME = "SEC_ERROR_BAD_SIGNATURE", "SEC_ERROR_INVALID_TIME"
EXPIRED, ISSUER_EXPIRED = "SEC_ERROR_EXPIRED_CERTIFICATE", "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE"
USAGE, TYPE = "SEC_ERROR_INADEQUATE_KEY_USAGE", "SEC_ERROR_INADEQUATE_CERT_TYPE"
CRITICAL, MISMATCH = "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION", "SEC_ERROR_ALGORITHM_MISMATCH"
UNKNOWN, UNTRUSTED = "SEC_ERROR_UNKNOWN_ISSUER", "SEC_ERROR_UNTRUSTED_ISSUER"
NO_CA, TOO_LONG = "SEC_ERROR_CA_CERT_INVALID", "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID"
OUTSIDE, DISABLED = (
    "SEC_ERROR_CERT_NOT_IN_NAME_SPACE",
    "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED",
)
DOMAIN, WEAK = "SSL_ERROR_BAD_CERT_DOMAIN", "SSL_ERROR_WEAK_SERVER_CERT_KEY"

Place = tuple[str, Certificate]
Path = tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """Whether NSS_ENABLE_PKIX_VERIFY is set."""

    pkix: bool


def run(view: View, settings: Settings) -> Answer:
    """Take in what was sent, look at the server's certificate, then at its chain and its name."""
    wrong = _unstored(view) or _unusable(view)
    if wrong is None:
        wrong = (_Paths(view).verified if settings.pkix else _Chain(view).verified)()
    if wrong is None and view.hostname is not None and not names.host_matches(view):
        wrong = DOMAIN, view.leaf
    if wrong is None:
        return ACCEPT
    text, at = wrong
    depth = view.presented.index(at) if at in view.presented else len(view.presented)
    return reject(text, at, depth, text)


def _unstored(view: View) -> Place | None:
    """CERT_NewTempCertificate, which takes no two of one issuer with one serial number."""
    known: dict[tuple[bytes, int], Certificate] = {}
    for certificate in view.presented:
        if certificate.der in view.trailing:
            return LIBRARY, certificate
        same = known.setdefault((certificate.issuer_raw, certificate.serial), certificate)
        if same.der != certificate.der:
            return REUSED, certificate
    if not view.proves_key:
        return SIGNATURE, view.leaf
    key = view.leaf.public_key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA:
        return WEAK, view.leaf
    return None


def _unusable(view: View) -> Place | None:
    """cert_VerifyCertWithFlags, before it comes to the chain."""
    leaf = view.leaf
    timely = store.timely(leaf, view.at)
    if not timely:
        return (TIME if timely is None else EXPIRED), leaf
    if not store.may_exchange(leaf):
        return USAGE, leaf
    if not store.may_serve(leaf):
        return TYPE, leaf
    return None


def _unverifiable(view: View, subject: Certificate) -> str | None:
    """What is wrong with a certificate whose issuer is still to be found."""
    if subject.critical - store.KNOWN:
        return CRITICAL
    if subject.signature_algorithm != subject.tbs_signature_algorithm:
        return MISMATCH
    return None


def _disabled(subject: Certificate) -> bool:
    used = algorithm(subject.signature_algorithm)
    return used.hash is not None and used.hash.name == "md5"


def _constraints(issuer: Certificate) -> raw.Constraints | None:
    try:
        return raw.constraints(issuer)
    except Malformed:
        return raw.Constraints(excluded=((raw.DIRECTORY, b"\x30\x00"),))


class _Chain:
    """cert_VerifyCertChainOld: one issuer is chosen, and what is wrong with it is final."""

    def __init__(self, view: View) -> None:
        self.view = view

    def verified(self) -> Place | None:
        view, subject = self.view, self.view.leaf
        listed: list[raw.GeneralName] = []
        below, self_issued = 0, False
        for count in range(MOST_ABOVE):
            if not self_issued:
                listed += names.constrained(subject, count == 0)
            wrong = _unverifiable(view, subject)
            if wrong is not None:
                return wrong, subject
            issuer = subject if store.is_root(subject) else self._issuer(subject)
            if issuer is None:
                return UNKNOWN, subject
            timely = store.timely(issuer, view.at)
            if timely is False:
                return ISSUER_EXPIRED, issuer
            if _disabled(subject):
                return DISABLED, subject
            if timely is None or view.signature(subject, issuer) is not State.VALID:
                return SIGNATURE, subject
            limit = issuer.basic_constraints
            if limit is not None and not limit.ca:
                return NO_CA, issuer
            if limit is not None and limit.path_length is not None and below > limit.path_length:
                return TOO_LONG, issuer
            held = _constraints(issuer)
            if held is not None and not names.within(held, listed):
                return OUTSIDE, issuer
            if issuer.der in view.trusted:
                return None
            if limit is None or not store.may_issue(issuer):
                return NO_CA, issuer
            if not store.may_sign(issuer):
                return USAGE, issuer
            if store.is_root(issuer):
                return UNTRUSTED, issuer
            self_issued = issuer.subject_raw == issuer.issuer_raw
            below += not self_issued
            subject = issuer
        return UNKNOWN, subject

    def _issuer(self, subject: Certificate) -> Certificate | None:
        """find_cert_issuer: by name and key identifier, then the best."""
        view = self.view
        known = dict.fromkeys((*view.presented, *view.trust))
        named = [c for c in known if c.subject_raw == subject.issuer_raw]
        told = [(store.identified(subject, candidate), candidate) for candidate in named]
        sure = [candidate for match, candidate in told if match]
        best: Certificate | None = None
        for candidate in sure or [candidate for match, candidate in told if match is None]:
            if store.is_authority(candidate, view):
                best = candidate if best is None else self._better(best, candidate)
        return best

    def _better(self, best: Certificate, other: Certificate) -> Certificate:
        """nssCertificateArray_FindBestCertificate: usage, time, trust, and the newer."""
        view = self.view
        for told in (
            store.may_sign,
            lambda c: bool(store.timely(c, view.at)),
            lambda c: c.der in view.trusted,
        ):
            if told(best) != told(other):
                return best if told(best) else other
        return best if store.newer(best, other, view.at) else other


class _Paths:
    """libpkix: any path to an anchor will do; what ends the others is mostly not told."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.steps = 0
        self.told: Place | None = None

    def verified(self) -> Place | None:
        leaf = self.view.leaf
        wrong = _unverifiable(self.view, leaf) or self._pkix_critical(leaf)
        if wrong is not None:
            return wrong, leaf
        path = self._reached((leaf,))
        if path is None:
            return self.told or (UNKNOWN, leaf)
        listed = names.constrained(leaf, True)
        for issuer in path[1:]:  # the common name is looked at once the path stands
            held = _constraints(issuer)
            if held is not None and not names.within(held, listed):
                return OUTSIDE, leaf
        return None

    def _pkix_critical(self, certificate: Certificate) -> str | None:
        """Its key identifiers may not be critical, which its checkers do not take off the list."""
        left = {reading.EXT_AUTHORITY_KEY_ID, reading.EXT_SUBJECT_KEY_ID}
        return CRITICAL if certificate.critical & left else None

    def _reached(self, path: Path) -> Path | None:
        """The path up to an anchor."""
        self.steps += 1
        view, subject = self.view, path[-1]
        if self.steps > MOST_STEPS:
            return None
        for anchor in dict.fromkeys(view.trust):
            if self._issues(anchor, subject) and self._accepts(path, anchor, True):
                return (*path, anchor)
        for issuer in dict.fromkeys(view.presented[1:]):
            if not self._issues(issuer, subject):
                continue
            if issuer in path:
                if issuer is not subject:
                    self.told = self.told or (UNTRUSTED, issuer)
                continue
            if not self._accepts(path, issuer, False):
                continue
            if issuer.subject_raw == issuer.issuer_raw and self._signed(issuer, issuer):
                self.told = self.told or (UNTRUSTED, issuer)
                continue
            reached = self._reached((*path, issuer))
            if reached is not None:
                return reached
        return None

    def _signed(self, subject: Certificate, issuer: Certificate) -> bool:
        return self.view.signature(subject, issuer) is State.VALID

    def _issues(self, issuer: Certificate, subject: Certificate) -> bool:
        if issuer.subject_raw != subject.issuer_raw:
            return False
        return store.identified(subject, issuer) is not False

    def _accepts(self, path: Path, issuer: Certificate, anchor: bool) -> bool:
        """What one more certificate has to fulfil."""
        view, subject = self.view, path[-1]
        if not store.timely(issuer, view.at) or not store.may_sign(issuer):
            return False
        if not anchor:
            if not issuer.is_ca or issuer.version < 3 or not store.may_issue(issuer):
                return False
            if _unverifiable(view, issuer) or self._pkix_critical(issuer):
                return False
        limit = issuer.basic_constraints
        below = sum(c.subject_raw != c.issuer_raw for c in path[1:])
        if limit is not None and limit.path_length is not None and below > limit.path_length:
            return False
        held = _constraints(issuer)
        if held is not None:
            listed = [name for c in path for name in names.constrained(c, False)]
            if not names.within(held, listed):
                if len(path) == 1:
                    self.told = self.told or (OUTSIDE, subject)
                return False
        if not self._signed(subject, issuer) or _disabled(subject):
            if len(path) == 1:
                self.told = self.told or (SIGNATURE, subject)
            return False
        return True


CLIENTS = tuple(
    Client(
        f"nss3.87-{name}",
        f"NSS ({how})",
        "3.87.1",
        2,
        "modules and devices with NSS",
        run,
        Settings(name == "libpkix"),
        plain,
        (known,),
    )
    for name, how, known in (("tstclnt", "classic", "NSS"), ("libpkix", "libpkix", "NSS libpkix"))
)
