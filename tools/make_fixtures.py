"""Write what the recipes in fixtures/ make; with --check, only compare.

A recipe is fixtures/FAMILY/SLUG/recipe.py, or fixtures/FAMILY/recipe.py for several slugs. Its
`make()` returns name -> content, the names relative to its folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
BY_HAND = {
    "recipe.py",
    "faults.py",
    "misconfigured.py",
    "mixed.py",
    "to_come.py",
    "by_tools.py",
    "expected.toml",
    "audit.toml",
    "clients.json",
    "README.md",
}

COMMITTED = ("keys", "by_tools")
"""Folders of fixtures/ that no recipe makes."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; list files that differ, are missing or are made by no recipe",
    )
    check = parser.parse_args(arguments).check
    made = made_files()
    faults = [f"made by no recipe: {shown(path)}" for path in generated_files() - made.keys()]
    for path, content in made.items():
        if path.is_file() and path.read_bytes() == content:
            continue
        if check:
            faults.append(f"{'differs' if path.exists() else 'missing'}: {shown(path)}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    print("\n".join(sorted(faults)) or f"{len(made)} files are up to date")
    return 1 if faults else 0


def made_files() -> dict[Path, bytes]:
    """What all recipes make, by path."""
    made: dict[Path, bytes] = {}
    for recipe in sorted((*FIXTURES.glob("*/recipe.py"), *FIXTURES.glob("*/*/recipe.py"))):
        for name, content in run(recipe).items():
            path = recipe.parent / name
            if path in made:
                raise SystemExit(f"{shown(recipe)}: another recipe makes {shown(path)} too")
            made[path] = content
    return made


def run(recipe: Path) -> Mapping[str, bytes]:
    """Import a recipe by its path, as slugs are no module names, and let it make its files."""
    spec = importlib.util.spec_from_file_location(f"recipe of {shown(recipe.parent)}", recipe)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    files: Mapping[str, bytes] = module.make()
    return files


def generated_files() -> set[Path]:
    """All files of the families that are not written by hand."""
    return {
        path
        for path in FIXTURES.glob("*/**/*")
        if path.is_file()
        and path.name not in BY_HAND
        and path.suffix != ".pyc"
        and not any(FIXTURES / name in path.parents for name in COMMITTED)
    }


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
