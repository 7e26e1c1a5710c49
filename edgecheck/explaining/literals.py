"""Words that a line must have for a pattern to be worth trying, and an index of such words.

A log has thousands of lines, and there are hundreds of patterns. Of each pattern the words are
known of which every match has one; of each word three letters in a row are looked up, so that a
line is read once, and only the patterns are tried that can match it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

_TOKEN = re.compile(
    r"\\x[0-9a-f]{2}|\\.|\[\^?\]?[^\]]*\]|\(\?<?[=!]|\(\?:|\(|\)|\||[*+?]\??|\{\d*,?\d*\}\??|.",
    re.DOTALL,
)
_CLASSES = frozenset("dDsSwWbBAZ")
SHORTEST = 3
"""Letters of a word, below which it tells too little."""
_MOST = 40
"""Words of a pattern; more are not worth being put together."""

_Words = tuple[str, ...]


def needed(pattern: str) -> _Words:
    """Return words in small letters of which every match of a pattern has one.

    Empty where that cannot be told: then the pattern has to be tried. What may be missing or
    repeated does not count, nor what is only looked at ahead or behind.
    """
    words, _, _ = _alternatives(_TOKEN.findall(pattern), 0)
    return tuple(dict.fromkeys(words)) if _shortest(words) >= SHORTEST else ()


def _alternatives(tokens: list[str], at: int) -> tuple[_Words, bool, int]:
    """The words of what stands up to the bracket that closes, or the end; and where that is.

    The second says whether they are all that matches, so that other letters can be put to them.
    """
    found: list[_Words] = []
    whole = True
    while True:
        words, all_of_it, at = _sequence(tokens, at)
        found.append(words)
        whole = whole and all_of_it
        if at >= len(tokens) or tokens[at] == ")":
            break
        at += 1
    if any(not words for words in found):
        return (), False, at
    return tuple(word for words in found for word in words), whole, at


def _sequence(tokens: list[str], at: int) -> tuple[_Words, bool, int]:
    """The best words of one alternative: those of which the shortest is longest."""
    best: _Words = ()
    run: _Words = ("",)
    whole = True

    def ended(words: _Words) -> _Words:
        return max(best, words, key=_shortest)

    while at < len(tokens) and tokens[at] not in ("|", ")"):
        token = tokens[at]
        at += 1
        joins = True
        if token.startswith("("):
            words, joins, at = _alternatives(tokens, at)
            at += 1
            if token not in ("(", "(?:"):
                words, joins = ("",), True
        else:
            words = _letter(token)
        often = tokens[at] if at < len(tokens) else ""
        if often[:1] in ("*", "?") or often.startswith(("{0", "{,")):
            best, run = ended(run), ("",)
            at += 1
            whole = False
        elif often[:1] in ("+", "{"):
            best = ended(_joined(run, words) if joins and words else run)
            best, run = ended(words), ("",)
            at += 1
            whole = False
        elif not joins or not words or len(run) * len(words) > _MOST:
            best = ended(run)
            best, run = ended(words), ("",)
            whole = False
        else:
            run = _joined(run, words)
    return (run, True, at) if whole else (tuple(filter(None, ended(run))), False, at)


def _letter(token: str) -> _Words:
    """What a token stands for, where it is one letter only; a border has none and takes none."""
    if token in ("^", "$", r"\b", r"\B", r"\A", r"\Z"):
        return ("",)
    if token[0] == "[" and 1 < len(token) <= 4 and not set(token[1:-1]) & {"^", "\\"}:
        return tuple(dict.fromkeys(token[1:-1].lower()))  # [ _]: either of the two
    if len(token) == 2 and token[0] == "\\":
        return () if token[1] in _CLASSES else (token[1].lower(),)
    return (token.lower(),) if len(token) == 1 and token != "." else ()


def _joined(first: _Words, then: _Words) -> _Words:
    return tuple(one + other for one in first for other in then)


def _shortest(words: _Words) -> int:
    return min(map(len, words), default=0)


Index = Mapping[str, tuple[tuple[str, int], ...]]
"""By three letters: words that have them, each with the place of what needs the word."""


def index(many: Iterable[_Words]) -> Index:
    """Return which words are found by which letters; the rarest letters of each word count."""
    every = [(word, place) for place, words in enumerate(many) for word in words]
    often: defaultdict[str, int] = defaultdict(int)
    for word, _ in every:
        for letters in _letters(word):
            often[letters] += 1
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for word, place in every:
        found[min(_letters(word), key=lambda letters: (often[letters], letters))].append(
            (word, place)
        )
    return {letters: tuple(words) for letters, words in found.items()}


def _letters(text: str) -> set[str]:
    return {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}


def places(known: Index, line: str) -> Iterator[int]:
    """Yield the place of each that has a word in a line, which has small letters; some twice."""
    for letters in _letters(line) & known.keys():
        for word, place in known[letters]:
            if word in line:
                yield place
