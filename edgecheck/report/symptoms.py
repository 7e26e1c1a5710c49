"""From what a user sees to the rules that explain it: error texts, in the wordings of versions."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from edgecheck.report.openssl import ERRORS, VerifyError
from edgecheck.rules.engine.rule import Rule
from edgecheck.rules.texts import DOTNET
from edgecheck.values import frozen

MOST = 8
"""More candidates than anybody looks at."""
WHOLE = 10
"""What a symptom weighs at least that stands whole in a text, or the text in it."""
MANY = 8
"""A further symptom counts so much less."""
ENOUGH = 0.6
"""Which part of a text's words must be there for it to be meant, where it does not stand whole."""
_NUMBER = re.compile(
    r"(?:error|err|num|code|verify return code|verify result)\W*(?:num\W*)?(?<!-)(\d{1,2})\b"
    r"|num@depth\)?\W*(\d{1,2})@|^\W*(\d{1,2})\W*(?:@\d+)?$",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?:NotTimeValid|NotSignatureValid|NotValidForUsage|UntrustedRoot|InvalidBasicConstraints"
    r"|HasExcludedNameConstraint|PartialChain|HasNotSupportedCriticalExtension)\b"
)
"""X509ChainStatusFlags of .NET, which stand alone where a program logs what its callback got."""
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    ("a", "and", "by", "certificate", "error", "for", "in", "is", "not", "of", "or", "the", "to")
)
VAGUE = ("certificate verify failed", "A TLS error occurred")
"""What some clients say whatever is wrong."""


@frozen
class Candidate:
    """A rule that an error text can mean, and the symptom that says so."""

    rule: Rule
    symptom: str
    weight: float


def candidates(text: str, rules: Iterable[Rule], numbers: bool = True) -> list[Candidate]:
    """The rules that an error text can mean, the likeliest first.

    Without `numbers` an "error 20" is nobody's: in a log it may be any program's.

    A symptom that stands whole in the text weighs most, the longer the more, and several more
    than one; then one of which the text is a part; then one that shares most words with it.
    Among equals, the rule comes first whose more typical symptom it is, then the worse one.
    """
    asked = [words_of(wording) for wording in _wordings(text, numbers)]
    found = []
    for place, rule in enumerate(rules):
        weighed = [
            (max(_weight(words_of(symptom), words) for words in asked), -at, symptom)
            for at, symptom in enumerate(rule.symptoms)
        ]
        if weighed:
            weight, at, symptom = max(weighed)
            weight += sum(other for other, _, _ in weighed if other > WHOLE) / MANY
            if weight > 0:
                order = (-weight, -at, rule.severity.rank, place)
                found.append((order, Candidate(rule, symptom, weight)))
    found.sort(key=lambda item: item[0])
    best = found[0][1].weight if found else 0
    return [candidate for _, candidate in found if candidate.weight >= best / 2][:MOST]


def is_vague(text: str) -> bool:
    """Whether a text says only that something was refused."""
    words = words_of(text)
    return any(within(words_of(vague), words) for vague in VAGUE)


def also_seen(symptom: str) -> VerifyError | None:
    """The error of OpenSSL that a symptom is, with its number and constant."""
    words = words_of(symptom)
    for error in ERRORS:
        if words in map(words_of, (error.text, error.constant, *error.formerly)):
            return error
    return None


def _wordings(text: str, numbers: bool) -> Iterator[str]:
    """A text; what OpenSSL 3 says where it has its number or constant; .NET, where a status."""
    yield text
    statuses = list(dict.fromkeys(_STATUS.findall(text)))
    yield from (f"{DOTNET}{status}" for status in statuses)
    if len(statuses) > 1:
        yield f"{DOTNET}{', '.join(statuses)}"
    words = words_of(text)
    told = {int(n) for match in _NUMBER.finditer(text) for n in match.groups() if n and numbers}
    longest = 0
    for error in sorted(ERRORS, key=lambda error: -len(error.text)):
        said = max(
            (len(w) for w in map(words_of, (error.constant, *error.formerly)) if within(w, words)),
            default=0,
        )
        if said > longest or told.intersection(error.numbers):
            yield error.text
            longest = max(longest, said)


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words; hyphens and underscores are as good as spaces."""
    return tuple(_WORD.findall(text.lower().replace("'s ", "s ")))


def _weight(symptom: tuple[str, ...], asked: tuple[str, ...]) -> float:
    """How well a symptom explains a text; 0: not at all."""
    if within(symptom, asked):
        return WHOLE + 2 * len(symptom)
    if within(asked, symptom) and not _SMALL.issuperset(asked):
        return WHOLE + len(asked) - (len(symptom) - len(asked)) / 100
    wanted = set(symptom) - _SMALL
    shared = wanted & set(asked)
    if len(shared) < 2 or (shared != wanted and len(shared) < max(3, ENOUGH * len(wanted))):
        return 0
    return 5 * len(shared) / len(wanted) + len(shared) / 10


def within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether words stand in a row among others."""
    size = len(short)
    return size > 0 and any(long[at : at + size] == short for at in range(len(long) - size + 1))
