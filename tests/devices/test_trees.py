"""Whole gateways are audited as somebody would: what is found is what was meant, and no secret.

`audit.toml` of each folder in fixtures/devices is written by hand:

    runtime = "1.5"
    time_t = "32"                       # may be left out, as the next ones
    at = 2026-12-01T12:00:00Z           # where it is not 2026-11-23, noon
    gateway_host_names = ["gw"]
    argues = "why a good gateway is warned of"
    notes = ["device.changes-hands"]    # findings of severity info, each as often as it is found
    [[findings]]                        # all others, but those that follow from another
    rule = "validity.expired"
    severity = "error"
    at = "/etc/aziot/ca.pem"            # a file that it is located in, or a role

`presented.pem` and `connection.txt` are given where they lie there.
"""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgecheck import cli
from fixtures.expected import FIXTURES
from fixtures.private_keys import FOLDER as KEYS
from fixtures.trees import SECRET, planted

DEVICES = FIXTURES / "devices"
TREES = sorted(path.parent for path in DEVICES.glob("*/audit.toml"))
each_tree = pytest.mark.parametrize("folder", TREES, ids=[folder.name for folder in TREES])
AT = "2026-11-23T12:00:00Z"
BESIDE = {"--presented": "presented.pem", "--connection-string": "connection.txt"}


def arguments(folder: Path, root: Path) -> list[str]:
    """The command for one tree, which is planted below a root."""
    told = tomllib.loads((folder / "audit.toml").read_text(encoding="utf-8"))
    planted(folder, root)
    at = told["at"].isoformat() if "at" in told else AT
    asked = ["audit", str(root), "--root", str(root), "--runtime", told["runtime"], "--at", at]
    if "time_t" in told:
        asked += ["--time-t", told["time_t"]]
    for name in told.get("gateway_host_names", ()):
        asked += ["--gateway-host-name", name]
    for option, name in (
        ("--presented", "presented.pem"),
        ("--connection-string", "connection.txt"),
    ):
        if (folder / name).exists():
            asked += [option, str(folder / name)]
    return asked


def expected(folder: Path) -> tuple[list[dict[str, str]], Counter[str]]:
    told = tomllib.loads((folder / "audit.toml").read_text(encoding="utf-8"))
    return told.get("findings", []), Counter(told["notes"])


def places(finding: dict[str, Any]) -> Iterator[str]:
    """Where a finding says that it is."""
    yield from (location["source"] for location in finding["locations"])
    if finding["role"]:
        yield finding["role"]


def test_there_are_good_ones_of_every_runtime_and_faults_enough() -> None:
    names = [folder.name for folder in TREES]
    good = [name for name in names if name.startswith("good-")]
    assert {name.split("-")[1] for name in good} >= {"11", "12", "14", "15", "16"}
    assert len(names) - len(good) >= 30
    assert {path.parent.parent for path in DEVICES.glob("*/root/etc")} == set(TREES)


@each_tree
def test_what_is_found_is_what_was_meant(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both ways, on the right file or certificate; a finding that follows is not counted."""
    status = cli.main([*arguments(folder, tmp_path / "gw"), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    found = [finding for finding in report["findings"] if finding["caused_by"] is None]
    wanted, notes = expected(folder)
    worse = [finding for finding in found if finding["severity"] != "info"]
    said = Counter((finding["rule"], finding["severity"]) for finding in worse)
    assert said == Counter((one["rule"], one["severity"]) for one in wanted)
    for one in wanted:
        there = [at for f in worse if f["rule"] == one["rule"] for at in places(f)]
        assert one["at"] in there, (one, there)
    assert Counter(f["rule"] for f in found if f["severity"] == "info") == notes
    assert status == int(any(one["severity"] == "error" for one in wanted))


@each_tree
def test_a_good_gateway_is_one_quiet_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And one with a fault is not; the tables of names and files come with faults alone."""
    cli.main(arguments(folder, tmp_path / "gw"))
    text = capsys.readouterr().out
    assert text.startswith("ok") == (not expected(folder)[0])
    assert ("\nNames:\n" in text) == bool(expected(folder)[0])
    told = tomllib.loads((folder / "audit.toml").read_text(encoding="utf-8"))
    if folder.name.startswith("good-"):
        assert bool(expected(folder)[0]) == ("argues" in told)


@each_tree
def test_no_secret_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a symmetric key nor a piece of a private one, a password, or the PIN of a token."""
    asked = arguments(folder, tmp_path / "gw")
    secrets = [SECRET, "987654", *pieces_of_keys(folder), *pieces_of_keys(KEYS)]
    for more in (["--format", "json"], ["-v"]):
        cli.main([*asked, *more])
        said = "".join(capsys.readouterr())
        assert [secret for secret in secrets if secret in said] == []


@functools.cache
def pieces_of_keys(folder: Path) -> set[str]:
    """The lines of every private key in the files of a folder, in PEM or in something like it."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    keys = (body for data in files for body in _KEY.findall(data))
    return {line.decode() for body in keys for line in re.findall(rb"[A-Za-z0-9+/=]{21,}", body)}


_KEY = re.compile(rb"BEGIN [A-Z ]*PRIVATE KEY-----(.*?)-----END", re.DOTALL)


def test_the_keys_of_trees_are_found() -> None:
    """So that the test above means something: tools write them in three forms, and with text."""
    for name in ("good-12-keytool", "good-15-cfssl", "good-15-iotedgehubdev", "key-encrypted"):
        assert len(pieces_of_keys(DEVICES / name)) > 1
