"""What a model answers: accept, reject with a code at a place, or unknown."""

from enum import StrEnum
from typing import Any

from edgecheck.reading.certificate import Certificate
from edgecheck.values import frozen


class Verdict(StrEnum):
    """What a client does with a chain."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNKNOWN = "unknown"


@frozen
class Answer:
    """The outcome of one run of a model.

    Attributes:
        verdict: what the client does.
        code: the engine's own error, a number or a name; None where it accepts.
        certificate: the one that the client complains about.
        depth: its place in the client's own chain, 0 for the server certificate.
        says: the text, where the engine alone decides it; else the client's wording makes it
            of code, depth and facts.
        facts: further values that the wording needs.
    """

    verdict: Verdict
    code: Any = None
    certificate: Certificate | None = None
    depth: int = 0
    says: str = ""
    facts: Any = None


ACCEPT = Answer(Verdict.ACCEPT)


def reject(
    code: Any,
    certificate: Certificate | None = None,
    depth: int = 0,
    says: str = "",
    facts: Any = None,
) -> Answer:
    """The client refuses the chain."""
    return Answer(Verdict.REJECT, code, certificate, depth, says, facts)


def unknown(because: str, certificate: Certificate | None = None) -> Answer:
    """The model does not reach this; `because` says why."""
    return Answer(Verdict.UNKNOWN, None, certificate, 0, because)
