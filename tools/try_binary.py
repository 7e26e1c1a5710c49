"""Try the executable of `make binary` where there is nothing but it; print size and start times.

The same commands run from source, with the packages that are in it: text and exit status must be
the same.
The root that it is tried in has no Python, no shell, and of glibc only what the executable names.
With `--glibc FOLDER` that is of another system, such as a package of Debian's libc6, unpacked.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.build_binary import FOLDER, MADE, PACKAGES, ROOT, release_name, suffix
from tools.elf import from_outside, oldest_glibc, parts

AT = ("--at", "2026-11-23T12:00:00Z")
BROKEN = (
    "check",
    "broken/chain.pem",
    "--trust",
    "broken/trust.pem",
    "--hostname",
    "ioTEdgeGW.local",
)
GOOD = ("check", "good/chain.pem", "--trust", "good/trust.pem", "--hostname", "iotedgegw.local")
GIVEN = {
    "broken": "demo/broken-gateway",
    "good": "good/runtime-1-5-rsa",
    "gateway": "devices/host-in-capitals/root",
}
"""Fixtures, by the names that they have where the executable is tried."""
DEVICE_CA = "gateway/etc/aziot/certificates/iot-edge-device-ca.cert.pem"
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--version",),
    ("--help",),
    (*GOOD, "--runtime", "1.5", *AT),
    (*BROKEN, "--runtime", "1.1", *AT),
    (*BROKEN, "--format", "json", *AT),
    (*BROKEN, "--format", "html", *AT),
    (*BROKEN, "--format", "svg", *AT),
    (*BROKEN, "--profile", "web-pki", *AT),
    (*BROKEN, "--second-opinion", *AT),
    (*BROKEN, "--trust", "system", *AT),  # there is none in the empty root, nor for the source
    ("explain", "hostname.case-mismatch"),
    ("explain", "self-signed certificate in certificate chain"),
    ("rules",),
    ("rules", "--format", "json"),
    ("predict", DEVICE_CA, "--hostname", "gw.local", "--runtime", "1.5", *AT),
    ("audit", "/etc/aziot", "--root", "gateway", "--runtime", "1.5", *AT),
    ("clients",),
    ("connect", "127.0.0.1:1", "--trust", "good/trust.pem"),
    ("check", "missing.pem"),
    ("no-such-command",),
)
NOT_FOUND = 127
"""The exit status of chroot where the root does not have the program."""
RUNS = 7
"""Of which the fastest counts: the others tell what else the machine was doing."""


@dataclass(frozen=True)
class Run:
    """What a command printed on both streams, and its exit status."""

    out: bytes
    err: bytes
    status: int


Runner = Callable[[Sequence[str]], Run]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--glibc", type=Path, help="libraries of another system, unpacked")
    parser.add_argument("--no-times", action="store_true", help="only try it")
    given = parser.parse_args()
    executable = MADE / f"{release_name()}{suffix()}"
    with tempfile.TemporaryDirectory(prefix="edgecheck-binary-") as made:
        root = Path(made)
        lay_out(root)
        inside = beside(executable, root)
        if sys.platform == "linux":
            elf = parts(FOLDER)
            version, which = oldest_glibc(elf)
            print(f"runs on glibc {version} and later; so wants {short(which)}")
            inside = (
                empty_root(executable, root, from_outside(executable, elf), given.glibc) or inside
            )
        wrong = compare(inside, source(root))
    print_size(executable)
    if not given.no_times:
        print_times(executable)
    return 1 if wrong else 0


def short(paths: Sequence[Path]) -> str:
    """Of paths the names, the first three."""
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return ", ".join(each.name for each in paths[:3]) + more


def lay_out(folder: Path) -> None:
    for name, fixture in GIVEN.items():
        shutil.copytree(ROOT / "fixtures" / fixture, folder / name)


def ran(command: Sequence[str], folder: Path | None, **more: str) -> Run:
    """Return what a command did that is told nothing but what stands here."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    told = kept | {"PATH": "", "SSL_CERT_FILE": "/none", "SSL_CERT_DIR": "/none"} | more
    done = subprocess.run(
        command, cwd=folder, env=told, capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    return Run(done.stdout, done.stderr, done.returncode)


def source(root: Path) -> Runner:
    path = os.pathsep.join((str(ROOT), str(PACKAGES)))
    command = (sys.executable, "-m", "edgecheck")
    return lambda words: ran((*command, *words), root, PYTHONPATH=path)


def beside(executable: Path, root: Path) -> Runner:
    """On this machine as it is, where no other root can be had."""
    return lambda words: ran((str(executable), *words), root)


def empty_root(
    executable: Path, root: Path, libraries: Sequence[str], glibc: Path | None
) -> Runner | None:
    """Return what runs the executable in a root of its own; None where none can be had."""
    for folder in ("lib64", "proc", "tmp", "dev"):
        (root / folder).mkdir()
    (root / "tmp").chmod(0o1777)
    (root / "dev/urandom").touch()
    # Debian's loader looks into /lib, Fedora's into /lib64; both are asked for as /lib64/ld-linux*.
    (root / "lib").symlink_to("lib64")
    shutil.copy2(executable, root / "edgecheck")
    for name in libraries:
        shutil.copy2(library(name, glibc), root / "lib64" / name)
    user = () if os.geteuid() == 0 else ("--map-root-user",)
    # Of the machine are /proc, which PyInstaller asks for its own path, and the random numbers
    # that a Python for an old glibc starts with.
    enter = f"""mount --rbind /proc "{root}/proc" &&
        mount --bind /dev/urandom "{root}/dev/urandom" && exec chroot "{root}" "$@\""""
    start = (shutil.which("unshare") or "unshare", *user, "--mount", shutil.which("sh") or "sh")
    path = os.environ.get("PATH", "")

    def run(words: Sequence[str], program: str = "/edgecheck") -> Run:
        return ran((*start, "-c", enter, "sh", program, *words), None, PATH=path)

    tried = run((), "/none")
    if tried.status != NOT_FOUND:  # so says chroot of a program, having entered the root
        said = tried.err.decode(errors="replace").strip()
        print(f"no root of its own could be had, so it is tried beside everything else: {said}")
        return None
    print("in an empty root: /edgecheck, fixtures, /tmp, /proc, /dev/urandom;")
    print(f"of {glibc or 'this machine'} {', '.join(libraries)}")
    return run


def library(name: str, glibc: Path | None) -> Path:
    """Where a library of the system lies."""
    places = [glibc] if glibc else [Path("/lib64"), Path("/lib"), Path("/usr/lib64")]
    for place in places:
        # Deep only where it is a few packages: links in there may lead out of it, to nothing.
        deep = place.rglob(name) if glibc else place.glob(f"*-linux-gnu*/{name}")
        if found := next((each for each in (place / name, *deep) if each.is_file()), None):
            return found
    raise SystemExit(f"{name} is not found in {', '.join(map(str, places))}")


def compare(inside: Runner, from_source: Runner) -> int:
    """Print of each command whether both say the same; return how many do not."""
    wrong = 0
    for words in COMMANDS:
        one, other = inside(words), from_source(words)
        same = one == other
        wrong += not same
        told = f"{len(one.out):7,} bytes, exit status {one.status}"
        print(f"{'same' if same else 'DIFFERS':8}{told}  edgecheck {' '.join(words)}")
        if not same:
            print(f"  it:     {one.status} {one.err[-600:]!r} {one.out[-200:]!r}")
            print(f"  source: {other.status} {other.err[-600:]!r} {other.out[-200:]!r}")
    return wrong


def print_size(executable: Path) -> None:
    files = [each for each in FOLDER.rglob("*") if each.is_file()]
    unpacked = sum(each.stat().st_size for each in files if each.parent != FOLDER)
    whole = sum(each.stat().st_size for each in files)
    mib = 1024 * 1024
    print(f"size {executable.stat().st_size / mib:.1f} MiB")
    print(f"unpacks {unpacked / mib:.1f} MiB at each start")
    print(f"as a folder {whole / mib:.1f} MiB in {len(files)} files")


def print_times(executable: Path) -> None:
    """Of one file, a folder and the source, warm and with nothing in the cache of the disk."""
    name = executable.name
    with tempfile.TemporaryDirectory(prefix="edgecheck-binary-") as made:
        root = Path(made)
        lay_out(root)
        starts = {
            "one file": (beside(executable, root), [executable]),
            "a folder": (beside(FOLDER / f"edgecheck{suffix()}", root), [FOLDER]),
            "source": (source(root), [PACKAGES, ROOT / "edgecheck"]),
        }
        print(f"\nseconds, the fastest of {RUNS}; of the processor in parentheses: {name}")
        for words in (COMMANDS[0], COMMANDS[3]):
            warm: dict[str, tuple[float, float]] = {}
            for how, (run, places) in starts.items():
                warm[how] = fastest(run, words, [])
                told = "warm {:.2f} ({:.2f})".format(*warm[how])
                if hasattr(os, "posix_fadvise"):
                    told += "  cold {:.2f} ({:.2f})".format(*fastest(run, words, places))
                print(f"{how:9} {told}  edgecheck {words[0]}")
            more = [a - b for a, b in zip(warm["one file"], warm["a folder"], strict=True)]
            print("of which unpacking and a second process {:.2f} ({:.2f})".format(*more))


def fastest(run: Runner, words: Sequence[str], forget: Sequence[Path]) -> tuple[float, float]:
    """Return the seconds that a command takes, and those of the processor.

    Args:
        run: what runs it.
        words: of the command.
        forget: files and folders that are not in memory when it starts.
    """
    taken = []
    run(words)
    for _ in range(RUNS):
        for place in forget:
            forgotten(place)
        before, start = os.times(), time.perf_counter()
        run(words)
        seconds, after = time.perf_counter() - start, os.times()
        spent = after.children_user - before.children_user
        spent += after.children_system - before.children_system
        taken.append((seconds, spent))
    return min(one for one, _ in taken), min(other for _, other in taken)


def forgotten(place: Path) -> None:
    """Let the system drop what it keeps in memory of a file, or of all in a folder."""
    for path in [place] if place.is_file() else place.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    sys.exit(main())
