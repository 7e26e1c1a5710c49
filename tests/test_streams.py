"""Where nothing can be written: a plain line and exit status 2, whatever was to be printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
FULL = Path("/dev/full")
CHAIN = "fixtures/ca/not-a-ca/chain.pem"
COMMANDS = {
    "help": ("--help",),
    "help of a command": ("check", "--help"),
    "version": ("--version",),
    "rules": ("rules",),
    "rules as JSON": ("rules", "--format", "json"),
    "clients": ("clients",),
    "one client": ("clients", "go1.27.3"),
    "a rule": ("explain", "ca.not-a-ca"),
    "an error": ("explain", "self-signed certificate in certificate chain"),
    "a report": ("check", CHAIN),
    "a report as JSON": ("check", CHAIN, "--format", "json"),
    "a second opinion": ("check", CHAIN, "--second-opinion"),
}
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")


def run(arguments: tuple[str, ...], **streams: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "edgecheck", *arguments],
        cwd=REPO,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        **streams,
    )


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=list(COMMANDS))
def test_a_full_disk_is_told_in_a_line(arguments: tuple[str, ...]) -> None:
    """No traceback, not when Python exits either, and nobody is told of a bug."""
    with FULL.open("w") as full:
        ran = run(arguments, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 2
    (line,) = ran.stderr.splitlines()
    assert line.startswith("edgecheck: cannot write")
    assert "no space left on device; make room" in line


@pytest.mark.parametrize("arguments", [("nonsense",), ("check", "no-such-file"), ("--help",)])
def test_a_complaint_that_cannot_be_written_leaves_the_exit_status(
    arguments: tuple[str, ...],
) -> None:
    """Even where neither stream can be written."""
    with FULL.open("w") as full:
        assert run(arguments, stdout=full, stderr=full).returncode == 2


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("rules",)])
def test_a_reader_who_has_gone_is_no_fault(arguments: tuple[str, ...]) -> None:
    """`edgecheck --help | true`."""
    with subprocess.Popen(["true"], stdin=subprocess.PIPE) as reader:
        reader.wait()
        ran = run(arguments, stdout=reader.stdin, stderr=subprocess.PIPE)
        assert ran.returncode in (0, 1)  # click has a status of its own for its help
        assert ran.stderr == ""
