"""One run of OpenSSL's verification over a view, and the handshake around it."""

from edgecheck.behaviour.lenient import NAMES, first_values
from edgecheck.behaviour.openssl.decode import INVALID, KEY, load_trust, refused_to_read
from edgecheck.behaviour.openssl.keys import loadable
from edgecheck.behaviour.openssl.settings import V1_1_1, Settings
from edgecheck.behaviour.openssl.values import decoded
from edgecheck.behaviour.openssl.verify import verify
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.reading.certificate import Certificate

PROOF = "proof"
"""The code of an answer where the chain is right and the handshake's signature is not."""


def run(view: View, settings: Settings) -> Answer:
    """Verify, then let the server prove its key; once for all callers who decide that alike.

    A caller that goes on rejects for the last error, any other for the first.
    """
    kept, key = view.kept, ("openssl run", settings.bearing(view))
    found: Answer | None = kept.get(key)
    if found is None:
        found = kept[key] = _run(view, settings)
    return found


def _run(view: View, settings: Settings) -> Answer:
    if not settings.boring:
        view = decoded(view)
    view, refusal = load_trust(view, settings)
    refusal = refusal or refused_to_read(view, settings)
    if refusal is not None:
        return reject(refusal.code, refusal.certificate, refusal.depth, facts=refusal.detail)
    if settings.goes_on and not view.proves_key:
        return reject(PROOF, view.leaf)  # the handshake ends before anybody looks at errors
    if settings.goes_on and settings.version >= V1_1_1 and not loadable(view.leaf):
        return reject(KEY, view.leaf)  # likewise
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


def named(view: View) -> Certificate:
    """Return the server's certificate as callers read its names: X509V3_EXT_d2i, of OpenSSL.

    That does not look behind a value.
    """
    return first_values(view, (NAMES,)).leaf
