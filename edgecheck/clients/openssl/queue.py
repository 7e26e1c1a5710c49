"""Errors of OpenSSL's queue that a bad signature leaves there.

What the RSA operation makes of a signature by another key is no secret: it is worked out
here as OpenSSL does it, so that the error is the one that it reports.
"""

from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import rsa

from edgecheck.behaviour.openssl.verify import Outcome
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer
from edgecheck.clients.openssl.engine import PROOF
from edgecheck.reading.certificate import Certificate, Unreadable


class Reason(NamedTuple):
    """One error: its code, the library, the function up to 1.1.1, and the text."""

    code: str
    library: str
    function: str
    text: str


INVALID_PADDING = Reason(
    "0200008A", "rsa routines", "RSA_padding_check_PKCS1_type_1", "invalid padding"
)
BLOCK_TYPE = Reason(
    "0200006A", "rsa routines", "RSA_padding_check_PKCS1_type_1", "block type is not 01"
)
WRONG_LENGTH = Reason("02000077", "rsa routines", "int_rsa_verify", "wrong signature length")
TOO_LARGE = Reason(
    "02000084", "rsa routines", "rsa_ossl_public_decrypt", "data too large for modulus"
)
BAD_SIGNATURE = Reason("02000068", "rsa routines", "int_rsa_verify", "bad signature")
EVP = Reason("06880006", "asn1 encoding routines", "ASN1_item_verify", "EVP lib")
FIRST_OCTET = Reason("02000085", "rsa routines", "RSA_verify_PKCS1_PSS_mgf1", "first octet invalid")


def signature_error(view: View, answer: Answer) -> Reason:
    """The first error of the queue behind a signature that does not fit."""
    if answer.code == PROOF:
        # Random, as the handshake is: one of two texts, as often one as the other.
        return FIRST_OCTET
    outcome = answer.facts
    assert isinstance(outcome, Outcome)
    child = outcome.certificates[answer.depth]
    issuer = outcome.certificates[min(answer.depth + 1, len(outcome.certificates) - 1)]
    return of_certificate(child, issuer)


def of_certificate(child: Certificate, issuer: Certificate) -> Reason:
    """What verifying the child's signature with the issuer's RSA key fails by."""
    try:
        key = issuer.public_key
    except Unreadable:
        return EVP
    if not isinstance(key, rsa.RSAPublicKey):
        return EVP
    numbers = key.public_numbers()
    size = (key.key_size + 7) // 8
    signature = child.signature
    if len(signature) != size:
        return WRONG_LENGTH
    value = int.from_bytes(signature, "big")
    if value >= numbers.n:
        return TOO_LARGE
    block = pow(value, numbers.e, numbers.n).to_bytes(size, "big")
    if block[0] != 0:
        return INVALID_PADDING
    if block[1] != 1:
        return BLOCK_TYPE
    return BAD_SIGNATURE
