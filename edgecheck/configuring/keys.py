"""Facts about a private key: never the key, of which nothing is kept."""

import hashlib
import warnings

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)

from edgecheck.reading.late import late
from edgecheck.settings import KeyFacts

_BLOCK = late(
    rb"-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----\s.*?-----END \1-----\r?\n?",
    16,  # DOTALL
)
_BEGUN = late(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
_LABEL = late(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_ENCRYPTED_PKCS8 = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05"
"""The start of the OBJECT IDENTIFIERs of PKCS#5, in the first octets of what is encrypted."""
_PKCS12 = b"\x02\x01\x03"


def facts_of_key(data: bytes) -> KeyFacts:
    """Return what is known of a private key from the contents of its file.

    The runtime reads PEM, and the first private key in it (`PEM_read_bio_PrivateKey`), whatever
    stands before.
    """
    match = _BLOCK.search(data)
    if match is None:
        return _without_block(data)
    block, label = match[0], match[1]
    facts = KeyFacts(form="PEM")
    if label == b"ENCRYPTED PRIVATE KEY" or b"Proc-Type: 4,ENCRYPTED" in block[:200]:
        facts["encrypted"] = True
        return facts
    facts["encrypted"] = False
    return _loaded(facts, block)


def _without_block(data: bytes) -> KeyFacts:
    """What a file holds that has no whole PEM block of a private key."""
    if _BEGUN.search(data):
        return KeyFacts(form="", found="a private key whose end is missing")
    label = _LABEL.search(data)
    if label is not None:
        name = label[1].decode()
        words = "a certificate" if name.endswith("CERTIFICATE") else f"a PEM block of {name}"
        return KeyFacts(form="", found=words)
    if not data.strip():
        return KeyFacts(form="", found="nothing: it is empty")
    if data[:1] == b"\x30":
        if _PKCS12 in data[:8]:
            return KeyFacts(form="", found="a PKCS#12 container")
        if _ENCRYPTED_PKCS8 in data[:24]:
            return KeyFacts(form="DER", encrypted=True)
        facts = _loaded(KeyFacts(form="DER", encrypted=False), data)
        return facts if facts.get("type") else KeyFacts(form="", found="DER that is no private key")
    return KeyFacts(form="", found="no private key")


def _loaded(facts: KeyFacts, data: bytes) -> KeyFacts:
    """Facts with what the key itself tells."""
    load = load_pem_private_key if facts["form"] == "PEM" else load_der_private_key
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            key = load(data, None, unsafe_skip_rsa_key_validation=True)
        public = key.public_key()
        spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        facts["found"] = "a private key that cannot be read"  # of its text nothing is repeated
        return facts
    facts["public_key"] = hashlib.sha256(spki).hexdigest()
    if isinstance(public, rsa.RSAPublicKey):
        facts["type"], facts["bits"] = "RSA", public.key_size
    elif isinstance(public, ec.EllipticCurvePublicKey):
        facts["type"], facts["curve"] = "EC", public.curve.name
        facts["bits"] = public.key_size
    elif isinstance(public, dsa.DSAPublicKey):
        facts["type"], facts["bits"] = "DSA", public.key_size
    elif isinstance(public, ed25519.Ed25519PublicKey):
        facts["type"] = "Ed25519"
    elif isinstance(public, ed448.Ed448PublicKey):
        facts["type"] = "Ed448"
    else:
        facts["type"] = type(public).__name__.removesuffix("PublicKey")
    return facts
