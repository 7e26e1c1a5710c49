"""Where values that are known stand in a text, whole or cut."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from edgecheck.reporting.redacting.public import WORD

LEAST_CUT = 5
"""Characters of a value that was cut, by which it is known all the same."""
CUT = re.compile(r"\.\.\.|…")
_BEFORE = re.compile(r"""["'`“=:(\[<@/*\\]|[:,;] """)
_AFTER = re.compile(r"""$|["'`”)\],;:>/@]|\.(?:\s|$)|\*| \(""")


class Starts:
    """Texts, and which of them begins with another one."""

    def __init__(self) -> None:
        """There is none yet."""
        self._texts: dict[str, None] = {}
        self._sorted: list[str] | None = None

    def add(self, text: str) -> None:
        """One more."""
        if text not in self._texts:
            self._texts[text] = None
            self._sorted = None

    def beginning(self, start: str) -> str:
        """The first that begins so, by the order of letters; empty where none does."""
        if self._sorted is None:
            self._sorted = sorted(self._texts)
        at = bisect_left(self._sorted, start)
        found = self._sorted[at] if at < len(self._sorted) else ""
        return found if found.startswith(start) else ""


class Values:
    """Values in lower case, each from its first word to its last.

    Some are replaced wherever they stand. The others have only words that edgecheck's own sentences
    have too: they are replaced where a value stands, in quotes, behind `=`, alone.
    """

    def __init__(self) -> None:
        """None is known yet."""
        self._held: dict[str, dict[str, bool]] = {}
        self._starts: dict[str, Starts] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, text: str, anywhere: bool) -> None:
        """One more; `anywhere`: whether it is replaced wherever it stands."""
        first = WORD.match(text)
        assert first is not None
        word = first[0]
        held = self._held.setdefault(word, {})
        held[text] = anywhere or held.get(text, False)
        self._starts.setdefault(word, Starts()).add(text)
        self._lengths.pop(word, None)

    def anywhere(self) -> Iterator[str]:
        """Those that are replaced wherever they stand, in the order in which they came."""
        for held in self._held.values():
            yield from (text for text, anywhere in held.items() if anywhere)

    def at(self, text: str, lower: str, start: int, cuts: list[int]) -> tuple[int, str] | None:
        """Where a value ends that starts there, and the whole of it; None: there is none.

        Args:
            text: any.
            lower: the same in lower case.
            start: where a word starts.
            cuts: where signs stand that something was cut, in order.
        """
        if cuts and (found := self._cut(lower, start, cuts)) is not None:
            return found
        first = WORD.match(lower, start)
        held = self._held.get(first[0]) if first is not None else None
        if held is None or first is None:
            return None
        for size in self._sizes(first[0]):
            end = start + size
            anywhere = held.get(lower[start:end])
            if anywhere is None or WORD.match(text, end):
                continue
            if anywhere or _stands_alone(text, start, end):
                return end, lower[start:end]
        return None

    def _sizes(self, word: str) -> list[int]:
        """How long values are that start with a word, the longest first."""
        if word not in self._lengths:
            self._lengths[word] = sorted({len(text) for text in self._held[word]}, reverse=True)
        return self._lengths[word]

    def _cut(self, lower: str, start: int, cuts: list[int]) -> tuple[int, str] | None:
        at = bisect_left(cuts, start + LEAST_CUT)
        if at == len(cuts):
            return None
        end = cuts[at]
        first = WORD.match(lower, start)
        starts = self._starts.get(first[0]) if first is not None and first.end() < end else None
        whole = starts.beginning(lower[start:end]) if starts is not None else ""
        return (end, whole) if len(whole) > end - start else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a value stands there, and no word of a sentence."""
    before = text[max(start - 2, 0) : start]
    if before[-1:] == "=":
        return True
    begins = start == 0 or _BEFORE.match(before[-1:]) or _BEFORE.fullmatch(before)
    return bool(begins and _AFTER.match(text, end))
