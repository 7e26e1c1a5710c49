"""The checks in Java of each certificate of a path, and of the anchor at its end.

ConstraintsChecker.java and PKIXValidator.verifyTrustAnchor, at 17.0.15.
"""

from collections.abc import Sequence

from edgecheck.behaviour import raw
from edgecheck.behaviour.jsse import extensions, names
from edgecheck.behaviour.jsse.parse import basic_constraints, key_usage, on_known_curve
from edgecheck.behaviour.jsse.records import V21
from edgecheck.behaviour.jsse.shown import shown
from edgecheck.behaviour.jsse.wrong import INTERNAL, ByChance, Wrong
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import FOR_PSS, State
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import KEY_CERT_SIGN

CHECKED = frozenset(
    (
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_KEY_USAGE,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_POLICIES,
        reading.EXT_POLICY_MAPPINGS,
        reading.EXT_POLICY_CONSTRAINTS,
        reading.EXT_INHIBIT_ANY_POLICY,
    )
)
"""Critical extensions that one of the checkers takes care of."""


class Constraints:
    """What ConstraintsChecker keeps on the way down."""

    def __init__(self, count: int, version: int) -> None:
        self.count = self.left = count
        self.version = version
        self.length = count
        """maxPathLength, which starts with the number of certificates."""
        self.held: list[raw.Constraints] = []

    @property
    def first(self) -> bool:
        """Whether it is about the certificate that the anchor issued."""
        return self.left == self.count - 1

    def constraints(self, certificate: Certificate, prefix: str) -> None:
        """BasicConstraints of a CA, then name constraints from above, then its own."""
        own = names.same(certificate.subject_raw, certificate.issuer_raw)
        if self.left:
            length = path_length(certificate, own and self.first)
            told = prefix + "basic constraints check failed: "
            if length is None:
                raise Wrong(told + "this is not a CA certificate", certificate)
            if not own:
                if self.length <= 0:
                    raise Wrong(
                        told + "pathLenConstraint violated - this cert must be the last cert in "
                        "the certification path",
                        certificate,
                    )
                self.length -= 1
            self.length = min(self.length, length)
        try:
            allowed = all(names.allowed(certificate, held) for held in self.held)
        except names.TooShort as short:
            told = f"javax.net.ssl.SSLException: Index {short} out of bounds for length {short}"
            raise Wrong(told, certificate, INTERNAL) from None
        except names.EmptyBase:
            raise Wrong(_EMPTY_BASE[self.version >= V21], certificate, INTERNAL) from None
        if (not self.left or not own) and not allowed:
            raise Wrong(prefix + "name constraints check failed", certificate)
        mine = held_by(certificate)
        if mine is not None:
            self.held.append(mine)


_EMPTY_BASE = (
    "javax.net.ssl.SSLException: String index out of range: 0",
    "javax.net.ssl.SSLException: Index 0 out of bounds for length 0",
)
"""Up to 17, and since 21."""


def held_by(certificate: Certificate) -> raw.Constraints | None:
    """Return name constraints; None also where they cannot be decoded, and so are not critical."""
    value = certificate.extensions.get(reading.EXT_NAME_CONSTRAINTS)
    if value is None or extensions.undecodable(reading.EXT_NAME_CONSTRAINTS, value) is not None:
        return None
    return raw.constraints(certificate)


def constrained(path: Sequence[Certificate]) -> bool:
    """Return whether an authority below the anchor has name constraints, which then are checked."""
    return any(held_by(issuer) is not None for issuer in path[1:-1])


def path_length(certificate: Certificate, rolls_over: bool) -> int | None:
    """Return what getBasicConstraints does; None for what is no CA."""
    if certificate.version < 3:
        return 2**31 - 1 if rolls_over else None
    constraints = basic_constraints(certificate)
    if constraints is None or not constraints.ca:
        return None
    return 2**31 - 1 if constraints.path_length is None else constraints.path_length


def denies_signing(certificate: Certificate) -> bool:
    """Return whether keyUsage is there and has no keyCertSign."""
    usage = key_usage(certificate)
    return usage is not None and not usage & KEY_CERT_SIGN


def unfit_anchor(anchor: Certificate) -> str | None:
    """Return what PKIXValidator.verifyTrustAnchor says of an anchor; None where it may be one."""
    if anchor.version < 3:
        return None
    subject = shown(anchor.subject_raw)
    told = f'sun.security.validator.ValidatorException: TrustAnchor with subject "{subject}"'
    if path_length(anchor, False) is None:
        return f"{told} is not a CA certificate"
    if denies_signing(anchor):
        return f"{told} does not have keyCertSign bit set in KeyUsage extension"
    return None


def of_several(anchors: list[Certificate], prefix: str) -> Certificate:
    """Return the anchor that is taken of those that hold; raise where it may be one that is unfit.

    What is taken first is final: PKIXValidator.verifyTrustAnchor comes when the search is over.
    """
    unfit = [anchor for anchor in anchors if unfit_anchor(anchor) is not None]
    for anchor in unfit:
        raised = Wrong if len(unfit) == len(anchors) else ByChance
        raise raised(f"{prefix}{unfit_anchor(anchor)}", anchor)
    return anchors[0]


def signed(view: View, certificate: Certificate, issuer: Certificate) -> bool:
    """Return whether the signature fits; SunEC has no curves but three since 16.

    A key of id-RSASSA-PSS without parameters is an RSA key like any other (RSAKeyFactory).
    """
    if not on_known_curve(issuer):
        return False
    valid = view.signature(certificate, issuer) is State.VALID
    return valid or view.not_for(certificate, issuer) == FOR_PSS
