"""Who may have issued a certificate: each that comes into question, and what speaks against it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from edgecheck.hierarchy.links import KeyIds, Link
from edgecheck.hierarchy.rfc5280.judge import Judge
from edgecheck.hierarchy.rfc5280.violations import ConstraintViolation, Kind, PathViolation
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case

MOST = 16
"""Candidates that are listed; there are as many as somebody cares to send."""
_UNFIT = {
    Kind.EXPIRED: "it has expired",
    Kind.NOT_YET_VALID: "it is not valid yet",
    Kind.NOT_A_CA: "it is not marked as a CA",
    Kind.NO_CERT_SIGN: "its key usage has no keyCertSign",
    Kind.PATH_LENGTH: "its path length is too short",
    Kind.UNKNOWN_CRITICAL: "it has a critical extension that clients do not know",
    Kind.PURPOSE: "its extended key usage is not for servers",
    Kind.REVOKED: "it is revoked",
}


def candidates(
    child: Certificate, case: Case, settled: Certificate | None = None
) -> list[dict[str, Any]]:
    """Each certificate that may have issued another one, as evidence; those presented come first.

    With `sha256`; `where`, "presented" or "trusted", and its `number` there, from 1; `taken`,
    whether it is the one that is `settled` on; and `why_not`, what speaks against it.
    """
    links = _links(child, case)
    places = _places(case)
    placed = sorted((*places[link.issuer], at) for at, link in enumerate(links))
    return [
        {
            "sha256": links[at].issuer.sha256,
            "where": where,
            "number": number,
            "taken": links[at].issuer == settled,
            "why_not": against(links[at], case),
        }
        for where, number, at in placed[:MOST]
    ]


def place(certificate: Certificate, case: Case) -> tuple[str, int]:
    """Where a certificate is, "presented" or else "trusted", and its number there, from 1."""
    sequence, trust = case.hierarchy.sequence, case.expected.trust
    if certificate in sequence:
        return "presented", sequence.index(certificate) + 1
    return "trusted", trust.index(certificate) + 1


def _places(case: Case) -> dict[Certificate, tuple[str, int]]:
    """The same of all."""
    found: dict[Certificate, tuple[str, int]] = {}
    for where, among in (
        ("presented", case.hierarchy.sequence),
        ("trusted", case.expected.trust),
    ):
        for number, certificate in enumerate(among, 1):
            found.setdefault(certificate, (where, number))
    return found


def shown_place(certificate: Certificate, case: Case) -> str:
    """`number 2 of those presented`."""
    where, number = place(certificate, case)
    return f"number {number} of those {where}"


def link_to(child: Certificate, issuer: Certificate, case: Case) -> Link:
    """The two as the hierarchy joins them."""
    for link in _links(child, case):
        if link.issuer == issuer:
            return link
    pool = case.hierarchy.pool
    return Link(child, issuer, issuer.der in pool.trusted, False, pool.signatures)


def against(link: Link, case: Case, below: tuple[Certificate, ...] = ()) -> list[str]:
    """What speaks against an issuer, in words, the plainest first.

    `below`: the path up to the child, where that is not the one of the hierarchy.
    """
    found = []
    if not link.names_match:
        found.append("its name differs")
    if link.key_ids is KeyIds.MISMATCH:
        found.append("its key identifier or serial number differs")
    if link.signature.state is State.INVALID:
        found.append("its key did not sign")
    elif link.signature.state is State.UNCHECKABLE:
        found.append("whether its key signed cannot be checked")
    found += unfit(link, case, below)
    stranger = case.expected.trust and link.issuer != link.child
    if not found and stranger and leads_to(link.issuer, case, {link.child}) is None:
        found.append("no way leads from it to what is trusted")
    return found


def leads_to(start: Certificate, case: Case, passed: set[Certificate]) -> Certificate | None:
    """A trusted certificate to which valid signatures lead up from here, in date all along."""
    waiting, at = [start], case.expected.at_seconds
    seen = {start, *passed}
    while waiting:
        certificate = waiting.pop()
        if not certificate.not_before <= at <= certificate.not_after:
            continue
        if certificate in case.expected.trust:
            return certificate
        for link in case.hierarchy.pool.links(certificate):
            if link.issuer not in seen and link.signature.state is State.VALID:
                seen.add(link.issuer)
                waiting.append(link.issuer)
    return None


def unfit(link: Link, case: Case, below: tuple[Certificate, ...] = ()) -> Iterator[str]:
    """What forbids an issuer to be one, whoever asks: what is wrong with it on a path.

    `below`: the path up to the child, where that is not the one of the hierarchy.
    """
    if link.issuer == link.child:
        if link.issuer.der not in case.hierarchy.pool.trusted:
            yield "it is not trusted"
        return
    judged = _judged(link, case, below)
    for kind, words in _UNFIT.items():
        if any(v.kind is kind and v.certificate == link.issuer for v in judged):
            yield words
    breaches = [v.breach for v in judged if isinstance(v, ConstraintViolation)]
    if any(breach.by == link.issuer for breach in breaches):
        yield "its name constraints forbid a name below it"


def _judged(link: Link, case: Case, below: tuple[Certificate, ...]) -> list[PathViolation]:
    """The certificates from the target up to the issuer, judged as if others were above."""
    path = case.hierarchy.path
    on_path = path.certificates if path else ()
    if not below:
        place = on_path.index(link.child) if link.child in on_path else -1
        below = on_path[: place + 1] or (link.child,)
    links = tuple(link_to(*pair, case) for pair in pairwise(below))
    is_ca = case.hierarchy.server is None
    return Judge(case.expected).judge((*below, link.issuer), (*links, link), False, is_ca)


def _links(child: Certificate, case: Case) -> list[Link]:
    pool = case.hierarchy.pool
    return [*pool.links(child), *pool.further_links(child)]
