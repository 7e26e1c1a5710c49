"""What programs and libraries of Linux want of glibc, as objdump (binutils) shows it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path


def parts(folder: Path) -> list[Path]:
    """Every program and library in a folder."""
    return [each for each in sorted(folder.rglob("*")) if each.is_file() and is_elf(each)]


def is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def oldest_glibc(paths: Iterable[Path]) -> tuple[str, list[Path]]:
    """Return the oldest glibc with every symbol that they want, and which of them want that one."""
    wanted = {path: max(_versions(path), default=(0,)) for path in paths}
    most = max(wanted.values())
    return ".".join(map(str, most)), [path for path, version in wanted.items() if version == most]


def _versions(path: Path) -> list[tuple[int, ...]]:
    """Only those under "Version References": what it wants, not what it offers."""
    _, _, wanted = _objdump(path).partition("Version References:")
    found = re.findall(r"\bGLIBC_(\d[\d.]*)", wanted)
    return [tuple(map(int, each.split("."))) for each in found]


def from_outside(start: Path, inside: list[Path]) -> list[str]:
    """Return the names of the libraries that the system must have.

    Those are all that the program itself wants, which runs before anything is unpacked, and what
    those inside want and is not among them.
    """
    wanted = {name for each in inside for name in _needed(each)} - {each.name for each in inside}
    return sorted(wanted | set(_needed(start)))


def _needed(path: Path) -> list[str]:
    return re.findall(r"NEEDED +(\S+)", _objdump(path))


def _objdump(path: Path) -> str:
    done = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=True)
    return done.stdout
