"""A rule of the catalogue before its module is imported: what a plan has to know of it."""

import sys
from typing import TYPE_CHECKING, Any

from edgecheck.rules.engine.conditions import Condition
from edgecheck.rules.engine.rule import Need, Over

if TYPE_CHECKING:
    from edgecheck.rules.engine.rule import Rule

ROOM = "edgecheck.rules"
Row = tuple[str, str, str, str, str, str, str, str]
"""Id, place, over, kinds, needs, conditions, purpose and former ids; of several, with spaces."""


class Listed:
    """A rule by its place; the module is imported when the rule is first called or asked for.

    A sound chain calls one rule in ten, so that a command need not import the others. The
    attributes are those of `Rule`.
    """

    __slots__ = ("_rule", "_when", "formerly", "id", "kinds", "needs", "over", "place", "purpose")

    def __init__(self, row: Row) -> None:
        """Take a row of the index."""
        self.id, self.place, over, kinds, needs, self._when, self.purpose, formerly = row
        self.over = Over[over]
        self.kinds = tuple(kinds.split())
        self.needs = tuple(Need[each] for each in needs.split())
        self.formerly = tuple(formerly.split())
        self._rule: Rule | None = None

    @property
    def when(self) -> tuple[Condition, ...]:
        """Its conditions, which are imported; `engine/ruleset.py` asks once."""
        return tuple(found(each) for each in self._when.split())

    @property
    def whole(self) -> "Rule":
        """The rule itself."""
        if self._rule is None:
            self._rule = found(self.place)
        return self._rule

    @property
    def key(self) -> Any:
        """What its findings depend on."""
        return self.id

    @property
    def family(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    def __reduce__(self) -> tuple[Any, ...]:
        """By its place."""
        return found, (self.place,)


def found(place: str) -> Any:
    """Return what stands at a place, such as `algorithm.keys.curve`, below this room."""
    module, _, name = place.rpartition(".")
    module = f"{ROOM}.{module}"
    __import__(module)  # `importlib` reads packages' files too, and is kept out of these rooms
    return getattr(sys.modules[module], name)


def row(rule: "Rule", conditions: dict[Condition, str]) -> Row:
    """Return the row of a rule; `conditions` says where each of them stands."""
    module = rule.check.__module__.removeprefix(f"{ROOM}.")
    return (
        rule.id,
        f"{module}.{rule.check.__name__}",
        rule.over.name,
        " ".join(rule.kinds),
        " ".join(each.name for each in rule.needs),
        " ".join(conditions[each] for each in rule.when),
        rule.purpose,
        " ".join(rule.formerly),
    )
