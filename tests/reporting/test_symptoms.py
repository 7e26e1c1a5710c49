"""From an error text to rules: numbers, constants, wordings of versions, whole lines of logs."""

from __future__ import annotations

import pytest

from edgecheck import BUILT_IN
from edgecheck.report.openssl import ERRORS
from edgecheck.report.symptoms import MOST, also_seen, candidates, is_vague
from edgecheck.rules.symptoms import SYMPTOMS


def first(text: str) -> str:
    found = candidates(text, BUILT_IN)
    return found[0].rule.id if found else ""


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("error 79", "ca.not-a-ca"),
        ("verify error:num=79:invalid CA certificate", "ca.not-a-ca"),
        ("error 24 at 1 depth lookup: invalid CA certificate", "ca.not-a-ca"),
        ("32", "ca.no-cert-sign"),
        ("verify_error(num@depth)=25@2", "ca.path-length-exceeded"),
        ("unable to get local issuer certificate", "chain.missing-issuer"),
        ("Verify return code: 20 (unable to get local issuer certificate)", "chain.missing-issuer"),
        ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "chain.missing-issuer"),
        ("X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT", "naming.device-ca-cn-is-hostname"),
        ("self signed certificate", "naming.device-ca-cn-is-hostname"),
        ("self-signed certificate", "naming.device-ca-cn-is-hostname"),
        ("self signed certificate in certificate chain", "trust.root-not-trusted"),
        ("SELF_SIGNED_CERT_IN_CHAIN", "trust.root-not-trusted"),
        ("The remote certificate is invalid", "trust.root-not-trusted"),
        (
            "RemoteCertificateChainErrors; ChainElements[2]: InvalidBasicConstraints",
            "ca.not-a-ca",
        ),
        ("callback got RemoteCertificateChainErrors, status NotTimeValid", "validity.expired"),
        ("PKIX path building failed", "chain.missing-issuer"),
        ("unsupported certificate purpose", "path.not-for-this-purpose"),
        (
            "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify "
            "failed: Hostname mismatch, certificate is not valid for 'gw.local'. (_ssl.c:1006)",
            "hostname.not-in-san",
        ),
        (
            "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's "
            "altnames: Host: gw.local. is not in the cert's altnames: DNS:other.local",
            "hostname.not-in-san",
        ),
        ("x509: certificate has expired or is not yet valid: current time 2026-11-23T08:13:55Z "
         "is after 2026-11-22T08:13:48Z", "validity.expired"),
        ("<6>2020-01-05T03:02:01Z [INFO] - Edge issuer CA expiration date: 1969-12-31T23:59:59Z",
         "runtime.expires-after-2038"),
        ("PEM_read_bio:no start line", "input.broken-marker"),
    ],
)  # fmt: skip
def test_the_likeliest_rule_comes_first(text: str, rule: str) -> None:
    """Whichever way the client, its version, or the user writes it."""
    assert first(text) == rule


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.constant)
def test_numbers_constants_and_older_wordings_lead_to_the_same_rules(error: object) -> None:
    """All that is known of an error of OpenSSL."""
    assert error in ERRORS
    wanted = [c.rule.id for c in candidates(error.text, BUILT_IN)]  # type: ignore[attr-defined]
    for other in (error.constant, *error.formerly):  # type: ignore[attr-defined]
        found = [c.rule.id for c in candidates(other, BUILT_IN)]
        assert found[: len(wanted[:1])] == wanted[:1], other
    assert also_seen(error.text) is error  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", "hello world", "the certificate", "error", "is not", "9999"])
def test_what_no_rule_knows_leads_nowhere(text: str) -> None:
    """Small words, and words of something else."""
    assert candidates(text, BUILT_IN) == []


@pytest.mark.parametrize("text", ["certificate verify failed", "Error: A TLS error occurred."])
def test_what_is_vague_is_known_to_be(text: str) -> None:
    """What clients say whatever is wrong."""
    assert is_vague(text)
    assert candidates(text, BUILT_IN) == []


def test_every_symptom_leads_to_its_rule() -> None:
    """Among those shown, or among so many equals that not all are shown."""
    for rule in BUILT_IN:
        for symptom in rule.symptoms:
            found = candidates(symptom, BUILT_IN)
            assert found
            if len(found) < MOST:
                assert rule in [candidate.rule for candidate in found], (rule.id, symptom)


def test_no_symptom_stands_twice() -> None:
    """Within one rule."""
    for rule, symptoms in SYMPTOMS.items():
        assert len(set(symptoms)) == len(symptoms) > 0, rule


def test_every_entry_of_the_table_is_a_rule() -> None:
    """A rule that is renamed takes its symptoms along."""
    assert not SYMPTOMS.keys() - {rule.id for rule in BUILT_IN}
