"""The audit of a whole gateway can be posted: it says the same, and not whose gateway it is."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from edgecheck import cli
from edgecheck.reporting.redacting.public import vocabulary
from fixtures.expected import FIXTURES
from fixtures.trees import planted

DEVICES = FIXTURES / "devices"
TREES = sorted(path.parent for path in DEVICES.glob("*/audit.toml"))
SOME = TREES if os.environ.get("EDGECHECK_LONG") else TREES[::4]
STRING = re.compile(r"""["']([^"'\n]+)["']|^[^#\n]*?[:=] *([^"'\s#][^\n#]*)$""", re.MULTILINE)
WORD = re.compile(r"[^\W_]{4,}")
HUB = re.compile(r"(?:HostName|DeviceId|GatewayHostName)=([^;\s\"']+)")


@pytest.mark.parametrize("folder", SOME, ids=[folder.name for folder in SOME])
def test_an_audit_keeps_what_is_wrong_and_loses_whose_it_is(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, told = (
        ran(folder, tmp_path / "1", (), capsys),
        ran(folder, tmp_path / "2", ("--redact",), capsys),
    )
    rules = [[(f["rule"], f["severity"], f["role"]) for f in json.loads(each)["findings"]]
             for each in (plain, told)]  # fmt: skip
    assert rules[0] == rules[1]
    assert json.loads(plain)["passed"] == json.loads(told)["passed"]
    text = ran(folder, tmp_path / "3", ("--redact", "-v", "--format", "text"), capsys)
    telling = said(folder) - vocabulary()
    assert {word.lower() for word in WORD.findall(plain)} & telling, "it is there otherwise"
    for written in ("\n".join(strings(json.loads(told))), text):
        assert {word.lower() for word in WORD.findall(written)} & telling == set()


def ran(folder: Path, root: Path, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    asked = tomllib.loads((folder / "audit.toml").read_text(encoding="utf-8"))
    planted(folder, root)
    at = asked["at"].isoformat() if "at" in asked else "2026-11-23T12:00:00Z"
    arguments = ["audit", str(root), "--root", str(root), "--runtime", asked["runtime"]]
    arguments += ["--at", at, "--format", "json", *more]
    for name in asked.get("gateway_host_names", ()):
        arguments += ["--gateway-host-name", name]
    for option, name in (
        ("--presented", "presented.pem"),
        ("--connection-string", "connection.txt"),
    ):
        if (folder / name).exists():
            arguments += [option, str(folder / name)]
    assert cli.main(arguments) in (0, 1)
    return capsys.readouterr().out


def said(folder: Path) -> set[str]:
    """Words of what the files of a gateway say, in lower case."""
    found: set[str] = set()
    for file in (*folder.rglob("*.toml"), *folder.rglob("*.yaml"), *folder.rglob("*.txt")):
        if file.name == "audit.toml":
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        values = [one or other for one, other in STRING.findall(text)] + HUB.findall(text)
        found |= {word.lower() for value in values for word in WORD.findall(value)}
    return {word for word in found if not word.isdigit()}


def strings(value: Any, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [text for name, item in value.items() for text in (name, *strings(item, name))]
    if isinstance(value, list):
        return [text for item in value for text in strings(item, key)]
    return [value] if isinstance(value, str) and key not in ("text", "url", "openssl") else []
