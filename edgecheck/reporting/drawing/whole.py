"""A report as one SVG file: what is wrong, the hierarchy, and when its certificates are valid."""

from collections.abc import Iterator, Sequence

from edgecheck.reporting.document.blocks import Document, Finding
from edgecheck.reporting.drawing.hierarchy import MARGIN as INSET
from edgecheck.reporting.drawing.hierarchy import hierarchy
from edgecheck.reporting.drawing.look import in_files
from edgecheck.reporting.drawing.paint import painted
from edgecheck.reporting.drawing.svg import XMLNS, Attributes, element, text
from edgecheck.reporting.drawing.timeline import HALF, timeline
from edgecheck.reporting.style import wrapped
from edgecheck.reporting.words import ABSENT, VERDICTS

MARGIN = 28
_LINE = 19
_COLUMNS = 86
SIGNS = {"error": "✗", "warning": "!", "info": "i"}
Named = tuple[str, Document | str]
"""What a document is about, in the caller's words (empty: its own); or why there is none."""


def svg(documents: Sequence[Named]) -> str:
    """Return documents as one drawing, the worst first; the last line ends with a line end."""
    ordered = sorted(documents, key=lambda named: VERDICTS.index(_word(named[1])))
    page = _Page()
    for number, (name, document) in enumerate(ordered, 1):
        if isinstance(document, str):
            page.absent(name, document)
        else:
            page.add(name, document, f"d{number}")
    width, height = round(page.width + 2 * MARGIN), round(page.y + MARGIN)
    title = "; ".join(_headline(name, document) for name, document in ordered[:8])
    about: Attributes = {
        "xmlns": XMLNS,
        "class": "drawing",
        "width": width,
        "height": height,
        "viewBox": f"0 0 {width} {height}",
        "role": "img",
        "aria_labelledby": "title desc",
        "lang": "en",
    }
    described = " ".join(_described(document) for _, document in ordered[:8])
    inside = [
        element("title", {"id": "title"}, text(title)),
        element("desc", {"id": "desc"}, text(described)),
        element("style", {}, in_files()),
        element("rect", {"class": "d-ground", "width": width, "height": height}),
        *page.parts,
    ]
    return element("svg", about, *(f"\n{each}" for each in inside), "\n") + "\n"


class _Page:
    """What is written so far, and how far down that is."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.width = float(HALF)
        self.y = float(MARGIN)

    def add(self, name: str, document: Document, ids: str) -> None:
        self._words(_headline(name, document), "d-head", 26)
        for line in wrapped(list(document.context), _COLUMNS, between=" · "):
            self._words(line, "d-quiet", _LINE)
        self.y += 10
        for finding in document.findings:
            self._finding(finding)
        if not document.findings and document.told:
            self._words(document.told, "", _LINE)
        for drawing, kind in (
            (hierarchy(document.graph), "h"),
            (timeline(document.timeline, HALF), "t"),
        ):
            self.y += 18
            self.width = max(self.width, drawing.width)
            made = painted(drawing, f"{ids}{kind}")
            place: Attributes = {"x": MARGIN - INSET, "y": self.y}
            size: Attributes = {"width": drawing.width, "height": drawing.height}
            self.parts.append(element("svg", place | size, made))
            self.y += drawing.height
        self.y += 30

    def absent(self, name: str, why: str) -> None:
        """Say why there is no document."""
        self._words(_headline(name, why), "d-head", 26)
        for line in wrapped(why.split(" "), _COLUMNS):
            self._words(line, "d-error", _LINE)
        self.y += 30

    def _words(self, words: str, look: str, height: float, indent: float = 0) -> None:
        self.y += height
        at: Attributes = {"x": MARGIN + indent, "y": self.y, "class": look}
        self.parts.append(element("text", at, text(words)))

    def _finding(self, finding: Finding) -> None:
        about = {"class": "finding", "data_finding": finding.id, "data_severity": finding.severity}
        start = len(self.parts)
        sign = SIGNS[finding.severity]
        self._words(
            f"{sign} {finding.severity}: {finding.rule}", f"d-rule d-{finding.severity}", 22
        )
        for line in wrapped(finding.message.split(" "), _COLUMNS):
            self._words(line, "", _LINE, 14)
        for effect in finding.follows:
            follows = {"data_finding": effect.id, "data_severity": effect.severity}
            at = len(self.parts)
            for line in wrapped(["follows:", effect.rule, *effect.message.split(" ")], _COLUMNS):
                self._words(line, "d-small d-quiet", 17, 14)
            made = "".join(self.parts[at:])
            self.parts[at:] = [element("g", {"class": "finding", **follows}, made)]
        made = "".join(self.parts[start:])
        self.parts[start:] = [element("g", about, made)]


def _word(document: Document | str) -> str:
    return ABSENT if isinstance(document, str) else document.verdict.text


def _headline(name: str, document: Document | str) -> str:
    named = name or ("" if isinstance(document, str) else " + ".join(document.sources))
    return f"{_word(document)}: {named}" if named else _word(document)


def _described(document: Document | str) -> str:
    return document if isinstance(document, str) else " ".join(_sentences(document))


def _sentences(document: Document) -> Iterator[str]:
    yield f"{', '.join(document.counts)}."
    for finding in document.findings[:8]:
        yield f"{finding.severity} {finding.rule}: {finding.message}."
