"""What the rules about the input share: where something is, and saying one thing once.

Severity here follows from who reads the file: the runtime reads its files with OpenSSL, so what
makes OpenSSL stop or lose a certificate is an error. What only other readers mind is a warning.
What was presented may have been captured or exported for this check alone; what is a file of the
gateway, the runtime must be able to read as it is.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.problems import Problem
from edgecheck.reading.text import safe
from edgecheck.reading.unread import UNREAD
from edgecheck.rules.engine.case import FILES_OF_THE_RUNTIME, Case
from edgecheck.rules.engine.objects import Place
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Severity, Violation


def together(problem: Problem, case: Case, kinds: Collection[str]) -> tuple[Problem, ...]:
    """All problems of these kinds in one source, for the first of them; none for the others.

    What happened to a whole file damages every block of it, and is one fault all the same; so is
    that of a file which was given twice, as what is presented and as the gateway's.
    """
    where = problem.source, problem.within
    if not problem.within and case.has_in_a_file(problem.kind, problem.source):
        return ()  # the same file was given as one of the gateway's
    found = (p for p in case.problems if p.kind in kinds and (p.source, p.within) == where)
    first = next(found, problem)
    return (first, *found) if first is problem else ()


def place(*problems: Problem) -> str:
    """`chain.pem, lines 20 to 41`: from the first problem to the last."""
    name, first, last = safe(problems[0].source), problems[0].first_line, problems[-1].last_line
    if first is None:
        return name
    return f"{name}, line {first}" if last in (None, first) else f"{name}, lines {first} to {last}"


def block(*problems: Problem, case: Case) -> str:
    """`the block of the device CA "x"`, or how many blocks there are."""
    if len(problems) > 1:
        return f"{len(problems)} blocks"
    certificate = problems[0].certificate
    return f"the block of {case.named(certificate)}" if certificate is not None else "a block"


def violation(problems: Sequence[Problem], message: str, **values: Any) -> Violation:
    """What is violated there, by the certificates that could be read all the same."""
    certificates = dict.fromkeys(p.certificate for p in problems if p.certificate is not None)
    first, last = problems[0], problems[-1]
    values.setdefault("changes", Place(first.source, first.within))
    return Violation(
        f"{place(*problems)}: {message}",
        certificates=tuple(certificates),
        where=(first.source, first.first_line, last.last_line),
        **values,
    )


def in_a_string(problem: Problem, case: Case) -> bool:
    """Whether its source has PEM within a string of something else, such as JSON."""
    kinds = {p.kind for p in case.problems if p.source == problem.source}
    return kinds >= {"literal-newlines", "indented-block"}


IN_A_STRING = frozenset({"input.literal-newlines"})
"""What explains whatever else is wrong with the form of such a source."""


def on_gateway(problem: Problem) -> bool:
    """Whether it is in a file that the runtime reads."""
    return problem.within in FILES_OF_THE_RUNTIME


def read_there(problem: Problem, case: Case) -> Sequence[Certificate]:
    """The certificates that could be read from that file, or else from what was presented."""
    if on_gateway(problem):
        return getattr(case.expected, problem.within) or ()
    return case.hierarchy.sequence


def unless_alone(severity: Severity, problem: Problem, case: Case) -> Severity:
    """Error where no certificate at all was read, since then this stands in its place."""
    return severity if read_there(problem, case) else ERROR


def of_a_paste(severity: Severity, found: Sequence[Problem], case: Case) -> Severity:
    """Return how bad a form is in which everything could be read all the same.

    What was presented was mostly copied for this check, and no client ever sees its form: that is a
    note. The runtime reads its own files as they are, and a client what it trusts; a file of CAs
    alone may be one of the runtime's.
    """
    first = found[0]
    lost = first.kind in _OF_A_BLOCK and _unread(found, case)
    if first.within or lost or not case.hierarchy.sequence:
        return severity
    if case.hierarchy.server is None and not case.hierarchy.as_sent:
        return max(severity, WARNING, key=lambda each: each.rank)
    return INFO


def _unread(found: Sequence[Problem], case: Case) -> bool:
    """Whether a block gave no certificate, and it is not said that it is a key or the like.

    Where the verdict stays open for such a block, a key in the same line is no excuse.
    """
    if found[0].kind in UNREAD:
        return any(p.certificate is None for p in found)
    blocks = Counter((p.first_line, p.last_line) for p in found if p.certificate is None)
    others = ("private-key", "other-object")
    known = (p for p in case.problems if p.kind in others and p.source == found[0].source)
    return bool(blocks - Counter((p.first_line, p.last_line) for p in known))


_OF_A_BLOCK = (
    "blank-lines",
    "broken-marker",
    "header-lines",
    "indented-block",
    "literal-newlines",
)
"""Kinds of problems that say which certificate they are about."""


def detail(problem: Problem) -> str:
    """What the reader noted, safe to print: it may hold a label, which is somebody's text."""
    return safe(problem.detail, 120)
