"""What a prediction is of: the client alone, in words of its own."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

import pytest

import edgecheck
from edgecheck.behaviour.openssl.names import settable
from fixtures import stock
from fixtures.expected import FIXTURES, folders, read, report_of
from fixtures.gateway import Gateway
from fixtures.pki import pem, subject_alt_name

GATEWAY = stock.stock_15()
OPENSSL_4_0 = "pyopenssl-ossl4.0.3"
STRIP_THE_DOT = {
    "azure-iot-device-node1.18.4",
    "bun1.4.5-boringssl",
    "curl7.88-ossl3.0",
    "curl8.14-ossl3.5",
    "curl8.23-ossl3.6",
    "deno2.9.8-rustls",
    "dotnet10.0-SslStream",
    "dotnet8.0.4-SslStream",
    "dotnet8.0.4-SslStream-cb",
    "dotnet9.0-SslStream",
    "gnutls3.7.9-cli",
    "gnutls3.8.13-cli",
    "gnutls3.8.9-cli",
    "go1.19.8",
    "go1.24.4",
    "go1.27.3",
    "java17-jsse",
    "java21-jsse",
    "java25-jsse",
    "mqttjs5.16-node20",
    "node10.9-ossl1.1.0i",
    "node16-ossl1.1.1v",
    "node18-ossl3.0.16",
    "node20-ossl3.0.19",
    "node20-ossl3.5.9",
    "node22-ossl3.5.9",
    "node24-ossl3.5.7",
    "node24-ossl3.6.5",
    "node26-ossl3.5.8",
    "node26-ossl3.5.9",
    "node8-ossl1.0.2s",
    "rustls-rtls",
    "uv0.13.9-rustls",
}
"""Clients that compare a host name without the dot at its end, whatever they send."""


def said(
    gateway: Gateway = GATEWAY,
    host: str | None = stock.HOSTNAME,
    trust: bytes | None = None,
    **given: object,
) -> dict[str, tuple[str, str]]:
    """Verdict and text by client."""
    trusted = trust or pem(*gateway.trust())
    options: dict[str, object] = {"at": stock.NOW} | given
    report = edgecheck.check(pem(*gateway.presented()), host, trusted, **options)  # type: ignore[arg-type]
    return {p.client: (str(p.verdict), p.says) for p in report.predictions}


@cache
def every_text() -> dict[str, set[str]]:
    """What each client says of any fixture."""
    found: dict[str, set[str]] = {}
    for folder in folders():
        for prediction in report_of(folder).predictions:
            if prediction.verdict == "reject":
                found.setdefault(prediction.client, set()).add(prediction.says)
    return found


# --- the host name ------------------------------------------------------------------------------


def test_a_dot_at_the_end_is_cut_off_by_some_clients_alone() -> None:
    """Each by its own matching; that a server may refuse to be called so is the server's."""
    strict = subject_alt_name(dns=[stock.HOSTNAME])
    dotted = said(GATEWAY.with_extension("server", strict), f"{stock.HOSTNAME}.")
    assert {client for client, (verdict, _) in dotted.items() if verdict == "accept"} == {
        *STRIP_THE_DOT,
    }
    assert dotted["py311-ssl-ossl3.0.19"][1] == (
        f"Hostname mismatch, certificate is not valid for '{stock.HOSTNAME}.'."
    )
    assert dotted["openssl3.0.19-s_client"][1] == "62: hostname mismatch"
    assert dotted["nss3.87-tstclnt"][1] == "SSL_ERROR_BAD_CERT_DOMAIN"
    assert dotted["bearssl0.6"][1] == "BR_ERR_X509_BAD_SERVER_NAME"


def test_of_two_dots_node_cuts_both() -> None:
    """Unfqdn is called once by checkServerIdentity, and once more by splitHost."""
    twice = said(host=f"{stock.HOSTNAME}..")
    assert twice["node20-ossl3.0.19"][0] == twice["node8-ossl1.0.2s"][0] == "accept"
    assert twice["dotnet8.0.4-SslStream"][0] == "accept"
    assert twice["go1.27.3"][0] == twice["curl7.88-ossl3.0"][0] == "reject"
    assert twice["java17-jsse"][1].endswith(f"Illegal given domain name: {stock.HOSTNAME}.")


def test_openssl_1_1_1_compares_the_name_as_any_other() -> None:
    """That it was recorded without one is no trait of it."""
    other = said(host="other.local")["pyopenssl-ossl1.1.1l-CHAINONLY"]
    assert other == ("reject", "error 62 at 0 depth lookup: Hostname mismatch")
    assert said()["pyopenssl-ossl1.1.1l-CHAINONLY"] == ("accept", "")


@pytest.mark.parametrize(
    ("host", "taken"),
    [
        ("gw.lab", True),
        (".lab", True),
        ("_gw.a_b", True),
        ("a." + "b" * 63, True),
        (("x" * 50 + ".") * 5 + "y", True),
        (("x" * 50 + ".") * 5 + "yy", False),
        ("a." + "b" * 64, False),
        ("a", False),
        ("ab", True),
        ("gw.lab.", False),
        ("gw..lab", False),
        ("-gw.lab", False),
        ("gw-.lab", False),
        ("$edgeHub", False),
        ("*.lab", False),
        ("gw lab", False),
        ("g\u00fc.lab", False),
    ],
)
def test_openssl_4_0_takes_only_what_looks_like_a_host_name(host: str, taken: bool) -> None:
    """As X509_VERIFY_PARAM_set1_host of 4.0.3 answered; a client cannot ask for other names."""
    assert settable(host) is taken


def test_a_name_that_cannot_be_asked_for_is_refused_by_openssl_4_0_alone() -> None:
    """Even where the certificate has it, letter by letter."""
    gateway = GATEWAY.with_extension("server", subject_alt_name(dns=["$edgeHub"]))
    told = said(gateway, "$edgeHub")
    assert told[OPENSSL_4_0] == (
        "reject",
        "X509_VERIFY_PARAM_set1_host does not take the host name",
    )
    assert told["pyopenssl-ossl3.5.2"] == told["openssl3.0.19-s_client"] == ("accept", "")


# --- texts --------------------------------------------------------------------------------------


def test_of_an_old_and_a_new_certificate_the_times_are_told() -> None:
    """Go and rustls name the client's time and the limit."""
    expired = said(at=stock.NOW + timedelta(days=40_000))
    assert expired["go1.19.8"][1].startswith(
        "x509: certificate has expired or is not yet valid: current time 2136-05-30T12:00:00Z is "
        "after 20"
    )
    text = expired["deno2.9.8-rustls"][1]
    found = re.fullmatch(
        r"certificate expired: verification time (\d+) \(UNIX\), but certificate is not valid "
        r"after (\d+) \((\d+) seconds ago\)",
        text,
    )
    assert found, text
    assert int(found[1]) - int(found[2]) == int(found[3]) > 0
    early = said(at=stock.NOW - timedelta(days=20_000))
    assert re.search(r"current time 1972-02-20T12:00:00Z is before 20\d\d-", early["go1.27.3"][1])
    assert early["uv0.13.9-rustls"][1].endswith(" seconds in future)")


def test_each_version_of_openssl_has_its_own_words() -> None:
    """A hyphen since 3.0, the system clock since 3.6."""
    gateway = GATEWAY.change("server", not_before=stock.NOW + timedelta(days=3))
    told = {client: text for client, (_, text) in said(gateway).items()}
    start = "error 9 at 0 depth lookup: certificate is not yet valid"
    assert told["pyopenssl-ossl1.1.1l-CHAINONLY"] == told["pyopenssl-ossl3.5.2"] == start
    assert told[OPENSSL_4_0] == f"{start} or the system clock is incorrect"
    itself = edgecheck.check(**read(FIXTURES / "naming" / "server-dn-is-issuer-dn").given())
    told = {prediction.client: prediction.says for prediction in itself.predictions}
    start = "error 18 at 0 depth lookup: self"
    assert told["pyopenssl-ossl1.1.1l-CHAINONLY"] == f"{start} signed certificate"
    assert told["pyopenssl-ossl3.5.2"] == told[OPENSSL_4_0] == f"{start}-signed certificate"


def test_a_callback_of_dotnet_is_given_the_elements_that_have_a_status() -> None:
    """And the kinds of errors; in .NET's own names."""
    gateway = GATEWAY.change("device_ca", not_after=stock.NOW - timedelta(days=1))
    told = said(gateway, "other.local")["dotnet8.0.4-SslStream-cb"]
    assert told[1] == (
        "RemoteCertificateNameMismatch, RemoteCertificateChainErrors; "
        "ChainElements[0]: NotTimeValid; ChainElements[1]: NotTimeValid"
    )


def test_no_text_is_of_a_driver_or_a_recorder() -> None:
    """Neither brackets around notes, nor masks, nor joined lines, nor a cut."""
    signs = ("<n>", "verify_error(", "chain=[", "[trust", " | ", " <- ", "builtins.", "Errors=")
    for client, texts in every_text().items():
        for text in texts:
            assert not [sign for sign in signs if sign in text], (client, text)
            assert text == text.strip(), (client, text)
            assert text.count("(") == text.count(")"), (client, text)
            assert text.count("[") == text.count("]"), (client, text)
    assert len(every_text()) > 30


def test_every_anchor_counts_for_bearssl() -> None:
    """However many are trusted before the right one."""
    others = [GATEWAY.change("root", subject=f"another root {n}") for n in range(20)]
    trust = [root for gateway in (*others, GATEWAY) for root in gateway.trust()]
    assert len(set(map(pem, trust))) == 21
    told = said(trust=pem(*trust))
    assert told["bearssl0.6"] == ("accept", "")
