"""The handshake of crypto/tls, and Certificate.Verify as it words what is wrong."""

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from edgecheck.behaviour.golang import names
from edgecheck.behaviour.golang.chain import (
    LARGEST_KEY,
    Verification,
    Wrong,
    large_key,
    loaded,
    unusable_rsa,
)
from edgecheck.behaviour.golang.parse import refused
from edgecheck.behaviour.golang.records import RECORDS, V1_24
from edgecheck.behaviour.lenient import first_values
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.clients.client import Client, plain
from edgecheck.reading.certificate import Unreadable


def run(view: View, version: tuple[int, int]) -> Answer:
    """The handshake: parse all, verify, then let the server prove its key."""
    view = first_values(view)
    for depth, certificate in enumerate(view.presented):
        why = refused(certificate, view, version)
        if why is not None:
            told = f"tls: failed to parse certificate from server: x509: {why}"
            return reject("parse", certificate, depth, told)
        if large_key(certificate, version):
            told = f"tls: server sent certificate containing RSA key larger than {LARGEST_KEY} bits"
            return reject("key", certificate, depth, told)
    verification = Verification(view, loaded(view, version), version)
    wrong = verification.leaf() or _misnamed(view, version) or verification.passed()
    if isinstance(wrong, Wrong):
        prefix = "tls: failed to verify certificate: " if version >= (1, 20) else ""
        depth = 0
        if wrong.certificate is not None and wrong.certificate in view.presented:
            depth = view.presented.index(wrong.certificate)
        return reject("verify", wrong.certificate, depth, f"{prefix}x509: {wrong.text}")
    try:
        key = view.leaf.public_key
    except Unreadable:
        return unknown("a kind of key that this model does not know", view.leaf)
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        return unknown("a kind of key that this model does not know", view.leaf)
    unusable = unusable_rsa(key) if version >= V1_24 else None
    if unusable is not None:
        told = f"tls: invalid signature by the server certificate: {unusable}"
        return reject("proof", view.leaf, 0, told)
    if not view.proves_key:
        return reject("proof", view.leaf, 0, _proof(key))
    return ACCEPT


def _misnamed(view: View, version: tuple[int, int]) -> Wrong | None:
    """VerifyHostname, before any chain is built."""
    told = names.mismatch(view.leaf, view.host, version) if view.host is not None else None
    return Wrong(told, view.leaf) if told is not None else None


def _proof(key: object) -> str:
    told = {
        "RSA": "crypto/rsa: verification error",
        "EC": "ECDSA verification failure",
    }["RSA" if isinstance(key, rsa.RSAPublicKey) else "EC"]
    return f"tls: invalid signature by the server certificate: {told}"


MODELS = tuple(Client(record, run, plain) for record in RECORDS)
