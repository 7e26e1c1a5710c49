"""explain(): a text, taken apart by its lines, and what it can mean, the most likely first."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from edgecheck.explaining.lines import lines, masked
from edgecheck.explaining.literals import Index, index, needed, places
from edgecheck.explaining.meaning import OTHER_SIDE, Explanation, Meaning
from edgecheck.explaining.quoting import around, of_masked, of_words
from edgecheck.explaining.rows import Row, Said
from edgecheck.explaining.symptoms import CAPTURE, SYMPTOMS
from edgecheck.explaining.tables import ROWS
from edgecheck.reading.late import late
from edgecheck.report.symptoms import WHOLE, candidates, within, words_of
from edgecheck.rules.engine.rule import Rule

MOST = 12
"""Meanings of one text; nobody reads more."""
MOST_OF_A_LINE = 4
"""Rules that a line adds, of which no table knows anything."""
MOST_GUESSED = 60
"""Lines that are compared with the symptoms of rules word by word: the first that tell of ills."""
_PATH = re.compile(
    r"'(/[^'\n]{1,300})'|\"(/[^\"\n]{1,300})\""
    r"|(?<![\w:/.])(/(?:[\w.@+-]+/)+[\w.@+-]*\w\.(?:pem|crt|cer|key|p12|pfx|der|jks|toml|yaml|csr))\b"
    r"|(?<![\w:/.])(/(?:[\w.@+-]+/)+[\w.@+-]*\w)(?=$|[:,;)\]])"
)
_ILL = re.compile(
    r"err|fail|invalid|\bno[tn]?\b|n't|unable|cannot|could|refus|reject|denied|warn|fatal|bad\b|must"
    r"|cert|x509|tls|ssl|pem|issuer|key|expire|trust|mismatch|unknown|unsupported|missing|self.signed",
    re.IGNORECASE,
)
"""Words of lines that may tell why something went wrong; most lines of a log have none."""


class _Found(NamedTuple):
    """One id that a line can mean, and how well."""

    rank: tuple[int, int, int, int]
    id: str
    certain: bool
    line: int
    said_by: str | None
    because: str


Predicted = Mapping[str, tuple[str, ...]]
"""Texts that models predict, masked, and the rules behind them, the commonest first."""
_NONE: Predicted = MappingProxyType({})


class _Predictions(NamedTuple):
    """Them, their texts in order, and where each is found."""

    rules: Predicted
    texts: tuple[str, ...]
    where: Index


def explain(text: str, rules: Iterable[Rule], predicted: Predicted = _NONE) -> Explanation:
    """Return what a text can mean: one line, a log, or whatever somebody pasted.

    First what a table says for certain, then what is likely, then what is only alike; what says no
    more than that something was refused comes last, and not at all beside a reason on the same
    line. Of equal ones the first in the text. Never raises, whatever the text is.
    """
    every = tuple(rules)
    known = {rule.id for rule in every} | SYMPTOMS.keys()
    found: list[_Found] = []
    guesses = MOST_GUESSED
    few = text.count("\n") < MOST_GUESSED
    texts = tuple(predicted)
    said = _Predictions(predicted, texts, _index_of(texts))
    plain: dict[int, str] = {}
    for number, line in lines(text):
        plain[number] = line
        here = list(_by_tables(number, line))
        found += here
        found += _by_predictions(number, line, said, here)
        if guesses > 0 and (few or _ILL.search(line) is not None):
            guesses -= 1
            found += _by_symptoms(number, line, every, here)
    return Explanation(text, tuple(_in_order(found, known, plain)))


_Hit = tuple[Row, re.Match[str], Said]


def _by_tables(number: int, line: str) -> Iterator[_Found]:
    """What the rows say of a line; plain and vague ones only where no other one does."""
    clear: list[_Hit] = []
    plain: list[_Hit] = []
    vague: list[_Hit] = []
    for row, pattern in worth_trying(line):
        for match in pattern.finditer(line):
            said = row.reads(match)
            if said is not None:
                kind = vague if _is_vague(row, said) else plain if row.plain else clear
                kind.append((row, match, said))
    if not clear:
        spans = [match.span() for _, match, _ in vague]
        clear = [hit for hit in plain if not any(_within(hit[1].span(), span) for span in spans)]
    chosen = clear or vague
    longest: dict[str, re.Match[str]] = {}
    for _, match, said in chosen:
        for id in said.ids:
            longest[id] = max(longest.get(id, match), match, key=lambda one: len(one[0]))
    for row, match, said in chosen:
        for place, id in enumerate(said.ids):
            certain = said.certain and place == 0
            yield _Found(
                (_class(row, said, place), number, place, match.start()),
                id,
                certain,
                number,
                said.said_by,
                around(line, longest[id].span()),
            )


def _within(plain: tuple[int, int], vague: tuple[int, int]) -> bool:
    """Whether plain words stand in a sentence of which a table knows that it tells no reason."""
    return vague[0] <= plain[0] and plain[1] <= vague[1]


_LIKELIEST, _VAGUE = 1, 3
_REFUSED = "symptom.refused-without-reason"


def _is_vague(row: Row, said: Said) -> bool:
    """Whether it only says that something was refused."""
    return row.vague or said.ids[0] == _REFUSED


def _class(row: Row, said: Said, place: int) -> int:
    """0 what is certain, 1 the likeliest, 2 the next ones, 3 what is vague."""
    if _is_vague(row, said):
        return _VAGUE
    if said.certain:
        return 0 if place == 0 else 2
    return 1 if place == 0 else 2


def _by_predictions(
    number: int, line: str, predicted: _Predictions, here: list[_Found]
) -> Iterator[_Found]:
    """Rules for which a client is predicted to say just this; of several texts the longest.

    What is vague stays first: whatever rules were predicted with it are a few of many.
    """
    vague = bool(here) and all(found.rank[0] == _VAGUE for found in here)
    plain = masked(line)
    if plain.lower() == "error #":
        return  # a number alone is nobody's
    told = {predicted.texts[place] for place in places(predicted.where, plain.lower())}
    there = max(
        (text for text in told if text == plain or (len(text) >= _LONG and text in plain)),
        key=len,
        default="",
    )
    if there != plain and not vague and here and _only_vague(there):
        return  # the line has the reason that this text leaves out
    said = of_masked(line, there) if there in predicted.rules else ""
    for place, id in enumerate(predicted.rules.get(there, ())):
        rank = _VAGUE + 1 if vague else min(1 + place, 2)
        yield _Found((rank, number, place + _AFTER, 0), id, False, number, None, said)


@cache
def _only_vague(text: str) -> bool:
    """Whether a text only says that something was refused."""
    found = list(_by_tables(0, text))
    return bool(found) and all(each.rank[0] == _VAGUE for each in found)


_AFTER = 10
"""What models predict comes behind what a table says that is as likely."""
_LONG = 12
"""Shorter predicted texts have to be the whole line."""


def _by_symptoms(
    number: int, line: str, rules: tuple[Rule, ...], here: list[_Found]
) -> Iterator[_Found]:
    """Rules whose symptoms stand in the line, or are much like it.

    Never for certain: a rule's symptom is what a client said of its fault, and other faults can
    have the same words.
    """
    told = {found.id for found in here}
    likely = candidates(line, rules, numbers=False)
    whole = [each for each in likely if each.weight >= WHOLE]
    alone = len(whole) == 1 and not here and _is_telling(whole[0].symptom, line)
    for place, each in enumerate(whole[:MOST_OF_A_LINE] or likely[:1]):
        if each.rule.id in told:
            continue
        stands = each.weight >= WHOLE
        if not stands and (here or each.weight < _ALIKE):
            continue
        rank = (1 if alone else 2 if not here else 3) if stands else 4
        said = of_words(line, words_of(each.symptom))
        yield _Found((rank, number, place + 4, 0), each.rule.id, False, number, None, said)


_ALIKE = 4.5
"""Below it a line shares too few words with a symptom to be worth a word."""


def _is_telling(symptom: str, line: str) -> bool:
    """Whether a symptom stands in a line, so long or so strange that no other text has it."""
    telling = len(symptom.split()) >= 4 or "_" in symptom
    return telling and within(words_of(symptom), words_of(line))


def _in_order(found: list[_Found], known: set[str], plain: Mapping[int, str]) -> Iterator[Meaning]:
    """Each id once, by its best place; what is vague is not certain beside a likely reason."""
    best: dict[str, _Found] = {}
    for each in sorted(found, key=lambda one: one.rank):
        if each.id in known and each.id not in best:
            best[each.id] = each
    clear = any(each.rank[0] <= _LIKELIEST for each in best.values())
    for each in list(best.values())[:MOST]:
        kind = "symptom" if each.id in SYMPTOMS else "rule"
        certain = each.certain and not (clear and each.rank[0] >= _VAGUE)
        next = _next(each, plain)
        yield Meaning(each.id, kind, certain, each.line, each.said_by, each.because, next)


def _next(found: _Found, lines: Mapping[int, str]) -> str:
    symptom = SYMPTOMS.get(found.id)
    if symptom is None or (found.said_by == OTHER_SIDE and _by_a_server(found, lines)):
        return CAPTURE
    if symptom.next.endswith(" PATH"):
        near = (lines.get(found.line + place, "") for place in (0, -1, 1, -2))
        path = next(filter(None, map(_path, near)), None)
        if path is not None:
            return symptom.next.removesuffix("PATH") + shlex.quote(path)
    return symptom.next


_SERVER = re.compile(
    r"TLS handshake failed|TLS server: In state|handshake error from|SSL handshaking, client:"
    r"|^\d{10}: |\bedgeHub\b",
    re.IGNORECASE,
)
"""Words of lines that servers log of their clients."""
_TRACE = 6
"""Lines of a stack trace, above which such a line stands."""


def _by_a_server(found: _Found, lines: Mapping[int, str]) -> bool:
    """Whether an alert stands in a server's log: then a client refused what this side presents."""
    if not found.id.startswith("symptom.alert-"):
        return False
    return any(_SERVER.search(lines.get(found.line - place, "")) for place in range(_TRACE))


def _path(line: str) -> str | None:
    """A file that a line names, where it is plain which characters are its name."""
    match = _PATH.search(line)
    return next(filter(None, match.groups()), None) if match is not None else None


def worth_trying(line: str) -> Iterator[tuple[Row, re.Pattern[str]]]:
    """Yield the rows that can match a line, in the order of the tables, and their patterns."""
    rows, always, where = _compiled()
    small = line.lower()
    for place in sorted({*always, *places(where, small)}):
        yield rows[place]


@lru_cache(maxsize=2)
def _index_of(texts: tuple[str, ...]) -> Index:
    """Where each text is found; whoever explains many texts knows the same predictions each time."""
    return index((text.lower(),) for text in texts)


@cache
def _compiled() -> tuple[tuple[tuple[Row, re.Pattern[str]], ...], tuple[int, ...], Index]:
    """Each row with its pattern, compiled when used; which have no word; where the others are."""
    words = [needed(row.pattern) for row in ROWS]
    always = tuple(place for place, known in enumerate(words) if not known)
    patterns = tuple((row, late(row.pattern, re.IGNORECASE)) for row in ROWS)
    return patterns, always, index(words)


__all__ = ["OTHER_SIDE", "explain", "worth_trying"]
