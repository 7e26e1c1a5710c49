"""What pages show is what is printed, and their links lead somewhere, on a package index too."""

from __future__ import annotations

import configparser
import re
import shlex
import sys
from pathlib import Path

import pytest

from edgecheck import cli
from tests.conftest import REPO
from tools import page_commands, page_folders
from tools.markdown import anchors
from tools.page_commands import ANY, PAGES, Section, agrees, run, sections

URL = configparser.ConfigParser()
URL.read(REPO / "setup.cfg", encoding="utf-8")
ADDRESS = URL["metadata"]["url"]
RAW = ADDRESS.replace("//github.com/", "//raw.githubusercontent.com/") + "/main/"
WRITTEN = [
    path
    for path in (*REPO.glob("*.md"), *REPO.glob("docs/**/*.md"))
    if "rules" not in path.parts and "symptoms" not in path.parts
]


def text(page: str | Path) -> str:
    return (REPO / page).read_text(encoding="utf-8")


def named() -> list[object]:
    """Each folder of each page, marked with the programs that its commands need."""
    return [
        pytest.param(
            page,
            section,
            id=f"{page}-{number}-{section.folder}",
            marks=[getattr(pytest.mark, program) for program in sorted(section.programs)],
        )
        for page in PAGES
        for number, section in enumerate(sections(text(page)))
    ]


@pytest.mark.parametrize(("page", "section"), named())
def test_a_page_shows_what_is_printed(page: str, section: Section) -> None:
    """In a folder made from fixtures; `...` stands for any lines, but not for all of them."""
    for command, printed in run(section):
        told = "\n".join([f"{page}:{command.at}: $ {command.text}", *printed])
        assert agrees(command.shown, printed), told
        assert command.shown != [ANY], told
        assert not any("Traceback" in line for line in command.shown), told


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    """But those of single rules and symptoms, to which their indexes lead."""
    listed = set(re.findall(r"^[\w/-]+$", text("docs/index.md"), re.MULTILINE))
    docs = {path for path in WRITTEN if path.is_relative_to(REPO / "docs")}
    names = {path.relative_to(REPO / "docs").with_suffix("").as_posix() for path in docs}
    assert names - {"README", "index"} <= listed
    assert {"rules/index", "rules/by-role", "symptoms/index", "symptoms"} <= listed
    assert all((REPO / "docs" / f"{name}.md").is_file() for name in listed)


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("```console\n$ true\n```\n", "line 1: say in which folder the commands are run"),
        ("<!-- folder: copy -->\n```console\ntrue\n```\n", "line 3: a block begins with a command"),
    ],
)
def test_a_page_that_cannot_be_run_is_refused(page: str, says: str) -> None:
    with pytest.raises(page_commands.Mistake, match=says):
        sections(page)


def test_every_page_with_a_folder_is_run() -> None:
    """A page that says where its commands are run is in the list of those that are."""
    having = {path for path in WRITTEN if "<!-- folder: " in text(path)}
    assert having == {REPO / page for page in PAGES if "<!-- folder: " in text(page)}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_shown_for_windows_are_commands_too(page: str) -> None:
    """Nobody runs PowerShell here: it is asked whether there are such commands and options."""
    for block in re.findall(r"```powershell\n(.*?)```", text(page), re.DOTALL):
        for line in block.splitlines():
            if "edgecheck " in line and "pip install" not in line:
                words = shlex.split(line.partition("edgecheck ")[2])
                cli.edgecheck.commands[words[0]].make_context(words[0], words[1:])


def test_the_readmes_program_runs() -> None:
    """With the gateway of its picture it comes to the verdict that the comment has."""
    (program,) = re.findall(r"```python\n(.*?)```", text("README.md"), re.DOTALL)
    files = page_folders.FOLDERS["library"].files
    names = {"pem_bytes": files["gateway.pem"], "root_bytes": files["root.pem"]}
    exec(program, names)
    assert (names["report"].ok, names["report"].valid) == (False, False)


def test_the_readme_has_no_relative_link() -> None:
    """A package index shows it without the repository around it."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text("README.md"))
    assert len(targets) > 20
    for target in targets:
        assert target.startswith(("https://", "#")), target
    assert not re.search(r"(?:src|href)=\"(?!https://)", text("README.md"))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(REPO).as_posix())
def test_addresses_into_the_repository_lead_to_a_file(path: Path) -> None:
    """All have the address of setup.cfg, and what they name is there, its heading too."""
    for target in re.findall(r"https://[^)\s>\"'`]+", text(path)):
        if "/edgecheck/" not in f"{target}/":
            continue
        if target.startswith(RAW):
            assert (REPO / target.removeprefix(RAW)).is_file(), target
            continue
        assert target.startswith(ADDRESS), target
        rest, _, heading = target.removeprefix(ADDRESS).partition("#")
        kind, _, place = rest.strip("/").partition("/main/")
        if kind in ("blob", "tree"):
            there = REPO / place
            assert there.is_file() if kind == "blob" else there.is_dir(), target
        if heading:
            assert heading in anchors(text(place or "README.md")), target


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.relative_to(REPO).as_posix())
def test_addresses_are_well_formed(path: Path) -> None:
    """Those to the outside, which nobody follows here."""
    for target in re.findall(r"\]\((https?:[^)\s]*)\)", text(path)):
        assert re.fullmatch(r"https://[\w.-]+(?:/[\w./~%?=&+#:@()-]*)?", target), target


def test_the_log_of_the_tutorial_is_the_one_that_is_shown() -> None:
    assert page_folders.DEVICE_LOG in text("docs/tutorials/leaf-does-not-connect.md")


def test_the_files_of_the_tutorials_are_as_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["page_folders.py", "--check"])
    assert page_folders.main() == 0


def test_what_differs_is_seen_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose output is another one fails, and --write puts in what is printed."""
    page = tmp_path / "page.md"
    page.write_text("<!-- folder: library -->\n- \n  ```console\n  $ echo a; echo b\n  c\n  ```\n")
    monkeypatch.setattr(page_commands, "ROOT", tmp_path)
    assert page_commands.main(["page.md"]) == 1
    assert page_commands.main(["--write", "page.md"]) == 0
    assert page.read_text().splitlines()[3:] == ["  $ echo a; echo b", "  a", "  b", "  ```"]


def test_an_installed_python_is_named_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As CONTRIBUTING has it, `venv/bin/python`; commands run in folders of their own."""
    page = tmp_path / "page.md"
    page.write_text("<!-- folder: library -->\n```console\n$ python -c 'print(7)'\n7\n```\n")
    (tmp_path / "there").symlink_to(sys.executable)
    monkeypatch.setattr(page_commands, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert page_commands.main(["--python", "there", "page.md"]) == 0


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["a"], ["a"], True),
        (["a"], ["a", "b"], False),
        (["a", "..."], ["a", "b"], True),
        (["...", "b"], ["a", "a", "b"], True),
        (["a", "...", "c"], ["a", "c"], True),
        (["a.c"], ["abc"], False),
    ],
)
def test_three_dots_are_any_lines(shown: list[str], printed: list[str], same: bool) -> None:
    assert agrees(shown, printed) is same
