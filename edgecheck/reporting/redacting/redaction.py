"""Text without whose gateway it is: what a report knows of names and numbers, replaced."""

import re
from collections.abc import Iterable
from enum import Enum

from edgecheck.reading.text import LONGEST
from edgecheck.report.answers import Answers
from edgecheck.reporting.redacting.numbers import (
    LEAST_PREFIX,
    Addresses,
    Digits,
    Identifiers,
    parsed,
)
from edgecheck.reporting.redacting.pseudonyms import Pseudonyms, low
from edgecheck.reporting.redacting.public import (
    ATTRIBUTES,
    NUMBER,
    RESERVED,
    WORD,
    vocabulary,
)
from edgecheck.reporting.redacting.values import CUT, Starts, Values

LEFT_OUT = "(left out)"
"""What stands for a text that cannot be made safe to post."""
LEAST_DIGITS = 16
"""Digits in hexadecimal that are replaced whoever they are of: digests, keys, dumps of DER."""
LEAST_INSIDE = 5
"""Letters of a word by which it is found inside of longer ones."""
LEAST_GUARDED = 8
MOST_GUARDED = 300
MANY = 60
"""Characters of a name from which on its length matters, and is kept."""

_PIECE = re.compile(
    r"(?P<escape>\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
    r"|\\[nrt]|%[0-9A-Fa-f]{2})"
    r"|(?P<colons>(?<!\w)[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){3,}(?!\w))"
    r"|(?P<six>(?<!\w)(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})"
    r"(?:%[\w.-]+)?(?!\w))"
    r"|(?P<dotted>(?<![\w.])\d+(?:\.\d+){3,}(?![\w-]|\.\w))"
    r"|(?P<word>[^\W_]+)"
)
_NUMBER = re.compile(r"(?:[0-9A-Fa-f]{2}[: ]?){3,}[0-9A-Fa-f]{2}")
"""A digest or a serial number, with or without signs between its octets."""
_HEX = re.compile(r"(?:0x)?([0-9A-Fa-f]+)")
_LONG_ANYWAY = re.compile(r"[/=;]")
"""What paths and addresses have, whose length no rule judges."""
_IN_ASCII = re.compile(r"[A-Za-z0-9]{3,}")


class Mode(Enum):
    """What a text is: nothing but a name; a sentence with names in it; a text of our own."""

    NAME = 1
    FOREIGN = 2
    OWN = 3


class Redaction:
    """A function from texts to texts that can be posted, for reports that are told together.

    What it is called with twice, it leaves alone the second time.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._words = Pseudonyms()
        self.addresses = Addresses()
        self.digits = Digits()
        self.identifiers = Identifiers()
        self._values = Values()
        self._telling: set[str] = set()
        self._tellings = Starts()
        self._inside: dict[str, bool] = {}
        self._guards: list[str] = []

    @classmethod
    def of(cls, *reports: Answers, also: Iterable[str] = ()) -> "Redaction":
        """Return one that knows every value of the reports, and further ones: names of files."""
        from edgecheck.reporting.redacting.harvest import harvest, source

        made = cls()
        for report in reports:
            harvest(report, made)
            made._guard()
        for text in also:
            source(text, made)
        return made

    def _guard(self) -> None:
        """Look for the names that matter most once more in whatever is told."""
        names = (text for text in self._values.anywhere() if len(text) >= LEAST_GUARDED)
        self._guards = list(names)[:MOST_GUARDED]

    def know(self, value: str) -> None:
        """A value that tells something: a name, a path, an address, whatever it is."""
        if (address := parsed(value.strip("[]"))) is not None:
            self.addresses.know(address)
            return
        if _NUMBER.fullmatch(value):
            self.digits.know(re.sub("[: ]", "", value))
            return
        spans = [found.span() for found in WORD.finditer(value)]
        words = [value[start:end] for start, end in spans]
        words += [found[0] for found in _PIECE.finditer(value) if found.lastgroup == "word"]
        if all(low(word) in RESERVED for word in words):
            return
        at_length = len(value) > MANY and not _LONG_ANYWAY.search(value)
        self._words.know((w for w in words if low(w) not in RESERVED), at_length)
        telling = {low(word) for word in words if _tells(word)}
        if not value.isascii():  # some clients print such letters as they please
            telling |= {low(piece) for piece in _IN_ASCII.findall(value)}
        telling -= vocabulary()
        for word in telling - self._telling:
            self._tellings.add(word)
        self._telling |= telling
        text = low(value[spans[0][0] : spans[-1][1]])
        signs = ".@/\\" if not any(map(str.isdigit, text)) else ".@/\\-_"
        joined = any(sign in text for sign in signs) and " " not in text
        self._values.add(text, bool(telling) or (joined and any(map(str.isalpha, text))))

    def number(self, value: int) -> int:
        """A number of a report: a serial number is replaced, any other stays."""
        told = abs(value) >= 100_000 and value.bit_length() <= LONGEST
        made = self.digits.of(str(abs(value))) if told else None
        return value if made is None else int(made) if value > 0 else -int(made)

    def __call__(self, text: str) -> str:
        """A sentence, or a value: what is known is replaced, and every word that is not ours."""
        return self._guarded(self._replaced(text, Mode.FOREIGN))

    def own(self, text: str) -> str:
        """A text that edgecheck wrote, or that clients print: what is known is replaced."""
        return self._guarded(self._replaced(text, Mode.OWN))

    def strict(self, text: str) -> str:
        """A text that is nothing but a name or a path: no word of it stays."""
        return self._replaced(text, Mode.NAME)

    def in_digits(self, text: str) -> str:
        """A number in hexadecimal; one that is so short that it tells nothing stays."""
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        made = self.digits.of(digits)
        if made is None and len(digits) >= LEAST_PREFIX:
            made = self.digits.new(digits)
        return text if made is None else sign + made

    def id(self, text: str) -> str:
        """The id of a finding: the rule stays, the digest behind it is a pseudonym."""
        rule, sign, rest = text.partition("@")
        return rule + sign + self._replaced(rest, Mode.OWN)

    def _guarded(self, made: str) -> str:
        """A text in which a name is left all the same is left out."""
        lower = low(made)
        return LEFT_OUT if any(name in lower for name in self._guards) else made

    def _replaced(self, text: str, mode: "Mode") -> str:
        lower = low(text)
        cuts = [found.start() for found in CUT.finditer(text)]
        made: list[str] = []
        done = 0
        for piece in _PIECE.finditer(text):
            start, end = piece.span()
            if start < done or piece.lastgroup == "escape":
                continue
            found = None if mode is Mode.NAME else self._values.at(text, lower, start, cuts)
            if found is not None:
                end, whole = found
                kept = self._value(text[start:end], whole)
            else:
                kept = self._piece(piece, mode)
            made += [text[done:start], kept]
            done = end
        return "".join([*made, text[done:]])

    def _value(self, said: str, whole: str) -> str:
        """A whole value, or the start of one, of which the last word may be cut."""
        if len(said) == len(whole):
            return self.strict(said)
        start, end = [*WORD.finditer(said)][-1].span()
        last = WORD.match(whole, start)
        if last is None or last.end() == end or low(said[start:end]) in RESERVED:
            return self.strict(said)
        cut = self._words.cut(said[start:end], whole[start : last.end()])
        return self.strict(said[:start]) + cut + said[end:]

    def _piece(self, piece: re.Match[str], mode: "Mode") -> str:
        """One piece of a text: what stands for it, or itself."""
        said, kind = piece[0], piece.lastgroup
        if kind == "colons":
            digits = said.replace(":", "")
            made = self.digits.of(digits) or self.digits.new(digits)
            return ":".join(made[at : at + 2] for at in range(0, len(made), 2))
        if kind in ("six", "dotted"):
            other = self.addresses.of(said, mode is Mode.NAME) or self.identifiers.of(said)
            if other is not None:
                return other
            return WORD.sub(lambda word: self._word(word, mode), said)
        return self._word(piece, mode)

    def _word(self, found: re.Match[str], mode: "Mode") -> str:
        word, text, end = found[0], found.string, found.end()
        key = low(word)
        digits = _HEX.fullmatch(word)
        if digits is not None and (made := self._digits(digits, word)):
            return made
        if key in RESERVED or self._words.issued(word):
            return word
        if mode is Mode.NAME:
            is_attribute = word in ATTRIBUTES and text[end : end + 1] == "="
            return word if is_attribute else self._words.of(word)
        if key in self._telling:
            return self._words.of(word)
        if key in vocabulary():
            return word
        if CUT.match(text, end) and (whole := self._tellings.beginning(key)):
            return self._words.cut(word, whole)
        if mode is Mode.OWN and not self._holds(key):
            return word
        return word if NUMBER.fullmatch(key) else self._words.of(word)

    def _digits(self, digits: re.Match[str], word: str) -> str | None:
        """What stands for a number in hexadecimal; for one that is not known, if it is long."""
        said = digits[1]
        made = self.digits.of(said)
        if made is None and len(said) >= LEAST_DIGITS:
            made = self.digits.new(said)
        if made is None and self.digits.issued(said):
            made = said
        return None if made is None else word[: digits.start(1)] + made

    def _holds(self, key: str) -> bool:
        """Whether a word that tells something is inside of another."""
        if key not in self._inside:
            self._inside[key] = len(key) > LEAST_INSIDE and any(
                word in key for word in self._telling if len(word) >= LEAST_INSIDE
            )
        return self._inside[key]


def _tells(word: str) -> bool:
    """Whether a word by itself tells something: letters do, and long numbers."""
    return (len(word) > 1 and not word.isdigit()) or len(word) > LEAST_INSIDE
