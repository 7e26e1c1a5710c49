"""One run of OpenSSL's verification over a view."""

from dataclasses import dataclass

from edgecheck.clients.answer import ACCEPT, Answer, Verdict, reject
from edgecheck.clients.openssl import checks
from edgecheck.clients.openssl.chain import Chain, build
from edgecheck.clients.openssl.decode import refused_to_read
from edgecheck.clients.openssl.settings import Errors, Settings, Stop
from edgecheck.clients.view import View
from edgecheck.reading.certificate import Certificate

PROOF = "proof"
"""The code of an answer where the chain is right and the handshake's signature is not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The chain and all errors, as (number, depth), in order."""

    certificates: tuple[Certificate, ...]
    errors: tuple[tuple[int, int], ...]


def run(view: View, settings: Settings) -> Answer:
    """Verify, then let the server prove its key.

    A caller that goes on rejects for the last error, any other for the first.
    """
    refusal = refused_to_read(view, settings)
    if refusal is not None:
        return refusal
    outcome = verify(view, settings)
    if outcome.errors:
        number, depth = outcome.errors[-1 if settings.goes_on else 0]
        return reject(number, outcome.certificates[depth], depth, facts=outcome)
    if settings.wire and not view.proves_key:
        return reject(PROOF, view.leaf, 0, facts=outcome)
    return Answer(Verdict.ACCEPT, facts=outcome) if outcome else ACCEPT


def verify(view: View, settings: Settings) -> Outcome:
    """X509_verify_cert."""
    errors = Errors(settings.goes_on)
    chain = Chain(view, errors)
    try:
        checks.leaf_key(chain, settings)
        build(chain, settings)
        checks.all_checks(chain, settings)
    except Stop:
        pass
    return Outcome(tuple(chain.certificates), tuple(errors.found))
