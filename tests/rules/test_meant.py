"""What is said of an input that holds no certificate: what it is, and the command that is meant."""

from __future__ import annotations

import gzip
import json
import subprocess
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

import edgecheck
from edgecheck.reading.forms.described import MOST_BYTES, advice, described
from fixtures.stock import HOSTNAME, NOW, stock_11
from tests.test_any_bytes import armoured

GATEWAY = stock_11("ec")
DER = GATEWAY.presented()[0].der
PEM = armoured(DER)


def checked(data: bytes, name: str = "given.txt", **more: object) -> edgecheck.Finding:
    """The finding that says that there is no certificate."""
    source = edgecheck.Source(name, data)
    report = edgecheck.check(source, hostname=HOSTNAME, at=NOW, **more)  # type: ignore[arg-type]
    assert not report.certificates and not report.ok
    (found,) = (f for f in report.findings if f.rule.id == "input.no-certificate")
    return found


def zipped() -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chain.pem", PEM)
    return kept.getvalue()


EDGEHUB = b"""\
<6> 2026-11-30 01:18:10.381 +00:00 [INF] - Installing certificates [CN=gw:01/13/2027] to Root
<4> 2026-11-30 01:18:55.270 +00:00 [WRN] - TLS handshake failed.
System.IO.IOException: Channel is closed
   at DotNetty.Transport.Channels.AbstractChannel.Close()
"""
EXPLAIN = "edgecheck explain - < given.txt"
CASES: dict[str, tuple[bytes, str, str]] = {
    "edgeHub": (EDGEHUB, "a log", EXPLAIN),
    "journal": (b"Nov 30 01:00:01 gw iotedged[7]: [ERR!] - no\n" * 3, "a log", EXPLAIN),
    "mosquitto": (b"1606784400: OpenSSL Error[0]: error:0A000418\n" * 2, "a log", EXPLAIN),
    "esp": (
        b"E (4321) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\n",
        "a log",
        EXPLAIN,
    ),
    "one line of an error": (
        b"curl: (60) SSL certificate problem: self-signed certificate\n",
        "text without a PEM block",
        EXPLAIN,
    ),
    "mosquitto.conf": (
        b"listener 8883\ncafile /etc/mosquitto/ca.pem\nkeyfile /etc/mosquitto/key.pem\n",
        "text that names /etc/mosquitto/ca.pem",
        "edgecheck check /etc/mosquitto/ca.pem",
    ),
    "paths of Windows": (
        b'{"certificate": "C:\\certs\\gw chain.cer"}',
        "text that names C:\\certs\\gw chain.cer",
        "edgecheck check 'C:\\certs\\gw chain.cer'",
    ),
    "zip": (zipped(), "a zip archive", "unzip -p given.txt | edgecheck check -"),
    "gzip": (gzip.compress(PEM), "packed by gzip", "gunzip -c given.txt | edgecheck check -"),
    "tar": (
        b"x".ljust(257, b"\0") + b"ustar\0" + bytes(500),
        "a tar archive",
        "tar -xOf given.txt | edgecheck check -",
    ),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture (PNG)", "Ask for the text instead."),
    "pdf": (b"%PDF-1.7\n1 0 obj\n", "a PDF document", "Ask for the text instead."),
    "packets": (b"\xd4\xc3\xb2\xa1\2\0\4\0", "a capture of packets", "tshark -r given.txt"),
    "PowerShell": (
        b"Subject      : CN=gw\r\nThumbprint   : 00\r\nRawData      : {48, 130, 3, 15...}\r\n",
        "what PowerShell shows of a certificate, without the certificate itself",
        "[Convert]::ToBase64String($certificate.RawData)",
    ),
    "Node": (
        b"raw: <Buffer 30 82 03 0f 30 82 01 f7 ... 737 more bytes>,\n",
        "what Node shows of bytes, which is their beginning",
        "raw.toString('base64')",
    ),
    "Python": (
        b"{'subject': ((('commonName', 'gw'),),), 'notAfter': 'Jan  1 00:00:00 2027 GMT'}",
        "what `getpeercert()` of Python returns, without the certificate itself",
        "ssl.DER_cert_to_PEM_cert(connection.getpeercert(True))",
    ),
    "asn1parse": (
        b"    0:d=0  hl=4 l= 800 cons: SEQUENCE          \n",
        "the text of `openssl asn1parse` without the certificate itself",
        "openssl x509 -in CERTIFICATE",
    ),
    "kubectl": (
        b"Type:  kubernetes.io/tls\n\nData\n====\ntls.crt:  3245 bytes\ntls.key:  1704 bytes\n",
        "the sizes of a Secret's values, as `kubectl describe` shows them",
        "kubectl get secret NAME -o yaml | edgecheck check -",
    ),
    "curl": (
        b"* Connected to gw\n* Server certificate:\n*  subject: CN=gw\n*  issuer: CN=ca\n",
        "what `curl -v` says of a certificate, without the certificate itself",
        f"openssl s_client -connect {HOSTNAME}:8883",
    ),
    "fingerprint": (
        b"SHA1 Fingerprint=" + b":".join([b"AB"] * 20) + b"\n",
        "the fingerprint of a certificate",
        f"openssl s_client -connect {HOSTNAME}:8883",
    ),
    "thumbprint": (b"ab" * 32, "the fingerprint of a certificate", "openssl s_client"),
    "empty": (b"", "empty", "> transcript.txt 2>&1"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_it_is_and_what_is_meant(name: str) -> None:
    data, words, command = CASES[name]
    finding = checked(data)
    assert finding.evidence["found"] == [words] or finding.evidence["found"] == words
    assert f"given.txt is {words}" in finding.message
    assert command in (finding.remedy or "")


def test_a_log_that_quotes_openssl_is_no_transcript() -> None:
    """Nobody captured anything in vain: what is wanted is what the log means."""
    error = b" ---> Interop+OpenSsl: error:0A000418:SSL routines::tlsv1 alert unknown ca\n"
    finding = checked(EDGEHUB + error)
    assert finding.caused_by is None
    assert EXPLAIN in finding.remedy


def test_what_openssl_prints_of_a_certificate_is_not_the_certificate() -> None:
    """Nor is what it prints in a mail that quotes it."""
    text = b"Certificate:\n    Data:\n        Version: 3 (0x2)\n"
    for data in (text, b"> " + text.replace(b"\n", b"\n> ")):
        finding = checked(data)
        assert "`openssl x509 -text`" in finding.message
        assert "openssl x509 -in CERTIFICATE" in (finding.remedy or "")


@pytest.mark.java
def test_what_keytool_prints_of_a_store_is_not_the_store(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_bytes(PEM)
    store = ["-keystore", str(tmp_path / "s.jks"), "-storepass", "changeit"]
    add = ["keytool", "-importcert", "-noprompt", "-file", str(tmp_path / "c.pem"), *store]
    subprocess.run(add, check=True, capture_output=True)
    shown = subprocess.run(
        ["keytool", "-list", "-v", *store], check=True, capture_output=True
    ).stdout
    finding = checked(shown)
    assert "the text of `keytool -list -v`" in finding.message
    assert "keytool -list -rfc" in (finding.remedy or "")


def test_for_what_a_device_presents_nobody_is_sent_to_the_gateway() -> None:
    """A gateway's port shows nothing of the certificate with which a device logs in."""
    for data, _, _ in CASES.values():
        report = edgecheck.check(data, at=NOW, validation=edgecheck.Validation(purpose="client"))
        (finding,) = (f for f in report.findings if f.rule.id == "input.no-certificate")
        assert "s_client" not in (finding.remedy or "")


KEYS = {
    "a JSON Web Key": json.dumps({"kty": "EC", "crv": "P-256", "x": "x", "d": "SECRET-" * 7}),
    "XML": f"<RSAKeyValue><Modulus>AQAB</Modulus><D>{'SECRET+' * 20}</D></RSAKeyValue>",
    "PuTTY's form": "PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 1\n" + "SECRET+" * 9 + "\n",
}


@pytest.mark.parametrize("name", KEYS)
def test_a_private_key_in_a_form_of_its_own_is_told_and_not_shown(name: str) -> None:
    report = edgecheck.check(KEYS[name].encode(), hostname=HOSTNAME, at=NOW)
    (finding,) = (f for f in report.findings if f.rule.id == "input.private-key")
    assert f"a private key in {name}" in finding.message
    assert "SECRET" not in report.to_json() + report.to_text(verbose=True)


def test_a_public_key_in_json_is_no_private_one() -> None:
    data = json.dumps({"kty": "EC", "x": "d" * 43}).encode()
    report = edgecheck.check(data, hostname=HOSTNAME, at=NOW)
    assert "input.private-key" not in {f.rule.id for f in report.findings}


def test_a_key_store_that_is_damaged_is_for_keytool() -> None:
    """OpenSSL cannot look into it."""
    source = edgecheck.Source("store.jks", b"\xfe\xed\xfe\xed\0\0\0\2\xff\xff")
    report = edgecheck.check(source, hostname=HOSTNAME, at=NOW)
    (finding,) = (f for f in report.findings if f.rule.id == "input.unopened-container")
    assert "keytool -list -rfc -keystore store.jks" in (finding.remedy or "")


def test_a_path_that_could_be_a_key_is_not_repeated() -> None:
    assert described(b"open /MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7.pem") == ""
    assert described(b"pk = /etc/private/gw.pem") == ""


def test_a_log_is_known_by_most_of_its_lines() -> None:
    """A text with one date in it is none."""
    assert described(b"2026-11-30 01:00 failed\n" + b"some line\n" * 9) == ""
    assert described(b"2026-11-30 01:00 failed\n" + b"some line\n" * 2) == "a log"


def test_every_description_has_its_advice() -> None:
    for _, words, _ in CASES.values():
        if words not in ("a log", "empty") and not words.startswith("text "):
            assert advice(words)[0]


@pytest.mark.parametrize(
    "piece", [b"/", b"C:\\", b"/a ", b"a1 ", b"* ", b"12:00:00 ", b"<Buffer ", b"a.crt: ", b" \n"]
)
def test_hostile_texts_take_no_time(piece: bytes) -> None:
    before = time.process_time()
    described(piece * (2 * MOST_BYTES // len(piece)))
    assert time.process_time() - before < 3
