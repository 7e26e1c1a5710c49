"""What the line about a sound gateway says where its copy has lost who may read the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgecheck import cli
from fixtures.trees import toml_gateway
from tests.test_cli_audit import AT, GATEWAY, plant

REMARK = "not judged: who can read the files (--verbose)"


def verdict(root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The first paragraph, in one line."""
    assert cli.main(["audit", str(root), "--runtime", "1.5", *AT]) == 0
    return " ".join(capsys.readouterr().out.partition("\n\n")[0].split())


def test_a_copy_without_its_modes_says_what_was_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As git and many a zip leave it: everybody reads everything, keys too. It is no fault."""
    root = plant(toml_gateway(GATEWAY), tmp_path)
    for path in root.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    told = verdict(root, capsys)
    assert told.startswith("ok") and REMARK in told


def test_a_gateway_with_its_modes_stays_one_quiet_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where they are known, nothing of it is said."""
    told = verdict(plant(toml_gateway(GATEWAY), tmp_path), capsys)
    assert told.startswith("ok") and "not judged" not in told
