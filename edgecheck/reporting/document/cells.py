"""Facts of a certificate and of its place as a few words each, for a document's rows."""

from collections.abc import Callable
from typing import Any, NamedTuple

from edgecheck.hierarchy.paths import Ending, Path
from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import Certificate, Origin, Unreadable, written
from edgecheck.reading.der import Malformed
from edgecheck.reading.distance import distance
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.blocks import Words
from edgecheck.rules.engine.finding import Location

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


def subject(certificate: Certificate) -> str:
    """The common name, else the whole subject, else what the certificate is for."""
    name: str = _read(lambda: _shortest(certificate.subject), "(unreadable subject)")
    if not name:
        names = _read(lambda: certificate.alt_names, None)
        name = f"(no subject; for {names.dns[0]})" if names and names.dns else "(no subject)"
    return safe(name, 80)


def issuer(certificate: Certificate) -> str:
    """The issuer's name in the same way."""
    return safe(_read(lambda: _shortest(certificate.issuer), "unreadable"), 80)


def _shortest(name: Any) -> str:
    common: str | None = name.common_name
    return str(name) if common is None else common


def place(origin: Origin | Location) -> str:
    """`chain.pem:24-34`; only the file's name where it is binary."""
    first, last = origin.first_line, origin.last_line
    lines = "" if first is None else f":{first}" if first == last else f":{first}-{last}"
    return safe(origin.source) + lines


def anchored(path: Path, certificate: Certificate) -> Words:
    """What is said of the upper end behind its role."""
    if certificate is not path.certificates[-1]:
        return Words("")
    if path.anchor is certificate:
        return Words(", trust assumed" if path.anchor_assumed else ", trusted")
    return Words(", NOT trusted", "error") if path.ended is Ending.SELF_SIGNED else Words("")


class Signed(NamedTuple):
    """Who made a signature, and whether that holds, as the blocks have it."""

    by: str
    state: str


def signed(report: Answers, path: Path, index: int) -> Signed:
    """Return who signed a certificate of the path, and whether that holds."""
    certificate = path.certificates[index]
    if index + 1 < len(path.certificates):
        who = WORDS[report.hierarchy.role(path.certificates[index + 1])]
        state = path.links[index].signature.state
    else:
        links = report.hierarchy.pool.links(certificate)
        own = next((link for link in links if link.issuer is certificate), None)
        if own is None:  # an anchor need not be a root, and above a gap there is nobody
            return Signed("", "")
        who, state = "itself", own.signature.state
    if certificate in report.synthetic and state is State.VALID:
        return Signed(who, "later")
    return Signed(who, STATES[state])


STATES = {State.VALID: "valid", State.INVALID: "bad", State.UNCHECKABLE: "unchecked"}
"""Words of the blocks for the outcome of a signature."""


class Authority(NamedTuple):
    """Whether a certificate may issue others, and its bound on CAs below."""

    word: str
    path_length: int | None
    tone: str


def authority(certificate: Certificate, role: Role) -> Authority:
    """Return whether it may issue others, in capitals where that is wrong for its place."""
    constraints = _read(lambda: certificate.basic_constraints, _UNREADABLE)
    if constraints is _UNREADABLE:
        return Authority("?", None, "warning")
    meant = role not in (Role.SERVER, Role.DEVICE, Role.OTHER)
    if constraints is None or not constraints.ca:
        return Authority("NO", None, "error") if meant else Authority("no", None, "")
    yes, tone = ("yes", "") if meant else ("YES", "warning")
    return Authority(yes, constraints.path_length, tone)


class Expiry(NamedTuple):
    """A certificate's last day, or from when on it is valid; and how far that is off."""

    day: str
    left: str
    left_short: str
    tone: str


def expires(certificate: Certificate, at: int) -> Expiry:
    """Return its last day, and how far that is from the moment of the check; or its first one."""
    end = _read(lambda: certificate.not_after, None)
    start = _read(lambda: certificate.not_before, None)
    if end is None:
        return Expiry("?", "", "", "warning")
    if start is not None and at < start <= end:
        return Expiry(f"valid from {day(start)}", "", "", "error")
    left = (relative(end, at), relative(end, at, long=False))
    return Expiry(day(end), *left, "error" if end < at else "")


def day(seconds: int) -> str:
    """A date, in UTC."""
    return written(seconds, "%Y-%m-%d")


def relative(end: int, at: int, long: bool = True) -> str:
    """Return `in 27 days` or `3 hours ago` where that is near or past, else nothing."""
    return "" if end - at > SOON else distance(end, at, long)


def _read(fact: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return fact()
    except (Unreadable, Malformed):
        return otherwise
