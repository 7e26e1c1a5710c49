"""The rule about what is wrong above the nearest trusted certificate."""

from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.undecodable import undecodable
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.hierarchy.paths import Ending
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.strict import extension_name
from edgecheck.rules.chain.candidates import against, link_to, shown_place
from edgecheck.rules.chain.conditions import ANCHOR_BELOW_ROOT
from edgecheck.rules.engine.case import Case, shown_name
from edgecheck.rules.engine.rule import (
    ERROR,
    Act,
    Need,
    Over,
    Violation,
    rule,
    severity_for,
)
from edgecheck.rules.misled import Misled, only_roots, unsound_above
from edgecheck.rules.references import measured, openssl, rfc


@rule(
    "trust.unsound-above-anchor",
    title="Above a trusted CA stands a certificate that clients refuse",
    severity=ERROR,
    over=Over.HIERARCHY,
    purpose="server",
    when=[ANCHOR_BELOW_ROOT],
    act=Act.TRUST,
    needs=[Need.TRUST],
    follows=["chain.wrong-issuer-first"],
    symptoms=["invalid CA certificate", "certificate has expired"],
    references=[
        rfc(5280, "6.1.1"),
        openssl("crypto/x509/x509_vfy.c"),
        openssl("doc/man1/openssl-verification-options.pod"),
        measured("OpenSSL 3.0 refuses it without -partial_chain, and with it accepts it"),
    ],
)
def unsound_above_anchor(hierarchy: Hierarchy, case: Case) -> Violation | None:
    """The client trusts a CA that is no root, and what is above it cannot be used.

    Somebody gave the client the whole chain as its trust. By RFC 5280 the path ends at the
    nearest trusted certificate, and Go, Java, GnuTLS and curl leave it there. OpenSSL without
    X509_V_FLAG_PARTIAL_CHAIN, and with it Python before 3.13, Node, .NET and the Azure SDKs for
    Python, Node and C, goes on to a self-signed certificate, and verifies what is between. That
    is its dates, whether it is a CA, its signature; .NET also decodes its policies. The chain
    is valid all the same, since the trust that was given allows it.

    Remedy:
    Give the client a self-signed root, and with it certificates that are in date and sound: have
    the one that is refused renewed, and put the new one in its place. A client that trusts the
    root alone needs none of the others, where the gateway presents them.
    """
    path = hierarchy.path
    if path is None or path.ended is not Ending.ANCHOR or path.verdict is False:
        return None
    anchor = path.certificates[-1]
    found = [] if anchor.is_self_issued else unsound_above(case)
    if not found:
        return None
    refused = frozenset(each.refuser for each in found) | only_roots(case)
    found.sort(key=lambda each: -len(each.taken.certificates))
    unsound = _unsound(found, len(path), case)
    told = "; ".join(
        f"the certificate {shown_name(each)} above it, {shown_place(each, case)}, is refused"
        + (f": {' and '.join(why)}" if why else "")
        for each, why in unsound.items()
    )
    return Violation(
        f"{case.named(anchor)} is trusted, and some clients go on to a root; {told}",
        wanted="sound certificates up to the root, or the root alone",
        found=[each.sha256 for each in unsound],
        certificates=(*unsound, anchor),
        evidence={"taken": [each.sha256 for each in found[0].taken.certificates]},
        severity=severity_for(refused),
        refused_by=refused,
        how="{} to the root, and nothing above the trusted CA that is unsound",
    )


def _unsound(found: list[Misled], size: int, case: Case) -> dict[Certificate, list[str]]:
    """What is refused above the path, and why; where nothing tells why, what is complained of.

    On the chain of the first of those who refuse.
    """
    taken, refusers = found[0].taken, frozenset(each.refuser for each in found)
    certificates = taken.certificates
    why = {}
    for place in range(size, len(certificates)):
        child, issuer = certificates[place - 1 : place + 1]
        reasons = against(link_to(child, issuer, case), case, certificates[:place])
        reasons += _undecodable(issuer, refusers)
        if reasons:
            why[issuer] = reasons
    if not why:
        complained = taken.objections[0].certificate
        above = certificates[size:]
        why[complained if complained in above or not above else above[0]] = []
    return why


def _undecodable(certificate: Certificate, refusers: frozenset[Refuser]) -> list[str]:
    """Which extensions somebody who refuses cannot decode, in words."""
    return [
        f"its extension {extension_name(one.kind)} cannot be decoded"
        for one in undecodable(certificate)
        if one.refused_by & refusers
    ]
