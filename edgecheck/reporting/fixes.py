"""The short list of acts at the end of a report: what to do, and how much it closes."""

import re

from edgecheck.hierarchy.roles import WORDS, Role
from edgecheck.report.acts import Repair, repairs
from edgecheck.report.answers import Answers
from edgecheck.reporting.cells import subject
from edgecheck.reporting.prose import prose
from edgecheck.reporting.style import Style, counted, wrapped
from edgecheck.rules.engine.rule import Act

HOST = "<hostname>"
"""What remedies write where the gateway's name belongs."""
RENEWS = "let the runtime renew"
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
        act = _act(report, repair, style)
        words = f"{act}: {_closes(repair)}".split(" ")
        lines += wrapped(words, style.prose, f"  {number}. ", _INDENT)
        lines += [f"{_INDENT}    {_named(line, report)}" for line in repair.extension_lines]
        for sentence in (RESTART,) if act.startswith(RENEWS) else repair.instructions:
            lines += prose(sentence, style, _INDENT)
    return ["", style.paint("Fix first:", "bold"), *lines] if lines else []


_OF_DEVICES = {
    Act.CLIENT: "change what the device sends",
    Act.CONFIGURE: "change how it is registered or judged",
    Act.TRUST: "change the gateway's trust bundle",
}
"""Acts where a device's certificate is judged."""


def _act(report: Answers, repair: Repair, style: Style) -> str:
    """`reissue the device CA "x"`; what the runtime issues, it renews."""
    act = str(repair.act)
    if report.expected.validation.purpose == "client":
        act = _OF_DEVICES.get(repair.act, act)
    named = next((c for c in report.certificates if c.sha256 == repair.subject), None)
    if named is not None:
        role = report.hierarchy.role(named)
        if repair.act is Act.RENEW and role in (Role.SERVER, Role.WORKLOAD_CA):
            act = RENEWS
        return f'{act} the {WORDS[role]} "{subject(named, style)}"'
    if repair.act is Act.EDIT and repair.subject not in ("", "-", "<input>"):
        return f"edit {style.foreign(repair.subject)}"
    return act


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
    """An extension line with the gateway's name, where that is known."""
    host = report.expected.device.hostname or report.expected.hostname or ""
    if not _DNS_NAME.fullmatch(host) or host.rpartition(".")[2].isdigit():
        return line
    return line.replace(HOST, host.lower())
