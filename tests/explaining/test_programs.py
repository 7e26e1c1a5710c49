"""What programs that are here really print at a fault leads to its rule or symptom.

Each connects to a server on loopback; the chains are made for today, since programs have no other
time.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.rules import BUILT_IN
from fixtures.pki import (
    extended_key_usage,
    key_usage,
    name_constraints,
    pem,
    raw_extension,
    subject_alt_name,
)
from tests.hierarchy.chains import Chain, authority, server
from tests.servers import Answer, listening, tls

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
HERE = "localhost"


def _today(chain: Chain) -> Chain:
    for place in range(len(chain.specs)):
        chain = chain.put(place, not_before=NOW - 30 * DAY, not_after=NOW + 30 * DAY)
    return chain


SERVER, CA, ROOT = range(3)
SOUND = _today(
    Chain(
        (
            server(subject_alt_name(dns=[HERE]), subject=HERE),
            authority("Test CA", "p256-2"),
            authority("Test Root", "p256-3"),
        )
    )
)
OTHER_ROOT = _today(Chain((authority("Another Root", "p256-5"),))).issued()[0]
MISSING = ("chain.missing-issuer", "trust.root-not-trusted", "chain.server-alone")

CHAINS: dict[str, tuple[Chain, set[str]]] = {
    "expired": (SOUND.put(SERVER, not_after=NOW - DAY), {"validity.expired"}),
    "not-yet-valid": (SOUND.put(SERVER, not_before=NOW + DAY), {"validity.not-yet-valid"}),
    "ca-expired": (SOUND.put(CA, not_after=NOW - DAY), {"validity.expired"}),
    "other-name": (
        SOUND.put(SERVER, subject_alt_name(dns=["gw.example"])),
        {"hostname.not-in-san"},
    ),
    "for-clients": (
        SOUND.put(SERVER, extended_key_usage("clientAuth")),
        {"path.not-for-this-purpose", "symptom.refused-without-reason"},
    ),
    "no-ca": (
        SOUND.without(CA, "basicConstraints", "keyUsage"),
        {"ca.not-a-ca", "path.not-for-this-purpose", "chain.missing-issuer"},
    ),
    "no-cert-sign": (
        SOUND.put(CA, key_usage("digitalSignature")),
        {
            "ca.no-cert-sign", "ca.not-a-ca", "chain.missing-issuer", "trust.root-not-trusted",
            "path.not-for-this-purpose",
            "ca.path-length-exceeded",  # GnuTLS says the same of all constraints of a signer
        },
    ),
    "name-constraints": (
        SOUND.put(CA, name_constraints({"dns": ["gw.example"]})),
        {"path.name-constraints", "path.name-constraints-of-clients"},
    ),
    "unknown-critical": (
        SOUND.put(SERVER, raw_extension("1.2.3.4", b"\x05\x00", critical=True)),
        {"path.unknown-critical-extension", "extension.not-known-everywhere"},
    ),
}  # fmt: skip


def _http(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def _closes(connection: socket.socket) -> None:
    connection.recv(4096)


def _alert(number: int) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(bytes((21, 3, 3, 0, 2, 2, number)))

    return answer


ANSWERS: dict[str, tuple[Answer, set[str]]] = {
    "plain-text": (_http, {"symptom.not-tls"}),
    "closes": (_closes, {"symptom.closed-in-handshake"}),
    "handshake-failure": (_alert(40), {"symptom.alert-handshake-failure"}),
    "protocol-version": (
        _alert(70),
        {"symptom.alert-protocol-version", "symptom.protocol-version"},
    ),
}

PYTHON = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
with socket.create_connection(("localhost", int(sys.argv[1])), 5) as plain:
    context.wrap_socket(plain, server_hostname="localhost")
"""
NODE = """
const [port, ca] = process.argv.slice(-2);
require('tls').connect({ port, host: 'localhost', servername: 'localhost',
  ca: require('fs').readFileSync(ca) }).on('error', console.error)
  .on('secureConnect', function () { this.destroy() });
"""
GO = """
package main
import ("crypto/tls"; "crypto/x509"; "fmt"; "os")
func main() {
	pool := x509.NewCertPool()
	file, _ := os.ReadFile(os.Args[2])
	pool.AppendCertsFromPEM(file)
	_, err := tls.Dial("tcp", "localhost:"+os.Args[1], &tls.Config{RootCAs: pool})
	fmt.Println(err)
}
"""

Run = Callable[[int, Path], list[str]]
PROGRAMS: dict[str, Run] = {
    "python": lambda port, root: [sys.executable, "-c", PYTHON, str(port), str(root)],
    "openssl": lambda port, root: [
        "openssl", "s_client", "-connect", f"localhost:{port}", "-CAfile", str(root),
        "-verify_return_error", "-verify_hostname", HERE,
    ],
    "curl": lambda port, root: [
        "curl", "-sS", "--noproxy", "*", "--cacert", str(root), f"https://localhost:{port}/",
    ],
    "gnutls": lambda port, root: [
        "gnutls-cli", f"--x509cafile={root}", f"--port={port}", HERE,
    ],
    "node": lambda port, root: ["node", "-e", NODE, "--", str(port), str(root)],
}  # fmt: skip
MARKED = [
    pytest.param(name, marks=[] if name == "python" else [getattr(pytest.mark, name)])
    for name in PROGRAMS
]
UNABLE = {
    ("gnutls", "unknown-critical"),  # it says "the certificate is NOT trusted", and no more
}
"""What a program does not refuse, or refuses without a word that could be explained."""


def said(program: str, port: int, root: Path) -> str:
    done = subprocess.run(
        PROGRAMS[program](port, root),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(root.parent)},
    )  # fmt: skip
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def first_two(text: str) -> list[str]:
    return [meaning.id for meaning in explain(text, BUILT_IN, predicted()).meanings[:2]]


@pytest.mark.parametrize("program", MARKED)
@pytest.mark.parametrize("fault", CHAINS)
def test_a_faulty_chain_is_named(program: str, fault: str, tmp_path: Path) -> None:
    chain, expected = CHAINS[fault]
    *sent, root = chain.issued()
    trust = tmp_path / "root.pem"
    trust.write_bytes(pem(root))
    with listening(tls(tmp_path, sent, chain.specs[0].key)) as port:
        text = said(program, port, trust)
    if (program, fault) not in UNABLE:
        assert expected.intersection(first_two(text)), text


@pytest.mark.parametrize("program", MARKED)
@pytest.mark.parametrize("way", ["other-root", "issuer-missing"])
def test_a_broken_off_chain_is_named(program: str, way: str, tmp_path: Path) -> None:
    *sent, root = SOUND.issued()
    trust = tmp_path / "root.pem"
    trust.write_bytes(pem(OTHER_ROOT if way == "other-root" else root))
    sent = sent if way == "other-root" else sent[:1]
    with listening(tls(tmp_path, sent, SOUND.specs[0].key)) as port:
        text = said(program, port, trust)
    assert set(MISSING).intersection(first_two(text)), text


@pytest.mark.parametrize("program", MARKED)
@pytest.mark.parametrize("way", ANSWERS)
def test_what_stands_in_the_way_is_named(program: str, way: str, tmp_path: Path) -> None:
    answer, expected = ANSWERS[way]
    trust = tmp_path / "root.pem"
    trust.write_bytes(pem(SOUND.issued()[ROOT]))
    with listening(answer) as port:
        text = said(program, port, trust)
    assert expected.intersection(first_two(text)), text


@pytest.mark.parametrize("program", MARKED)
def test_a_closed_port_is_named(program: str, tmp_path: Path) -> None:
    trust = tmp_path / "root.pem"
    trust.write_bytes(pem(SOUND.issued()[ROOT]))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "symptom.connection-refused" in first_two(said(program, port, trust))
