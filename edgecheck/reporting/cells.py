"""Facts of a certificate and of its place as a few words each, for a table's cells.

A cell is its text and the colour that it deserves; an empty colour is none.
"""

from collections.abc import Callable
from typing import Any

from edgecheck.hierarchy.paths import Ending, Path
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Origin, Unreadable, written
from edgecheck.reading.der import Malformed
from edgecheck.report.answers import Answers
from edgecheck.reporting.style import Style, counted
from edgecheck.rules.engine.finding import Location

Cell = tuple[str, str]

WORDS = {
    Role.SERVER: "server",
    Role.DEVICE: "device",
    Role.WORKLOAD_CA: "workload CA",
    Role.DEVICE_CA: "device CA",
    Role.INTERMEDIATE: "intermediate",
    Role.ROOT: "root",
    Role.OTHER: "certificate",
}
"""Short, for a table; in sentences the roles have longer names (`hierarchy.roles.WORDS`)."""

SOON = 90 * 86400
"""Seconds before its end from which on a certificate's time is counted down."""
_UNREADABLE = object()


def subject(certificate: Certificate, style: Style) -> str:
    """The common name, else the whole subject, else what the certificate is for."""
    name: str = _read(lambda: _shortest(certificate.subject), "(unreadable subject)")
    if not name:
        names = _read(lambda: certificate.alt_names, None)
        name = f"(no subject; for {names.dns[0]})" if names and names.dns else "(no subject)"
    return style.foreign(name, 80)


def issuer(certificate: Certificate, style: Style) -> str:
    """The issuer's name in the same way."""
    return style.foreign(_read(lambda: _shortest(certificate.issuer), "unreadable"), 80)


def _shortest(name: Any) -> str:
    common: str | None = name.common_name
    return str(name) if common is None else common


def place(origin: Origin | Location, style: Style) -> str:
    """`chain.pem:24-34`; only the file's name where it is binary."""
    first, last = origin.first_line, origin.last_line
    lines = "" if first is None else f":{first}" if first == last else f":{first}-{last}"
    return style.foreign(origin.source) + lines


def anchored(path: Path, certificate: Certificate) -> Cell:
    """What is said of the upper end behind its role."""
    if certificate is not path.certificates[-1]:
        return "", ""
    if path.anchor is certificate:
        return (", trust assumed", "") if path.anchor_assumed else (", trusted", "")
    return (", NOT trusted", "error") if path.ended is Ending.SELF_SIGNED else ("", "")


def signed(report: Answers, path: Path, index: int, by: bool, style: Style) -> Cell:
    """Whether the issuer's key made the signature; with `by`, who that is."""
    certificate = path.certificates[index]
    if index + 1 < len(path.certificates):
        who = WORDS[report.hierarchy.role(path.certificates[index + 1])]
        state = path.links[index].signature.state
    else:
        links = report.hierarchy.pool.links(certificate)
        own = next((link for link in links if link.issuer is certificate), None)
        if own is None:  # an anchor need not be a root, and above a gap there is nobody
            return "not checked" if by else "-", "dim"
        who, state = "itself", own.signature.state
    if certificate in report.synthetic and state is State.VALID:
        return f"{who}, later" if by else "later", ""
    said, colour = {
        State.VALID: (style.signs.right, ""),
        State.INVALID: (style.signs.wrong + " BAD", "error"),
        State.UNCHECKABLE: ("? unchecked", "warning"),
    }[state]
    return f"{who} {said}" if by else said, colour


def authority(certificate: Certificate, role: Role, long: bool) -> Cell:
    """Whether it may issue others, in capitals where that is wrong for its place."""
    constraints = _read(lambda: certificate.basic_constraints, _UNREADABLE)
    if constraints is _UNREADABLE:
        return "?", "warning"
    meant = role not in (Role.SERVER, Role.DEVICE, Role.OTHER)
    if constraints is None or not constraints.ca:
        return ("NO", "error") if meant else ("no", "")
    yes, colour = ("yes", "") if meant else ("YES", "warning")
    if constraints.path_length is not None:
        length = constraints.path_length
        yes += f", pathLen {length}" if long else f" ({length})"
    return yes, colour


def expires(certificate: Certificate, at: int, long: bool) -> Cell:
    """Its last day, and how far that is from the moment of the check; or its first one."""
    end = _read(lambda: certificate.not_after, None)
    start = _read(lambda: certificate.not_before, None)
    if end is None:
        return "?", "warning"
    if start is not None and at < start <= end:
        return f"valid from {day(start)}", "error"
    return f"{day(end)} {relative(end, at, long)}".rstrip(), "error" if end < at else ""


def day(seconds: int) -> str:
    """A date, in UTC."""
    return written(seconds, "%Y-%m-%d")


def relative(end: int, at: int, long: bool = True) -> str:
    """`in 27 days` or `3 hours ago` where that is near or past, else nothing.

    Days are counted as a calendar does, for dates stand beside them.
    """
    if end - at > SOON:
        return ""
    size = abs(end - at)
    if size >= 2 * 86400:
        number, unit = abs(end // 86400 - at // 86400), "day"
    elif size >= 2 * 3600:
        number, unit = size // 3600, "hour"
    else:
        number, unit = size // 60, "minute"
    word = unit[:1] if unit != "minute" else "min"
    told = counted(number, unit) if long else f"{number} {word}"
    return f"{told} ago" if end < at else f"in {told}"


def _read(fact: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return fact()
    except (Unreadable, Malformed):
        return otherwise
