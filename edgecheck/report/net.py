"""The net under the rules: no report is `ok` while a client that matters is predicted to refuse.

Findings are made by rules, predictions by models; where they meet, a refusal that no error
explains becomes a finding of its own. Models are asked only where something is unusual that they
may decide otherwise than the rules, so that a sound chain pays for none.
"""

from typing import TYPE_CHECKING

from edgecheck.behaviour.kinds import ACROSS
from edgecheck.report.inquiry import Inquiry
from edgecheck.rules.chain.conditions import (
    EQUAL_SERIALS,
    LARGE,
    MANY,
    OTHERWISE_PRESENTED,
    WHOLE_PRESENTED,
)
from edgecheck.rules.edge.conditions import (
    DEMO_NAME,
    EC_UNKNOWN,
    QUICKSTART_NAME,
    WORKLOAD_CA_TO_COME,
)
from edgecheck.rules.encoding.conditions import SERIAL_ZERO
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import Condition
from edgecheck.rules.engine.finding import Finding, findings, refusing
from edgecheck.rules.engine.rule import Need, Severity, Violation
from edgecheck.rules.engine.ruleset import RuleSet
from edgecheck.rules.engine.run import Run
from edgecheck.rules.extension.conditions import (
    NO_AUTHORITY_KEY_ID,
    NO_SUBJECT_KEY_ID,
    RARE_KEY_USAGE,
)
from edgecheck.rules.hostname.conditions import DESCRIBED, NO_MODULE_NAME
from edgecheck.rules.input.conditions import SPOKEN
from edgecheck.rules.naming.conditions import INTERMEDIATE_NAME
from edgecheck.rules.trust.conditions import BESIDE
from edgecheck.rules.validity.conditions import ENDS_AFTER_2037, LIVES_LONG

if TYPE_CHECKING:
    from edgecheck.behaviour.record import Record
    from edgecheck.rules.client import Refusal

INDIFFERENT: frozenset[Condition] = frozenset(
    {
        NO_AUTHORITY_KEY_ID,
        NO_SUBJECT_KEY_ID,
        NO_MODULE_NAME,
        RARE_KEY_USAGE,
        SERIAL_ZERO,
        DEMO_NAME,
        QUICKSTART_NAME,
        ENDS_AFTER_2037,
        LIVES_LONG,
        EQUAL_SERIALS,
        INTERMEDIATE_NAME,
        OTHERWISE_PRESENTED,
        DESCRIBED,
        SPOKEN,
        BESIDE,
        WHOLE_PRESENTED,
        WORKLOAD_CA_TO_COME,
        EC_UNKNOWN,
        MANY,
        LARGE,
    }
)
"""What is unusual for rules alone: about the runtime, about what people say of it and the names
that they give, or about something that is looked at below, or whose rule asks the same code as the
models. Stock gateways have some of it."""
MOST_USUAL = 6
"""Certificates that a gateway presents at the most, where nothing is unusual."""


def may_decide_otherwise(run: Run) -> bool:
    """Whether something about the chain is such that a model may not agree with the rules."""
    case = run.case
    hierarchy, expected = case.hierarchy, case.expected
    path, sequence = hierarchy.path, hierarchy.sequence
    if expected.clients is not None or path is None or case.problems:
        return True
    if path.violations or hierarchy.identity or run.holds_beyond(INDIFFERENT):
        return True
    if "xn--" in (expected.hostname or "").lower():  # only Node.js looks into such a label
        return True
    sent = len(sequence)
    if sent > MOST_USUAL or sequence != path.certificates[:sent]:
        return True
    return not expected.trust.are_roots


def caught(
    found: tuple[Finding, ...], run: Run, inquiry: Inquiry, rules: RuleSet
) -> tuple[Finding, ...]:
    """Return the findings, so that a client that matters and refuses is among the errors.

    A finding that names such a client becomes an error; where none does, `client.refuses` is one
    more. Nothing is looked for where an error stands, trust or host name are not known, or rules
    were left out.
    """
    if (found and found[0].severity is Severity.ERROR) or not rules.is_whole:
        return found
    case = run.case
    if not (case.met(Need.TRUST) and case.met(Need.HOSTNAME) and may_decide_otherwise(run)):
        return found
    # Imported where something is unusual: with the rule come the records of all clients.
    from edgecheck.rules.client import Refusal, refuses

    refusals = [
        Refusal(client.id, client.known_as, says, answer.certificate)
        for client, answer, says in inquiry.of(mattering(case))
        if answer.verdict == "reject"
    ]
    if not refusals:
        return found
    kinds = {kind for refusal in refusals for kind in refusal.kinds}
    explained: set[str] = set()
    weighed = []
    for rule, violation in run.violated:
        naming = kinds.intersection(refusing(rule, violation, case))
        if naming:
            violation = violation._replace(severity=Severity.ERROR)
            explained |= naming
        weighed.append((rule, violation))
    left = [refusal for refusal in refusals if explained.isdisjoint(refusal.kinds)]
    if left:
        outcome = refuses.check(named(left, inquiry), case)
        assert isinstance(outcome, Violation)
        weighed.append((refuses, outcome))
    return findings(weighed, case)


def named(refusals: "list[Refusal]", inquiry: Inquiry) -> "list[Refusal]":
    """Return the refusals without kinds of which another client accepts, as far as one is left.

    One across others is told where no other is left.
    """
    from edgecheck.behaviour.records import RECORDS

    accepting = {
        kind
        for client, answer, _ in inquiry.of(RECORDS)
        if answer.verdict == "accept"
        for kind in client.known_as
    }

    def told(refusal: "Refusal") -> "Refusal":
        left = tuple(kind for kind in refusal.kinds if kind not in accepting)
        return refusal._replace(kinds=tuple(k for k in left if k not in ACROSS) or left)

    return [
        refusal if accepting.issuperset(refusal.kinds) else told(refusal) for refusal in refusals
    ]


def mattering(case: Case) -> "list[Record]":
    """The clients that this deployment has, as far as it was said; else those of tier 1."""
    from edgecheck.behaviour.records import RECORDS

    named = case.expected.clients
    if named is None:
        return [client for client in RECORDS if client.tier == 1]
    return [client for client in RECORDS if client.id in named]
