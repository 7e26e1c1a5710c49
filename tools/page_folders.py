"""The folders in which the commands of pages are run, made from fixtures."""

from __future__ import annotations

import argparse
import shutil
import socket
import ssl
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the fixtures are no part of the package

from fixtures import stock  # noqa: E402
from fixtures.captured import s_client  # noqa: E402
from fixtures.demo import demo_scripts  # noqa: E402
from fixtures.gateway import Gateway  # noqa: E402
from fixtures.pki import Issued, Name, basic_constraints, pem  # noqa: E402
from fixtures.private_keys import private_key  # noqa: E402
from fixtures.trees import CERTIFICATES, Disk, key, toml_gateway  # noqa: E402

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
ROLES = ("server", "device_ca", "intermediate")
DEVICE_LOG = """\
2026-11-23 11:58:02 INFO Connecting to iotedgegw.local:8883
Traceback (most recent call last):
  File "/opt/sensor/main.py", line 31, in connect
  File "/usr/lib/python3.11/ssl.py", line 1379, in do_handshake
ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: \
unable to get local issuer certificate (_ssl.c:1006)
"""
LEAF = {
    "device.log": DEVICE_LOG.encode(),
    "root.pem": pem(*GATEWAY.trust(), comments=False),
    "device-ca.pem": _pem(GATEWAY, "device_ca"),
    "intermediate.pem": _pem(GATEWAY, "intermediate"),
    "transcript.txt": s_client(*GATEWAY.presented("server", "device_ca")),
    "repaired.txt": s_client(*GATEWAY.presented(*ROLES)),
}
CONFIG = "/etc/aziot/config.toml"
DEVICE_CA_KEY = f"{CERTIFICATES}/iot-edge-device-ca.key.pem"
BUNDLE = f'trust_bundle_cert = "file://{CERTIFICATES}/root.pem"\n'
SOUND = Disk(toml_gateway(GATEWAY).files)
"""As a copy has it, which keeps no modes."""
PLANNED = SOUND.put(DEVICE_CA_KEY, key("rsa2048-7")).edited(CONFIG, BUNDLE, "")
"""The key of another device, and no trust bundle."""
AUDIT = {
    "root.pem": LEAF["root.pem"],
    "device-ca.key.pem": key(GATEWAY["device_ca"].key),
    "after-deployment.txt": s_client(*demo_scripts("1.5").presented()),
}
CHAINS = {
    "gateway.pem": (BROKEN / "chain.pem").read_bytes(),
    "root.pem": (BROKEN / "trust.pem").read_bytes(),
    "repaired.pem": (BROKEN / "fixed" / "chain.pem").read_bytes(),
    "repaired-root.pem": (BROKEN / "fixed" / "trust.pem").read_bytes(),
}


def _lasting(*faults: str) -> Gateway:
    """The gateway of the README with ends far away, and with faults.

    Programs that know the present time alone say the same of it for many years.
    """
    far = datetime(2037, 1, 1, tzinfo=UTC)
    gateway = stock.stock_11().change("server", not_after=far, not_before=FROM)
    for role in ("device_ca", "intermediate", "root"):
        gateway = gateway.change(role, not_after=far, not_before=FROM)
    gateway = gateway.change("workload_ca", not_before=FROM)
    if "name" in faults:
        gateway = gateway.change("device_ca", subject=NAMED)
    if "no CA" in faults:
        gateway = gateway.without_extension("device_ca", "basicConstraints")
    if "expired" in faults:
        for role in ("server", "device_ca", "intermediate"):
            gateway = gateway.change(role, not_after=datetime(2025, 1, 1, tzinfo=UTC))
    return gateway


NAMED: Name = [("C", "US"), ("O", "Contoso"), ("OU", "Plant 7"), ("CN", stock.HOSTNAME)]
FROM = datetime(2024, 1, 1, tzinfo=UTC)
OTHERS = _lasting("name", "no CA")
TOOLS = {
    "root.pem": pem(*OTHERS.trust(), comments=False),
    "gateway.pem": pem(*OTHERS.presented(), comments=False),
    "expired.pem": pem(*_lasting("expired").presented(), comments=False),
    "name.pem": pem(*_lasting("name").presented(), comments=False),
    "short.pem": _pem(_lasting(), "server", "workload_ca", "device_ca"),
}
FULL = GATEWAY.change(
    "device_ca", extensions=(basic_constraints(True, 0), *GATEWAY["device_ca"].extensions[1:])
)
"""Its device CA allows no CA below it, which is enough from 1.2 on."""
PREDICT = {
    "device-ca.pem": _pem(FULL, "device_ca", "intermediate", "root"),
    "root.pem": LEAF["root.pem"],
    "served.pem": _pem(
        stock.stock_15(hostname="gw.local"), "server", "intermediate", "device_ca", "root"
    ),
}
NAMING = ROOT / "fixtures" / "naming"
ARTICLE = {
    f"{name}{suffix}": (NAMING / folder / file).read_bytes()
    for name, folder in {
        "with-workload-ca": "device-ca-cn-is-hostname--workload-ca-between",
        "without-key-ids": "device-ca-cn-is-hostname",
        "with-key-ids": "device-ca-cn-is-hostname--key-identifiers",
    }.items()
    for suffix, file in ((".pem", "chain.pem"), ("-root.pem", "trust.pem"))
} | {
    "no-cert-sign.pem": (ROOT / "fixtures/ca/no-cert-sign/chain.pem").read_bytes(),
    "no-cert-sign-root.pem": (ROOT / "fixtures/ca/no-cert-sign/trust.pem").read_bytes(),
    "sound-11.pem": pem(*stock.stock_11().presented(), comments=False),
    "sound-15.pem": _pem(GATEWAY, *ROLES),
    "contoso-root.pem": LEAF["root.pem"],
}

FOLDERS = {
    "leaf": Folder(LEAF, serves={NAME: _served(GATEWAY, "server", "device_ca")}),
    "leaf, repaired": Folder(LEAF, serves={NAME: _served(GATEWAY, *ROLES)}),
    "audit": Folder(AUDIT, disks={"gateway": PLANNED}),
    "library": Folder(CHAINS),
    "tools": Folder(TOOLS, serves={NAME: Served(tuple(OTHERS.presented()), OTHERS["server"].key)}),
    "article": Folder(ARTICLE),
    "predict": Folder(PREDICT),
    "copy": Folder(disks={"copy": SOUND}),
    "several": Folder(disks={"plant-7": SOUND, "plant-8": PLANNED}),
}
"""By the name that pages have for it."""
FILES = ROOT / "docs" / "tutorials" / "files"
IN_THE_REPOSITORY = ("leaf", "audit", "library")
"""What can be tried without a gateway of one's own, by its folder in FILES."""


def main() -> int:
    """Write the folders for those who try a tutorial; with --check, only compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; list what differs")
    check = parser.parse_args().check
    faults = []
    with tempfile.TemporaryDirectory() as there:
        made = Path(there)
        for name in IN_THE_REPOSITORY:
            (made / name).mkdir()
            FOLDERS[name].fill(made / name)
        new, old = (
            {
                each.relative_to(folder): each.read_bytes()
                for each in folder.rglob("*")
                if each.is_file()
            }
            for folder in (made, FILES)
        )
        faults = sorted(path for path in new.keys() | old.keys() if new.get(path) != old.get(path))
        if faults and not check:
            shutil.rmtree(FILES, ignore_errors=True)
            shutil.copytree(made, FILES)
            faults = []
    print(*(f"differs: {FILES.relative_to(ROOT) / path}" for path in faults), sep="\n", end="")
    print("" if faults else "the files of the tutorials are up to date")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
