"""Install the TLS clients that recordings are made with, as far as they can be had here.

    python tools/install_clients.py FOLDER

What cannot be installed is left out, and named at the end with the reason; what the recorder finds
then is listed with the ids that recordings will name. What is to be installed, with its versions,
stands in tools/recording/wanted.py.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.recording.clients import available  # noqa: E402
from tools.recording.comparing import unmodelled  # noqa: E402
from tools.recording.programs import Machine  # noqa: E402
from tools.recording.wanted import CARRIED, DEBIAN, NODE_PACKAGES, WHEELS  # noqa: E402

LOCK_SECONDS = 60
"""How long apt waits while another program installs packages."""
SECONDS = 900
"""How long one installation may take."""
APT_INSTALL = (
    *("apt-get", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}", "install", "-q", "-y"),
    *("--no-install-recommends", "--no-upgrade"),
)
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")

_ERROR = re.compile(r"E: |ERROR: (?!Ignored)|error: |npm error |npm ERR! ")
"""How apt, pip and npm begin a line that tells why; what pip ignored is not why."""

Missing = list[tuple[str, str]]
"""What is not there, and why."""
Run = Callable[[Sequence[str]], str | None]
"""Runs a command. Returns None where it succeeded, else the reason in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where some client can be recorded afterwards, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where pip's and npm's packages go")
    folder: Path = parser.parse_args(arguments).folder
    missing = [*debian(run), *wheels(folder, run), *carried(folder, run), *node(folder, run)]
    found = listed(folder)
    print("\nHere, to be recorded:" if found else "\nNo client is here.")
    for id, version in found:
        print(f"  {id}: {version}" + unmodelled(id))
    if missing:
        print("Missing:")
        for name, why in missing:
            print(f"  {name}: {why}")
    return 0 if found else 1


def run(command: Sequence[str]) -> str | None:
    """Run a command without a terminal. Return None, or in one line why it failed."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            env=env,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {SECONDS} seconds"
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    return reason(done.stdout.decode("utf-8", "replace")) if done.returncode else None


def reason(printed: str) -> str:
    """Return the line that tells why an installation failed: the first error, or else the last."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    return (errors or lines[-1:] or ["no reason was given"])[0]


def debian(run: Run) -> Missing:
    """Install Debian's packages: together, and one by one where that fails.

    Debian's npm and the Node of other sources exclude each other, so neither is asked for where
    both are there already.
    """
    wanted = [
        package
        for package in DEBIAN
        if not (package in ("nodejs", "npm") and shutil.which("node") and shutil.which("npm"))
    ]
    if not shutil.which("apt-get"):
        return [(package, "no apt-get here; install it yourself") for package in absent(wanted)]
    if os.geteuid() != 0:
        return [(package, "only root may install it") for package in absent(wanted)]
    print("Debian's packages", file=sys.stderr)
    old_lists = run(("apt-get", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}", "update", "-q"))
    if run((*APT_INSTALL, *wanted)) is None:
        return []
    failed = [(package, run((*APT_INSTALL, package))) for package in wanted]
    why = f" (apt-get update: {old_lists})" if old_lists else ""
    return [(package, f"{error}{why}") for package, error in failed if error]


def absent(packages: Sequence[str]) -> list[str]:
    """Return those that dpkg does not know as installed; all of them where there is no dpkg."""
    if not shutil.which("dpkg-query"):
        return list(packages)
    return [package for package in packages if run(("dpkg-query", "-s", package))]


def wheels(folder: Path, run: Run) -> Missing:
    """Install Python's packages into an environment of their own."""
    print("Python's packages", file=sys.stderr)
    python = str(folder / "venv" / "bin" / "python")
    if error := run((sys.executable, "-m", "venv", str(folder / "venv"))):
        return [(wheel, error) for wheel in WHEELS]
    failed = [(wheel, run((python, *PIP, wheel))) for wheel in WHEELS]
    return [(wheel, error) for wheel, error in failed if error]


def carried(folder: Path, run: Run) -> Missing:
    """Install the versions of cryptography that carry other versions of OpenSSL."""
    python = str(folder / "venv" / "bin" / "python")
    missing = []
    for one in CARRIED:
        target = folder / "alt" / f"cryptography-{one.cryptography}"
        if (target / "cryptography").exists():
            continue
        packages = (f"cryptography=={one.cryptography}", f"pyOpenSSL=={one.pyopenssl}", "six")
        if error := run((python, *PIP, "--no-deps", "--target", str(target), *packages)):
            missing.append((f"OpenSSL {one.openssl} of cryptography {one.cryptography}", error))
    return missing


def node(folder: Path, run: Run) -> Missing:
    """Install versions of Node, and packages for it: together, and one by one where that fails."""
    print("Node's packages", file=sys.stderr)
    if not shutil.which("npm"):
        return [(package, "needs npm, which is not here") for package in NODE_PACKAGES]
    prefix = str(folder / "npm")
    install = ("npm", "install", "--silent", "--ignore-scripts", "--prefix", prefix)
    Path(prefix).mkdir(parents=True, exist_ok=True)
    if run((*install, *NODE_PACKAGES)) is None:
        return []
    loud = tuple(word for word in install if word != "--silent")
    failed = [(package, run((*loud, package))) for package in NODE_PACKAGES]
    return [(package, error) for package, error in failed if error]


def listed(folder: Path) -> list[tuple[str, str]]:
    """Return id and version of each client that the recorder finds."""
    with tempfile.TemporaryDirectory(prefix="edgecheck-clients-") as work:
        return [(each.id, each.version) for each in available(Machine([folder]), Path(work))]


if __name__ == "__main__":
    sys.exit(main())
