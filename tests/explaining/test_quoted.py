"""What `explain` quotes are words of the text itself, whole ones, with no quote left over."""

from __future__ import annotations

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.explaining.lines import masked, spans_of_masked
from edgecheck.explaining.quoting import around, of_masked, of_words
from edgecheck.reporting.explained import meanings
from edgecheck.reporting.style import Style
from edgecheck.rules import BUILT_IN

TEXTS = [
    "x509: certificate signed by unknown authority",
    "x509: certificate is valid for gw.local, not gw7.local",
    'time="2026-11-30" level=error msg="x509: certificate has expired or is not yet valid"',
    "javax.net.ssl.SSLHandshakeException: PKIX path building failed: "
    "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid path",
    "error 18 at 0 depth lookup: self-signed certificate",
    "gateway 10.1.2.3: mbedtls_ssl_handshake returned -0x2700",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_quoted_stands_in_the_text(text: str) -> None:
    """Numbers and names as they were pasted: nobody finds "x#" in a log."""
    found = explain(text, BUILT_IN, predicted()).meanings
    assert found
    for meaning in found:
        assert meaning.because in text


def test_a_number_of_the_text_is_not_replaced_by_a_sign() -> None:
    """The third meaning of this text comes from a table of masked texts."""
    text = "x509: certificate signed by unknown authority"
    shown = meanings(explain(text, BUILT_IN, predicted()), BUILT_IN, Style())
    assert "naming.issuer-written-differently" in shown
    assert "x#" not in shown


def test_a_part_of_a_masked_line_is_found_in_the_line() -> None:
    """Whatever was masked before it has another length in the line."""
    line = "at 2026 CN=Contoso Root, from 'somebody' 17: cannot verify 4711 of gw.local today"
    assert masked(line) == "at # ..., from '...' #: cannot verify # of ... today"
    assert of_masked(line, "cannot verify # of ...") == "cannot verify 4711 of gw.local"
    assert of_masked(line, masked(line)) == line
    text, spans = spans_of_masked(line)
    assert text.strip() == masked(line)
    assert len(spans) == len(text)


@pytest.mark.parametrize(
    ("line", "words", "quoted"),
    [
        ("msg: Self-Signed  certificate!", ("self", "signed", "certificate"), None),
        ('he said "not yet valid" again', ("not", "yet", "valid"), "not yet valid"),
        ("the issuer's name differs", ("issuers", "name"), "issuer's name"),
        ("nothing of it", ("not", "yet"), "nothing of it"),
    ],
)
def test_words_in_a_row_are_quoted_as_they_stand(
    line: str, words: tuple[str, ...], quoted: str | None
) -> None:
    """Letter case and what is between them are the line's; without them it is the whole line."""
    assert of_words(line, words) == (quoted or "Self-Signed  certificate")


@pytest.mark.parametrize(
    ("line", "match", "quoted"),
    [
        # The closing quote belongs to an opening one that is not quoted.
        (
            'msg="unable to get local issuer certificate"',
            "unable to get local issuer certificate",
            0,
        ),
        (
            '(because of "crypto/rsa: verification error" while)',
            "crypto/rsa: verification error",
            0,
        ),
        # A match that begins and ends within words is completed.
        (
            "prefix unverifiable_certificates here",
            "verifiable_cert",
            "prefix unverifiable_certificates here",
        ),
        # An apostrophe is no quote.
        ("isn't it 'expired' then", "it 'expired'", "isn't it 'expired' then"),
    ],
)
def test_a_quotation_has_whole_words_and_no_lonely_quote(
    line: str, match: str, quoted: str | int
) -> None:
    start = line.index(match)
    assert around(line, (start, start + len(match))) == (quoted or match)


def test_a_long_quotation_ends_with_a_word() -> None:
    """With a sign that more follows."""
    text = "it says the certificate is not valid for the name " + "abcdefghi " * 40
    shown = " ".join(meanings(explain(text, BUILT_IN, predicted()), BUILT_IN, Style()).split())
    assert '"it says the certificate is not valid' in shown
    assert 'abcdefghi ..."' in shown
    quoted = shown.partition('"')[2].partition('"')[0]
    assert set(quoted.removesuffix(" ...").split()) <= set(text.split())
