"""Public keys in words."""

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from edgecheck.reading.certificate import Certificate


def key_text(certificate: Certificate) -> str:
    """The public key in words, such as `RSA 2048` or `EC P-256`. Raises `Unreadable`."""
    key = certificate.public_key
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        known = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
        return f"EC {known.get(key.curve.name, key.curve.name)}"
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size}"
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519"
    if isinstance(key, ed448.Ed448PublicKey):
        return "Ed448"
    return type(key).__name__.removesuffix("PublicKey")
