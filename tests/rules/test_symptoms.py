"""Texts that users see: each is what a program prints about a fault of the rule that has it.

What clients print is what their models say of the fixtures, which recordings hold; the rest is
quoted here, or in tests/recordings/texts.toml, with its source.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from edgecheck import BUILT_IN
from edgecheck.report.openssl import ERRORS
from edgecheck.report.symptoms import within, words_of
from edgecheck.rules.engine.rule import Rule
from fixtures.expected import FIXED, FIXTURES, folders, read, report_of

TESTS = Path(__file__).resolve().parents[1]
SOURCES = tomllib.loads((TESTS / "recordings" / "texts.toml").read_text(encoding="utf-8"))
QUOTED = {
    "ASN parsing error, invalid input": "wolfSSL, wolfcrypt/src/error.c, ASN_PARSE_E",
    "ERR_SSL_BAD_SIGNATURE": "Node.js, the code of OpenSSL's SSL_R_BAD_SIGNATURE",
    "ERR_SSL_LAST_OCTET_INVALID": "Node.js, the code of OpenSSL's RSA_R_LAST_OCTET_INVALID",
    "Public key signature verification has failed": "GnuTLS, lib/errors.c, PK_SIG_VERIFY_FAILED",
    "The remote certificate is invalid": ".NET, System.Net.Security, Strings.resx",
    "The remote certificate is invalid according to the validation procedure":
        ".NET, System.Net.Security, Strings.resx, net_ssl_io_cert_validation up to .NET Core 3.1",
    "The remote certificate is invalid according to the validation procedure: "
    "RemoteCertificateNameMismatch":
        ".NET, System.Net.Security, Strings.resx, net_ssl_io_cert_validation",
    "chain construction exceeds max depth": "cryptography, cryptography-x509-verification",
    "does not seem to be valid": "Botan, src/lib/asn1/asn1_time.cpp",
    "excluded name constraint matched SAN": "cryptography, cryptography-x509-verification",
    "rsa routines::invalid padding": "OpenSSL, crypto/rsa/rsa_err.c",
    "rsa routines::last octet invalid": "OpenSSL, crypto/rsa/rsa_err.c",
    "x509: authority key identifier incorrectly marked critical": "Go, crypto/x509/parser.go",
}  # fmt: skip
"""Symptoms that no fixture shows, and where they are from."""
BEFORE = (
    "The remote certificate is invalid because of errors in the certificate chain: ",
    "invalid peer certificate: ",
)
"""What programs put before what their models say: .NET (net_ssl_io_cert_chain_validation of
System.Net.Security) and rustls (`Error::InvalidCertificate`)."""
ALSO: dict[str, tuple[str, ...]] = {
    "ca.no-cert-sign": ("ca.not-a-ca",),
    "ca.path-length-for-workload-ca": ("ca.path-length-exceeded",),
    "chain.duplicate-certificate": ("chain.unrelated-certificate",),
    "chain.issuer-loop": ("chain.missing-issuer",),
    "chain.key-identifier-mismatch": ("chain.missing-issuer",),
    "chain.root-presented": ("trust.root-not-trusted",),
    "chain.server-alone": ("chain.missing-issuer",),
    "chain.server-not-first": ("chain.no-server-certificate",),
    "chain.too-many-certificates": ("chain.large",),
    "chain.wrong-issuer-first": ("path.same-name-other-key",),
    "configuration.local-ca": ("ca.path-length-exceeded",),
    "device.key-mismatch": ("path.signature-invalid",),
    "device.system-lacks-root": ("chain.missing-issuer",),
    "edge.cloud-service": ("hostname.not-in-san",),
    "edge.identity-as-server": ("path.not-for-this-purpose",),
    "edge.self-signed-server": ("naming.server-dn-is-issuer-dn",),
    "encoding.validity-inverted": ("validity.not-yet-valid",),
    "extension.cert-sign-without-ca": ("extension.server-key-usage",),
    "extension.no-authority-key-id": ("extension.no-subject-key-id",),
    "hostname.address-before-1-2": ("hostname.not-in-san",),
    "hostname.gateway-host-name-not-configured": ("hostname.not-in-san",),
    "hostname.gateway-host-name-not-in-san": ("hostname.not-in-san",),
    "hostname.ip-address": ("hostname.not-in-san",),
    "hostname.no-module-name": ("hostname.not-in-san",),
    "hostname.wildcard": ("hostname.not-in-san",),
    "naming.device-ca-cn-is-hostname": ("path.signature-invalid", "chain.missing-issuer"),
    "naming.issuer-written-differently": ("chain.missing-issuer",),
    "naming.one-name-for-two-keys": ("path.same-name-other-key", "path.signature-invalid"),
    "path.issuer-name-mismatch": ("chain.missing-issuer",),
    "path.name-constraints-of-clients": ("path.name-constraints",),
    "path.same-name-other-key": ("path.signature-invalid", "chain.missing-issuer"),
    "path.signature-invalid": ("path.same-name-other-key",),
    "path.too-deep": ("ca.path-length-exceeded",),
    "path.unknown-critical-extension": ("extension.not-known-everywhere",),
    "trust.root-not-trusted": ("chain.missing-issuer",),
    "trust.root-signature-invalid": ("chain.issuer-loop",),
}
"""Rules whose texts clients print of other faults too: on whose fixtures these are seen."""
ONLY_IN_OPENSSL = {
    "extension.cert-sign-without-ca": "another strict check of OpenSSL comes first on the fixture",
    "extension.empty-subject": "only with -x509_strict, for which no fixture has a client",
    "extension.must-not-be-critical": "OpenSSL does not know the extension to be critical at all",
    "path.policy": "only with -policy_check",
    "path.revocation-unknown": "only with -crl_check",
    "path.revoked": "only with -crl_check",
}
"""Rules with a text of OpenSSL that it prints where it is told to check more."""
OPENSSL = {error.text for error in ERRORS}


@cache
def said() -> dict[str, list[tuple[str, ...]]]:
    """What clients say of the fixtures of each rule."""
    found = defaultdict(list)
    for folder in folders():
        family, *rest = folder.relative_to(FIXTURES).parts
        if folder.name == FIXED or len(rest) != 1:
            continue
        report = report_of(folder)
        texts = {p.says for p in report.predictions if p.verdict == "reject" and p.says}
        found[f"{family}.{rest[0].partition('--')[0]}"] += map(words_of, sorted(texts))
    return found


def is_said(symptom: str, rule: str) -> bool:
    """Whether a client says so of a fixture of a rule."""
    forms = [symptom, *(symptom.removeprefix(b) for b in BEFORE if symptom.startswith(b))]
    return any(within(words_of(form), text) for form in forms for text in said().get(rule, ()))


WITH_SYMPTOMS = [rule for rule in BUILT_IN if rule.symptoms]


@pytest.mark.parametrize("rule", WITH_SYMPTOMS, ids=[rule.id for rule in WITH_SYMPTOMS])
def test_every_symptom_is_what_a_program_prints_of_such_a_fault(rule: Rule) -> None:
    """On a fixture of the rule, or of one that the table names; or it is quoted with its source."""
    places = (rule.id, *ALSO.get(rule.id, ()))
    unseen = [
        symptom
        for symptom in rule.symptoms
        if symptom not in SOURCES
        and symptom not in QUOTED
        and not (rule.id in ONLY_IN_OPENSSL and symptom in OPENSSL)
        and not any(is_said(symptom, place) for place in places)
    ]
    assert not unseen


def test_the_tables_are_needed() -> None:
    """Whatever a fixture shows is not quoted, and no rule is named without a need."""
    rules = {rule.id: rule for rule in BUILT_IN}
    symptoms = {symptom for rule in BUILT_IN for symptom in rule.symptoms}
    assert QUOTED.keys() <= symptoms
    for rule, others in ALSO.items():
        left = [s for s in rules[rule].symptoms if not is_said(s, rule)]
        for other in others:
            assert any(is_said(symptom, other) for symptom in left), (rule, other)
    for rule in ONLY_IN_OPENSSL:
        assert any(s in OPENSSL and not is_said(s, rule) for s in rules[rule].symptoms), rule


MOSQUITTO, AZURE_C, WOLFSSL = "mosquitto_pub2.0.11", "uamqp1.6.11-azureC", "wolfssl5.5.4"
FAILED = "certificate verify failed"
A_TLS_ERROR = "A TLS error occurred"


@pytest.mark.parametrize(
    ("fixture", "client", "text"),
    [
        ("chain/missing-issuer", MOSQUITTO, A_TLS_ERROR),
        ("chain/missing-issuer", AZURE_C, FAILED),
        ("chain/missing-issuer", WOLFSSL, "-188: certificate verify failed"),
        ("hostname/not-in-san", MOSQUITTO, A_TLS_ERROR),
        ("hostname/not-in-san", AZURE_C, FAILED),
        ("hostname/not-in-san", WOLFSSL, "-322: peer subject name mismatch"),
        ("input/malformed-certificate", MOSQUITTO, A_TLS_ERROR),
        ("input/malformed-certificate", AZURE_C, "cert length mismatch"),
        ("validity/expired", AZURE_C, FAILED),
        ("validity/expired", WOLFSSL, "-151: ASN date error, current date after"),
        ("validity/not-yet-valid", WOLFSSL, "-150: ASN date error, current date before"),
        ("encoding/extension-undecodable", AZURE_C, "invalid certificate"),
        ("path/unknown-critical-extension--server", WOLFSSL,
         "-160: X.509 Critical extension ignored or invalid"),
        ("trust/root-not-trusted--self-signed-server", WOLFSSL,
         "-275: ASN self-signed certificate error"),
        ("chain/large", WOLFSSL, "-404: Handshake message too large Error"),
    ],
)  # fmt: skip
def test_clients_with_one_sentence_say_that_one(fixture: str, client: str, text: str) -> None:
    """As they were recorded; these three are not compared with recordings text by text."""
    report = read(FIXTURES / fixture).check()
    assert [p.says for p in report.predictions if p.client == client] == [text]
