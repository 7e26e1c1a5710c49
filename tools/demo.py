"""Show the report of a broken gateway, as `edgecheck check` prints it.

Ends with 0 where the report could be made, whatever it says.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "fixtures/demo/broken-gateway"
# Each line is an option with its value, as one would write them in a script.
COMMAND = (
    ("edgecheck", "check", f"{FOLDER}/chain.pem"),
    ("--trust", f"{FOLDER}/trust.pem"),
    ("--trust-bundle", f"{FOLDER}/trust.pem"),
    ("--hostname", "ioTEdgeGW.local"),
    ("--runtime", "1.1"),
    ("--at", "2026-11-23T12:00:00Z"),
)


def main() -> int:
    say("$ " + " \\\n    ".join(map(shlex.join, COMMAND)) + "\n\n")
    _, *arguments = (word for line in COMMAND for word in line)
    # The paths of the report are those of the command line, which hold in the repository's root.
    command = [sys.executable, "-m", "edgecheck", *arguments]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    say(f"\nexit status of the report: {status}\n")
    return 0 if status in (0, 1) else status


def say(text: str) -> None:
    """At once, as another process writes next; nobody need be left to read it."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
