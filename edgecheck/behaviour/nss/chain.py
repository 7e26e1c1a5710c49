"""The classic chain of NSS: one issuer is chosen, and what is wrong with it is final.

Mimics lib/certhigh/certvfy.c (cert_VerifyCertWithFlags, cert_VerifyCertChainOld), find_cert_issuer
of lib/pki/certificate.c, and what CERT_NewTempCertificate takes in, at 3.87.1.
"""

from contextlib import suppress

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.lenient import lenient, rolled_days
from edgecheck.behaviour.nss import names, store
from edgecheck.behaviour.nss.errors import (
    BAD_DER,
    CRITICAL,
    DISABLED,
    EXPIRED,
    EXTRA,
    INVALID,
    ISSUER_EXPIRED,
    LIBRARY,
    NO_CA,
    OUTSIDE,
    REUSED,
    SIGNATURE,
    TIME,
    TOO_LONG,
    TYPE,
    UNKNOWN,
    UNTRUSTED,
    USAGE,
    Place,
    constraints,
    disabled,
    unverifiable,
)
from edgecheck.behaviour.strictly import STRICT
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Unreadable

MOST_ABOVE = 20
"""CERT_MAX_CERT_CHAIN."""


def unstored(view: View) -> Place | None:
    """CERT_NewTempCertificate, which takes no two of one issuer with one serial number.

    Nor one with the number of another that is in its database, as what it trusts is.
    """
    known: dict[tuple[bytes, int], Certificate] = {}
    for anchor in view.trust:
        if not structure.refused(anchor, Refuser.NSS):
            with suppress(Unreadable):
                known.setdefault((anchor.issuer_raw, anchor.serial), anchor)
    for certificate in view.presented:
        if certificate.der in view.trailing or structure.refused(certificate, Refuser.NSS):
            return (INVALID if certificate is view.leaf else LIBRARY), certificate
        if not raw.serial(certificate):
            return LIBRARY, certificate
        same = known.setdefault((certificate.issuer_raw, certificate.serial), certificate)
        if same.der != certificate.der:
            return REUSED, certificate
    return None


def unusable(view: View) -> Place | None:
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


class Chain:
    """cert_VerifyCertChainOld: one issuer is chosen, and what is wrong with it is final."""

    def __init__(self, view: View) -> None:
        """Start with the server certificate."""
        self.view = view
        self.certificates = [view.leaf]
        self.at_root = False
        """Whether the last certificate is taken for its own issuer."""

    def verified(self) -> Place | None:
        """None, or what is wrong and with which certificate."""
        view, subject = self.view, self.view.leaf
        listed: list[raw.GeneralName] = []
        below, self_issued = 0, False
        for count in range(MOST_ABOVE):
            if not self_issued:
                listed += names.constrained(subject, count == 0)
            wrong = CRITICAL if subject.critical - store.KNOWN else unverifiable(subject)
            if wrong is not None:
                return wrong, subject
            self.at_root = store.is_root(subject)
            issuer = subject if self.at_root else self._issuer(subject)
            if issuer is None:
                return UNKNOWN, subject
            if issuer is not subject:
                self.certificates.append(issuer)
            timely = store.timely(issuer, view.at)
            if timely is False:
                return ISSUER_EXPIRED, issuer
            if disabled(subject):
                return DISABLED, subject
            good = store.usable(issuer.public_key) and timely is not None
            if not good or view.signature(subject, issuer) is not State.VALID:
                return SIGNATURE, subject
            try:
                limit = issuer.basic_constraints
            except Unreadable:
                return _undecodable(issuer), issuer
            if limit is not None and not limit.ca:
                return NO_CA, issuer
            length = store.path_length(issuer)
            if length is not None and below > length:
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


def _undecodable(issuer: Certificate) -> str:
    """CERT_FindBasicConstraintExten, of what is trusted and so taken for an authority."""
    with suppress(Unreadable):
        raw.first_of(issuer, "basic_constraints")
        return EXTRA
    return BAD_DER


def taken(view: View) -> Taken:
    """The issuers that it takes, as far as it comes."""
    view = lenient(rolled_days(view), STRICT, store.OF_TRUSTED)
    chain = Chain(view)
    wrong = unstored(view) or unusable(view) or chain.verified()
    ended = Ended.TRUSTED
    objections: tuple[Objection, ...] = ()
    if wrong is not None:
        error, at = wrong
        if error == UNKNOWN:
            ended = Ended.NO_ISSUER
        elif error == UNTRUSTED:
            ended = Ended.SELF_SIGNED
        else:
            ended = Ended.SELF_SIGNED if chain.at_root else Ended.GIVEN_UP
            objections = (Objection(at, error),)
    return Taken(tuple(chain.certificates), ended, objections)
