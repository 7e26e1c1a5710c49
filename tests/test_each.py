"""`--each`: every FILE is judged by itself, and told in a line; only what has findings in full."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

import edgecheck
from edgecheck import cli
from fixtures import stock
from fixtures.pki import pem
from tests.conftest import REPO

AT = ("--at", "2026-11-23T12:00:00Z")
SCHEMA = json.loads((REPO / "edgecheck/reporting/schema/report-v1.json").read_bytes())


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sound gateway, one of another name, one without its intermediate, and the root."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    gateway, other = stock.stock_15(), stock.stock_15(hostname="other.local")
    good = gateway.presented()
    Path("good.pem").write_bytes(pem(*good))
    Path("host.pem").write_bytes(pem(*other.presented()))
    Path("gap.pem").write_bytes(pem(good[0], *good[2:]))
    Path("root.pem").write_bytes(pem(*gateway.trust()))


KNOWN = ("--trust", "root.pem", "--hostname", stock.HOSTNAME, *AT)


def ran(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(["check", *arguments])
    out, err = capfd.readouterr()
    assert err == ""
    return status, out


def test_each_file_has_a_line_and_those_with_findings_a_report(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A sound one is told in its line alone; the reports come in the order of the files."""
    files = ("good.pem", "host.pem", "gap.pem")
    status, out = ran(capfd, *files, *KNOWN, "--each", "--ascii")
    assert status == 1
    lines = out.splitlines()
    assert lines[0].startswith("ok     good.pem | first expiry ")
    assert lines[1].startswith("error  host.pem | 1 error")
    assert lines[1].endswith(": hostname.not-in-san")
    assert lines[2].startswith("error  gap.pem  | 1 error")
    assert lines[3:5] == ["", "3 files: 2 with errors, 1 ok"]
    reports = out.split("-" * 100 + "\n")[1:]
    assert len(reports) == 2
    for text, name in zip(reports, ("host.pem", "gap.pem"), strict=True):
        alone = ran(capfd, name, *KNOWN, "--ascii")[1]
        assert text.rstrip("\n") == alone.rstrip("\n")


def test_the_status_is_that_of_the_worst(capfd: pytest.CaptureFixture[str]) -> None:
    assert ran(capfd, "good.pem", "good.pem", *KNOWN, "--each")[0] == 0
    assert ran(capfd, "good.pem", "host.pem", *KNOWN, "--each")[0] == 1
    assert ran(capfd, "host.pem", "good.pem", *KNOWN, "--each")[0] == 1
    assert ran(capfd, "host.pem", "good.pem", *KNOWN, "--each", "--fail-on", "never")[0] == 0
    assert ran(capfd, "good.pem", "host.pem", *KNOWN, "--each", "--quiet") == (1, "")


def test_as_json_it_is_a_list_of_reports(capfd: pytest.CaptureFixture[str]) -> None:
    """Each follows the schema, says which file it is about, and is what the library says."""
    status, out = ran(capfd, "good.pem", "host.pem", *KNOWN, "--each", "--format", "json")
    told = json.loads(out)
    assert status == 1
    assert [(one["source"], one["ok"]) for one in told] == [("good.pem", True), ("host.pem", False)]
    for one in told:
        assert list(Draft202012Validator(SCHEMA).iter_errors(one)) == []
        name = one.pop("source")
        report = edgecheck.check(
            edgecheck.Source(name, Path(name).read_bytes()),
            stock.HOSTNAME,
            edgecheck.Source("root.pem", Path("root.pem").read_bytes()),
            stock.NOW,
        )
        assert one == report.to_dict()


def test_all_files_are_judged_at_one_moment(capfd: pytest.CaptureFixture[str]) -> None:
    known = ("--trust", "root.pem")
    told = json.loads(ran(capfd, *["good.pem"] * 3, *known, "--each", "--format", "json")[1])
    assert len({one["expected"]["at"] for one in told}) == 1


def test_a_chain_that_was_not_validated_is_not_told_as_ok(
    capfd: pytest.CaptureFixture[str],
) -> None:
    status, out = ran(capfd, "good.pem", *AT, "--each", "--ascii")
    assert status == 0
    assert out.startswith("not validated  good.pem | no trust was given (--trust root.pem)")
    assert out.endswith("\n1 file: 1 not validated\n")


def test_a_line_says_who_refuses_a_chain_without_fault(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """As the one line of a single report does: quiet, and yet nothing is hidden."""
    Path("old.pem").write_bytes(pem(*stock.stock_12().presented()))
    Path("old-root.pem").write_bytes(pem(*stock.stock_12().trust()))
    known = ("--trust", "old-root.pem", "--hostname", stock.HOSTNAME, *AT)
    alone = ran(capfd, "old.pem", *known, "--ascii")[1].split("|")
    refused = next(part.strip() for part in alone if "refused by" in part)
    assert refused.split("\n")[0] in ran(capfd, "old.pem", *known, "--each", "--ascii")[1]


def test_verbose_shows_all_reports_and_notes(capfd: pytest.CaptureFixture[str]) -> None:
    _, out = ran(capfd, "good.pem", "host.pem", *KNOWN, "--each", "--ascii", "--verbose")
    assert len(out.split("-" * 100 + "\n")) == 3


def test_what_cannot_be_read_refuses_the_whole_request(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Half an answer would look like a whole one."""
    assert cli.main(["check", "good.pem", "missing.pem", *KNOWN, "--each"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "missing.pem" in err


def test_rules_that_do_not_fit_into_the_line_are_counted(
    capfd: pytest.CaptureFixture[str],
) -> None:
    demo = REPO / "fixtures/demo/broken-gateway"
    Path("broken.pem").write_bytes((demo / "chain.pem").read_bytes())
    line = ran(capfd, "broken.pem", *KNOWN, "--each", "--ascii")[1].splitlines()[0]
    assert len(line) <= 100
    assert " more" in line


def test_several_files_with_a_server_each_get_a_hint(capfd: pytest.CaptureFixture[str]) -> None:
    """Two of them are not judged otherwise, and nobody notices."""
    out = " ".join(ran(capfd, "good.pem", "host.pem", *KNOWN)[1].split())
    assert "a server certificate of its own: good.pem, host.pem." in out
    assert "--each judges each file by itself." in out


@pytest.mark.parametrize(
    "files",
    [("good.pem",), ("good.pem", "root.pem"), ("good.pem", "good.pem"), ("root.pem", "root.pem")],
)
def test_files_of_one_gateway_get_no_hint(
    files: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    """Nor do files that are judged by themselves already."""
    assert "--each" not in ran(capfd, *files, *KNOWN)[1]
    assert "--each" not in ran(capfd, "good.pem", "host.pem", *KNOWN, "--each")[1]
