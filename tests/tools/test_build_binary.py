"""The executable of `make binary` holds all that edgecheck is made of, at versions that it may use.

Building it takes too long for every run of the tests; the build itself fails where a module of
edgecheck is not in it, and tools/try_binary.py compares what it says with what the source says.
"""

from __future__ import annotations

import ast
import configparser
import os
import runpy
import sys
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

from edgecheck.adapters.tls import clients
from tests.conftest import REPO
from tools import build_binary

GIVEN = REPO / "tools/binary"
LEFT_OUT = {
    "OpenSSL": "a second opinion of another project: its extra is not in the executable",
    "pyhanko_certvalidator": "the same",
    "service_identity": "the same",
    "pyarrow": "larger than all the rest together: `fleet` says what to install",
}
"""Packages that edgecheck imports where they are installed, and why the executable lacks them."""


def pinned(name: str) -> dict[str, Requirement]:
    lines = (GIVEN / name).read_text(encoding="utf-8").splitlines()
    found = [Requirement(line.partition("#")[0].strip()) for line in lines if line[:1] != "#"]
    return {each.name.lower(): each for each in found}


def imported(path: Path) -> set[str]:
    """Top names of packages that a module imports anywhere in it, by statement or by name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found |= {each.name for each in names}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module)
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="_imported" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                found.add(name)
    return {each.partition(".")[0] for each in found}


def test_every_package_that_edgecheck_imports_is_put_in_or_left_out_with_a_reason() -> None:
    found = {name for path in (REPO / "edgecheck").rglob("*.py") for name in imported(path)}
    outside = found - sys.stdlib_module_names - {"edgecheck", "_typeshed"}
    put_in = {"asn1crypto", "click", "cryptography", "idna", "publicsuffixlist", "yaml"}
    put_in |= {"jinja2", "markupsafe"}
    assert outside - set(LEFT_OUT) == put_in
    assert {name.replace("yaml", "pyyaml") for name in put_in} <= set(pinned("packages.txt"))


def test_its_packages_are_of_versions_that_setup_cfg_allows() -> None:
    settings = configparser.ConfigParser()
    settings.read(REPO / "setup.cfg", encoding="utf-8")
    extras = settings["options.extras_require"]
    asked = settings["options"]["install_requires"] + "".join(
        extras[each] for each in ("cli", "html", "web-pki")
    )
    held = pinned("packages.txt")
    for line in asked.split("\n"):
        if line.strip() and not line.startswith("#"):
            wanted = Requirement(line)
            (version,) = held[wanted.name.lower()].specifier
            assert version.operator == "==", line
            assert wanted.specifier.contains(version.version), line


@pytest.mark.parametrize("name", ["packages.txt", "builder.txt"])
def test_each_package_is_held_to_one_version(name: str) -> None:
    for each in pinned(name).values():
        assert [one.operator for one in each.specifier] == ["=="], each
        assert each.marker is None or each.marker.evaluate(default_environment()) is not None


def test_every_module_and_all_data_of_the_package_are_wanted_in_it() -> None:
    """What git keeps in edgecheck/ is a module or data that the build asks for."""
    wanted = set(build_binary.wanted())
    assert {"edgecheck", "edgecheck.cli", "edgecheck.rules.ca"} <= wanted
    assert {"edgecheck/clients/accuracy.json", "edgecheck/explaining/predicted.json"} <= wanted
    assert "edgecheck/reporting/schema/report-v1.json" in wanted
    files = [each for each in (REPO / "edgecheck").rglob("*") if each.is_file()]
    kinds = {each.suffix for each in files if "__pycache__" not in each.parts}
    assert kinds == {".py", *build_binary.DATA}


def test_what_the_builder_did_not_put_in_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_binary, "WORK", tmp_path)
    listing = tmp_path / "work/edgecheck/PYZ-00.toc"
    listing.parent.mkdir(parents=True)
    there = set(build_binary.wanted()) - {"edgecheck.commands.audit"}
    listing.write_text(repr(("made", [(name, "file", "PYMODULE") for name in there])))
    assert build_binary.lacking() == {"edgecheck.commands.audit"}


@pytest.mark.parametrize("before", [None, "", "/opt/own"])
def test_programs_that_it_starts_find_the_libraries_that_they_found_before(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/tmp/_MEI")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if before is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    runpy.run_path(str(GIVEN / "restore.py"))
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def test_in_it_python_is_the_machines_and_not_edgecheck_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sys.executable` is edgecheck there, which would refuse to run a program."""
    there = clients.Port("127.0.0.1", 1, "gw.local", False, tmp_path, False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for seen in (clients._python(there), clients._python(there, strict=True)):
        assert (seen.version, seen.verdict, seen.says) == ("", "unknown", "not on this machine")
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" || echo accept\n')
    python.chmod(0o755)
    seen = clients._python(there)
    assert (seen.client, seen.version, seen.verdict) == ("Python", "3.9.2", "accept")
