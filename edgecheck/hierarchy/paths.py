"""Paths from a target to an anchor: all candidates are tried, the best one is kept.

Depth first, the most promising issuer first, with backtracking; a certificate repeats on
a path neither by its bytes nor by (name, key) (RFC 4158, section 5.2).
"""

import math
from collections.abc import Container, Iterator
from dataclasses import field
from enum import StrEnum
from typing import NamedTuple

from edgecheck.hierarchy.links import SPENT, Link, Pool
from edgecheck.hierarchy.rfc5280.judge import Judge
from edgecheck.hierarchy.rfc5280.violations import DepthViolation, Kind, PathViolation, Undecidable
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.values import frozen


class Ending(StrEnum):
    """Why a path goes no further."""

    ANCHOR = "anchor"
    SELF_SIGNED = "self-signed"
    NO_ISSUER = "no-issuer"
    LOOP = "loop"
    BUDGET = "budget"


@frozen
class Path:
    """Certificates from the target upwards, how the path ended, and what it violates.

    `links[i]` joins `certificates[i]` to `certificates[i + 1]`. `anchor_assumed`: no trust
    was given, and the self-signed certificate at the end serves for the diagnosis.
    """

    certificates: tuple[Certificate, ...]
    links: tuple[Link, ...] = field(repr=False)
    ended: Ending
    anchor: Certificate | None
    anchor_assumed: bool
    violations: tuple[PathViolation, ...]
    policies: frozenset[bytes] = frozenset()

    def __iter__(self) -> Iterator[Certificate]:
        """The certificates, target first."""
        return iter(self.certificates)

    def __len__(self) -> int:
        """How many certificates are on it; never 0."""
        return len(self.certificates)

    @property
    def verdict(self) -> bool | None:
        """True: no step is violated; None: undecided; False: some step is violated."""
        undecided = self.ended is Ending.BUDGET
        for violation in self.violations:
            if violation.kind is Kind.UNDECIDED:
                undecided = True
            elif violation.counts:
                return False
        return None if undecided else True


class Search(NamedTuple):
    """The best path, and the other complete ones that were tried before it was chosen.

    `complete`: no path was left untried that might have been better.
    """

    best: Path
    others: tuple[Path, ...]
    complete: bool


MOST_PATHS = 256
"""Complete paths that are judged; a bound, since a mesh of n certificates has n! of them."""
MOST_JUDGED = 20_000
"""Certificates that are judged on all paths together."""


def search(target: Certificate, pool: Pool, judge: Judge, is_ca: bool = False) -> Search:
    """Judge the paths from `target` until one is without fault, and keep the best.

    Args:
        target: the certificate at the lower end.
        pool: presented and trusted certificates.
        judge: judges each path.
        is_ca: the target is to issue others.
    """
    found: list[Path] = []
    best: Path | None = None
    judged = 0
    complete = True
    for certificates, links, ended in _complete(target, pool, judge.steps):
        path = _judged(certificates, links, ended, pool, judge, is_ca)
        if best is None or _rank(path) < _rank(best):
            best = path
        if path.verdict is True and path.ended is Ending.ANCHOR:
            complete = True
            break
        found.append(path)
        judged += len(certificates)
        if ended is Ending.BUDGET or len(found) >= MOST_PATHS or judged >= MOST_JUDGED:
            complete = False
            break
    assert best is not None  # a path of the target alone always exists
    if not complete and math.isinf(pool.distance(target)):
        complete = True  # by no names does any path lead from here to an anchor
    return Search(best, tuple(path for path in found if path is not best), complete)


def _rank(path: Path) -> tuple[int, int, int]:
    order = (Ending.ANCHOR, Ending.SELF_SIGNED, Ending.NO_ISSUER, Ending.LOOP, Ending.BUDGET)
    undecided = sum(v.kind is Kind.UNDECIDED for v in path.violations)
    faults = sum(v.counts for v in path.violations) - undecided
    return faults, undecided, order.index(path.ended)


_Found = tuple[tuple[Certificate, ...], tuple[Link, ...], Ending]


class _Place:
    """A certificate on the path that is being tried, and the issuers that are left to try."""

    __slots__ = ("certificate", "further", "link", "other_key", "rest", "tried")

    def __init__(self, certificate: Certificate, link: Link | None, rest: list[Link]) -> None:
        self.certificate = certificate
        self.link = link
        """What joins the certificate below to this one."""
        self.rest = iter(rest)
        self.tried = self.further = False
        self.other_key: Link | None = None
        """An issuer of the right name whose key did not sign: worth a path only where there
        is nothing better, as it tells what went wrong."""


def _complete(target: Certificate, pool: Pool, steps: int) -> Iterator[_Found]:
    """Every path that cannot go on, depth first; without recursion, for long chains.

    Signatures are looked at one by one, as candidates come up.
    """
    places = [_Place(target, None, [] if target.der in pool.trusted else pool.links(target))]
    while places:
        place = places[-1]
        current = place.certificate
        if current.der in pool.trusted:
            yield *_path(places), Ending.ANCHOR
            places.pop()
            continue
        link = _next(place, places, pool.trusted)
        if link is None and not place.further:
            place.further = True
            place.rest = iter(pool.further_links(current))
            link = _next(place, places, pool.trusted)
        if link is None and not place.tried:
            itself = _itself(current, pool)
            if itself is not None and itself.signature.state is not State.INVALID:
                yield *_path(places), Ending.SELF_SIGNED
            elif place.other_key is not None:
                link = place.other_key
            elif itself is None and pool.links(current):
                yield *_path(places), Ending.LOOP
            else:
                yield *_path(places), Ending.NO_ISSUER
        if link is None:
            places.pop()
            continue
        if steps <= 0 or link.signature.because == SPENT:
            yield *_path(places), Ending.BUDGET
            return
        steps -= 1
        place.tried = True
        issuer = link.issuer
        trusted = issuer.der in pool.trusted
        places.append(_Place(issuer, link, [] if trusted else pool.links(issuer)))


def _next(place: _Place, places: list[_Place], trusted: Container[bytes]) -> Link | None:
    """The next issuer to try: not on the path yet, and its key made the signature."""
    for link in place.rest:
        if _repeats(link.issuer, places, trusted):
            continue
        if link.signature.state is not State.INVALID:
            return link
        if place.other_key is None:
            place.other_key = link
    return None


def _itself(certificate: Certificate, pool: Pool) -> Link | None:
    return next((link for link in pool.links(certificate) if link.issuer is certificate), None)


def _path(places: list[_Place]) -> tuple[tuple[Certificate, ...], tuple[Link, ...]]:
    certificates = tuple(place.certificate for place in places)
    return certificates, tuple(place.link for place in places if place.link is not None)


def _repeats(issuer: Certificate, places: list[_Place], trusted: Container[bytes]) -> bool:
    """Whether a certificate is on the path, by its bytes or as another one of the same CA.

    A target that is no CA shares a name and a key with nobody that matters, and of an anchor the
    name and the key are all that section 6.1.1 (d) asks for, though they be the target's own.
    """
    for index, place in enumerate(places):
        certificate = place.certificate
        if issuer is certificate:
            return True
        try:
            if issuer.spki != certificate.spki or issuer.subject_raw != certificate.subject_raw:
                continue
            if index == 0 and issuer.der in trusted:
                continue
            if index or len(places) == 1 or certificate.is_ca:
                return True
        except Unreadable:
            continue
    return False


def _judged(
    certificates: tuple[Certificate, ...],
    links: tuple[Link, ...],
    ended: Ending,
    pool: Pool,
    judge: Judge,
    is_ca: bool,
) -> Path:
    assumed = ended is Ending.SELF_SIGNED and not pool.trusted
    ends = ended in (Ending.ANCHOR, Ending.SELF_SIGNED)
    violations = judge.judge(certificates, links, ends, is_ca)
    max_depth = judge.expected.validation.max_depth
    last = certificates[-1]
    if pool.trusted:
        if ended is Ending.SELF_SIGNED:
            violations.append(PathViolation(Kind.UNTRUSTED_ROOT, last, "6.1.1 (d)", True))
        elif ended is Ending.NO_ISSUER:
            violations.append(PathViolation(Kind.NO_ISSUER, last, "6.1.3 (a)(4)", True))
    if ended is Ending.LOOP:
        violations.append(PathViolation(Kind.LOOP, last, "6.1", True))
    elif ended is Ending.BUDGET:
        violations.append(
            Undecidable(
                Kind.UNDECIDED,
                last,
                "6.1",
                True,
                "the bound on steps is spent" if pool.signatures.left else SPENT,
            )
        )
    if max_depth is not None:
        above = certificates[1 : len(certificates) - ends]
        between = sum(not certificate.is_self_issued for certificate in above)
        if between > max_depth:
            violations.append(DepthViolation(Kind.TOO_DEEP, last, "max_depth", True, between))
    return Path(
        certificates,
        links,
        ended,
        last if ended is Ending.ANCHOR or assumed else None,
        assumed,
        tuple(violations),
        judge.policies,
    )
