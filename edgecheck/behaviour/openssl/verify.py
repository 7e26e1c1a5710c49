"""One run of OpenSSL's verification over a view: X509_verify_cert (x509_vfy.c)."""

from dataclasses import replace

from edgecheck.behaviour.openssl import checks
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.chain import Chain, build
from edgecheck.behaviour.openssl.decode import INVALID, load_trust, refused_to_read
from edgecheck.behaviour.openssl.facts import Facts
from edgecheck.behaviour.openssl.old import build_1_0_2
from edgecheck.behaviour.openssl.settings import V1_1_0, Errors, Settings, Stop
from edgecheck.behaviour.openssl.values import decoded
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.values import frozen

UNFOUND = (e.NO_LOCAL_ISSUER, e.UNVERIFIED_LEAF)
UNENDED = {
    e.SELF_SIGNED_LEAF: Ended.SELF_SIGNED,
    e.SELF_SIGNED_IN_CHAIN: Ended.SELF_SIGNED,
    e.NO_ISSUER: Ended.NO_ISSUER,
    e.NO_LOCAL_ISSUER: Ended.NO_ISSUER,
    e.UNVERIFIED_LEAF: Ended.NO_ISSUER,
    e.TOO_LONG: Ended.NO_ISSUER,
}
"""Errors that tell how a chain ends."""


@frozen
class Outcome:
    """The chain and all errors, as (number, depth), in order."""

    certificates: tuple[Certificate, ...]
    errors: tuple[tuple[int, int], ...]
    stopped: Certificate | None = None
    """BoringSSL ends at a certificate whose extensions it cannot decode."""


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
    outcome = Outcome(tuple(chain.certificates), tuple(errors.found), stopped)
    if settings.boring and _trusted_itself(view, outcome):
        left = tuple(error for error in outcome.errors if error[0] not in UNFOUND)
        return replace(outcome, errors=left)
    return outcome


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


def taken(view: View, settings: Settings) -> Taken:
    """The chain that it builds, with all errors.

    Only the first error, where the rest hangs on a fact that cannot be read and the caller stops
    there; raises `Malformed` or `Unreadable` where that does.
    """
    stops = not settings.goes_on
    settings = replace(settings, goes_on=True, names=False)
    if not settings.boring:
        view = decoded(view)
    view, refusal = load_trust(view, settings)
    refusal = refusal or refused_to_read(view, settings)
    if refusal is not None:
        refused = Objection(refusal.certificate, refusal.code)
        return Taken((view.leaf,), Ended.GIVEN_UP, (refused,))
    try:
        outcome = verify(view, settings)
    except (Malformed, Unreadable):
        if not stops:
            raise
        outcome = verify(view, replace(settings, goes_on=False))
        if not outcome.errors:
            raise
    told = as_taken(outcome)
    if outcome.stopped is None:
        return told
    return replace(told, objections=(Objection(outcome.stopped, INVALID), *told.objections))


def as_taken(outcome: Outcome) -> Taken:
    """Errors that tell how the chain ends, and all others."""
    ended = Ended.TRUSTED
    objections = []
    for number, depth in outcome.errors:
        if number in UNENDED:
            ended = UNENDED[number] if ended is Ended.TRUSTED else ended
        else:
            at = min(depth, len(outcome.certificates) - 1)
            objections.append(Objection(outcome.certificates[at], number))
    return Taken(outcome.certificates, ended, tuple(objections))
