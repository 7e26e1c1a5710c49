"""What `edgecheck check` prints, and with which status it ends."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from edgecheck.reporting.report import Report
from edgecheck.reporting.several import Named, hint, overview, separated, worth_reading
from edgecheck.reporting.style import Style
from edgecheck.reporting.terminal import render
from edgecheck.rules.engine.rule import Severity


def status(reports: Sequence[Named], fail_on: str) -> int:
    """1 where one of them has a finding that is as bad, else 0."""
    if fail_on == "never":
        return 0
    least = Severity(fail_on)
    return int(any(f.severity >= least for _, report in reports for f in report.findings))


def as_json(reports: Sequence[Named], clients: list[str], said: Mapping[str, Any]) -> str:
    """The report; a list of them, each with its `source`, where files are judged by themselves."""
    made = [report_dict(report, clients, said["second_opinion"]) for _, report in reports]
    if said["each"]:
        named = [{**one, "source": name} for (name, _), one in zip(reports, made, strict=True)]
        return json.dumps(named, indent=2, ensure_ascii=True) + "\n"
    return json.dumps(made[0], indent=2, ensure_ascii=True) + "\n"


def report_dict(report: Report, clients: list[str], second_opinion: bool) -> dict[str, Any]:
    """The report as plain values, with what was asked for beside it."""
    made = report.to_dict()
    if clients:
        made["predictions"] = [p for p in made["predictions"] if p["client"] in clients]
    if second_opinion:
        from edgecheck.commands.opinions import as_dicts

        made["second_opinions"] = as_dicts(report)
    return made


def as_page(
    reports: Sequence[Named], files: Sequence[str], clients: list[str], said: Mapping[str, Any]
) -> str:
    """A page or a drawing; of files that are judged by themselves, all of them in one."""
    from edgecheck.commands.pages import STYLE, part, written

    if said["each"]:
        return written([part((name,), report, clients, said) for name, report in reports], said)
    (_, report), *_ = reports
    told = hint(report, files, STYLE)
    beside = ["\n".join(("Note:", *told[1:]))] if told else []
    return written([part(files, report, clients, said, beside)], said)


def as_text(
    reports: Sequence[Named],
    files: Sequence[str],
    clients: list[str],
    said: Mapping[str, Any],
    style: Style,
) -> str:
    """The report; where files are judged by themselves, a line for each and what is worth it."""
    if not said["each"]:
        (_, report), *_ = reports
        told = rendered(report, files, clients, said, style)
        return told + "".join(f"{line}\n" for line in hint(report, files, style))
    notes = said["verbose"] or said["fail_on"] == "info"
    least = Severity.INFO if notes else Severity.WARNING
    lines = overview(reports, least, style, _matrix(said))
    shown = reports if said["verbose"] else worth_reading(reports, least)
    texts = (rendered(report, (name,), clients, said, style) for name, report in shown)
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
    )
    if said["second_opinion"]:
        from edgecheck.commands.opinions import as_text as opinions

        text += opinions(report, style)
    return text
