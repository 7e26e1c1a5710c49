"""The chain that Java validates as it came, or builds (PKIXValidator of JSSE at 17).

In order, as far as the certificates name each other up to something trusted, nothing else is tried;
else SunCertPathBuilder tries every path.
"""

from edgecheck.behaviour import raw
from edgecheck.behaviour.jsse import algorithms, extensions, names
from edgecheck.behaviour.jsse.parse import (
    authority_key_id,
    basic_constraints,
    key_usage,
    on_known_curve,
    subject_key_id,
    unparsable,
)
from edgecheck.behaviour.jsse.policies import lacks_policy, qualified_policies
from edgecheck.behaviour.jsse.records import V17, V21
from edgecheck.behaviour.jsse.shown import shown
from edgecheck.behaviour.jsse.wrong import (
    BAD,
    EXPIRED,
    FAILED,
    HANDSHAKE,
    INTERNAL,
    NOT_FOUND,
    UNKNOWN,
    VALIDATION,
    Wrong,
)
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import FOR_PSS, State
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import KEY_CERT_SIGN

MOST_CERTIFICATES = 10
"""jdk.tls.maxCertificateChainLength."""
NO_POLICY = "non-null policy tree required and policy tree is null"
QUALIFIED = "critical policy qualifiers present in certificate"
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


def in_order(view: View) -> list[Certificate] | None:
    """PKIXValidator.engineValidate: the certificates that are validated as they came.

    None where they are not in order, or lead to nothing trusted; then every path is tried.
    """
    chain = list(view.presented)
    previous = chain[0].issuer_raw
    for at, certificate in enumerate(chain[1:], 1):
        if not names.same(certificate.subject_raw, previous):
            return None
        if _is_anchor(certificate, view):
            return chain[:at]
        previous = certificate.issuer_raw
    known = any(names.same(anchor.subject_raw, previous) for anchor in view.trust)
    return chain if known else None


def verified(view: View, version: int = V17) -> tuple[Certificate, ...]:
    """The chain, with its anchor; what is trusted itself is all of it. Raises `Wrong`."""
    if view.leaf.der in view.trusted:
        return (view.leaf,)
    chain = in_order(view)
    if chain is None:
        return _built(view, version)
    return (*chain, _validated(view, chain, version))


def _is_anchor(certificate: Certificate, view: View) -> bool:
    """Trusted itself, or by the name and key of what is trusted."""
    if certificate.der in view.trusted:
        return True
    return any(
        anchor.spki == certificate.spki and names.same(anchor.subject_raw, certificate.subject_raw)
        for anchor in view.trust
    )


def _validated(view: View, chain: list[Certificate], version: int) -> Certificate:
    """PKIXCertPathValidator: the anchors that may be meant, the last failure counts."""
    top = chain[-1]
    failure = Wrong(FAILED + "Path does not chain with any of the trust anchors", top)
    for anchor in view.trust:
        if not names.same(anchor.subject_raw, top.issuer_raw) or not _identified(top, anchor):
            continue
        try:
            _check_path(view, chain, anchor, version)
        except Wrong as wrong:
            failure = wrong.with_traceback(None)
        else:
            _check_anchor(anchor, VALIDATION)
            return anchor
    try:
        raise failure
    finally:
        del failure  # or the exception and this frame, which it holds then, would hold each other


def _identified(child: Certificate, anchor: Certificate) -> bool:
    """AdaptableX509CertSelector: key identifier and serial number do not contradict."""
    authority = authority_key_id(child)
    if authority is None:
        return True
    have = subject_key_id(anchor)
    if authority.key_id is not None and have is not None and authority.key_id != have:
        return False
    return authority.serial is None or anchor.version < 3 or authority.serial == anchor.serial


def passes_over(anchor: Certificate, view: View) -> bool:
    """Whether what came in order names an anchor as its issuer, and another key or number.

    Raises `Unreadable` where the authorityKeyIdentifier below cannot be read.
    """
    chain = in_order(view)
    if chain is None or not names.same(anchor.subject_raw, chain[-1].issuer_raw):
        return False
    return not _identified(chain[-1], anchor)


def _check_path(view: View, chain: list[Certificate], anchor: Certificate, version: int) -> None:
    """PKIXMasterCertPathValidator: from the top down, each checker over each certificate."""
    state = _State(len(chain), version)
    issuer, without, qualified = anchor, lacks_policy(chain), qualified_policies(chain)
    for certificate in reversed(chain):
        state.left -= 1
        algorithms.check(certificate, issuer, FAILED, version, state.first)
        if version < V21:
            algorithms.check_usage(certificate)
        if state.left and _denies_signing(certificate):
            told = "CA key usage check failed: keyCertSign bit is not set"
            raise Wrong(FAILED + told, certificate)
        state.constraints(certificate, FAILED)
        if certificate is qualified:
            raise Wrong(FAILED + QUALIFIED, certificate)
        if certificate is without:
            raise Wrong(FAILED + NO_POLICY, certificate)
        if not certificate.not_before <= view.at <= certificate.not_after:
            alert = EXPIRED if view.at > certificate.not_after else BAD
            raise Wrong(FAILED + "validity check failed", certificate, alert)
        if not raw.rdn_count(certificate.issuer_raw):
            told = "empty/null issuer DN in certificate is invalid"
            raise Wrong(FAILED + f"subject/issuer name chaining check failed: {told}", certificate)
        if not _signed(view, certificate, issuer):
            alert = UNKNOWN if algorithms.needs_another_key(certificate, issuer) else BAD
            raise Wrong(FAILED + "signature check failed", certificate, alert)
        algorithms.check_offered(certificate, FAILED, version, state.first)
        if version >= V21:
            algorithms.check_usage(certificate)
        if certificate.critical - CHECKED:
            raise Wrong(FAILED + "unrecognized critical extension(s)", certificate)
        issuer = certificate


class _State:
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
            length = _path_length(certificate, own and self.first)
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
        except names.EmptyBase:
            raise Wrong(_EMPTY_BASE[self.version >= V21], certificate, INTERNAL) from None
        if (not self.left or not own) and not allowed:
            raise Wrong(prefix + "name constraints check failed", certificate)
        mine = _constraints(certificate)
        if mine is not None:
            self.held.append(mine)


_EMPTY_BASE = (
    "javax.net.ssl.SSLException: String index out of range: 0",
    "javax.net.ssl.SSLException: Index 0 out of bounds for length 0",
)
"""Up to 17, and since 21."""


def _constraints(certificate: Certificate) -> raw.Constraints | None:
    """NameConstraints; None also where they cannot be decoded, which then are not critical."""
    value = certificate.extensions.get(reading.EXT_NAME_CONSTRAINTS)
    if value is None or extensions.undecodable(reading.EXT_NAME_CONSTRAINTS, value) is not None:
        return None
    return raw.constraints(certificate)


def _path_length(certificate: Certificate, rolls_over: bool) -> int | None:
    """getBasicConstraints: None for what is no CA."""
    if certificate.version < 3:
        return 2**31 - 1 if rolls_over else None
    constraints = basic_constraints(certificate)
    if constraints is None or not constraints.ca:
        return None
    return 2**31 - 1 if constraints.path_length is None else constraints.path_length


def _denies_signing(certificate: Certificate) -> bool:
    usage = key_usage(certificate)
    return usage is not None and not usage & KEY_CERT_SIGN


def _check_anchor(anchor: Certificate, prefix: str) -> None:
    """VerifyTrustAnchor."""
    if anchor.version < 3:
        return
    subject = shown(anchor.subject_raw)
    told = f'sun.security.validator.ValidatorException: TrustAnchor with subject "{subject}"'
    if _path_length(anchor, False) is None:
        raise Wrong(f"{prefix}{told} is not a CA certificate", anchor)
    if _denies_signing(anchor):
        told += " does not have keyCertSign bit set in KeyUsage extension"
        raise Wrong(prefix + told, anchor)


def _signed(view: View, certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the signature fits; SunEC has no curves but three since 16.

    A key of id-RSASSA-PSS without parameters is an RSA key like any other (RSAKeyFactory).
    """
    if not on_known_curve(issuer):
        return False
    valid = view.signature(certificate, issuer) is State.VALID
    return valid or view.not_for(certificate, issuer) == FOR_PSS


def _built(view: View, version: int) -> tuple[Certificate, ...]:
    """SunCertPathBuilder: depth first over names; whatever fails, it says one sentence."""
    target = view.leaf
    if not target.not_before <= view.at <= target.not_after or target.critical - CHECKED:
        raise Wrong(NOT_FOUND, target)
    path = _search(view, [target], list(dict.fromkeys(view.presented)), version)
    if path is None:
        raise Wrong(NOT_FOUND, target)
    _check_anchor(path[-1], HANDSHAKE + "PKIX path building failed: ")
    return path


def _search(
    view: View, path: list[Certificate], others: list[Certificate], version: int
) -> tuple[Certificate, ...] | None:
    child = path[-1]
    for anchor in view.trust:
        in_time = len(path) == 1 or anchor.not_before <= view.at <= anchor.not_after
        if names.same(anchor.subject_raw, child.issuer_raw) and in_time:
            try:
                _finally(view, path, anchor, version)
            except Wrong:
                continue
            return (*path, anchor)
    traversed = sum(not names.same(c.subject_raw, c.issuer_raw) for c in path[1:])
    for issuer in others:
        if issuer.der in view.trusted or not names.same(issuer.subject_raw, child.issuer_raw):
            continue
        if not issuer.not_before <= view.at <= issuer.not_after or issuer in path:
            continue
        length = _path_length(issuer, False)
        if length is None or length < traversed or _denies_signing(issuer):
            continue
        if issuer.critical - CHECKED:
            continue
        if len(path) > 1 and all(names.same(c.subject_raw, c.issuer_raw) for c in (child, issuer)):
            return None
        found = _search(view, [*path, issuer], others, version)
        if found is not None:
            return found
    return None


def _finally(view: View, path: list[Certificate], anchor: Certificate, version: int) -> None:
    """The final verification of a path that has reached an anchor."""
    state = _State(len(path), version)
    issuer, without, qualified = anchor, lacks_policy(path), qualified_policies(path)
    for certificate in reversed(path):
        state.left -= 1
        if not _signed(view, certificate, issuer) or certificate in (without, qualified):
            raise Wrong(NOT_FOUND, certificate)
        state.constraints(certificate, "")
        algorithms.check(certificate, issuer, "", version, state.first)
        algorithms.check_offered(certificate, "", version, state.first)
        issuer = certificate


def taken(view: View, version: int = V17) -> Taken:
    """What came in order; a path of several that it tries is its own only where it is good."""
    for certificate in (*view.trust, *view.presented):
        why = unparsable(certificate)
        if why is not None:
            return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(certificate, why),))
    if len(view.presented) > MOST_CERTIFICATES:
        return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(view.leaf, "length"),))
    try:
        return Taken(verified(view, version), Ended.TRUSTED)
    except Wrong as wrong:
        chain = in_order(view)
        if chain is None:
            return Taken((view.leaf,), Ended.NO_ISSUER)
        end = () if chain[-1].der in view.trusted else _tried_last(view, chain[-1])
        objection = Objection(wrong.certificate, wrong.says)
        return Taken((*chain, *end), Ended.TRUSTED, (objection,))


def _tried_last(view: View, top: Certificate) -> tuple[Certificate, ...]:
    """The anchor whose failure counts; where no anchor is one that may be meant, the last named."""
    named = [anchor for anchor in view.trust if names.same(anchor.subject_raw, top.issuer_raw)]
    return tuple([one for one in named if _identified(top, one)][-1:] or named[-1:])
