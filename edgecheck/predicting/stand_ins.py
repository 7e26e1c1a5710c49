"""Public keys that nobody has the private key of, and octets in the place of signatures.

Both follow from what they are made of, so that the same question has the same answer, byte for
byte; and neither is of any use to anybody.
"""

import hashlib
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edgecheck.predicting.writing import integer
from edgecheck.reading.der import wrapped

SHA256_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
SHA256_ECDSA = bytes.fromhex("300a06082a8648ce3d040302")
"""What EVP_sha256 makes of keys of these kinds."""
_EXPONENT = 65_537
_SMALL = tuple(n for n in range(3, 752) if all(n % d for d in range(2, int(n**0.5) + 1)))
"""Primes that no honest modulus has."""


class NotSigning(Exception):
    """The runtime signs nothing with a key of this kind; the text says which."""


def rsa_key(bits: int, seed: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo of an RSA key of this length."""
    modulus = int.from_bytes(_octets(bits // 8, b"rsa" + seed), "big")
    modulus |= 3 << (bits - 2) | 1
    while any(modulus % prime == 0 for prime in _SMALL):
        modulus += 2
    key = rsa.RSAPublicNumbers(_EXPONENT, modulus).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def ec_key(curve: ec.EllipticCurve, seed: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo of a key on this curve."""
    secret = int.from_bytes(_octets((curve.key_size - 1) // 8, b"ec" + seed), "big") + 1
    key = ec.derive_private_key(secret, curve).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def like(issuer: Any, rsa_bits: int, seed: bytes) -> bytes:
    """Return a key of the kind of an issuer's public key: RSA of this length, or on its curve.

    Raises:
        NotSigning: libiothsm makes no key of that kind.
    """
    if isinstance(issuer, rsa.RSAPublicKey):
        return rsa_key(rsa_bits, seed)
    if isinstance(issuer, ec.EllipticCurvePublicKey):
        return ec_key(issuer.curve, seed)
    raise NotSigning(_kind(issuer))


def signed_with(issuer: Any) -> bytes:
    """Return the AlgorithmIdentifier of what the key to a public key signs with SHA-256.

    Raises:
        NotSigning: the runtime signs with RSA and EC keys alone.
    """
    if isinstance(issuer, rsa.RSAPublicKey):
        return SHA256_RSA
    if isinstance(issuer, ec.EllipticCurvePublicKey):
        return SHA256_ECDSA
    raise NotSigning(_kind(issuer))


def signature(issuer: Any, seed: bytes) -> bytes:
    """Return octets of the form that a signature of an issuer's key has; it is none."""
    if isinstance(issuer, ec.EllipticCurvePublicKey):
        size = (issuer.curve.key_size - 1) // 8
        halves = (int.from_bytes(_octets(size, which + seed), "big") for which in (b"r", b"s"))
        return wrapped(0x30, b"".join(integer(half | 1) for half in halves))
    return b"\0" + _octets((issuer.key_size + 7) // 8 - 1, b"signature" + seed)


def _kind(key: Any) -> str:
    return f"key of the kind {type(key).__name__.removesuffix('PublicKey')}"


def serial(seed: bytes) -> int:
    """Return a positive number as libiothsm draws it at random: an int of 32 bits."""
    return int.from_bytes(_octets(4, b"serial" + seed), "big") >> 1 | 1


def _octets(size: int, seed: bytes) -> bytes:
    blocks = (hashlib.sha256(seed + bytes((block,))).digest() for block in count())
    made = b""
    while len(made) < size:
        made += next(blocks)
    return made[:size]
