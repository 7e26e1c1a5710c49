"""What a fleet's gateways have in common, as text and as plain values."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from edgecheck.fleet.judge import ROW_RULE
from edgecheck.fleet.overview import Fault, Overview, Shared, seconds
from edgecheck.reading.distance import distance
from edgecheck.reading.text import visible
from edgecheck.reporting.style import Style, wrapped
from edgecheck.reporting.words import counted
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.ruleset import UnknownRule

SCHEMA_VERSION = 1
MOST = 10
"""Groups that the text tells; JSON has all."""
FEWEST_EMPTY = 3
"""Months without a gateway from which on one line stands for all of them."""
_ROW = "A value in the gateway's row cannot be used; --findings says which, and why"
_BAR = 40
_ROLES = {
    "server": "server certificate",
    "workload-ca": "workload CA",
    "device-ca": "device CA",
    "intermediate": "intermediate",
    "root": "root",
}


def as_values(seen: Overview) -> dict[str, Any]:
    """Return all of it as plain values, safe to print, for JSON."""
    made: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "at": _utc(seen.at),
        "gateways": seen.gateways,
        "ok": seen.ok,
        "valid": {
            "true": seen.verdicts[True],
            "false": seen.verdicts[False],
            "undecided": seen.verdicts[None],
        },
        "worst": {name or "none": seen.worst[name] for name in ("error", "warning", "info", None)},
        "anchor_assumed": seen.assumed,
        "faults": [
            {
                "signature": fault.signature,
                "rules": fault.rules,
                "gateways": fault.gateways,
                "failed": fault.failed,
                "examples": fault.examples,
            }
            for fault in seen.by_number()
        ],
        "shared_certificates": [
            {
                "sha256": each.sha256,
                "role": each.role,
                "subject": each.subject,
                "not_after": _utc(each.not_after) if each.not_after else None,
                "days": each.days(seen.at),
                "gateways": each.gateways,
                "failed": each.failed,
            }
            for each in seen.ending_first()
        ],
        "first_ca_ends": {
            "ended": seen.ended,
            "unknown": seen.endless,
            "months": dict(sorted(seen.months.items())),
        },
        "refusing": dict(sorted(seen.refusing.items())) if seen.asked else None,
        "unpredicted": seen.unpredicted if seen.asked else None,
    }
    return dict(visible(made))


def headline(seen: Overview) -> str:
    """Return how many gateways there are, and how they stand."""
    bad = seen.gateways - seen.ok
    told = f"{counted(seen.gateways, 'gateway')}: {seen.ok:,} ok, {bad:,} not ok"
    return told.replace(str(seen.gateways), f"{seen.gateways:,}", 1)


def verdicts(seen: Overview) -> str:
    """Return how many chains are valid; where nobody said what is trusted, that too."""
    told = (
        f"valid: {seen.verdicts[True]:,}, not valid: {seen.verdicts[False]:,}, "
        f"undecided: {seen.verdicts[None]:,}"
    )
    if seen.assumed:
        told += f"; of {seen.assumed:,} it was not given what clients trust"
    return told


def shared(each: Shared, seen: Overview) -> str:
    """Return one line: `one intermediate, 41,233 gateways, ends in 61 days`."""
    role = _ROLES.get(each.role, "certificate")
    return f"one {role}, {each.gateways:,} gateways, {ending(each, seen)}"


def ending(each: Shared, seen: Overview) -> str:
    """Return when a certificate ends, from now."""
    if each.not_after is None:
        return "its end cannot be read"
    told = distance(seconds(each.not_after), seconds(seen.at))
    return f"{'ended' if each.not_after < seen.at else 'ends'} {told}"


def title(rule: str) -> str:
    """Return what a rule is about, in a line; an empty text where there is no such rule."""
    if rule == ROW_RULE:
        return _ROW
    try:
        return BUILT_IN[rule].title
    except UnknownRule:
        return ""


def as_text(seen: Overview, style: Style) -> str:
    """Return the summary for a terminal; it ends with a line end."""
    lines = [style.paint(headline(seen), "bold"), verdicts(seen)]
    faults = seen.by_number()
    if faults:
        lines += ["", style.paint("Faults, by what they have in common", "bold")]
    for fault in faults[:MOST]:
        sign = (
            style.paint("error  ", "error") if fault.failed else style.paint("warning", "warning")
        )
        examples = ", ".join(style.foreign(each, 60) for each in fault.examples)
        such_as = f"such as {examples}" if fault.gateways > len(fault.examples) else examples
        lines.append(f"  {fault.gateways:>9,}  {sign}  {' + '.join(fault.rules)}")
        lines += wrapped(such_as.split(" "), style.prose, " " * 22, " " * 22)
    lines += _more(len(faults), "group")
    lines += _meant(faults[:MOST], style)
    together = seen.ending_first()
    if together:
        lines += ["", style.paint("Certificates that gateways share, by when they end", "bold")]
    for each in together[:MOST]:
        lines.append(f"  {shared(each, seen)}")
        named = style.foreign(each.subject or "(an unreadable subject)", 100)
        lines.append(f"      {named}{style.signs.dot}{each.sha256[:16]}")
    lines += _more(len(together), "certificate")
    lines += ["", style.paint("When the first CA certificate of a gateway ends", "bold")]
    lines += _bars(seen, style)
    if seen.asked:
        lines += ["", style.paint("Clients of tier 1 that will refuse", "bold")]
        lines += [f"  {number:>9,}  {name}" for name, number in seen.refusing.most_common()]
        if not seen.refusing:
            lines.append("  none is predicted to")
        if seen.unpredicted:
            lines.append(f"  {seen.unpredicted:>9,}  gateways of which that is not known of all")
    return "".join(f"{line}\n" for line in lines)


def _meant(faults: Iterable[Fault], style: Style) -> list[str]:
    """What the rules are about, each once, and where more is said of the first."""
    titles = {rule: told for fault in faults for rule in fault.rules if (told := title(rule))}
    if not titles:
        return []
    lines = [""]
    for rule, told in titles.items():
        lines += wrapped(f"{rule}: {told}".split(" "), style.prose, "  ", " " * 6)
    first = next((rule for rule in titles if rule != ROW_RULE), "")
    return [*lines, f"  more: edgecheck explain {first}"] if first else lines


def _more(number: int, noun: str) -> list[str]:
    left = number - MOST
    return [f"  and {counted(left, f'more {noun}')}: --format json has all"] if left > 0 else []


def _bars(seen: Overview, style: Style) -> list[str]:
    bars = seen.histogram()
    highest = max(number for _, number in bars) or 1
    sign = "█" if style.unicode else "#"
    lines: list[str] = []
    for some, run in groupby(bars, key=lambda bar: bar[1] > 0):
        months = [bar for bar in run if some or bar[0] not in ("ended", "later")]
        if not some and len(months) >= FEWEST_EMPTY:
            lines.append(f"  {months[0][0]} to {months[-1][0]}: none")
            continue
        for name, number in months:
            bar = sign * -(-number * _BAR // highest)
            lines.append(f"  {name:<7} {number:>9,}  {bar}".rstrip())
    if seen.endless:
        lines.append(f"  unknown {seen.endless:>9,}")
    return lines


def _utc(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
