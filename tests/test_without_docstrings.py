"""`python -OO` takes docstrings and assertions away, and edgecheck says the same without them."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from edgecheck.docstrings import docstring, in_source
from edgecheck.reporting.catalogue import page, rule_dict
from edgecheck.reporting.style import Style
from edgecheck.reporting.terminal import render
from edgecheck.rules import BUILT_IN
from fixtures.expected import folders, read
from tests.examples import some

REPO = Path(__file__).resolve().parents[1]

DIGESTS = """
import json, sys
sys.path.insert(0, "")
assert False, "assertions are not taken away"
from tests.test_without_docstrings import digests, texts
print(json.dumps([digests(), texts()]))
"""
OWN_RULE = '''
import edgecheck
from edgecheck.rules.engine.rule import Act, Over, Severity, rule

given = {"title": "x", "severity": Severity.INFO, "over": Over.SERVER}
given |= {"references": [], "act": Act.WAIT}

def made():
    @rule("own.rule", **given)
    def check(server, case):
        """What it is about.

        Remedy:
        Do something.
        """
    return check

@rule("own.other", **given)
def bare(server, case):
    return None

print([made().explanation, made().remedy, bare.explanation, bare.remedy])
'''


def digests() -> dict[str, str]:
    """What is said of fixtures, of each rule one at least, in every format."""
    found = {}
    for folder in some(folders()):
        fixture = read(folder)
        report = fixture.check()
        text = render(report, color=False, unicode=True, width=100, verbose=True)
        found[fixture.name] = hashlib.sha256((report.to_json() + text).encode()).hexdigest()
    return found


def texts() -> list[str]:
    """The pages of all rules, and the same as JSON."""
    return [
        hashlib.sha256((page(rule, Style()) + json.dumps(rule_dict(rule))).encode()).hexdigest()
        for rule in BUILT_IN
    ]


_LONG = {name: value for name, value in os.environ.items() if name == "EDGECHECK_LONG"}
"""Both processes have to look at the same fixtures (`tests/examples.py`)."""


def said(*arguments: str, cwd: Path = REPO, path: str = "", options: str = "-OO") -> str:
    """What a process prints that runs without docstrings."""
    ran = subprocess.run(
        [sys.executable, options, *arguments],
        cwd=cwd,
        env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", **_LONG},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr
    assert not ran.stderr
    return ran.stdout


@pytest.mark.skipif(sys.flags.optimize > 0, reason="there is nothing to compare with")
def test_every_fixture_and_rule_is_told_in_the_same_words() -> None:
    """Nothing depends on a docstring that is there, or on an assertion that is run."""
    assert json.loads(said("-c", DIGESTS)) == [digests(), texts()]


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("check", "--help"), ("explain", "--help"), ("rules", "--help")],
)
def test_help_is_the_same(arguments: tuple[str, ...]) -> None:
    """What a command is for stands in its docstring, too."""
    whole = said("-m", "edgecheck", *arguments, options="-B")
    assert said("-m", "edgecheck", *arguments) == whole
    assert len(whole.splitlines()) > 5


def test_rules_of_others_keep_their_prose_too(tmp_path: Path) -> None:
    """One in a script, within another function; one without prose has none."""
    (tmp_path / "own.py").write_text(OWN_RULE)
    expected = "['What it is about.', 'Do something.', '', '']"
    for options in ("-OO", "-B"):
        told = said("own.py", cwd=tmp_path, path=str(REPO), options=options)
        assert told.strip() == expected


def archive(to: Path, suffixes: tuple[str, ...]) -> Path:
    """The package as a zip file that Python can import, as wheels can be."""
    with zipfile.ZipFile(to, "w") as made:
        for path in sorted((REPO / "edgecheck").rglob("*")):
            if path.suffix in suffixes and "__pycache__" not in path.parts:
                made.write(path, path.relative_to(REPO))
    return to


def test_prose_is_read_from_a_zip_file_too(tmp_path: Path) -> None:
    """A zipped package has no files beside it."""
    path = archive(tmp_path / "edgecheck.zip", (".py", ".json", ".typed"))
    told = said("-m", "edgecheck", "explain", "ca.not-a-ca", cwd=tmp_path, path=str(path))
    assert BUILT_IN["ca.not-a-ca"].explanation.splitlines()[0] in told


def test_without_sources_the_text_says_what_became_of_it(tmp_path: Path) -> None:
    """Compiled alone, with -OO: there is no prose anywhere, and still a report."""
    source = archive(tmp_path / "source.zip", (".py", ".json", ".typed"))
    compile_all = (
        "import compileall, zipfile, sys, pathlib\n"
        "zipfile.ZipFile(sys.argv[1]).extractall('.')\n"
        "compileall.compile_dir('edgecheck', legacy=True, quiet=2)\n"
        "[path.unlink() for path in pathlib.Path('edgecheck').rglob('*.py')]\n"
    )
    said("-c", compile_all, str(source), cwd=tmp_path)
    chain = REPO / "fixtures/ca/not-a-ca/chain.pem"
    told = said("-m", "edgecheck", "check", str(chain), cwd=tmp_path)
    assert "error[ca.not-a-ca]" in told
    assert "python -OO, without its sources" in " ".join(told.split())


def test_the_source_has_the_same_text_as_the_docstring() -> None:
    """Of every rule, to the letter."""
    for rule in BUILT_IN:
        assert in_source(rule.check) == docstring(rule.check)


def test_no_assertion_does_anything() -> None:
    """What is asserted is looked at and not changed, so that -O may leave it out."""
    for path in sorted((REPO / "edgecheck").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assert):
                inside = list(ast.walk(node.test))
                calls = [each for each in inside if isinstance(each, ast.Call)]
                named = {ast.unparse(call.func) for call in calls}
                assert named <= {"isinstance"}, f"{path.name}:{node.lineno}"
                assert not any(isinstance(each, ast.NamedExpr) for each in inside)
