"""What programs that are here really print at a fault leads to its rule or symptom.

Each connects to a server on loopback; the chains are made for today, since programs have no other
time.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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
from tests.explaining.programs import COMMANDS, Say, go, java, nginx
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

NO_REASON = "symptom.refused-without-reason"
PROGRAMS = (*COMMANDS, "go", "java", "nginx")
MARKED = [
    pytest.param(name, marks=[] if name == "python" else [getattr(pytest.mark, name)])
    for name in PROGRAMS
]
UNABLE = {
    ("gnutls", "unknown-critical"),  # it says "the certificate is NOT trusted", and no more
}
"""What a program does not refuse, or refuses without a word that could be explained."""


@pytest.fixture(scope="session")
def roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two roots that are trusted, each in a file."""
    folder = tmp_path_factory.mktemp("roots")
    files = {"right": folder / "right.pem", "other": folder / "other.pem"}
    files["right"].write_bytes(pem(SOUND.issued()[ROOT]))
    files["other"].write_bytes(pem(OTHER_ROOT))
    return files


@pytest.fixture(scope="session")
def programs(
    tmp_path_factory: pytest.TempPathFactory, roots: dict[str, Path]
) -> Iterator[Callable[[str], Say]]:
    """Each program by its name, started when it is first wanted."""
    started = dict(COMMANDS)
    slow = {"go": go, "java": java, "nginx": lambda folder: nginx(folder, roots)}
    with ExitStack() as open_ones:

        def start(name: str) -> Say:
            if name not in started:
                started[name] = open_ones.enter_context(slow[name](tmp_path_factory.mktemp(name)))
            return started[name]

        yield start


@pytest.fixture
def say(request: pytest.FixtureRequest, programs: Callable[[str], Say]) -> Say:
    """The program of the test."""
    return programs(request.getfixturevalue("program"))


def first_two(text: str) -> list[str]:
    return [meaning.id for meaning in explain(text, BUILT_IN, predicted()).meanings[:2]]


def expects(program: str, expected: set[str]) -> set[str]:
    """Mosquitto's clients leave out why they refuse a chain, unless for its name."""
    names = expected & {"hostname.not-in-san"}
    return names or {NO_REASON} if program == "mosquitto_pub" else expected


@pytest.mark.parametrize("program", MARKED)
@pytest.mark.parametrize("fault", CHAINS)
def test_a_faulty_chain_is_named(
    program: str, fault: str, say: Say, roots: dict[str, Path], tmp_path: Path
) -> None:
    chain, expected = CHAINS[fault]
    sent = chain.issued()[:-1]
    with listening(tls(tmp_path, sent, chain.specs[0].key)) as port:
        text = say(port, roots["right"])
    if (program, fault) not in UNABLE:
        assert expects(program, expected).intersection(first_two(text)), text


@pytest.mark.parametrize("program", MARKED)
@pytest.mark.parametrize("way", ["other-root", "issuer-missing"])
def test_a_broken_off_chain_is_named(
    program: str, way: str, say: Say, roots: dict[str, Path], tmp_path: Path
) -> None:
    sent = SOUND.issued()[:-1]
    sent = sent if way == "other-root" else sent[:1]
    with listening(tls(tmp_path, sent, SOUND.specs[0].key)) as port:
        text = say(port, roots["other" if way == "other-root" else "right"])
    assert expects(program, set(MISSING)).intersection(first_two(text)), text


@pytest.mark.parametrize("program", MARKED)
@pytest.mark.parametrize("way", ANSWERS)
def test_what_stands_in_the_way_is_named(
    program: str, way: str, say: Say, roots: dict[str, Path]
) -> None:
    answer, expected = ANSWERS[way]
    with listening(answer) as port:
        text = say(port, roots["right"])
    assert expected.intersection(first_two(text)), text


@pytest.mark.parametrize("program", MARKED)
def test_a_closed_port_is_named(program: str, say: Say, roots: dict[str, Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "symptom.connection-refused" in first_two(say(port, roots["right"]))
