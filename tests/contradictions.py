"""What a report must never say beside what else it says, or beside what clients were seen to do.

`contradictions(report)` holds a report against its own predictions; with `recorded`, what real
clients did with the same chain, against that too. Each kind is one function, stated once for all
inputs; nothing here knows a rule, a chain or a client by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from traceback import extract_tb

import edgecheck
from edgecheck.behaviour.records import RECORDS
from edgecheck.report.predictions import Prediction
from edgecheck.reporting.terminal import render
from edgecheck.rules.engine.rule import Need, Over
from tests.rules.test_who_refuses import BY_PROGRAMS

Finding = edgecheck.Finding
Verdicts = Mapping[str, str]
"""`accept`, `reject` or `unknown` by client id."""

PREDICTED, RECORDED = "predicted", "recorded"
OK_BUT_REFUSED = "ok, and a client that matters refuses"
OK_UNASKED = "ok, and no client was asked"
ACCEPTED = "a finding names a client that accepts"
UNEXPLAINED = "a client that matters refuses, without because"
MISNAMED = "a client that matters refuses, because of findings that name others"
NO_ERROR = "an error, and all clients that matter accept"
EVERY_BUT = "the text says that every client fails, and one accepts"
VERDICT = "ok, valid, worst or the exit status do not fit the findings"
LINKS = "a reference to a finding that is not there, or in a circle"
PATH = "the path is valid, and an error says that it is not"
TWICE = "two runs differ"
RAISED = "it raises"

_TELLING = ("openssl3.0.19-s_client", "java17-jsse", "go1.27.3")
"""Clients whose text tells a refusal from others, first of all."""

ELSEWHERE = frozenset(
    (
        Need.GATEWAY_HOST_NAMES,
        Need.CONFIGURED_HOSTNAME,
        Need.TRUST_BUNDLE,
        Need.DEVICE_CA_FILE,
        Need.SETTINGS,
        Need.EDGE_CA,
        Need.DEVICE_CA_SETTINGS,
        Need.CONFIGURATION,
        Need.CONFIGURATION_FILES,
        Need.REGISTRATION,
        Need.DEVICE_CA_KEY,
        Need.OS_TRUST,
        Need.CACHED_WORKLOAD_CA,
    )
)
"""What a rule needs that the client knows nothing of: its findings are about another question."""


@dataclass(frozen=True)
class Contradiction:
    """One contradiction.

    Attributes:
        kind: one of the sentences above.
        what: the rule concerned, or the field of the report; of what no rule explains, the text of
            one of the clients; empty where there is none.
        who: the client or the name of clients concerned; empty where there is none.
        basis: PREDICTED, or RECORDED where a real client contradicts.
        told: the rest of it, in words.
    """

    kind: str
    what: str = ""
    who: str = ""
    basis: str = PREDICTED
    told: str = ""

    @property
    def group(self) -> tuple[str, str, str, str]:
        """What contradictions of the same making have in common."""
        return self.kind, self.what, self.who, self.basis

    def __str__(self) -> str:
        about = " / ".join(part for part in (self.what, self.who) if part)
        return f"{self.kind} ({self.basis}): {about}" + (f": {self.told}" if self.told else "")


def contradictions(
    report: edgecheck.Report,
    recorded: Verdicts | None = None,
    again: Callable[[], edgecheck.Report] | None = None,
    text: str | None = None,
) -> list[Contradiction]:
    """Everything in a report that cannot be true together.

    Args:
        report: what `check()` returned.
        recorded: what real clients did with the chain, by client id; of clients that have no
            model nothing is asked.
        again: makes the report once more; None: it is not compared.
        text: the report as a terminal shows it, in ASCII and with notes; None: it is made here,
            where it is needed.
    """
    predicted = {p.client: str(p.verdict) for p in report.predictions}
    said: list[tuple[str, Verdicts]] = [(PREDICTED, predicted)]
    if recorded:
        said.append((RECORDED, {c: v for c, v in recorded.items() if model_of(c) in names_of()}))
    found: list[Contradiction] = []
    for basis, verdicts in said:
        found += _ok_but_refused(report, verdicts, basis)
        found += _named_and_accepting(report, verdicts, basis)
        found += _error_and_all_accept(report, verdicts, basis)
    found += _unexplained(report)
    found += _every_client(report, predicted, text)
    found += _verdict(report)
    found += _links(report)
    found += _valid_path(report)
    if again is not None and again().to_json() != report.to_json():
        found.append(Contradiction(TWICE))
    return found


def judged(
    check: Callable[[], edgecheck.Report], recorded: Verdicts | None = None, twice: bool = True
) -> list[Contradiction]:
    """The same of a report yet to be made, which may fail; asked `twice`, to compare.

    That no certificate at all can be read of what is trusted is a mistake of the call.
    """
    try:
        return contradictions(check(), recorded, check if twice else None)
    except ValueError as refused:
        if str(refused).startswith("trust: "):
            return []
        raised: Exception = refused
    except Exception as wrong:  # whatever it is: a bad chain never raises
        raised = wrong
    where = extract_tb(raised.__traceback__)[-1]
    told = f"{type(raised).__name__}: {raised} ({Path(where.filename).name}:{where.lineno})"
    return [Contradiction(RAISED, type(raised).__name__, told=told)]


def model_of(client: str) -> str:
    """The id of a recorded client without the machine, `go1.27.3` of `go1.27.3@sid`."""
    return client.partition("@")[0]


def matters(client: str) -> bool:
    """Whether the client is one that deployments run: tier 1."""
    return model_of(client) in _tier_1()


@cache
def _tier_1() -> frozenset[str]:
    return frozenset(client.id for client in RECORDS if client.tier == 1)


@cache
def names_of() -> Mapping[str, frozenset[str]]:
    """By client that has a model: the names in `refused_by` that stand for it."""
    return {c.id: frozenset(c.known_as) for c in RECORDS}


def refused_by(finding: Finding) -> tuple[str, ...]:
    """Who refuses what the finding is about, by the names of findings."""
    return tuple(finding.evidence.get("refused_by", ()))


def is_about_what_was_asked(finding: Finding, report: edgecheck.Report) -> bool:
    """Whether the finding is about the name, the trust and the bytes that clients are asked with.

    It is not where it is about what the gateway has beside, or about a name under which other
    devices connect.
    """
    rule = finding.rule
    if rule.over is Over.DEVICE or not ELSEWHERE.isdisjoint(rule.needs):
        return False
    expected = report.expected
    seen = {c.sha256 for c in (*report.hierarchy.sequence, *expected.trust)}
    if finding.certificates and seen.isdisjoint(finding.certificates):
        return False
    others = set(expected.device.gateway_host_names or ()) - {expected.hostname}
    about = {str(finding.evidence.get(key)) for key in ("wanted", "found")}
    return others.isdisjoint(about)


def was_asked(client: str, finding: Finding) -> bool:
    """Whether the client could refuse it at all: one asks for no name."""
    return "CHAINONLY" not in client or finding.rule.family != "hostname"


# --- findings against verdicts --------------------------------------------------------------------


def _ok_but_refused(
    report: edgecheck.Report, said: Verdicts, basis: str
) -> Iterator[Contradiction]:
    """`ok` is what somebody goes home on."""
    if not report.ok or not is_known(report):
        return
    refusing = [c for c, verdict in said.items() if matters(c) and verdict == "reject"]
    texts = {p.client: p.says for p in report.predictions if p.verdict == "reject"}
    why = next((texts[c] for c in (*_TELLING, *refusing) if c in refusing and c in texts), "")
    for client in refusing:
        yield Contradiction(OK_BUT_REFUSED, why, client, basis, texts.get(client, ""))
    unserved = any(f.rule.id == "chain.no-server-certificate" for f in report.findings)
    to_ask = report.expected.validation.purpose == "server" and not unserved
    if basis == PREDICTED and not said and to_ask:
        yield Contradiction(OK_UNASKED)


def is_known(report: edgecheck.Report) -> bool:
    """Whether trust and host name are, so that clients can be asked."""
    return bool(report.expected.trust) and report.expected.hostname is not None


def _named_and_accepting(
    report: edgecheck.Report, said: Verdicts, basis: str
) -> Iterator[Contradiction]:
    """A name stands for all clients that it is a name of."""
    for finding in _loud(report):
        for name in refused_by(finding) if is_about_what_was_asked(finding, report) else ():
            for client, verdict in said.items():
                if verdict != "accept" or name not in names_of().get(model_of(client), ()):
                    continue
                if was_asked(client, finding):
                    who = f"{name} ({client})"
                    yield Contradiction(ACCEPTED, finding.rule.id, who, basis, finding.message)


def _error_and_all_accept(
    report: edgecheck.Report, said: Verdicts, basis: str
) -> Iterator[Contradiction]:
    """But for what no client sees, and what only a stricter request refuses.

    Where another certificate is sent first, that is what clients accept; the path is the server's.
    """
    verdicts = {verdict for client, verdict in said.items() if matters(client)}
    if verdicts != {"accept"} or not is_known(report):
        return
    for finding in _loud(report):
        if finding.severity is not edgecheck.Severity.ERROR:
            continue
        if not is_about_what_was_asked(finding, report) or is_for_programs(finding):
            continue
        if finding.rule.family == "path" and is_strict(report):
            continue
        if finding.rule.over is Over.PATH_VIOLATION and not serves_first(report):
            continue
        yield Contradiction(NO_ERROR, finding.rule.id, "", basis, finding.message)


def serves_first(report: edgecheck.Report) -> bool:
    """Whether the first certificate that is sent is the one that the path begins with."""
    hierarchy = report.hierarchy
    return hierarchy.server is None or hierarchy.sequence[:1] == (hierarchy.server,)


def is_for_programs(finding: Finding) -> bool:
    """Whether programs refuse it that are no clients: the runtime, its tools, readers of files."""
    names = set(refused_by(finding))
    if any(names & names_of()[client] for client in _tier_1()):
        return False
    return finding.rule.id in BY_PROGRAMS or finding.rule.family in BY_PROGRAMS


def is_strict(report: edgecheck.Report) -> bool:
    """Whether more is asked of the path than clients ask."""
    expected = report.expected
    asked = edgecheck.Validation(limits=expected.validation.limits)
    return expected.profile != "iot-edge" or expected.validation != asked or bool(expected.crls)


def _unexplained(report: edgecheck.Report) -> Iterator[Contradiction]:
    """A refusal has a finding that explains it, and that names the client if it names anybody.

    Profile `path` does not ask for the host name or the purpose, which clients ask for all the
    same; what they refuse because of these, no finding is about.
    """
    if report.expected.profile == "path":
        return
    by_id = {finding.id: finding for finding in report.findings}
    refusing = {p.client: p for p in report.predictions if p.verdict == "reject" and p.tier == 1}
    bare = {client: p.says for client, p in refusing.items() if not p.because}
    why = next((bare[c] for c in (*_TELLING, *bare) if c in bare), "")
    for client, says in bare.items():
        yield Contradiction(UNEXPLAINED, why, client, PREDICTED, says)
    for client, prediction in refusing.items():
        causes = [by_id[id] for id in prediction.because if id in by_id]
        named = [frozenset(refused_by(finding)) for finding in causes]
        if causes and all(named) and not any(names & names_of()[client] for names in named):
            what = ", ".join(sorted({finding.rule.id for finding in causes}))
            yield Contradiction(MISNAMED, what, client, PREDICTED, prediction.says)


def _loud(report: edgecheck.Report) -> Iterator[Finding]:
    """Findings above info that nothing else explains."""
    for finding in report.findings:
        if finding.severity is not edgecheck.Severity.INFO and finding.caused_by is None:
            yield finding


# --- the report against itself --------------------------------------------------------------------

_HEAD = re.compile(r"(?:error|warning|info)\[([^\]]+)\]")
_EVERY = re.compile(r"  \|  refuse: +every client\b")


def _every_client(
    report: edgecheck.Report, said: Verdicts, text: str | None
) -> Iterator[Contradiction]:
    """As somebody at a terminal reads it, notes included."""
    accepting = sorted(client for client, verdict in said.items() if verdict == "accept")
    if not accepting or all(f.evidence.get("refused_by") is None for f in report.findings):
        return
    if text is None:
        text = render(report, color=False, unicode=False, width=100, verbose=True)
    rule = ""
    for line in text.splitlines():
        if head := _HEAD.match(line):
            rule = head[1]
        if not _EVERY.match(line):
            continue
        about = [f for f in report.findings if f.rule.id == rule and refused_by(f)]
        if not any(is_about_what_was_asked(finding, report) for finding in about):
            continue
        who = [client for client in accepting if was_asked(client, about[0])]
        if who:
            yield Contradiction(EVERY_BUT, rule, "", PREDICTED, ", ".join(who))


def _verdict(report: edgecheck.Report) -> Iterator[Contradiction]:
    """`ok`, `worst` and `valid` follow from findings, and findings from what is not valid."""
    severities = [finding.severity for finding in report.findings]
    worst = min(severities, key=lambda severity: severity.rank, default=None)
    causes = [f for f in _loud(report) if f.severity is edgecheck.Severity.ERROR]
    if report.worst is not worst:
        yield Contradiction(VERDICT, "worst", told=f"{report.worst}, and the worst is {worst}")
    if [s.rank for s in severities] != sorted(s.rank for s in severities):
        yield Contradiction(VERDICT, "findings", told="a less severe one comes first")
    if report.ok and (worst is edgecheck.Severity.ERROR or report.valid is False):
        yield Contradiction(VERDICT, "ok", told=f"worst {worst}, valid {report.valid}")
    if not report.ok and worst is not edgecheck.Severity.ERROR and report.valid is not False:
        yield Contradiction(VERDICT, "ok", told="not ok, and nothing says why")
    if report.valid is False and not causes:
        yield Contradiction(VERDICT, "valid", told="not valid, and no error of its own says why")
    if report.valid is None and report.expected.trust and not causes:
        yield Contradiction(VERDICT, "valid", told="undecided, and no error of its own says why")
    first = [finding.id for finding in report.fix_first]
    missing = sorted({finding.id for finding in causes} - set(first))
    if missing or len(first) != len(set(first)):
        yield Contradiction(VERDICT, "fix_first", told=f"without {missing or 'doubles'}")


def _links(report: edgecheck.Report) -> Iterator[Contradiction]:
    """`caused_by`, `because` and `fix_first` lead to findings, and causes are causes."""
    by_id = {finding.id: finding for finding in report.findings}
    for id, count in Counter(finding.id for finding in report.findings).items():
        if count > 1:
            yield Contradiction(LINKS, by_id[id].rule.id, told=f"{count} findings are called {id}")
    for finding in report.findings:
        passed: list[str] = []
        cause = finding.caused_by
        while cause is not None and cause in by_id and cause not in passed:
            passed.append(cause)
            cause = by_id[cause].caused_by
        if cause is not None or finding.id in passed:
            yield Contradiction(LINKS, finding.rule.id, told=f"caused by {finding.caused_by}")
    for prediction in report.predictions:
        yield from _because(prediction, by_id)
    for finding in report.fix_first:
        if finding.id not in by_id or finding.caused_by is not None:
            yield Contradiction(LINKS, finding.rule.id, told="is to be fixed first")


def _because(prediction: Prediction, by_id: Mapping[str, Finding]) -> Iterator[Contradiction]:
    lost = [id for id in prediction.because if id not in by_id]
    if lost or (prediction.because and prediction.verdict != "reject"):
        told = f"{prediction.verdict} because of {', '.join(lost or prediction.because)}"
        yield Contradiction(LINKS, "", prediction.client, told=told)


def _valid_path(report: edgecheck.Report) -> Iterator[Contradiction]:
    """Errors about the best path, and the best path is what passed.

    What is trusted need not be sound for a path to pass (RFC 5280, section 6.1): clients may
    refuse it all the same. Nor is a CA that is the target by itself one of the path's issuers; and
    what does not count (a common name below constraints) some clients refuse by themselves. Where
    another certificate is sent first, `valid` is about that one, and the path is the server's.
    """
    hierarchy = report.hierarchy
    if hierarchy.server is None or hierarchy.judged is not hierarchy.target:
        return
    trusted = {certificate.sha256 for certificate in report.expected.trust}
    for finding in _loud(report) if report.valid is True else ():
        if finding.severity is edgecheck.Severity.ERROR and (
            finding.rule.over is Over.PATH_VIOLATION
            and finding.evidence.get("counts") is not False
            and trusted.isdisjoint(finding.certificates)
        ):
            yield Contradiction(PATH, finding.rule.id, told=finding.message)
