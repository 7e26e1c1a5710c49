"""Kinds of keys: what clients offer in a handshake, and what an old library can decode."""

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from edgecheck.behaviour import structure
from edgecheck.behaviour.openssl.settings import V1_1_1, Settings
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.pss import is_pss

NEGOTIATED = ("secp256r1", "secp384r1", "secp521r1")
"""Curves that clients offer for signatures; others have to be configured."""
BORING_CURVES = ("secp224r1", *NEGOTIATED)
"""Those that EVP_parse_public_key of BoringSSL knows."""
BORING_EXPONENT_BITS = 33
"""rsa_check_public_key of rsa_impl.cc.inc."""


def known_kind(key: object, curves: tuple[str, ...]) -> bool:
    """Whether a key is RSA, EdDSA, or on one of these curves."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name in curves
    return isinstance(
        key,
        rsa.RSAPublicKey | dsa.DSAPublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey,
    )


def decodes(certificate: Certificate, settings: Settings) -> bool:
    """Whether X509_get_pubkey gives a key, which before 1.1.1 no EdDSA and RSA-PSS key is."""
    if settings.boring:
        return decodes_boring(certificate)
    if settings.version >= V1_1_1:
        return True
    if is_pss(certificate.spki) or not loadable(certificate):
        return False
    return not _is_eddsa(certificate)


def loadable(certificate: Certificate) -> bool:
    """Whether X509_get0_pubkey finds a key: that of an EC certificate is a point of its curve."""
    try:
        _ = certificate.public_key
    except Unreadable:
        return structure.is_ber_key(certificate)
    return True


def decodes_boring(certificate: Certificate) -> bool:
    """The same for BoringSSL, which is strict with RSA."""
    try:
        key = certificate.public_key
    except Unreadable:
        return False
    if isinstance(key, rsa.RSAPublicKey):
        exponent = key.public_numbers().e
        return (
            not is_pss(certificate.spki)
            and exponent % 2 == 1
            and 1 < exponent < 1 << BORING_EXPONENT_BITS
            and 512 <= key.key_size <= 16384
        )
    if isinstance(key, ed448.Ed448PublicKey) or _is_hybrid(certificate, key):
        return False
    return known_kind(key, BORING_CURVES)


def _is_hybrid(certificate: Certificate, key: object) -> bool:
    """Whether the point of an EC key is in the hybrid form, which ec_GFp_simple_oct2point lacks."""
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    octets = 1 + 2 * ((key.key_size + 7) // 8)
    return certificate.spki[-octets:][:1] in (b"\6", b"\7")


def _is_eddsa(certificate: Certificate) -> bool:
    try:
        key = certificate.public_key
    except Unreadable:
        return False
    return isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey)
