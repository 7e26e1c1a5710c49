"""A pseudonym keeps what diagnosis needs of a word, and nothing else."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from edgecheck.reporting.redacting.pseudonyms import LONG, Pseudonyms, low

LETTERS = string.ascii_letters + string.digits
ascii_words = st.text(LETTERS, min_size=1, max_size=40)
any_words = st.text(
    st.characters(categories=["Lu", "Ll", "Lo"]) | st.sampled_from(string.digits + "٣"),
    min_size=1,
    max_size=30,
)


def known(words: list[str]) -> Pseudonyms:
    made = Pseudonyms()
    made.know(words)
    return made


@given(st.lists(any_words, max_size=12))
def test_equal_words_and_no_others_have_equal_pseudonyms(words: list[str]) -> None:
    pseudonyms = known(words)
    made = {word: pseudonyms.of(word) for word in words}
    assert made == {word: pseudonyms.of(word) for word in words}
    assert len({low(each) for each in made.values()}) == len({low(word) for word in words})


@given(ascii_words, st.lists(st.booleans(), min_size=40, max_size=40))
def test_words_that_differ_in_case_have_pseudonyms_that_differ_in_case(
    word: str, capitals: list[bool]
) -> None:
    other = "".join(
        letter.upper() if capital else letter.lower()
        for letter, capital in zip(word, capitals, strict=False)
    )
    pseudonyms = known([word, other])
    one, two = pseudonyms.of(word), pseudonyms.of(other)
    assert one.lower() == two.lower()
    assert (one == two) == (word == other)


@given(st.text(LETTERS, min_size=LONG + 1, max_size=40))
def test_a_long_word_keeps_its_length_and_where_its_digits_are(word: str) -> None:
    made = known([word]).of(word)
    assert len(made) == len(word)
    assert [sign.isdigit() for sign in made] == [sign.isdigit() for sign in word]
    assert [sign.isupper() for sign in made] == [sign.isupper() for sign in word]


@given(any_words)
def test_a_pseudonym_is_beyond_ascii_where_the_word_has_such_letters(word: str) -> None:
    made = known([word]).of(word)
    assert made.isascii() or not word.isascii()
    if any(not sign.isascii() and sign.isalpha() for sign in word):
        assert not made.isascii()


@given(st.lists(any_words, min_size=1, max_size=10))
def test_no_pseudonym_is_one_of_the_words(words: list[str]) -> None:
    pseudonyms = known(words)
    real = {low(word) for word in words}
    assert real.isdisjoint(low(pseudonyms.of(word)) for word in words)


def test_words_as_people_write_them() -> None:
    """The first word is the first name; a country has the letters that no country has."""
    pseudonyms = known(["Gateway", "contoso", "DE"])
    assert [pseudonyms.of(word) for word in ("Gateway", "gateway", "GATEWAY")] == [
        "Name1",
        "name1",
        "NAME1",
    ]
    assert pseudonyms.of("contoso") == "name2"
    assert pseudonyms.of("DE") == "XA"
    assert pseudonyms.of("de") == "xa"


def test_where_one_spelling_mixes_letters_each_letter_keeps_its_case() -> None:
    pseudonyms = known(["IotEdgeGW", "iotedgegw"])
    assert low(pseudonyms.of("IotEdgeGW")) == pseudonyms.of("iotedgegw")
    assert [sign.isupper() for sign in pseudonyms.of("IotEdgeGW")] == [
        True, False, False, True, False, False, False, True, True
    ]  # fmt: skip
