"""How edgecheck decides, drawn from what it says of fixtures."""

from __future__ import annotations

from collections.abc import Sequence

from edgecheck import Certificate, Report
from edgecheck.hierarchy.roles import WORDS
from edgecheck.types import Prediction
from tools.pictures.svg import BAD, GOOD, HIGH, INK, QUIET, WIDE, arrow, box, picture, text

HIGHER = 3 * HIGH
"""Of a box with two lines of words."""
BETWEEN = 34.0


def hierarchies(reports: Sequence[tuple[str, Report]]) -> str:
    """Who issues whom, one column for each report, the root on top and the servers in a line."""
    columns = [
        (title, report.hierarchy.path.certificates[::-1])
        for title, report in reports
        if report.hierarchy.path
    ]
    wide = max(len(line) for _, path in columns for each in path for line in _lines(reports, each))
    room = wide * WIDE + 28
    shapes: list[str] = []
    most = max(len(path) for _, path in columns)
    for number, (title, path) in enumerate(columns):
        x = 16 + number * (room + 40)
        shapes.append(text(x, 30, title, INK, bold=True))
        for at, certificate in enumerate(path):
            y = 46 + (at + most - len(path)) * (HIGHER + BETWEEN)
            role, name = _lines(reports, certificate)
            shapes.append(box(x, y, room, HIGHER))
            shapes += [text(x + 12, y + 20, role, QUIET), text(x + 12, y + 40, name)]
            if at:
                shapes += [
                    arrow(x + room / 2, y - BETWEEN, x + room / 2, y - 2),
                    text(x + room / 2 + 10, y - 12, "issued", QUIET),
                ]
    high = 46 + most * (HIGHER + BETWEEN)
    told = "; ".join(
        f"{title}: " + " issued ".join(" ".join(_lines(reports, each)) for each in path)
        for title, path in columns
    )
    return picture(len(columns) * (room + 40) + 8, high, told, shapes)


def _lines(reports: Sequence[tuple[str, Report]], certificate: Certificate) -> tuple[str, str]:
    """Its role and its common name."""
    return next(
        (WORDS[report.hierarchy.roles[certificate].role], _name(certificate))
        for _, report in reports
        if certificate in report.hierarchy.roles
    )


def _name(certificate: Certificate) -> str:
    return str(certificate.subject).rpartition("CN=")[2]


def steps(report: Report) -> str:
    """What each certificate of the path is asked, from below the anchor down, and what it lacks."""
    path = report.hierarchy.path
    assert path is not None
    roles = report.hierarchy.roles
    title = "step by step, from the anchor down (RFC 5280, section 6.1)"
    shapes = [text(16, 30, title, INK, bold=True)]
    told = []
    for number, certificate in enumerate(reversed(path.certificates)):
        depth = len(path) - 1 - number
        y = 46 + number * (HIGHER + 20)
        wrong = [each for each in path.violations if each.certificate == certificate]
        name = _name(certificate)
        said = (
            "trusted as it is: name and key are taken from it"
            if certificate is path.anchor
            else "; ".join(
                f"{each.kind.replace('-', ' ').replace(' ca', ' CA')}, step {each.step}"
                for each in wrong
            )
            or "signature, dates, names"
            + (", CA:TRUE, path length, key usage" if depth else ", purpose, host name")
            + ": all hold"
        )
        colour = BAD if wrong else GOOD
        shapes += [
            box(16, y, 300, HIGHER, colour),
            text(28, y + 20, WORDS[roles[certificate].role], QUIET),
            text(28, y + 40, name),
            text(334, y + 30, said, colour),
        ]
        if number:
            shapes.append(arrow(166, y - 20, 166, y - 2))
        told.append(f"{name}: {said}")
    wide = 334 + max(len(each.partition(": ")[2]) for each in told) * WIDE + 16
    return picture(wide, 46 + len(path) * (HIGHER + 20), "; ".join(told), shapes)


def verdicts(report: Report, kinds: Sequence[str]) -> str:
    """What some clients say of one chain."""
    chosen = [each for client in kinds for each in report.predictions if each.client == client]
    shapes = [text(16, 30, "one chain, one time, one host name", INK, bold=True)]
    told = []
    middle = 46 + len(chosen) * 38 / 2
    shapes += [box(16, middle - 22, 150, 44), text(28, middle + 4, "chain as sent")]
    for number, each in enumerate(chosen):
        y = 46 + number * 38
        colour = GOOD if each.verdict == "accept" else BAD
        shapes += [
            arrow(166, middle, 226, y + 15),
            box(230, y, 250, 30),
            text(242, y + 20, each.client),
            text(496, y + 20, _said(each), colour),
        ]
        told.append(f"{each.client}: {_said(each)}")
    wide = 496 + max(len(_said(each)) for each in chosen) * WIDE + 16
    return picture(wide, 56 + len(chosen) * 38, "; ".join(told), shapes)


def _said(prediction: Prediction) -> str:
    return (
        f"{prediction.verdict}: {prediction.says}" if prediction.says else str(prediction.verdict)
    )
