"""The tool that makes a rule's rooms: what it makes can be imported, and tests say what is left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPO

PARTS = ("edgecheck", "fixtures", "tools", "tests", "setup.cfg", "pyproject.toml", "docs")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository without what git ignores, to be changed."""
    folder = tmp_path_factory.mktemp("copy")
    for part in PARTS:
        if (REPO / part).is_dir():
            shutil.copytree(
                REPO / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(REPO / part, folder / part)
    return folder


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


NEW = {
    "ca.brand-new": ((), "tests/rules/test_ca.py"),
    "input.brand-new": (("--module", "text"), "tests/rules/test_input.py"),
    "novel.brand-new": ((), "tests/rules/test_novel.py"),
}


def test_new_rules_are_known_and_unfinished(copy: Path) -> None:
    """In a module, in a package, and in a family that is new."""
    for id, (more, test) in NEW.items():
        made = run(copy, "tools/new_rule.py", id, *more)
        assert made.returncode == 0, made.stderr
        assert test in made.stdout.splitlines()
    titles = f"import edgecheck; [print(edgecheck.BUILT_IN[id].title) for id in {list(NEW)}]"
    shown = run(copy, "-c", titles)
    assert [line[:4] for line in shown.stdout.splitlines()] == ["TODO"] * 3, shown.stderr
    assert run(copy, "tools/make_fixtures.py").returncode == 0
    files = ["tests/rules/test_every_rule.py", *(test for _, test in NEW.values())]
    told = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", "brand")
    for id, (_, test) in NEW.items():
        assert (copy / "fixtures" / id.replace(".", "/") / "fixed" / "chain.pem").is_file()
        for left in (
            f"::test_a_rule_has_a_source_that_can_be_looked_up[{id}]",
            f"::test_nothing_is_left_to_be_written[{id}]",
            f"{test}::test_brand_new",
        ):
            assert left in told.stdout, told.stdout
    lint = run(copy, "-m", "ruff", "check", "--select", "I,F,RUF022", "edgecheck")
    assert "No module named ruff" in lint.stderr or lint.returncode == 0, lint.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("Novel.Rule",), "family.slug in kebab case"),
        (("input.another",), "is a package, so give --module: blocks"),
        (("ca.not-a-ca",), "there is a folder fixtures/ca/not-a-ca already"),
    ],
)
def test_what_cannot_be_made_is_refused(copy: Path, arguments: tuple[str, ...], told: str) -> None:
    """With what to do instead, and nothing is written."""
    refused = run(copy, "tools/new_rule.py", *arguments)
    assert refused.returncode == 2
    assert told in refused.stderr
