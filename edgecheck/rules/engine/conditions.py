"""Conditions: what has to be unusual for a rule to be worth calling.

Nearly every rule concerns something that a sound gateway does not have. Such a rule names its
conditions (`when=`), which its family declares (`conditions.py` beside the rules). One look at
the facts, which a check reads anyway, decides all conditions of a family; a rule is called only
where one of its own holds. A condition decides nothing: the rule itself looks at the facts.

    LOOK = CertificateLook()
    SERIAL_LONG = LOOK.condition("A serial number of more than 20 bytes.")

    @LOOK.by
    def _look(certificate: Certificate) -> int:
        return SERIAL_LONG.bit if certificate.serial.bit_length() > 159 else 0
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgecheck.reading.certificate import Certificate

if TYPE_CHECKING:
    from edgecheck.rules.engine.case import Case

EVERY = -1
"""All conditions: a fact could not be read, so every rule must look, and will be undecided."""


class Look:
    """Conditions that one function decides together; `conditions` in the order of declaration."""

    def __init__(self) -> None:
        """Start without conditions."""
        self.conditions: list[Condition] = []

    def condition(self, means: str) -> "Condition":
        """Declare one more; `means` says what holds then."""
        made = Condition(self, 1 << len(self.conditions), means)
        self.conditions.append(made)
        return made


class CertificateLook(Look):
    """About one certificate by itself."""

    see: Callable[[Certificate], int]

    def by(self, see: Callable[[Certificate], int]) -> Callable[[Certificate], int]:
        """Decorate the function that gives the bits of those that hold; it may raise Unreadable."""
        self.see = see
        return see


class PathLook(Look):
    """About the path as a whole, or what was asked for. Without a path every rule looks."""

    see: "Callable[[Case], int]"

    def by(self, see: "Callable[[Case], int]") -> "Callable[[Case], int]":
        """Decorate the function that gives the bits of those that hold; it may raise Unreadable."""
        self.see = see
        return see


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """Something unusual. `bit` is its own among those of its look."""

    look: Look
    bit: int
    means: str
