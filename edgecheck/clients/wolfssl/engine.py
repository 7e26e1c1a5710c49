"""How wolfSSL decides (src/internal.c, src/ssl.c and wolfcrypt/src/asn.c at 5.5.4).

Mimics ProcessPeerCerts, AddCA, ParseCertRelative and DecodeExtensionType as Debian builds them in
5.5.4-2+deb12u3: with OPENSSL_ALL and alternative chains, by which a CA without a signer is passed
over.
"""

from edgecheck.behaviour import message
from edgecheck.behaviour.unsure import undecided
from edgecheck.behaviour.view import View
from edgecheck.behaviour.wolfssl import names
from edgecheck.behaviour.wolfssl.chain import (
    AFTER,
    BEFORE,
    BUFFER,
    CONFIRM,
    CRITICAL,
    ECC_SIZE,
    EXPONENT,
    MEMORY,
    MISMATCH,
    MOST_CERTIFICATES,
    NAME_INVALID,
    NO_PROOF,
    NO_SERVER_USE,
    NO_SIGNER,
    NOT_CA,
    PARSE,
    PATH_LENGTH,
    RSA_SIZE,
    SELF_SIGNED,
    SIGNATURE_OID,
    TOO_LARGE,
    TWICE,
    UNKNOWN_OID,
    VERSION,
    Chain,
    as_read,
    large,
    small,
)
from edgecheck.behaviour.wolfssl.records import RECORDS
from edgecheck.clients.answer import ACCEPT, Answer, reject
from edgecheck.clients.client import Client, plain
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE, SERVER_AUTH

TEXTS = {
    EXPONENT: "mp_exptmod error state",
    MEMORY: "out of memory error",
    BUFFER: "Buffer error, output too small or input too big",
    PARSE: "ASN parsing error, invalid input",
    VERSION: "ASN version error, invalid number",
    TWICE: "ASN object id error, invalid id",
    UNKNOWN_OID: "ASN oid error, unknown sum id",
    BEFORE: "ASN date error, current date before",
    AFTER: "ASN date error, current date after",
    SIGNATURE_OID: "ASN signature error, mismatched oid",
    CONFIRM: "ASN sig error, confirm failure",
    CRITICAL: "X.509 Critical extension ignored or invalid",
    NO_SIGNER: "certificate verify failed",
    NAME_INVALID: "Name Constraint error",
    PATH_LENGTH: "ASN CA path length larger than signer error",
    SELF_SIGNED: "ASN self-signed certificate error",
    MISMATCH: "peer subject name mismatch",
    NO_PROOF: "verify problem on signature",
    NOT_CA: "Not a CA by basic constraint error",
    NO_SERVER_USE: "Ext Key Use server/client auth not set Error",
    TOO_LARGE: "Handshake message too large Error",
    RSA_SIZE: "RSA key too small",
    ECC_SIZE: "ECC key too small",
}
"""wolfcrypt/src/error.c and wolfSSL_ERR_reason_error_string."""


def run(view: View, settings: None) -> Answer:
    """Add what verifies from the end, then look at the server's certificate."""
    view = as_read(view)
    chain = Chain(view)
    if message.WOLFSSL.refused(view):
        return _reject(TOO_LARGE, view.presented[-1], len(view.presented) - 1)
    leaf = view.leaf
    wrong = chain.wrong or _usable(view)
    if wrong:
        return _reject(wrong, leaf, 0)
    if chain.later is not None:
        return _reject(*chain.later)
    if not view.proves_key:
        return _reject(NO_PROOF, leaf, 0)
    if len(view.presented) > MOST_CERTIFICATES:  # the rest is taken for the next message
        return _reject(TOO_LARGE, leaf, 0)
    if large(leaf):
        return _reject(EXPONENT, leaf, 0)
    return ACCEPT


def _reject(code: int, certificate: Certificate, depth: int) -> Answer:
    return reject(code, certificate, depth, f"{code}: {TEXTS[code]}")


def _usable(view: View) -> int:
    """What is looked at last: the name before the usages, then the size of the key.

    keyUsage counts in TLS 1.2 alone, and not in TLS 1.3, which was spoken in the recordings.
    """
    leaf = view.leaf
    if view.host is not None and not names.matches(leaf, view.host):
        return MISMATCH
    usages = leaf.extended_key_usage
    if usages is not None and not {SERVER_AUTH, ANY_EXTENDED_KEY_USAGE} & set(usages):
        return NO_SERVER_USE
    return small(leaf)


MODELS = tuple(Client(record, run, plain, undecided) for record in RECORDS)
