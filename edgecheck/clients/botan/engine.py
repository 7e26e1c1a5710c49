"""How Botan decides (lib/x509/x509path.cpp, x509cert.cpp and lib/tls/tls_client.cpp at 2.19.3).

With the security fixes of Debian's 2.19.3+dfsg-1+deb12u1. The status of the chain is printed before
the handshake goes on: only where it is good, the proof of the key is what ends it.
"""

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour.botan.chain import Status, paths, unreadable, worst
from edgecheck.behaviour.botan.decoded import TOLD
from edgecheck.behaviour.botan.records import RECORDS
from edgecheck.behaviour.lenient import lenient
from edgecheck.behaviour.unsure import undecided
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.client import Client, plain
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import DIGITAL_SIGNATURE, NON_REPUDIATION

TEXTS = {
    Status.SIGNATURE_METHOD_TOO_WEAK: "Signature method too weak",
    Status.UNTRUSTED_HASH: "Hash function used is considered too weak for security",
    Status.CERT_NOT_YET_VALID: "Certificate is not yet valid",
    Status.CERT_HAS_EXPIRED: "Certificate has expired",
    Status.CERT_ISSUER_NOT_FOUND: "Certificate issuer not found",
    Status.CANNOT_ESTABLISH_TRUST: "Cannot establish trust",
    Status.CERT_CHAIN_LOOP: "Loop in certificate chain",
    Status.INVALID_USAGE: "Certificate does not allow the requested usage",
    Status.CERT_CHAIN_TOO_LONG: "Certificate chain too long",
    Status.CA_CERT_NOT_FOR_CERT_ISSUER: "CA certificate not allowed to issue certs",
    Status.NAME_CONSTRAINT_ERROR: "Certificate does not pass name constraint",
    Status.CERT_NAME_NOMATCH: "Certificate does not match provided name",
    Status.UNKNOWN_CRITICAL_EXTENSION: "Unknown critical extension encountered",
    Status.DUPLICATE_CERT_EXTENSION: "Duplicate certificate extension encountered",
    Status.DUPLICATE_CERT_POLICY: "Certificate contains duplicate policy",
    Status.EXT_IN_V1_V2_CERT: (
        "Encountered extension in certificate with version that does not allow it"
    ),
    Status.SIGNATURE_ERROR: "Signature error",
    Status.SIGNATURE_ALGO_UNKNOWN: "Certificate signed with unknown/unavailable algorithm",
    Status.SIGNATURE_ALGO_BAD_PARAMS: "Certificate signature has invalid parameters",
}
"""cert_status.cpp."""
_CURVES = ("secp256r1", "secp384r1", "secp521r1")


def run(view: View, settings: None) -> Answer:
    """Read what was sent, look at the key's usage, then try every path."""
    view = lenient(view, TOLD)
    for depth, certificate in enumerate(view.presented):
        wrong = unreadable(certificate)
        if wrong is not None:
            return reject("parse", certificate, depth, f"Error: {wrong}")
    leaf = view.leaf
    if leaf.version != 3:
        return reject("version", leaf, 0, "Error: The leaf certificate must be v3")
    known = isinstance(leaf.public_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    if not known or not _of_one_kind(leaf, view.server):
        return reject("key", leaf, 0, "Error: Certificate key type did not match ciphersuite")
    if not _spoken(leaf):
        return reject("key", leaf, 0, "Alert: handshake_failure")
    if leaf.key_usage and not leaf.key_usage & (DIGITAL_SIGNATURE | NON_REPUDIATION):
        text = "Error: Certificate usage constraints do not allow this ciphersuite"
        return reject("usage", leaf, 0, text)
    found, first = paths(view)
    if not found:
        at, status = first
        depth = view.presented.index(at) if at in view.presented else len(view.presented)
        return reject(status, at, depth, TEXTS[status])
    told: tuple[Status, int, Certificate] | None = None
    for path in found:
        bad = worst(view, path)
        if bad is None and not view.proves_key:
            return reject("proof", leaf, 0, "Error: Bad signature on server key exchange")
        if bad is None:
            return ACCEPT
        told = told or bad
    assert told is not None
    return reject(told[0], told[2], told[1], TEXTS[told[0]])


def _spoken(leaf: Certificate) -> bool:
    """Whether the server's key is one that a handshake can use: not on any curve."""
    key = leaf.public_key
    return not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name in _CURVES


def _of_one_kind(leaf: Certificate, server: Certificate) -> bool:
    """Whether the ciphersuite, which the server chooses by its own key, is for the other's too."""
    try:
        return isinstance(leaf.public_key, rsa.RSAPublicKey) is isinstance(
            server.public_key, rsa.RSAPublicKey
        )
    except Unreadable:
        return True


MODELS = tuple(Client(record, run, plain, undecided) for record in RECORDS)
