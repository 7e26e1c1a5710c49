"""Files and standard input: what is read, and what is said where nothing can be."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from edgecheck.adapters.files import Refused, read, write

MOST = 1000


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
        ("gw.local:8883", "openssl s_client -connect gw.local:8883 -showcerts"),
        ("a\0b", "cannot read a\0b: "),
        ("x" * 5000, "file name too long"),
    ):
        with pytest.raises(Refused) as refused:
            read(name, MOST)
        assert text in str(refused.value)
        assert "\n" not in str(refused.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    """The system's own words say why."""
    path = tmp_path / "secret.pem"
    path.touch(mode=0o000)
    with pytest.raises(Refused, match="permission denied"):
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


def test_a_report_never_replaces_what_was_read(tmp_path: Path) -> None:
    """Not under another name of the same file either."""
    chain, link = tmp_path / "chain.pem", tmp_path / "link.pem"
    chain.write_bytes(b"precious")
    link.symlink_to(chain)
    with pytest.raises(Refused, match="is what was read"):
        write(str(link), "report", ("-", str(chain)))
    assert chain.read_bytes() == b"precious"


def test_a_report_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A folder that is not there is not made."""
    with pytest.raises(Refused, match=r"cannot write .*: no such file or directory"):
        write(str(tmp_path / "missing" / "report.txt"), "report")
    with pytest.raises(Refused, match=r"cannot write .*: is a directory"):
        write(str(tmp_path), "report")
