"""What single clients will say, joined with the findings that explain it."""

from collections.abc import Iterable

from edgecheck.behaviour.record import Record
from edgecheck.clients.answer import Answer, Verdict
from edgecheck.report.damaged import damaged, naming
from edgecheck.report.inquiry import NO_TRUST, Inquiry
from edgecheck.rules.engine.finding import Finding
from edgecheck.rules.engine.rule import Severity
from edgecheck.values import frozen

NO_HOSTNAME = "no host name was given"
NO_SERVER = "there is no server certificate in what was given"
CONTESTED = "it may stop at damage in a certificate that others of its kind refuse"


@frozen
class Prediction:
    """What one client of one version will do with the chain.

    Attributes:
        client: its id, as `edgecheck clients` lists it.
        version: of the client and its library.
        tier: 1 for clients that IoT Edge deployments run, else 2.
        verdict: "accept", "reject", or "unknown" where the model does not reach.
        says: a rejection in the client's own words, without what changes from run to run, such
            as numbers of threads; why, where the verdict is unknown.
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
    inquiry: Inquiry, findings: tuple[Finding, ...], clients: Iterable[Record]
) -> tuple[Prediction, ...]:
    """Return what each client will do with the chain, of which the first is the server's to it.

    None where that is not known to be sent: a file without a server certificate, or what a
    device presents to log in, since these are clients. Where no trust was given, a client that
    refuses something below the assumed root is known to refuse; of the others nothing is known.
    Nor is it where a model accepts a damaged certificate of which a finding says that clients of
    this kind refuse it: that was measured where nothing else was wrong.
    """
    if not inquiry.applies:
        return _unknown(clients, NO_SERVER) if inquiry.lacks_server else ()
    expected = inquiry.expected
    contested = naming(findings, damaged(inquiry.hierarchy, expected))
    assumed, has_trust = inquiry.assumed, bool(expected.trust)
    made = []
    for client, answer, says in inquiry.of(clients):
        verdict = answer.verdict
        certain = answer.certificate is not assumed
        if not has_trust and (verdict is Verdict.ACCEPT or not certain):
            verdict, says = Verdict.UNKNOWN, NO_TRUST
        elif verdict is Verdict.ACCEPT and expected.hostname is None:
            verdict, says = Verdict.UNKNOWN, NO_HOSTNAME
        elif contested and verdict is Verdict.ACCEPT and not contested.isdisjoint(client.kinds):
            verdict, says = Verdict.UNKNOWN, CONTESTED
        because = _because(client, answer, says, findings) if verdict is Verdict.REJECT else ()
        made.append(
            Prediction(client.id, client.version, client.tier, verdict, says, client.basis, because)
        )
    if made:
        return tuple(made)
    unread = inquiry.unread
    why = f"what would be sent is not known: the input has {unread}" if unread else NO_TRUST
    return _unknown(clients, why)


def _unknown(clients: Iterable[Record], why: str) -> tuple[Prediction, ...]:
    """The same of every client."""
    return tuple(
        Prediction(each.id, each.version, each.tier, Verdict.UNKNOWN, why, each.basis, ())
        for each in clients
    )


def _because(
    client: Record, answer: Answer, says: str, findings: tuple[Finding, ...]
) -> tuple[str, ...]:
    """Findings that name this client, about the certificate that it complains about first.

    Those come first whose symptom the client prints.
    """
    kinds = frozenset(client.kinds)  # each equal to the name that findings have for it
    naming = [f for f in findings if not kinds.isdisjoint(f.evidence.get("refused_by", ()))]
    if answer.certificate is not None:
        about = [f for f in naming if answer.certificate.sha256 in f.certificates]
        naming = about or naming
    if not naming:
        naming = [f for f in findings if f.severity is Severity.ERROR]
    if len(naming) > 1:
        from edgecheck.report.symptoms import within, words_of  # who accepts, prints none

        words = words_of(says)
        naming.sort(key=lambda f: not any(within(words_of(s), words) for s in f.rule.symptoms))
    return tuple(finding.id for finding in naming if finding.caused_by is None) or tuple(
        finding.id for finding in naming
    )
