"""What a transcript tells beside its certificates: verdicts, obstacles, and what was cut out."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

import edgecheck
from edgecheck import BUILT_IN, Severity
from edgecheck.behaviour.alerts import ALERTS, alert_name
from edgecheck.reading.obstacles import OBSTACLES
from edgecheck.reading.sources import Source
from edgecheck.rules.input.obstacles import REMEDIES, SAID
from fixtures import stock
from fixtures.pki import Issued, pem, subject_alt_name
from fixtures.stock import HOSTNAME, NOW
from tests.conftest import REPO

VERDICT = "input.transcript-verdict"
CUT = "input.certificates-cut-out"
NONE_CAME = "input.no-certificate-came"
ALONE = "chain.server-alone"
GATEWAY = stock.stock_11("ec")
CHAIN = GATEWAY.presented("server", "workload_ca", "device_ca", "intermediate")
ROOT = pem(*GATEWAY.trust(), comments=False)
WRONG_NAME = (0, 62, "Hostname mismatch")
NO_ISSUER = (3, 20, "unable to get local issuer certificate")


def transcript(*objections: tuple[int, int, str], presented: tuple[Issued, ...] = CHAIN) -> str:
    """What `openssl s_client` prints, as far as it matters here."""
    names = [f"CN = {issued.name}" for issued in presented]
    said = "".join(
        f"depth={depth} {names[depth] if depth < len(names) else 'CN = unseen'}\n"
        f"verify error:num={number}:{text}\nverify return:1\n"
        for depth, number, text in objections
    )
    return f"{said}CONNECTED(00000003)\n{pem(*presented, comments=False).decode()}"


def check(text: str | bytes, trusted: bool = True, **asked: object) -> edgecheck.Report:
    given = {"at": NOW, "trust": ROOT if trusted else (), **asked}
    return edgecheck.check(text, **given)  # type: ignore[arg-type]


def said(report: edgecheck.Report, rule: str = VERDICT) -> list[tuple[str, str | None]]:
    """Severity and cause of what a rule said."""
    return [(f.severity.value, f.caused_by) for f in report.findings if f.rule.id == rule]


# --- the program's verdict -----------------------------------------------------------------------


def test_other_trust_is_no_fault() -> None:
    """Without -CAfile `openssl s_client` knows no private root: a note, and the chain is ok."""
    report = check(transcript(NO_ISSUER), hostname=HOSTNAME)
    assert report.ok
    assert said(report) == [("info", None)]


@pytest.mark.parametrize("number", [2, 18, 19, 20, 21, 27])
def test_nothing_about_trust_is_an_error_by_itself(number: int) -> None:
    """Neither with trust nor without it; without it, the note that none was given has it."""
    text = transcript((3, number, "whatever"))
    assert said(check(text, hostname=HOSTNAME)) == [("info", None)]
    ((severity, cause),) = said(check(text, trusted=False, hostname=HOSTNAME))
    assert severity == "info" and cause is not None and cause.startswith("trust.not-given@")


def test_all_objections_to_the_roots_are_one_finding() -> None:
    """OpenSSL says 20 and then 21 of one certificate."""
    text = transcript((0, 20, "unable to get local issuer certificate"), (0, 21, "unable to"))
    (finding,) = (f for f in check(text).findings if f.rule.id == VERDICT)
    assert finding.evidence["numbers"] == [20, 21]


def test_what_a_finding_explains_is_no_second_fault() -> None:
    """Each text is known as that of some rule, in the words of any version."""
    late = GATEWAY.change("device_ca", not_after=NOW - timedelta(days=1))
    presented = late.presented("server", "workload_ca", "device_ca", "intermediate")
    cases = (
        (CHAIN, "gw.other.example", (0, 62, "Hostname mismatch"), "hostname.not-in-san"),
        (presented, None, (2, 10, "certificate has expired"), "validity.expired"),
        (CHAIN[:1], None, (0, 21, "unable to verify"), "chain.missing-issuer"),
    )
    for chain, hostname, objection, rule in cases:
        report = check(transcript(objection, presented=chain), hostname=hostname)
        ((_, cause),) = said(report)
        assert cause is not None and cause.startswith(f"{rule}@")


def test_an_objection_that_nothing_explains_is_an_error() -> None:
    """A real client refused the chain for it; the finding has its words, and its line."""
    report = check(transcript((4, 10, "certificate has expired")), hostname=HOSTNAME)
    (finding,) = report.findings[:1]
    assert (finding.rule.id, finding.severity) == (VERDICT, Severity.ERROR)
    assert '"certificate has expired" (10) of "CN = unseen" at depth 4' in finding.message
    assert [(place.first_line, place.last_line) for place in finding.locations] == [(2, 2)]
    assert not report.ok and report.valid


def test_an_unknown_number_is_an_error_with_its_words() -> None:
    report = check(transcript((0, 999, "the moon is full")), hostname=HOSTNAME)
    assert said(report) == [("error", None)]
    assert '"the moon is full" (999)' in report.findings[0].message


@pytest.mark.parametrize(
    ("objection", "hostname", "severity"),
    [
        (WRONG_NAME, None, "error"),  # somebody asks for another name
        (WRONG_NAME, HOSTNAME, "warning"),  # and the name that was told here is right
        ((0, 64, "IP address mismatch"), HOSTNAME, "warning"),
        ((0, 10, "certificate has expired"), HOSTNAME, "warning"),  # by that machine's clock
        ((0, 9, "certificate is not yet valid"), HOSTNAME, "warning"),
        ((0, 3, "unable to get certificate CRL"), HOSTNAME, "warning"),
        ((0, 85, "Missing Authority Key Identifier"), HOSTNAME, "warning"),  # -x509_strict
        ((0, 79, "invalid CA certificate"), HOSTNAME, "error"),
        ((0, 94, "Certificate public key has explicit ECC parameters"), HOSTNAME, "error"),
    ],
)
def test_how_much_an_objection_weighs(
    objection: tuple[int, int, str], hostname: str | None, severity: str
) -> None:
    """By what only the program can have known."""
    assert said(check(transcript(objection), hostname=hostname)) == [(severity, None)]


@pytest.mark.parametrize(
    ("in_certificate", "asked", "explained"),
    [
        ("*.local", "gw.local", True),  # a star and one label: OpenSSL takes none
        ("*.plant7.example", "gw_1.plant7.example", True),  # nor an underscore below a star
        ("*.plant7.example", "gw.plant7.example", False),
    ],
)
def test_a_name_that_openssl_alone_refuses_is_the_one_that_was_asked_for(
    in_certificate: str, asked: str, explained: bool
) -> None:
    """By RFC 9525 the name matches; that s_client asked for another one is no explanation then."""
    gateway = stock.stock_15("ec").with_extension("server", subject_alt_name(dns=[in_certificate]))
    text = transcript(WRONG_NAME, presented=gateway.presented())
    report = check(text, hostname=asked)
    (finding,) = (f for f in report.findings if f.rule.id == VERDICT)
    assert ("another name" not in finding.message) is explained
    assert (finding.caused_by is not None) is explained


def test_the_certificate_is_known_by_depth_and_name() -> None:
    """Where the program had another path, the depth says nothing."""
    (right,) = (f for f in check(transcript((2, 999, "x"))).findings if f.rule.id == VERDICT)
    assert right.certificates == (check(transcript()).certificates[2].sha256,)
    text = transcript((2, 999, "x")).replace("depth=2", "depth=1")
    (wrong,) = (f for f in check(text).findings if f.rule.id == VERDICT)
    assert wrong.certificates == ()


def test_the_same_said_twice_is_said_once() -> None:
    text = transcript((4, 10, "certificate has expired"))
    assert said(check(text + text, hostname=HOSTNAME)) == [("error", None)]


def test_gnutls_cli_says_it_in_sentences() -> None:
    """That it does not know the issuer is a note; a wrong name is a warning, not more.

    GnuTLS is none of the clients that decide. It prints which name it asked for.
    """
    head = "Resolving '198.51.100.7:8883'...\n- Got a certificate list of 4 certificates.\n"
    head += "- Certificate[0] info:\n"
    text = transcript().replace("CONNECTED(00000003)\n", head)
    status = "- Status: The certificate is NOT trusted. The certificate issuer is unknown. "
    name = "The name in the certificate does not match the expected. \n"
    assert said(check(text + status + "\n", hostname=HOSTNAME)) == [("info", None)]
    assert said(check(text + status + name)) == [("warning", None), ("info", None)]
    assert said(check(text + status + name, hostname=HOSTNAME)) == [("info", None)] * 2
    same = (text + status + name).replace("198.51.100.7", HOSTNAME)
    assert said(check(same, hostname=HOSTNAME)) == [("warning", None), ("info", None)]
    report = check(text + status + name, hostname="gw.other.example")
    assert {cause is None for _, cause in said(report)} == {False, True}


def test_an_alert_after_the_certificates_is_a_note() -> None:
    """It is about what the client sent."""
    alert = "4097:error:0A00045C:SSL routines:f:tlsv13 alert certificate required:x.c:1:"
    alert += "SSL alert number 116\n"
    report = check(transcript() + alert, hostname=HOSTNAME)
    assert report.ok
    assert said(report) == [("info", None)]
    assert '"certificate_required" (116)' in report.findings[-1].message


def test_text_of_a_transcript_is_made_safe() -> None:
    """Whoever served the certificate chose its subject."""
    report = check(transcript((4, 10, "x\x1b[31m\u202e")).replace("unseen", "a\x1b]0;b\x07"))
    (finding,) = (f for f in report.findings if f.rule.id == VERDICT)
    assert not {"\x1b", "\x07", "\u202e"} & set(finding.message)


# --- the server certificate alone ----------------------------------------------------------------


def test_a_server_certificate_alone_is_an_error_without_trust() -> None:
    """Whether or not a transcript says 20 and 21."""
    for text in (transcript(presented=CHAIN[:1]), pem(*CHAIN[:1], comments=False)):
        report = check(text, trusted=False, hostname=HOSTNAME)
        assert (report.ok, report.valid) == (False, None)
        assert said(report, ALONE) == [("error", None)]


def test_the_transcripts_verdict_stands_under_it() -> None:
    text = transcript((0, 20, "unable to get local issuer certificate"), presented=CHAIN[:1])
    ((severity, cause),) = said(check(text, trusted=False))
    assert severity == "info" and cause is not None and cause.startswith(f"{ALONE}@")


@pytest.mark.parametrize("runtime", [stock.stock_11, stock.stock_12, stock.stock_15])
def test_a_chain_without_its_root_is_no_fault(runtime) -> None:  # type: ignore[no-untyped-def]
    """A server may leave out the root, whether or not clients are known."""
    gateway = runtime("ec")
    report = check(pem(*gateway.presented(*list(gateway)[:-1]), comments=False), trusted=False)
    assert report.ok and report.valid is None
    (info,) = (f for f in report.findings if f.rule.id == "trust.not-given")
    assert "CN=Contoso Root CA, which clients have to trust" in info.message


def test_with_trust_the_issuer_counts() -> None:
    """Trusted itself, nothing is wrong; else it is missing, and clients are named."""
    server = pem(*CHAIN[:1], comments=False)
    issuer = pem(*GATEWAY.presented("workload_ca"), comments=False)
    assert check(server, trust=issuer).valid
    assert said(check(server, trust=issuer), ALONE) == []
    assert said(check(server), ALONE) == []
    assert said(check(server), "chain.missing-issuer") == [("error", None)]


def test_a_quick_start_sends_its_server_certificate_alone() -> None:
    """Its CA is a root, and roots are not sent; the quick start itself is told."""
    gateway = stock.stock_15("rsa").without("intermediate").without("root")
    gateway = gateway.change("device_ca", subject="aziot-edge CA iotedgegw")
    report = check(pem(*gateway.presented("server"), comments=False), trusted=False)
    assert said(report, ALONE) == []
    assert said(report, "edge.quickstart-certificates") == [("warning", None)]


def test_a_device_may_present_its_certificate_alone() -> None:
    """To a hub that knows the CA; the rule is about servers."""
    purpose = edgecheck.Validation(purpose="client")
    text = pem(*CHAIN[:1], comments=False)
    assert said(check(text, trusted=False, validation=purpose), ALONE) == []


# --- why no certificate came ---------------------------------------------------------------------


def test_every_obstacle_has_its_words_and_a_remedy_of_its_own() -> None:
    assert list(SAID) == list(REMEDIES) == list(OBSTACLES)
    assert len(set(SAID.values())) == len(set(REMEDIES.values())) == len(OBSTACLES)


def test_an_alert_has_the_name_of_the_rfc() -> None:
    assert alert_name(48) == "unknown_ca"
    assert alert_name(250) == "alert 250"
    assert len(set(ALERTS.values())) == len(ALERTS)


def test_no_certificate_came_is_the_only_fault() -> None:
    """What follows, that there is none, stands under it."""
    report = check("CONNECTED(3)\nwrite:errno=104\nno peer certificate available\n")
    follows, finding = report.findings
    assert (follows.rule.id, follows.caused_by) == ("input.no-certificate", NONE_CAME)
    assert (finding.rule.id, finding.caused_by) == (NONE_CAME, None)
    assert finding.evidence["reason"] == "closed-in-handshake"
    assert "edgeHub" in finding.remedy


def test_a_failed_try_beside_certificates_is_no_fault_of_theirs() -> None:
    report = check("connect: Connection refused\nconnect:errno=111\n" + transcript())
    assert report.ok and said(report, NONE_CAME) == []


def test_what_the_program_refused_itself_stands_under_it() -> None:
    """With -brief and -verify_return_error it shows its objection, and no certificate."""
    text = (
        "depth=0 CN = gw\nverify error:num=18:self-signed certificate\n"
        "4097:error:0A000086:SSL routines:f:certificate verify failed:x.c:1:\n"
    )
    report = check(text)
    assert [f.rule.id for f in report.findings if f.caused_by is None] == [NONE_CAME]
    ((_, cause),) = said(report)
    assert cause == NONE_CAME


def test_an_empty_standard_input_is_a_pipe_that_failed() -> None:
    """`openssl ... 2>/dev/null | edgecheck check -` where nothing listens."""
    command = [sys.executable, "-m", "edgecheck", "check", "-"]
    done = subprocess.run(command, input="", capture_output=True, text=True, cwd=REPO, check=False)
    assert done.returncode == 1
    assert f"error[{NONE_CAME}] standard input is empty: the program in front" in done.stdout
    assert "edit" not in done.stdout


def test_another_empty_file_is_an_empty_file() -> None:
    report = check(Source("chain.pem", b""))
    assert [f.rule.id for f in report.findings] == ["input.no-certificate"]


# --- certificates that were cut out --------------------------------------------------------------


@pytest.mark.parametrize(
    "put",
    [
        "...",
        ".....",
        "[...]",
        "MIIDdDCC...PLHqE",
        "\u2026",
        "<snip>",
        "[redacted]",
        "REDACTED",
        "(certificate removed)",
        "xxxxxxxxxxxxxxxx",
        "********",
        "lines omitted",
    ],
)
def test_whatever_stands_for_the_base64(put: str) -> None:
    """One finding for all blocks, and none about base64 or lines."""
    cut = f"-----BEGIN CERTIFICATE-----\nMIIDdDCCAlygAwIBAgIU\n{put}\n-----END CERTIFICATE-----\n"
    report = check(f"CONNECTED(3)\nCertificate chain\n{cut}{cut}---\n")
    assert [f.rule.id for f in report.findings if f.caused_by is None] == [CUT]
    assert report.findings[0].evidence["lines"] == [5, 9]


def test_one_that_is_left_is_read() -> None:
    """And what is missing then follows from the cut."""
    head = transcript().partition("-----END CERTIFICATE-----\n")[0]
    cut = "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n"
    report = check(head + "-----END CERTIFICATE-----\n" + cut)
    assert said(report, CUT) == [("error", None)]
    assert said(report, "chain.missing-issuer") == [("error", CUT)]
    assert len(report.certificates) == 1


def test_names_that_are_listed_are_told_with_their_gaps() -> None:
    text = (
        "Certificate chain\n 0 s:CN = gw\n   i:CN = device CA\n"
        "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n"
        " 1 s:CN = root\n   i:CN = root\n"
        "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n"
        "---\nVerification: OK\n"
    )
    finding = check(text).findings[0]
    assert (
        'lists "CN = gw", issued by "CN = device CA", which does not come next' in finding.message
    )
    assert 'but "CN = root", issued by "CN = root"' in finding.message
    assert "openssl s_client accepted the chain (line 13)" in finding.message
    assert finding.evidence["issuers"] == ["CN = device CA", "CN = root"]


def test_real_base64_is_never_taken_for_a_remark() -> None:
    """Of all certificates of the fixtures."""
    rules = BUILT_IN.select(CUT)
    for path in sorted((REPO / "fixtures").rglob("chain.pem")):
        if "certificates-cut-out" not in str(path):
            assert not check(path.read_bytes(), rules=rules).findings, path
