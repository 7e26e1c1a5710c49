"""`edgecheck audit`: a gateway's configuration and files read, and judged."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from edgecheck.adapters.configuration import found
from edgecheck.adapters.files import Refused, forget, read, write
from edgecheck.adapters.gateway import gathered
from edgecheck.auditing import asked_for, audit
from edgecheck.commands import connections
from edgecheck.commands.connect import NOT_CAPTURED, presented_by, unfinished
from edgecheck.commands.hiding import hiding
from edgecheck.commands.pages import is_page, part, written
from edgecheck.commands.printing import complain, style_for, write_out
from edgecheck.commands.registration import validation
from edgecheck.commands.request import chosen, moment, password_in, revoking, trusted
from edgecheck.commands.told import as_text, report_dict, status
from edgecheck.configuring.strings import in_text
from edgecheck.device import Device, parse_runtime
from edgecheck.expected import Limits
from edgecheck.reading.text import visible
from edgecheck.reporting.document.gateway import tables
from edgecheck.reporting.gateway import described
from edgecheck.reporting.redacting.plain import redacted
from edgecheck.reporting.report import Report
from edgecheck.reporting.style import Style
from edgecheck.rules.engine.rule import Severity
from edgecheck.settings import ConnectionString


def audited(path: str, said: Mapping[str, Any]) -> int:
    """Carry out the command; returns its exit status. `said`: its options by name.

    Raises:
        Refused: it cannot be carried out.
    """
    forget()
    drawn = is_page(said)
    asked = {**said, "purpose": "server", "each": False}
    report, captures = _judged(path, asked)
    reports, clients = [(path, report)], said["clients"]
    output = said["output"]
    text = ""
    hidden = hiding([report], said, [path, *connections.names(captures)])
    if said["format"] == "json":
        made = report_dict(report, clients, said["second_opinion"], hidden)
        if captures:
            told = {"connections": visible([connections.as_dict(each) for each in captures])}
            made |= told if hidden is None else redacted(told, hidden)
        text = json.dumps(made, indent=2, ensure_ascii=True) + "\n"
    elif drawn and (output is not None or not said["quiet"]):
        lines = connections.lines(captures, {}, Style(redaction=hidden))
        beside = ["\n".join(("Connections:", *lines))] if captures else []
        text = written([part((path,), report, clients, asked, hidden, beside)], said)
    elif output is not None or not said["quiet"]:
        style = style_for(said["color"], said["ascii"], output)
        style = replace(style, redaction=hidden)
        lines = connections.lines(captures, {}, style)
        text = "".join(f"{line}\n" for line in (*lines, "")) if lines else ""
        text += as_text(reports, (path,), clients, asked, style)
        if said["verbose"] or report.worst not in (None, Severity.INFO):
            text += "".join(f"{line}\n" for line in described(tables(report), style))
    if output is not None:
        write(output, text)
    elif not said["quiet"]:
        write_out(text)
    ended = status(reports, said["fail_on"])
    if not ended and (stopped := unfinished(captures)):
        complain(stopped)
        return NOT_CAPTURED
    return ended


def _judged(path: str, said: Mapping[str, Any]) -> tuple[Report, tuple[Any, ...]]:
    """Read the gateway, and judge it; also what was captured of it, by port."""
    if said["connect"] and said["presented"]:
        raise Refused("--connect and --presented both say what it presents; leave one out")
    if said["second_opinion"] and not (said["connect"] or said["presented"]):
        raise Refused(
            "--second-opinion: other validators verify signatures, and nobody made those of a "
            "chain that is predicted; add --presented or --connect, or leave it out"
        )
    try:
        runtime = parse_runtime(said["runtime"]) if said["runtime"] else None
    except ValueError as wrong:
        raise Refused(f"--{wrong}") from None
    rules, at = chosen(said["select"], said["ignore"]), moment(said["at"])
    password = password_in(said["password_file"])
    strings = _connection_strings(said["connection_string"])
    device, notes = gathered(found(path, said["root"], runtime), runtime)
    device = _told(device, said, strings)
    presented = [read(name, Limits().input_bytes, "--presented") for name in said["presented"]]
    hostname: str | None = said["hostname"]
    captures: tuple[Any, ...] = ()
    arguments: dict[str, Any] = {
        "crls": [revoking(name) for name in said["crl"]],
        "password": password,
        "profile": said["profile"],
        "validation": validation(said),
        "rules": rules,
        "clients": said["client"] or None,
    }
    trust = [trusted(name, password) for name in said["trust"]]
    if said["connect"]:
        hostname = hostname or asked_for(device)
        presented, captures = presented_by(said["connect"], hostname, said)
    try:
        report = audit(
            device,
            presented or None,
            hostname,
            trust,
            at,
            as_sent=bool(captures),
            **arguments,
        )
    except ValueError as wrong:
        argument, colon, told = str(wrong).partition(":")
        if argument not in ("hostname", "profile", "clients"):
            raise
        option = "client" if argument == "clients" else argument
        raise Refused(f"--{option}{colon}{told}") from None
    for note in notes:
        complain(f"cannot read {note}; what depends on it is undecided (run it as root)")
    return report, captures


def _told(
    device: Device, said: Mapping[str, Any], strings: tuple[ConnectionString, ...] | None
) -> Device:
    """What was read, with what the options say beside it."""
    names = list(said["gateway_host_name"])
    names += [one["gateway_host_name"] for one in strings or () if one.get("gateway_host_name")]
    changes: dict[str, Any] = {
        "runtime": said["runtime"],
        "time_t_bits": int(said["time_t"]) if said["time_t"] else None,
        "machine_name": said["machine_name"] or device.machine_name,
        "device_id": said["device_id"] or device.device_id,
        "gateway_host_names": tuple(dict.fromkeys(names)) or None,
        "connection_strings": strings,
    }
    return replace(device, **changes)


def _connection_strings(names: Iterable[str]) -> tuple[ConnectionString, ...] | None:
    """What is in files of connection strings; their keys are let go at once."""
    made: list[ConnectionString] = []
    for name in names:
        source = read(name, Limits().input_bytes, "--connection-string")
        strings = list(in_text(source.data.decode("utf-8-sig", "replace")))
        if not strings:
            raise Refused(
                f"--connection-string {name}: no connection string in it; it has the form "
                "HostName=...;DeviceId=...;SharedAccessKey=...;GatewayHostName=..."
            )
        made += strings
    return tuple(made) if names else None
