"""Which words of a line are shown as those that say so: always the line's own, and whole ones."""

import re

from edgecheck.explaining.lines import spans_of_masked

_TELLING = 28
"""Characters below which a match is quoted with the words before it; and of those behind it."""
_LONGEST = 60
"""Characters of a word that is completed at an end of a quotation; what is longer is no word."""
_WORD = re.compile(r"[a-z0-9]+(?:'s(?= ))?", re.IGNORECASE | re.ASCII)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_PAIRS = (('"', '"'), ("'", "'"), ("`", "`"), ("(", ")"), ("[", "]"), ("{", "}"))


def around(line: str, span: tuple[int, int]) -> str:
    """Return the words of a match, with some of those beside it: numbers alone tell little."""
    start, end = _whole_words(line, *span)
    first, last = start, end
    if end - start < _TELLING:
        first = max(0, start - 2 * _TELLING)
    before, after = line[first:start], line[end : end + _TELLING]
    if first > 0:
        before = before.partition(" ")[2]
    if last + _TELLING < len(line):
        after = after.rpartition(" ")[0]
    if (before + line[start:end]).count('"') % 2 == 0 and after.count('"') % 2 == 1:
        after = after.partition('"')[0]  # it closes what was opened before the quotation
    return _balanced(f"{before}{line[start:end]}{after}")


def of_masked(line: str, part: str) -> str:
    """Return what a part of `masked(line)` stands for in the line; the line where it is all."""
    text, spans = spans_of_masked(line)
    at = text.find(part)
    if at < 0 or not part or part == text.strip():
        return line
    return _balanced(line[slice(*_whole_words(line, spans[at][0], spans[at + len(part) - 1][1]))])


def of_words(line: str, words: tuple[str, ...]) -> str:
    """Return where words stand in a row in a line; the whole line where they do not."""
    found = list(_WORD.finditer(line))
    there = [each[0].lower().replace("'s", "s") for each in found]
    for at in range(len(there) - len(words) + 1 if words else 0):
        if tuple(there[at : at + len(words)]) == words:
            span = found[at].start(), found[at + len(words) - 1].end()
            return _balanced(line[slice(*_whole_words(line, *span))])
    return line


def _whole_words(line: str, start: int, end: int) -> tuple[int, int]:
    """The ends of a quotation moved outwards to the ends of the words in which they are."""
    first, last = start, end
    while first > 0 and line[first - 1].isalnum() and line[first : first + 1].isalnum():
        first -= 1
    while 0 < last < len(line) and line[last].isalnum() and line[last - 1].isalnum():
        last += 1
    return first if start - first <= _LONGEST else start, last if last - end <= _LONGEST else end


def _balanced(text: str) -> str:
    """Return a quotation without a quote or bracket at one end that has no fellow in it."""
    text = text.strip()
    quotes = _APOSTROPHE.sub("", text)
    for opening, closing in _PAIRS:
        left = quotes.count(opening) - quotes.count(closing)
        lonely = opening == closing and quotes.count(opening) % 2 == 1
        if (lonely or left < 0) and text.endswith(closing):
            text = text.removesuffix(closing).rstrip()
        elif (lonely or left > 0) and text.startswith(opening):
            text = text.removeprefix(opening).lstrip()
    return text
