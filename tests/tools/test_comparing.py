"""A client's own text and what the laboratory kept of it are brought together, and no more."""

from __future__ import annotations

import pytest

from tools.recording.comparing import Row, agree, left_out, modelled_as

HOST = "mygateway.local"
DOTNET = "dotnet8.0.4-SslStream-cb"
PYOPENSSL = "pyopenssl-ossl3.5.2"
LONG = "UnsupportedSignatureAlgorithmContext { " + "0x06082a8648ce3d040302, " * 30 + "}"
QUEUE = "OpenSSL.SSL.Error: [('SSL routines', '', 'cert length mismatch')]"
ALTNAMES = "Hostname/IP doesn't match certificate's altnames: \"Cert is empty\""


@pytest.mark.parametrize(
    ("client", "says", "reason"),
    [
        (PYOPENSSL, "error 20 at 1 depth lookup: unable to get local issuer certificate", "20@1"),
        (PYOPENSSL, QUEUE, f"{QUEUE} verify_error(num@depth)="),
        (PYOPENSSL, QUEUE, f"{QUEUE} verify_error(num"),
        (
            "openssl3.5.9-verify",
            "Could not find certificate file",
            "Could not find certificate file from leaf.pem | error:1:x:",
        ),
        (
            "openssl3.0.19-verify",
            "Unable to load certificate file",
            "Could not read certificate file from leaf.pem | error:1:x: | "
            "Unable to load certificate file",
        ),
        ("openssl3.6.5-verify", "Error loading file", "Error loading file trust.pem | error:1:x"),
        (
            "azure-iot-device-py2.14.0",
            "ssl.SSLError: [SSL] ASN1 lib (_ssl.c:1006)",
            "azure.A: Could not connect <- azure.B: <- ssl.SSLError: [SSL] ASN1 lib (_ssl.c:1006)",
        ),
        ("openssl3.0.19-s_client", "error:1:x:", "error:1:x: | Verify return code: 0 (ok)"),
        ("openssl3.0.19-s_client", "error:1:x:", "error:1:x: | error:2:y: | error:3:z"),
        (
            DOTNET,
            "RemoteCertificateChainErrors; ChainElements[1]: NotSignatureValid, UntrustedRoot",
            "Errors=RemoteCertificateChainErrors "
            "chain=[0:NoError, 1:NotSignatureValid+UntrustedRoot, 2:NoError]",
        ),
        (
            DOTNET,
            "RemoteCertificateNameMismatch",
            "Errors=RemoteCertificateNameMismatch chain=[0:NoError]",
        ),
        (
            "gnutls3.7.9-cli",
            "*** Fatal error: Error in the certificate.",
            "- subject `CN=a', serial 0x1*** Fatal error: Error in the certificate. | *** PKI",
        ),
        ("gnutls3.7.9-cli", "Decoding error: x.", "Decoding error: x. | *** Fatal error: y."),
        ("botan2.19", "Error: x", "Error: x |"),
        ("botan2.19", "Error: Time 99991231235959Z is odd", "Error: Time <n>Z is odd |"),
        ("mbedtls2.28.3", "One line; another one", "One line; another one;"),
        ("mbedtls2.28.3", "-0x23E0 X509", "[trust file: -9184/-0x23e0 X509 - A : B] -0x23E0 X509"),
        ("bearssl0.6", "BR_ERR_X509_A", "[trust anchor decode BR_ERR_X509_B] BR_ERR_X509_A"),
        ("cryptography50-x509verify", "ValueError: x", "builtins.ValueError: x"),
        ("node8-ossl1.0.2s", "error:1:a: error:2:b:", ": <n>:error:1:a: <n>:error:2:b:"),
        ("node8-ossl1.0.2s", ALTNAMES, f": {ALTNAMES}"),
        ("node8-ossl1.0.2s", "error:1:" + "a" * 400, (": <n>:error:1:" + "a" * 400)[:300]),
        ("node8-ossl1.0.2s", "CERT_HAS_EXPIRED", "CERT_HAS_EXPIRED"),
        ("rustls-rtls", LONG, LONG[:300]),
        ("deno2.9.8-rustls", LONG, LONG[:262]),
        (
            "go1.27.3",
            "x509: current time 2026-11-23T08:13:54Z is after 2026-11-22T08:13:48Z",
            "x509: current time is after it",
        ),
    ],
)
def test_what_hands_did_to_a_text_is_undone(client: str, says: str, reason: str) -> None:
    assert agree(client, says, reason, HOST)


@pytest.mark.parametrize(
    ("client", "says", "reason"),
    [
        (PYOPENSSL, "error 20 at 1 depth lookup: x", "20@2"),
        (PYOPENSSL, "error 20 at 1 depth lookup: x", "2@1"),
        (
            DOTNET,
            "RemoteCertificateChainErrors; ChainElements[1]: NotTimeValid",
            "Errors=RemoteCertificateChainErrors chain=[0:NotTimeValid, 1:NoError]",
        ),
        (DOTNET, "RemoteCertificateChainErrors", "Errors=RemoteCertificateNameMismatch chain=[]"),
        ("gnutls3.7.9-cli", "*** Fatal error: x.", "*** Fatal error: y. | *** PKI"),
        ("rustls-rtls", LONG[:310], LONG[1:301]),
        ("go1.27.3", "current time 2026-01-01 is after 2026-01-02", "current time is before it"),
        ("node20-ossl3.0.19", "CERT_HAS_EXPIRED", "INVALID_CA"),
        ("openssl3.5.9-verify", "Error loading file", "Could not find certificate file from x.pem"),
    ],
)
def test_another_text_stays_another(client: str, says: str, reason: str) -> None:
    assert not agree(client, says, reason, HOST)


@pytest.mark.parametrize(
    ("row", "whole_row"),
    [
        (Row("node20-ossl3.0.19", "gw.lab.", "ECONNRESET", 1), True),
        (Row("openssl3.0.19-s_client", "gw.lab.", "", 1), True),
        (Row("openssl3.0.19-verify", "gw.lab.", "", 1), None),
        (Row("curl7.88-ossl3.0", "gw.lab.", "", 1), None),
        (Row("curl7.88-ossl3.0", "gw.lab..", "", 1), True),
        (Row("node20-ossl3.0.19", "gw.lab", "INVALID_CA", 1), None),
        (Row("pyopenssl-ossl4.0.3", "$edgeHub", "", 1), True),
        (Row("pyopenssl-ossl4.0.3", "edgeHub", "", 1), None),
        (Row("pyopenssl-ossl3.5.2", "$edgeHub", "", 1), None),
        (Row("bearssl0.6", HOST, "BR_ERR_X509_NOT_TRUSTED", 9), True),
        (Row("bearssl0.6", HOST, "BR_ERR_X509_NOT_TRUSTED", 8), None),
        (Row("rustls-rtls", HOST, "builtins.TimeoutError: timed out", 1), False),
        (Row("openssl3.6.5-s_client", HOST, "SSL_shutdown", 1), False),
        (Row("openssl3.6.5-s_client", HOST, "error:1:x:", 1), None),
        (Row("nss3.87-tstclnt", HOST, "SSL_shutdown", 1), None),
    ],
)
def test_what_server_and_drivers_did_is_left_out_by_name(row: Row, whole_row: bool | None) -> None:
    """The verdict too where it is theirs; never what the client did itself."""
    found = left_out(row)
    assert (found.verdict if found else None) is whole_row


def test_an_id_with_an_at_has_the_model_of_the_id_before_it() -> None:
    """It is the same version, recorded on another system."""
    assert modelled_as("go1.27.3@sid") == "go1.27.3"
    assert modelled_as("pyopenssl-ossl4.0.3@trixie") == "pyopenssl-ossl4.0.3"
    assert modelled_as("java25-jsse") == "java25-jsse"


def test_a_patch_of_a_modelled_version_has_its_model_where_it_is_the_only_one() -> None:
    """MbedTLS 3.6.6 and 3.6.7 differ, and 3.6.8 may be like neither."""
    assert modelled_as("openssl3.0.22-s_client") == "openssl3.0.19-s_client"
    assert modelled_as("py311-ssl-ossl3.0.22") == "py311-ssl-ossl3.0.19"
    assert modelled_as("mbedtls3.6.8") == "mbedtls3.6.8"
    assert modelled_as("openssl3.3.1-verify") == "openssl3.3.1-verify"
