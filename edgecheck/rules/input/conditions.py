"""What is unusual about how a certificate can be read."""

from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.conditions import CertificateLook, PathLook

LOOK = CertificateLook()
MALFORMED = LOOK.condition("`cryptography` refused it.")
UNREADABLE = LOOK.condition("Some fact of it cannot be read, or a name in its subjectAltName.")
DUPLICATE_EXTENSION = LOOK.condition("An extension is there twice.")
ALGORITHM_MISMATCH = LOOK.condition(
    "The signature algorithm within the signed part differs from the one beside it."
)

TOLD = PathLook()
SPOKEN = TOLD.condition("A program that connected said something, or no certificate was read.")


@LOOK.by
def _look(certificate: Certificate) -> int:
    bits = 0
    try:
        _ = certificate.subject, certificate.issuer, certificate.public_key
    except Unreadable:
        bits |= UNREADABLE.bit
    if certificate.damage:
        bits |= UNREADABLE.bit
    if certificate.loaded is None:
        bits |= MALFORMED.bit
    names = certificate.alt_names
    if names is not None and names.wrong:
        bits |= UNREADABLE.bit
    if certificate.duplicate_extensions:
        bits |= DUPLICATE_EXTENSION.bit
    if certificate.tbs_signature_algorithm != certificate.signature_algorithm:
        bits |= ALGORITHM_MISMATCH.bit
    return bits


@TOLD.by
def _told(case: Case) -> int:
    return SPOKEN.bit if case.spoken else 0  # without a certificate every condition holds
