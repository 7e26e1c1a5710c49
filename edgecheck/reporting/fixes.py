"""The short list of acts at the end of a report: what to do, and how much it closes."""

import re
from ipaddress import ip_address

from edgecheck.reading.hostnames import as_address
from edgecheck.report.acts import Repair, repairs
from edgecheck.report.answers import Answers
from edgecheck.reporting.prose import prose
from edgecheck.reporting.style import Style, counted, wrapped
from edgecheck.rules.engine.rule import Act

HOST = "<hostname>"
"""What remedies write where the gateway's name belongs."""
RESTART = "Restart it (`iotedge system restart`; `systemctl restart iotedge` up to 1.1)."
_DNS_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?")
_INDENT = " " * 5


def fix_first(report: Answers, style: Style) -> list[str]:
    """Acts in the order in which they close most, each with what exactly to do."""
    lines: list[str] = []
    number = 0
    for repair in repairs(report.findings):
        if repair.act is Act.NOTHING:
            continue
        number += 1
        act = style.own(repair.words)
        words = f"{act}: {_closes(repair)}".split(" ")
        lines += wrapped(words, style.prose, f"  {number}. ", _INDENT)
        lines += [
            f"{_INDENT}    {style.own(_named(line, report))}" for line in repair.extension_lines
        ]
        for sentence in (RESTART,) if repair.act is Act.RESTART else repair.instructions:
            lines += prose(sentence, style, _INDENT)
    return ["", style.paint("Fix first:", "bold"), *lines] if lines else []


def _closes(repair: Repair) -> str:
    """`closes 2 errors and 1 warning (ca.not-a-ca, ...)`, and what merely follows."""
    errors = sum(f.severity == "error" for f in repair.findings)
    warnings = len(repair.findings) - errors
    closed = [counted(errors, "error")] if errors else []
    closed += [counted(warnings, "warning")] if warnings else []
    follows = repair.closes - len(repair.findings)
    if follows:
        closed.append(f"{follows} that {'follows' if follows == 1 else 'follow'}")
    rules = ", ".join(dict.fromkeys(f.rule.id for f in repair.findings))
    return f"closes {_and(closed)} ({rules})"


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _named(line: str, report: Answers) -> str:
    """An extension line with the gateway's name or address, where that is known."""
    host = report.expected.device.hostname or report.expected.hostname or ""
    address = as_address(host)
    if address is not None:  # as a certificate has it: without the zone, which may be any text
        return line.replace(f"DNS:{HOST}", f"IP:{ip_address(address.packed)}")
    if not _DNS_NAME.fullmatch(host) or host.rpartition(".")[2].isdigit():
        return line
    return line.replace(HOST, host.lower())
