"""Type checkers find the mistakes that people make with the library, and no others.

`tests/typed/right.py` holds right uses, `wrong.py` mistakes in lines that end with `# wrong`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import REPO

FOLDER = REPO / "tests" / "typed"
EXAMPLES = sorted((REPO / "docs" / "examples").glob("*.py"))
Found = dict[str, set[int]]
"""Lines with an error by the name of their file."""


SILENT = "--follow-imports=silent"
"""Of what is imported only its own users are judged, as mypy does with installed packages."""


def mypy(*files: Path) -> Found:
    """What mypy says in strict mode, with a configuration of its own."""
    empty = files[0].parent / "mypy.ini"
    empty.write_text("[mypy]\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(empty)]
    options = ["--cache-dir", str(files[0].parent / "cache"), "--no-error-summary", SILENT]
    run = subprocess.run(
        [*command, *options, *map(str, files)], cwd=REPO, capture_output=True, text=True
    )
    assert run.returncode in (0, 1), run.stderr
    found: Found = {}
    for line in run.stdout.splitlines():
        if match := re.match(r"(.+?):(\d+): error: ", line):
            found.setdefault(Path(match[1]).name, set()).add(int(match[2]))
    return found


def pyright(*files: Path) -> Found:
    """What pyright says in strict mode."""
    folder = files[0].parent
    settings = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": [str(REPO)],
        "include": [file.name for file in files],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    beside = str(Path(sys.executable).parent)
    program = shutil.which("pyright", path=os.pathsep.join((beside, os.environ["PATH"])))
    assert program is not None
    run = subprocess.run(
        [program, "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert run.returncode in (0, 1), run.stdout + run.stderr
    found: Found = {}
    for told in json.loads(run.stdout)["generalDiagnostics"]:
        if told["severity"] != "information":
            line: int = told["range"]["start"]["line"] + 1
            found.setdefault(Path(told["file"]).name, set()).add(line)
    return found


Checker = Callable[..., Found]
CHECKERS = [
    pytest.param(mypy, id="mypy"),
    pytest.param(pyright, id="pyright", marks=pytest.mark.pyright),
]
each_checker = pytest.mark.parametrize("checker", CHECKERS)


def copied(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Files as somebody has them who only installed the package."""
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [folder / name for name in texts]


def marked(texts: Mapping[str, str]) -> Found:
    """The lines that are marked as wrong."""
    found = {
        name: {at for at, line in enumerate(text.splitlines(), 1) if line.endswith("# wrong")}
        for name, text in texts.items()
    }
    return {name: lines for name, lines in found.items() if lines}


MISTAKES = {
    "batch.py": [
        ("path.read_bytes()), trust", "path), trust"),
        ("report.valid", "report.validity"),
        ("Severity.WARNING", "Severity.WARN"),
        ("Path(sys.argv[2]).read_bytes()", "Path(sys.argv[2])"),
    ],
    "web.py": [
        ("""Path(os.environ["ROOT"]).read_bytes()""", """Path(os.environ["ROOT"])"""),
        ("predictions=False", "prediction=False"),
        ("[body.encode()]", "[body]"),
    ],
    "test_gateway.py": [
        ("trust=root.read_bytes()", "trust=root"),
        ("days=30", 'days="30"'),
        ("found.ok and", "found.okay and"),
        ("found.passed", "found.passing"),
    ],
}
"""What somebody might mistype in an example. Each is alone in its line."""


def mistaken(name: str) -> str:
    """The text of an example with mistakes, marked."""
    lines = (REPO / "docs" / "examples" / name).read_text().splitlines()
    for old, new in MISTAKES[name]:
        (at,) = (at for at, line in enumerate(lines) if old in line)
        lines[at] = lines[at].replace(old, new) + "  # wrong"
    return "\n".join(lines) + "\n"


@each_checker
def test_exactly_the_planted_mistakes_are_found(checker: Checker, tmp_path: Path) -> None:
    """In a file of mistakes, and in the examples of the documentation once they are spoilt."""
    texts = {name: (FOLDER / name).read_text() for name in ("right.py", "wrong.py")}
    texts |= {example.name: example.read_text() for example in EXAMPLES}
    texts |= {f"mistaken_{name}": mistaken(name) for name in MISTAKES}
    planted = marked(texts)
    assert len(planted["wrong.py"]) > 40
    assert len(planted) == 1 + len(EXAMPLES)
    assert checker(*copied(tmp_path, texts)) == planted
