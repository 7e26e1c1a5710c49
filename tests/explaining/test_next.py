# ruff: noqa: E501 -- texts stand as programs print them
"""What to run next, what is quoted, and what is shown of one event."""

from __future__ import annotations

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import Explanation, explain
from edgecheck.explaining.symptom import ON_THE_OTHER_SIDE
from edgecheck.explaining.symptoms import CAPTURE
from edgecheck.reporting.explained import meanings
from edgecheck.reporting.style import Style
from edgecheck.rules import BUILT_IN

REFUSED = "symptom.refused-without-reason"


def meant(text: str) -> Explanation:
    return explain(text, BUILT_IN, predicted())


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("open /etc/aziot/certs/device ca.pem failed: EACCES", "PATH"),
        ("Permission denied: /etc/aziot/certs/ca.pem", "/etc/aziot/certs/ca.pem"),
        ("[Errno 13] Permission denied: '/certs/my key.pem'", "'/certs/my key.pem'"),
        ("operation on file /layer3/certs/id.pem\ncaused by: Permission denied (os error 13)", "/layer3/certs/id.pem"),
        ("https://gw/x/y.pem\nPermission denied", "PATH"),
    ],
)  # fmt: skip
def test_the_next_command_names_the_file(text: str, path: str) -> None:
    """That of the line, or of one beside it; not one that may go on behind a space."""
    found = next(m for m in meant(text).meanings if m.id == "symptom.file-not-readable")
    assert found.next == f"namei -l {path}"


@pytest.mark.parametrize(
    ("text", "next"),
    [
        ("1606209600: OpenSSL Error[0]: sslv3 alert bad certificate", CAPTURE),
        ("[WRN] - TLS handshake failed., x\n ---> tlsv1 alert unknown ca", CAPTURE),
        ("http: TLS handshake error from 10.0.0.7:2: remote error: tls: bad certificate", CAPTURE),
        ("ssl.SSLError: [SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca", ON_THE_OTHER_SIDE),
    ],
)  # fmt: skip
def test_of_an_alert_in_a_servers_log_its_own_chain_is_looked_at(text: str, next: str) -> None:
    """A client sent it: what it refused is what the server presents."""
    assert meant(text).meanings[0].next == next


def test_what_is_quoted_tells_more_than_a_number() -> None:
    (found,) = meant("E (74107) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7F00").meanings
    assert found.because == "esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7F00"


@pytest.mark.parametrize(("above", "shown"), [(3, False), (40, True)])
def test_of_one_event_the_reason_alone_is_shown(above: int, shown: bool) -> None:
    """What stands near the line with the reason is of the same stack trace."""
    text = "A call to SSPI failed\n" + "   at Some.Method()\n" * above + "CERT_E_UNTRUSTEDROOT"
    page = meanings(meant(text), BUILT_IN, Style(color=False))
    assert (f"perhaps {REFUSED}" in page) is shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "unable to get local issuer certificate",
            "next, with your gateway's name for iotedgegw.local and your root for root.pem:\n",
        ),
        ("connection refused", "next:\n"),
    ],
)
def test_it_is_said_which_words_of_a_command_stand_for_the_readers_own(
    text: str, told: str
) -> None:
    assert f"\n{told}" in meanings(meant(text), BUILT_IN, Style())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("certificate is not yet valid", "a device without a battery starts in the past"),
        ("certificate has expired", "only where that is right has the certificate ended"),
    ],
)
def test_of_dates_the_clocks_are_compared_first(text: str, words: str) -> None:
    """A wrong clock has the same words as a wrong certificate, and costs less to look at."""
    shown = meanings(explain(text, BUILT_IN, predicted()), BUILT_IN, Style())
    told = " ".join(shown.split())
    assert f"First compare the clocks: run `date -u` on the device that refuses; {words}." in told
