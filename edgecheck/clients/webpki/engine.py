"""rustls: the chain, the name, then the handshake's signature; and three programs' wordings."""

from edgecheck.behaviour.unsure import undecided
from edgecheck.behaviour.view import View
from edgecheck.behaviour.webpki.build import PSS, Spent, builder, strong, usable
from edgecheck.behaviour.webpki.names import listed
from edgecheck.behaviour.webpki.records import DENO, RTLS, UV, Settings
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.clients.client import Client
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import body, element
from edgecheck.reading.extensions import CLIENT_AUTH, SERVER_AUTH

NAME = "name"


def run(view: View, settings: Settings) -> Answer:
    """Verify as rustls's WebPkiServerVerifier does."""
    try:
        wrong = builder(view, settings.only_roots).build()
    except Spent:
        return unknown("there are too many paths to follow", view.leaf)
    if wrong is not None:
        return reject(wrong.error, wrong.certificate, _depth(wrong.certificate, view))
    if view.host is not None and not settings.matches(view.leaf, view.host):
        return reject(NAME, view.leaf)
    key = view.leaf.public_key
    if not strong(key) or not view.proves_key:
        return reject("InvalidSignatureForPublicKey", view.leaf)
    if not any(usable(view.leaf, kind) for kind in ("RSA", "EC", "Ed25519")):
        return reject("UnsupportedSignatureAlgorithmForPublicKey", view.leaf)
    return ACCEPT


def _depth(certificate: Certificate, view: View) -> int:
    return view.presented.index(certificate) if certificate in view.presented else 0


_PURPOSES = {SERVER_AUTH: "server authentication", CLIENT_AUTH: "client authentication"}
_PLAIN = {
    "UnknownIssuer": "UnknownIssuer",
    "InvalidCertValidity": "Expired",
    "InvalidSignatureForPublicKey": "BadSignature",
    "BadDer": "BadEncoding",
    "BadDerTime": "BadEncoding",
    "TrailingData": "BadEncoding",
}
_ECDSA = ("06082a8648ce3d040302", "06082a8648ce3d040303", "06082a8648ce3d040304")
_RSA = ("06092a864886f70d01010b", "06092a864886f70d01010c", "06092a864886f70d01010d")
_OTHERS = ("0609608648016503040311", "0609608648016503040312", "0609608648016503040313")


def plainly(answer: Answer, view: View) -> str:
    """Rustls's CertificateError, with the host name as it was given."""
    return _words(answer, view, view.hostname or "")


def by_url(answer: Answer, view: View) -> str:
    """The same where the host name comes from a URL, which is in lower case."""
    return _words(answer, view, (view.hostname or "").lower())


def _words(answer: Answer, view: View, host: str) -> str:
    if answer.code == NAME:
        return f'certificate not valid for name "{host}"; certificate {listed(view.leaf)}'
    if answer.code in _PLAIN:
        return _PLAIN[answer.code]
    certificate = answer.certificate or view.leaf
    if answer.code == "CertExpired":
        late, ends = view.at - certificate.not_after, certificate.not_after
        told = f"certificate is not valid after {ends} ({late} seconds ago)"
        return f"certificate expired: verification time {view.at} (UNIX), but {told}"
    if answer.code == "CertNotValidYet":
        early, begins = certificate.not_before - view.at, certificate.not_before
        told = f"certificate is not valid before {begins} ({early} seconds in future)"
        return f"certificate not valid yet: verification time {view.at} (UNIX), but {told}"
    if answer.code == "RequiredEkuNotFound":
        usages = certificate.extended_key_usage or ()
        told = ", ".join(_PURPOSES.get(usage) or usage.replace(".", ", ") for usage in usages)
        wanted = _PURPOSES[SERVER_AUTH]
        return f"certificate does not allow extended key usage for {wanted}, allows {told}"
    if answer.code == "UnsupportedSignatureAlgorithm":
        return _unsupported(certificate)
    if answer.code == "UnsupportedSignatureAlgorithmForPublicKey" and certificate is not view.leaf:
        return _unsuited(certificate, view)
    return f"Other(OtherError({answer.code}))"


def _unsuited(certificate: Certificate, view: View) -> str:
    signer = next(
        (c for c in (*view.trust, *view.presented) if c.subject_raw == certificate.issuer_raw),
        certificate,
    )
    start, end = body(certificate.signature_algorithm, 0)
    identifier = list(certificate.signature_algorithm[start:end])
    _, first, last = element(signer.spki, 0, len(signer.spki))
    _, at, stop = element(signer.spki, first, last)
    return (
        "UnsupportedSignatureAlgorithmForPublicKeyContext { "
        f"signature_algorithm_id: {identifier}, "
        f"public_key_algorithm_id: {list(signer.spki[at:stop])} }}"
    )


def _unsupported(certificate: Certificate) -> str:
    start, end = body(certificate.signature_algorithm, 0)
    identifier = list(certificate.signature_algorithm[start:end])
    supported = ", ".join(f"0x{text}" for text in _supported())
    return (
        f"UnsupportedSignatureAlgorithmContext {{ signature_algorithm_id: {identifier}, "
        f"supported_algorithms: [{supported}] }}"
    )


def _supported() -> list[str]:
    """The algorithms of aws-lc-rs in its order, each curve with each hash."""
    ecdsa = [oid for oid in _ECDSA for _ in range(1)] * 3
    with_null = [f"{oid}0500" for oid in _RSA]
    return [*ecdsa, "06032b6570", *PSS, *with_null, *_RSA, *_OTHERS]


MODELS = (
    Client(DENO, run, by_url, undecided),
    Client(UV, run, by_url, undecided),
    Client(RTLS, run, plainly, undecided),
)
