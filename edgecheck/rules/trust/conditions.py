"""What is unusual about what clients trust."""

from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import PathLook

LOOK = PathLook()
UNVETTED = LOOK.condition("`cryptography` refused a trusted certificate.")


@LOOK.by
def _look(case: Case) -> int:
    return UNVETTED.bit if any(one.loaded is None for one in case.expected.trust) else 0
