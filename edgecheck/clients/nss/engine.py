"""How tstclnt decides, with the classic chain builder and with libpkix.

Mimics lib/certhigh/certvfy.c (cert_VerifyCertWithFlags, cert_VerifyCertChainOld), find_cert_issuer
of lib/pki/certificate.c and, for libpkix, that every path is tried (pkix_build.c), at 3.87.1.
"""

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.nss import names, store
from edgecheck.behaviour.nss.records import Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.nss import pkix
from edgecheck.clients.nss.errors import (
    CRITICAL,
    DISABLED,
    DOMAIN,
    EXPIRED,
    INVALID,
    ISSUER_EXPIRED,
    LIBRARY,
    NO_CA,
    NO_OVERLAP,
    OUTSIDE,
    REUSED,
    SIGNATURE,
    TIME,
    TOO_LONG,
    TYPE,
    UNKNOWN,
    UNTRUSTED,
    USAGE,
    WEAK,
    Place,
    constraints,
    disabled,
    unverifiable,
)
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate

MOST_ABOVE = 20
"""CERT_MAX_CERT_CHAIN."""
LEAST_RSA = 1023


def run(view: View, settings: Settings) -> Answer:
    """Take in what was sent, look at the server's certificate, then at its chain and its name."""
    view = lenient(view)
    if not all(map(raw.serial, view.trust)):  # the database takes none without a serial number
        stored = tuple(root for root in view.trust if raw.serial(root))
        view = view.with_certificates(view.presented, stored)
    wrong = _unstored(view) or _unusable(view)
    if wrong is None:
        wrong = (pkix.Paths(view).verified if settings.pkix else _Chain(view).verified)()
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
            return (INVALID if certificate is view.leaf else LIBRARY), certificate
        if not raw.serial(certificate):
            return LIBRARY, certificate
        same = known.setdefault((certificate.issuer_raw, certificate.serial), certificate)
        if same.der != certificate.der:
            return REUSED, certificate
    key = view.leaf.public_key
    if not store.usable(key):
        return NO_OVERLAP, view.leaf
    if not view.proves_key:
        return SIGNATURE, view.leaf
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
            wrong = CRITICAL if subject.critical - store.KNOWN else unverifiable(subject)
            if wrong is not None:
                return wrong, subject
            issuer = subject if store.is_root(subject) else self._issuer(subject)
            if issuer is None:
                return UNKNOWN, subject
            timely = store.timely(issuer, view.at)
            if timely is False:
                return ISSUER_EXPIRED, issuer
            if disabled(subject):
                return DISABLED, subject
            good = store.usable(issuer.public_key) and timely is not None
            if not good or view.signature(subject, issuer) is not State.VALID:
                return SIGNATURE, subject
            limit = issuer.basic_constraints
            if limit is not None and not limit.ca:
                return NO_CA, issuer
            if limit is not None and limit.path_length is not None and below > limit.path_length:
                return TOO_LONG, issuer
            held = constraints(issuer)
            if held is not None and not names.within(held, listed):
                return OUTSIDE, issuer
            if issuer.der in view.trusted:
                return None
            if not store.may_issue(issuer):
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
