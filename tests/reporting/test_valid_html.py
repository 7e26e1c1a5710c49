"""A checker of HTML that is not ours (the W3C's Nu Html Checker) has nothing against the pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from edgecheck.reporting.document.build import document
from edgecheck.reporting.html.page import Part, page
from fixtures.expected import FIXTURES, folders, report_of
from tests.conftest import VNU

EVERY = 12
"""Of so many fixtures the page of one is checked."""


@pytest.mark.java
@pytest.mark.vnu
def test_the_checker_has_nothing_against_pages_and_drawings(tmp_path: Path) -> None:
    """Errors and warnings; but that it does not know a policy's hash for the style sheet's."""
    chosen = [*folders()[::EVERY], FIXTURES / "demo" / "broken-gateway"]
    for number, folder in enumerate(chosen):
        (tmp_path / f"{number}.html").write_text(report_of(folder).to_html(), encoding="utf-8")
        (tmp_path / f"{number}.svg").write_text(report_of(folder).to_svg(), encoding="utf-8")
    parts = [Part(folder.name, document(report_of(folder))) for folder in chosen[:5]]
    absent = Part("gw:8883", None, why="the connection was refused")
    (tmp_path / "several.html").write_text(page([*parts, absent]), encoding="utf-8")
    unaware = "Inline (style|script) violates Content Security Policy.*"
    asked = ["--format", "text", "--also-check-svg", "--filterpattern", unaware, str(tmp_path)]
    checked = subprocess.run(
        ["java", "-jar", Path(sys.prefix) / VNU, *asked],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert checked.stderr.strip() == "Document checking completed. No errors found."
    assert checked.returncode == 0
