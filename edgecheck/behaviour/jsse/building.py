"""The path that Java builds where certificates did not come in order.

SunCertPathBuilder.java and ForwardBuilder.java, at 17.0.15, which try every path.
"""

from edgecheck.behaviour.jsse import algorithms, names
from edgecheck.behaviour.jsse.checks import (
    CHECKED,
    Constraints,
    denies_signing,
    of_several,
    path_length,
    signed,
    unfit_anchor,
)
from edgecheck.behaviour.jsse.policies import lacks_policy, maps_any, qualified_policies
from edgecheck.behaviour.jsse.wrong import HANDSHAKE, NOT_FOUND, Wrong
from edgecheck.behaviour.view import View
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate

MOST_BETWEEN = 5
"""Authorities between server and anchor: PKIXBuilderParameters.maxPathLength.

Self-issued ones do not count; certificates that came in order have no such bound.
"""
V3 = 3


def built(view: View, version: int) -> tuple[Certificate, ...]:
    """Return the path, with its anchor: depth first over names.

    Raises:
        Wrong: there is none, for whatever reason, which is one sentence.
    """
    target = view.leaf
    if not target.not_before <= view.at <= target.not_after or target.critical - CHECKED:
        raise Wrong(NOT_FOUND, target)
    others = list(dict.fromkeys(view.presented))
    found = []
    for unfit in (False, True):  # the order of the candidates is that of hashes, too
        anchors = [anchor for anchor in view.trust if (unfit_anchor(anchor) is not None) is unfit]
        path = _search(view, anchors, [target], others, version)
        if path is not None:
            found.append(path)
    if not found:
        raise Wrong(NOT_FOUND, target)
    of_several([path[-1] for path in found], HANDSHAKE + "PKIX path building failed: ")
    return found[0]


def _search(
    view: View,
    anchors: list[Certificate],
    path: list[Certificate],
    others: list[Certificate],
    version: int,
) -> tuple[Certificate, ...] | None:
    child = path[-1]
    for anchor in anchors:
        in_time = len(path) == 1 or anchor.not_before <= view.at <= anchor.not_after
        in_time = in_time and (anchor.version >= V3 or _outlasts(anchor, child))
        if names.same(anchor.subject_raw, child.issuer_raw) and in_time:
            try:
                _finally(view, path, anchor, version)
            except Wrong:
                continue
            return (*path, anchor)
    traversed = sum(not names.same(c.subject_raw, c.issuer_raw) for c in path[1:])
    for issuer in others if traversed < MOST_BETWEEN else ():
        if issuer.der in view.trusted or not names.same(issuer.subject_raw, child.issuer_raw):
            continue
        if not issuer.not_before <= view.at <= issuer.not_after or _repeats(path, issuer):
            continue
        length = path_length(issuer, False)
        if length is None or length < traversed or denies_signing(issuer):
            continue
        if issuer.critical - CHECKED:
            continue
        if len(path) > 1 and all(names.same(c.subject_raw, c.issuer_raw) for c in (child, issuer)):
            return None
        found = _search(view, anchors, [*path, issuer], others, version)
        if found is not None:
            return found
    return None


def _outlasts(anchor: Certificate, child: Certificate) -> bool:
    """AdaptableX509CertSelector: before version 3 one has to be valid as long as its child."""
    return anchor.not_before <= child.not_before and child.not_after <= anchor.not_after


def _repeats(path: list[Certificate], issuer: Certificate) -> bool:
    """SunCertPathBuilder.repeated: one with its subject, key and alternative names came before."""
    san = issuer.extensions.get(reading.EXT_SUBJECT_ALT_NAME)
    return any(
        names.same(one.subject_raw, issuer.subject_raw)
        and one.spki == issuer.spki
        and one.extensions.get(reading.EXT_SUBJECT_ALT_NAME) == san
        for one in path
    )


def _finally(view: View, path: list[Certificate], anchor: Certificate, version: int) -> None:
    """The final verification of a path that has reached an anchor."""
    state = Constraints(len(path), version)
    issuer, barred = anchor, (lacks_policy(path), qualified_policies(path), maps_any(path))
    for certificate in reversed(path):
        state.left -= 1
        if not signed(view, certificate, issuer) or certificate in barred:
            raise Wrong(NOT_FOUND, certificate)
        state.constraints(certificate, "")
        algorithms.check(certificate, issuer, "", version, state.first)
        algorithms.check_offered(certificate, "", version, state.first)
        issuer = certificate
