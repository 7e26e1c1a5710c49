"""Faults of a server, real ones on loopback: what a program that connects can meet.

The chains are made for today, since programs have no other time.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from fixtures.pki import (
    extended_key_usage,
    key_usage,
    name_constraints,
    pem,
    raw_extension,
    subject_alt_name,
)
from tests.explaining.programs import Say
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


class Fault(NamedTuple):
    """What answers on the port (None: nothing), which root the program trusts, what it meets."""

    answer: Callable[[Path], Answer] | None
    root: str
    expected: set[str]


def _sends(chain: Chain, count: int) -> Callable[[Path], Answer]:
    return lambda folder: tls(folder, chain.issued()[:count], chain.specs[0].key)


def _says(answer: Answer) -> Callable[[Path], Answer]:
    return lambda _: answer


FAULTS: dict[str, Fault] = {
    **{
        name: Fault(_sends(chain, len(chain.specs) - 1), "right", expected)
        for name, (chain, expected) in CHAINS.items()
    },
    "other-root": Fault(_sends(SOUND, 2), "other", set(MISSING)),
    "issuer-missing": Fault(_sends(SOUND, 1), "right", set(MISSING)),
    **{
        name: Fault(_says(answer), "right", expected)
        for name, (answer, expected) in ANSWERS.items()
    },
    "closed-port": Fault(None, "right", {"symptom.connection-refused"}),
}
UNABLE = {
    ("gnutls", "unknown-critical"),  # it says "the certificate is NOT trusted", and no more
}
"""What a program does not refuse, or refuses without a word that could be explained."""


def expects(program: str, fault: str) -> set[str]:
    """Mosquitto's clients leave out why they refuse a chain, unless for its name."""
    expected = FAULTS[fault].expected
    if program != "mosquitto_pub" or not (fault in CHAINS or expected == set(MISSING)):
        return expected
    return expected & {"hostname.not-in-san"} or {"symptom.refused-without-reason"}


def roots_in(folder: Path) -> dict[str, Path]:
    """The two roots that are trusted, each in a file."""
    files = {"right": folder / "right.pem", "other": folder / "other.pem"}
    files["right"].write_bytes(pem(SOUND.issued()[ROOT]))
    files["other"].write_bytes(pem(OTHER_ROOT))
    return files


def met(fault: str, say: Say, roots: dict[str, Path], folder: Path) -> str:
    """Return what a program prints that meets a fault."""
    answer, root, _ = FAULTS[fault]
    with _closed() if answer is None else listening(answer(folder)) as port:
        return say(port, roots[root])


@contextmanager
def _closed() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    yield port
