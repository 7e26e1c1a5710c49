"""What is unusual about what clients trust."""

from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import PathLook

LOOK = PathLook()
UNVETTED = LOOK.condition("`cryptography` refused a trusted certificate.")
NO_TRUST = LOOK.condition("Nothing is trusted.")


@LOOK.by
def _look(case: Case) -> int:
    trust = case.expected.trust
    if not trust:
        return NO_TRUST.bit
    return UNVETTED.bit if any(one.loaded is None for one in trust) else 0
