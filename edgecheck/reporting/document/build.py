"""A report as a document: all that its forms say, before anybody decides how it looks."""

from collections.abc import Iterable

from edgecheck.report.answers import Answers
from edgecheck.reporting.document import findings
from edgecheck.reporting.document.acts import acts, in_one_line
from edgecheck.reporting.document.blocks import NOTHING_DRAWN, Document, Summary, Timeline
from edgecheck.reporting.document.certificates import in_detail, timeline
from edgecheck.reporting.document.gateway import tables
from edgecheck.reporting.document.graph import graph
from edgecheck.reporting.document.hierarchy import marked, tree
from edgecheck.reporting.document.verdict import (
    chain,
    context,
    counts,
    first_expiry,
    left_open,
    predicted_for,
    remarks,
    sources,
    told,
    undecided,
    verdict,
)
from edgecheck.rules.engine.rule import Severity


def document(
    report: Answers,
    *,
    names: Iterable[str] = (),
    notes: bool = True,
    clients: bool = True,
    whole: bool = True,
    asked: bool = False,
) -> Document:
    """Return what a report says.

    Args:
        report: what `check()` returned.
        names: what was checked, in the caller's words; else what the report knows of it.
        notes: also findings of severity info.
        clients: whether it is told what clients do. Where rules were left out, reasons may be
            missing; nothing is known where trust or host name are not.
        whole: also certificates in detail, the timeline and the graph, which a terminal does not
            show.
        asked: also what clients do where trust or host name are not known, for it was asked for.
    """
    checked = tuple(names) or sources(report)
    causes = [finding for finding in report.findings if not finding.caused_by]
    shown = [f for f in causes if notes or f.severity is not Severity.INFO]
    made = findings.blocks(report, shown)
    todo = acts(report)
    healthy = all(finding.severity is Severity.INFO for finding in report.findings)
    known = clients and bool(report.expected.trust) and report.expected.hostname is not None
    matrix, refuses = None, ""
    if asked or (clients and (known or whole)):
        from edgecheck.reporting.document.clients import in_short
        from edgecheck.reporting.document.clients import matrix as of_all

        matrix = of_all(report)
        refuses = in_short(report, shown[0]) if known and shown else ""
    summary = None
    if not healthy and made:
        summary = Summary(made[0], in_one_line(todo[0]) if todo else "", refuses)
    return Document(
        sources=checked,
        context=context(report, checked),
        predicted=predicted_for(report, checked),
        verdict=verdict(report),
        told=told(report) if healthy else "",
        remarks=remarks(report, clients) if healthy else (),
        expiry=first_expiry(report) if healthy else "",
        chain=chain(report),
        healthy=healthy,
        hidden=len(causes) - len(shown),
        summary=summary,
        tree=tree(report),
        findings=made,
        matrix=matrix,
        acts=todo,
        timeline=timeline(report) if whole else Timeline(0, "", ()),
        certificates=in_detail(report, marked(report)) if whole else (),
        tables=tables(report),
        undecided=undecided(report),
        left_open=left_open(report),
        counts=counts(report),
        more=causes[0].rule.id if causes else "",
        graph=graph(report, marked(report)) if whole else NOTHING_DRAWN,
    )
