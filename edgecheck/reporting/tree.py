"""The hierarchy as a table from the root down to the server, one certificate a row."""

from dataclasses import dataclass

from edgecheck.hierarchy.paths import Ending, Path
from edgecheck.report.answers import Answers
from edgecheck.reporting.cells import (
    WORDS,
    Cell,
    anchored,
    authority,
    expires,
    issuer,
    place,
    signed,
    subject,
)
from edgecheck.reporting.style import Style, columns, padded, wrapped
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.objects import Kind
from edgecheck.rules.engine.rule import Severity

MARGIN = "  "
GAP = "  "
LEAST_SUBJECT = 14
DEEPEST = 8
"""Levels that are indented; further ones stand below each other."""
MOST_PLACES = 4
"""Places of one certificate that are listed."""
MOST_LISTED = 8
"""Certificates listed below the tree; of a bundle of the web's roots nobody reads each."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns say; the roomier ones need more columns of the terminal."""

    issuers: bool
    long: bool


LAYOUTS = (Layout(True, True), Layout(True, False), Layout(False, False))


@dataclass(frozen=True, slots=True)
class Mark:
    """Rules that a certificate breaks, by severity, the worst first."""

    rules: dict[str, Severity]

    @property
    def colour(self) -> str:
        """That of the worst."""
        return next(iter(self.rules.values())).value

    def words(self, style: Style) -> list[str]:
        """The rules' ids, with a sign before the first of each severity."""
        signs = {Severity.ERROR: style.signs.wrong + " ", Severity.WARNING: "! "}
        return [signs.pop(severity, "") + rule for rule, severity in self.rules.items()]

    def line(self, style: Style) -> str:
        """All of them in one line."""
        return _spaced(", ".join(self.words(style)))


def _spaced(ids: str) -> str:
    """The next severity stands apart from the one before it."""
    return ids.replace(", !", "  !")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, and what is wrong with its certificate."""

    cells: tuple[Cell, ...]
    mark: Mark | None = None


_Entry = tuple[str, str, Mark | None]
"""What is listed below the tree: whose certificate, where it stands, and what is wrong with it."""


def tree(report: Answers, style: Style) -> list[str]:
    """The table, and below it what is on no path and what was presented twice."""
    path = report.hierarchy.path
    if path is None:
        asked = report.hierarchy.predicted is not None and report.expected.device_ca_file is None
        told = "there is no device CA" if asked else "no certificate was read"
        return [MARGIN + told, *_made(report, style)]
    marks = marked(report)
    for layout in LAYOUTS:
        rows = _rows(report, path, layout, marks, style)
        widths = [max(columns(row.cells[at][0]) for row in rows) for at in range(5)]
        room = style.width - len(MARGIN) - 4 * len(GAP) - (sum(widths) - widths[1])
        if room >= widths[1]:
            break
    widths[1] = min(widths[1], max(room, LEAST_SUBJECT))
    lines = _lines(rows, widths, style)
    ended = _ended(path, style)
    if ended:
        said = style.shortened(f"{style.signs.cut} {ended}", style.width - len(MARGIN))
        lines.insert(1, MARGIN + style.paint(said, "warning"))
    below = [*_made(report, style), *_withheld(report, style)]
    return [*lines, *_unused(report, marks, style), *_twice(report, style), *below]


def marked(report: Answers) -> dict[str, Mark]:
    """Rules of warnings and errors by the fingerprint of the certificate to change."""
    made: dict[str, Mark] = {}
    for finding in report.findings:  # the worst come first
        if not finding.caused_by and finding.severity is not Severity.INFO:
            for fingerprint in _to_mark(finding, report):
                mark = made.setdefault(fingerprint, Mark({}))
                mark.rules.setdefault(finding.rule.id, finding.severity)
    return made


def _to_mark(finding: Finding, report: Answers) -> tuple[str, ...]:
    """Return the certificate at which a finding is shown: of what is predicted, what can change."""
    about = finding.certificates[:1]
    if about and about[0] in {one.sha256 for one in report.synthetic}:
        changes = finding.object
        if changes is not None and changes.kind is Kind.CERTIFICATE:
            return (changes.subject,)
    return about


def _rows(
    report: Answers, path: Path, layout: Layout, marks: dict[str, Mark], style: Style
) -> list[Row]:
    issued = "ISSUED BY" if layout.issuers else "SIGNED"
    heads = ("ROLE", "SUBJECT", issued, "CA" if layout.long else "CA (len)", "EXPIRES")
    rows = [Row(tuple((head, "dim") for head in heads))]
    gap = path.ended in _ENDED
    for depth, certificate in enumerate(reversed(path.certificates), gap):
        level = min(depth, DEEPEST)
        indent = "  " * (level - 1) + style.signs.branch if level else ""
        role = report.hierarchy.role(certificate)
        suffix, colour = anchored(path, certificate)
        if certificate in report.synthetic:
            suffix = f", synthetic{suffix}"
        index = len(path.certificates) - 1 + gap - depth
        cells = (
            (indent + WORDS[role] + suffix, colour),
            (subject(certificate, style), ""),
            signed(report, path, index, layout.issuers, style),
            authority(certificate, role, layout.long),
            expires(certificate, report.expected.at_seconds, layout.long),
        )
        rows.append(Row(cells, marks.get(certificate.sha256)))
    return rows


_ENDED = {
    Ending.NO_ISSUER: 'issuer "{}" not found',
    Ending.LOOP: 'issuer "{}": the issuers form a circle',
    Ending.BUDGET: 'issuer "{}": the search ended here, its bound on steps is spent',
}
"""What stands above a path that goes no further."""


def _ended(path: Path, style: Style) -> str:
    return _ENDED.get(path.ended, "").format(issuer(path.certificates[-1], style))


def _lines(rows: list[Row], widths: list[int], style: Style) -> list[str]:
    """The rows; rules beside them where all have room there, else below."""
    right = len(MARGIN) + sum(widths) + 5 * len(GAP)
    beside = all(right + columns(row.mark.line(style)) <= style.width for row in rows if row.mark)
    lines = []
    for row in rows:
        cells = []
        for (text, colour), width in zip(row.cells, widths, strict=True):
            cells.append(style.paint(padded(style.shortened(text, width), width), colour))
        line = MARGIN + GAP.join(cells)
        if row.mark and beside:
            line += GAP + style.paint(row.mark.line(style), row.mark.colour)
        lines.append(line.rstrip())
        if row.mark and not beside:
            lines += _below(row.mark, MARGIN + " " * widths[0] + GAP, style)
    return lines


def _below(mark: Mark, indent: str, style: Style) -> list[str]:
    """Rules in lines of their own."""
    return [
        indent + style.paint(_spaced(line[len(indent) :]), mark.colour)
        for line in wrapped(mark.words(style), style.width, indent, indent + "  ", ", ")
    ]


def _unused(report: Answers, marks: dict[str, Mark], style: Style) -> list[str]:
    entries: list[_Entry] = []
    for certificate in report.hierarchy.unused:
        where = place(report.origins[certificate][0], style)
        entries.append((subject(certificate, style), where, marks.get(certificate.sha256)))
    return _listed("not used:", entries, style)


def _twice(report: Answers, style: Style) -> list[str]:
    entries: list[_Entry] = []
    for certificate in report.hierarchy.duplicates:
        origins = report.origins[certificate]
        places = [place(origin, style) for origin in origins[:MOST_PLACES]]
        if len(origins) > len(places):
            places.append(f"{len(origins) - len(places)} more places")
        entries.append((subject(certificate, style), " and ".join(places), None))
    return _listed("presented more than once:", entries, style)


def _made(report: Answers, style: Style) -> list[str]:
    """What is synthetic, where something is wrong; or that a runtime makes nothing, and why."""
    predicted = report.hierarchy.predicted
    if predicted is None:
        return []
    runtime, colour = runtime_of(report), "error"
    if predicted.certificates:
        if report.worst in (None, Severity.INFO):
            return []
        told, colour = f"synthetic: {_changeable(report, style)}", "dim"
    elif predicted.because:
        told = f"{runtime} makes no usable chain of it: {', '.join(predicted.because)}"
    else:
        told, colour = f"the chain that {runtime} will make is not predicted", "warning"
        told += f": {style.foreign(predicted.unknown, 120)}" if predicted.unknown else ""
        told += " (--runtime)" if not predicted.version else ""
    words = wrapped(told.split(" "), style.prose, MARGIN, MARGIN)
    return ["", *(style.paint(line, colour) for line in words)]


def runtime_of(report: Answers) -> str:
    """Return the runtime that a prediction is for, in words."""
    version = report.expected.device.runtime
    return f"IoT Edge {version}" if version else "IoT Edge"


def _changeable(report: Answers, style: Style) -> str:
    """What a chain that is predicted will be made of: nothing else of it can be changed."""
    hostname = style.foreign(report.expected.device.hostname or "", 80)
    repaired = any(
        f.severity is Severity.ERROR and f.rule.family in ("configuration", "device")
        for f in report.findings
    )
    when = ", once its configuration is repaired," if repaired else ""
    told = f"nobody presents it yet; {runtime_of(report)} will make it{when}"
    if report.expected.device_ca_file is None:
        return f'{told} with a CA of its own, for hostname = "{hostname}"'
    named = next(iter(report.expected.sources.get("device_ca_file", ())), "")
    made = style.foreign(named, 200) if named else "the device CA's file"
    return f'{told} of {made} and hostname = "{hostname}"; these are what you can change'


def _withheld(report: Answers, style: Style) -> list[str]:
    """What edgeHub keeps back, and where it may send something else."""
    sender = report.hierarchy.sender
    if sender is None:
        return []
    kept: list[_Entry] = []
    for certificate in sender.withheld:
        where = place(report.origins[certificate][0], style)
        kept.append((subject(certificate, style), where, None))
    either: list[_Entry] = [
        (subject(certificate, style), "or another one of this name", None)
        for certificate in sender.either
    ]
    lines = [*_listed("edgeHub does not send:", kept, style), *_listed("sent:", either, style)]
    if sender.basis != "derived":
        return lines
    return [*lines, "", MARGIN + style.paint(_DERIVED, "dim")]


_DERIVED = "as .NET 8 sends it, which IoT Edge 1.5 has; other versions were not measured"


def _listed(label: str, entries: list[_Entry], style: Style) -> list[str]:
    """Certificates and where they stand; rules beside them where there is room, else below."""
    if not entries:
        return []
    shown = entries[:MOST_LISTED]
    room = min(max(columns(name) for name, *_ in shown), style.width // 2)
    lines = ["", MARGIN + label]
    for name, where, mark in shown:
        line = MARGIN * 2 + padded(style.shortened(name, room), room) + GAP + where
        words = mark.line(style) if mark else ""
        if mark and columns(line + GAP + words) <= style.width:
            lines.append(line + GAP + style.paint(words, mark.colour))
            continue
        lines.append(line)
        if mark:
            lines += _below(mark, MARGIN * 3, style)
    if len(entries) > len(shown):
        lines.append(f"{MARGIN * 2}and {len(entries) - len(shown)} more (see --format json)")
    return lines
