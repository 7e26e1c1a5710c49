"""`edgecheck predict`: what versions of the runtime will make of a device CA, and who takes it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from edgecheck.adapters.files import Refused, two_files, write
from edgecheck.commands.clients import selected
from edgecheck.commands.hiding import hiding
from edgecheck.commands.pages import is_page, part, written
from edgecheck.commands.printing import complain, style_for, write_out
from edgecheck.commands.request import shared
from edgecheck.commands.told import report_dict, status
from edgecheck.device import parse_runtime
from edgecheck.foretelling import predict
from edgecheck.predicting.names import EDGE_HUB
from edgecheck.reading.text import safe
from edgecheck.reporting.report import Report
from edgecheck.reporting.saved import as_pem
from edgecheck.reporting.several import Named, overview, separated, worth_reading
from edgecheck.reporting.style import Style
from edgecheck.reporting.terminal import render
from edgecheck.rules.engine.rule import Severity

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

_NOT_HERE = {
    "each": False,
    "role": (),
    "registration": (),
    "purpose": "server",
    "device_ca_file": None,
    "identity_certificate": None,
    "device_hostname": None,
    "parent_hostname": None,
}
"""Options of `check` that this command does without."""


def carried_out(files: Sequence[str], said: Mapping[str, Any]) -> int:
    """Predict, print, save; return the exit status, which is as that of `check`."""
    if said["second_opinion"]:
        raise Refused(
            "--second-opinion: other validators verify signatures, and nobody made those of a "
            "chain that is predicted; leave it out"
        )
    save: str | None = said["save"]
    if save is not None:
        two_files(save, said["output"])
    if save is not None and len(said["runtime"]) * len(said["module"]) > 1:
        raise Refused(
            f"--save {save}: several chains are predicted; name one --runtime and --module"
        )
    drawn = is_page(said)
    reports = _reports(files, said)
    fail_on: str = said["fail_on"]
    if save is not None:
        (_, report), *_ = reports
        if report.synthetic:
            write(save, as_pem(report), option="--save")
        else:
            complain(f"--save {save}: no chain is predicted, so nothing was written")
    if said["quiet"] and said["output"] is None:
        return status(reports, fail_on)
    clients = selected(said["client"])
    hidden = hiding([report for _, report in reports], said, files)
    if said["format"] == "json":
        text = _as_json(reports, clients, hidden)
    elif drawn:
        parts = [part((name,), report, clients, said, hidden) for name, report in reports]
        text = written(parts, said, "prediction")
    else:
        style = style_for(said["color"], said["ascii"], said["output"])
        style = replace(style, redaction=hidden)
        text = _as_text(reports, clients, said, style)
    if said["output"] is not None:
        write(said["output"], text)
    elif not said["quiet"]:
        write_out(text)
    return status(reports, fail_on)


def _reports(files: Sequence[str], said: Mapping[str, Any]) -> list[Named]:
    """A report for each version and module, under a name that tells them apart."""
    given, arguments = shared(files, {**said, **_NOT_HERE, "runtime": None})
    source = " + ".join(files) or "quick start"
    reports = []
    for runtime, module in product(said["runtime"], said["module"]):
        words = [source, f"on IoT Edge {runtime}"]
        words += [f"for {safe(module, 40)}"] if module != EDGE_HUB else []
        try:
            parse_runtime(runtime)
            report = predict(
                given,
                said["hostname"],
                runtime,
                module=module,
                sent_by=said["sent_by"],
                **arguments,
            )
        except ValueError as wrong:
            argument, colon, told = str(wrong).partition(":")
            option = f"--{argument.replace('_', '-')}"
            if option not in ("--runtime", "--hostname", "--module", "--device-id", "--profile"):
                raise
            raise Refused(f"{option}{colon}{told}") from None
        reports.append((" ".join(words), report))
    return reports


def _as_json(reports: Sequence[Named], clients: list[str], redaction: "Redaction | None") -> str:
    """The report; a list of them where several versions or modules were asked for."""
    made = [report_dict(report, clients, False, redaction) for _, report in reports]
    value = made[0] if len(made) == 1 else made
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


def _as_text(
    reports: Sequence[Named], clients: list[str], said: Mapping[str, Any], style: Style
) -> str:
    """The report; of several a line for each side by side, then those with findings."""
    if len(reports) == 1:
        (name, report), *_ = reports
        return _rendered(name, report, clients, said, style)
    notes = said["verbose"] or said["fail_on"] == "info"
    least = Severity.INFO if notes else Severity.WARNING
    lines = overview(reports, least, style, _matrix(said), "prediction")
    shown = reports if said["verbose"] else worth_reading(reports, least)
    texts = (_rendered(name, report, clients, said, style) for name, report in shown)
    return "\n".join(lines) + "\n" + separated(texts, style)


def _matrix(said: Mapping[str, Any]) -> bool:
    """Whether it is told what clients do: where rules are left out, reasons may be missing."""
    return not said["select"] and not said["ignore"]


def _rendered(
    name: str, report: Report, clients: list[str], said: Mapping[str, Any], style: Style
) -> str:
    return render(
        report,
        color=style.color,
        unicode=style.unicode,
        width=style.width,
        verbose=said["verbose"],
        notes=said["fail_on"] == "info",
        sources=(name,),
        clients=clients,
        matrix=_matrix(said),
        redaction=style.redaction,
    )
