"""libpkix: any path to an anchor will do (pkix_build.c and the checkers beside it at 3.87.1).

Issuers that do not fit are passed over in silence; a path that reaches an anchor is validated from
there down, and what ends it is told where no other path holds.
"""

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import policies, unsure, work
from edgecheck.behaviour.lenient import lenient, rolled_days
from edgecheck.behaviour.nss import names, store
from edgecheck.behaviour.nss.chain import unstored, unusable
from edgecheck.behaviour.nss.errors import (
    CRITICAL,
    DISABLED,
    MAPPING,
    NO_OID,
    OUTSIDE,
    POLICY,
    SIGNATURE,
    UNKNOWN,
    UNTRUSTED,
    Place,
    constraints,
    disabled,
    unverifiable,
)
from edgecheck.behaviour.strictly import STRICT
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.policies import ANY_POLICY, policy_extensions
from edgecheck.reading.strict import extension_name

MOST_STEPS = 300
_KNOWN = store.KNOWN - store.INFORMATIVE - {
    reading.EXT_AUTHORITY_KEY_ID,
    reading.EXT_SUBJECT_KEY_ID,
} | {
    reading.EXT_POLICIES,
    reading.EXT_POLICY_MAPPINGS,
    reading.EXT_POLICY_CONSTRAINTS,
    reading.EXT_INHIBIT_ANY_POLICY,
}
"""Critical extensions that a checker takes off the list."""

_COUNTING = frozenset(
    (
        reading.EXT_POLICY_MAPPINGS,
        reading.EXT_POLICY_CONSTRAINTS,
        reading.EXT_INHIBIT_ANY_POLICY,
    )
)
"""What the checker of policies reads of authorities."""
_NO_CONSTRAINTS = b"\x30\x00"

Path = tuple[Certificate, ...]


class Paths:
    """One search."""

    def __init__(self, view: View) -> None:
        """Nothing is told yet."""
        self.view = view
        self.steps = 0
        self.told: Place | None = None
        self._anchors = _by_name(view.trust)
        self._sent = _by_name(c for c in view.presented[1:] if c.der not in view.trusted)

    def verified(self) -> Place | None:
        """What is wrong with every path, or with the names of the one that holds."""
        leaf = self.view.leaf
        path = self._reached((leaf,))
        if path is None:
            return self.told or (UNKNOWN, leaf)
        listed = names.constrained(leaf, True)
        for issuer in path[1:]:  # the common name is looked at once the path stands
            held = constraints(issuer)
            if held is not None and not names.within(held, listed):
                return OUTSIDE, leaf
        return None

    def _reached(self, path: Path) -> Path | None:
        """The path up to an anchor."""
        self.steps += 1
        subject = path[-1]
        if self.steps > MOST_STEPS:
            raise work.Spent(work.SPENT)
        for anchor in self._anchors.get(subject.issuer_raw, ()):
            if self._fits(path, anchor):
                wrong = self._invalid((*path, anchor))
                if wrong is None:
                    return (*path, anchor)
                self.told = self.told or wrong
        for issuer in self._sent.get(subject.issuer_raw, ()):
            if not self._fits(path, issuer):
                continue
            if issuer in path:
                if issuer is not subject:
                    self.told = self.told or (UNTRUSTED, issuer)
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

    def _fits(self, path: Path, issuer: Certificate) -> bool:
        """What an issuer has to fulfil to be tried (pkix_CertSelector_DefaultMatch)."""
        work.spend(work.CANDIDATE + len(path) // 4)
        view, subject = self.view, path[-1]
        if store.identified(subject, issuer) is False:
            return False
        if not store.timely(issuer, view.at) or not store.may_sign(issuer):
            return False
        anchor = issuer.der in view.trusted
        if not store.kinds(issuer, anchor) & store.SSL_CA:
            return False
        constrains = store.constrains(issuer)
        if not store.authority(issuer) and (constrains or not anchor):
            return False
        below = sum(c.subject_raw != c.issuer_raw for c in path[1:])
        length = store.path_length(issuer)
        if constrains and length is not None and below > length:
            return False
        held = constraints(issuer)
        if held is None:
            return True
        return names.within(held, [name for c in path for name in names.constrained(c, False)])

    def _invalid(self, path: Path) -> Place | None:
        """What the checkers find, from below the anchor to the server's certificate."""
        anchor = path[-1]
        if not isinstance(anchor.public_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            return UNTRUSTED, anchor
        lacking = _lacks_policy(path)
        for place in range(len(path) - 2, -1, -1):
            subject, issuer = path[place], path[place + 1]
            if place and _maps_any(subject):
                return MAPPING, subject
            if subject is lacking:
                return POLICY, subject
            if disabled(subject):
                return DISABLED, subject
            if not isinstance(subject.public_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
                return NO_OID, subject
            if not store.usable(issuer.public_key) or not self._signed(subject, issuer):
                return SIGNATURE, subject
            twice = subject.critical & set(subject.duplicate_extensions)
            if subject.critical - _KNOWN or twice:
                return CRITICAL, subject
            wrong = unverifiable(subject)
            if wrong is not None:
                return wrong, subject
        return None


def _by_name(certificates: Iterable[Certificate]) -> dict[bytes, list[Certificate]]:
    """Each once, in their order."""
    found: dict[bytes, list[Certificate]] = {}
    for certificate in dict.fromkeys(certificates):
        found.setdefault(certificate.subject_raw, []).append(certificate)
    return found


def _lacks_policy(path: Path) -> Certificate | None:
    """Return where a policy is needed and none is left (RFC 5280, section 6.1); None: nowhere.

    Raises:
        Malformed: the checker of policies comes to what it may not decode; anchors it leaves out.
    """
    for issuer in path[1:-1]:
        for kind in _COUNTING & issuer.extensions.keys():
            value = issuer.extensions[kind]
            if value != _NO_CONSTRAINTS and unsure.malformed(kind, value) is not None:
                raise Malformed(f"{extension_name(kind)}: not as its syntax says")
    return policies.lacks_policy(path[:-1])


def _maps_any(issuer: Certificate) -> bool:
    """pkix_PolicyChecker_MapContains of anyPolicy, whatever policies are left."""
    mappings = policy_extensions(issuer).mappings or ()
    return any(ANY_POLICY in pair for pair in mappings)


def taken(view: View) -> Taken:
    """Whether any path holds; which one is not kept."""
    view = lenient(rolled_days(view), STRICT, store.OF_ANCHORS)
    wrong = unstored(view) or unusable(view) or Paths(view).verified()
    if wrong is None:
        return Taken((view.leaf,), Ended.TRUSTED)
    error, at = wrong
    if error == UNKNOWN:
        return Taken((view.leaf,), Ended.NO_ISSUER)
    return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(at, error),))
