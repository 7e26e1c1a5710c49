"""The chain that mbedTLS walks: forward only, by names alone (verify_chain, find_parent)."""

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.mbedtls import names
from edgecheck.behaviour.mbedtls.parse import NO_SIGNATURE, unparsable
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State, algorithm
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import KEY_CERT_SIGN

MOST_INTERMEDIATES = 8
EXPIRED = "The certificate validity has expired"
NAME = "The certificate Common Name (CN) does not match with the expected CN"
NOT_TRUSTED = "The certificate is not correctly signed by the trusted CA"
FUTURE = "The certificate validity starts in the future"
KEY_USAGE = "Usage does not match the keyUsage extension"
EXT_KEY_USAGE = "Usage does not match the extendedKeyUsage extension"
BAD_MD = "The certificate is signed with an unacceptable hash."
BAD_PK = "The certificate is signed with an unacceptable PK alg (eg RSA vs ECDSA)."
BAD_KEY = "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)."


class Chain:
    """verify_chain: what it walks, and the flags that it gathers.

    Attributes:
        certificates: the chain, target first.
        flags: what is wrong, and with which certificate.
        ended: how it ends.
        too_long: the certificate at which it gives up.
    """

    def __init__(self, view: View, trust: list[Certificate]) -> None:
        """Walk; `trust` is what could be parsed of it."""
        self.view = view
        self.trust = trust
        self.certificates = [view.leaf]
        self.flags: list[tuple[str, Certificate]] = []
        if weak(view.leaf):
            self.flags.append((BAD_KEY, view.leaf))
        self.ended = Ended.TRUSTED
        self.too_long = self._walked()

    def _walked(self) -> Certificate | None:
        """Returns the certificate at which the chain is too long."""
        view, trust, flags = self.view, self.trust, self.flags
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
            if length == 1 and names.same(child.issuer_raw, child.subject_raw) and child in trust:
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
                self.ended = Ended.NO_ISSUER
                return None
            if length != 1 and names.same(child.issuer_raw, child.subject_raw):
                self_issued += 1
            if not trusted and length > MOST_INTERMEDIATES:
                self.ended = Ended.GIVEN_UP
                return parent
            if not good:
                flags.append((NOT_TRUSTED, child))
            if weak(parent):
                flags.append((BAD_KEY, parent))
            self.certificates.append(parent)
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
    if not names.same(child.issuer_raw, parent.subject_raw):
        return False
    if top and parent.version < 3:
        return True
    if parent.version < 3 or not parent.is_ca:
        return False
    usage = parent.key_usage
    return usage is None or bool(usage & KEY_CERT_SIGN)


def weak(certificate: Certificate) -> bool:
    """x509_profile_check_key of the default profile."""
    key = certificate.public_key
    return isinstance(key, rsa.RSAPublicKey) and key.key_size < 2048


def taken(view: View) -> Taken:
    """The chain that it walks, with all flags; what it cannot parse ends everything."""
    view = lenient(view)
    wrong = [(one, unparsable(one)) for one in view.presented]
    for certificate, why in wrong:
        if why is not None and why != NO_SIGNATURE:
            return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(certificate, why),))
    parsed = tuple(certificate for certificate, why in wrong if why is None)
    if not parsed:
        return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(view.leaf, NO_SIGNATURE),))
    view = view.with_certificates(parsed, view.trust)
    chain = Chain(view, [one for one in view.trust if unparsable(one) is None])
    flags = chain.flags[:-1] if chain.ended is Ended.NO_ISSUER else chain.flags
    objections = [Objection(at, flag) for flag, at in flags]
    if chain.too_long is not None:
        objections.append(Objection(chain.too_long, "length"))
    return Taken(tuple(chain.certificates), chain.ended, tuple(objections))
