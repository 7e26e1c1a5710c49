""".NET on Linux: SslStream, which has OpenSSL build the chain and maps its errors to statuses.

Mimics OpenSslX509ChainProcessor.cs, CertificatePolicy.cs and pal_x509.c of dotnet/runtime at 8.0,
with a policy of CustomRootTrust. OpenSSL goes on after errors here, and none is lost.
"""

from dataclasses import dataclass, replace

from edgecheck.behaviour import raw
from edgecheck.behaviour.dotnet import policies
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.chain import readable_time
from edgecheck.behaviour.openssl.decode import (
    INTEGERS,
    NO_CIPHER,
    SHORT_TIME,
    refused_to_read,
    undecodable,
)
from edgecheck.behaviour.openssl.extensions import decodes
from edgecheck.behaviour.openssl.names import host_matches
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.openssl.engine import PROOF, Outcome, verify
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate
from edgecheck.reading.extensions import SERVER_AUTH

STOPS = Settings(level=0, names=False, purpose=False, checks_root=True)
GOES_ON = replace(STOPS, goes_on=True)

TIME, SIGNATURE, UNTRUSTED = "NotTimeValid", "NotSignatureValid", "UntrustedRoot"
PARTIAL, USAGE, CONSTRAINTS = "PartialChain", "NotValidForUsage", "InvalidBasicConstraints"
MISMATCH = "RemoteCertificateNameMismatch"

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


@dataclass(frozen=True, slots=True)
class Statuses:
    """The statuses of each element of the chain, of the chain as a whole, and of the name."""

    elements: tuple[tuple[str, ...], ...]
    overall: tuple[str, ...]
    mismatch: bool


def run(view: View, settings: None) -> Answer:
    """Build and judge the chain after the handshake."""
    if any(not _loads(root, view) for root in view.trust):
        return reject("trust", view.leaf)
    refusal = refused_to_read(view, STOPS)
    if refusal is not None:
        return reject(refusal.code, refusal.certificate, refusal.depth)
    if not view.proves_key:
        return reject(PROOF, view.leaf)
    outcome = _first_chain(view)
    unknown = [depth for number, depth in outcome.errors if number not in STATUS]
    if unknown:
        depth = min(unknown[0], len(outcome.certificates) - 1)
        return reject("throws", outcome.certificates[depth], depth, facts=_UNMAPPED)
    for depth, certificate in enumerate(outcome.certificates):
        told = policies.thrown(certificate)
        if told is not None:
            return reject("throws", certificate, depth, facts=_CORRUPTED + told)
    statuses = _statuses(outcome, view)
    if not statuses.overall and not statuses.mismatch:
        return ACCEPT
    depth = next((at for at, element in enumerate(statuses.elements) if element), 0)
    return reject("statuses", outcome.certificates[depth], depth, facts=statuses)


def _loads(root: Certificate, view: View) -> bool:
    """Whether X509Certificate2 takes what is trusted: OpenSSL, and AsnReader for the times."""
    times = readable_time(root, True) and readable_time(root, False)
    return root.der not in view.trailing and times and undecodable(root, STOPS) is None


def _first_chain(view: View) -> Outcome:
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


def _statuses(outcome: Outcome, view: View) -> Statuses:
    """BuildChainElements, then ProcessPolicy for serverAuth, then the host name."""
    by_depth: dict[int, set[int]] = {}
    for number, depth in outcome.errors:
        by_depth.setdefault(depth, set()).add(number)
    overall: list[str] = []
    elements: list[list[str]] = []
    last = len(outcome.certificates) - 1
    for depth in range(last + 1):
        had_signature = SIGNATURE in overall
        element = list(dict.fromkeys(STATUS[n] for n in sorted(by_depth.get(depth, ()))))
        overall += [status for status in element if status not in overall]
        # A trusted root's own signature does not matter.
        bad = depth == last and SIGNATURE in element and not had_signature
        if bad and PARTIAL not in overall and UNTRUSTED not in overall:
            element.remove(SIGNATURE)
            overall.remove(SIGNATURE)
        elements.append(element)
    if not _for_servers(outcome.certificates):
        overall += [] if USAGE in overall else [USAGE]
        for element in elements:
            element += [] if USAGE in element else [USAGE]
    mismatch = view.hostname is not None and not _name_matches(view)
    return Statuses(tuple(map(tuple, elements)), tuple(overall), mismatch)


def _for_servers(chain: tuple[Certificate, ...]) -> bool:
    """MatchesApplicationPolicies: no extKeyUsage, or one with serverAuth itself.

    Microsoft's application policies count instead of extKeyUsage.

    Once policyConstraints ask for an explicit policy, extKeyUsage may not be absent either
    (ReadPolicies of CertificatePolicy.cs takes one for the other).
    """
    explicit = len(chain)
    matches = True
    for certificate in reversed(chain):
        if policies.application_policies(certificate) is not None:
            matches &= not policies.excludes_servers(certificate)
        elif (usages := raw.usages(certificate)) is None:
            matches &= explicit > 0
        else:
            matches &= SERVER_AUTH in usages
        asked = policies.explicit_policy(certificate)
        explicit = max(0, explicit - 1)
        if asked is not None:
            explicit = min(explicit, asked)
    return matches


def _name_matches(view: View) -> bool:
    """CheckX509Hostname and CheckX509IpAddress (pal_x509.c), after a trailing period is cut."""
    if EXT_SUBJECT_ALT_NAME in view.leaf.extensions and not decodes(
        view.leaf, EXT_SUBJECT_ALT_NAME
    ):
        host = str(view.hostname).rstrip(".").encode().lower()
        return any(content.lower() == host for _, content in raw.common_names(view.leaf))
    if view.address is not None:
        packed, text = view.address.packed, str(view.hostname).encode()
        if any(t == raw.IP and v == packed for t, v in raw.alt_names(view.leaf) or ()):
            return True
        return any(content.lower() == text.lower() for _, content in raw.common_names(view.leaf))
    return host_matches(view.leaf, str(view.hostname).rstrip("."), False)


_THROWN = "System.Security.Cryptography.CryptographicException: "
_UNMAPPED = _THROWN + "Error occurred during a cryptographic operation."
_CORRUPTED = f"{_THROWN}ASN1 corrupted data. ---> System.Formats.Asn1.AsnContentException: "
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
    if answer.code == "trust":
        return (
            "System.Security.Cryptography.CryptographicException: The certificate contents do not "
            "contain a PEM with a CERTIFICATE label, or the content is malformed."
        )
    if answer.code == SHORT_TIME or answer.code in INTEGERS:
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
    """What a callback sees: the kinds of errors, and the statuses of each element."""
    handshake = _handshake(answer)
    if handshake is not None:
        return handshake
    statuses: Statuses = answer.facts
    kinds = [MISMATCH] if statuses.mismatch else []
    kinds += ["RemoteCertificateChainErrors"] if statuses.overall else []
    elements = ", ".join(
        f"{depth}:{'+'.join(element) or 'NoError'}"
        for depth, element in enumerate(statuses.elements)
    )
    return f"Errors={', '.join(kinds)} chain=[{elements}]"
