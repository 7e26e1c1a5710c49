"""Which rules were decided and hold: what an auditor may tick off.

A rule that found nothing has passed only if it was asked about something, and could answer. Where
in doubt it is left out: nothing here may say that all is well of what nobody looked at.
"""

from collections.abc import Iterable

from edgecheck.clients.answer import Verdict
from edgecheck.device import UNKNOWN
from edgecheck.hierarchy.paths import Ending
from edgecheck.hierarchy.rfc5280.judge import STRICT
from edgecheck.hierarchy.rfc5280.violations import Kind
from edgecheck.report.inquiry import Inquiry
from edgecheck.report.net import mattering, may_decide_otherwise
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.rule import Over, Severity
from edgecheck.rules.engine.ruleset import AnyRule
from edgecheck.rules.engine.run import Run


def passed(run: Run, inquiry: Inquiry | None, findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the ids of the rules that hold, in the order of the rules."""
    case = run.case
    asked = _asked(case)
    if _are_clients_content(run, inquiry, findings):
        asked.add(Over.REFUSALS)
    kinds = _kinds(case) if Over.PATH_VIOLATION in asked else frozenset()
    told = {each.rule for each in run.undecided} | {each.rule.id for each in findings}
    return tuple(
        rule.id
        for rule in run.plan.rules
        if rule.id not in told and rule.over in asked and _is_decided(rule, case, kinds)
    )


def _is_decided(rule: AnyRule, case: Case, kinds: frozenset[str]) -> bool:
    """Whether nothing that it needs to know is missing, and what it voices was looked for.

    A rule about the description of the device that needs nothing for certain looks at whatever is
    given; of what is not, nobody knows.
    """
    if not all(case.met(need) for need in rule.needs):
        return False
    if rule.over is Over.DEVICE and not rule.needs:
        return False
    return rule.over is not Over.PATH_VIOLATION or kinds.issuperset(rule.kinds)


def _asked(case: Case) -> set[Over]:
    """What there is for rules to be asked about.

    Where some of the input could not be read, it may hold another certificate, and nothing is
    known to be true of all.
    """
    hierarchy = case.hierarchy
    path = hierarchy.path
    asked = set() if case.device == UNKNOWN else {Over.DEVICE}
    if path is None or hierarchy.unread or hierarchy.untried:
        return asked
    asked |= {Over.EACH_CERTIFICATE, Over.PROBLEM, Over.PATH_VIOLATION, Over.EACH_ON_PATH}
    asked |= {Over.EACH_PRESENTED, Over.HIERARCHY}
    if hierarchy.server is not None and case.expected.validation.purpose == "server":
        asked.add(Over.SERVER)
    if hierarchy.device_ca is not None:
        asked.add(Over.DEVICE_CA)
    if len(path) > (hierarchy.server is not None):
        asked.add(Over.EACH_CA)
    if path.links:
        asked.add(Over.EACH_LINK)
    return asked


def _kinds(case: Case) -> frozenset[str]:
    """The kinds of violations that the best path was judged for, in full.

    What stays undecided on it may be of any kind. Revocation counts where every certificate's
    status had to be known: else the lists that were given may be about others.
    """
    expected, hierarchy = case.expected, case.hierarchy
    path, asked = hierarchy.path, expected.validation
    violations = (*path.violations, *hierarchy.identity) if path is not None else ()
    if path is None or path.ended is Ending.BUDGET:
        return frozenset()
    if any(violation.kind is Kind.UNDECIDED for violation in violations):
        return frozenset()
    left_out: set[Kind] = set()
    if len(path) == 1:
        left_out |= {Kind.SIGNATURE, Kind.OTHER_KEY, Kind.ISSUER_NAME}
        left_out |= {Kind.NOT_A_CA, Kind.PATH_LENGTH, Kind.NO_CERT_SIGN}
    if path.ended not in (Ending.ANCHOR, Ending.SELF_SIGNED):
        left_out |= {Kind.NAME_CONSTRAINTS, Kind.POLICY}  # those of the missing ones are not known
    if not expected.trust:
        left_out |= {Kind.UNTRUSTED_ROOT, Kind.NO_ISSUER}
    is_judged = hierarchy.server is not None or hierarchy.as_sent
    if expected.profile == "path" or not is_judged:
        left_out |= {Kind.PURPOSE, Kind.HOSTNAME}
    if (expected.hostname is None or asked.purpose != "server") and not asked.peer_names:
        left_out.add(Kind.HOSTNAME)
    if asked.revocation != "require" or path.ended is not Ending.ANCHOR:
        left_out |= {Kind.REVOKED, Kind.NO_REVOCATION}
    if any(violation.kind is Kind.NO_REVOCATION for violation in violations):
        left_out.add(Kind.REVOKED)
    if expected.profile not in STRICT:
        left_out.add(Kind.PROFILE)
    if asked.max_depth is None:
        left_out.add(Kind.TOO_DEEP)
    return frozenset(Kind) - left_out


def _are_clients_content(run: Run, inquiry: Inquiry | None, findings: Iterable[Finding]) -> bool:
    """Whether no client that matters refuses: none would, or each was asked and accepts."""
    if not run.plan.whole or any(finding.severity is Severity.ERROR for finding in findings):
        return False  # nobody was asked
    if inquiry is None or not inquiry.applies or inquiry.unread or not inquiry.expected.trust:
        return False
    if inquiry.expected.hostname is None:
        return False
    if not may_decide_otherwise(run):
        return True
    answers = [answer.verdict for _, answer, _ in inquiry.of(mattering(run.case))]
    return bool(answers) and all(verdict is Verdict.ACCEPT for verdict in answers)
