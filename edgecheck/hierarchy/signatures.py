"""Whether one key made a certificate's signature: valid, invalid, or uncheckable and why."""

from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

from edgecheck.reading import der, pss
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.plainly import plainly

REMEMBERED_BYTES = 8192
"""Of two certificates together: larger ones are not kept, since a process keeps some hundreds."""


class State(StrEnum):
    """The outcome of checking a signature."""

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKABLE = "uncheckable"


class Signature(NamedTuple):
    """An outcome, and why: where the signature could not be checked, or may not be made.

    `because` of an invalid one is empty where the key did not make it; else it says why the key
    is not for such signatures, which some clients do not ask.
    """

    state: State
    because: str = ""


FOR_PSS = "the key is for RSASSA-PSS alone, and the signature is another one"
FOR_OTHERS = "the key's parameters for RSASSA-PSS do not allow"
VALID = Signature(State.VALID)
INVALID = Signature(State.INVALID)


class Algorithm(NamedTuple):
    """A signature algorithm: its name, the kind of key it needs, and its hash."""

    name: str
    key: str
    hash: hashes.HashAlgorithm | None


_HASHES = {
    "md5": hashes.MD5(),
    "sha1": hashes.SHA1(),
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3-224": hashes.SHA3_224(),
    "sha3-256": hashes.SHA3_256(),
    "sha3-384": hashes.SHA3_384(),
    "sha3-512": hashes.SHA3_512(),
}
_NIST = "2.16.840.1.101.3.4.3."
"""NIST's arc of signature algorithms."""

ALGORITHMS = {
    "1.2.840.113549.1.1.4": Algorithm("md5WithRSAEncryption", "RSA", _HASHES["md5"]),
    "1.2.840.113549.1.1.5": Algorithm("sha1WithRSAEncryption", "RSA", _HASHES["sha1"]),
    "1.2.840.113549.1.1.14": Algorithm("sha224WithRSAEncryption", "RSA", _HASHES["sha224"]),
    "1.2.840.113549.1.1.11": Algorithm("sha256WithRSAEncryption", "RSA", _HASHES["sha256"]),
    "1.2.840.113549.1.1.12": Algorithm("sha384WithRSAEncryption", "RSA", _HASHES["sha384"]),
    "1.2.840.113549.1.1.13": Algorithm("sha512WithRSAEncryption", "RSA", _HASHES["sha512"]),
    "1.2.840.113549.1.1.10": Algorithm("rsassaPss", "RSA-PSS", None),
    "1.2.840.10045.4.1": Algorithm("ecdsa-with-SHA1", "EC", _HASHES["sha1"]),
    "1.2.840.10045.4.3.1": Algorithm("ecdsa-with-SHA224", "EC", _HASHES["sha224"]),
    "1.2.840.10045.4.3.2": Algorithm("ecdsa-with-SHA256", "EC", _HASHES["sha256"]),
    "1.2.840.10045.4.3.3": Algorithm("ecdsa-with-SHA384", "EC", _HASHES["sha384"]),
    "1.2.840.10045.4.3.4": Algorithm("ecdsa-with-SHA512", "EC", _HASHES["sha512"]),
    "1.2.840.10040.4.3": Algorithm("dsa-with-SHA1", "DSA", _HASHES["sha1"]),
    f"{_NIST}1": Algorithm("dsa-with-SHA224", "DSA", _HASHES["sha224"]),
    f"{_NIST}2": Algorithm("dsa-with-SHA256", "DSA", _HASHES["sha256"]),
    f"{_NIST}3": Algorithm("dsa-with-SHA384", "DSA", _HASHES["sha384"]),
    f"{_NIST}4": Algorithm("dsa-with-SHA512", "DSA", _HASHES["sha512"]),
    f"{_NIST}9": Algorithm("ecdsa-with-SHA3-224", "EC", _HASHES["sha3-224"]),
    f"{_NIST}10": Algorithm("ecdsa-with-SHA3-256", "EC", _HASHES["sha3-256"]),
    f"{_NIST}11": Algorithm("ecdsa-with-SHA3-384", "EC", _HASHES["sha3-384"]),
    f"{_NIST}12": Algorithm("ecdsa-with-SHA3-512", "EC", _HASHES["sha3-512"]),
    f"{_NIST}13": Algorithm("sha3-224WithRSAEncryption", "RSA", _HASHES["sha3-224"]),
    f"{_NIST}14": Algorithm("sha3-256WithRSAEncryption", "RSA", _HASHES["sha3-256"]),
    f"{_NIST}15": Algorithm("sha3-384WithRSAEncryption", "RSA", _HASHES["sha3-384"]),
    f"{_NIST}16": Algorithm("sha3-512WithRSAEncryption", "RSA", _HASHES["sha3-512"]),
    "1.3.101.112": Algorithm("Ed25519", "Ed25519", None),
    "1.3.101.113": Algorithm("Ed448", "Ed448", None),
}
"""RFC 3279, 4055, 5758 and 8410, and NIST's register of algorithms."""

_PKCS1 = padding.PKCS1v15()
_ECDSA = {name: ec.ECDSA(made) for name, made in _HASHES.items()}
_KEYS: dict[str, type[Any]] = {
    "RSA": rsa.RSAPublicKey,
    "RSA-PSS": rsa.RSAPublicKey,
    "EC": ec.EllipticCurvePublicKey,
    "DSA": dsa.DSAPublicKey,
    "Ed25519": ed25519.Ed25519PublicKey,
    "Ed448": ed448.Ed448PublicKey,
}


_USUAL = {
    bytes.fromhex("300d06092a864886f70d01010b0500"): ALGORITHMS["1.2.840.113549.1.1.11"],
    bytes.fromhex("300a06082a8648ce3d040302"): ALGORITHMS["1.2.840.10045.4.3.2"],
    bytes.fromhex("300a06082a8648ce3d040303"): ALGORITHMS["1.2.840.10045.4.3.3"],
}
"""What nearly every certificate has: there is nothing to decode."""


def algorithm(identifier: bytes) -> Algorithm:
    """The algorithm of an AlgorithmIdentifier's DER; an unknown one has the key kind ``.

    Raises:
        Malformed: not an AlgorithmIdentifier.
    """
    return _USUAL.get(identifier) or _decoded(identifier)


@lru_cache(maxsize=256)
def _decoded(identifier: bytes) -> Algorithm:
    start, end = der.only(identifier, der.SEQUENCE, "signatureAlgorithm")
    tag, first, last = der.element(identifier, start, end)
    if tag != der.OID:
        raise Malformed("signatureAlgorithm: no OBJECT IDENTIFIER in it")
    dotted = der.oid_text(identifier[first:last])
    return ALGORITHMS.get(dotted, Algorithm(dotted, "", None))


def hash_of(certificate: Certificate) -> hashes.HashAlgorithm | None:
    """The hash of what a certificate is signed with; None where there is none, or it is unknown.

    Of RSASSA-PSS the parameters name it (RFC 4055, section 3.1). They may lack, be damaged, or
    name one that nobody knows.

    Raises:
        Malformed: signatureAlgorithm is not an AlgorithmIdentifier.
    """
    used = algorithm(certificate.signature_algorithm)
    if used.hash is not None or used.key != "RSA-PSS":
        return used.hash
    try:
        return _DIGESTS.get(pss.signature_parameters(certificate.signature_algorithm).hash)
    except Malformed:
        return None


def verify(child: Certificate, issuer: Certificate, spki: bytes | None = None) -> Signature:
    """Check the signature on `child` with the public key of `issuer`.

    `spki`: the key in full, where the issuer's inherits its parameters. For a synthetic certificate
    edgecheck vouches: see `vouch`.
    """
    for_whom = vouched_by(child)
    if for_whom is not None:
        return VALID if for_whom == (spki or issuer.spki) else INVALID
    try:
        used = algorithm(child.signature_algorithm)
        if not used.key:
            return Signature(State.UNCHECKABLE, f"unknown signature algorithm {used.name}")
        key = issuer.public_key if spki is None else _key(spki)
        made: type = type(key)
        if not _is_of_kind(made, used.key):
            return INVALID  # a key of another kind cannot have made it
        if used.key == "RSA":
            key.verify(child.signature, child.tbs, _PKCS1, used.hash)
        elif used.key == "EC":
            key.verify(child.signature, child.tbs, _ECDSA[used.hash.name])  # type: ignore[union-attr]
        elif used.key == "DSA":
            key.verify(child.signature, child.tbs, used.hash)
        elif used.key == "RSA-PSS":
            _verify_pss(child, key)
        else:
            key.verify(child.signature, child.tbs)
        if used.key in ("RSA", "RSA-PSS") and pss.is_pss(spki or issuer.spki):
            told = _not_for(child.signature_algorithm, used, pss.key_parameters(issuer.spki))
            return Signature(State.INVALID, told) if told else VALID
    except InvalidSignature:
        return INVALID
    except Unreadable as missing:
        return Signature(State.UNCHECKABLE, str(missing))
    except Exception as wrong:  # what a key can be refused for is cryptography's to say
        return Signature(State.UNCHECKABLE, plainly(wrong))
    return VALID


class _Unverified(Exception):
    """What was found of a signature that is not valid: it is not kept."""


@lru_cache(maxsize=256)
def _remembered(child: Certificate, issuer: Certificate) -> Signature:
    found = verify(child, issuer)
    if found is not VALID:
        raise _Unverified(found)
    return found


def remembered(child: Certificate, issuer: Certificate) -> Signature:
    """The same as `verify`, which is not done again for the last valid ones of this process.

    Of certificates as they were read, and not synthetic: their bytes are all that decides. Where
    one is not valid, verifying notes in the certificates what of them cannot be read.
    """
    if len(child.der) + len(issuer.der) > REMEMBERED_BYTES:
        return verify(child, issuer)
    try:
        return _remembered(child, issuer)
    except _Unverified as other:
        found: Signature = other.args[0]
        return found


_VOUCHED = "vouched for in the name of a key"
_ever: list[bool] = []
"""Not empty once something was vouched for: until then nobody pays for looking."""


def vouch(certificate: Certificate, spki: bytes) -> None:
    """Take a synthetic certificate's signature for one that the key `spki` (DER) made.

    Its issuer's private key is not here. The note belongs to this very object: whoever reads the
    same bytes once more finds no signature in them.
    """
    certificate.noted[_VOUCHED] = spki
    if not _ever:
        _ever.append(True)


def vouched_by(signed: object) -> bytes | None:
    """The key (DER) that a synthetic certificate's signature counts for.

    None of any other, and of revocation lists, which are verified too.
    """
    if not _ever or not isinstance(signed, Certificate):
        return None
    spki: bytes | None = signed.noted.get(_VOUCHED)
    return spki


@lru_cache(maxsize=64)
def _is_of_kind(key: type, kind: str) -> bool:
    """Whether keys of a type are of a kind; kept, since those types are slow to ask."""
    return issubclass(key, _KEYS[kind])


def _key(spki: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    return load_der_public_key(spki)


def _verify_pss(child: Certificate, key: rsa.RSAPublicKey) -> None:
    """RSASSA-PSS with the parameters that the certificate names (RFC 4055, section 3.1)."""
    given = pss.signature_parameters(child.signature_algorithm)
    made, mask = _DIGESTS.get(given.hash), _DIGESTS.get(given.mask_hash)
    if made is None or mask is None or given.trailer != 1:
        raise Malformed("RSASSA-PSS without usable parameters")
    key.verify(child.signature, child.tbs, padding.PSS(padding.MGF1(mask), given.salt), made)


def _not_for(algorithm: bytes, used: Algorithm, own: pss.Parameters | None) -> str:
    """Why a key for RSASSA-PSS may not make a signature; empty where it may.

    RFC 4055, section 1.2: such a key is for nothing else. Section 3.1: where it has parameters,
    those of the signature are the same, and the salt is at least as long.
    """
    if used.key != "RSA-PSS":
        return FOR_PSS if own is None else f"{FOR_OTHERS} {used.name}"
    given = pss.signature_parameters(algorithm)
    if own is None or (given._replace(salt=own.salt) == own and given.salt >= own.salt):
        return ""
    if given.hash != own.hash:
        return f"{FOR_OTHERS} {_digest(given.hash)}, but {_digest(own.hash)}"
    if given.salt < own.salt:
        return f"{FOR_OTHERS} a salt of {given.salt} bytes, but {own.salt} or more"
    return f"{FOR_OTHERS} the signature's mask generation or trailer"


def _digest(dotted: str) -> str:
    made = _DIGESTS.get(dotted)
    return dotted if made is None else made.name


_DIGESTS = {
    pss.SHA1: _HASHES["sha1"],
    "2.16.840.1.101.3.4.2.4": _HASHES["sha224"],
    "2.16.840.1.101.3.4.2.1": _HASHES["sha256"],
    "2.16.840.1.101.3.4.2.2": _HASHES["sha384"],
    "2.16.840.1.101.3.4.2.3": _HASHES["sha512"],
    "2.16.840.1.101.3.4.2.7": _HASHES["sha3-224"],
    "2.16.840.1.101.3.4.2.8": _HASHES["sha3-256"],
    "2.16.840.1.101.3.4.2.9": _HASHES["sha3-384"],
    "2.16.840.1.101.3.4.2.10": _HASHES["sha3-512"],
}
"""Hashes by their object identifiers."""
