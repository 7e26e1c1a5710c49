"""Run the commands that pages show, and hold what they show against what is printed.

    python tools/page_commands.py [--write] [--python PYTHON] [PAGE...]

A page says in comments, which no reader sees, what its commands need:

    <!-- folder: NAME -->   what follows happens in a new folder with these files (page_folders.py)
    <!-- file: NAME -->     the next block is the contents of a file there
    <!-- not run: WHY -->   the next block of commands is not run
    <!-- show: A ~ B -->    --write shows of what is printed the lines from one that begins with A
                            to the one before B; either may be left out

In a block of ```console a line that begins with `$ ` is a command, and the lines up to the next one
are what it prints. A line `...` stands for any lines. --write puts into a page what its commands
print now.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the fixtures are no part of the package

from tools.page_folders import FOLDERS, Folder, served  # noqa: E402

PAGES = (
    "README.md",
    "docs/article.md",
    "docs/audit.md",
    "docs/connect.md",
    "docs/extending.md",
    "docs/how-it-decides.md",
    "docs/predict.md",
    "docs/reports.md",
    "docs/tools.md",
    "docs/tutorials/audit-before-deployment.md",
    "docs/tutorials/import-the-library.md",
    "docs/tutorials/leaf-does-not-connect.md",
)
ANY = "..."
PROGRAMS = {"openssl": "openssl", "certtool": "gnutls"}
"""The marker of a test for each program that a command may begin with."""
_SECONDS = re.compile(r"\bin \d+\.\d+s\b")
"""How long pytest took, which is another time each time."""
_DIRECTIVE = re.compile(r"^ *<!-- (folder|file|not run|show): (.*?) -->$")
_FENCE = re.compile(r"^( *)```([\w-]*)$")


@dataclass
class Command:
    """One command of a page, with what the page shows of what it prints.

    Attributes:
        text: as it is typed, continued lines included.
        shown: the lines below it.
        at: the number of the first of these lines in the page, from 0.
        indent: of the block.
        files: the files that are written before it is run.
        part: how the lines begin from which, and before which, lines are shown; empty: any.
    """

    text: str
    shown: list[str]
    at: int
    indent: str
    files: dict[str, str]
    part: tuple[str, str] = ("", "")


@dataclass
class Section:
    """What happens in one folder."""

    folder: str
    commands: list[Command] = field(default_factory=list)

    @property
    def programs(self) -> set[str]:
        """Markers of the programs that it needs."""
        words = {word for each in self.commands for word in re.findall(r"[\w-]+", each.text)}
        return {marker for program, marker in PROGRAMS.items() if program in words}


class Mistake(Exception):
    """A page that cannot be understood."""


def sections(text: str) -> list[Section]:
    """What a page does, folder by folder."""
    made: list[Section] = []
    files: dict[str, str] = {}
    name, left_out, part = "", False, ("", "")
    for number, language, indent, lines in _blocks(text):
        if language.startswith("folder: "):
            made.append(Section(language.removeprefix("folder: ")))
        elif language.startswith("file: "):
            name = language.removeprefix("file: ")
        elif language.startswith("not run: "):
            left_out = True
        elif language.startswith("show: "):
            first, _, last = language.removeprefix("show: ").partition("~")
            part = first.strip(), last.strip()
        else:
            if name:
                files[name] = "".join(line + "\n" for line in lines)
            elif language == "console" and not left_out:
                if not made:
                    raise Mistake(f"line {number}: say in which folder the commands are run")
                for command in _commands(lines, number, indent):
                    command.files, files = files, {}
                    command.part = part
                    made[-1].commands.append(command)
            name, left_out, part = "", False, ("", "")
    return made


def _blocks(text: str) -> Iterator[tuple[int, str, str, list[str]]]:
    """Each directive and each fenced block: line of its first content, language, indent, lines."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        if said := _DIRECTIVE.match(lines[at]):
            yield at, f"{said[1]}: {said[2]}", "", []
        elif opened := _FENCE.match(lines[at]):
            indent, language = opened.groups()
            end = next(
                (n for n in range(at + 1, len(lines)) if lines[n] == f"{indent}```"), len(lines)
            )
            yield (
                at + 1,
                language,
                indent,
                [line.removeprefix(indent) for line in lines[at + 1 : end]],
            )
            at = end
        at += 1


def _commands(lines: list[str], number: int, indent: str) -> Iterator[Command]:
    at = 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            raise Mistake(f"line {number + at + 1}: a block begins with a command")
        text = lines[at][2:]
        while text.endswith("\\"):
            at += 1
            text = text[:-1] + lines[at].strip()
        at += 1
        end = next((n for n in range(at, len(lines)) if lines[n].startswith("$ ")), len(lines))
        yield Command(text, lines[at:end], number + at, indent, {})
        at = end


def run(section: Section, python: str = "") -> Iterator[tuple[Command, list[str]]]:
    """Run all commands of a folder, one after the other, and yield what each prints.

    python: one that has edgecheck installed, which is run then; else it is the repository's.
    """
    prepared: Folder = FOLDERS[section.folder]
    with tempfile.TemporaryDirectory() as there, ExitStack() as stack:
        desk, tools = Path(there) / "desk", Path(there) / "bin"
        desk.mkdir()
        tools.mkdir()
        prepared.fill(desk)
        ports = {name: stack.enter_context(served(each)) for name, each in prepared.serves.items()}
        for name, run_by in {"edgecheck": "-m edgecheck", "python": "", "python3": ""}.items():
            (tools / name).write_text(
                f'#!/bin/sh\nexec "{python or sys.executable}" {run_by} "$@"\n'
            )
            (tools / name).chmod(0o755)
        environment = os.environ | {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT / "tools" / "page_site"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PAGES_ROOT": "" if python else str(ROOT),
            "PAGES_NOW": prepared.now,
            "PAGES_PORTS": json.dumps(ports),
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
        }
        for name in ("FORCE_COLOR", "NO_COLOR"):
            environment.pop(name, None)
        status = 0
        for command in section.commands:
            for name, content in command.files.items():
                (desk / name).parent.mkdir(parents=True, exist_ok=True)
                (desk / name).write_text(content, encoding="utf-8")
            text = command.text
            if not text.startswith("edgecheck"):  # other programs ask the system for addresses
                for name, port in ports.items():
                    text = text.replace(name, f"127.0.0.1:{port}")
            done = subprocess.run(
                ["bash", "-c", f"(exit {status}); {text}"],
                cwd=desk,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=120,
            )
            status = done.returncode
            yield command, _SECONDS.sub("in 0.50s", done.stdout.decode()).splitlines()


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether lines are those that are shown, where `...` stands for any."""
    parts = [r"(?:.*\n)*" if line == ANY else re.escape(_even(line)) + r"\n" for line in shown]
    lines = "".join(_even(line) + "\n" for line in printed)
    return re.fullmatch("".join(parts), lines) is not None


def _even(line: str) -> str:
    """A line without what differs from one OpenSSL to the next: `CN = x` is `CN=x` since 3.2."""
    return re.sub(r"\b([A-Z]{1,2}) = ", r"\1=", line.rstrip())


def anew(command: Command, printed: list[str]) -> list[str] | None:
    """What the page is to show; None where only a person can say which lines."""
    printed = [line.rstrip() for line in printed]
    first, last = command.part
    if ANY not in command.shown:
        return printed
    if not first and not last:
        return None
    places = range(len(printed))
    begin = next((at for at in places if printed[at].strip().startswith(first)), None)
    if begin is None:
        return None
    later = (at for at in places if at > begin and printed[at].strip().startswith(last))
    end = next(later, None) if last else len(printed)
    if end is None:
        return None
    lines = printed[begin:end]
    while lines and not lines[-1]:
        lines.pop()
    return [*([ANY] if begin else []), *lines, *([ANY] if last else [])]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put into pages what is printed now")
    parser.add_argument("--python", default="", help="one that has edgecheck installed, to run it")
    parser.add_argument("pages", nargs="*", default=PAGES, help="of the repository; else all")
    given = parser.parse_args(arguments)
    if given.python:  # commands run in folders of their own; a link of a venv has to stay one
        given.python = os.path.abspath(given.python)  # noqa: PTH100
    faults = count = 0
    for page in given.pages:
        path = ROOT / page
        lines = path.read_text(encoding="utf-8").splitlines()
        made = [
            pair for section in sections("\n".join(lines)) for pair in run(section, given.python)
        ]
        count += len(made)
        for command, printed in reversed(made):  # from below, so that numbers stay right
            if agrees(command.shown, printed) and command.shown != [ANY]:
                continue
            better = anew(command, printed) if given.write else None
            if better is not None:
                new = [(command.indent + line).rstrip() for line in better]
                lines[command.at : command.at + len(command.shown)] = new
                continue
            faults += 1
            print(f"{page}:{command.at}: $ {command.text}", *printed, "", sep="\n")
        if given.write:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{count} commands were run, {faults} print something else than their page shows")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
