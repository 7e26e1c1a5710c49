"""How reports and pages are worded: short sentences, no bare digest, no word left unexplained."""

from __future__ import annotations

import pytest

from fixtures.expected import folders, report_of
from tests import texts
from tests.conftest import REPO
from tests.examples import some

FOLDERS = some(folders())
FAMILIES = sorted({path.parent.parts[-1] for path in texts.pages(REPO)})


def test_a_sentence_is_counted_without_what_others_wrote() -> None:
    """Quoted values have the length of a placeholder; code, tables and links none at all."""
    text = 'The CA "a very long name. Of somebody" is\nno CA. So?\n\n    code. code\n\n- one. Two\n'
    assert list(texts.sentences(text)) == ['The CA "…" is no CA.', "So?", "one.", "Two"]
    assert list(texts.sentences("| a | b |\n\nsee [x](../a/b.md).")) == ["see [x]."]


def test_terms_are_found_where_nothing_says_what_they_are() -> None:
    assert not texts.unexplained("no name in it (subjectAltName)")
    assert not texts.unexplained("write `subjectAltName = DNS:x`")
    assert texts.unexplained("no subjectAltName in it")
    assert texts.unexplained("the SAN is a name")
    assert texts.unexplained("step: 6.1.4 (k)")
    assert not texts.unexplained("step of RFC 5280: 6.1.4 (k)")


@pytest.mark.parametrize("family", sorted({each.parts[-2] for each in FOLDERS} - {""}))
def test_no_sentence_of_a_report_is_too_long(family: str) -> None:
    """Of messages, remedies, acts, reasons and notes."""
    long = {
        f"{where}: {sentence}"
        for folder in FOLDERS
        if folder.parts[-2] == family
        for where, text in texts.texts(report_of(folder))
        for sentence in texts.sentences(text)
        if len(sentence) > texts.LONGEST
    }
    assert not long
