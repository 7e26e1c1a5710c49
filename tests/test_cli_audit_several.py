"""`edgecheck audit` of several gateways: each is judged by itself, and told as `--each` does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from edgecheck import cli
from fixtures.expected import FIXTURES
from fixtures.trees import planted
from tests.conftest import REPO

SCHEMA = json.loads((REPO / "edgecheck/reporting/schema/report-v1.json").read_bytes())
KNOWN = ("--runtime", "1.5", "--at", "2026-11-23T12:00:00Z")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two sound gateways, and one whose key is another's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name, path in (("a", "good-15"), ("b", "key-mismatch"), ("c", "good-16")):
        planted(FIXTURES / "devices" / path, Path(name))


def ran(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = cli.main(["audit", *arguments, *KNOWN])
    out, err = capfd.readouterr()
    assert err == ""
    return status, out


def test_each_gateway_has_a_line_and_those_with_findings_a_report_and_its_files(
    capfd: pytest.CaptureFixture[str],
) -> None:
    status, out = ran(capfd, "a", "b", "c", "--ascii")
    assert status == 1
    lines = out.splitlines()
    assert lines[0].startswith("ok     a | first expiry ")
    assert lines[1] == "error  b | 1 error: device.key-mismatch"
    assert lines[2].startswith("ok     c | first expiry ")
    assert lines[3:5] == ["", "3 gateways: 1 with errors, 2 ok"]
    (report,) = out.split("-" * 100 + "\n")[1:]
    assert report == ran(capfd, "b", "--ascii")[1]
    assert "\nFiles:\n" in report


def test_verbose_shows_every_gateway_with_its_files(capfd: pytest.CaptureFixture[str]) -> None:
    _, out = ran(capfd, "a", "c", "--ascii", "--verbose")
    assert len(out.split("-" * 100 + "\n")) == 3
    assert out.count("\nFiles:\n") == 2


def test_the_status_is_that_of_the_worst(capfd: pytest.CaptureFixture[str]) -> None:
    assert ran(capfd, "a", "c")[0] == 0
    assert ran(capfd, "a", "b")[0] == ran(capfd, "b", "a")[0] == 1
    assert ran(capfd, "b", "a", "--fail-on", "never")[0] == 0
    assert ran(capfd, "a", "b", "--quiet") == (1, "")


def test_as_json_it_is_a_list_of_what_each_says_alone(capfd: pytest.CaptureFixture[str]) -> None:
    """Each follows the schema, and names the path that was given."""
    told = json.loads(ran(capfd, "a", "b", "--format", "json")[1])
    assert [(one["source"], one["ok"]) for one in told] == [("a", True), ("b", False)]
    for one in told:
        assert list(Draft202012Validator(SCHEMA).iter_errors(one)) == []
        name = one.pop("source")
        assert one == json.loads(ran(capfd, name, "--format", "json")[1])


def test_all_gateways_are_judged_at_one_moment(capfd: pytest.CaptureFixture[str]) -> None:
    cli.main(["audit", "a", "c", "a", "--runtime", "1.5", "--format", "json"])
    told = json.loads(capfd.readouterr().out)
    assert len({one["expected"]["at"] for one in told}) == 1


def test_a_page_begins_with_a_list_of_gateways_the_worst_first(
    capfd: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("jinja2")
    page = ran(capfd, "a", "b", "c", "--format", "html")[1]
    assert "3 gateways" in page
    rows = [page.index(f'href="#r{number}"') for number in (1, 2, 3)]
    assert rows == sorted(rows)
    first = page[rows[0] : rows[1]]
    assert ">b<" in first and "device.key-mismatch" in page


def test_markdown_has_a_document_for_each(capfd: pytest.CaptureFixture[str]) -> None:
    text = ran(capfd, "a", "b", "--format", "markdown")[1]
    assert text.count("# edgecheck: ") == 2
    assert "\n---\n" in text


def test_redacted_no_name_is_left_and_one_name_has_one_pseudonym(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The same host name in two gateways is seen to be the same."""
    told = json.loads(ran(capfd, "a", "b", "--format", "json", "--redact")[1])
    assert told[0]["expected"]["hostname"] == told[1]["expected"]["hostname"]
    assert "iotedgegw" not in json.dumps(told)
    assert "iotedgegw" not in ran(capfd, "a", "b", "--redact")[1]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--root", "a"),
        ("--connect", "localhost:1"),
        ("--presented", "a"),
        ("--hostname", "gw"),
        ("--gateway-host-name", "gw"),
        ("--connection-string", "a"),
        ("--machine-name", "gw"),
        ("--device-id", "gw"),
    ],
)
def test_what_is_true_of_one_gateway_alone_is_refused_for_several(
    option: str, value: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Told of all, it would raise false alarms about all but one; nothing is opened before."""
    assert cli.main(["audit", "a", "c", option, value, *KNOWN]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"edgecheck: {option} is about one gateway, and several are named; ")


def test_what_is_the_same_for_all_is_told_of_each(capfd: pytest.CaptureFixture[str]) -> None:
    """Trust, and a time at which both have ended."""
    given = ("--trust", "a/etc/aziot/certificates/root.pem", "--expires-within", "36500")
    told = json.loads(ran(capfd, "a", "c", *given, "--format", "json")[1])
    for one in told:
        assert len(one["expected"]["trust"]) == 1
        assert one["expected"]["validation"]["expires_within"] == 36500


@pytest.mark.parametrize("path", ["none", "empty", "shut.zip"])
def test_a_gateway_that_cannot_be_read_is_named_and_refuses_the_whole_request(
    path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Half an answer would look like a whole one."""
    Path("empty").mkdir()
    Path("shut.zip").write_bytes(b"PK\x03\x04")
    assert cli.main(["audit", "a", path, *KNOWN]) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert path in err


def test_a_configuration_that_cannot_be_read_is_told_with_its_gateway(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The path on the gateway alone would not say in which of them it is."""
    Path("c/etc/aziot/config.toml").write_bytes(b"\xff\xfeh\0")
    assert cli.main(["audit", "a", "c", *KNOWN]) == 2
    assert capfd.readouterr().err.startswith("edgecheck: c: /etc/aziot/config.toml is UTF-16; ")


def test_no_page_is_written_over_a_file_of_any_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    for gateway in ("a", "c"):
        path = f"{gateway}/etc/aziot/config.toml"
        before = Path(path).read_bytes()
        assert cli.main(["audit", "a", "c", *KNOWN, "-o", path]) == 2
        assert Path(path).read_bytes() == before
    assert "is what was read" in capfd.readouterr().err


def test_a_folder_of_gateways_is_answered_with_how_to_name_each(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Else people read that the folder they are in is the wrong one, and look for another."""
    Path("plant").mkdir()
    Path("plant/notes").mkdir()
    Path("a").rename("plant/a")
    assert cli.main(["audit", "plant/", *KNOWN]) == 2
    assert "there is 1 gateway below it: name each, as in plant/*" in capfd.readouterr().err
    Path("b").rename("plant/b")
    assert cli.main(["audit", "plant", *KNOWN]) == 2
    assert "there are 2 gateways below it: name each, as in plant/*" in capfd.readouterr().err
