"""How reports and pages are worded: short sentences, no bare digest, no word left unexplained."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgecheck.reporting.document.build import document
from edgecheck.rules.for_devices import FOR_DEVICES
from fixtures.expected import FIXTURES, folders, report_of
from tests import texts
from tests.conftest import REPO
from tests.examples import some

FAMILIES: dict[str, list[Path]] = {}
for _folder in some(folders()):
    FAMILIES.setdefault(_folder.relative_to(FIXTURES).parts[0], []).append(_folder)
PAGES = texts.pages(REPO)


def named(folder: Path) -> str:
    return folder.relative_to(FIXTURES).as_posix()


# --- what is measured ---------------------------------------------------------------------------


def test_a_sentence_is_counted_without_what_others_wrote() -> None:
    """Quoted values have the length of a placeholder; code, tables and links none at all."""
    text = 'The CA "a very long name. Of somebody" is\nno CA. So?\n\n    code. code\n\n- one. Two\n'
    assert list(texts.sentences(text)) == ['The CA "…" is no CA.', "So?", "one.", "Two"]
    assert list(texts.sentences("| a | b |\n\nsee [x](../a/b.md).")) == ["see [x]."]


def test_a_term_counts_where_nothing_says_what_it_is() -> None:
    assert not texts.unexplained("no name in it (subjectAltName)")
    assert not texts.unexplained("write `subjectAltName = DNS:x`")
    assert not texts.unexplained("step of RFC 5280: 6.1.4 (k)")
    assert not texts.unexplained('issued by "CN=SAN", and by CN=SAN')
    assert texts.unexplained("no subjectAltName in it")
    assert texts.unexplained("the SAN is a name")
    assert texts.unexplained("step: 6.1.4 (k)")


def test_a_digest_counts_where_nothing_says_what_it_is_of() -> None:
    assert texts.bare(f"found: {'0a' * 32}")
    assert texts.bare(f"{'0a' * 32}, {'0B' * 20}")
    assert not texts.bare(f"SHA-256 {'0a' * 32}")
    assert not texts.bare(f"the key identifier {'0B' * 20}")
    assert not texts.bare(f"{'0a' * 32}, the SHA-256 of the public key of a.pem")
    assert not texts.bare(f"serial number {'0a' * 16}")


# --- reports ------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_no_sentence_of_a_report_is_too_long(family: str) -> None:
    """Of messages, remedies, acts, reasons and notes of all fixtures."""
    long = {
        f"{named(folder)}, {where}: {sentence}"
        for folder in FAMILIES[family]
        for where, text in texts.texts(report_of(folder))
        for sentence in texts.sentences(text)
        if len(sentence) > texts.LONGEST
    }
    assert not long


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_report_explains_the_terms_that_it_uses(family: str) -> None:
    """Somewhere in it: somebody who has never read an RFC has nothing else at hand."""
    left = [
        f"{named(folder)}: {term}"
        for folder in FAMILIES[family]
        for term in texts.unexplained(texts.whole(report_of(folder)))
    ]
    assert not left


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_report_names_certificates_and_no_bare_digest(family: str) -> None:
    """On the first screen and in findings; `--verbose` and tables have the digests."""
    left = [
        f"{named(folder)}, {block.rule}: {text}"
        for folder in FAMILIES[family]
        for block in document(report_of(folder)).findings
        for text in (block.message, *(value.short for value in block.values))
        if texts.bare(text)
    ]
    assert not left


# --- pages --------------------------------------------------------------------------------------


def test_no_sentence_of_a_page_is_too_long() -> None:
    """Of pages about rules and about what programs print, and of what is said of devices."""
    long = [
        f"{page.relative_to(REPO)}: {sentence}"
        for page in PAGES
        for sentence in texts.sentences(page.read_text(encoding="utf-8"))
        if len(sentence) > texts.LONGEST
    ]
    long += [
        f"{rule}, of devices: {sentence}"
        for rule, words in FOR_DEVICES.items()
        for text in words
        for sentence in texts.sentences(text)
        if len(sentence) > texts.LONGEST
    ]
    assert not long


def test_a_page_explains_the_terms_that_it_uses() -> None:
    left = [
        f"{page.relative_to(REPO)}: {term}"
        for page in PAGES
        for term in texts.unexplained("\n".join(texts.blocks(page.read_text(encoding="utf-8"))))
    ]
    assert not left
