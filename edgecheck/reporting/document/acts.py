"""What to do, in the order in which it closes most, each with what exactly to do."""

from collections.abc import Sequence
from ipaddress import ip_address

from edgecheck.reading.hostnames import as_address
from edgecheck.reading.late import late
from edgecheck.report.acts import Repair, repairs
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.blocks import Act
from edgecheck.reporting.words import counted, joined
from edgecheck.rules.engine import rule
from edgecheck.rules.engine.finding import Finding

HOST = "<hostname>"
"""What remedies write where the gateway's name belongs."""
RESTART = "Restart it (`iotedge system restart`; `systemctl restart iotedge` up to 1.1)."
_DNS_NAME = late(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?")


def acts(report: Answers) -> tuple[Act, ...]:
    """Return what to do first, second, and so on; nothing where nothing can be done."""
    return tuple(
        _act(repair, report)
        for repair in repairs(report.findings)
        if repair.act is not rule.Act.NOTHING
    )


def in_one_line(act: Act) -> str:
    """Return what to do, how much it closes, and what to do after it: for the first screen."""
    told = [f"{act.words}: closes {act.closes}"]
    if act.exactly:
        told.append(act.exactly.removesuffix("."))
    if act.then:
        told.append(f"Then {act.then}")
    return ". ".join(told)


def _act(repair: Repair, report: Answers) -> Act:
    restart = repair.act is rule.Act.RESTART
    return Act(
        words=repair.words,
        exactly=repair.exactly,
        then=repair.then,
        closes=_closes(repair),
        rules=tuple(dict.fromkeys(finding.rule.id for finding in repair.findings)),
        lines=tuple(_named(line, report) for line in repair.extension_lines),
        instructions=(RESTART,) if restart else repair.instructions,
    )


def _closes(repair: Repair) -> str:
    """`2 errors and 1 warning`, and what merely follows."""
    closed = numbers(repair.findings)
    follows = repair.closes - len(repair.findings)
    if follows:
        closed.append(f"{follows} that {'follows' if follows == 1 else 'follow'}")
    return joined(closed)


def numbers(findings: Sequence[Finding]) -> list[str]:
    """Return how many errors there are, and how many warnings; what there is none of is left out.

    `1 error`, `2 warnings`.
    """
    errors = sum(f.severity is rule.Severity.ERROR for f in findings)
    warnings = sum(f.severity is rule.Severity.WARNING for f in findings)
    told = [counted(errors, "error")] if errors else []
    return [*told, counted(warnings, "warning")] if warnings else told


def _named(line: str, report: Answers) -> str:
    """An extension line with the gateway's name or address, where that is known."""
    host = report.expected.device.hostname or report.expected.hostname or ""
    address = as_address(host)
    if address is not None:  # as a certificate has it: without the zone, which may be any text
        return line.replace(f"DNS:{HOST}", f"IP:{ip_address(address.packed)}")
    if not _DNS_NAME.fullmatch(host) or host.rpartition(".")[2].isdigit():
        return line
    return line.replace(HOST, host.lower())
