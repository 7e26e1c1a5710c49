"""What single clients will say, joined with the findings that explain it."""

from collections.abc import Iterable
from dataclasses import dataclass

from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict
from edgecheck.clients.client import Client
from edgecheck.clients.predict import answers
from edgecheck.expected import Expected
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.inputs import Problem
from edgecheck.report.symptoms import within, words_of
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.rule import Severity

TRAILING = "trailing-data"
"""The kind of problem that is bytes behind a certificate's end."""
NO_TRUST = "what the client trusts was not given"
NO_HOSTNAME = "no host name was given"
NO_SERVER = "there is no server certificate in what was given"


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one client of one version will do with the chain.

    Attributes:
        client: its id, as `edgecheck clients` lists it.
        version: of the client and its library.
        tier: 1 for clients that IoT Edge deployments run, else 2.
        verdict: "accept", "reject", or "unknown" where the model does not reach.
        says: the text of a rejection, without times and numbers that change from run to
            run; why, where the verdict is unknown.
        basis: "recorded" where recordings of the client confirm the model, else "derived".
        because: ids of the findings that explain it.
    """

    client: str
    version: str
    tier: int
    verdict: Verdict
    says: str
    basis: str
    because: tuple[str, ...]


def predict(
    hierarchy: Hierarchy,
    expected: Expected,
    findings: tuple[Finding, ...],
    clients: Iterable[Client],
    problems: tuple[Problem, ...] = (),
) -> tuple[Prediction, ...]:
    """Ask each client about the chain as presented, of which the first is the server's to it.

    None where that is not known to be sent: a file without a server certificate, or what a
    device presents to log in, since these are clients. Where no trust was given, the root that
    serves for the diagnosis stands for it: then a client that refuses something below it would
    refuse in any case, and of the others nothing is known.
    """
    if hierarchy.judged is None or expected.validation.purpose == "client":
        return ()
    if hierarchy.server is None and not hierarchy.as_sent:
        return _unknown(clients, NO_SERVER) if hierarchy.lacks_server else ()
    trust = expected.trust
    anchor = hierarchy.anchor if hierarchy.anchor_assumed and not trust else None
    view = View(
        hierarchy.sequence,
        trust or ((anchor,) if anchor is not None else ()),
        expected.hostname,
        expected.at_seconds,
        (hierarchy.server if not hierarchy.as_sent else None) or hierarchy.sequence[0],
        hierarchy.pool.signatures.known,
        frozenset(p.certificate.der for p in problems if p.kind == TRAILING and p.certificate),
    )
    unread = hierarchy.unread
    made = []
    for client, answer, says in answers(view, clients) if not unread and view.trust else ():
        verdict = answer.verdict
        if not trust and (verdict is Verdict.ACCEPT or answer.certificate is anchor):
            verdict, says = Verdict.UNKNOWN, NO_TRUST
        elif verdict is Verdict.ACCEPT and expected.hostname is None:
            verdict, says = Verdict.UNKNOWN, NO_HOSTNAME
        because = _because(client, answer, says, findings) if verdict is Verdict.REJECT else ()
        made.append(
            Prediction(client.id, client.version, client.tier, verdict, says, client.basis, because)
        )
    if made:
        return tuple(made)
    why = f"what would be sent is not known: the input has {unread}" if unread else NO_TRUST
    return _unknown(clients, why)


def _unknown(clients: Iterable[Client], why: str) -> tuple[Prediction, ...]:
    """The same of every client."""
    return tuple(
        Prediction(each.id, each.version, each.tier, Verdict.UNKNOWN, why, each.basis, ())
        for each in clients
    )


def _because(
    client: Client, answer: Answer, says: str, findings: tuple[Finding, ...]
) -> tuple[str, ...]:
    """Findings that name this client, about the certificate that it complains about first.

    Those come first whose symptom the client prints.
    """
    names = set(client.known_as)
    naming = [f for f in findings if not names.isdisjoint(f.evidence.get("refused_by", ()))]
    if answer.certificate is not None:
        about = [f for f in naming if answer.certificate.sha256 in f.certificates]
        naming = about or naming
    if not naming:
        naming = [f for f in findings if f.severity is Severity.ERROR]
    if len(naming) > 1:
        words = words_of(says)
        naming.sort(key=lambda f: not any(within(words_of(s), words) for s in f.rule.symptoms))
    return tuple(finding.id for finding in naming if finding.caused_by is None) or tuple(
        finding.id for finding in naming
    )
