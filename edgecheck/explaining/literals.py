"""Words that a line must have for a pattern to be worth trying: most lines have none of them."""

import re

_TOKEN = re.compile(
    r"\\[bBdDsSwWAZ]|\\x[0-9a-f]{2}|\\.|\[\^?\]?[^\]]*\]|\(\?[:!=]|\(\?<[!=]|\(|\)|\||[*+?]|\{\d*,?\d*\}|\.|\^|\$|."
)
LEAST = 4
"""Letters of a word, below which it tells too little."""


def needed(pattern: str) -> tuple[str, ...]:
    """Return words in small letters of which every match of a pattern has one.

    Empty where that cannot be told: then the pattern has to be tried. Only what stands outside of
    groups, classes and repetitions counts.
    """
    words = []
    for branch in _branches(pattern):
        runs = _runs(branch)
        longest = max(runs, key=len, default="")
        if len(longest) < LEAST:
            return ()
        words.append(longest.lower())
    return tuple(dict.fromkeys(words))


def _branches(pattern: str) -> list[list[str]]:
    """The tokens of each alternative at the top; a NUL stands for a group."""
    branches: list[list[str]] = [[]]
    depth = 0
    for token in _TOKEN.findall(pattern):
        if token == ")":
            depth -= 1
            if depth == 0:
                branches[-1].append("\0")
        elif token.startswith("("):
            depth += 1
        elif depth == 0 and token == "|":
            branches.append([])
        elif depth == 0:
            branches[-1].append(token)
    return branches


def _runs(tokens: list[str]) -> list[str]:
    """Runs of plain letters; a repetition takes away the letter before it."""
    runs, run = [], ""
    for token in tokens:
        plain = token if len(token) == 1 and token not in "*+?.^$\0" else ""
        if len(token) == 2 and token[0] == "\\" and not token[1].isalnum():
            plain = token[1]
        if plain:
            run += plain
            continue
        if token[0] in "*+?{":
            run = run[:-1]
        runs.append(run)
        run = ""
    return [*runs, run]
