"""What is unusual about what clients trust."""

from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import PathLook

LOOK = PathLook()
UNVETTED = LOOK.condition("`cryptography` refused a trusted certificate.")
NO_TRUST = LOOK.condition("Nothing is trusted.")
BESIDE = LOOK.condition(
    "Beside the path few certificates are trusted, or one that is not of version 3."
)
FEW = 16
"""As many trusted certificates as people put together; more are the store of a system."""


@LOOK.by
def _look(case: Case) -> int:
    trust = case.expected.trust
    if not trust:
        return NO_TRUST.bit
    bits = UNVETTED.bit if trust.unvetted else 0
    if suspects(case):
        bits |= BESIDE.bit
    return bits


def suspects(case: Case) -> list[Certificate]:
    """Trusted certificates beside the path that some client may be unable to load."""
    trust, path = case.expected.trust, case.hierarchy.path
    on_path = path.certificates if path is not None else ()
    beside = trust if len(trust) <= FEW else trust.unusual
    return [one for one in beside if one not in on_path]
