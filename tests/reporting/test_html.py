"""The page: the same findings, valid, self-contained, and safe whatever a certificate says."""

from __future__ import annotations

import base64
import hashlib
import pickle
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import edgecheck
from edgecheck.reporting.document.blocks import Document
from edgecheck.reporting.document.build import document
from edgecheck.reporting.html import page as pages
from edgecheck.reporting.html.page import Part, page
from edgecheck.reporting.html.text import prose, sentence, with_code
from edgecheck.reporting.palette import ON
from fixtures.expected import FIXTURES, folders, report_of
from tests.examples import some
from tests.fuzzing.demands import UNSAFE

FOLDERS = some(folders())
DEMO = FIXTURES / "demo" / "broken-gateway"
GOOD = FIXTURES / "good" / "runtime-1-5-rsa"
TOLD = re.compile(r'data-finding="([^"]+)" data-severity="([^"]+)"')
HOSTILE = (
    "<script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "]]><!-- --><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include 'report.js' %}",
    "javascript:alert(1)",
    "\u202etxt.exe\u2066\u200b\x1b[2J\x00",
    "`<b>`",
    "</title></desc></svg>",
    "- <i>item</i>",
    "    <pre>",
    "&lt;b&gt;&#60;",
    "\ud800\ufffe\uffff",
)
MARKERS = (
    "severity",
    "tone",
    "verdict",
    "signature",
    "basis",
    "sha256",
    "child",
    "issuer",
    "state",
)
"""Fields that hold words of ours which a renderer looks up."""
Element = Any


def parsed(text: str) -> Element:
    """The page as a browser has it.

    Raises:
        html5lib.html5parser.ParseError: it is no valid HTML.
    """
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def elements(tree: Element) -> Iterator[Element]:
    return (each for each in tree.iter() if isinstance(each.tag, str))


def local(name: str) -> str:
    return name.rpartition("}")[2]


@pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(FIXTURES).as_posix() for folder in FOLDERS]
)
def test_page_and_drawing_have_the_findings_of_the_report(folder: Path) -> None:
    """Each once, with its severity: also what follows from another, and notes."""
    report = report_of(folder)
    wanted = Counter((f["id"], f["severity"]) for f in report.to_dict()["findings"])
    written, drawn = report.to_html(), report.to_svg()
    assert Counter(TOLD.findall(written)) == wanted
    assert Counter(TOLD.findall(drawn)) == wanted
    assert UNSAFE.search(written) is None
    assert UNSAFE.search(drawn) is None


@cache
def reports() -> tuple[edgecheck.Report, ...]:
    return report_of(DEMO), report_of(FIXTURES / "chain" / "issuer-loop")


@cache
def demo() -> Document:
    return document(reports()[0])


@cache
def short() -> Document:
    """The same with few of what it has many of."""
    block = demo()
    assert block.matrix is not None
    matrix = replace(block.matrix, clients=block.matrix.clients[:2])
    few = {"certificates": block.certificates[:1], "findings": block.findings[:2]}
    return replace(block, matrix=matrix, undecided=block.undecided[:2], **few)


def filled(value: Any, text: str) -> Any:
    """A block with this text wherever text of somebody else may be."""
    if isinstance(value, str):
        return text
    if is_dataclass(value) and not isinstance(value, type):
        made = {
            field.name: filled(getattr(value, field.name), text)
            for field in fields(value)
            if not _is_marker(field.name)
        }
        return replace(value, **made)
    if isinstance(value, tuple):
        named = getattr(value, "_fields", None)
        if named is None:
            return tuple(filled(each, text) for each in value)
        return type(value)(
            *(
                each if _is_marker(name) else filled(each, text)
                for name, each in zip(named, value, strict=True)
            )
        )
    return value


def _is_marker(name: str) -> bool:
    return name.endswith(MARKERS)


@given(st.text(max_size=60))
@example(HOSTILE[0])
@example(HOSTILE[1])
@example(HOSTILE[2])
@example(HOSTILE[3])
@example(HOSTILE[4])
@example(HOSTILE[5])
@example(HOSTILE[6])
@example(HOSTILE[7])
@example(HOSTILE[8])
@example(HOSTILE[9])
@example(HOSTILE[10])
@example(HOSTILE[11])
@example(HOSTILE[12])
@example(HOSTILE[13])
def test_whatever_a_text_is_it_stays_text(text: str) -> None:
    """In every place of every block: no element, no attribute and no address comes of it."""
    # The verdict is one of few words, by which reports are sorted.
    block = replace(filled(short(), text), verdict=demo().verdict)
    written = page([Part(text, block)])
    assert UNSAFE.search(written) is None
    inside = list(elements(parsed(written)))
    assert Counter(each.tag for each in inside)["script"] == 1
    assert Counter(each.tag for each in inside)["style"] == 1
    assert {local(each.tag) for each in inside} <= known_tags()
    for each in inside:
        for name, value in each.attrib.items():
            assert not local(str(name)).startswith("on")
            assert local(str(name)) not in ("style", "src", "srcdoc", "action", "formaction")
            if local(str(name)) == "href":
                assert value.startswith(("#", "https://"))


@cache
def known_tags() -> frozenset[str]:
    """Those that some page has, and the ones that prose can have."""
    tags = {"pre", "ul", "li", "p", "code", "button"}
    for report in reports():
        tags |= {local(each.tag) for each in elements(parsed(report.to_html()))}
    return frozenset(tags)


def test_hostile_names_can_be_read_as_they_are() -> None:
    """A common name that is a script is there as text, in the page and in the drawing."""
    text = HOSTILE[0]
    block = replace(filled(demo(), text), verdict=demo().verdict)
    told = "".join(parsed(page([Part("", block)])).itertext())
    assert told.count(text) > 20


def test_the_policy_allows_what_the_page_has_and_nothing_else() -> None:
    """One style sheet and one script, each by its hash; no address, no style attribute."""
    written = reports()[0].to_html()
    tree = parsed(written)
    (policy,) = (
        each.get("content")
        for each in elements(tree)
        if each.get("http-equiv") == "Content-Security-Policy"
    )
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", written, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    loads = [each for each in elements(tree) if each.tag in ("link", "img", "iframe", "object")]
    assert not loads
    assert "@import" not in written
    assert "url(" not in written


def test_the_same_report_gives_the_same_bytes() -> None:
    """Once more, and after it was packed."""
    for report in reports():
        again = pickle.loads(pickle.dumps(report))
        assert report.to_html() == report.to_html() == again.to_html()
        assert report.to_svg() == report.to_svg() == again.to_svg()


def test_a_page_about_a_healthy_gateway_is_small() -> None:
    """Less than 150 kB, all 69 clients and the certificates included."""
    written = report_of(GOOD).to_html()
    assert len(written.encode()) < 150_000
    assert "<h1" in written
    assert "No fault found" in written
    assert "What to do</h2>" not in written


def test_the_first_screen_says_what_is_wrong_what_to_do_and_who_refuses() -> None:
    """Before the first section: the worst finding, the first act, and the clients."""
    before = reports()[0].to_html().partition('<nav class="jump"')[0].rpartition("<header")[2]
    told = " ".join(" ".join(html5lib.parseFragment(before).itertext()).split())
    assert 'The device CA "iotedgegw.local" is not a CA' in told
    assert 'Do first Reissue the device CA "iotedgegw.local": closes 1 error' in told
    assert "Refused by every client but Node.js 8" in told


def test_headings_are_in_order_and_everything_has_a_name() -> None:
    """No level is left out; landmarks, tables, inputs and drawings say what they are."""
    parts = [Part("a", demo()), Part("b", document(report_of(GOOD)))]
    for written in (reports()[0].to_html(), page(parts)):
        inside = list(elements(parsed(written)))
        levels = [int(each.tag[1]) for each in inside if re.fullmatch("h[1-6]", str(each.tag))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        steps = pairwise(levels)
        assert all(after <= before + 1 for before, after in steps)
        ids = [each.get("id") for each in inside if each.get("id")]
        assert len(ids) == len(set(ids))
        for each in inside:
            for name in (each.get("aria-labelledby") or "").split():
                assert name in ids
            if (each.get("href") or "").startswith("#"):
                assert each.get("href")[1:] in ids
        tags = Counter(local(each.tag) for each in inside)
        assert tags["main"] == 1
        assert inside[0].get("lang") == "en"


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(scheme: str) -> None:
    """At least 4.5 to 1 (WCAG 2.2, 1.4.3), from the variables that the page really has."""
    style = re.findall(r":root \{([^}]*)\}", reports()[0].to_html())
    has = colours(style[0] if scheme == "light" else style[1])
    tones = ("good", "info", "warning", "error")
    pairs = [(text, ground) for text in ("ink", "quiet", "accent", *tones) for ground in ON]
    pairs += [(text, f"{tone}-soft") for tone in tones for text in (tone, "ink", "quiet")]
    pairs += [("error", "warning-soft"), ("warning", "error-soft")]  # marks in one box
    low = {pair: contrast(has[pair[0]], has[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


def test_no_tone_stands_alone() -> None:
    """Each badge and each mark has a sign and a word beside its colour."""
    for each in elements(parsed(reports()[0].to_html())):
        if (each.get("class") or "").startswith(("badge ", "mark ")):
            words = "".join(each.itertext()).split()
            assert len(words) >= 2, words


def test_of_several_the_worst_come_first_below_a_list_of_all() -> None:
    """One file: a row for each that leads to its section; what was not captured has a row alone."""
    good, bad = document(report_of(GOOD)), demo()
    absent = Part("c:8883", None, why="the connection was refused")
    written = page([Part("a.pem", good), Part("b.pem", bad), absent], "host")
    assert "<h1>3 hosts</h1>" in written
    assert "1 not captured · 1 with errors · 1 ok" in written
    index = written.partition("</nav>")[0]
    rows = re.findall(r'<th scope="row">(?:<a href="#(r\d)">)?([a-c][^<]*)', index)
    assert rows == [("", "c:8883"), ("r2", "b.pem"), ("r3", "a.pem")]
    assert Counter(TOLD.findall(written)) == Counter(
        TOLD.findall(page([Part("", good)])) + TOLD.findall(page([Part("", bad)]))
    )
    parsed(written)


def test_what_is_many_is_folded_and_nothing_is_left_out() -> None:
    """Fifty findings of one rule: three of them, and the others in a fold."""
    block = demo()
    many = tuple(replace(block.findings[1], id=f"f{number}") for number in range(50))
    written = page([Part("", replace(block, findings=many, acts=block.acts * 20))])
    assert len(TOLD.findall(written)) == 50
    assert "and 47 more of hostname.case-mismatch" in written
    assert written.count("as for the first finding of this rule") == 49


def test_without_jinja2_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an ImportError, for a program that has the library alone."""
    pages._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ImportError, match=re.escape("pip install 'edgecheck-iot[html]'")):
        reports()[0].to_html()
    assert reports()[0].to_svg().startswith("<svg ")  # which needs nothing


def test_prose_keeps_commands_as_they_are() -> None:
    """Indented lines next to each other are one block to copy; items are a list; the rest flows."""
    told = "Make a key\nand use it:\n\n    openssl req \\\n        -new\n\nThen:\n- one\n- two\n"
    assert [(piece.kind, piece.lines) for piece in prose(told)] == [
        ("p", ("Make a key and use it:",)),
        ("pre", ("openssl req \\", "    -new")),
        ("p", ("Then:",)),
        ("ul", ("one", "two")),
    ]
    assert with_code("run `a<b>` & go") == "run <code>a&lt;b&gt;</code> &amp; go"


def test_a_sentence_begins_with_a_capital_unless_it_begins_with_a_name() -> None:
    """A message may begin with a file, a host name or a setting, which stay as they are."""
    assert sentence("the device CA") == "The device CA"
    for name in ("iotedgegw.local is", "/etc/aziot is", "", "IoT Edge", "x509_v3 is"):
        assert sentence(name) == name
