"""How gnutls-cli decides (lib/x509/verify.c and verify-high.c, lib/cert-session.c at 3.7.9)."""

from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour import raw
from edgecheck.behaviour.gnutls import names, parse
from edgecheck.behaviour.gnutls.chain import MOST_CERTIFICATES, Status, strong, verified
from edgecheck.behaviour.gnutls.records import RECORDS
from edgecheck.behaviour.gnutls.versions import Version
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.strictly import STRICT
from edgecheck.behaviour.unsure import undecided
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.client import Client, plain
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import DIGITAL_SIGNATURE

_STATUS_REQUEST = 5
"""The TLS feature that makes stapling a must (RFC 7633)."""


TEXTS = {
    Status.SIGNER_NOT_FOUND: "The certificate issuer is unknown.",
    Status.SIGNER_NOT_CA: "The certificate issuer is not a CA.",
    Status.SIGNATURE_FAILURE: "The signature in the certificate is invalid.",
    Status.INSECURE_ALGORITHM: "The certificate chain uses insecure algorithm.",
    Status.SIGNER_CONSTRAINTS_FAILURE: "The certificate chain violates the signer's constraints.",
    Status.PURPOSE_MISMATCH: "The certificate chain does not match the intended purpose.",
    Status.NOT_ACTIVATED: "The certificate chain uses not yet valid certificate.",
    Status.EXPIRED: "The certificate chain uses expired certificate.",
    Status.UNEXPECTED_OWNER: "The name in the certificate does not match the expected.",
    Status.MISSING_OCSP_STATUS: (
        "The certificate requires the server to include an OCSP status in its response, but the "
        "OCSP status is missing."
    ),
    Status.UNKNOWN_CRIT_EXTENSIONS: "The certificate contains an unknown critical extension.",
}
"""gnutls_certificate_verification_status_print."""

_NO_HANDSHAKE = "*** Fatal error: A TLS fatal alert has been received."


def run(view: View, version: Version) -> Answer:
    """The usage and the proof of the key first, then what was sent, then the chain."""
    view = lenient(view, STRICT)
    for anchor in view.trust:
        wrong = parse.refused(anchor, view)
        if wrong is not None:
            return reject("trust", anchor, 0, f"Error setting the x509 trust file: {wrong}")
    leaf = view.leaf
    wrong = parse.refused(leaf, view)
    if wrong is not None:
        return reject("parse", leaf, 0, f"*** Fatal error: {wrong}")
    if not strong(leaf) and isinstance(leaf.public_key, ec.EllipticCurvePublicKey):
        return reject("key", leaf, 0, _NO_HANDSHAKE)
    usage = raw.all_usages(leaf)
    if usage and not usage & DIGITAL_SIGNATURE:
        text = "*** Fatal error: Key usage violation in certificate has been detected."
        return reject("usage", leaf, 0, text)
    if not view.proves_key:
        text = "*** Fatal error: Public key signature verification has failed."
        return reject("proof", leaf, 0, text)
    if len(view.presented) > MOST_CERTIFICATES:
        return reject("length", leaf, MOST_CERTIFICATES, parse.TOO_MANY)
    for depth, certificate in enumerate(view.presented):
        wrong = parse.refused(certificate, view)
        if wrong is not None:
            return reject("parse", certificate, depth, parse.told(wrong))
    status, at = _judged(view, version)
    if status:
        told = " ".join(text for flag, text in TEXTS.items() if flag & status)
        depth = view.presented.index(at) if at in view.presented else len(view.presented)
        return reject(status, at, depth, told or "The certificate is NOT trusted.")
    return ACCEPT


def _judged(view: View, version: Version) -> tuple[Status, Certificate]:
    """gnutls_x509_trust_list_verify_crt2: the chain, then the server's certificate."""
    status, at, _ = verified(view, version)
    leaf = view.presented[0]
    if not names.for_server(leaf):
        status |= Status.PURPOSE_MISMATCH
    if view.host is not None and not names.matches(leaf, view.host):
        status |= Status.UNEXPECTED_OWNER
    if not status and _STATUS_REQUEST in names.features(leaf):
        status = Status.MISSING_OCSP_STATUS
    return status, at


MODELS = tuple(Client(record, run, plain, undecided) for record in RECORDS)
