"""Cases: what a server sends, what the client trusts, the host name and the time.

A file of cases has one JSON object a line, gzipped or not: `id`, `group`, `description`,
`hostname`, `at` (UTC), `presented` and `trust` (base64 of each certificate, in order, byte for
byte), and `key`, the base64 PKCS #8 of the private key of the first one. Only cases with a key
can be served; without it a client that only verifies can still be asked.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One chain to be sent, and what the client knows."""

    id: str
    group: str
    description: str
    hostname: str
    at: datetime
    presented: tuple[bytes, ...]
    trust: tuple[bytes, ...]
    key: bytes | None = None

    def json(self, with_key: bool = True) -> dict[str, Any]:
        """As it stands in a file of cases."""
        said: dict[str, Any] = {
            "id": self.id,
            "group": self.group,
            "description": self.description,
            "hostname": self.hostname,
            "at": f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "presented": [b64encode(der).decode() for der in self.presented],
            "trust": [b64encode(der).decode() for der in self.trust],
        }
        if self.key and with_key:
            said["key"] = b64encode(self.key).decode()
        return said


def read(file: Path) -> list[Case]:
    """The cases of a file."""
    data = file.read_bytes()
    text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()
    return [_case(json.loads(line)) for line in text.splitlines() if line.strip()]


def write(file: Path, cases: Iterable[Case], with_keys: bool = True) -> None:
    """Write a file of cases, gzipped if its name says so."""
    text = "".join(json.dumps(case.json(with_keys)) + "\n" for case in cases).encode()
    file.write_bytes(gzip.compress(text, mtime=0) if file.suffix == ".gz" else text)


def _case(said: dict[str, Any]) -> Case:
    return Case(
        id=said["id"],
        group=said.get("group", ""),
        description=said.get("description", ""),
        hostname=said["hostname"],
        at=datetime.fromisoformat(said["at"]),
        presented=tuple(b64decode(one) for one in said["presented"]),
        trust=tuple(b64decode(one) for one in said["trust"]),
        key=b64decode(said["key"]) if said.get("key") else None,
    )


def pem(*certificates: bytes, label: str = "CERTIFICATE") -> str:
    """PEM of any bytes: `ssl.DER_cert_to_PEM_cert` would do, but for the label."""
    blocks = []
    for der in certificates:
        text = b64encode(der).decode()
        lines = [text[n : n + 64] for n in range(0, len(text), 64)]
        blocks.append("\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----\n")))
    return "".join(blocks)


@dataclass(frozen=True)
class Row:
    """A case on disk, as the drivers read it: one line of their list."""

    case: Case
    port: int
    folder: Path
    time: str  # empty where the real clock is right

    @property
    def trust(self) -> Path:
        return self.folder / "trust.pem"

    @property
    def line(self) -> str:
        return "\t".join(
            (
                self.case.id,
                self.case.hostname,
                str(self.port),
                str(self.trust),
                str(self.folder),
                str(len(self.case.presented)),
                self.time,
            )
        )


def lay_out(cases: Iterable[Case], folder: Path, ports: Iterable[int], now: datetime) -> list[Row]:
    """Write each case into a folder of its own. Times close to now are left to the clock."""
    rows = []
    for number, (case, port) in enumerate(zip(cases, ports, strict=False)):
        own = folder / f"case{number}"
        own.mkdir()
        for n, der in enumerate(case.presented):
            (own / f"c{n}.der").write_bytes(der)
        for n, der in enumerate(case.trust):
            (own / f"trust{n}.der").write_bytes(der)
        (own / "trust.pem").write_text(pem(*case.trust))
        (own / "leaf.pem").write_text(pem(*case.presented[:1]))
        (own / "untrusted.pem").write_text(pem(*case.presented[1:]))
        if case.key:
            (own / "key.pem").write_text(pem(case.key, label="PRIVATE KEY"))
        away = abs((now - case.at).total_seconds()) > 1800
        rows.append(Row(case, port, own, f"{case.at:%Y-%m-%dT%H:%M:%SZ}" if away else ""))
    return rows
