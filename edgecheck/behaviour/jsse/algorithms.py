"""Which algorithms and keys Java takes on a path.

AlgorithmChecker.java and SSLAlgorithmConstraints.java, at 17.0.15 and 25.0.3. One checker has what
jdk.certpath.disabledAlgorithms forbids; JSSE adds another one, which comes last, with the
signatures that the client offered.
"""

import re

from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from edgecheck.behaviour.jsse.parse import key_usage
from edgecheck.behaviour.jsse.records import V21
from edgecheck.behaviour.jsse.shown import shown
from edgecheck.behaviour.jsse.wrong import FAILED, UNSUPPORTED, Wrong
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import DECIPHER_ONLY, ENCIPHER_ONLY

_PRIMITIVES = 0xFFFF & ~(ENCIPHER_ONLY | DECIPHER_ONLY)
"""The uses of a key that are known."""
_LEAST = {"RSA": 1024, "DSA": 1024, "EC": 224}
"""Bits of keys by jdk.certpath.disabledAlgorithms, which forbids MD5, too."""
_FAILED = "Algorithm constraints check failed on "
_OFFERED = re.compile("|SHA(?:1|256|384|512)with(?:RSA|ECDSA)")
"""What may sign a certificate in TLS 1.3 (SignatureScheme.java); ones without a digest all may."""
_OFFERED_BEFORE = re.compile(f"{_OFFERED.pattern}|SHA(?:1|224|256)withDSA|SHA224with(?:RSA|ECDSA)")
"""Up to 17 it is what the client offers before it knows that it will be TLS 1.3."""


def _kind_and_size(certificate: Certificate) -> tuple[str, int]:
    """What Java calls a key's algorithm, and its bits; nothing of other kinds."""
    key = certificate.public_key
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, dsa.DSAPublicKey):
        return "DSA", key.key_size
    return ("EC", key.curve.key_size) if isinstance(key, ec.EllipticCurvePublicKey) else ("", 0)


def _short(certificate: Certificate) -> str | None:
    """What is said of a key below the least size."""
    kind, size = _kind_and_size(certificate)
    if size >= _LEAST.get(kind, 0):
        return None
    return f"{_FAILED}keysize limits: {kind} {size} bit key"


def _named(certificate: Certificate) -> str:
    """The signature's algorithm as getSigAlgName has it; empty where it names no digest."""
    used = algorithm(certificate.signature_algorithm)
    if used.hash is None:
        return ""
    kind = "ECDSA" if used.key == "EC" else used.key
    return f"{used.hash.name.upper()}with{kind}"


def needs_another_key(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether signature and key are of two kinds: an InvalidKeyException, which has no reason."""
    kind = _kind_and_size(issuer)[0] or algorithm(certificate.signature_algorithm).key
    return algorithm(certificate.signature_algorithm).key.removesuffix("-PSS") != kind


def check(
    certificate: Certificate, issuer: Certificate, prefix: str, version: int, first: bool
) -> None:
    """Raise `Wrong` for what is disabled; `issuer` of the `first` certificate is the anchor."""
    named, ends = _named(certificate), f" used with certificate: {shown(certificate.subject_raw)}"
    anchors = _short(issuer) if first else None
    if version >= V21 and anchors is not None:
        raise Wrong(f"{prefix}{anchors}.", certificate, UNSUPPORTED)
    signature = f"signature algorithm: {named}"
    if named.startswith("MD5"):
        told = f"disabled algorithm: MD5{ends}" if version >= V21 else signature
        raise Wrong(prefix + _FAILED + told, certificate, UNSUPPORTED)
    short = _short(certificate)
    if short is not None:
        raise Wrong(prefix + short + ends, certificate, UNSUPPORTED)
    if anchors is not None:
        raise Wrong(prefix + _FAILED + signature, certificate, UNSUPPORTED)


def check_offered(certificate: Certificate, prefix: str, version: int, first: bool) -> None:
    """Raise `Wrong` for a signature that the client does not offer."""
    named = _named(certificate)
    if (_OFFERED if version >= V21 else _OFFERED_BEFORE).fullmatch(named):
        return
    told = f"signature algorithm: {named}"
    if version >= V21 and not first:
        kind, size = _kind_and_size(certificate)
        told = f"{named}signature and {kind} key with size of {size}bits"
    raise Wrong(prefix + _FAILED + told, certificate, UNSUPPORTED)


def check_usage(certificate: Certificate) -> None:
    """Raise `Wrong` where keyUsage is there and has no bit that is known."""
    usage = key_usage(certificate)
    if usage is not None and not usage & _PRIMITIVES:
        raise Wrong(FAILED + "incorrect KeyUsage extension bits", certificate)
