"""What cannot be read or written: one line that says which option, why and what to do, and 2."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgecheck import cli
from edgecheck.adapters import files
from tests.permissions import OBEYED, obeyed

pytestmark = pytest.mark.skipif(not OBEYED, reason="permissions, pipes and links of POSIX")
REPO = Path(__file__).resolve().parents[1]
GOOD = REPO / "fixtures/good/runtime-1-5-rsa"
GATEWAY = REPO / "fixtures/devices/good-15/root"
AT = ("--at", "2026-11-23T12:00:00Z")
PREDICT = ("predict", "chain.pem", "--hostname", "gw.local", "--runtime", "1.5", *AT)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a chain and a gateway, where permissions hold for root too."""
    shutil.copy(GOOD / "chain.pem", tmp_path)
    shutil.copytree(GATEWAY, tmp_path / "gateway")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "PATIENCE", 0.02)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with obeyed():
        yield tmp_path
    for folder in ("shut", "."):
        if Path(folder).exists():
            Path(folder).chmod(0o755)


@pytest.fixture
def refused(here: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The line of a request that cannot be carried out, without `edgecheck: `."""

    def line(*arguments: str) -> str:
        status = cli.main(arguments)
        out, err = capfd.readouterr()
        assert (status, out) == (2, ""), (arguments, status, out, err)
        assert err.startswith("edgecheck: "), arguments
        assert err.endswith("\n"), arguments
        assert err.count("\n") == 1, (arguments, err)
        assert "a bug" not in err, (arguments, err)
        return err.removeprefix("edgecheck: ").removesuffix("\n")

    return line


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def _in_a_shut_folder(path: Path) -> Path:
    folder = path.with_name("shut")
    folder.mkdir()
    shutil.copy("chain.pem", folder)
    folder.chmod(0)
    return Path("shut/chain.pem")


UNREADABLE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "missing": (lambda path: None, "no such file: x", "check the name"),
    "a folder": (lambda path: path.mkdir(), "x is a directory", "name the files in it"),
    "not for us": (lambda path: path.touch(0), "permission denied", "with sudo"),
    "shut away": (_in_a_shut_folder, "permission denied", "with sudo"),
    "a link to itself": (lambda path: path.symlink_to(path), "too many levels", "a link leads"),
    "a socket": (_socket, "it is a socket", "name a file"),
    "a device": (lambda path: Path("/dev/zero"), "it is a device", "name a file"),
    "a pipe without a writer": (os.mkfifo, "nobody writes into it", "name a file"),
    "below a file": (lambda path: Path("chain.pem/x"), "not a directory", "check the name"),
}
READING: dict[str, tuple[str, ...]] = {
    "": ("check", "{}"),
    "--trust": ("check", "chain.pem", *AT, "--trust", "{}"),
    "--crl": ("check", "chain.pem", *AT, "--crl", "{}"),
    "--password-file": ("check", "chain.pem", *AT, "--password-file", "{}"),
    "--trust-bundle": ("check", "chain.pem", *AT, "--trust-bundle", "{}"),
    "--device-ca-file": ("check", "chain.pem", *AT, "--device-ca-file", "{}"),
    "--os-trust": ("check", "chain.pem", *AT, "--os-trust", "{}"),
    "--registration": ("check", "chain.pem", "--purpose", "client", "--registration", "{}"),
    "predict": ("predict", "{}", *PREDICT[2:]),
    "--targets": ("connect", "--targets", "{}"),
    "--presented": ("audit", "gateway", *AT, "--presented", "{}"),
    "--connection-string": ("audit", "gateway", *AT, "--connection-string", "{}"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_whatever_names_what_cannot_be_read(
    kind: str, here: Path, refused: Callable[..., str]
) -> None:
    """Each option says its own name, why, and what to do; and a pipe is not waited for."""
    make, why, act = UNREADABLE[kind]
    made = make(here / "x")
    name = str(made) if isinstance(made, Path) else "x"
    for option, arguments in READING.items():
        told = refused(*(each.format(name) for each in arguments))
        assert why in told
        assert act in told.partition(why)[2]
        assert told.startswith(f"{option}: ") or not option.startswith("-"), told


def test_a_pipe_is_read_once_somebody_writes(here: Path) -> None:
    """However late he begins to, and whether or not he writes anything."""
    os.mkfifo("pipe")
    chain = Path("chain.pem").read_bytes()
    for wanted in (chain, b""):

        def late(data: bytes = wanted) -> None:
            with Path("pipe").open("wb") as pipe:
                time.sleep(0.1)  # longer than anybody waits for a writer
                pipe.write(data)

        writer = threading.Thread(target=late)
        writer.start()
        while not _has_a_writer():
            time.sleep(0.005)
        assert files.read("pipe", 1_000_000).data == wanted
        writer.join()


def _has_a_writer() -> bool:
    """Let the writer in, which waits for a reader; he stays while it looks."""
    descriptor = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        os.read(descriptor, 1)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


WRITING = {
    "check": ("check", "chain.pem", *AT, "-o", "{}"),
    "audit": ("audit", "gateway", *AT, "-o", "{}"),
    "predict": (*PREDICT, "-o", "{}"),
    "--save": (*PREDICT, "--save", "{}"),
}


def test_nothing_is_lost_where_nothing_can_be_written(
    here: Path, refused: Callable[..., str]
) -> None:
    """What is there stays as it is, and nothing is left beside it."""
    Path("old").write_text("whole")
    Path("old").chmod(0o444)
    Path("shut").mkdir()
    Path("shut").chmod(0o555)
    Path("loop").symlink_to("loop")
    before = sorted(here.rglob("*"))
    for name, why, act in (
        ("missing/x", "no such file or directory", "make the folder first"),
        ("shut/x", "permission denied", "name a file where you may write"),
        ("old", "permission denied", "name a file where you may write"),
        ("shut", "is a directory", "name a file in it"),
        ("loop", "too many levels of symbolic links", "name another file"),
        *(
            [("/dev/full", "no space left on device", "make room")]
            if Path("/dev/full").exists()
            else []
        ),
    ):
        for option, arguments in WRITING.items():
            told = refused(*(each.format(name) for each in arguments))
            assert told.startswith(f"{option if option == '--save' else '-o'}: cannot write {name}")
            assert told.partition(why)[2].startswith(f"; {act}"), told
    assert Path("old").read_text() == "whole"
    assert sorted(here.rglob("*")) == before


def test_a_file_to_save_into_is_looked_at_before_anybody_connects(
    here: Path, refused: Callable[..., str]
) -> None:
    """Also where it cannot be told what is there."""
    Path("shut").mkdir()
    Path("shut").chmod(0)
    told = refused("connect", "127.0.0.1:1", "--save", "shut/x")
    assert told == "--save: cannot write shut/x: permission denied; name a file where you may write"
    assert "name two files" in refused("connect", "127.0.0.1:1", "--save", "x", "-o", "./x")
    assert "name two files" in refused(*PREDICT, "--save", "x", "-o", "./x")


CONFIG = "gateway/etc/aziot/config.toml"


def _bytes(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.touch(0), "permission denied; run it as a user who may read that"),
        (lambda path: path.mkdir(), "it is no file"),
        (os.mkfifo, "it is no file"),
        (lambda path: path.symlink_to(path.name), "a link leads back to itself"),
        (_bytes("hostname = 'gw'".encode("utf-16")), "is UTF-16; save it as UTF-8"),
        (_bytes(b"\x1f\x8b\x08..."), "is an archive, and no zip; unpack it"),
        (_bytes(b"a\0b"), "is no text; give the path of config.toml"),
        (_bytes(b"#" * 5_000_000), "is too large for a configuration"),
    ],
)
def test_a_configuration_that_cannot_be_read(
    make: Callable[[Path], object], told: str, here: Path, refused: Callable[..., str]
) -> None:
    """It is told what it is instead, and what to do."""
    Path(CONFIG).unlink()
    make(Path(CONFIG))
    assert told in refused("audit", "gateway")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"hostname = 'caf\xe9'", "line 1: it is not UTF-8"),
        (b"\xe2\x80\x9c\n\xff", "line 2: it is not UTF-8"),
        (b'a = 1\nhostname = "gw\n', "line 2: it ends before its quotes are closed"),
    ],
)
def test_a_text_that_is_no_toml_is_a_finding(
    data: bytes, told: str, here: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It names the file and its line; the rest of the gateway is judged all the same."""
    Path(CONFIG).write_bytes(data)
    assert cli.main(["audit", "gateway", *AT, "--format", "json"]) == 1
    out, err = capfd.readouterr()
    found = [f for f in json.loads(out)["findings"] if f["rule"] == "configuration.not-parsed"]
    assert [told in finding["message"] for finding in found] == [True]
    assert err == ""


def test_what_is_no_tree_is_refused(here: Path, refused: Callable[..., str]) -> None:
    """A zip that is cut off or empty, an archive of another kind, a device."""
    with zipfile.ZipFile("whole.zip", "w") as made:
        made.write(CONFIG)
    Path("cut.zip").write_bytes(Path("whole.zip").read_bytes()[:200])
    zipfile.ZipFile("empty.zip", "w").close()
    Path("tree.tgz").write_bytes(b"\x1f\x8b\x08...")
    assert "the zip is cut off or damaged; copy it once more" in refused("audit", "cut.zip")
    assert "no configuration of IoT Edge in empty.zip" in refused("audit", "empty.zip")
    assert "is an archive, and no zip; unpack it" in refused("audit", "tree.tgz")
    assert "judge certificates with edgecheck check" in refused("audit", "chain.pem")
    Path("shut.zip").touch(0)
    Path("shut").mkdir(0)
    assert "cannot read shut.zip: permission" in refused("audit", "/etc", "--root", "shut.zip")
    assert "cannot read /etc/x: permission" in refused("audit", "/etc/x", "--root", "shut")
    assert "--root: an empty name" in refused("audit", "/etc", "--root", "")
    for name in ("/dev/zero", "tree.tgz", "none"):
        assert f"--root {name}: " in refused("audit", "/etc/aziot", "--root", name)


def test_an_interrupt_is_no_fault(tmp_path: Path) -> None:
    """Ctrl-C while it reads: 130, no report and no traceback, and the old report is there."""
    report = tmp_path / "report"
    report.write_text("whole")
    command = [sys.executable, "-m", "edgecheck", "check", "pipe", "-o", str(report)]
    os.mkfifo(tmp_path / "pipe")
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with (
        subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes) as running,
        (tmp_path / "pipe").open("wb"),  # once it is open, somebody reads
    ):
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err.strip()) == (130, b"", b"")
    assert report.read_text() == "whole"


def test_without_text_explain_asks_for_some(refused: Callable[..., str]) -> None:
    """And does not quote nothing."""
    for words in (("-",), ("",), (" ",)):
        assert "there is no text; give the words of an error" in refused("explain", *words)
