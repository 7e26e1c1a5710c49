"""The graph that drawings show: the path, other ways up, and what is on no path."""

from collections.abc import Collection, Iterator, Sequence

from edgecheck.hierarchy.links import Link
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.names import same_name
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.blocks import Edge, Gap, Graph, Mark, Node
from edgecheck.reporting.document.cells import (
    STATES,
    WORDS,
    anchored,
    expires,
    issuer,
    signed,
    subject,
)

MOST_DRAWN = 60
"""Certificates that are drawn; of more nobody can follow the lines."""
MOST_ISSUERS = 4
"""Possible issuers of one certificate that lines lead to."""


def graph(report: Answers, marks: dict[str, Mark]) -> Graph:
    """Return the certificates to draw, and who issued whom among them.

    `marks`: rules that each breaks, by fingerprint.
    """
    path = report.hierarchy.path
    if path is None:
        return Graph((), (), (), 0)
    on_path = tuple(reversed(path.certificates))
    others = [
        each for other in report.hierarchy.others[:MOST_DRAWN] for each in other.certificates[::-1]
    ]
    every = list(dict.fromkeys([*on_path, *others, *report.hierarchy.unused]))
    every += _trusted_above(report, every[:MOST_DRAWN], frozenset(every))
    drawn = every[:MOST_DRAWN]
    among = frozenset(drawn)
    edges = [edge for one in drawn for edge in _edges(report, one, among)]
    issued = {edge.child for edge in edges}
    gaps = [
        Gap(one.sha256, issuer(one))
        for one in drawn
        if one.sha256 not in issued and _lacks_issuer(report, one)
    ]
    nodes = tuple(_node(report, one, one in on_path, marks) for one in drawn)
    return Graph(nodes, tuple(edges), tuple(gaps), len(every) - len(drawn))


def _trusted_above(
    report: Answers, drawn: Sequence[Certificate], known: Collection[Certificate]
) -> list[Certificate]:
    """What is trusted and signed one of them, too, though no path needed it."""
    links = (
        link
        for one in drawn
        for link in report.hierarchy.pool.links(one)[:MOST_ISSUERS]
        if link.trusted and link.issuer not in known
    )
    return list(dict.fromkeys(link.issuer for link in links if _state(link) is State.VALID))


def _node(report: Answers, one: Certificate, on_path: bool, marks: dict[str, Mark]) -> Node:
    path, role = report.hierarchy.path, report.hierarchy.role(one)
    assert path is not None  # or nothing is drawn
    suffix, tone = anchored(path, one)
    if not on_path and one.der in report.hierarchy.pool.trusted:
        suffix = ", trusted"
    ends = expires(one, report.expected.at_seconds)
    return Node(
        sha256=one.sha256,
        role=WORDS[role] if role is not Role.OTHER else "root" if suffix else "on no path",
        suffix=suffix,
        subject=subject(one),
        expires=ends.day,
        left=ends.left,
        tone=tone,
        expires_tone=ends.tone,
        mark=marks.get(one.sha256, ()),
        on_path=on_path,
        synthetic=one in report.synthetic,
    )


def _edges(report: Answers, child: Certificate, among: Collection[Certificate]) -> Iterator[Edge]:
    """Lines to the issuer on the path, and to others that made the signature.

    Where none of them did, one line to the likeliest says so.
    """
    path = report.hierarchy.path
    assert path is not None  # or nothing is drawn
    at = path.certificates.index(child) if child in path.certificates else -1
    above = path.certificates[at + 1] if 0 <= at < len(path.certificates) - 1 else None
    if above is not None:
        yield Edge(child.sha256, above.sha256, signed(report, path, at).state, True, False)
    every = report.hierarchy.pool.links(child)
    if any(link.issuer == child and _state(link) is State.VALID for link in every):
        return  # a root: whatever else has its name and key is the same authority
    links = [link for link in every if link.issuer in among and link.issuer != above]
    links = links[:MOST_ISSUERS]
    valid = [link for link in links if _state(link) is State.VALID]
    for link in valid:
        yield Edge(child.sha256, link.issuer.sha256, "valid", False, above is not None)
    if links and not valid and above is None and not _is_own_issuer(child):
        state = STATES[_state(links[0])]
        yield Edge(child.sha256, links[0].issuer.sha256, state, False, False)


def _state(link: Link) -> State:
    return link.signature.state


def _is_own_issuer(one: Certificate) -> bool:
    """Whether it names itself as its issuer, as roots do."""
    try:
        return same_name(one.issuer_raw, one.subject_raw)
    except Unreadable:
        return False


def _lacks_issuer(report: Answers, one: Certificate) -> bool:
    """Whether the issuer of a certificate without any line above it is missing."""
    path = report.hierarchy.path
    if path is not None and one == path.certificates[-1]:
        return path.ended in (Ending.NO_ISSUER, Ending.BUDGET)
    return one.der not in report.hierarchy.pool.trusted and not _is_own_issuer(one)
