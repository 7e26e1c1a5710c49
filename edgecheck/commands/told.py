"""What `edgecheck check` prints, and with which status it ends."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from edgecheck.commands.hiding import hiding
from edgecheck.reporting.report import Report
from edgecheck.reporting.several import Named, hint, overview, separated, worth_reading
from edgecheck.reporting.style import Style
from edgecheck.reporting.terminal import render
from edgecheck.rules.engine.rule import Severity

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

Below = Callable[[Report, Mapping[str, Any], Style], str]
"""Of a report, the options and the style: what is told below it."""


def status(reports: Sequence[Named], fail_on: str) -> int:
    """1 where one of them has a finding that is as bad, else 0."""
    if fail_on == "never":
        return 0
    least = Severity(fail_on)
    return int(any(f.severity >= least for _, report in reports for f in report.findings))


def as_json(reports: Sequence[Named], clients: list[str], said: Mapping[str, Any]) -> str:
    """The report; a list of them, each with its `source`, where files are judged by themselves."""
    import json

    names = [name for name, _ in reports]
    hidden = hiding([report for _, report in reports], said, names)
    asked = said["second_opinion"]
    made = [report_dict(report, clients, asked, hidden) for _, report in reports]
    if said["each"]:
        shown = names if hidden is None else map(hidden, names)
        named = [{**one, "source": name} for name, one in zip(shown, made, strict=True)]
        return json.dumps(named, indent=2, ensure_ascii=True) + "\n"
    return json.dumps(made[0], indent=2, ensure_ascii=True) + "\n"


def report_dict(
    report: Report,
    clients: list[str],
    second_opinion: bool,
    redaction: "Redaction | None" = None,
) -> dict[str, Any]:
    """The report as plain values, with what was asked for beside it."""
    from edgecheck.reporting.json import as_dict

    made = as_dict(report, redaction=redaction)
    if clients:
        made["predictions"] = [p for p in made["predictions"] if p["client"] in clients]
    if second_opinion:
        from edgecheck.commands.opinions import as_dicts
        from edgecheck.reporting.redacting.plain import redacted

        asked = {"second_opinions": as_dicts(report)}
        made |= asked if redaction is None else redacted(asked, redaction)
    return made


def as_page(
    reports: Sequence[Named], files: Sequence[str], clients: list[str], said: Mapping[str, Any]
) -> str:
    """A page or a drawing; of files that are judged by themselves, all of them in one."""
    from edgecheck.commands.pages import part, written

    hidden = hiding([report for _, report in reports], said, files)
    if said["each"]:
        parts = [part((name,), report, clients, said, hidden) for name, report in reports]
        return written(parts, said)
    (_, report), *_ = reports
    told = hint(report, files, Style(redaction=hidden))
    beside = ["\n".join(("Note:", *told[1:]))] if told else []
    return written([part(files, report, clients, said, hidden, beside)], said)


def as_text(
    reports: Sequence[Named],
    files: Sequence[str],
    clients: list[str],
    said: Mapping[str, Any],
    style: Style,
    noun: str = "file",
    below: Below = lambda report, said, style: "",
) -> str:
    """The report; where files are judged by themselves, a line for each and what is worth it.

    Args:
        reports: in the order in which they are told.
        files: what was named.
        clients: ids of those that were asked for.
        said: the command's options.
        style: what can be shown; what replaces names, if that is known already.
        noun: what each of several is.
        below: what is told below a report.
    """
    if style.redaction is None:
        hidden = hiding([report for _, report in reports], said, files)
        style = replace(style, redaction=hidden)
    if not said["each"]:
        (_, report), *_ = reports
        told = rendered(report, files, clients, said, style) + below(report, said, style)
        return told + "".join(f"{line}\n" for line in hint(report, files, style))
    notes = said["verbose"] or said["fail_on"] == "info"
    least = Severity.INFO if notes else Severity.WARNING
    lines = overview(reports, least, style, _matrix(said), noun)
    shown = reports if said["verbose"] else worth_reading(reports, least)
    texts = (
        rendered(report, (name,), clients, said, style) + below(report, said, style)
        for name, report in shown
    )
    return "\n".join(lines) + "\n" + separated(texts, style)


def _matrix(said: Mapping[str, Any]) -> bool:
    """Whether it is told what clients do: where rules are left out, reasons may be missing."""
    return not said["select"] and not said["ignore"]


def rendered(
    report: Report, files: Sequence[str], clients: list[str], said: Mapping[str, Any], style: Style
) -> str:
    """The report as text, with what was asked for beside it."""
    text = render(
        report,
        color=style.color,
        unicode=style.unicode,
        width=style.width,
        verbose=said["verbose"],
        notes=said["fail_on"] == "info",
        sources=files,
        clients=clients,
        matrix=_matrix(said),
        redaction=style.redaction,
    )
    if said["second_opinion"]:
        from edgecheck.commands.opinions import as_text as opinions

        text += opinions(report, style)
    return text
