"""What is unusual about a certificate's key and signature."""

from edgecheck.reading.certificate import Certificate
from edgecheck.rules.engine.conditions import CertificateLook

LOOK = CertificateLook()
UNUSUAL_KEY = LOOK.condition(
    "Another key than RSA of 2048, 3072 or 4096 bits with the usual exponent, or P-256."
)
UNUSUAL_SIGNATURE = LOOK.condition(
    "Another signature than RSA (PKCS #1) or ECDSA with SHA-256, SHA-384 or SHA-512."
)


def _rsa(bits: int) -> bytes:
    """How the subjectPublicKeyInfo of an RSA key with the exponent 65537 begins."""
    octets = bits // 8
    modulus, key = octets + 1, octets + 10
    words = (octets + 34, key + 5, key, modulus)
    info, string, sequence, number = (word.to_bytes(2, "big") for word in words)
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return (
        b"\x30\x82" + info + algorithm + b"\x03\x82" + string + b"\x00"
        b"\x30\x82" + sequence + b"\x02\x82" + number + b"\x00"
    )  # fmt: skip


_RSA_KEYS = frozenset(map(_rsa, (2048, 3072, 4096)))
_P_256_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
_F4 = b"\x02\x03\x01\x00\x01"
"""The exponent 65537 at the end of an RSA key."""
_USUAL_SIGNATURES = frozenset(
    bytes.fromhex(text)
    for text in (
        "300d06092a864886f70d01010b0500",
        "300d06092a864886f70d01010c0500",
        "300d06092a864886f70d01010d0500",
        "300a06082a8648ce3d040302",
        "300a06082a8648ce3d040303",
        "300a06082a8648ce3d040304",
    )
)


@LOOK.by
def _look(certificate: Certificate) -> int:
    bits = 0
    if certificate.signature_algorithm not in _USUAL_SIGNATURES:
        bits |= UNUSUAL_SIGNATURE.bit
    spki = certificate.spki
    is_rsa = spki[:33] in _RSA_KEYS and spki.endswith(_F4)
    if not is_rsa and spki[:26] != _P_256_KEY:
        bits |= UNUSUAL_KEY.bit
    return bits
