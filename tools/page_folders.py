"""The folders in which the commands of pages are run, made from fixtures."""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fixtures import stock
from fixtures.captured import s_client
from fixtures.demo import demo_scripts
from fixtures.gateway import Gateway
from fixtures.pki import Issued, pem
from fixtures.private_keys import private_key
from fixtures.trees import CERTIFICATES, Disk, key, toml_gateway

ROOT = Path(__file__).resolve().parent.parent
BROKEN = ROOT / "fixtures" / "demo" / "broken-gateway"
NAME = "iotedgegw.local:8883"
DAY = "2026-11-23T12:00:00+00:00"  # the moment at which all fixtures are judged


@dataclass(frozen=True)
class Served:
    """What a gateway presents, and the name of the key that it has."""

    chain: tuple[Issued, ...]
    key: str


@dataclass(frozen=True)
class Folder:
    """What somebody has who follows a page.

    Attributes:
        files: by name.
        disks: trees of gateways, by the name of their folder.
        serves: what is presented, by NAME:PORT.
        now: the time.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    disks: Mapping[str, Disk] = field(default_factory=dict)
    serves: Mapping[str, Served] = field(default_factory=dict)
    now: str = DAY

    def fill(self, there: Path) -> None:
        """Write all of it into a folder that is empty."""
        for name, data in self.files.items():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            (there / name).write_bytes(data)
        for name, disk in self.disks.items():
            for path, data in disk.files.items():
                file = there / name / path.lstrip("/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
                file.chmod(disk.modes.get(path, 0o644))


@contextmanager
def served(what: Served) -> Iterator[int]:
    """Present a chain on a port of loopback, which is yielded."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    text = private_key(what.key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with tempfile.TemporaryDirectory() as there:
        file = Path(there) / "server.pem"
        file.write_bytes(text + pem(*what.chain, comments=False))
        context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.settimeout(5)
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as one:
                    one.recv(1)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        try:
            yield server.getsockname()[1]
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            serving.join(1)


def _served(gateway: Gateway, *roles: str) -> Served:
    return Served(tuple(gateway.presented(*roles)), gateway["server"].key)


def _pem(gateway: Gateway, *roles: str) -> bytes:
    return pem(*gateway.presented(*roles), comments=False)


GATEWAY = stock.stock_15()
LEAF = {"root.pem": pem(*GATEWAY.trust(), comments=False)}
ON_THE_GATEWAY = {
    "device-ca.pem": _pem(GATEWAY, "device_ca"),
    "intermediate.pem": _pem(GATEWAY, "intermediate"),
}
SOUND = toml_gateway(GATEWAY)
PLANNED = (
    SOUND.put(f"{CERTIFICATES}/iot-edge-device-ca.key.pem", key("rsa2048-7"), 0o600)
    .edited("/etc/aziot/config.toml", f'trust_bundle_cert = "file://{CERTIFICATES}/root.pem"\n', "")
    .without(f"{CERTIFICATES}/root.pem")
)
"""The key of another device, and no trust bundle."""
DEMO = {
    "chain.pem": (BROKEN / "chain.pem").read_bytes(),
    "root.pem": (BROKEN / "trust.pem").read_bytes(),
}

FOLDERS = {
    "demo": Folder(DEMO),
    "leaf": Folder(
        LEAF | ON_THE_GATEWAY, serves={NAME: _served(GATEWAY, "server", "device_ca")}
    ),
    "leaf repaired": Folder(
        LEAF | ON_THE_GATEWAY, serves={NAME: _served(GATEWAY, "server", "device_ca", "intermediate")}
    ),
    "leaf, captured": Folder(
        LEAF | {"transcript.txt": s_client(*GATEWAY.presented("server", "device_ca"))}
    ),
    "planned": Folder({"root.pem": LEAF["root.pem"]}, disks={"gateway": PLANNED}),
    "planned, repaired": Folder({"root.pem": LEAF["root.pem"]}, disks={"gateway": SOUND}),
    "deployed": Folder(
        {"root.pem": LEAF["root.pem"], "sent.txt": s_client(*demo_scripts("1.5").presented())},
        disks={"gateway": SOUND},
    ),
    "library": Folder(DEMO | {"sound.pem": _pem(GATEWAY, "server", "device_ca", "intermediate"), "sound-root.pem": LEAF["root.pem"]}),
}
"""By the name that pages have for it."""
