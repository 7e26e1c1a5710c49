"""What stands for a word: the same for the same word, and never made out of what it says.

A pseudonym is numbered, so nobody who guesses a word can look whether it is that one. Of the word
it keeps what diagnosis needs: whether it has letters, digits, signs beyond ASCII, the case of its
letters, and its length where that matters.
"""

from collections.abc import Iterable, Iterator
from itertools import count

LONG = 20
"""Characters of a word from which on its length is kept: rules judge names by their length."""
_STEM = "name"
_ASCII = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_ACCENTED = "àáâãäåæçèéêëìíîïñòóôõöøùúûü"
_OTHER = "一二三四五六七八九十"


def low(text: str) -> str:
    """The text in lower case, letter by letter, so that it keeps its length."""
    if text.isascii():
        return text.lower()
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)


def is_even(word: str) -> bool:
    """Whether its letters are all small, all capital, or capital at its start alone."""
    letters = "".join(letter for letter in word if letter.isalpha())
    return letters in (letters.lower(), letters.upper(), letters.capitalize())


class Pseudonyms:
    """Words by what stands for them."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._exact: set[str] = set()
        self._known: set[str] = set()
        self._made: dict[str, str] = {}
        self._used: set[str] = set()
        self._numbers = count(1)
        self._alike: dict[str, Iterator[str]] = {}

    def know(self, words: Iterable[str], at_length: bool = False) -> None:
        """Words that will be replaced: no pseudonym is to be like one of them.

        `at_length`: they are part of something whose length matters.
        """
        for word in words:
            key = low(word)
            self._known.add(key)
            if at_length or len(word) > LONG or not is_even(word) or not word.isascii():
                self._exact.add(key)

    def issued(self, word: str) -> bool:
        """Whether it is a pseudonym itself."""
        return low(word) in self._used

    def of(self, word: str) -> str:
        """What stands for a word, in its letters' case."""
        key = low(word)
        if (made := self._made.get(key)) is None:
            candidates = self._candidates(key)
            made = next(each for each in candidates if self._is_free(each, key))
            self._made[key] = made
            self._used.add(made)
        return cased(made, word)

    def cut(self, word: str, whole: str) -> str:
        """The same of the start of a word, cut as it is where the length is kept."""
        made = self.of(word + whole[len(word) :])
        if len(made) == len(whole):
            made = made[: len(word)]
            self._used.add(low(made))
        return made

    def _is_free(self, made: str, key: str) -> bool:
        return made not in self._used and made not in self._known and made != key

    def _candidates(self, key: str) -> Iterator[str]:
        exact = key in self._exact or len(key) > LONG or key.isdigit()
        is_pair = len(key) == 2 and key.isalpha() and key.isascii()
        if exact or is_pair:
            shape = _shape(key)
            yield from self._alike.setdefault(shape, _pairs() if is_pair else _alike(shape))
        if key.isdigit():
            more = f"more than {len(key)}"
            yield from self._alike.setdefault(more, map(str, count(10 ** len(key))))
        while True:
            yield f"{_STEM}{next(self._numbers)}"


def _shape(key: str) -> str:
    """The first word that is alike: as long, with letters and digits in the same places."""
    shape = "".join(_alphabet(letter)[0] for letter in key)
    if len(key) > 5 and shape.startswith("a" * len(_STEM)):
        return _STEM + shape[len(_STEM) :]
    return f"1{shape[1:]}" if key.isdigit() and len(key) > 1 and key[0] != "0" else shape


def _pairs() -> Iterator[str]:
    yield from (f"x{letter}" for letter in _ASCII)
    yield from (f"q{letter}" for letter in _ASCII[12:])


def _alike(shape: str) -> Iterator[str]:
    """Words like the first one, which comes last, as many as there are."""
    for number in count(1):
        made, left = list(shape), number
        for at in range(len(shape) - 1, -1, -1):
            if not left:
                break
            alphabet = _alphabet(shape[at])
            left += alphabet.index(shape[at])
            made[at] = alphabet[left % len(alphabet)]
            left //= len(alphabet)
        if left:
            return
        yield "".join(made)


def _alphabet(letter: str) -> str:
    if letter.isdigit():
        return _DIGITS
    if letter in _ASCII:
        return _ASCII
    return _ACCENTED if letter != letter.upper() else _OTHER


def cased(made: str, word: str) -> str:
    """A pseudonym with capital letters where the word has them, as far as it has such places."""
    if word == low(word):
        return made
    if len(made) == len(word):
        return "".join(
            to.upper() if letter != low(letter) else to
            for to, letter in zip(made, word, strict=True)
        )
    letters = "".join(letter for letter in word if letter.isalpha())
    if len(letters) > 1 and letters == letters.upper():
        return made.upper()
    if letters == letters.capitalize():
        return made[:1].upper() + made[1:]
    pattern = [letter != low(letter) for letter in letters] + [False] * len(made)
    return "".join(
        to.upper() if capital else to for to, capital in zip(made, pattern, strict=False)
    )
