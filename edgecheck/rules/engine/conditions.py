"""Conditions: what has to be unusual for a rule to be worth calling.

Nearly every rule concerns something that a sound gateway does not have. Such a rule names its
conditions (`when=`), which stand beside it: quick looks at the facts that a check reads anyway.
A plan looks once for all conditions of its rules, and calls a rule only where one of them holds.
A condition decides nothing: the rule itself looks at the facts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgecheck.reading.certificate import Certificate

if TYPE_CHECKING:
    from edgecheck.rules.engine.case import Case

EVERY = -1
"""All conditions: a fact could not be read, so every rule must look, and will be undecided."""


@dataclass(frozen=True, slots=True, eq=False)
class OfCertificate:
    """Something about one certificate by itself. `holds` may raise `Unreadable`."""

    holds: Callable[[Certificate], bool]


@dataclass(frozen=True, slots=True, eq=False)
class OfPath:
    """Something about the path as a whole, or what was asked for. `holds` may raise `Unreadable`.

    It is looked at where there is a path; where there is none, every rule looks.
    """

    holds: "Callable[[Case], bool]"


Condition = OfCertificate | OfPath
