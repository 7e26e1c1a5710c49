"""The chain that Java validates as it came, or builds (PKIXValidator of JSSE at 17).

In order, as far as the certificates name each other up to something trusted, nothing else is tried;
else SunCertPathBuilder tries every path.
"""

from edgecheck.behaviour import raw
from edgecheck.behaviour.jsse import algorithms, names
from edgecheck.behaviour.jsse.building import built
from edgecheck.behaviour.jsse.checks import (
    CHECKED,
    Constraints,
    denies_signing,
    of_several,
    signed,
)
from edgecheck.behaviour.jsse.parse import (
    authority_key_id,
    subject_key_id,
    unparsable,
)
from edgecheck.behaviour.jsse.policies import lacks_policy, maps_any, of_any, qualified_policies
from edgecheck.behaviour.jsse.records import V17, V21
from edgecheck.behaviour.jsse.wrong import (
    BAD,
    EXPIRED,
    FAILED,
    UNKNOWN,
    VALIDATION,
    Wrong,
)
from edgecheck.behaviour.lenient import rolled_days
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate

MOST_CERTIFICATES = 10
"""jdk.tls.maxCertificateChainLength."""
NO_POLICY = "non-null policy tree required and policy tree is null"
QUALIFIED = "critical policy qualifiers present in certificate"


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
        return built(view, version)
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
    """PKIXCertPathValidator: the anchors that may be meant, the last failure counts.

    Which of them is tried first is chance: a HashSet holds them, and TrustAnchor has no hash of its
    own (PKIXParameters.setTrustAnchors). 17.0.15 took one and the other of two, run by run.
    """
    top = chain[-1]
    failure = Wrong(FAILED + "Path does not chain with any of the trust anchors", top)
    good: list[Certificate] = []
    for anchor in view.trust:
        if not names.same(anchor.subject_raw, top.issuer_raw) or not _identified(top, anchor):
            continue
        try:
            _check_path(view, chain, anchor, version)
        except Wrong as wrong:
            failure = wrong.with_traceback(None)
        else:
            good.append(anchor)
    try:
        if good:
            return of_several(good, VALIDATION)
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
    state = Constraints(len(chain), version)
    issuer, without, qualified = anchor, lacks_policy(chain), qualified_policies(chain)
    mapping = maps_any(chain)
    for certificate in reversed(chain):
        state.left -= 1
        algorithms.check(certificate, issuer, FAILED, version, state.first)
        if version < V21:
            algorithms.check_usage(certificate)
        if state.left and denies_signing(certificate):
            told = "CA key usage check failed: keyCertSign bit is not set"
            raise Wrong(FAILED + told, certificate)
        state.constraints(certificate, FAILED)
        if certificate is qualified:
            raise Wrong(FAILED + QUALIFIED, certificate)
        if certificate is mapping:
            raise Wrong(FAILED + of_any(certificate), certificate)
        if certificate is without:
            raise Wrong(FAILED + NO_POLICY, certificate)
        if not certificate.not_before <= view.at <= certificate.not_after:
            alert = EXPIRED if view.at > certificate.not_after else BAD
            raise Wrong(FAILED + "validity check failed", certificate, alert)
        if not raw.rdn_count(certificate.issuer_raw):
            told = "empty/null issuer DN in certificate is invalid"
            raise Wrong(FAILED + f"subject/issuer name chaining check failed: {told}", certificate)
        if not signed(view, certificate, issuer):
            alert = UNKNOWN if algorithms.needs_another_key(certificate, issuer) else BAD
            raise Wrong(FAILED + "signature check failed", certificate, alert)
        algorithms.check_offered(certificate, FAILED, version, state.first)
        if version >= V21:
            algorithms.check_usage(certificate)
        if certificate.critical - CHECKED:
            raise Wrong(FAILED + "unrecognized critical extension(s)", certificate)
        issuer = certificate


def taken(view: View, version: int = V17) -> Taken:
    """What came in order; a path of several that it tries is its own only where it is good."""
    view = rolled_days(view)
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
