"""Pictures are made from reports: they change with them, and text in them stays text."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tools import make_pictures
from tools.pictures import terminal
from tools.schema_page import OWN, REF, UNITS, _is_object, numbers

pytestmark = pytest.mark.xdist_group("docs")


def test_committed_pictures_are_what_reports_look_like() -> None:
    """A change of the report that makes one differ fails, as in `make check`."""
    assert make_pictures.main(["--check"]) == 0


def test_a_picture_that_differs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "docs" / "pictures"
    monkeypatch.setattr(make_pictures, "PICTURES", folder)
    monkeypatch.setattr(make_pictures, "ROOT", tmp_path)
    monkeypatch.setattr(make_pictures, "pictures", lambda: {"a.svg": "new"})
    folder.mkdir(parents=True)
    (folder / "a.svg").write_text("old")
    (folder / "b.svg").touch()
    assert make_pictures.main(["--check"]) == 1
    assert capsys.readouterr().out == "belongs to nothing: b.svg\ndiffers: docs/pictures/a.svg\n"
    assert make_pictures.main([]) == 1  # the stray one is left for a person to remove
    assert (folder / "a.svg").read_text() == "new"


def test_every_picture_is_xml_and_says_what_it_shows() -> None:
    for path in sorted(make_pictures.PICTURES.glob("*.svg")):
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert root.findtext("{http://www.w3.org/2000/svg}title")


def test_colours_become_fills_and_markup_stays_text() -> None:
    drawn = terminal.drawn(["\x1b[1;31merror\x1b[0m: <b>&"], "told")
    root = ElementTree.fromstring(drawn)
    texts = [(each.text, each.get("fill")) for each in root.iter() if each.tag.endswith("}text")]
    assert texts == [("error", terminal.COLOURS["31"]), (": <b>&", terminal.INK)]


def test_every_number_of_the_schema_has_a_unit() -> None:
    """And every definition that is an object has a section of its own to lead to."""
    import json

    from tests.conftest import REPO
    from tools.schema_page import SCHEMA

    schema = json.loads((REPO / SCHEMA).read_text(encoding="utf-8"))
    assert set(numbers(schema)) <= set(UNITS)
    assert {name for name, node in schema["$defs"].items() if _is_object(node)} == OWN
    assert REF == "#/$defs/"
