"""Write tests/explaining/printed.json: what real programs print at each fault.

    python tools/record_texts.py [PROGRAM...]

Each program that is here (all, or those that are named) is run again at every fault of
tests/explaining/faults.py and brokers.py; what was recorded of others is kept. So the tests read
real output where the programs are missing, too. Left out are certificates and the deeper lines of
stack traces; folders of this machine are renamed.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.explaining.brokers import CLIENTS, FILES_FAULTS, refusing, unable_to_start  # noqa: E402
from tests.explaining.faults import FAULTS, met, roots_in  # noqa: E402
from tests.explaining.programs import ARGUMENTS, PROGRAMS, started  # noqa: E402

FILE = ROOT / "tests" / "explaining" / "printed.json"
BROKER = "mosquitto"
VERSIONS = {
    "python": [sys.executable, "--version"],
    "openssl": ["openssl", "version"],
    "curl": ["curl", "--version"],
    "gnutls": ["gnutls-cli", "--version"],
    "node": ["node", "--version"],
    "mosquitto_pub": ["mosquitto_pub", "--help"],
    "go": ["go", "version"],
    "java": ["java", "-version"],
    "nginx": ["nginx", "-v"],
    BROKER: ["mosquitto", "-h"],
}
COMMANDS = {
    "go": "connect PORT ROOT, compiled from GO of programs.py",
    "java": "java Connect.java, which is JAVA of programs.py",
    "nginx": "nginx -c FILE, which is NGINX of programs.py; its error log",
    BROKER: "mosquitto -v -c FILE, with the settings of brokers.py",
}
"""Of programs that are not run once for each connection."""
FRAMES = 2
"""Lines of a stack trace that are kept of each exception."""


def version(name: str) -> str:
    """Return the first line in which a program tells its version."""
    done = subprocess.run(VERSIONS[name], capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    return next(line.strip() for line in lines if re.search(r"\d+\.\d", line))


def command(name: str) -> str:
    """Return how a program is run, with its program text left out."""
    if name in COMMANDS:
        return COMMANDS[name]
    words = [word if "\n" not in word else "TEXT" for word in ARGUMENTS[name]("PORT", "ROOT")]
    return shlex.join([Path(words[0]).name, *words[1:]])


def plain(text: str, folder: Path) -> list[str]:
    """Return the lines of an output without what belongs to this machine or is long."""
    text = re.sub(r"(?s)(-----BEGIN \w+-----\n).*?(-----END)", r"\1...\n\2", text)
    text = text.replace(str(folder), "/work").replace(sys.base_prefix, "/usr")
    return list(_without_frames(text.splitlines()))


def _without_frames(lines: list[str]) -> Iterator[str]:
    deep = 0
    for line in lines:
        deep = deep + 1 if re.match(r"\s+at \S", line) else 0
        if deep <= FRAMES:
            yield line


def said_of(name: str, folder: Path) -> dict[str, list[str]]:
    """Return what a program prints, by fault."""
    if name == BROKER:
        said = {}
        for run, faults in ((unable_to_start, FILES_FAULTS), (refusing, CLIENTS)):
            for fault in faults:
                own = folder / re.sub(r"\W", "-", fault)
                own.mkdir()
                said[fault] = plain(run(fault, own), own)
        return said
    roots = roots_in(folder)
    with started(name, folder, roots) as say:
        return {fault: plain(met(fault, say, roots, folder), folder) for fault in FAULTS}


def main(names: list[str]) -> int:
    """Write the file."""
    recorded = json.loads(FILE.read_text()) if FILE.exists() else {}
    for name in names or [*PROGRAMS, BROKER]:
        if shutil.which(VERSIONS[name][0]) is None:
            print(f"{name}: not on this machine, kept as it was")
            continue
        with tempfile.TemporaryDirectory() as folder:
            recorded[name] = {
                "version": version(name),
                "command": command(name),
                "said": said_of(name, Path(folder)),
            }
        print(f"{name}: {recorded[name]['version']}")
    ordered = {name: recorded[name] for name in [*PROGRAMS, BROKER] if name in recorded}
    FILE.write_text(json.dumps(ordered, indent=1, ensure_ascii=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
