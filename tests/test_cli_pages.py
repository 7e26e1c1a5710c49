"""`--format html`, `svg` and `markdown` of the commands that judge."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from edgecheck import cli
from edgecheck.reporting.html import page as pages
from fixtures import stock
from fixtures.expected import FIXTURES
from fixtures.trees import toml_gateway
from tests.servers import listening, tls
from tests.test_cli_audit import AT, GATEWAY, plant
from tests.test_connect import closed_port

DEMO = FIXTURES / "demo" / "broken-gateway"
GOOD = FIXTURES / "good" / "runtime-1-5-rsa"
KNOWN = ("--hostname", stock.HOSTNAME, *AT)
FORMATS = ("html", "svg", "markdown")
each_format = pytest.mark.parametrize("form", FORMATS)
ROWS = re.compile(r'<th scope="row">(?:<a href="#r\d+">)?([^<]+)')


def judged(folder: Path, *more: str) -> list[str]:
    return ["check", str(folder / "chain.pem"), "--trust", str(folder / "trust.pem"), *KNOWN, *more]


def is_whole(text: str, form: str) -> bool:
    """Whether the text begins and ends as such a file does."""
    first, last = {
        "html": ("<!doctype html>", "</html>\n"),
        "svg": ("<svg ", "</svg>\n"),
        "markdown": ("# edgecheck: ", "\n"),
    }[form]
    return text.startswith(first) and text.endswith(last)


def rows(page: str) -> list[str]:
    """The names in the list of a page about several."""
    return ROWS.findall(page.partition("</nav>")[0])


@each_format
@pytest.mark.parametrize(("folder", "status"), [(DEMO, 1), (GOOD, 0)], ids=["broken", "healthy"])
def test_check_writes_a_file(folder: Path, status: int, form: str, tmp_path: Path) -> None:
    """Under the caller's names; the exit status is that of the text."""
    file = tmp_path / "report"
    assert cli.main(judged(folder, "--format", form, "-o", str(file))) == status
    text = file.read_text(encoding="utf-8")
    assert is_whole(text, form)
    assert str(folder / "chain.pem") in text


@each_format
def test_check_writes_to_standard_output(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no file is named; with --quiet nothing."""
    assert cli.main(judged(DEMO, "--format", form)) == 1
    assert is_whole(capsys.readouterr().out, form)
    assert cli.main(judged(DEMO, "--format", form, "--quiet")) == 1
    assert capsys.readouterr().out == ""


def test_check_shows_each_of_several_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one page or one drawing, the worst first."""
    for name, folder in (("a", GOOD), ("b", DEMO)):
        (tmp_path / f"{name}.pem").write_bytes((folder / "chain.pem").read_bytes())
        (tmp_path / f"{name}.trust").write_bytes((folder / "trust.pem").read_bytes())
    files = [str(tmp_path / name) for name in ("a.pem", "b.pem")]
    trust = [word for name in "ab" for word in ("--trust", str(tmp_path / f"{name}.trust"))]
    asked = ["check", "--each", *files, *trust, *KNOWN]
    assert cli.main([*asked, "--format", "html"]) == 1
    assert rows(capsys.readouterr().out) == [files[1], files[0]]
    assert cli.main([*asked, "--format", "svg"]) == 1
    drawn = ElementTree.fromstring(capsys.readouterr().out)
    heads = [each.text for each in drawn.iter() if each.get("class") == "d-head"]
    assert heads == [f"error: {files[1]}", f"ok: {files[0]}"]


def test_a_page_has_what_was_asked_for_beside_the_report(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Second opinions, and of the clients those that were named."""
    cli.main(judged(DEMO, "--format", "html", "--second-opinion", "--client", "MQTT.js"))
    text = capsys.readouterr().out
    assert ">Second opinions</h2>" in text
    assert ">What this client says<" in text
    assert text.count('<tr data-verdict="') == 1


def test_audit_shows_names_and_files_and_the_connection(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the text does; what was captured comes first."""
    root = plant(toml_gateway(GATEWAY), tmp_path)
    with listening(tls(tmp_path, GATEWAY.presented(), GATEWAY["server"].key)) as port:
        connect = ["--connect", f"127.0.0.1:{port}", "--timeout", "5"]
        asked = ["audit", str(root), "--runtime", "1.5", *connect, *AT]
        assert cli.main([*asked, "--format", "html"]) == 0
    text = capsys.readouterr().out
    for heading in ("Connections", "Names", "Files"):
        assert f">{heading}</h2>" in text
    assert f"127.0.0.1:{port}" in text


@each_format
def test_connect_shows_each_target_and_why_there_is_none(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port where nothing listens has a row; the status says that something is missing."""
    closed = closed_port()
    with listening(tls(tmp_path, GATEWAY.presented(), GATEWAY["server"].key)) as port:
        (tmp_path / "hosts").write_text(f"127.0.0.1:{port}\n127.0.0.1:{closed}\n")
        asked = ["connect", "--targets", str(tmp_path / "hosts"), "--timeout", "5", *KNOWN]
        assert cli.main([*asked, "--format", form]) == 2
    text = capsys.readouterr().out
    assert is_whole(text, form)
    assert f"127.0.0.1:{port}" in text
    assert "the connection was refused" in text
    if form == "html":
        assert rows(text) == [f"127.0.0.1:{closed}", f"127.0.0.1:{port}"]


@each_format
def test_predict_shows_each_version(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is predicted is said to be so, in the page and in the drawing."""
    asked = ["predict", str(DEMO / "fixed" / "chain.pem"), "--hostname", "gw.local", *AT]
    versions = ["--runtime", "1.5", "--runtime", "1.1"]
    cli.main([*asked, *versions, "--format", form])
    text = capsys.readouterr().out
    assert is_whole(text, form)
    assert "on IoT Edge 1.5" in text
    assert "on IoT Edge 1.1" in text
    assert "synthetic" in text


@pytest.mark.parametrize("command", ["check", "audit", "connect", "predict"])
def test_without_the_extra_one_line_says_what_to_install(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Before anything is read or connected to; a drawing needs no extra."""
    pages._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    about = {
        "check": judged(DEMO),
        "audit": ["audit", str(tmp_path)],
        "connect": ["connect", "127.0.0.1:1"],
        "predict": ["predict", str(DEMO / "chain.pem"), "--hostname", "gw", "--runtime", "1.5"],
    }[command]
    assert cli.main([*about, "--format", "html"]) == 2
    told = "a page needs jinja2: pip install jinja2, or pip install 'edgecheck-iot[html]'"
    assert capsys.readouterr().err == f"edgecheck: --format html: {told}\n"
    if command == "check":
        assert cli.main([*about, "--format", "svg"]) == 1


@each_format
def test_what_is_redacted_names_neither_file_nor_gateway(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a page and in a drawing, also in a list of several and in second opinions."""
    files = [tmp_path / f"contoso-{name}.pem" for name in "ab"]
    for file, folder in zip(files, (GOOD, DEMO), strict=True):
        file.write_bytes((folder / "chain.pem").read_bytes())
    asked = ["check", "--each", *map(str, files), "--trust", str(DEMO / "trust.pem"), *KNOWN]
    assert cli.main([*asked, "--redact", "--second-opinion", "--format", form]) == 1
    text = capsys.readouterr().out.lower()
    assert is_whole(text, form)
    assert "name1" in text
    for told in ("contoso", "iotedgegw", stock.HOSTNAME, "begin certificate"):
        assert told not in text
