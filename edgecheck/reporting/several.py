"""Several presentations, each judged by itself: a line for each, then the reports worth reading."""

from collections import Counter
from collections.abc import Iterable, Sequence

from edgecheck.hierarchy.target import IN_A_FILE, pick
from edgecheck.reading.certificate import Certificate, each_once
from edgecheck.reporting.document.verdict import remarks, verdict, why_undecided
from edgecheck.reporting.report import Report
from edgecheck.reporting.style import Style, columns, padded, wrapped
from edgecheck.reporting.words import ABSENT, PLURALS, VERDICTS, counted
from edgecheck.rules.engine.rule import Severity

Named = tuple[str, Report]
"""What was judged, in the caller's words, and its report."""
WIDEST_NAME = 60
COLOUR = {ABSENT: "error", "ok": "good", "not valid": "error", "error": "error"}


def overview(
    reports: Sequence[tuple[str, Report | str]],
    least: Severity,
    style: Style,
    matrix: bool = True,
    noun: str = "file",
) -> list[str]:
    """A line for each, and a last one that counts them.

    Args:
        reports: in the order in which they are told; in the place of one why there is none.
        least: the least severity of findings that are spoken of.
        style: what can be shown.
        matrix: whether it is told who refuses a chain without fault.
        noun: what each is.
    """
    words = [_word(report) for _, report in reports]
    names = [style.foreign(name) for name, _ in reports]
    wide = max(map(len, words), default=0)
    room = min(max(map(columns, names), default=0), WIDEST_NAME)
    lines = []
    for word, name, (_, report) in zip(words, names, reports, strict=True):
        parts, rules = _told(report, word, least, style, matrix)
        line = style.signs.dot.join([f"{padded(word, wide)}  {padded(name, room)}", *parts])
        more: list[str] = []
        if word == ABSENT:  # there is no report that would say more
            line, *more = wrapped(line.split(" "), style.width, "", " " * (wide + 2))
        if rules:
            line += f": {_as_many(rules, style.width - columns(line) - 2)}"
        lines += [style.paint(word, COLOUR.get(word, "warning")) + line[len(word) :], *more]
    counts = Counter(words)
    told = ", ".join(
        f"{counts[word]} {PLURALS.get(word, word)}" for word in VERDICTS if counts[word]
    )
    return [*lines, "", f"{counted(len(reports), noun)}: {told}"]


def worth_reading(reports: Iterable[Named], least: Severity) -> list[Named]:
    """Those with a finding of this severity at least."""
    return [(n, r) for n, r in reports if r.worst is not None and r.worst >= least]


def _word(report: Report | str) -> str:
    return ABSENT if isinstance(report, str) else verdict(report).text


def _told(
    report: Report | str, word: str, least: Severity, style: Style, matrix: bool
) -> tuple[list[str], list[str]]:
    """What a line says behind the name: remarks or numbers, and the rules of the findings."""
    if isinstance(report, str):
        return [style.foreign(report.removeprefix(f"{ABSENT}: "), 400)], []
    found = [f for f in report.findings if not f.caused_by and f.severity >= least]
    parts = [] if report.worst == word else [style.foreign(r, 400) for r in remarks(report, matrix)]
    if word == "not validated":
        parts.insert(0, style.foreign(why_undecided(report)))
    for severity in Severity:
        if number := sum(finding.severity is severity for finding in found):
            parts.append(counted(number, "note" if severity is Severity.INFO else severity))
    return parts, list(dict.fromkeys(finding.rule.id for finding in found))


def _as_many(rules: Sequence[str], room: int) -> str:
    """As many of the ids as there is room for, one at least, and how many more there are."""
    for number in range(len(rules), 0, -1):
        left = len(rules) - number
        told = ", ".join(rules[:number]) + (f" and {left} more" if left else "")
        if len(told) <= room:
            break
    return told


def separated(texts: Iterable[str], style: Style) -> str:
    """Reports as text one below the other, each under a line."""
    line = style.paint(("─" if style.unicode else "-") * style.prose, "dim")
    return "".join(f"\n{line}\n{text}" for text in texts)


def hint(report: Report, files: Sequence[str], style: Style) -> list[str]:
    """What is said where several files were taken for one presentation, and are none perhaps.

    Each of them by itself would have a certificate of its own to judge, and only one was judged.
    """
    targets: dict[Certificate, str] = {}
    for name in dict.fromkeys(files) if len(files) > 1 else ():
        held = [c for c in report.hierarchy.sequence if _is_from(c, name, report)]
        target, is_server = pick(each_once(held), report.expected, IN_A_FILE)
        if target is not None and is_server:
            targets.setdefault(target, name)
    if len(targets) < 2:
        return []
    names = ", ".join(style.foreign(name) for name in targets.values())
    told = (
        f"Each of these files has a server certificate of its own: {names}. Together they were "
        "judged as what one server sends, and all but one certificate of a server is out of place. "
        "--each judges each file by itself."
    )
    return ["", *wrapped(told.split(), style.prose)]


def _is_from(certificate: Certificate, name: str, report: Report) -> bool:
    return any(origin.source == name for origin in report.origins.get(certificate, ()))
