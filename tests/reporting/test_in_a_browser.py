"""The page in a real browser: it renders without a complaint, and asks for nothing."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import edgecheck
from edgecheck.reporting.document.build import document
from edgecheck.reporting.html.page import Part, page
from fixtures import der, stock
from fixtures.expected import FIXTURES, report_of
from fixtures.pki import pem, subject_alt_name
from tests.browser import Browser, browser

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("browser")]
DEMO = FIXTURES / "demo" / "broken-gateway"
GOOD = FIXTURES / "good" / "runtime-1-5-rsa"
LOOP = FIXTURES / "chain" / "issuer-loop--way-out"
HOSTILE = "<script>document.title='taken'</script>"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests of this file."""
    with browser(tmp_path_factory.mktemp("browser")) as started:
        yield started


def written(folder: Path, text: str) -> Path:
    file = folder / "report.html"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def demo(shown: Browser, tmp_path: Path) -> Browser:
    """The page about the broken gateway, open at the width of a desk."""
    shown.open(written(tmp_path, report_of(DEMO).to_html()))
    return shown


def colours(png: bytes) -> set[bytes]:
    """The different pixels of a picture; only of what browsers write (8 bits a channel, RGB)."""
    width, _, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert depth == 8
    size = {2: 3, 6: 4}[kind]
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    raw, row = zlib.decompress(data), width * size + 1
    lines = (raw[start + 1 : start + row] for start in range(0, len(raw), row))
    return {line[x : x + size] for line in lines for x in range(0, len(line), size)}


@pytest.mark.parametrize("folder", [DEMO, GOOD, LOOP], ids=["broken", "healthy", "circle"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_renders(shown: Browser, tmp_path: Path, folder: Path, width: int, dark: bool) -> None:
    """On a phone and on a desk, light and dark: no complaint, no request, nothing beside the page.

    What is drawn is drawn, and the ground is as bright as was asked for.
    """
    file = written(tmp_path, report_of(folder).to_html())
    shown.open(file, width, dark=dark)
    picture = shown.picture(tmp_path / "page.png", whole=False)
    assert len(colours(picture)) > 20
    assert shown.complaints == []
    assert [each for each in shown.requests if each != "about:blank"] == [file.as_uri()]
    assert shown.run("document.documentElement.scrollWidth") == width
    ground = shown.run("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(15, 19, 24)" if dark else "rgb(245, 246, 248)")
    drawn = (
        "[...document.querySelectorAll('svg.drawing > svg')].map(s => s.getBoundingClientRect())"
    )
    assert shown.run(f"{drawn}.every(r => r.width > 200 && r.height > 25)")


def test_the_first_screen_of_a_phone_says_what_is_wrong(shown: Browser, tmp_path: Path) -> None:
    """What is wrong, what to do first and who refuses end above the lower edge."""
    shown.open(written(tmp_path, report_of(DEMO).to_html()), 390, 844)
    end = "document.querySelector('.first').getBoundingClientRect().bottom"
    assert shown.run(end) < 844


def test_a_script_in_a_common_name_is_text(shown: Browser, tmp_path: Path) -> None:
    """It does not run, and can be read in the page and in the drawing."""
    gateway = stock.stock_15("ec")
    for role in gateway:
        gateway = gateway.change(role, subject=der.name_der(HOSTILE))
    gateway = gateway.with_extension("server", subject_alt_name(dns=[HOSTILE, stock.HOSTNAME]))
    report = edgecheck.check(
        pem(*gateway.presented()), stock.HOSTNAME, pem(*gateway.trust()), at=stock.NOW
    )
    shown.open(written(tmp_path, report.to_html()))
    assert shown.run("document.title").endswith(" - edgecheck")
    assert shown.complaints == []
    assert shown.run("document.scripts.length") == 1
    assert shown.run(f"document.body.innerText.includes({HOSTILE!r})")
    assert "<script>" in shown.run("document.querySelector('svg.drawing').textContent")


def test_what_is_not_ours_cannot_run(shown: Browser, tmp_path: Path) -> None:
    """Were there a script or a style in the page all the same, the policy would stop it."""
    broken = report_of(DEMO).to_html()
    for bad in ("<script>document.title='taken'</script>", "<p style='display:none'>", HOSTILE):
        shown.open(written(tmp_path, broken.replace('<main id="main">', f'<main id="main">{bad}')))
        assert shown.run("document.title") == "error: chain.pem - edgecheck"
        assert "Content Security Policy" in " ".join(shown.complaints)


def test_folds_open_with_the_keyboard(demo: Browser) -> None:
    """A finding is a summary that takes the focus, and Enter opens it; the focus can be seen."""
    fold = "document.querySelectorAll('details.finding')[1]"
    assert demo.run(f"{fold}.open") is False
    demo.run(f"{fold}.querySelector('summary').focus({{focusVisible: true}})")
    outline = demo.run("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    demo.press("Enter", 13)
    assert demo.run(f"{fold}.open") is True
    demo.press("Tab", 9)
    assert demo.run(f"{fold}.contains(document.activeElement)")


def test_all_findings_open_and_close_at_once(demo: Browser) -> None:
    """By a button that says what it will do next."""
    opened = "[...document.querySelectorAll('details.finding')].filter(each => each.open).length"
    assert demo.run(opened) == 1  # the error
    demo.run("document.querySelector('button.all').click()")
    assert demo.run(opened) == 5
    assert demo.run("document.querySelector('button.all').textContent") == "Close all"
    demo.run("document.querySelector('button.all').click()")
    assert demo.run(opened) == 0


def test_clients_can_be_filtered(demo: Browser) -> None:
    """By words, by what they do and by tier; how many are left is told."""
    rows = "[...document.querySelectorAll('.matrix tbody tr')].filter(row => !row.hidden)"
    count = "document.querySelector('.count').textContent"
    assert demo.run("document.querySelector('.filter').hidden") is False
    every = demo.run(f"{rows}.length")
    assert demo.run(count) == f"{every} of {every} clients"

    def choose(part: str, event: str) -> int:
        demo.run(f"(() => {{ const f = document.querySelector('.filter'); {part} }})()")
        demo.run(f"document.querySelector('.filter {event}")
        left: int = demo.run(f"{rows}.length")
        assert demo.run(count) == f"{left} of {every} clients"
        return left

    picked = "select').dispatchEvent(new Event('change'))"
    assert choose("f.querySelector('select').value = 'accept'", picked) == 1
    assert "Node.js 8" in demo.run(f"{rows}[0].textContent")
    refusing = choose("f.querySelector('select').value = 'reject'", picked)
    assert refusing == every - 1
    of_tier = choose(
        "f.querySelector('.tier').checked = true", ".tier').dispatchEvent(new Event('change'))"
    )
    assert 0 < of_tier < refusing
    typed = "input[type=search]').dispatchEvent(new Event('input'))"
    named = choose("f.querySelector('input').value = 'MQTT.js'", typed)
    assert named == 1
    assert choose("f.querySelector('input').value = 'no such client'", typed) == 0


def test_links_lead_into_folds(demo: Browser) -> None:
    """To a certificate in detail, which is open then."""
    demo.run("document.querySelector('.finding .facts a').click()")
    demo.run("new Promise(done => setTimeout(done, 50))")
    assert demo.run("document.querySelector(location.hash).open") is True


def test_pem_can_be_copied(demo: Browser) -> None:
    """The button is there with the script alone, and marks the text where nothing can be copied."""
    demo.run("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    button = "document.querySelector('details.certificate button.copy')"
    assert demo.run(f"{button}.hidden") is False
    demo.run("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    demo.run(f"{button}.click()")
    told = demo.run("getSelection().toString()")
    assert told.startswith("-----BEGIN CERTIFICATE-----\n")
    assert told.strip().endswith("-----END CERTIFICATE-----")


def test_it_can_be_read_without_scripts(shown: Browser, tmp_path: Path) -> None:
    """All is there and folds work; what needs a script is not shown."""
    shown.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        shown.open(written(tmp_path, report_of(DEMO).to_html()))
        assert shown.run("document.querySelector('.filter').hidden") is True
        assert shown.run("document.querySelector('button.all').hidden") is True
        fold = "document.querySelectorAll('details.finding')[1]"
        shown.run(f"{fold}.querySelector('summary').click()")
        assert shown.run(f"{fold}.open") is True
    finally:
        shown.call("Emulation.setScriptExecutionDisabled", value=False)


def test_on_paper_all_is_open_and_light(demo: Browser) -> None:
    """Folds are open, and what only a screen needs is left out."""
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    demo.call("Emulation.setEmulatedMedia", media="print", features=dark)
    fold = "document.querySelectorAll('details.finding')[2]"
    assert demo.run(f"{fold}.open") is False  # that is the style sheet alone
    assert demo.run(f"{fold}.querySelector('.body').checkVisibility()")
    assert demo.run("getComputedStyle(document.querySelector('.jump')).display") == "none"
    assert demo.run("getComputedStyle(document.querySelector('button')).display") == "none"
    ink = demo.run("getComputedStyle(document.querySelector('h1')).color")
    assert ink == "rgb(26, 33, 45)"
    assert demo.call("Page.printToPDF")["data"]


def test_a_page_of_several_leads_to_each(shown: Browser, tmp_path: Path) -> None:
    """A click in the list opens the report's fold."""
    parts = [Part(name, document(report_of(folder))) for name, folder in (("a", GOOD), ("b", DEMO))]
    shown.open(written(tmp_path, page(parts, "file")))
    assert shown.complaints == []
    assert shown.run("document.querySelectorAll('details.whole[open]').length") == 0
    shown.run("document.querySelector('.index a').click()")
    shown.run("new Promise(done => setTimeout(done, 50))")
    assert shown.run("document.querySelector('details.whole').open") is True
    assert shown.run("document.documentElement.scrollWidth") == 1280


def test_a_drawing_renders_as_a_file(shown: Browser, tmp_path: Path) -> None:
    """As `--format svg` writes it, light and dark."""
    file = tmp_path / "report.svg"
    file.write_text(report_of(LOOP).to_svg(), encoding="utf-8")
    seen = set()
    for dark in (False, True):
        shown.open(file, dark=dark)
        assert shown.complaints == []
        seen.add(shown.run("getComputedStyle(document.querySelector('.d-ground')).fill"))
    assert seen == {"rgb(255, 255, 255)", "rgb(23, 28, 35)"}
