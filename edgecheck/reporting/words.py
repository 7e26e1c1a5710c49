"""Words that every form of a report shares."""

from collections.abc import Sequence

ABSENT = "not captured"
VERDICTS = (ABSENT, "error", "not valid", "warning", "not validated", "ok")
"""What is said of each of several reports, the worst first."""
PLURALS = {"error": "with errors", "warning": "with warnings"}
"""What is said of how many there are of a verdict, where that is not the word itself."""


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def paragraph(text: str) -> str:
    """The first paragraph of a text."""
    return text.partition("\n\n")[0]
