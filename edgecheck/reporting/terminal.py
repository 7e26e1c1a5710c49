"""A report for somebody at a terminal: one quiet line where all is well, else what to do."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from edgecheck.hierarchy.rfc5280.violations import Undecidable
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.report.answers import Answers
from edgecheck.reporting.cells import WORDS, day, relative, subject
from edgecheck.reporting.details import blocks
from edgecheck.reporting.fixes import fix_first
from edgecheck.reporting.style import NARROWEST, Hiding, Style, columns, counted, wrapped
from edgecheck.reporting.tree import runtime_of, tree
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.rule import Need, Severity
from edgecheck.rules.engine.ruleset import NOT_ABOUT

LEAST_SOURCE = 16
OPTIONS: dict[str, str] = {
    Need.HOSTNAME: "--hostname",
    Need.TRUST: "--trust",
    Need.NAME: "--hostname",
    Need.ASKED: "--hostname",
    Need.CONFIGURED_HOSTNAME: "--device-hostname",
    Need.TRUST_BUNDLE: "--trust-bundle",
    Need.DEVICE_CA_FILE: "--device-ca-file",
    Need.RUNTIME: "--runtime",
    Need.MACHINE_NAME: "--machine-name",
    Need.REGISTRATION: "--registration",
}
"""The option of the command line by which a rule is told what it needs."""


_EXPIRY = "first expiry "
MOST_REFUSING = 3
"""Names of clients in the one line about a sound chain."""


def render(
    report: Answers,
    *,
    color: bool,
    unicode: bool,
    width: int,
    verbose: bool = False,
    notes: bool = False,
    sources: Iterable[str] = (),
    clients: Collection[str] = (),
    matrix: bool = True,
    redaction: Hiding | None = None,
) -> str:
    """The report as text; the last line ends with a line end.

    Args:
        report: what `check()` returned.
        color: whether to use colours.
        unicode: False: ASCII alone.
        width: columns of the terminal; prose takes at most 100 of them.
        verbose: also findings of severity info, whole fingerprints, and why rules are
            undecided.
        notes: also findings of severity info.
        sources: what was checked, in the caller's words; else what the report knows of it.
        clients: ids of clients whose predictions are shown in full.
        matrix: whether it is told what all clients will do, where both trust and host name are
            known: in the one line about a sound chain, else in a line or two.
        redaction: what stands for names and numbers; then the chain is described too.
    """
    style = Style(color, unicode, max(width, NARROWEST), redaction)
    sources = tuple(sources) or tuple(_sources(report))
    shown = [
        finding
        for finding in report.findings
        if not finding.caused_by and (finding.severity is not Severity.INFO or verbose or notes)
    ]
    healthy = all(finding.severity is Severity.INFO for finding in report.findings)
    known = bool(report.expected.trust) and report.expected.hostname is not None
    head = _quiet(report, sources, shown, remarks(report, matrix), style) if healthy else None
    lines = [*(head or _header(report, sources, style)), "", *tree(report, style)]
    lines += blocks(report, shown, style, verbose)
    if verbose:
        lines += _undecided(report, style)
    if clients or (matrix and known and (verbose or not healthy)):
        from edgecheck.reporting.matrix import asked
        from edgecheck.reporting.matrix import matrix as all_clients

        lines += asked(report, clients, style) if clients else all_clients(report, style)
    if not healthy:
        lines += [*fix_first(report, style), "", *_counts(report, shown, verbose, style)]
    if redaction is not None:
        lines += _described(report, redaction, style)
    return "\n".join(lines) + "\n"


def _described(report: Answers, redaction: Hiding, style: Style) -> list[str]:
    """The chain without names, for whoever wants to build one like it."""
    from edgecheck.reporting.redacting.description import HEAD, description

    plain = replace(style, redaction=None)  # its names are pseudonyms already
    lines = ["", style.paint(HEAD, "bold")]
    for line in description(report, redaction):
        lines += wrapped(plain.foreign(line, 8000).split(" "), style.prose, "  ", "     ")
    return lines


def _refusing(report: Answers) -> list[str]:
    """Clients in short that refuse what is sound for those that matter."""
    from edgecheck.behaviour.records import families

    return families(p.client for p in report.predictions if p.verdict == "reject")


def _sources(report: Answers) -> Iterable[str]:
    """The names under which what was presented was read."""
    presented = (report.origins[certificate][0] for certificate in report.hierarchy.sequence)
    places = (at for finding in report.findings for at in finding.locations)
    return dict.fromkeys([*(o.source for o in presented), *(at.source for at in places)])


def _quiet(
    report: Answers,
    sources: tuple[str, ...],
    shown: list[Finding],
    further: list[str],
    style: Style,
) -> list[str]:
    """One line where nothing is wrong."""
    word, colour = _word(report, style)
    roles = [WORDS[report.hierarchy.role(c)] for c in reversed(_path(report))]
    hidden = sum(not finding.caused_by for finding in report.findings) - len(shown)
    notes, hint = (counted(hidden, "note"), " (--verbose)") if hidden else ("", "")
    source, chain = style.foreign(" + ".join(sources)), style.signs.to.join(roles)
    predicted = _predicted_for(report, sources)
    others = [each for each in further if not (predicted and each.startswith(_EXPIRY))]
    # What is left out first where the line is too long, the tree below says too.
    roomiest = [word, source, chain, predicted, *further, notes + hint]
    shorter = [word, source, predicted, *further, notes + hint]
    shortest = [word, source, predicted, *others, notes]
    for parts in (roomiest, shorter, [word, source, predicted, *further, notes], shortest):
        parts = [part for part in parts if part]
        missing = columns(style.signs.dot.join(parts)) - style.width
        if missing <= 0:
            break
    if missing > columns(source) - LEAST_SOURCE:
        parts = [part for part in shorter if part]  # two lines then, and nothing is lost
    elif missing > 0:
        parts[1] = style.signs.cut + source[missing + len(style.signs.cut) :]
    lines = wrapped(parts, style.width, "", "  ", style.signs.dot)
    return [style.paint(word, colour) + lines[0][len(word) :], *lines[1:]]


def _predicted_for(report: Answers, sources: tuple[str, ...]) -> str:
    """Return for which runtime a chain is predicted, where no source's name says it already."""
    runtime = runtime_of(report)
    if not report.synthetic or any(source.endswith(f" on {runtime}") for source in sources):
        return ""
    return f"predicted for {runtime}"


def remarks(report: Answers, matrix: bool) -> list[str]:
    """What is worth saying of a chain without fault: it ends one day, and somebody may refuse it.

    `matrix`: whether it is told what clients do, where trust and host name are known.
    """
    expected = report.expected
    further = [f"{_EXPIRY}{told}"] if (told := _first_expiry(report)) else []
    of_device = expected.validation.purpose == "client"
    if expected.hostname is None and report.hierarchy.server is not None and not of_device:
        further.append("host name not checked (--hostname)")
    known = expected.trust and expected.hostname is not None
    refusing = _refusing(report) if matrix and known else []
    if refusing:
        more = len(refusing) - MOST_REFUSING
        names = ", ".join(refusing[:MOST_REFUSING]) + (f" and {more} more" if more > 0 else "")
        further.append(f"refused by {names}")
    return further


def _word(report: Answers, style: Style) -> tuple[str, str]:
    """`ok` only where the path was validated."""
    if report.valid:
        return "ok", "good"
    if report.valid is False:  # its error was left out by --select or --ignore
        return "not valid, though no rule that was run says why", "error"
    return f"no fault found, not validated: {why_undecided(report, style)}", "warning"


def why_undecided(report: Answers, style: Style) -> str:
    """Why it is not known whether the path is valid."""
    path = report.hierarchy.path
    if path is None:
        return (
            "there is no certificate" if report.hierarchy.predicted else "no certificate was read"
        )
    anchor = report.hierarchy.anchor
    if not report.expected.trust and anchor and report.hierarchy.is_predicted(anchor):
        return "what clients would have to trust is not made yet"
    if not report.expected.trust:
        bundle = report.expected.validation.purpose == "client"
        return f"no trust was given (--trust {'trust-bundle' if bundle else 'root'}.pem)"
    hierarchy = report.hierarchy
    if hierarchy.unread and (hierarchy.server is None or hierarchy.first_unread):
        return f"the input has {hierarchy.unread}"
    if hierarchy.lacks_server and not hierarchy.as_sent:
        return "there is no server certificate"
    for violation in (*path.violations, *hierarchy.identity):
        if isinstance(violation, Undecidable):
            name = subject(violation.certificate, style)
            return f"{style.foreign(violation.because)} ({name})"
    return "another path could not be judged"


def _path(report: Answers) -> tuple[Certificate, ...]:
    return report.hierarchy.path.certificates if report.hierarchy.path else ()


def _first_expiry(report: Answers) -> str:
    """`2026-12-20 (server, in 27 days)`; of a chain that is predicted, of what is there already."""
    ends: list[tuple[int, Role]] = []
    there = [one for one in _path(report) if one not in report.synthetic]
    for certificate in there or _path(report):
        try:
            ends.append((certificate.not_after, report.hierarchy.role(certificate)))
        except Unreadable:
            continue
    if not ends:
        return ""
    end, role = min(ends, key=lambda item: item[0])
    left = relative(end, report.expected.at_seconds)
    return f"{day(end)} ({WORDS[role]}{', ' if left else ''}{left})"


def _header(report: Answers, sources: tuple[str, ...], style: Style) -> list[str]:
    """What was checked, and what it was checked against."""
    expected, runtime = report.expected, report.hierarchy.runtime
    made, predicted = len(report.synthetic), _predicted_for(report, sources)
    parts = [
        style.foreign(" + ".join(sources)),
        predicted,
        counted(len(report.hierarchy.sequence) - made, "certificate")
        + (f" and {made} predicted" if made else ""),
    ]
    if expected.hostname is not None:
        parts.append(f"hostname {style.foreign(expected.hostname, 80)}")
    if runtime is not None and not predicted:
        stated = expected.device.runtime if runtime.stated else None
        parts.append(f"runtime {stated or f'{runtime} (assumed)'}")
    parts.append(f"checked as of {expected.at.strftime('%Y-%m-%d')}")
    return wrapped([part for part in parts if part], style.width, "", "  ", style.signs.dot)


def _counts(report: Answers, shown: list[Finding], verbose: bool, style: Style) -> list[str]:
    """How many findings of each severity, what follows from others not counted."""
    parts: list[str] = []
    for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning")):
        number = sum(f.severity is severity and not f.caused_by for f in report.findings)
        if number:
            parts.append(counted(number, noun))
    notes = sum(f.severity is Severity.INFO and not f.caused_by for f in report.findings)
    hidden = notes and not any(f.severity is Severity.INFO for f in shown)
    if notes:
        parts.append(counted(notes, "note"))
    parts.append(
        f"not validated: {why_undecided(report, style)}"
        if report.valid is None
        else f"path {'valid' if report.valid else 'not valid'}"
    )
    beside = tuple(NOT_ABOUT.values())  # these do not apply
    undecided = len({entry.rule for entry in report.undecided if entry.because not in beside})
    if undecided:
        parts.append(f"{counted(undecided, 'rule')} undecided")
    if (undecided or hidden) and not verbose:
        parts[-1] += " (--verbose)"
    first = next((f for f in report.findings if not f.caused_by), report.findings[0])
    parts.append(f"more: edgecheck explain {first.rule.id}")
    return wrapped(parts, style.width, "", "  ", style.signs.dot)


def _undecided(report: Answers, style: Style) -> list[str]:
    """Rules that could not be decided, by the reason."""
    reasons: dict[str, list[str]] = {}
    for entry in report.undecided:
        rules = reasons.setdefault(entry.because, [])
        if entry.rule not in rules:
            rules.append(entry.rule)
    if not reasons:
        return []
    lines = ["", style.paint("Undecided:", "bold")]
    for because, rules in reasons.items():
        option = f" ({OPTIONS[because]})" if because in OPTIONS else ""
        lines.append(f"  {style.foreign(because)}{option}")
        lines += wrapped(rules, style.prose, "    ", "    ", ", ")
    return lines
