"""Faults of a broker: its own files that are wrong, and clients that it does not let in."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from fixtures.pki import extended_key_usage, pem
from fixtures.private_keys import private_key
from tests.explaining.faults import DAY, HERE, NOW, OTHER_ROOT, SERVER, SOUND
from tests.explaining.programs import mosquitto, wait_for

CLIENT = SOUND.put(SERVER, extended_key_usage("clientAuth"))
KEY_KIND = SOUND.specs[SERVER].key
Files = dict[str, Path]


def sound_files(folder: Path) -> Files:
    """Certificate, key and root of a sound broker; a fault damages one of them."""
    *sent, root = SOUND.issued()
    made = {name: folder / f"{name}.pem" for name in ("cert", "key", "ca")}
    made["cert"].write_bytes(b"".join(map(pem, sent)))
    made["key"].write_bytes(_key(KEY_KIND))
    made["ca"].write_bytes(pem(root))
    return made


def _key(kind: str, password: bytes | None = None) -> bytes:
    hidden = NoEncryption() if password is None else BestAvailableEncryption(password)
    return private_key(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)


def settings(files: Files, more: str = "") -> str:
    return f"cafile {files['ca']}\ncertfile {files['cert']}\nkeyfile {files['key']}\n{more}"


FILES_FAULTS: dict[str, tuple[Callable[[Files], object], set[str]]] = {
    "no certificate file": (lambda f: f["cert"].unlink(), {"symptom.file-not-found"}),
    "no key file": (lambda f: f["key"].unlink(), {"symptom.file-not-found"}),
    "no root file": (lambda f: f["ca"].unlink(), {"symptom.file-not-found"}),
    "another's key": (lambda f: f["key"].write_bytes(_key("p256-5")), {"device.key-mismatch"}),
    "an empty certificate file": (lambda f: f["cert"].write_bytes(b""), {"input.no-certificate"}),
    "DER for a certificate": (
        lambda f: f["cert"].write_bytes(SOUND.issued()[0].der),
        {"input.no-certificate", "input.der"},
    ),
    "text for a key": (
        lambda f: f["key"].write_bytes(b"no key\n"),
        {"symptom.key-not-usable", "input.no-certificate"},
    ),
    "text for a root": (
        lambda f: f["ca"].write_bytes(b"no root\n"),
        {"symptom.no-trust-anchors", "input.no-certificate", "symptom.file-not-found"},
    ),
    "a key with a password": (
        lambda f: f["key"].write_bytes(_key(KEY_KIND, b"secret")),
        {"device.key-encrypted", "symptom.key-not-usable", "symptom.wrong-password"},
    ),
    "a damaged certificate": (
        lambda f: f["cert"].write_text(f["cert"].read_text().replace("MII", "M!I", 1)),
        {"input.damaged-base64", "input.no-certificate"},
    ),
}


def _trusting(root: bytes | None, chain: bytes = b"") -> Callable[[int, Path], None]:
    """A client that trusts one root, and may have a certificate of its own."""

    def connect(port: int, folder: Path) -> None:
        context = ssl.create_default_context(cadata=root and root.decode())
        if chain:
            own = folder / "client.pem"
            own.write_bytes(_key(KEY_KIND) + chain)
            context.load_cert_chain(own)
        with (
            socket.create_connection(("127.0.0.1", port), 5) as plain,
            context.wrap_socket(plain, server_hostname=HERE) as tls,
        ):
            tls.settimeout(5)
            tls.sendall(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01x")
            tls.recv(4)

    return connect


def _plain(octets: bytes) -> Callable[[int, Path], None]:
    def connect(port: int, _: Path) -> None:
        with socket.create_connection(("127.0.0.1", port), 5) as plain:
            plain.sendall(octets)
            plain.settimeout(5)
            with suppress(OSError):
                plain.recv(64)

    return connect


def _old(port: int, _: Path) -> None:
    subprocess.run(
        [
            "openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1",
            "-cipher", "ALL:@SECLEVEL=0",
        ],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False,
    )  # fmt: skip


RIGHT = pem(SOUND.issued()[-1])
OVER = CLIENT.put(SERVER, not_after=NOW - DAY).issued()
ASKS = "require_certificate true\n"
MISSING = {"chain.missing-issuer", "trust.root-not-trusted"}
CLIENTS: dict[str, tuple[str, Callable[[int, Path], None], set[str]]] = {
    "trusts another root": ("", _trusting(pem(OTHER_ROOT)), {"symptom.alert-unknown-ca"}),
    "has no certificate": (ASKS, _trusting(RIGHT), {"symptom.no-certificate-sent"}),
    "has one that is over": (
        ASKS,
        _trusting(RIGHT, b"".join(map(pem, OVER[:-1]))),
        {"symptom.refused-without-reason"},
    ),
    "speaks plain MQTT": (
        "",
        _plain(b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01x"),
        {"symptom.not-tls"},
    ),
    "speaks HTTP": ("", _plain(b"GET / HTTP/1.1\r\n\r\n"), {"symptom.not-tls"}),
    "speaks TLS 1.0": ("tls_version tlsv1.2\n", _old, {"symptom.protocol-version"}),
}


def unable_to_start(fault: str, folder: Path) -> str:
    """Return what a broker logs whose files have a fault."""
    damage, _ = FILES_FAULTS[fault]
    files = sound_files(folder)
    damage(files)
    with mosquitto(folder, settings(files)) as (_, said):
        return said()


def refusing(fault: str, folder: Path) -> str:
    """Return what a broker logs when a client comes that has a fault."""
    more, connect, _ = CLIENTS[fault]
    with mosquitto(folder, settings(sound_files(folder), more)) as (port, said):
        before = len(said())
        with suppress(OSError, ssl.SSLError):
            connect(port, folder)
        wait_for(lambda: "rror" in said()[before:], 5)
        return said()
