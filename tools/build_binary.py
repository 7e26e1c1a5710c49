"""Build `edgecheck` as one executable, for machines without Python 3.11: `make binary`.

Run by the Python that is to be put into it, with what tools/binary/builder.txt lists installed.
Leaves in dist/ the executable, its checksum and the licences of what is in it; in build/binary/
the same as a folder, with which tools/try_binary.py compares it. See docs/binary.md.
"""

from __future__ import annotations

import ast
import hashlib
import os
import platform
import runpy
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIVEN = ROOT / "tools/binary"
WORK = ROOT / "build/binary"
PACKAGES = WORK / "packages"
BUILT = WORK / "built"
FOLDER = BUILT / "folder"
"""The same as a folder, which starts without unpacking."""
MADE = ROOT / "dist"
DATA = (".css", ".j2", ".js", ".json", ".typed")
"""What in edgecheck/ is data of the package, by how its name ends."""
OLD_LINUX = "manylinux2014"
"""Wheels with this tag run on glibc 2.17 and later; pip alone takes those for this machine's."""


def main() -> int:
    WORK.mkdir(parents=True, exist_ok=True)
    download(PACKAGES)
    build()
    if lost := sorted(lacking()):
        sys.stderr.write("not in the executable: " + ", ".join(lost) + "\n")
        return 1
    executable = name_it(BUILT / f"edgecheck{suffix()}")
    print(f"{executable.relative_to(ROOT)}: {executable.stat().st_size:,} bytes")
    return 0


def download(folder: Path) -> None:
    """The packages that go into the executable, for the oldest Linux that they are made for."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--no-deps", "--only-binary=:all:", "--no-compile"]
    command += ["--target", str(folder), "--requirement", str(GIVEN / "packages.txt")]
    old = ["--platform", f"{OLD_LINUX}_{platform.machine()}"]
    if sys.platform == "linux" and subprocess.run([*command, *old], check=False).returncode == 0:
        return
    subprocess.run(command, check=True)


def build() -> None:
    """One executable, and the same as a folder."""
    shutil.rmtree(BUILT, ignore_errors=True)
    environment = os.environ | {
        "EDGECHECK_BINARY_PACKAGES": str(PACKAGES),
        "PYTHONPATH": os.pathsep.join((str(PACKAGES), str(ROOT))),
        # Sets are written in the order of their hashes, and times are written down.
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or last_change(),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"]
    command += [f"--distpath={BUILT}", f"--workpath={WORK / 'work'}", str(GIVEN / "edgecheck.spec")]
    subprocess.run(command, env=environment, cwd=WORK, check=True)


def last_change() -> str:
    """Seconds since 1970 of the commit that this is built from; 0 where git does not know."""
    asked = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "0"
    return done.stdout.strip() or "0"


def wanted() -> Iterator[str]:
    """The modules of edgecheck by their names, and its data by their paths."""
    for path in (ROOT / "edgecheck").rglob("*"):
        inside = path.relative_to(ROOT)
        if path.suffix == ".py" and inside.name != "__main__.py":  # which is the executable's start
            yield ".".join(inside.with_suffix("").parts).removesuffix(".__init__")
        elif path.suffix in DATA:
            yield inside.as_posix()


def lacking() -> set[str]:
    """What of `wanted` is not in the lists that PyInstaller wrote of what it put in."""
    found: set[str] = set()
    for pattern in ("PYZ-*.toc", "PKG-*.toc"):
        for listing in (WORK / "work").rglob(pattern):
            found |= set(_names(ast.literal_eval(listing.read_text(encoding="utf-8"))))
    return set(wanted()) - found


def _names(read: object) -> Iterator[str]:
    """The first text of each entry (name, file, kind), however deep it lies."""
    if isinstance(read, tuple) and len(read) == 3 and all(isinstance(x, str) for x in read):
        yield read[0].replace(os.sep, "/")
    elif isinstance(read, list | tuple):
        for each in read:
            yield from _names(each)


def suffix() -> str:
    return ".exe" if sys.platform == "win32" else ""


def release_name() -> str:
    """As `edgecheck-0.1.0-linux-x86_64`."""
    told = runpy.run_path(str(ROOT / "edgecheck/version.py"))  # which imports nothing
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return f"edgecheck-{told['__version__']}-{system}-{platform.machine().lower()}"


def name_it(built: Path) -> Path:
    """Put it into dist/ under its name, with its checksum and the licences beside it."""
    MADE.mkdir(exist_ok=True)
    name = release_name()
    executable = MADE / f"{name}{suffix()}"
    shutil.copy2(built, executable)
    digest = hashlib.sha256(executable.read_bytes()).hexdigest()
    (MADE / f"{name}.sha256").write_text(f"{digest}  {executable.name}\n", encoding="utf-8")
    (MADE / f"{name}.licences.txt").write_text("\n\n".join(licences()), encoding="utf-8")
    return executable


def licences() -> Iterator[str]:
    """Of edgecheck, of Python and of each package: whoever hands on the executable owes them."""
    yield f"=== edgecheck ===\n{(ROOT / 'LICENSE').read_text(encoding='utf-8')}"
    library = Path(sysconfig.get_path("stdlib"))
    for path in (library / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"):
        if path.is_file():
            yield f"=== Python {platform.python_version()} ===\n{path.read_text(encoding='utf-8')}"
            break
    for path in sorted(PACKAGES.glob("*.dist-info/**/*")):
        if path.is_file() and path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            package = path.relative_to(PACKAGES).parts[0].removesuffix(".dist-info")
            text = path.read_text(encoding="utf-8", errors="replace")
            yield f"=== {package}: {path.name} ===\n{text}"


if __name__ == "__main__":
    sys.exit(main())
