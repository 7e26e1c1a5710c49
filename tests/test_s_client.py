"""What a real TLS server presents, taken down by real clients, reads like the file.

So does what `openssl` makes of the file in other formats.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

import edgecheck
from tests.conftest import REPO

BROKEN = REPO / "fixtures" / "demo" / "broken-gateway"
BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
ASKED = ["--hostname", "ioTEdgeGW.local", "--runtime", "1.1", "--at", "2026-11-23T12:00:00Z"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def findings(*arguments: str, given: bytes | None = None) -> list[dict[str, object]]:
    """The findings of `edgecheck check`, without where in the input they are."""
    command = [sys.executable, "-m", "edgecheck", "check", *arguments, *ASKED]
    command += ["--trust", str(BROKEN / "trust.pem"), "--format", "json"]
    done = subprocess.run(command, input=given, capture_output=True, check=False, cwd=REPO)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    return [{k: v for k, v in f.items() if k != "locations"} for f in report["findings"]]


def without_verdict(*arguments: str, given: bytes) -> list[dict[str, object]]:
    """The findings about a transcript, but for what the program that took it said itself."""
    found = findings(*arguments, given=given)
    verdicts = [f for f in found if f["rule"] == "input.transcript-verdict"]
    assert verdicts and all(f["severity"] == "info" or f["caused_by"] for f in verdicts)
    return [f for f in found if f not in verdicts]


BLOCKS = BLOCK.findall((BROKEN / "chain.pem").read_bytes())


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """The port on which `openssl s_server` presents the broken gateway's chain."""
    own, rest, port = folder / "server.pem", folder / "rest.pem", free_port()
    own.write_bytes(BLOCKS[0])
    rest.write_bytes(b"".join(BLOCKS[1:]))
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(own)]
    command += ["-key", str(key_of(BLOCKS[0])), "-cert_chain", str(rest), "-quiet"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            yield port
        finally:
            running.kill()


@pytest.mark.openssl
def test_a_transcript_gives_the_findings_of_the_file(tmp_path: Path) -> None:
    """`openssl s_client -showcerts` piped into `edgecheck check -` finds what the file shows."""
    with server(tmp_path) as port:
        transcript = taken_down(
            "openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-showcerts"
        )
    assert transcript.count(b"-----BEGIN CERTIFICATE-----") == len(BLOCKS)
    assert without_verdict("-", given=transcript) == findings(str(BROKEN / "chain.pem"))


@pytest.mark.openssl
@pytest.mark.gnutls
def test_gnutls_cli_gives_the_findings_of_the_file(tmp_path: Path) -> None:
    """So does `gnutls-cli --print-cert`, also where it refuses the chain."""
    with server(tmp_path) as port:
        for more in (["--insecure"], []):
            command = ["gnutls-cli", "--print-cert", *more, "-p", str(port), "127.0.0.1"]
            transcript = taken_down(*command)
            assert transcript.count(b"-----BEGIN CERTIFICATE-----") == len(BLOCKS)
            assert without_verdict("-", given=transcript) == findings(str(BROKEN / "chain.pem"))


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that accepts one connection after the other and answers so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    taken = listening.accept()[0]
                    with taken, suppress(OSError):
                        taken.recv(4096)
                        answer(taken)

        Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def plain_text(taken: socket.socket) -> None:
    taken.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def nothing(taken: socket.socket) -> None:
    """The connection is closed at once."""


def fatal(number: int) -> Callable[[socket.socket], None]:
    """An alert instead of a ServerHello (RFC 8446, sections 5.1 and 6)."""

    def answer(taken: socket.socket) -> None:
        taken.sendall(bytes([21, 3, 3, 0, 2, 2, number]))
        taken.recv(4096)

    return answer


ANSWERS = [
    pytest.param(plain_text, "not-tls", id="plain text"),
    pytest.param(nothing, "closed-in-handshake", id="nothing"),
    pytest.param(fatal(40), "alert", id="handshake_failure"),
    pytest.param(fatal(70), "protocol-version", id="protocol_version"),
]


def reason(transcript: bytes) -> str:
    """What `edgecheck check` says stood in the way of a certificate."""
    report = edgecheck.check(transcript)
    (finding,) = (f for f in report.findings if f.caused_by is None)
    assert finding.rule.id == "input.no-certificate-came"
    return str(finding.evidence["reason"])


def printed(*command: str) -> bytes:
    """What a client prints on standard output and standard error, whether or not it connects."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=30,
    )
    return done.stdout


@pytest.mark.openssl
@pytest.mark.parametrize(("answer", "kind"), ANSWERS)
def test_openssl_tells_what_stood_in_the_way(
    answer: Callable[[socket.socket], None], kind: str
) -> None:
    """And edgecheck understands it, whichever OpenSSL is installed."""
    with answering(answer) as port:
        at = f"127.0.0.1:{port}"
        assert reason(printed("openssl", "s_client", "-connect", at)) == kind


@pytest.mark.gnutls
@pytest.mark.parametrize(("answer", "kind"), ANSWERS)
def test_gnutls_cli_tells_what_stood_in_the_way(
    answer: Callable[[socket.socket], None], kind: str
) -> None:
    with answering(answer) as port:
        assert reason(printed("gnutls-cli", "-p", str(port), "127.0.0.1")) == kind


@pytest.mark.openssl
def test_openssl_finds_nobody() -> None:
    """Neither on a port where nothing listens nor under a name that nobody has."""
    at = f"127.0.0.1:{free_port()}"
    assert reason(printed("openssl", "s_client", "-connect", at)) == "connection-refused"
    nowhere = printed("openssl", "s_client", "-connect", "gateway.invalid:8883")
    assert reason(nowhere) == "name-not-resolved"


@pytest.mark.gnutls
def test_gnutls_cli_finds_nobody() -> None:
    nobody = printed("gnutls-cli", "-p", str(free_port()), "127.0.0.1")
    assert reason(nobody) == "connection-refused"
    assert reason(printed("gnutls-cli", "-p", "8883", "gateway.invalid")) == "name-not-resolved"


@pytest.mark.openssl
def test_what_openssl_has_against_a_name_is_told(tmp_path: Path) -> None:
    """Where nobody tells edgecheck a name, and a client asked for a wrong one."""
    with server(tmp_path) as port:
        at = ("-connect", f"127.0.0.1:{port}", "-verify_hostname", "gw.other.example")
        transcript = taken_down("openssl", "s_client", *at, "-showcerts")
    report = edgecheck.check(transcript, trust=(BROKEN / "trust.pem").read_bytes())
    said = {f.evidence["numbers"][0]: f for f in report.findings if "verdict" in f.rule.id}
    assert said[62].severity == "error" and said[62].evidence["depth"] == 0
    assert all(said[number].severity == "info" for number in said if number in (18, 19, 20, 21))


PKCS7 = ("crl2pkcs7", "-nocrl", "-certfile", "CHAIN")
PKCS12 = ("pkcs12", "-export", "-nokeys", "-in", "CHAIN", "-passout", "pass:secret")


@pytest.mark.openssl
@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (PKCS7, "input.pkcs7"),
        ((*PKCS7, "-outform", "DER"), "input.pkcs7"),
        (PKCS12, "input.pkcs12"),
        ((*PKCS12, "-certpbe", "PBE-SHA1-3DES", "-macalg", "SHA1"), "input.pkcs12"),
        ((*PKCS12, "-certpbe", "NONE"), "input.pkcs12"),
        ((*PKCS12, "-nomac"), "input.pkcs12"),
    ],
)
def test_a_container_gives_the_findings_of_the_file(
    tmp_path: Path, command: tuple[str, ...], rule: str
) -> None:
    """And says which form it has."""
    chain, made, password = (tmp_path / name for name in ("chain.pem", "made", "password"))
    chain.write_bytes(b"".join(BLOCKS))
    password.write_text("secret\n")
    words = [str(chain) if word == "CHAIN" else word for word in command]
    subprocess.run(["openssl", *words, "-out", str(made)], check=True, capture_output=True)
    said = findings(str(made), "--password-file", str(password))
    assert [f for f in said if f["rule"] != rule] == findings(str(BROKEN / "chain.pem"))
    assert len(said) == len(findings(str(BROKEN / "chain.pem"))) + 1


def key_of(certificate: bytes) -> Path:
    """The test key that belongs to a certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    wanted = x509.load_pem_x509_certificate(certificate).public_key()
    for path in sorted((REPO / "fixtures" / "keys").glob("*.pem")):
        if load_pem_private_key(path.read_bytes(), None).public_key() == wanted:
            return path
    raise AssertionError("no test key belongs to the fixture's server certificate")


def taken_down(*command: str) -> bytes:
    """What a client prints; the server may need a moment before it listens."""
    for _ in range(50):
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=30,
        )
        if b"BEGIN CERTIFICATE" in done.stdout:
            return done.stdout
        time.sleep(0.1)
    raise AssertionError("the server never answered")
