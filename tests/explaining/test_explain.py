# ruff: noqa: E501 -- texts stand as programs print them
"""What texts mean: by the words of each program, and by how a pasted text is taken apart."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import Explanation, explain, tables
from edgecheck.explaining.lines import LONGEST, MOST_LINES, MOST_READ, lines, masked
from edgecheck.explaining.meaning import OTHER_SIDE, THIS_SIDE
from edgecheck.explaining.symptoms import SYMPTOMS
from edgecheck.explaining.tables import ROWS
from edgecheck.reporting.explained import explanation_dict
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.ruleset import RuleSet

REFUSED = "symptom.refused-without-reason"
ALERT = "symptom.alert-"


def meant(text: str, rules: RuleSet = BUILT_IN) -> Explanation:
    return explain(text, rules, predicted())


def first(text: str) -> tuple[str, bool, str | None]:
    found = meant(text).meanings[0]
    return found.id, found.certain, found.said_by


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("error:0A000412:SSL routines::sslv3 alert bad certificate", "bad-certificate"),
        ("error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca", "unknown-ca"),
        ("SSL alert number 46", "certificate-unknown"),
        ("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required", "certificate-required"),
        ("ssl.SSLError: [SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired (_ssl.c:2580)", "certificate-expired"),
        ("ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "unknown-ca"),
        ("javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_unknown", "certificate-unknown"),
        ("javax.net.ssl.SSLException: Received fatal alert: handshake_failure", "handshake-failure"),
        ("remote error: tls: unknown certificate authority", "unknown-ca"),
        ("remote error: tls: expired certificate", "certificate-expired"),
        ("read tcp 10.0.0.7:52222->10.0.0.9:8883: remote error: tls: bad certificate", "bad-certificate"),
        ("SSL_ERROR_BAD_CERT_ALERT", "bad-certificate"),
        ("SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT", "certificate-required"),
        ("*** Received alert [48]: Unknown certificate authority", "unknown-ca"),
        ("received fatal alert: UnknownCA", "unknown-ca"),
        ("received fatal alert: the peer sent CertificateExpired", "certificate-expired"),
        ("A fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is 42.", "bad-certificate"),
        ('{tls_alert,{unknown_ca,"TLS server: In state certify received CLIENT ALERT: Fatal - Unknown CA\\n"}}', "unknown-ca"),
        ("SSL_do_handshake() failed (SSL: error:0A000416:SSL routines::sslv3 alert certificate unknown:SSL alert number 46) while SSL handshaking, client: 10.0.0.7", "certificate-unknown"),
        ("1606209600: OpenSSL Error[0]: error:14094416:SSL routines:ssl3_read_bytes:sslv3 alert certificate unknown", "certificate-unknown"),
        ("error:0A000460:SSL routines::reason(1120)", "no-application-protocol"),
    ],
)  # fmt: skip
def test_a_received_alert_is_the_other_sides(text: str, name: str) -> None:
    """Whoever prints it only heard of it: the check belongs to the other end."""
    assert first(text) == (f"{ALERT}{name}", True, OTHER_SIDE)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Verify return code: 10 (certificate has expired)", "validity.expired"),
        ("verify error:num=47:permitted subtree violation", "path.name-constraints"),
        ("error 26 at 0 depth lookup: unsuitable certificate purpose", "path.not-for-this-purpose"),
        ("CERT_HAS_EXPIRED", "validity.expired"),
        ("Error: certificate is not yet valid", "validity.not-yet-valid"),
        ("SELF_SIGNED_CERT_IN_CHAIN", "trust.root-not-trusted"),
        ("Hostname mismatch, certificate is not valid for 'gw'. (_ssl.c:1000)", "hostname.not-in-san"),
        ("x509: certificate is valid for edgehub, not iotedgegw.local", "hostname.not-in-san"),
        ("x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-01-01T00:00:00Z", "validity.expired"),
        ("x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is before 2027-01-01T00:00:00Z", "validity.not-yet-valid"),
        ("sun.security.validator.ValidatorException: PKIX path validation failed: java.security.cert.CertPathValidatorException: name constraints check failed", "path.name-constraints"),
        ("Extended key usage does not permit use for TLS server authentication", "path.not-for-this-purpose"),
        ("java.security.cert.CertificateExpiredException: NotAfter: Mon Nov 30 12:00:00 UTC 2026", "validity.expired"),
        ("RemoteCertificateNameMismatch", "hostname.not-in-san"),
        ("AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot", "trust.root-not-trusted"),
        ("0x800B0109", "trust.root-not-trusted"),
        ("A certificate chain processed, but terminated in a root certificate which is not trusted by the trust provider", "trust.root-not-trusted"),
        ("HRESULT -2146762481", "hostname.not-in-san"),
        ("schannel: SEC_E_WRONG_PRINCIPAL (0x80090322) - The target principal name is incorrect.", "hostname.not-in-san"),
        ("SSL_ERROR_BAD_CERT_DOMAIN", "hostname.not-in-san"),
        ("SEC_ERROR_EXPIRED_CERTIFICATE", "validity.expired"),
        ("net::ERR_CERT_COMMON_NAME_INVALID", "hostname.not-in-san"),
        ("The certificate Common Name (CN) does not match with the expected CN", "hostname.not-in-san"),
        ("! The certificate validity has expired", "validity.expired"),
        ("ASN date error, current date after", "validity.expired"),
        ("wolfSSL_connect error = -322, peer subject name mismatch", "hostname.not-in-san"),
        ("invalid peer certificate: Expired", "validity.expired"),
        ("{bad_cert,hostname_check_failed}", "hostname.not-in-san"),
        ("{bad_cert,max_path_length_reached}", "ca.path-length-exceeded"),
        ("UnicodeError: encoding with 'idna' codec failed (UnicodeError: label empty or too long)", "hostname.not-a-host-name"),
        ("UnicodeEncodeError: 'idna' codec can't encode characters in position 0-63: label too long", "hostname.not-a-host-name"),
        ("ValueError: server_hostname cannot be an empty string or start with a leading dot.", "hostname.not-a-host-name"),
        ("Hostname/IP does not match certificate's altnames: Host is a non-canonical IP address", "hostname.not-in-san"),
        ("reason: 'Host is a non-canonical IP address',", "hostname.not-in-san"),
        ("key values mismatch", "device.key-mismatch"),
        ("tls: private key does not match public key", "device.key-mismatch"),
    ],
)  # fmt: skip
def test_a_verdict_of_this_side_names_its_rule(text: str, id: str) -> None:
    assert first(text) == (id, True, THIS_SIDE)


@pytest.mark.parametrize(
    ("text", "name", "side"),
    [
        ("java.net.UnknownHostException: iotedgegw.local", "name-not-resolved", THIS_SIDE),
        ("[Errno -3] Temporary failure in name resolution", "name-not-resolved", THIS_SIDE),
        ("Error: getaddrinfo ENOTFOUND iotedgegw.local", "name-not-resolved", THIS_SIDE),
        ("dial tcp: lookup gw on 127.0.0.53:53: no such host", "name-not-resolved", THIS_SIDE),
        ("mbedtls_net_connect returned -0x52", "name-not-resolved", THIS_SIDE),
        ("connect ECONNREFUSED 10.0.0.7:8883", "connection-refused", THIS_SIDE),
        ("No connection could be made because the target machine actively refused it.", "connection-refused", THIS_SIDE),
        ("dial tcp 10.0.0.7:8883: i/o timeout", "timed-out", THIS_SIDE),
        ("Connection reset by peer", "closed-in-handshake", OTHER_SIDE),
        ("javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake", "closed-in-handshake", OTHER_SIDE),
        ("Client network socket disconnected before secure TLS connection was established", "closed-in-handshake", OTHER_SIDE),
        ("error:0A00010B:SSL routines::wrong version number", "not-tls", THIS_SIDE),
        ("tls: first record does not look like a TLS handshake", "not-tls", THIS_SIDE),
        ("javax.net.ssl.SSLException: Unsupported or unrecognized SSL message", "not-tls", THIS_SIDE),
        ("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol", "protocol-version", THIS_SIDE),
        ("SEC_E_ALGORITHM_MISMATCH", "protocol-version", THIS_SIDE),
        ("peer did not return a certificate", "no-certificate-sent", OTHER_SIDE),
        ("CRYPT_E_REVOCATION_OFFLINE", "revocation-not-checked", THIS_SIDE),
        ("open /etc/aziot/certs/x.pem: permission denied", "file-not-readable", THIS_SIDE),
        ("could not read /x/y.pem: No such file or directory (os error 2)", "file-not-found", THIS_SIDE),
        ("System.Security.Cryptography.CryptographicException: Keyset does not exist", "key-not-usable", THIS_SIDE),
        ("PKCS12 routines:PKCS12_parse:mac verify failure", "wrong-password", THIS_SIDE),
        ("java.io.IOException: keystore password was incorrect", "wrong-password", THIS_SIDE),
        ("Error outputting keys and certificates: RC2-40-CBC", "legacy-encryption", THIS_SIDE),
        ('{"errorCode":401002,"message":"Unauthorized"}', "cloud-refused", OTHER_SIDE),
    ],
)  # fmt: skip
def test_what_is_no_fault_of_a_chain_is_a_symptom(text: str, name: str, side: str) -> None:
    assert first(text) == (f"symptom.{name}", True, side)


@pytest.mark.parametrize(
    ("text", "ids", "side"),
    [
        ("* TLSv1.3 (IN), TLS alert, unknown CA (560):", ["alert-unknown-ca"], OTHER_SIDE),
        ("SSL3 alert read:fatal:certificate expired", ["alert-certificate-expired"], OTHER_SIDE),
        ("remote party sent a TLS alert: 'BadCertificate'.", ["alert-bad-certificate"], OTHER_SIDE),
        ("ssl_msg.c:4799 is a fatal alert message (msg 70)", ["alert-protocol-version", "protocol-version"], OTHER_SIDE),
        ("Code=-9831", ["alert-unknown-ca"], OTHER_SIDE),
        ("TLS connection error: 304", ["alert-unknown-ca"], OTHER_SIDE),
        ("Alert (Level: Fatal, Description: Bad Certificate)", ["alert-bad-certificate"], None),
    ],
)  # fmt: skip
def test_a_trace_tells_who_sent_an_alert(text: str, ids: list[str], side: str | None) -> None:
    found = meant(text).meanings
    assert [(m.id.removeprefix("symptom."), m.said_by) for m in found][: len(ids)] == [
        (id, side) for id in ids
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("* TLSv1.3 (OUT), TLS alert, unknown CA (560):", ["chain.missing-issuer", "trust.root-not-trusted"]),
        (">>> TLS 1.2, Alert [length 0002], fatal certificate_expired", ["validity.expired"]),
        ("local error: tls: protocol version not supported", ["symptom.protocol-version"]),
        ("A fatal alert was generated and sent to the remote endpoint. The TLS protocol defined fatal error code is 70.", ["symptom.protocol-version"]),
    ],
)  # fmt: skip
def test_an_alert_that_this_side_sent_is_its_own_refusal(text: str, ids: list[str]) -> None:
    """It says what this side can have seen, not that the other side refused."""
    found = meant(text).meanings[: len(ids)]
    assert [m.id for m in found] == ids
    assert {m.said_by for m in found} == {THIS_SIDE}


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("certificate is not valid for 'iot_edge.plant7.local'.", "hostname.not-a-host-name"),
        ("x509: certificate is valid for IotEdgeGW, not iotedgegw", "hostname.case-mismatch"),
        ("x509: certificate is valid for *.azure-devices.net, not gw.local", "edge.cloud-service"),
        ("Host: gw.local. is not in the cert's altnames: DNS:*.local", "hostname.wildcard"),
        ("Host: 10.0.0.7. is not cert's CN: gw", "hostname.ip-address"),
    ],
)
def test_the_two_names_tell_why_they_differ(text: str, second: str) -> None:
    found = meant(text).meanings
    assert [m.id for m in found[:2]] == ["hostname.not-in-san", second]


@pytest.mark.parametrize(
    ("text", "ids", "certain"),
    [
        ("esp_tls_cert_verify_flags=4", ["hostname.not-in-san"], True),
        ("verify flags: 0x1", ["validity.expired"], True),
        ("verify_flags = 0x204", ["hostname.not-in-san", "validity.not-yet-valid"], False),
    ],
)
def test_flags_of_mbedtls_are_certain_where_one_is_set(
    text: str, ids: list[str], certain: bool
) -> None:
    found = meant(text).meanings
    assert [m.id for m in found[: len(ids)]] == ids
    assert found[0].certain is certain


def test_a_refusal_without_reason_is_not_certain_beside_a_reason_on_another_line() -> None:
    text = "mbedtls_ssl_handshake returned -0x2700\nNo matching trusted root certificate found"
    found = {m.id: m.certain for m in meant(text).meanings}
    assert found["trust.root-not-trusted"] is False
    assert found[REFUSED] is False


def test_what_only_a_rules_symptom_says_is_never_certain() -> None:
    """Other faults can have the same words."""
    for rule in BUILT_IN:
        for symptom in rule.symptoms[:2]:
            for meaning in meant(symptom).meanings:
                assert not meaning.certain or meaning.said_by is not None or "BadCert" in symptom


@pytest.mark.parametrize(
    "text",
    [
        "certificate verify failed",
        "A TLS error occurred",
        "X509 - Certificate verification failed, e.g. CRL, CA or signature check failed",
        "mbedtls_ssl_handshake returned -0x2700",
        "The remote certificate was rejected by the provided RemoteCertificateValidationCallback.",
    ],
)
def test_what_only_says_that_it_was_refused_says_so(text: str) -> None:
    assert first(text)[:2] == (REFUSED, True)


def test_a_reason_on_the_same_line_takes_its_place() -> None:
    """Nobody is told that the reason is missing where it stands."""
    text = "certificate verify failed: certificate has expired (_ssl.c:1000)"
    ids = [meaning.id for meaning in meant(text).meanings]
    assert ids[0] == "validity.expired"
    assert REFUSED not in ids


@pytest.mark.parametrize(
    "text",
    [
        "unable to get local issuer certificate",
        "PKIX path building failed: unable to find valid certification path to requested target",
        "x509: certificate signed by unknown authority",
        "invalid peer certificate: UnknownIssuer",
        "The certificate is not correctly signed by the trusted CA",
        "PartialChain",
    ],
)
def test_what_has_several_causes_is_never_certain(text: str) -> None:
    found = meant(text).meanings
    assert {"chain.missing-issuer", "trust.root-not-trusted"} <= {m.id for m in found[:4]}
    assert not any(meaning.certain for meaning in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "hello world",
        "the certificate",
        "error 13",
        "exit status 20",
        "exit code 21",
        "error: 20",
        "tls error 20",
        "got error code 10 from server",
        "error -3",
        "10:47:02 [INFO] the server listens on port 443",
        "Downloaded 26 of 47 files",
    ],
)
def test_what_says_nothing_means_nothing(text: str) -> None:
    """A number counts only beside the words of the program that it belongs to."""
    assert meant(text).meanings == ()


def test_an_error_of_the_system_is_none_of_openssl() -> None:
    """`os error 13` is Linux's, and error 13 of OpenSSL something else."""
    assert [m.id for m in meant("Permission denied (os error 13)").meanings] == [
        "symptom.file-not-readable"
    ]


def test_a_log_is_taken_apart_by_its_lines() -> None:
    """Each reason with its line; repeated lines count once, marks of quoting do not."""
    text = """Hi all, since yesterday:
> 2026-11-23T12:00:00 <6> connecting to iotedgegw.local
> 2026-11-23T12:00:01 <3> error:0A000086:SSL routines::certificate verify failed
> 2026-11-23T12:00:02 <3> verify error:num=10:certificate has expired
```
2026-11-23T12:01:02 <3> verify error:num=10:certificate has expired
aziot-keyd: could not open key file: Permission denied (os error 13)
```
"""
    found = [(m.id, m.line, m.certain) for m in meant(text).meanings]
    assert found[:2] == [("validity.expired", 4, True), ("symptom.file-not-readable", 7, True)]
    assert (REFUSED, 3, False) in found


def test_every_meaning_exists_and_every_row_has_its_source() -> None:
    """A row that named a rule which is no more would be passed over in silence."""
    ids = {id for row in ROWS for id in _ids(row)}
    assert ids <= {rule.id for rule in BUILT_IN} | SYMPTOMS.keys()
    assert all(row.source.text and row.source.url.startswith("https://") for row in ROWS)


def _ids(row: object) -> set[str]:
    """All ids of the rows that mean the same whatever they match."""
    import inspect

    reads = row.reads  # type: ignore[attr-defined]
    cells = inspect.getclosurevars(reads).nonlocals
    means = cells.get("means")
    return set(means.ids) if means is not None else set()


def test_every_code_of_a_table_means_something_that_exists() -> None:
    """Numbers and names that are looked up are read when they are met; here all are."""
    known = {rule.id for rule in BUILT_IN} | SYMPTOMS.keys()
    families = {id.partition(".")[0] for id in known}
    found = {
        text
        for module in pkgutil.iter_modules(tables.__path__, f"{tables.__name__}.")
        for text in _texts(vars(importlib.import_module(module.name)).values())
        if re.fullmatch(r"[a-z]+\.[a-z0-9-]+", text) and text.partition(".")[0] in families
    }
    assert len(found) > 70
    assert found <= known


def _texts(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, tuple | list):
            yield from _texts(value)


FAMILIES = {rule.id.partition(".")[0] for rule in BUILT_IN} | {"symptom"}


def test_every_symptom_tells_where_to_look() -> None:
    for symptom in SYMPTOMS.values():
        assert symptom.title and symptom.explanation.endswith(".") and symptom.next
        assert symptom.looks and symptom.references
        named = set(re.findall(r"`((?:[a-z]+)\.[a-z][a-z-]+)`", " ".join(symptom.looks.values())))
        named = {id for id in named if id.partition(".")[0] in FAMILIES}
        assert named <= {rule.id for rule in BUILT_IN} | SYMPTOMS.keys(), symptom.id


@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    json.dumps(explanation_dict(explain(text, BUILT_IN, {})))


def test_a_huge_text_is_looked_at_within_its_bounds() -> None:
    """Beyond them nothing is read; what stands before them is."""
    line = "verify error:num=10:certificate has expired"
    text = (
        f"{line}\n"
        + "x" * (LONGEST + 10)
        + "CERT_REVOKED\n"
        + "a\n" * MOST_LINES
        + "SEC_ERROR_BAD_DER"
    )
    assert [m.id for m in meant(text).meanings][:1] == ["validity.expired"]
    assert "path.revoked" not in {m.id for m in meant(text).meanings}


@pytest.mark.parametrize("more", [MOST_LINES, MOST_READ])
def test_the_end_of_a_long_log_is_looked_at_and_its_beginning(more: int) -> None:
    """What made somebody look into the log of a night stands in its last lines."""
    begins, ends = "SEC_ERROR_BAD_DER", "verify error:num=10:certificate has expired"
    between = "".join(f"connection {number} is up\n" for number in range(more))
    meanings = {each.id: each.line for each in meant(f"{begins}\n{between}{ends}\n").meanings}
    assert meanings["validity.expired"] == more + 2
    assert 1 in meanings.values()
    assert [number for number, _ in lines("a\n\nb\nc")] == [1, 3, 4]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("not valid for 'gw.plant.example'", "not valid for 'x'"),
        ("Host: gw.local. is not in", "Host: plant7.example. is not in"),
        ("error 20 at 3 depth", "error 19 at 0 depth"),
        ("CN=x,O=y failed", "CN=some one else,O=z failed"),
    ],
)
def test_what_differs_from_case_to_case_is_masked(one: str, other: str) -> None:
    assert masked(one) == masked(other)
