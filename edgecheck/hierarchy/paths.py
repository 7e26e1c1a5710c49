"""Paths from a target to an anchor: all candidates are tried, the best one is kept.

Depth first, the most promising issuer first, with backtracking; a certificate repeats on
a path neither by its bytes nor by (name, key) (RFC 4158, section 5.2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from edgecheck.hierarchy.links import Link, Pool
from edgecheck.hierarchy.rfc5280.judge import Judge
from edgecheck.hierarchy.rfc5280.violations import Kind, PathViolation
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Unreadable


class Ending(StrEnum):
    """Why a path goes no further."""

    ANCHOR = "anchor"
    SELF_SIGNED = "self-signed"
    NO_ISSUER = "no-issuer"
    LOOP = "loop"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Path:
    """Certificates from the target upwards, how the path ended, and what it violates.

    `links[i]` joins `certificates[i]` to `certificates[i + 1]`. `anchor_assumed`: no trust
    was given, and the self-signed certificate at the end serves for the diagnosis.
    """

    certificates: tuple[Certificate, ...]
    links: tuple[Link, ...]
    ended: Ending
    anchor: Certificate | None
    anchor_assumed: bool
    violations: tuple[PathViolation, ...]
    policies: frozenset[bytes] = frozenset()

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


@dataclass(frozen=True, slots=True)
class Search:
    """The best path, and the other complete ones that were tried before it was chosen."""

    best: Path
    others: tuple[Path, ...]


MOST_PATHS = 64
"""Complete paths that are judged; a bound, since a mesh of n certificates has n! of them."""


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
    for certificates, links, ended in _complete(target, pool, judge.steps):
        path = _judged(certificates, links, ended, pool, judge, is_ca)
        if best is None or _rank(path) < _rank(best):
            best = path
        if path.verdict is True and path.ended is Ending.ANCHOR:
            break
        found.append(path)
        if len(found) >= MOST_PATHS:
            break
    assert best is not None  # a path of the target alone always exists
    return Search(best, tuple(path for path in found if path is not best))


def _rank(path: Path) -> tuple[int, int, int]:
    order = (Ending.ANCHOR, Ending.SELF_SIGNED, Ending.NO_ISSUER, Ending.LOOP, Ending.BUDGET)
    undecided = sum(v.kind is Kind.UNDECIDED for v in path.violations)
    faults = sum(v.counts for v in path.violations) - undecided
    return faults, undecided, order.index(path.ended)


_Found = tuple[tuple[Certificate, ...], tuple[Link, ...], Ending]


def _complete(target: Certificate, pool: Pool, steps: int) -> Iterator[_Found]:
    """Every path that cannot go on, by depth first; without recursion, for long chains."""
    stack: list[tuple[tuple[Certificate, ...], tuple[Link, ...]]] = [((target,), ())]
    while stack:
        certificates, links = stack.pop()
        current = certificates[-1]
        if current.der in pool.trusted:
            yield certificates, links, Ending.ANCHOR
            continue
        if steps <= 0:
            yield certificates, links, Ending.BUDGET
            return
        candidates = pool.links(current)
        onward = [link for link in candidates if not _repeats(link.issuer, certificates)]
        itself = next((link for link in candidates if link.issuer is current), None)
        signs_itself = itself is not None and itself.signature.state is not State.INVALID
        if signs_itself or len(onward) > 1:
            # An issuer of the right name whose key is another is worth a path only where
            # there is nothing better: it tells what went wrong.
            right = [link for link in onward if link.signature.state is not State.INVALID]
            onward = right if right or signs_itself else onward[:1]
        steps -= len(onward) or 1
        if onward:
            for link in reversed(onward):
                stack.append(((*certificates, link.issuer), (*links, link)))
        elif signs_itself:
            yield certificates, links, Ending.SELF_SIGNED
        elif candidates and itself is None:
            yield certificates, links, Ending.LOOP
        else:
            yield certificates, links, Ending.NO_ISSUER


def _repeats(issuer: Certificate, certificates: tuple[Certificate, ...]) -> bool:
    for certificate in certificates:
        if issuer is certificate:
            return True
        try:
            if issuer.spki == certificate.spki and issuer.subject_raw == certificate.subject_raw:
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
            PathViolation(Kind.UNDECIDED, last, "6.1", True, "the bound on steps is spent")
        )
    between = len(certificates) - 1 - ends
    if max_depth is not None and between > max_depth:
        violations.append(PathViolation(Kind.TOO_DEEP, last, "max_depth", True, between))
    return Path(
        certificates,
        links,
        ended,
        last if ended is Ending.ANCHOR or assumed else None,
        assumed,
        tuple(violations),
        judge.policies,
    )
