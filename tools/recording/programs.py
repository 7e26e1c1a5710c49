"""Which programs this machine has, and how they are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

FAKETIME = "libfaketimeMT.so.1"


@dataclass
class Machine:
    """Where programs are looked for, and what every client is started with.

    Attributes:
        folders: looked through before the PATH: `NAME`, `bin/NAME`, `*/bin/NAME`.
        prefix: in front of every command, so that all host names lead to 127.0.0.1.
        names_resolve: whether they do.
    """

    folders: Sequence[Path]
    prefix: list[str] = field(default_factory=list)
    names_resolve: bool = False

    def all(self, name: str) -> list[str]:
        """All programs of this name, without links to the same file."""
        found = [
            path
            for folder in self.folders
            for pattern in (name, f"bin/{name}", f"*/bin/{name}")
            for path in sorted(folder.glob(pattern))
        ]
        if on_path := shutil.which(name):
            found.insert(0, Path(on_path))
        distinct = {
            # A venv's python is a link, and not the same as what it links to.
            str(path) if name == "python" else str(path.resolve()): str(path)
            for path in found
            if os.access(path, os.X_OK) and path.is_file()
        }
        return list(distinct.values())

    def first(self, name: str) -> str | None:
        """The program of this name; on the PATH first."""
        return next(iter(self.all(name)), None)

    def files(self, pattern: str) -> list[Path]:
        """What matches in the folders."""
        return [path for folder in self.folders for path in sorted(folder.glob(pattern))]

    def python_with(self, *modules: str) -> str | None:
        """The first Python that has these modules."""
        on_path = shutil.which("python")
        pythons = sorted(self.all("python"), key=lambda python: python == on_path)
        for python in (*pythons, sys.executable):
            imports = "; ".join(f"import {module}" for module in modules)
            if output([python, "-W", "ignore", "-c", imports]) is not None:
                return python
        return None

    def run(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        stdin: bytes = b"",
        seconds: float = 15,
    ) -> tuple[int, str]:
        """A client: its exit code (124 after a timeout) and all that it printed."""
        try:
            done = subprocess.run(
                [*self.prefix, *command],
                input=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                env={**os.environ, **(env or {})},
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            return 124, "TIMEOUT " + (expired.stdout or b"").decode("utf-8", "replace")[-300:]
        return done.returncode, done.stdout.decode("utf-8", "replace")


def output(command: Sequence[str], env: Mapping[str, str] | None = None) -> str | None:
    """What a program prints; None where it fails."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            env={**os.environ, **(env or {})},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def lead_home(machine: Machine, hosts: Sequence[str], folder: Path) -> None:
    """Let these names lead to 127.0.0.1 for the clients alone: /etc/hosts of a mount namespace."""
    file = folder / "hosts"
    lines = "".join(f"127.0.0.1 {host}\n" for host in hosts if not re.fullmatch(r"[0-9.]+", host))
    file.write_text("127.0.0.1 localhost\n" + lines)
    shell = 'mount --bind "$0" /etc/hosts && exec "$@"'
    for flags in (["--mount"], ["--map-root-user", "--mount"]):
        prefix = ["unshare", *flags, "sh", "-c", shell, str(file)]
        if output([*prefix, "true"]) is not None:
            machine.prefix, machine.names_resolve = prefix, True
            return


def clock(at: str) -> dict[str, str] | None:
    """The environment in which programs believe that it is this time; None without libfaketime."""
    library = next(iter(sorted(Path("/usr/lib").glob(f"**/faketime/{FAKETIME}"))), None)
    if library is None:
        return None
    when = datetime.fromisoformat(at)
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"@{when:%Y-%m-%d %H:%M:%S}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }
