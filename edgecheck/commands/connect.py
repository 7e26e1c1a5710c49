"""`edgecheck connect`: what live ports present, judged as `edgecheck check` judges files."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from edgecheck.adapters.files import Refused, forget, read, spare, two_files, write
from edgecheck.adapters.tls import Capture, capture
from edgecheck.commands import confirm, connections
from edgecheck.commands.answering import Answers, who
from edgecheck.commands.at_once import at_once
from edgecheck.commands.hiding import hiding
from edgecheck.commands.pages import absent, is_page, part, written
from edgecheck.commands.printing import complain, style_for, write_out
from edgecheck.commands.request import asking, roles_used, standard_input_once
from edgecheck.commands.targets import Target, target, targets
from edgecheck.commands.told import rendered, report_dict, status
from edgecheck.expected import Limits
from edgecheck.hierarchy.target import is_named
from edgecheck.reading.hostnames import as_address
from edgecheck.reading.sources import Source
from edgecheck.reading.text import safe, visible
from edgecheck.reporting.redacting.plain import redacted
from edgecheck.reporting.report import Report
from edgecheck.reporting.several import overview, separated, worth_reading
from edgecheck.reporting.style import Style, wrapped
from edgecheck.reporting.words import ABSENT
from edgecheck.rules.engine.rule import Severity
from edgecheck.values import frozen

if TYPE_CHECKING:
    from edgecheck.reporting.redacting.redaction import Redaction

NOT_CAPTURED = 2
AT_ONCE = 16
"""Ports that are connected to at the same time."""


@frozen
class Host:
    """One of those that were named: what its ports present, and a report for each presentation."""

    target: Target
    captures: tuple[Capture, ...]
    reports: tuple[tuple[str, Report], ...]
    who: Mapping[tuple[bytes, ...], Answers]
    """Answers, by what is presented; nobody where that is not known."""
    confirmed: tuple[list[Any], ...] = ()
    """For each report what the clients of this machine do, where they were asked."""


def connected(name: str | None, said: Mapping[str, Any]) -> int:
    """Connect, judge, print; `said` is the options of `edgecheck connect` by name.

    Returns the exit status.

    Raises:
        Refused: the request cannot be carried out.
    """
    forget()
    is_page(said)
    standard_input_once([said["targets"] or ""], said)
    wanted = _wanted(name, said)
    if said["confirm"]:
        confirm.possible(said)
    if said["save"]:
        _savable(said)
    ask = asking(said, several=len(wanted) > 1 or not wanted[0].stated)
    captured = _captured(wanted, said)
    hosts = [
        _judged(one, captures, ask, said) for one, captures in zip(wanted, captured, strict=True)
    ]
    reports = [report for host in hosts for report in host.reports]
    if reports:
        roles_used(said, (report for _, report in reports))
    if said["save"]:
        _save(hosts[0], said)
    _print(hosts, said)
    missing = [host for host in hosts if not host.reports]
    if missing:
        complain(_missing(missing, len(hosts)))
        return NOT_CAPTURED
    ended = status(reports, said["fail_on"])
    if not ended and (told := unfinished(each for host in hosts for each in host.captures)):
        complain(told)
        return NOT_CAPTURED
    return ended


def presented_by(
    name: str, hostname: str | None, said: Mapping[str, Any]
) -> tuple[list[Source], tuple[Capture, ...]]:
    """What a gateway presents, for another command: certificates as they were sent, and how.

    Of ports that present different ones it is what the first presents, and that is said.

    Raises:
        Refused: nothing was captured, and why.
    """
    asked = {"sni": None, "no_sni": False, "ip": None, **said, "hostname": hostname}
    one = target(name)
    (captures,) = _captured([one], asked)
    groups = connections.grouped(captures)
    if not groups:
        raise Refused(_missing([Host(one, captures, (), {})], 1))
    if len(groups) > 1:
        first = connections.address(groups[0][0])
        complain(f"not all ports present the same; judged is what {first} presents")
    return _sources(groups[0][0]), captures


def unfinished(captures: Iterable[Capture]) -> str:
    """That a handshake did not finish, in a line; empty where all did."""
    stopped = [each for each in captures if each.unfinished]
    return _stopped(stopped) if stopped else ""


def _wanted(name: str | None, said: Mapping[str, Any]) -> list[Target]:
    file = said["targets"]
    if (name is None) == (file is None):
        raise click.UsageError(
            "name a HOST or HOST:PORT, or a file of them with --targets",
            click.get_current_context(),
        )
    if name is not None:
        return [target(name)]
    if said["save"]:
        raise Refused("--save keeps what one host presents; name it instead of --targets")
    source = read(file, Limits().input_bytes, "--targets")
    return targets(source.data.decode("utf-8", "replace"), file)


def asked_name(host: str, said: Mapping[str, Any]) -> str:
    """The name for which a host is judged: as the client types it."""
    name: str = said["hostname"] or said["sni"] or host
    return name


def _captured(wanted: Sequence[Target], said: Mapping[str, Any]) -> list[tuple[Capture, ...]]:
    """What each port presents, in order; many are asked at once."""
    ip = int(said["ip"]) if said["ip"] else None
    jobs: list[Callable[[], Capture]] = []
    for one in wanted:
        name = None if said["no_sni"] else said["sni"] or asked_name(one.host, said)
        jobs += [
            partial(
                capture,
                one.host,
                port,
                server_name=name,
                timeout=said["timeout"],
                ip=ip,
            )
            for port in one.ports
        ]
    found: list[Capture | None] = [None] * len(jobs)
    for done, (number, each) in enumerate(at_once(jobs, AT_ONCE), 1):
        found[number] = each
        _progress(done, len(jobs), said)
    left = iter(each for each in found if each is not None)
    return [tuple(next(left) for _ in one.ports) for one in wanted]


def _progress(done: int, of: int, said: Mapping[str, Any]) -> None:
    """How far it is, for somebody who waits at a terminal."""
    if said["quiet"] or of < 2 or sys.stderr is None or not sys.stderr.isatty():
        return
    end = "\r\x1b[K" if done == of else ""
    click.echo(f"\r{done} of {of} ports{end}", nl=False, err=True)


def _judged(
    one: Target, captures: tuple[Capture, ...], ask: Callable[..., Report], said: Mapping[str, Any]
) -> Host:
    reports, answering, confirmed = [], {}, []
    for group in connections.grouped(captures):
        first = connections.address(group[0])
        name = ", ".join([first, *(str(other.port) for other in group[1:])])
        asked = asked_name(one.host, said)
        report = ask(_sources(group[0]), hostname=asked, as_sent=True)
        reports.append((name, report))
        if (answers := who(report, asked)) is not None:
            answering[group[0].certificates] = answers
        if said["confirm"]:
            confirmed.append(confirm.asked(report, group[0], asked))
    return Host(one, captures, tuple(reports), answering, tuple(confirmed))


def _sources(capture: Capture) -> list[Source]:
    """The certificates of a port, each under the name of where it was sent."""
    first = connections.address(capture)
    return [
        Source(f"{first}, certificate {number}", data, single=True)
        for number, data in enumerate(capture.certificates, 1)
    ]


def _savable(said: Mapping[str, Any]) -> None:
    """Refuse, before anything is connected to, what would cost a file."""
    two_files(said["save"], said["output"])
    if not said["overwrite"]:
        spare(said["save"], "--save")


def _save(host: Host, said: Mapping[str, Any]) -> None:
    """Keep what was presented as PEM, of several ports what the first presents."""
    groups = connections.grouped(host.captures)
    if not groups:
        return
    text = connections.as_pem(groups[0][0])
    write(said["save"], text, option="--save", replace=said["overwrite"])
    if len(groups) > 1:
        complain(f"{said['save']} has what {connections.address(groups[0][0])} presents")


def _print(hosts: Sequence[Host], said: Mapping[str, Any]) -> None:
    output = said["output"]
    every = [report for host in hosts for _, report in host.reports]
    hidden = hiding(every, said, [name for host in hosts for name in _names(host)])
    if said["format"] == "json":
        text = _as_json(hosts, said, hidden)
    elif (said["quiet"] and output is None) or not (
        said["targets"] or any(host.reports for host in hosts)
    ):
        return
    elif is_page(said):
        text = _as_page(hosts, said, hidden)
    else:
        style = style_for(said["color"], said["ascii"], output)
        text = _as_text(hosts, said, replace(style, redaction=hidden))
    if output is not None:
        write(output, text)
    elif not said["quiet"]:
        write_out(text)


def _names(host: Host) -> list[str]:
    return [host.target.host, *connections.names(host.captures)]


def _as_json(hosts: Sequence[Host], said: Mapping[str, Any], redaction: "Redaction | None") -> str:
    """The report of one port; else a list of what each host presents, and of what it does not."""
    made = [entry for host in hosts for entry in _entries(host, said, redaction)]
    one = len(hosts) == 1 and hosts[0].target.stated and not said["targets"]
    return json.dumps(made[0] if one else made, indent=2, ensure_ascii=True) + "\n"


def _entries(
    host: Host, said: Mapping[str, Any], redaction: "Redaction | None"
) -> Iterable[dict[str, Any]]:
    def shown(made: dict[str, Any]) -> dict[str, Any]:
        return made if redaction is None else redacted(made, redaction)

    groups = connections.grouped(host.captures)
    for number, ((name, report), group) in enumerate(zip(host.reports, groups, strict=True)):
        asked = [confirm.as_dicts(each) for each in host.confirmed[number : number + 1]]
        told = [connections.as_dict(each) for each in group]
        answers = host.who.get(group[0].certificates)
        beside = {
            "source": visible(name),
            "connections": visible(told),
            "answered_by": visible(answers._asdict()) if answers is not None else None,
            **({"confirmed": asked[0]} if asked else {}),
        }
        made = report_dict(report, said["clients"], said["second_opinion"], redaction)
        yield {**made, **shown(beside)}
    failed = [connections.as_dict(each) for each in host.captures if each.obstacle]
    if failed:
        yield shown({"source": visible(host.target.shown), "connections": visible(failed)})


def _as_page(hosts: Sequence[Host], said: Mapping[str, Any], hidden: "Redaction | None") -> str:
    """What each host presents, and why nothing was captured, on one page or in one drawing."""
    style, parts = Style(redaction=hidden), []
    for host in hosts:
        groups = connections.grouped(host.captures)
        for number, (name, report) in enumerate(host.reports):
            told = host.captures if len(host.reports) == 1 else groups[number]
            lines = connections.lines(told, host.who, style)
            texts = ["\n".join(("Connections:", *lines, *_by_address(report, said, style)))]
            texts += [confirm.as_text(each, style) for each in host.confirmed[number : number + 1]]
            parts.append(part((name,), report, said["clients"], said, hidden, texts))
        if not host.reports:
            why = connections.together(host.captures).removeprefix(f"{ABSENT}: ")
            parts.append(absent(host.target.shown, why, hidden))
    return written(parts, said, "host" if said["targets"] else "presentation")


def _as_text(hosts: Sequence[Host], said: Mapping[str, Any], style: Style) -> str:
    rows = [row for host in hosts for row in _rows(host)]
    if len(rows) == 1 and not said["targets"]:
        return _full(hosts[0], *hosts[0].reports[0], said, style, every=True)
    notes = said["verbose"] or said["fail_on"] == "info"
    least = Severity.INFO if notes else Severity.WARNING
    lines = []
    if not said["targets"]:
        lines += [*connections.lines(hosts[0].captures, hosts[0].who, style), ""]
        told = f"{hosts[0].target.host} does not present the same certificates on all ports."
        lines += [*wrapped(style.foreign(told, 400).split(" "), style.prose), ""]
    matrix = not said["select"] and not said["ignore"]
    noun = "host" if said["targets"] else "presentation"
    lines += overview(rows, least, style, matrix, noun)
    texts = []
    for host in hosts:
        shown = host.reports if said["verbose"] else worth_reading(host.reports, least)
        texts += [_full(host, *each, said, style, every=len(host.reports) == 1) for each in shown]
    return "\n".join(lines) + "\n" + separated(texts, style)


def _rows(host: Host) -> list[tuple[str, Report | str]]:
    """A line for each presentation; one for a host that presents nothing."""
    if host.reports:
        return list(host.reports)
    return [(host.target.shown, connections.together(host.captures))]


def _full(
    host: Host, name: str, report: Report, said: Mapping[str, Any], style: Style, every: bool
) -> str:
    """What came of the connections, and the report; `every`: those that failed are told too."""
    number = [each for each, _ in host.reports].index(name)
    group = connections.grouped(host.captures)[number]
    told = host.captures if every else group
    lines = "".join(
        f"{line}\n"
        for line in (*connections.lines(told, host.who, style), *_by_address(report, said, style))
    )
    text = rendered(report, (name,), said["clients"], said, style)
    asked = "".join(confirm.as_text(each, style) for each in host.confirmed[number : number + 1])
    return f"{lines}\n{text}{asked}"


def _by_address(report: Report, said: Mapping[str, Any], style: Style) -> list[str]:
    """That clients may type another name than the address which was connected to."""
    server, asked = report.hierarchy.server, report.expected.hostname
    named = said["hostname"] or said["sni"] or asked is None or as_address(asked) is None
    if named or server is None or is_named(server, asked):
        return []
    told = f"judged for the address {style.foreign(asked or '')}; where clients connect by a name, "
    return wrapped([*told.split(), "add", "--hostname NAME"], style.prose, "  ", "    ")


def _missing(missing: Sequence[Host], of: int) -> str:
    """The line for those that present nothing."""
    if of == 1:
        (host,) = missing
        told = connections.together(host.captures)
        return f"{host.target.shown}: {told}; more: edgecheck explain {_page(host.captures)}"
    return f"nothing was captured of {len(missing)} of {of} hosts; their lines say why"


def _stopped(captures: Sequence[Capture]) -> str:
    """The line for those whose certificates may be sound, and with which nobody connects."""
    named = ", ".join(map(connections.address, captures))
    told = f"the handshake did not finish: {safe(captures[0].unfinished, 200)}"
    if len(captures) > 1:
        told = "handshakes did not finish; the lines of these ports say why"
    return f"{named}: {told}"


def _page(captures: Sequence[Capture]) -> str:
    """What tells more: where something answered, that comes before ports that are closed."""
    told = [connections.page(each) for each in captures]
    return next((each for each in told if each != "symptom.connection-refused"), told[0])
