"""Files and standard input: what is read, and what is said where nothing can be."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from edgecheck.adapters.files import Refused, forget, read, write
from edgecheck.adapters.reasons import writing
from tests.permissions import OBEYED, obeyed

MOST = 1000


@pytest.fixture(autouse=True)
def _nothing_was_read() -> None:
    forget()


def test_a_file_is_read_under_the_name_that_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report must speak of a file as its user does, so the name is not made absolute."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "chain.pem").write_bytes(b"\x00content")
    source = read("chain.pem", MOST)
    assert (source.name, source.data) == ("chain.pem", b"\x00content")


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes arrive as they are, whatever the encoding of the terminal."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\x00"), encoding="ascii"))
    source = read("-", MOST)
    assert (source.name, source.data) == ("-", b"\xff\x00")


def test_no_more_is_read_than_will_be_looked_at(tmp_path: Path) -> None:
    """One byte beyond the bound shows that the file was longer."""
    (tmp_path / "long").write_bytes(b"x" * 5000)
    assert len(read(str(tmp_path / "long"), MOST).data) == MOST + 1


def test_what_is_no_file_is_refused_in_one_line(tmp_path: Path) -> None:
    """Each text says what the matter is, and where something can be done also what."""
    missing, folder = str(tmp_path / "missing"), str(tmp_path)
    for name, text in (
        (missing, f"no such file: {missing}"),
        (folder, f"{folder} is a directory; name the files in it"),
        ("gw.local:8883", "edgecheck connect gw.local:8883"),
        ("a\0b", "cannot read a\0b: "),
        ("x" * 5000, "file name too long"),
    ):
        with pytest.raises(Refused) as refused:
            read(name, MOST)
        assert text in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.skipif(not OBEYED, reason="permissions of POSIX")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """The system's own words say why."""
    path = tmp_path / "secret.pem"
    path.touch(mode=0o000)
    with obeyed(), pytest.raises(Refused, match="permission denied"):
        read(str(path), MOST)


def test_closed_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service may be started without one."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Refused, match="standard input is closed"):
        read("-", MOST)


def test_a_report_is_written_as_utf_8(tmp_path: Path) -> None:
    """Lines end the same everywhere, so that the same report is the same bytes."""
    path = tmp_path / "report.txt"
    path.write_text("older and longer than the report")
    write(str(path), "ok · chain.pem\n")
    assert path.read_bytes() == "ok · chain.pem\n".encode()


@pytest.mark.parametrize("way", ["itself", "relative", "symbolic", "hard", "through a folder"])
def test_a_report_never_replaces_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Not under another name of the same file either."""
    chain, other = tmp_path / "chain.pem", tmp_path / "other.pem"
    chain.write_bytes(b"precious")
    named = str(other)
    match way:
        case "itself":
            named = str(chain)
        case "relative":
            monkeypatch.chdir(tmp_path)
            named = "./chain.pem"
        case "symbolic":
            other.symlink_to(chain)
        case "hard":
            os.link(chain, other)
        case "through a folder":
            (tmp_path / "folder").symlink_to(tmp_path)
            named = str(tmp_path / "folder" / "chain.pem")
    read(str(chain), MOST)
    with pytest.raises(Refused, match="is what was read; name another file to write"):
        write(named, "report")
    assert chain.read_bytes() == b"precious"


def test_a_report_never_replaces_what_standard_input_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`edgecheck check - < chain.pem -o chain.pem` names it to the shell alone."""
    chain = tmp_path / "chain.pem"
    chain.write_bytes(b"precious")
    with chain.open(encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert read("-", MOST).data == b"precious"
    with pytest.raises(Refused, match="is what was read"):
        write(str(chain), "report")
    assert chain.read_bytes() == b"precious"


def test_what_another_request_read_may_be_written(tmp_path: Path) -> None:
    """A program may call the command line twice, and read what it wrote."""
    path = tmp_path / "report.txt"
    path.write_text("old")
    read(str(path), MOST)
    forget()
    write(str(path), "new")
    assert path.read_text() == "new"


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whole or not at all, and nothing else stays behind, wherever the system gives up."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class Full(io.FileIO):
        def write(self, data: Any) -> int:
            super().write(bytes(data)[:3])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "report.txt"
    path.write_text("old")
    if step == "write":
        monkeypatch.setattr(os, "fdopen", Full)
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    for name in (path, tmp_path / "new.txt"):
        with pytest.raises(Refused, match=r"cannot write .*: no space left on device"):
            write(str(name), "report")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_report_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever presses Ctrl-C finds no half of a report and no other file."""

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "report.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(str(path), "report")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="permission bits and links of POSIX")
def test_the_file_behind_a_name_stays_what_it_was(tmp_path: Path) -> None:
    """Its permissions are kept, and a symbolic link still leads to it; a new one is as usual."""
    path, link, new = (tmp_path / name for name in ("report.txt", "link.txt", "new.txt"))
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write(str(link), "report")
    assert link.is_symlink()
    assert path.read_text() == "report"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write(str(new), "report")
    finally:
        os.umask(before)
    assert stat.S_IMODE(new.stat().st_mode) == 0o640


@pytest.mark.skipif(not OBEYED, reason="permissions of POSIX")
def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    """Its folder would allow it; whoever took the permission away meant the file."""
    path = tmp_path / "report.txt"
    path.write_text("old")
    path.chmod(0o444)
    with obeyed(), pytest.raises(Refused, match=r"cannot write .*: permission denied"):
        write(str(path), "report")
    assert path.read_text() == "old"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """It is not replaced by a file; its reader gets the report."""
    path, got = tmp_path / "pipe", []
    os.mkfifo(path)
    reader = threading.Thread(target=lambda: got.append(path.read_text()))
    reader.start()
    write(str(path), "report")
    reader.join(30)
    assert got == ["report"]
    assert path.is_fifo()


def test_a_report_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A folder that is not there is not made."""
    with pytest.raises(Refused, match=r"cannot write .*: no such file or directory"):
        write(str(tmp_path / "missing" / "report.txt"), "report")
    with pytest.raises(Refused, match=r"cannot write .*: is a directory"):
        write(str(tmp_path), "report")


def test_a_full_disk_is_told_in_the_same_words_whoever_noticed_it() -> None:
    """A fleet's results are written by pyarrow, which puts the system's words into its own."""
    there = writing(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    said = "error writing bytes to file. Detail: [errno 28] No space left on device"
    assert writing(OSError(said)) == there
    assert there.endswith("; make room, or write to another disk")
