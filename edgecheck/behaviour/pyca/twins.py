"""Twins of certificates for a verifier that runs here, where synthetic ones are among them.

cryptography's verifier asks nobody about signatures. Of a synthetic certificate there is none, and
its issuer's key is not here either. So all certificates are made again, with keys that are thrown
away: as many as there were, of the same kinds, and each signed where the original's signature
counts as made by its issuer. Names, times, extensions and algorithms are the originals'.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import State, algorithm, hash_of
from edgecheck.reading import pss
from edgecheck.reading.certificate import Certificate, Unreadable, each_once
from edgecheck.reading.der import Malformed, wrapped

_STRONG = 2048
"""Bits of an RSA key from which on the verifier does not mind its length."""
_SEQUENCE, _BITS = 0x30, 0x03


def twins(view: View) -> dict[bytes, bytes]:
    """Return the DER of a twin for the DER of each certificate.

    One that cannot be made again stands for itself: its key or algorithm is of a kind that the
    verifier refuses anyhow.
    """
    originals = each_once((*view.presented, *view.trust))
    keys = _keys(originals)
    made = {}
    for original in originals:
        try:
            made[original.der] = _twin(original, originals, keys, view)
        except (Unreadable, Malformed, ValueError):
            made[original.der] = original.der
    return made


def _keys(originals: list[Certificate]) -> dict[bytes, Any]:
    """A private key for each public key, by that one's DER, where there is one of its kind."""
    keys: dict[bytes, Any] = {}
    taken: dict[object, int] = {}
    for certificate in originals:
        try:
            public, spki = certificate.public_key, certificate.spki
        except Unreadable:
            continue
        kind: object = None
        if isinstance(public, rsa.RSAPublicKey):
            kind = min(public.key_size, _STRONG)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            kind = type(public.curve)
        if kind is None or spki in keys or pss.is_pss(spki):
            continue
        keys[spki] = _spare(kind, taken.get(kind, 0))
        taken[kind] = taken.get(kind, 0) + 1
    return keys


@lru_cache(maxsize=32)
def _spare(kind: Any, number: int) -> Any:
    """One of the keys of a kind: RSA of so many bits, or on a curve."""
    if isinstance(kind, int):
        return rsa.generate_private_key(65537, max(kind, 1024))
    return ec.generate_private_key(kind())


def _twin(
    original: Certificate, originals: list[Certificate], keys: dict[bytes, Any], view: View
) -> bytes:
    own = keys.get(original.spki)
    tbs = original.tbs
    if own is not None:
        spki = own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        before, after = tbs.split(original.spki, 1)
        header = _header(tbs)
        tbs = wrapped(_SEQUENCE, before[header:] + spki + after)
    signature = original.signature
    signer = next(_signers(original, originals, keys, view), None)
    if signer is not None:
        signature = _signed(original, tbs, signer)
    bits = wrapped(_BITS, b"\0" + signature)
    return wrapped(_SEQUENCE, tbs + original.signature_algorithm + bits)


def _signers(
    original: Certificate, originals: list[Certificate], keys: dict[bytes, Any], view: View
) -> Iterator[Any]:
    """Keys of those whose name is the issuer's, and whose key made the signature."""
    for issuer in originals:
        if issuer.subject_raw != original.issuer_raw or issuer.spki not in keys:
            continue
        if view.signature(original, issuer) is State.VALID:
            yield keys[issuer.spki]


def _signed(original: Certificate, tbs: bytes, key: Any) -> bytes:
    """A signature with the original's algorithm."""
    used, made = algorithm(original.signature_algorithm), hash_of(original)
    if made is None:
        raise ValueError(used.name)
    signature: bytes
    if isinstance(key, ec.EllipticCurvePrivateKey):
        signature = key.sign(tbs, ec.ECDSA(made))
    elif used.key == "RSA-PSS":
        salt = pss.signature_parameters(original.signature_algorithm).salt
        signature = key.sign(tbs, padding.PSS(padding.MGF1(made), salt), made)
    else:
        signature = key.sign(tbs, padding.PKCS1v15(), made)
    return signature


def _header(tbs: bytes) -> int:
    """The octets of tag and length."""
    return 2 if tbs[1] < 0x80 else 2 + (tbs[1] & 0x7F)
