"""What a real TLS server presents, taken down by `openssl s_client`, reads like the file."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
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


@pytest.mark.openssl
def test_a_transcript_gives_the_findings_of_the_file(tmp_path: Path) -> None:
    """`openssl s_client -showcerts` piped into `edgecheck check -` finds what the file shows."""
    blocks = BLOCK.findall((BROKEN / "chain.pem").read_bytes())
    server, rest = tmp_path / "server.pem", tmp_path / "rest.pem"
    server.write_bytes(blocks[0])
    rest.write_bytes(b"".join(blocks[1:]))
    port = free_port()
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(server)]
    command += ["-key", str(key_of(blocks[0])), "-cert_chain", str(rest), "-quiet"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            transcript = transcript_from(port)
        finally:
            running.kill()
    assert transcript.count(b"-----BEGIN CERTIFICATE-----") == len(blocks)
    assert findings("-", given=transcript) == findings(str(BROKEN / "chain.pem"))


def key_of(certificate: bytes) -> Path:
    """The test key that belongs to a certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    wanted = x509.load_pem_x509_certificate(certificate).public_key()
    for path in sorted((REPO / "fixtures" / "keys").glob("*.pem")):
        if load_pem_private_key(path.read_bytes(), None).public_key() == wanted:
            return path
    raise AssertionError("no test key belongs to the fixture's server certificate")


def transcript_from(port: int) -> bytes:
    """What s_client prints; the server may need a moment before it listens."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-showcerts"]
    for _ in range(50):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=30
        )
        if b"BEGIN CERTIFICATE" in done.stdout:
            return done.stdout
        time.sleep(0.1)
    raise AssertionError("the server never answered")
