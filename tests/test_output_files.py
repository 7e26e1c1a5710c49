"""`-o`: no report goes over what was read, and half a report is never left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from edgecheck import cli

REPO = Path(__file__).resolve().parents[1]
GOOD = REPO / "fixtures/good/runtime-1-5-rsa"
AT = ("--at", "2026-11-23T12:00:00Z")
READ = [
    parameter.opts[-1]
    for parameter in cli.edgecheck.commands["check"].params
    if "FILE" in (parameter.make_metavar(click.Context(cli.edgecheck.commands["check"])) or "")
    and parameter.name != "output"
]
"""What names a file to be read, as the command line itself has it: what is added later too."""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a file of each kind that may be read."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(GOOD / "chain.pem", "chain.pem")
    shutil.copy(GOOD / "trust.pem", "trust.pem")
    shutil.copy(REPO / "fixtures/path/revoked/crl.pem", "crl.pem")
    Path("password").write_text("long ago\n")


def contents() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path().iterdir()}


def test_the_options_that_name_files_are_found() -> None:
    """A list that lost some of them would prove nothing."""
    known = {"files", "--trust", "--crl", "--password-file", "--device-ca-file", "--trust-bundle"}
    assert known | {"--os-trust", "--identity-certificate"} <= set(READ)


@pytest.mark.parametrize("option", READ)
def test_no_input_is_overwritten(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whichever option names it, and by whichever name -o does: one line, and 2."""
    named = {"--crl": "crl.pem", "--password-file": "password", "files": "chain.pem"}
    name = named.get(option, "other.pem")
    if name == "other.pem":
        shutil.copy("trust.pem", name)
    before = contents()
    given = () if option == "files" else (option, name)
    os.link(name, "link")
    for output in (name, f"../{Path.cwd().name}/{name}", "link"):
        status = cli.main(("check", "chain.pem", "--trust", "trust.pem", *AT, *given, "-o", output))
        out, err = capsys.readouterr()
        assert (status, out) == (2, ""), option
        assert err.endswith("is what was read; name another file to write\n")
        assert err.count("\n") == 1
    Path("link").unlink()
    assert contents() == before


def edgecheck(*arguments: str, shell: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, at the end of a line of shell."""
    line = f'{shell} exec "$@"'
    command = ["sh", "-c", line, "sh", sys.executable, "-m", "edgecheck", "check", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_leaves_whole_reports_alone() -> None:
    """The old one is as it was, and no new one and no piece of one is there."""
    Path("report.json").write_text("old")
    before = contents()
    asked = ("chain.pem", "--trust", "trust.pem", *AT, "--format", "json", "-o")
    for name in ("report.json", "new.json"):
        ran = edgecheck(*asked, name, shell="ulimit -f 1;")
        assert (ran.returncode, ran.stdout) == (2, "")
        told = f"edgecheck: -o: cannot write {name}: file too large; make room, "
        assert ran.stderr == f"{told}or write to another disk\n"
        assert contents() == before


def test_a_dash_is_no_file_to_write() -> None:
    """It means standard output elsewhere, and nobody looks for a file of that name."""
    before = contents()
    ran = edgecheck("chain.pem", "--trust", "trust.pem", *AT, "-o", "-")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "/dev/stdout" in ran.stderr
    assert contents() == before


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no /dev/stdout")
def test_dev_stdout_is_where_standard_output_goes() -> None:
    """Behind what is in a file already, into a pipe, and where a file is named twice."""
    asked = ("chain.pem", "--trust", "trust.pem", *AT, "-o")
    piped = edgecheck(*asked, "/dev/stdout")
    assert piped.returncode == 0
    assert piped.stdout.startswith("ok · chain.pem")
    for name in ("/dev/stdout", "/dev/fd/1", "log"):
        Path("log").write_text("before\n")
        assert edgecheck(*asked, name, shell="exec >>log;").returncode == 0
        assert Path("log").read_text() == f"before\n{piped.stdout}"
    assert edgecheck(*asked, "/dev/null").returncode == 0
