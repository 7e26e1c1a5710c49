"""Name constraints on DNS names, made ready for many names.

Libraries agree that a name lies within a constraint whose labels it ends with; and differ in what
a leading period means. Python compares an end with many constraints at once, which takes a small
part of the time that one after the other would take.
"""

from collections.abc import Callable, Iterable

from edgecheck.behaviour import work

AT_ONCE = 16
"""How many comparisons take as long as one step."""


def ascii_lower(text: bytes) -> bytes:
    """Without regard to the case of ASCII letters."""
    return text.lower()


def latin_lower(text: bytes) -> bytes:
    """Without regard to the case of letters of Latin-1."""
    return text.decode("latin-1").lower().encode("latin-1")


class Domains:
    """Constraints on DNS names.

    Attributes:
        everything: whether one is empty, which stands for all names.
        plain: those without a leading period, each with one before it.
        dotted: those with a leading period.
    """

    __slots__ = ("cost", "dotted", "everything", "fold", "plain")

    def __init__(self, bases: Iterable[bytes], fold: Callable[[bytes], bytes]) -> None:
        """Sort them."""
        folded = [fold(base) for base in bases]
        self.fold = fold
        self.everything = b"" in folded
        self.plain = tuple(b"." + base for base in folded if base and base[:1] != b".")
        self.dotted = tuple(base for base in folded if base[:1] == b".")
        self.cost = 1 + len(folded) // AT_ONCE

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.everything or bool(self.plain or self.dotted)

    def take(self, name: bytes) -> bool:
        """Whether a name ends with the labels of one; with those after a leading period, too."""
        work.spend(self.cost)
        name = self.fold(name)
        return self.everything or (b"." + name).endswith(self.plain) or name.endswith(self.dotted)

    def take_at_border(self, name: bytes) -> bool:
        """The same, where no period may stand before a leading one."""
        work.spend(self.cost)
        name = self.fold(name)
        if self.everything or (b"." + name).endswith(self.plain):
            return True
        if not name.endswith(self.dotted):
            return False
        ends = (base for base in self.dotted if name.endswith(base))
        return any(len(name) == len(base) or name[-len(base) - 1] != 0x2E for base in ends)
