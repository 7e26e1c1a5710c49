"""What comes out of a text: meanings, the most likely first, and what to run next."""

from edgecheck.values import frozen

THIS_SIDE, OTHER_SIDE = "this side", "the other side"


@frozen
class Meaning:
    """One thing that a text can mean.

    Attributes:
        id: of a rule, or of a symptom (`symptom.name-not-resolved`).
        kind: `rule` or `symptom`.
        certain: whether the text says just this; False for what is only likely or alike.
        line: where it stands in the text, 1-based.
        said_by: who refused or failed: `this side`, the program that printed the text; `the other
            side`, of which it received an alert; None where the text does not tell.
        because: the words of the text that say so, as they stand there: escape them.
        next: the one command that finds out more, or says whether it is so.
    """

    id: str
    kind: str
    certain: bool
    line: int
    said_by: str | None
    because: str
    next: str


@frozen
class Explanation:
    """A text and all that it can mean; `commands` are those to run next, each once."""

    text: str
    meanings: tuple[Meaning, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """The next commands in the order of the meanings, each once."""
        return tuple(dict.fromkeys(meaning.next for meaning in self.meanings))
