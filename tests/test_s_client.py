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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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
    assert findings("-", given=transcript) == findings(str(BROKEN / "chain.pem"))


@pytest.mark.openssl
@pytest.mark.gnutls
def test_gnutls_cli_gives_the_findings_of_the_file(tmp_path: Path) -> None:
    """So does `gnutls-cli --print-cert`, also where it refuses the chain."""
    with server(tmp_path) as port:
        for more in (["--insecure"], []):
            command = ["gnutls-cli", "--print-cert", *more, "-p", str(port), "127.0.0.1"]
            transcript = taken_down(*command)
            assert transcript.count(b"-----BEGIN CERTIFICATE-----") == len(BLOCKS)
            assert findings("-", given=transcript) == findings(str(BROKEN / "chain.pem"))


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
