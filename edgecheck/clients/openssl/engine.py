"""One run of OpenSSL's verification over a view."""

from dataclasses import dataclass, replace

from edgecheck.behaviour.openssl import checks
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.chain import Chain, build
from edgecheck.behaviour.openssl.decode import INVALID, load_trust, refused_to_read
from edgecheck.behaviour.openssl.facts import Facts
from edgecheck.behaviour.openssl.old import build_1_0_2
from edgecheck.behaviour.openssl.settings import V1_1_0, Errors, Settings, Stop
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, Verdict, reject
from edgecheck.reading.certificate import Certificate

UNFOUND = (e.NO_LOCAL_ISSUER, e.UNVERIFIED_LEAF)
PROOF = "proof"
"""The code of an answer where the chain is right and the handshake's signature is not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The chain and all errors, as (number, depth), in order."""

    certificates: tuple[Certificate, ...]
    errors: tuple[tuple[int, int], ...]
    stopped: Certificate | None = None
    """BoringSSL ends at a certificate whose extensions it cannot decode."""


def run(view: View, settings: Settings) -> Answer:
    """Verify, then let the server prove its key.

    A caller that goes on rejects for the last error, any other for the first.
    """
    view, refusal = load_trust(view, settings)
    refusal = refusal or refused_to_read(view, settings)
    if refusal is not None:
        return reject(refusal.code, refusal.certificate, refusal.depth, facts=refusal.detail)
    if settings.goes_on and not view.proves_key:
        return reject(PROOF, view.leaf)  # the handshake ends before anybody looks at errors
    outcome = verify(view, settings)
    if settings.boring and _trusted_itself(view, outcome):
        outcome = replace(
            outcome, errors=tuple(error for error in outcome.errors if error[0] not in UNFOUND)
        )
    if settings.boring and outcome.stopped is not None:
        return reject(INVALID, outcome.stopped)
    if outcome.errors:
        number, depth = outcome.errors[-1 if settings.goes_on else 0]
        at = min(depth, len(outcome.certificates) - 1)
        return reject(number, outcome.certificates[at], depth, facts=outcome)
    if settings.wire and not view.proves_key:
        return reject(PROOF, view.leaf, 0, facts=outcome)
    return Answer(Verdict.ACCEPT, facts=outcome) if outcome else ACCEPT


def verify(view: View, settings: Settings) -> Outcome:
    """X509_verify_cert."""
    errors = Errors(settings.goes_on)
    chain = Chain(view, errors, settings)
    stopped = None
    try:
        checks.leaf_key(chain, settings)
        _build(chain, settings)
        if settings.boring:
            stopped = next((c for c in chain.certificates if boring_invalid(chain.facts(c))), None)
        checks.all_checks(chain, settings)
    except Stop:
        pass
    return Outcome(tuple(chain.certificates), tuple(errors.found), stopped)


def _build(chain: Chain, settings: Settings) -> None:
    """Build the chain, or take over what a caller built whose settings build the same."""
    kept, before = chain.view.kept, len(chain.errors.found)
    key = ("openssl chain", chain.kind, settings.partial, settings.goes_on)
    built = kept.get(key)
    if built is None:
        stopped = False
        try:
            (build_1_0_2 if settings.version < V1_1_0 else build)(chain, settings)
        except Stop:
            stopped = True
        found = tuple(chain.errors.found[before:])
        kept[key] = tuple(chain.certificates), chain.untrusted, found, stopped
    else:
        certificates, chain.untrusted, found, stopped = built
        chain.certificates = list(certificates)
        chain.errors.found += found
    if stopped:
        raise Stop


def _trusted_itself(view: View, outcome: Outcome) -> bool:
    """Bun accepts a certificate that is trusted itself, but one alone that others issued."""
    leaf = view.leaf
    alone = len(outcome.certificates) == 1 and leaf.subject_raw != leaf.issuer_raw
    return leaf.der in view.trusted and not alone


def boring_invalid(facts: Facts) -> bool:
    """EXFLAG_INVALID in BoringSSL: a path length of what is no CA counts too."""
    return facts.invalid_boring or (facts.path_length is not None and not facts.is_ca)
