"""Decryption with a password (PBES2, RFC 8018, section 6.2) of what holds certificates."""

from typing import NamedTuple

_HMAC = bytes.fromhex("2a864886f70d02")
"""1.2.840.113549.2: what begins the identifiers of HMAC with some hash."""
_HASHES = {7: "SHA1", 8: "SHA224", 9: "SHA256", 10: "SHA384", 11: "SHA512"}
_AES_CBC = {
    bytes.fromhex("60864801650304012a"): 32,
    bytes.fromhex("608648016503040116"): 24,
    bytes.fromhex("608648016503040102"): 16,
}
"""Octets of the key by the cipher's identifier."""


class Parameters(NamedTuple):
    """How the key is derived, and what decrypts.

    Attributes:
        salt: of the derivation.
        iterations: of it.
        hmac: the identifier of its pseudo-random function; empty: HMAC with SHA-1.
        cipher: the identifier of the cipher.
        vector: its initialisation vector.
    """

    salt: bytes
    iterations: int
    hmac: bytes
    cipher: bytes
    vector: bytes


def decrypted(how: Parameters, password: bytes, data: bytes) -> bytes | None:
    """What was encrypted; None for another algorithm, a wrong password or damage."""
    from cryptography.hazmat.primitives import hashes, padding
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    size = _AES_CBC.get(how.cipher)
    number = how.hmac[-1] if how.hmac[:-1] == _HMAC else 0 if how.hmac else 7
    if size is None or number not in _HASHES:
        return None
    hash_ = getattr(hashes, _HASHES[number])()
    try:
        key = PBKDF2HMAC(hash_, size, how.salt, how.iterations).derive(password)
        opened = Cipher(algorithms.AES(key), modes.CBC(how.vector)).decryptor()
        padded = opened.update(data) + opened.finalize()
        unpadder = padding.PKCS7(128).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        return None
