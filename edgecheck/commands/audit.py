"""`edgecheck audit`: the configuration and files of gateways read, and judged."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from edgecheck.adapters.clock import now
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
from edgecheck.commands.told import as_json, as_text, report_dict, status
from edgecheck.configuring.strings import in_text
from edgecheck.device import Device, Version, parse_runtime
from edgecheck.expected import Limits
from edgecheck.reading.text import safe, visible
from edgecheck.reporting.document.gateway import tables
from edgecheck.reporting.gateway import described
from edgecheck.reporting.redacting.plain import redacted
from edgecheck.reporting.report import Report
from edgecheck.reporting.several import Named
from edgecheck.reporting.style import Style
from edgecheck.rules.engine.rule import Severity
from edgecheck.settings import ConnectionString

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

_ONE_BY_ONE = "audit one at a time with it"
_OF_ONE = {
    "root": "name each gateway by its own folder or zip instead",
    "connect": _ONE_BY_ONE,
    "presented": _ONE_BY_ONE,
    "hostname": f"without it each is judged for its own name; or {_ONE_BY_ONE}",
    "gateway_host_name": _ONE_BY_ONE,
    "connection_string": _ONE_BY_ONE,
    "machine_name": _ONE_BY_ONE,
    "device_id": _ONE_BY_ONE,
}
"""Options that are about a single gateway, and what to do instead where there are several."""


def audited(paths: Sequence[str], said: Mapping[str, Any]) -> int:
    """Carry out the command; returns its exit status, of several gateways that of the worst.

    Args:
        paths: a gateway each.
        said: its options by name.

    Raises:
        Refused: it cannot be carried out.
    """
    forget()
    is_page(said)
    several = len(paths) > 1
    asked = {**said, "purpose": "server", "each": several}
    reports, captures = _judged(paths, asked)
    hidden = hiding([each for _, each in reports], said, [*paths, *connections.names(captures)])
    output = said["output"]
    text = ""
    if said["format"] == "json":
        text = _as_json(reports, captures, asked, hidden)
    elif output is not None or not said["quiet"]:
        if is_page(said):
            lines = connections.lines(captures, {}, Style(redaction=hidden))
            beside = ["\n".join(("Connections:", *lines))] if captures else []
            clients = said["clients"]
            parts = [part((n,), each, clients, asked, hidden, beside) for n, each in reports]
            text = written(parts, said, "gateway")
        else:
            style = style_for(said["color"], said["ascii"], output)
            style = replace(style, redaction=hidden)
            lines = connections.lines(captures, {}, style)
            text = "".join(f"{line}\n" for line in (*lines, "")) if lines else ""
            text += as_text(reports, paths, said["clients"], asked, style, "gateway", _tables)
    if output is not None:
        write(output, text)
    elif not said["quiet"]:
        write_out(text)
    ended = status(reports, said["fail_on"])
    if not ended and (stopped := unfinished(captures)):
        complain(stopped)
        return NOT_CAPTURED
    return ended


def _as_json(
    reports: Sequence[Named],
    captures: Sequence[Any],
    said: Mapping[str, Any],
    hidden: "Redaction | None",
) -> str:
    """The report with its connections; of several gateways a list, each with its `source`."""
    if said["each"]:
        return as_json(reports, said["clients"], said)
    ((_, report),) = reports
    made = report_dict(report, said["clients"], said["second_opinion"], hidden)
    if captures:
        told = {"connections": visible([connections.as_dict(each) for each in captures])}
        made |= told if hidden is None else redacted(told, hidden)
    return json.dumps(made, indent=2, ensure_ascii=True) + "\n"


def _tables(report: Report, said: Mapping[str, Any], style: Style) -> str:
    """Names and files of a gateway, where there is something to be said of it."""
    if not said["verbose"] and report.worst in (None, Severity.INFO):
        return ""
    return "".join(f"{line}\n" for line in described(tables(report), style))


def _judged(paths: Sequence[str], said: Mapping[str, Any]) -> tuple[list[Named], tuple[Any, ...]]:
    """Read the gateways, and judge each; also what was captured of a single one, by port."""
    if len(paths) > 1:
        _of_one_alone(said)
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
    gateways = [_read(path, said, runtime, several=len(paths) > 1) for path in paths]
    devices = [_told(device, said, strings) for device, _ in gateways]
    presented = [read(name, Limits().input_bytes, "--presented") for name in said["presented"]]
    hostname: str | None = said["hostname"]
    captures: tuple[Any, ...] = ()
    trust = [trusted(name, password) for name in said["trust"]]
    arguments: dict[str, Any] = {
        "trust": trust,
        "at": at or (now() if len(paths) > 1 else None),
        "crls": [revoking(name) for name in said["crl"]],
        "password": password,
        "profile": said["profile"],
        "validation": validation(said),
        "rules": rules,
        "clients": said["client"] or None,
    }
    if said["connect"]:
        hostname = hostname or asked_for(devices[0])
        presented, captures = presented_by(said["connect"], hostname, said)
    arguments |= {"presented": presented or None, "hostname": hostname, "as_sent": bool(captures)}
    try:
        reports = [audit(device, **arguments) for device in devices]
    except ValueError as wrong:
        argument, colon, told = str(wrong).partition(":")
        if argument not in ("hostname", "profile", "clients"):
            raise
        option = "client" if argument == "clients" else argument
        raise Refused(f"--{option}{colon}{told}") from None
    for _, notes in gateways:
        for note in notes:
            complain(f"cannot read {note}; what depends on it is undecided (run it as root)")
    return list(zip(paths, reports, strict=True)), captures


def _of_one_alone(said: Mapping[str, Any]) -> None:
    """Refuse options that would tell of all gateways what is true of one alone."""
    for name, instead in _OF_ONE.items():
        if said[name]:
            option = name.replace("_", "-")
            raise Refused(f"--{option} is about one gateway, and several are named; {instead}")


def _read(
    path: str, said: Mapping[str, Any], runtime: Version | None, several: bool
) -> tuple[Device, list[str]]:
    """What is known of a gateway, and what of it may not be read; of several, whose it is."""
    try:
        device, notes = gathered(found(path, said["root"], runtime), runtime)
    except Refused as wrong:
        shown = safe(path)
        if not several or shown in re.split(r"[\s:;,]+", str(wrong)):
            raise
        raise Refused(f"{shown}: {wrong}") from None
    return device, [f"{note} ({safe(path)})" for note in notes] if several else notes


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
