"""The pages about rules: up to date, true, and safe from what certificates say."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from edgecheck import BUILT_IN
from edgecheck.explaining.symptoms import SYMPTOMS
from fixtures.expected import FIXTURES, folders
from tools import make_docs
from tools.markdown import anchors

pytestmark = pytest.mark.xdist_group("docs")  # a page is made once in a process

REPO = Path(__file__).resolve().parents[2]
DOCS = sorted((REPO / "docs").glob("**/*.md"))


def test_committed_pages_are_what_the_rules_say_in_another_process() -> None:
    """Running the tool afresh would change no page."""
    command = [sys.executable, str(REPO / "tools" / "make_docs.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_rule_has_a_page_and_a_line_in_the_index() -> None:
    pages = make_docs.pages()
    index = pages[make_docs.RULES / "index.md"]
    assert len(pages) == len(BUILT_IN) + len(SYMPTOMS) + 8
    for rule in BUILT_IN:
        assert rule.title.split("`")[0] in index
        assert f"({rule.family}/{rule.id.partition('.')[2]}.md)" in index


def test_every_rule_is_listed_by_role_and_every_text_by_symptom() -> None:
    """Each at least once, with a link to its page."""
    pages = make_docs.pages()
    roles = pages[make_docs.RULES / "by-role.md"]
    seen = pages[make_docs.RULES.parent / "symptoms.md"]
    for rule in BUILT_IN:
        place = f"{rule.family}/{rule.id.partition('.')[2]}.md)"
        assert f"(./{place}" in roles, rule.id
        assert bool(rule.symptoms) == (f"(rules/{place}" in seen), rule.id
        for text in rule.symptoms:
            assert text in seen


@pytest.mark.parametrize("path", DOCS, ids=[path.relative_to(REPO).as_posix() for path in DOCS])
def test_links_lead_somewhere(path: Path) -> None:
    """Those to files, as committed, and to headings in them."""
    text = re.sub(r"(?ms)^(`{3,})\w*\n.*?^\1$", "", path.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith("https://"):
            file, _, heading = target.partition("#")
            there = path.parent / file if file else path
            assert there.is_file(), target
            if heading and there.suffix == ".md":
                assert heading in anchors(there.read_text(encoding="utf-8")), target


def with_example() -> list[str]:
    """Rules whose example is what a command prints."""
    known = set(folders())
    return [rule.id for rule in BUILT_IN if FIXTURES.joinpath(*rule.id.split(".")) in known]


@pytest.mark.parametrize("rule_id", with_example())
def test_the_command_of_an_example_prints_the_example(
    rule_id: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied from the page into a shell at the root of the repository."""
    from edgecheck.cli import main

    page = make_docs.page(BUILT_IN[rule_id])
    found = re.search(r"```sh\n(.*?)\n```\n\n(`{3,})text\n(.*?)\n\2\n", page, re.DOTALL)
    if found is None:
        assert "command line cannot be told" in page
        return
    command, _, printed = found.groups()
    name, *arguments = shlex.split(command.replace("\\\n", ""))
    assert name == "edgecheck"
    monkeypatch.chdir(REPO)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "100")  # the width of the pages
    status = main(arguments)
    assert capsys.readouterr() == (printed + "\n", "")
    assert status in (0, 1)
    assert rule_id in printed


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for the pages, filled."""
    monkeypatch.setattr(make_docs, "RULES", tmp_path / "docs" / "rules")
    assert make_docs.main([]) == 0
    return tmp_path / "docs" / "rules"


def test_the_tool_writes_what_it_checks(docs: Path) -> None:
    assert (docs / "ca" / "not-a-ca.md").is_file()
    assert make_docs.main(["--check"]) == 0


def test_the_check_lists_all_that_is_not_as_made(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Missing, different and stray pages are named, and none is touched."""
    (docs / "index.md").write_text("changed")
    (docs / "ca" / "not-a-ca.md").unlink()
    (docs / "ca" / "gone.md").touch()
    capsys.readouterr()
    assert make_docs.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "belongs to no rule: docs/rules/ca/gone.md",
        "differs: docs/rules/index.md",
        "missing: docs/rules/ca/not-a-ca.md",
    ]
    assert (docs / "index.md").read_text() == "changed"


@pytest.mark.parametrize("text", ["plain", "```", "a\n```\n# heading", "````` and ```", "`"])
def test_nothing_breaks_out_of_a_fence(text: str) -> None:
    """The fence is longer than every run of its sign inside."""
    first, *inside, last = make_docs.fenced(text, "text")
    assert first == last + "text"
    assert set(last) == {"`"}
    assert "\n".join(inside) == text
    assert all(last not in line for line in inside)


def test_nothing_breaks_out_of_a_cell_or_a_line() -> None:
    assert make_docs.table(["a|b"], []) == ["| a\\|b |", "| --- |"]
    assert make_docs.inline("`a[<b>]` <b> [c](d)") == r"`a[<b>]` \<b> \[c\](d)"


def test_the_ids_of_other_rules_become_links() -> None:
    here = BUILT_IN["ca.not-a-ca"]
    assert make_docs.inline("`ca.not-a-ca` `ca.none`", here) == "`ca.not-a-ca` `ca.none`"
    said = make_docs.inline("see `ca.no-cert-sign`", here)
    assert said == "see [`ca.no-cert-sign`](no-cert-sign.md)"
