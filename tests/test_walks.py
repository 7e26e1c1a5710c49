"""What docs/walks.md shows is what the commands print, and each walk ends at the right remedy.

A line `...` in the page stands for any lines; all others stand there as printed.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.captured import s_client
from fixtures.pki import pem
from fixtures.stock import stock_11, stock_12, stock_15
from tests.conftest import REPO

PAGE = (REPO / "docs" / "walks.md").read_text()
NOW = "2026-11-30T12:00:00Z"
GATEWAY = stock_15()
PLANT = stock_11("ec")
OLDER = stock_12()
OTHER_ROOT = OLDER.change("root", subject="Contoso Test Root", key="rsa4096-3")
REPAIRED = stock_15(hostname="press-3.plant7.local")


FILES: dict[str, dict[str, bytes]] = {
    "A picture of an error": {
        "root.pem": pem(*PLANT.trust()),
        "transcript.txt": s_client(*PLANT.presented("server", "workload_ca", "device_ca")),
        "repaired.txt": s_client(*PLANT.presented()),
    },
    "Only a log": {
        "device-root.pem": pem(*OTHER_ROOT.trust()),
        "root.pem": pem(*OLDER.trust()),
        "transcript.txt": s_client(*OLDER.presented()),
    },
    "Only a host name": {
        "root.pem": pem(*GATEWAY.trust()),
        "presented.pem": pem(*GATEWAY.presented()),
        "repaired.pem": pem(*REPAIRED.presented()),
    },
}
"""By walk: what the person has, or captures on the way."""
CAUSES = {
    "A picture of an error": "chain.missing-issuer",
    "Only a log": "trust.root-not-trusted",
    "Only a host name": "hostname.not-in-san",
}


def walk(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def commands(title: str) -> list[tuple[str, list[str]]]:
    """Each command of a walk that is edgecheck's, and the lines that are shown of what it says."""
    return [
        (command.removeprefix("$ edgecheck "), shown)
        for block in blocks(walk(title), "console")
        for command, *shown in [block.splitlines()]
        if command.startswith("$ edgecheck ") and "edgecheck connect" not in command
    ]


def run(command: str, folder: Path) -> tuple[int, list[str]]:
    command, _, given = command.partition(" < ")
    words = shlex.split(command)
    if words[0] == "check":
        words += ["--at", NOW]
    done = subprocess.run(
        [sys.executable, "-m", "edgecheck", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPO), "COLUMNS": "100"},
        input=(folder / given).read_text() if given else "",
        capture_output=True,
        text=True,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def as_shown(shown: list[str], printed: list[str]) -> bool:
    """Whether lines are those that are shown, where `...` stands for any."""
    parts = [re.escape(line) if line != "..." else r"(?:.*\n)*?.*" for line in shown]
    return re.fullmatch("\n".join(parts), "\n".join(printed)) is not None


@pytest.fixture
def folder(title: str, tmp_path: Path) -> Path:
    """A folder with what the person has."""
    for name, data in FILES[title].items():
        (tmp_path / name).write_bytes(data)
    for text in blocks(walk(title), "text"):
        (tmp_path / "edgehub.log").write_text(text)
    return tmp_path


@pytest.mark.parametrize("title", FILES)
def test_a_walk_shows_what_is_printed(title: str, folder: Path) -> None:
    every = commands(title)
    assert len(every) >= 2
    for command, shown in every:
        _, printed = run(command, folder)
        assert as_shown(shown, printed), "\n".join([command, *printed])


@pytest.mark.parametrize("title", FILES)
def test_a_walk_names_the_cause_and_ends_in_ok(title: str, folder: Path) -> None:
    """The last but one command finds it, with a remedy; the last one shows that it is gone."""
    (*_, broken, repaired) = (command for command, _ in commands(title))
    status, printed = run(broken, folder)
    assert status == 1
    assert any(line.startswith(f"error[{CAUSES[title]}]") for line in printed)
    assert "Fix first:" in printed
    status, printed = run(repaired, folder)
    assert status == 0 and printed[0].startswith("ok")
