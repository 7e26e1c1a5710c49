""".NET on Linux: SslStream, which has OpenSSL build the chain and maps its errors to statuses.

Mimics OpenSslX509ChainProcessor.cs, CertificatePolicy.cs and pal_x509.c of dotnet/runtime at 8.0,
with a policy of CustomRootTrust. OpenSSL goes on after errors here, and none is lost.
"""

from edgecheck.behaviour.dotnet import records
from edgecheck.behaviour.dotnet.chain import (
    CORRUPTED,
    DECODED,
    STOPS,
    UNLOADABLE,
    USAGE,
    corrupted,
    first_chain,
    loads,
    not_for_servers,
    unsigned_root,
)
from edgecheck.behaviour.dotnet.fetching import issuer_address
from edgecheck.behaviour.lenient import first_values
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.callers import dotnet_matches, dotnet_refuses
from edgecheck.behaviour.openssl.decode import NO_CIPHER, UNDECODABLE, refused_to_read
from edgecheck.behaviour.openssl.verify import Outcome
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.clients.client import Client
from edgecheck.clients.openssl.engine import PROOF
from edgecheck.values import frozen

TIME, SIGNATURE, UNTRUSTED = "NotTimeValid", "NotSignatureValid", "UntrustedRoot"
PARTIAL, CONSTRAINTS = "PartialChain", "InvalidBasicConstraints"
MISMATCH = "RemoteCertificateNameMismatch"
NOT_CONVERTED = "not converted"
"""The code of an answer where it cannot convert the host name for the comparison."""

STATUS = {
    e.NOT_YET_VALID: TIME,
    e.EXPIRED: TIME,
    e.BAD_NOT_BEFORE: TIME,
    e.BAD_NOT_AFTER: TIME,
    6: SIGNATURE,
    e.SIGNATURE: SIGNATURE,
    27: UNTRUSTED,
    e.SELF_SIGNED_LEAF: UNTRUSTED,
    e.SELF_SIGNED_IN_CHAIN: UNTRUSTED,
    e.NO_ISSUER: PARTIAL,
    e.NO_LOCAL_ISSUER: PARTIAL,
    e.UNVERIFIED_LEAF: PARTIAL,
    e.PURPOSE: USAGE,
    37: CONSTRAINTS,
    e.PATH_LENGTH: CONSTRAINTS,
    e.NO_CERT_SIGN: CONSTRAINTS,
    e.INVALID_CA: CONSTRAINTS,
    41: "InvalidExtension",
    e.UNKNOWN_CRITICAL: "HasNotSupportedCriticalExtension",
    e.PERMITTED: "HasNotPermittedNameConstraint",
    e.EXCLUDED: "HasExcludedNameConstraint",
    e.SUBTREE_MINMAX: "HasNotSupportedNameConstraint",
    e.NAME_SYNTAX: "InvalidNameConstraints",
}
"""MapVerifyErrorToChainStatus; what is missing here throws a CryptographicException."""
FLAGS = (
    TIME,
    SIGNATURE,
    USAGE,
    UNTRUSTED,
    "InvalidExtension",
    CONSTRAINTS,
    "InvalidNameConstraints",
    "HasNotSupportedNameConstraint",
    "HasNotPermittedNameConstraint",
    "HasExcludedNameConstraint",
    PARTIAL,
    "HasNotSupportedCriticalExtension",
)
"""X509ChainStatusFlags in the order of their values, in which they are printed."""


@frozen
class Statuses:
    """The statuses of each element of the chain, of the chain as a whole, and of the name."""

    elements: tuple[tuple[str, ...], ...]
    overall: tuple[str, ...]
    mismatch: bool


def run(view: View, settings: None) -> Answer:
    """Build and judge the chain after the handshake."""
    view = first_values(view, DECODED)
    if any(not loads(root, view) for root in view.trust):
        return reject(UNLOADABLE, view.leaf)
    refusal = refused_to_read(view, STOPS)
    if refusal is not None:
        return reject(refusal.code, refusal.certificate, refusal.depth)
    if not view.proves_key:
        return reject(PROOF, view.leaf)
    wrong = None if view.host is None else dotnet_refuses(view.host)
    if wrong is not None:
        return reject(NOT_CONVERTED, view.leaf, 0, wrong)
    outcome = first_chain(view)
    unmapped = [depth for number, depth in outcome.errors if number not in STATUS]
    if unmapped:
        depth = min(unmapped[0], len(outcome.certificates) - 1)
        return reject("throws", outcome.certificates[depth], depth, facts=_UNMAPPED)
    unread = corrupted(outcome.certificates)
    if unread is not None:
        certificate, told = unread
        depth = outcome.certificates.index(certificate)
        return reject("throws", certificate, depth, facts=_CORRUPTED + told)
    statuses = _statuses(outcome, view)
    if not statuses.overall and not statuses.mismatch:
        return ACCEPT
    address = _address_of_missing(outcome, statuses, view)
    if address is not None:
        top = outcome.certificates[-1]
        return unknown(f"{PARTIAL}, unless it can fetch the missing issuer from {address}", top)
    depth = next((at for at, element in enumerate(statuses.elements) if element), 0)
    return reject("statuses", outcome.certificates[depth], depth, facts=statuses)


def _address_of_missing(outcome: Outcome, statuses: Statuses, view: View) -> str | None:
    """FindChainViaAia: where it looks for the issuer, if that is all that is missing.

    What it finds only helps to build, so that it is of use where a root is trusted.
    """
    breaks_off = any(number in (e.NO_ISSUER, e.NO_LOCAL_ISSUER) for number, _ in outcome.errors)
    if not breaks_off or statuses.overall != (PARTIAL,) or statuses.mismatch:
        return None
    if all(root.subject_raw != root.issuer_raw for root in view.trust):
        return None
    return issuer_address(outcome.certificates[-1])


def _statuses(outcome: Outcome, view: View) -> Statuses:
    """BuildChainElements, then ProcessPolicy for serverAuth, then the host name."""
    by_depth: dict[int, set[int]] = {}
    for number, depth in outcome.errors:
        by_depth.setdefault(depth, set()).add(number)
    overall: list[str] = []
    elements: list[list[str]] = []
    last = len(outcome.certificates) - 1
    for depth in range(last + 1):
        element = list(dict.fromkeys(STATUS[n] for n in sorted(by_depth.get(depth, ()))))
        overall += [status for status in element if status not in overall]
        if depth == last and unsigned_root(outcome):
            element.remove(SIGNATURE)
            overall.remove(SIGNATURE)
        elements.append(element)
    if not_for_servers(outcome.certificates) is not None:
        overall += [] if USAGE in overall else [USAGE]
        for element in elements:
            element += [] if USAGE in element else [USAGE]
    mismatch = view.host is not None and not dotnet_matches(view.leaf, view.host)
    return Statuses(tuple(map(tuple, elements)), tuple(overall), mismatch)


_THROWN = "System.Security.Cryptography.CryptographicException: "
_UNMAPPED = _THROWN + "Error occurred during a cryptographic operation."
_CORRUPTED = f"{_THROWN}{CORRUPTED}. ---> System.Formats.Asn1.AsnContentException: "
HANDSHAKE = (
    "System.Security.Authentication.AuthenticationException: Authentication failed, see inner "
    "exception. ---> Interop+OpenSsl+SslException: SSL Handshake failed with OpenSSL error - "
    "SSL_ERROR_SSL. ---> Interop+Crypto+OpenSslCryptographicException: error:"
)


def _handshake(answer: Answer) -> str | None:
    if answer.code == "throws":
        return str(answer.facts)
    if answer.code == PROOF:
        return HANDSHAKE + "0A00007B:SSL routines::bad signature"
    if answer.code == NOT_CONVERTED:
        return f"System.ArgumentException: {answer.says} (Parameter 'unicode')"
    if answer.code == UNLOADABLE:
        return (
            "System.Security.Cryptography.CryptographicException: The certificate contents do not "
            "contain a PEM with a CERTIFICATE label, or the content is malformed."
        )
    if answer.code in UNDECODABLE:
        return HANDSHAKE + "0A08000D:SSL routines::ASN1 lib"
    if answer.code == NO_CIPHER:
        return HANDSHAKE + "0A000410:SSL routines::sslv3 alert handshake failure"
    if not isinstance(answer.facts, Statuses):
        return HANDSHAKE + "0A000087:SSL routines::cert length mismatch"
    return None


def plainly(answer: Answer, view: View) -> str:
    """The statuses of the whole chain; else that of the name."""
    handshake = _handshake(answer)
    if handshake is not None:
        return handshake
    statuses: Statuses = answer.facts
    if not statuses.overall:
        return MISMATCH
    if statuses.mismatch:
        return f"{MISMATCH}, RemoteCertificateChainErrors"
    return ", ".join(sorted(statuses.overall, key=FLAGS.index))


def by_callback(answer: Answer, view: View) -> str:
    """What a callback is given: SslPolicyErrors, and in the chain the elements with a status."""
    handshake = _handshake(answer)
    if handshake is not None:
        return handshake
    statuses: Statuses = answer.facts
    kinds = [MISMATCH] if statuses.mismatch else []
    kinds += ["RemoteCertificateChainErrors"] if statuses.overall else []
    elements = (
        f"; ChainElements[{depth}]: {', '.join(element)}"
        for depth, element in enumerate(statuses.elements)
        if element
    )
    return "".join((", ".join(kinds), *elements))


MODELS = (
    Client(records.NET_10, run, plainly),
    Client(records.NET_9, run, plainly),
    Client(records.PLAIN, run, plainly),
    Client(records.WITH_CALLBACK, run, by_callback),
)
