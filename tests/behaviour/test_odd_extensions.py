"""What clients make of extensions that are not what their syntax says, against what they did.

`odd_extensions.json` holds what 31 clients answered over TLS, November 2026, to the chains of
`odd_extensions.py`: groups of chains, and who refused them. Clients have the ids of their records;
those on Debian's OpenSSL had 3.0.20, Node.js 26 was 26.12.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import edgecheck
from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.records import BY_ID
from edgecheck.clients.answer import Verdict
from fixtures import stock
from fixtures.pki import pem
from tests.behaviour.odd_extensions import made, names
from tools.recording.comparing import as_kept

RECORDED = json.loads((Path(__file__).parent / "odd_extensions.json").read_text(encoding="utf-8"))
ASKED = frozenset(RECORDED["asked"])
REFUSED = {
    chain: frozenset(group["refused by"])
    for group in RECORDED["answers"]
    for chain in group["chains"]
}
NOT_TRIED = {client: frozenset(chains) for client, chains in RECORDED["not tried"].items()}
EXACT = frozenset(
    client
    for client in ASKED
    if BY_ID[client].library
    in (Library.OPENSSL, Library.BORINGSSL, Library.DOTNET, Library.GO, Library.JSSE)
)
"""Those of which all that they decode is known; of others a malformed extension leaves it open."""
OPEN = frozenset(
    f"server san {odd}"
    for odd in (
        "nothing",
        "null",
        "octets",
        "trailing",
        "truncated",
        "long-inside",
        "long-length",
        "indefinite",
    )
)
"""Names in BER, or with bytes behind them: whether a client finds its host in them is open."""
OTHERWISE = {
    # Node.js since 26.1 wants a name in subjectAltName; the model is of 26.0.
    ("server san empty", "node26-ossl3.5.8"),
    # OpenSSL 1.0.2 reads padded INTEGERs.
    ("server proxy length-padded", "node8-ossl1.0.2s"),
}
"""Wrong accepts that are known."""


@cache
def checked(name: str) -> edgecheck.Report:
    """The report about one line of the table."""
    gateway = made(name)
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    return edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)


def asked(name: str) -> frozenset[str]:
    """The clients that were asked about a chain."""
    return ASKED - {client for client, chains in NOT_TRIED.items() if name in chains}


@pytest.mark.parametrize("name", REFUSED)
def test_predictions_are_what_clients_did(name: str) -> None:
    """Whoever refused is not predicted to connect; where all is known, verdicts are equal."""
    refused = REFUSED[name]
    for prediction in checked(name).predictions:
        client = prediction.client
        if client not in asked(name) or (name, client) in OTHERWISE:
            continue
        if client in refused:
            assert prediction.verdict is not Verdict.ACCEPT, client
        if client in EXACT and (name not in OPEN or prediction.verdict is not Verdict.UNKNOWN):
            wanted = Verdict.REJECT if client in refused else Verdict.ACCEPT
            assert prediction.verdict is wanted, client


@pytest.mark.parametrize("name", REFUSED)
def test_findings_name_exactly_those_who_refuse(name: str) -> None:
    """Of those whose decoding is known; and what a client of tier 1 refuses is an error."""
    report = checked(name)
    known = EXACT & asked(name) - {client for chain, client in OTHERWISE if chain == name}
    named = {each for one in report.findings for each in one.evidence.get("refused_by", ())}
    said = {client for client in known if named.intersection(BY_ID[client].known_as)}
    if name not in OPEN:
        assert said == REFUSED[name] & known
    if any(BY_ID[client].tier == 1 for client in REFUSED[name] & known):
        assert not report.ok


def test_every_recipe_was_tried() -> None:
    """No line without an answer, and no answer without a line."""
    assert set(REFUSED) == set(names())
    assert len(ASKED) == 31


ABOUT_CRITICALITY = {"extension.must-be-critical", "extension.not-known-everywhere"}
ABOUT_SERVICES = {"extension.must-staple"}


def test_a_fault_is_found_once() -> None:
    """What is in an extension is one finding, whatever follows from it; its mark is another."""
    others = ABOUT_CRITICALITY | ABOUT_SERVICES
    for name in REFUSED:
        worse = [
            finding
            for finding in checked(name).findings
            if finding.severity != "info"
            and finding.caused_by is None
            and finding.rule.id not in others
        ]
        assert len(worse) <= 1, (name, [finding.rule.id for finding in worse])


def verdicts(name: str) -> dict[str, Verdict]:
    """What is predicted of each client about one line of the table."""
    return {one.client: one.verdict for one in checked(name).predictions}


@pytest.mark.parametrize("odd", ["directory-only", "number-only"])
def test_go_refuses_a_critical_subject_alt_name_of_forms_that_it_does_not_know(odd: str) -> None:
    """In a CA too; it is unhandled only where it is critical, and has no form that Go knows."""
    for client in ("go1.19.8", "go1.27.3"):
        assert client in REFUSED[f"device_ca san {odd} critical"]
        assert verdicts(f"device_ca san {odd} critical")[client] is Verdict.REJECT
        assert verdicts(f"device_ca san {odd}")[client] is Verdict.ACCEPT
        assert verdicts("device_ca san sound critical")[client] is Verdict.ACCEPT


@pytest.mark.parametrize("role", ["server", "device_ca", "root"])
def test_openssl_refuses_a_subject_alt_name_that_it_cannot_decode(role: str) -> None:
    """In each place, up to the root; Go does not look at names that it does not know."""
    found, sound = verdicts(f"{role} san name-tag"), verdicts("server san sound")
    for client in ("openssl3.0.19-s_client", "py311-ssl-ossl3.0.19", "node20-ossl3.0.19"):
        assert client in REFUSED[f"{role} san name-tag"]
        assert (found[client], sound[client]) == (Verdict.REJECT, Verdict.ACCEPT)
    assert found["go1.27.3"] is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("name", "client", "says"),
    [
        ("server crldp null", "py311-ssl-ossl3.0.19", "unable to get local issuer certificate"),
        ("server crldp null", "pyopenssl-ossl4.0.3", "20@0"),
        ("root crldp truncated", "pyopenssl-ossl1.1.1l-CHAINONLY", "20@2"),
        ("device_ca crldp name-tag", "node20-ossl3.0.19", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
        ("server crldp null", "dotnet8.0.4-SslStream", "PartialChain"),
        ("server apppolicies other", "dotnet8.0.4-SslStream", "NotValidForUsage"),
        (
            "server ipaddr prefix",
            "py311-ssl-ossl3.0.19",
            "RFC 3779 resource not subset of parent's resources",
        ),
        (
            "server policies trailing",
            "dotnet8.0.4-SslStream",
            "System.Security.Cryptography.CryptographicException: ASN1 corrupted data. ---> "
            "System.Formats.Asn1.AsnContentException: The last expected value has been read, but "
            "the reader still has pending data. This value may be from a newer schema, or is "
            "corrupt.",
        ),
        (
            "server crldp name-missing",
            "go1.27.3",
            "tls: failed to parse certificate from server: x509: invalid CRL distribution point",
        ),
        (
            "server aia method-odd",
            "go1.19.8",
            "tls: failed to parse certificate from server: x509: invalid authority info access",
        ),
        (
            "root inhibitany null",
            "go1.27.3",
            "tls: failed to parse certificate from server: x509: invalid inhibit any policy "
            "extension",
        ),
    ],
)
def test_clients_say_what_they_said(name: str, client: str, says: str) -> None:
    """The text as it was recorded."""
    (said,) = (one.says for one in checked(name).predictions if one.client == client)
    assert as_kept(client, said, stock.HOSTNAME) == says
