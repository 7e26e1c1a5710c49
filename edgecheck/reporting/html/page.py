"""A page about one report or several, from their documents."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from edgecheck.reporting.document.blocks import Document, Finding
from edgecheck.reporting.drawing.hierarchy import MANY, hierarchy
from edgecheck.reporting.drawing.hierarchy import WIDTH as ONE_COLUMN
from edgecheck.reporting.drawing.look import IN_PAGES
from edgecheck.reporting.drawing.paint import painted
from edgecheck.reporting.drawing.timeline import HALF, NARROW, WIDE, timeline
from edgecheck.reporting.palette import DARK, LIGHT, variables
from edgecheck.reporting.words import ABSENT, PLURALS, VERDICTS
from edgecheck.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

EXTRA = "a page needs jinja2: pip install jinja2, or pip install 'edgecheck-iot[html]'"
MOST_ROWS = 200
"""Rows of the table of the path; a longer one nobody reads."""
MOST_ACTS = 6
"""Acts that are told at once; the others are in a fold."""
MOST_ALIKE = 3
"""Findings of one rule that are told at once."""
SIGNS = {"error": "✗", "warning": "!", "info": "i", "good": "✓"}
OF_CLIENTS = {
    "reject": ("✗", "refuses", "error"),
    "accept": ("✓", "connects", "good"),
    "unknown": ("?", "not known", "warning"),
}


class Missing(ImportError):
    """The extra that makes pages is not installed; its text says what to do."""


class Part(NamedTuple):
    """What one report has on a page.

    Attributes:
        name: what it is about, in the caller's words; empty: the document's own.
        document: what it says; None where there is none.
        lines: what is told beside it under headings, as it was printed: (heading, lines).
        why: why there is no document.
    """

    name: str
    document: Document | None
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    why: str = ""


def needed() -> None:
    """Find out whether a page can be made.

    Raises:
        Missing: jinja2 is not installed.
    """
    _environment()


def page(parts: Sequence[Part], noun: str = "report") -> str:
    """Return the page; of several reports the worst come first, below a list of them.

    Args:
        parts: what it is about.
        noun: what each of several is.

    Raises:
        Missing: jinja2 is not installed.
    """
    environment = _environment()
    from markupsafe import Markup

    ordered = sorted(parts, key=lambda part: VERDICTS.index(_word(part)))
    style, script = _style(environment), _source(environment, "report.js")
    several = len(ordered) > 1
    views = [_view(part, number, several) for number, part in enumerate(ordered, 1)]
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    made: str = environment.get_template("report.html.j2").render(
        views=views,
        noun=noun,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        version=__version__,
    )
    return made if made.endswith("\n") else made + "\n"


class Alike(NamedTuple):
    """Findings of one rule and severity: some that are told at once, and the others."""

    rule: str
    shown: tuple[Finding, ...]
    more: tuple[Finding, ...]
    told: frozenset[str]

    def is_told(self, finding: Finding) -> bool:
        """Whether an earlier finding says the same of why, and of what to do."""
        return finding.id in self.told


class View(NamedTuple):
    """A part with its drawings, and the names of places on the page.

    `whose`: the id that names sections of one of several reports, behind their own headings.
    `beside`: nothing is to be done, and what clients do stands beside the hierarchy.
    """

    id: str
    name: str
    word: str
    tone: str
    document: Document | None
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    why: str = ""
    whose: str = ""
    findings: tuple[Alike, ...] = ()
    hierarchy: str = ""
    is_wide: bool = False
    beside: bool = False
    is_tall: bool = False
    timelines: tuple[str, ...] = ()
    places: Mapping[str, str] = MappingProxyType({})


def _view(part: Part, number: int, several: bool) -> View:
    from markupsafe import Markup

    ids, document = f"r{number}", part.document
    if document is None:
        return View(ids, part.name, _word(part), "error", None, part.lines, part.why)
    drawn = hierarchy(document.graph)
    is_wide = drawn.width > ONE_COLUMN + 60
    beside = not (document.acts or is_wide)
    wide = timeline(document.timeline, HALF if beside else WIDE)
    bars = (
        painted(wide, f"{ids}-wide", extra="for-wide"),
        painted(timeline(document.timeline, NARROW), f"{ids}-narrow", extra="for-narrow"),
    )
    return View(
        id=ids,
        name=part.name or " + ".join(document.sources) or "certificates",
        word=document.verdict.text,
        tone=document.verdict.tone,
        document=document,
        lines=part.lines,
        whose=f" {ids}-name" if several else "",
        findings=tuple(_alike(document.findings)),
        hierarchy=Markup(painted(drawn, f"{ids}-drawn")),
        is_wide=is_wide,
        beside=beside,
        is_tall=len(document.graph.nodes) > MANY,
        timelines=tuple(map(Markup, bars)) if document.timeline.bars else (),
        places={
            each.sha256: f"{ids}-c{place}" for place, each in enumerate(document.certificates, 1)
        },
    )


def _alike(findings: Sequence[Finding]) -> Iterator[Alike]:
    """Findings in their order; those of one rule and severity where the first of them is."""
    told: dict[str, str] = {}
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.severity), []).append(finding)
    for (rule, _), alike in groups.items():
        group, again = tuple(alike), set()
        for each in group:
            if told.get(rule) == each.help:
                again.add(each.id)
            told.setdefault(rule, each.help)
        fitting = len(group) if len(group) <= MOST_ALIKE + 1 else MOST_ALIKE
        yield Alike(rule, group[:fitting], group[fitting:], frozenset(again))


def _word(part: Part) -> str:
    return ABSENT if part.document is None else part.document.verdict.text


@cache
def _environment() -> "Environment":
    """Templates of this package, with every value escaped."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("jinja2", "markupsafe"):
            raise
        raise Missing(EXTRA) from None
    from edgecheck.reporting.html import text

    made = Environment(
        loader=PackageLoader("edgecheck.reporting.html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=text.shown,
    )
    made.globals.update(
        signs=SIGNS,
        verdicts=OF_CLIENTS,
        plurals=PLURALS,
        most_rows=MOST_ROWS,
        most_acts=MOST_ACTS,
        most_certificates=MANY,
    )
    made.filters.update(prose=text.prose, with_code=text.with_code, sentence=text.sentence)
    return made


def _source(environment: "Environment", name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _style(environment: "Environment") -> str:
    """The style sheet: colours, the page's own, and that of drawings."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {variables(DARK)} }} }}"
    colours = f"\n:root {{ {variables(LIGHT)} }}\n{dark}\n"
    return colours + _source(environment, "report.css") + IN_PAGES


def _hash(text: str) -> str:
    """As a Content-Security-Policy names what may stand in the page."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
