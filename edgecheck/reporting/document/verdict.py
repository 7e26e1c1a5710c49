"""The verdict in words: what was checked, how it came out, and why that is not known."""

from collections.abc import Sequence

from edgecheck.hierarchy.rfc5280.violations import Undecidable
from edgecheck.hierarchy.roles import Role
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.text import safe
from edgecheck.report.answers import Answers
from edgecheck.reporting.document.acts import numbers
from edgecheck.reporting.document.blocks import Open, Words
from edgecheck.reporting.document.cells import WORDS, day, relative, subject
from edgecheck.reporting.document.hierarchy import runtime_of
from edgecheck.reporting.words import counted
from edgecheck.rules.engine.rule import Need, Severity
from edgecheck.rules.engine.ruleset import NOT_ABOUT

OPTIONS: dict[str, str] = {
    Need.HOSTNAME: "--hostname",
    Need.TRUST: "--trust",
    Need.NAME: "--hostname",
    Need.ASKED: "--hostname",
    Need.CONFIGURED_HOSTNAME: "--device-hostname",
    Need.TRUST_BUNDLE: "--trust-bundle",
    Need.DEVICE_CA_FILE: "--device-ca-file",
    Need.RUNTIME: "--runtime",
    Need.MACHINE_NAME: "--machine-name",
    Need.REGISTRATION: "--registration",
}
"""The option of the command line by which a rule is told what it needs."""
WHO_READS = "device.key-permissions"
"""The rule that is undecided where a copy has lost the modes of a gateway's files."""
MOST_REFUSING = 3
"""Names of clients in the one line about a sound chain."""


def verdict(report: Answers) -> Words:
    """Return the worst that was found; where that is no fault, whether the path was validated."""
    if report.worst is not None and report.worst >= Severity.WARNING:
        return Words(report.worst.value, report.worst.value)
    if report.valid is None:
        return Words("not validated", "warning")
    # Where it is not valid, its error was left out by --select or --ignore.
    return Words("ok", "good") if report.valid else Words("not valid", "error")


def told(report: Answers) -> str:
    """Return `ok`, only where the path was validated; else why nothing is wrong and yet not so."""
    if report.valid:
        return "ok"
    if report.valid is False:
        return "not valid, though no rule that was run says why"
    return f"no fault found, not validated: {why_undecided(report)}"


def why_undecided(report: Answers) -> str:
    """Return why it is not known whether the path is valid."""
    hierarchy = report.hierarchy
    path, anchor = hierarchy.path, hierarchy.anchor
    if path is None:
        return "there is no certificate" if hierarchy.predicted else "no certificate was read"
    if not report.expected.trust and anchor and hierarchy.is_predicted(anchor):
        return "what clients would have to trust is not made yet"
    if not report.expected.trust:
        bundle = report.expected.validation.purpose == "client"
        return f"no trust was given (--trust {'trust-bundle' if bundle else 'root'}.pem)"
    if hierarchy.unread and (hierarchy.server is None or hierarchy.first_unread):
        return f"the input has {hierarchy.unread}"
    if hierarchy.lacks_server and not hierarchy.as_sent:
        return "there is no server certificate"
    for violation in (*path.violations, *hierarchy.identity):
        if isinstance(violation, Undecidable):
            return f"{safe(violation.because)} ({subject(violation.certificate)})"
    return "another path could not be judged"


def chain(report: Answers) -> tuple[str, ...]:
    """Return the roles of the path, the root first."""
    return tuple(WORDS[report.hierarchy.role(each)] for each in reversed(_path(report)))


def _path(report: Answers) -> tuple[Certificate, ...]:
    return report.hierarchy.path.certificates if report.hierarchy.path else ()


def sources(report: Answers) -> tuple[str, ...]:
    """Return the names under which what was presented was read."""
    presented = (report.origins[certificate][0] for certificate in report.hierarchy.sequence)
    places = (at for finding in report.findings for at in finding.locations)
    names = dict.fromkeys([*(o.source for o in presented), *(at.source for at in places)])
    return tuple(names)


def predicted_for(report: Answers, names: Sequence[str]) -> str:
    """Return for which runtime a chain is predicted, where no source's name says it already."""
    runtime = runtime_of(report)
    if not report.synthetic or any(name.endswith(f" on {runtime}") for name in names):
        return ""
    return f"predicted for {runtime}"


def context(report: Answers, names: Sequence[str]) -> tuple[str, ...]:
    """Return what was checked against what, in a few words each."""
    expected, runtime = report.expected, report.hierarchy.runtime
    made, predicted = len(report.synthetic), predicted_for(report, names)
    read = counted(len(report.hierarchy.sequence) - made, "certificate")
    parts = [predicted, read + (f" and {made} predicted" if made else "")]
    if expected.hostname is not None:
        parts.append(f"hostname {safe(expected.hostname, 80)}")
    if runtime is not None and not predicted:
        stated = expected.device.runtime if runtime.stated else None
        parts.append(f"runtime {stated or f'{runtime} (assumed)'}")
    parts.append(f"checked as of {expected.at.strftime('%Y-%m-%d')}")
    return tuple(part for part in parts if part)


def remarks(report: Answers, matrix: bool) -> tuple[str, ...]:
    """Return what is worth saying of a chain without fault: it ends, and somebody may refuse it.

    `matrix`: whether it is told what clients do, where trust and host name are known.
    """
    expected = report.expected
    further = [first] if (first := first_expiry(report)) else []
    of_device = expected.validation.purpose == "client"
    if expected.hostname is None and report.hierarchy.server is not None and not of_device:
        further.append("host name not checked (--hostname)")
    if matrix and expected.trust and expected.hostname is not None:
        from edgecheck.reporting.document.clients import refusing

        names = refusing(report)
        more = len(names) - MOST_REFUSING
        if names:
            listed = ", ".join(names[:MOST_REFUSING]) + (f" and {more} more" if more > 0 else "")
            further.append(f"refused by {listed}")
    if _lost_who_reads(report):
        further.append("not judged: who can read the files (--verbose)")
    return tuple(further)


def _lost_who_reads(report: Answers) -> bool:
    """Whether private keys of a gateway were looked at in files without modes of their own."""
    device = report.expected.device
    if device.configuration_files is None or not device.keys:
        return False
    if all("mode" in key or key.get("form") == "PKCS#11" for key in device.keys.values()):
        return False
    return any(entry.rule == WHO_READS for entry in report.undecided)


def first_expiry(report: Answers) -> str:
    """Return which certificate of the path ends first; of a chain that is predicted, of what is.

    `first expiry 2026-12-20 (server, in 27 days)`; empty where no end can be read.
    """
    ends: list[tuple[int, Role]] = []
    there = [one for one in _path(report) if one not in report.synthetic]
    for certificate in there or _path(report):
        try:
            ends.append((certificate.not_after, report.hierarchy.role(certificate)))
        except Unreadable:
            continue
    if not ends:
        return ""
    end, role = min(ends, key=lambda item: item[0])
    left = relative(end, report.expected.at_seconds)
    return f"first expiry {day(end)} ({WORDS[role]}{', ' if left else ''}{left})"


def counts(report: Answers) -> tuple[str, ...]:
    """Return how many findings of each severity, and whether the path is valid.

    What follows from other findings is not counted.
    """
    causes = [finding for finding in report.findings if not finding.caused_by]
    parts = numbers(causes)
    notes = sum(finding.severity is Severity.INFO for finding in causes)
    if notes:
        parts.append(counted(notes, "note"))
    if report.valid is None:
        parts.append(f"not validated: {why_undecided(report)}")
    else:
        parts.append(f"path {'valid' if report.valid else 'not valid'}")
    if undecided := left_open(report):
        parts.append(f"{counted(undecided, 'rule')} undecided")
    return tuple(parts)


def left_open(report: Answers) -> int:
    """Return how many rules could not be decided, without those that are about something else."""
    beside = tuple(NOT_ABOUT.values())
    return len({entry.rule for entry in report.undecided if entry.because not in beside})


def undecided(report: Answers) -> tuple[Open, ...]:
    """Return rules that could not be decided, by the reason."""
    reasons: dict[str, dict[str, None]] = {}
    for entry in report.undecided:
        reasons.setdefault(entry.because, {})[entry.rule] = None
    return tuple(
        Open(safe(because), OPTIONS.get(because, ""), tuple(rules))
        for because, rules in reasons.items()
    )
