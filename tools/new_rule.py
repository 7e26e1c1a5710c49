"""Make the four rooms of a new rule, empty: the rule, its test, its fixture, its page.

    python tools/new_rule.py family.slug [--module NAME]

What is made says TODO wherever something is to be written, and `make check test` tells what is
left. A family that is a package needs --module: in which of its modules the rule belongs.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ID = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z0-9]+(?:-[a-z0-9]+)*)")

MODULE = '"""Rules about TODO."""\n'
RULE = '''

@rule(
    "{id}",
    title="TODO: what is wrong, as a sentence",
    severity=WARNING,
    over=Over.EACH_ON_PATH,
    act=Act.REISSUE,
    references=[],
)
def {name}(certificate: Certificate, case: Case) -> Violation | None:
    """TODO: what is wrong.

    TODO: who refuses it, with which words, and how it comes about.

    Remedy:
    TODO: what to do, with exact extension lines or the exact key of the configuration.
    """
    return None
'''
NAMES = {
    "edgecheck.reading.certificate": ["Certificate"],
    "edgecheck.rules.engine.case": ["Case"],
    "edgecheck.rules.engine.rule": ["WARNING", "Act", "Over", "Violation", "rule"],
}
RECIPE = '''"""TODO: how a gateway comes to have this fault."""

from fixtures import stock
from fixtures.gateway import Case, Files, gather


def {name}() -> Case:
    """TODO: the story, and what real programs say about it.

    Remedy: TODO.
    """
    healthy = stock.stock_15()
    return Case(healthy, fixed=healthy)  # TODO: break one thing in the first one


def make() -> Files:
    return {{name.partition("/")[2]: content for name, content in gather({name}).items()}}
'''
EXPECTED = """hostname = "iotedgegw.local"
valid = true

[[findings]]
rule = "{id}"
severity = "warning"
role = "TODO"
wanted = "TODO"
found = "TODO"
act = "reissue"
object = "certificate TODO"
refused_by = []
"""
FIXED = """hostname = "iotedgegw.local"
valid = true
"""
TEST_FILE = '"""TODO: what the rules of this family prove."""\n'
TEST = '''

def test_{name}() -> None:
    """TODO: where `{id}` fires, and where it is silent."""
    raise NotImplementedError
'''


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("id", help="family.slug")
    parser.add_argument("--module", help="of a family that is a package")
    options = parser.parse_args(arguments)
    match = ID.fullmatch(options.id)
    if match is None:
        parser.error(f"a rule's id is family.slug in kebab case, not {options.id}")
    family, slug = match[1].replace("-", "_"), match[2]
    rules = ROOT / "edgecheck" / "rules"
    folder = ROOT / "fixtures" / match[1] / slug
    if folder.exists():
        parser.error(f"there is a folder {shown(folder)} already")
    package = rules / family
    if package.is_dir() and options.module is None:
        modules = sorted(
            path.stem
            for path in package.glob("*.py")
            if "\n@rule(\n" in path.read_text(encoding="utf-8")
        )
        parser.error(f"{shown(package)} is a package, so give --module: {', '.join(modules)}")
    name = slug.replace("-", "_")
    made = [write_rule(rules, family, options.module if package.is_dir() else None, options.id)]
    made.append(
        written(ROOT / "tests" / "rules" / f"test_{family}.py", TEST_FILE, TEST, options.id, name)
    )
    for path, text in (
        (folder / "recipe.py", RECIPE),
        (folder / "expected.toml", EXPECTED),
        (folder / "fixed" / "expected.toml", FIXED),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(id=options.id, name=name), encoding="utf-8")
        made.append(path)
    subprocess.run([sys.executable, str(ROOT / "tools" / "make_index.py")], check=True)
    print(*map(shown, made), sep="\n")
    print("Now write what they say TODO for; then: make fixtures docs check test")
    return 0


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def written(path: Path, start: str, more: str, id: str, name: str) -> Path:
    """Append to a file, which starts so where it is new."""
    text = path.read_text(encoding="utf-8") if path.exists() else start
    path.write_text(text + more.format(id=id, name=name), encoding="utf-8")
    return path


def write_rule(rules: Path, family: str, module: str | None, id: str) -> Path:
    """Append the rule to its module, with the imports it needs, and list it."""
    name = id.partition(".")[2].replace("-", "_")
    path = rules / family / f"{module}.py" if module else rules / f"{family}.py"
    new = not path.exists()
    written(path, MODULE, RULE, id, name)
    for source, names in NAMES.items():
        add_import(path, source, names)
    if module:
        listed = rules / family / "every.py"
        add_import(listed, f"edgecheck.rules.{family}.{module}", [name])
        text = listed.read_text(encoding="utf-8")
        before, start, rest = text.partition("__all__ = [\n")
        known, end, after = rest.partition("]")
        exported = sorted({*re.findall(r'"(\w+)"', known), name}, key=natural)
        lines = "".join(f'    "{each}",\n' for each in exported)
        listed.write_text(f"{before}{start}{lines}{end}{after}", encoding="utf-8")
    elif new:
        listed = rules / "every.py"
        add_import(listed, "edgecheck.rules", [family])
        text = listed.read_text(encoding="utf-8")
        listed.write_text(
            re.sub(r"(RuleSet\.of\(.*?)\n\)", rf"\1\n    {family},\n)", text, count=1, flags=re.S),
            encoding="utf-8",
        )
    return path


def add_import(path: Path, source: str, names: list[str]) -> None:
    """Import names from a module, in the statement that does so already if there is one."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    statements = [node for node in ast.parse(text).body if isinstance(node, ast.ImportFrom)]
    for node in statements:
        if node.module == source:
            known = {alias.name for alias in node.names}
            if known.issuperset(names):
                return
            lines[node.lineno - 1 : node.end_lineno] = statement(source, [*known, *names])
            break
    else:
        later = (node.lineno - 1 for node in statements if (node.module or "") > source)
        at = next(later, max((node.end_lineno or 0 for node in statements), default=-1))
        if at < 0:  # no import yet: behind the docstring
            first = ast.parse(text).body[0]
            at = first.end_lineno or 0
            lines.insert(at, "")
            at += 1
        lines[at:at] = statement(source, names)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def statement(source: str, names: Sequence[str]) -> list[str]:
    """An import as ruff formats it: constants, classes, then functions."""
    ordered = sorted(set(names), key=lambda n: (not n.isupper(), not n[0].isupper(), natural(n)))
    line = f"from {source} import {', '.join(ordered)}"
    if len(line) <= 100:
        return [line]
    return [f"from {source} import (", *(f"    {name}," for name in ordered), ")"]


def natural(name: str) -> list[str]:
    """So that pkcs7 comes before pkcs12."""
    return [part.zfill(9) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


if __name__ == "__main__":
    sys.exit(main())
