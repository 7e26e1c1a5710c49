"""What stands in pasted texts besides words: keys, certificates, colours; and words of others."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edgecheck import cli
from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.reading.secrets import without_keys, without_pieces, without_secrets
from edgecheck.reporting.explained import explanation_dict
from edgecheck.rules import BUILT_IN
from fixtures.pki import pem
from fixtures.stock import stock_15

MISMATCH = "error:0B080074:x509 certificate routines:X509_check_private_key:key values mismatch"


def read(text: str) -> list[tuple[str, bool]]:
    return [(each.id, each.certain) for each in explain(text, BUILT_IN, predicted()).meanings]


@pytest.mark.parametrize("form", ["pem", "one line", "base64", "beside the words", "no end"])
def test_a_key_that_was_pasted_with_a_log_is_not_repeated(form: str) -> None:
    key = ec.derive_private_key(2**200 + 12_345, ec.SECP256R1())
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    block = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    pasted = {
        "pem": f"{MISMATCH}\n{block}[1] behind it\n",
        "one line": f"{MISMATCH}\n{json.dumps(block)}\n[1] behind it\n",
        "base64": f"{MISMATCH}\n{base64.b64encode(der).decode()}\n[1] behind it\n",
        "beside the words": f"{block!r} {MISMATCH}\n[1] behind it\n",
        "no end": f"[1] behind it\n{MISMATCH}\n{block.partition('-----END')[0]}",
    }[form]
    told = json.dumps(explanation_dict(explain(pasted, BUILT_IN, predicted())))
    body = base64.b64encode(der).decode()
    assert [body[at : at + 12] for at in range(len(body) - 12) if body[at : at + 12] in told] == []
    assert "behind it" in told
    assert "device.key-mismatch" in told


@pytest.mark.parametrize(
    "text",
    [
        "HostName=h.azure-devices.net;DeviceId=d;SharedAccessKey=c2VjcmV0: Connection refused",
        "SharedAccessSignature sr=h&sig=c2VjcmV0%3d&se=1: Connection refused",
        "password: c2VjcmV0 Connection refused",
    ],
)
def test_a_login_that_was_pasted_with_a_log_is_not_repeated(text: str) -> None:
    told = json.dumps(explanation_dict(explain(text, BUILT_IN, predicted())))
    assert "c2VjcmV0" not in told
    assert "symptom.connection-refused" in told


@pytest.mark.parametrize("hides", [without_keys, without_pieces, without_secrets])
def test_hiding_keys_takes_time_that_grows_with_the_text_alone(
    hides: Callable[[str], str],
) -> None:
    """Dashes without end are no marker, from whichever of them one begins to read."""
    start = time.process_time()
    for text in ("-" * 200_000, "-- " * 60_000, "--" + " " * 200_000, "\u2014" * 200_000):
        assert len(hides(text)) <= len(text)
    assert time.process_time() - start < 5  # with a square in it, an hour


def test_whoever_pastes_a_certificate_alone_is_told_to_check_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    block = pem(*stock_15().presented(), comments=False).decode()
    assert cli.main(["explain", block]) == 2
    assert "edgecheck check -" in capsys.readouterr().err


@pytest.mark.parametrize(
    "colour",
    ["\x1b[1m", "\x1b[38;5;196m", "^[[31m", "#033[0m", "\\u001b[31m", "\x1b]8;;https://a\x1b\\"],
)
def test_colours_within_words_hide_nothing(colour: str) -> None:
    plain = "ERR unable to get local issuer certificate"
    assert read(plain.replace("get", f"{colour}get")) == read(plain)
    assert read(plain)[0][0] == "chain.missing-issuer"


@pytest.mark.parametrize(
    "text",
    [
        "Connection refused: Identifier rejected",
        "Connection refused: Server unavailable",
        "Connection Refused: broker unavailable.",
        "Connection refused - incorrect protocol version",
        "Connection refused, reason: Not authorized",
        "Connection refused by CONNACK 5: not authorised",
        "Unable to connect (The connection was refused.)",
    ],
)
def test_a_connack_that_refuses_is_no_closed_port(text: str) -> None:
    """A broker that answers was reached, through TLS (MQTT 3.1.1, 3.2.2.3)."""
    ids = [id for id, _ in read(text)]
    assert ids[:1] == ["symptom.login-refused"]
    assert "symptom.connection-refused" not in ids


@pytest.mark.parametrize(
    "text",
    [
        "Error: Connection refused",
        "connect: Connection refused (111)",
        "ssh: connect to host gw port 8883: Connection refused",
    ],
)
def test_a_closed_port_is_one_still(text: str) -> None:
    assert read(text)[0] == ("symptom.connection-refused", True)


@pytest.mark.parametrize(
    "text",
    [
        "INFO keepalive timed out for client dev1, disconnecting",
        "upload of the certificate to the web page timed out",
        "the lease timed out",
    ],
)
def test_what_timed_out_and_is_no_connection_is_never_certain(text: str) -> None:
    assert ("symptom.timed-out", True) not in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "curl: (28) Connection timed out after 10001 milliseconds",
        "socket.timeout: timed out",
        "java.net.SocketTimeoutException: connect timed out",
        "TimeoutError: [Errno 110] Connection timed out",
        "_ssl.c:989: The handshake operation timed out",
    ],
)
def test_a_connection_that_timed_out_is_certain(text: str) -> None:
    assert read(text)[0] == ("symptom.timed-out", True)
