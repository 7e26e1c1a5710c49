"""Whole processes, as somebody at a shell waits for them, by importing `cryptography.x509`.

Times are of the clock on the wall. `openssl verify` is beside `edgecheck check` of the same files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import chains
from benchmarks.timing import Figures, Times

ROOT = Path(__file__).resolve().parent.parent
# An installed package has its byte code beside it; a development setting may forbid that.
SETTINGS = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _taking_turns(commands: dict[str, list[str]], rounds: int) -> Times:
    """Seconds of each command; the first round, which writes byte code, is not kept."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(-1, rounds):
        for name, command in commands.items():
            started = time.perf_counter()
            done = subprocess.run(command, check=False, capture_output=True, cwd=ROOT, env=SETTINGS)
            took = time.perf_counter() - started
            if done.returncode:
                raise SystemExit(f"{' '.join(command)}: {done.stderr.decode()}")
            if number >= 0:
                found[name].append(took)
    return Times(found)


def commands(rounds: int) -> Figures:
    """Return what commands take, beside an import, and beside `openssl verify`."""
    shape = "1.4_p256"
    chain = chains.chain(shape)
    python = [sys.executable]
    edgecheck = [*python, "-m", "edgecheck"]
    at = chains.AT.isoformat()
    with tempfile.TemporaryDirectory() as folder:
        presented, trust = Path(folder, "chain.pem"), Path(folder, "root.pem")
        presented.write_bytes(chain.presented)
        trust.write_bytes(chain.trust)
        judged = ["check", str(presented), "--at", at]
        whole = [*judged, "--hostname", chain.hostname, "--trust", str(trust)]
        asked = {
            "cryptography": [*python, "-c", "import cryptography.x509"],
            "nothing": [*python, "-c", "pass"],
            "import": [*python, "-c", "import edgecheck"],
            "import_check": [*python, "-c", "from edgecheck import check"],
            "help": [*edgecheck, "--help"],
            "version": [*edgecheck, "--version"],
            "check": [*edgecheck, *whole],
            "check_json": [*edgecheck, *whole, "--format", "json"],
            "check_quiet": [*edgecheck, *whole, "--quiet"],
            "explain": [*edgecheck, "explain", "hostname.case-mismatch"],
        }
        openssl = shutil.which("openssl")
        if openssl:
            asked["openssl"] = [
                *(openssl, "verify", "-CAfile", str(trust), "-untrusted", str(presented)),
                *("-verify_hostname", chain.hostname, "-purpose", "sslserver"),
                *("-attime", str(int(chains.AT.timestamp())), str(presented)),
            ]
        times = _taking_turns(asked, max(rounds // 20, 5))
    figures: Figures = {}
    for name in asked:
        if name not in ("cryptography", "openssl"):
            figures |= times.ratio(f"process_{name}_to_cryptography", name, "cryptography")
    if openssl:
        figures |= times.ratio("process_check_to_openssl_verify", "check", "openssl")
    else:
        figures["process_check_to_openssl_verify"] = "not measured: openssl is not installed"
    for name in asked:
        figures[f"process_{name}_milliseconds"] = times.minimum(name) * 1e3
    return figures


def workers(rows: int, rounds: int) -> Figures:
    """Return what two processes bring beside what they bring to a loop, and their memory.

    A fleet of so many rows and one of a quarter are judged, by one process and by two.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        missing = "not measured: pyarrow is not installed: pip install 'edgecheck-iot[arrow]'"
        return {"rows_gain_to_control_2": missing}
    from benchmarks import fleet

    figures: Figures = {"rows": float(rows)}
    small = fleet.made_and_measured(max(rows // 4, 1_000), [1])
    large = fleet.made_and_measured(rows, [1, 2])
    peaks = ("worker_peak_megabytes_1", "parent_peak_megabytes_1")
    figures |= {f"rows_of_a_quarter_{name}": small[name] for name in peaks}
    return figures | {f"rows_{name}": value for name, value in large.items()}


CASES: dict[str, Callable[[int], Figures]] = {"commands": commands}


def with_rows(rows: int) -> dict[str, Callable[[int], Figures]]:
    """Return the case that judges a fleet of so many rows."""
    return {"rows": partial(workers, rows)}
