"""The two attempts at a chain: FindFirstChain of OpenSslX509ChainProcessor.cs at 8.0.

OpenSSL builds, with a policy of CustomRootTrust; it goes on after errors, and none is lost.
"""

from dataclasses import replace

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.dotnet import policies
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.lenient import first_values
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.decode import refused_to_read, undecodable
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.openssl.times import in_form
from edgecheck.behaviour.openssl.verify import Outcome, as_taken, verify
from edgecheck.behaviour.taken import Ended, Objection, Taken
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import SERVER_AUTH

STOPS = Settings(level=0, names=False, purpose=False, checks_root=True)
GOES_ON = replace(STOPS, goes_on=True)
DECODED = ("basic_constraints", "key_usage", "subject_key_id", "authority_key_id", "alt_names")
"""Extensions that OpenSSL decodes for it, which does not look at what is behind their value."""
UNLOADABLE = "trust"
"""What is trusted cannot be loaded."""
USAGE = "NotValidForUsage"
CORRUPTED = "ASN1 corrupted data"
"""An extension of a certificate on the chain that AsnReader does not take."""


def loads(root: Certificate, view: View) -> bool:
    """Whether X509Certificate2 takes what is trusted: OpenSSL, and AsnReader for the times."""
    decoded = structure.refused(root, Refuser.DOTNET) is None and undecodable(root, STOPS) is None
    return decoded and root.der not in view.trailing and in_form(root)


def first_chain(view: View) -> Outcome:
    """FindFirstChain: without what the gateway sent, and with it where that is not enough.

    What the policy trusts but is not self-issued only helps to build.
    """
    roots = tuple(c for c in view.trust if c.subject_raw == c.issuer_raw)
    helping = tuple(c for c in view.trust if c.subject_raw != c.issuer_raw)
    alone = view.with_certificates((view.leaf, *helping), roots)
    errors = verify(alone, STOPS).errors
    if errors and errors[0][0] in (e.NO_ISSUER, e.NO_LOCAL_ISSUER):
        alone = view.with_certificates((view.leaf, *helping, *view.presented), roots)
    return verify(alone, GOES_ON)


def not_for_servers(chain: tuple[Certificate, ...]) -> Certificate | None:
    """MatchesApplicationPolicies: whose extKeyUsage is there without serverAuth itself.

    Microsoft's application policies count instead of extKeyUsage.

    Once policyConstraints ask for an explicit policy, extKeyUsage may not be absent either
    (ReadPolicies of CertificatePolicy.cs takes one for the other).
    """
    explicit = len(chain)
    found = None
    for certificate in reversed(chain):
        if _excludes_servers(certificate, explicit):
            found = found or certificate
        asked = policies.explicit_policy(certificate)
        explicit = max(0, explicit - 1)
        if asked is not None:
            explicit = max(0, min(explicit, asked))  # a negative number is one to it, and asks now
    return found


def _excludes_servers(certificate: Certificate, explicit: int) -> bool:
    if policies.application_policies(certificate) is not None:
        return policies.excludes_servers(certificate)
    usages = raw.usages(certificate)
    return not explicit if usages is None else SERVER_AUTH not in usages


def corrupted(chain: tuple[Certificate, ...]) -> tuple[Certificate, str] | None:
    """What ends with an AsnContentException, and what that says; before any status counts.

    Policies that its own code cannot decode, or else bytes behind the value of extKeyUsage.
    """
    for certificate in chain:
        told = policies.thrown(certificate)
        if told is not None:
            return certificate, told
    behind = (c for c in chain if raw.has_more_behind(c, "extended_key_usage"))
    return next(((certificate, policies.MORE) for certificate in behind), None)


def unsigned_root(outcome: Outcome) -> bool:
    """Whether a root's own signature is all that is wrong with signatures; it does not matter."""
    last = len(outcome.certificates) - 1
    wrong = {depth for number, depth in outcome.errors if number == e.SIGNATURE}
    ended = as_taken(outcome).ended is Ended.TRUSTED
    return wrong == {last} and ended


def taken(view: View) -> Taken:
    """The chain of the second attempt, or of the first where that is enough."""
    view = first_values(view, DECODED)
    for root in view.trust:
        if not loads(root, view):
            return Taken((view.leaf,), Ended.GIVEN_UP, (Objection(root, UNLOADABLE),))
    refusal = refused_to_read(view, STOPS)
    if refusal is not None:
        refused = Objection(refusal.certificate, refusal.code)
        return Taken((view.leaf,), Ended.GIVEN_UP, (refused,))
    outcome = first_chain(view)
    told = as_taken(outcome)
    objections = told.objections
    if unsigned_root(outcome):
        objections = tuple(o for o in objections if o.code != e.SIGNATURE)
    unread = corrupted(outcome.certificates)
    if unread is not None:  # nothing more is looked at
        return replace(told, objections=(*objections, Objection(unread[0], CORRUPTED)))
    unfit = not_for_servers(outcome.certificates)
    if unfit is not None:
        objections += (Objection(unfit, USAGE),)
    return replace(told, objections=objections)
