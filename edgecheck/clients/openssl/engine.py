"""One run of OpenSSL's verification over a view, and the handshake around it."""

from edgecheck.behaviour.lenient import first_values
from edgecheck.behaviour.openssl.decode import INVALID, load_trust, refused_to_read
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.openssl.verify import verify
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject

PROOF = "proof"
"""The code of an answer where the chain is right and the handshake's signature is not."""


def run(view: View, settings: Settings) -> Answer:
    """Verify, then let the server prove its key.

    A caller that goes on rejects for the last error, any other for the first.
    """
    if not settings.boring:
        view = first_values(view)
    view, refusal = load_trust(view, settings)
    refusal = refusal or refused_to_read(view, settings)
    if refusal is not None:
        return reject(refusal.code, refusal.certificate, refusal.depth, facts=refusal.detail)
    if settings.goes_on and not view.proves_key:
        return reject(PROOF, view.leaf)  # the handshake ends before anybody looks at errors
    outcome = verify(view, settings)
    if settings.boring and outcome.stopped is not None:
        return reject(INVALID, outcome.stopped)
    if outcome.errors:
        number, depth = outcome.errors[-1 if settings.goes_on else 0]
        at = min(depth, len(outcome.certificates) - 1)
        return reject(number, outcome.certificates[at], depth, facts=outcome)
    if settings.wire and not view.proves_key:
        return reject(PROOF, view.leaf, 0, facts=outcome)
    return Answer(Verdict.ACCEPT, facts=outcome)
