"""What may be odd in how a certificate is written."""

import re

from edgecheck.reading.certificate import (
    EXT_BASIC_CONSTRAINTS,
    EXT_KEY_USAGE,
    Certificate,
    Unreadable,
)
from edgecheck.reading.der import GENERALIZED_TIME
from edgecheck.reading.extensions import GeneralNames
from edgecheck.rules.engine.conditions import CertificateLook

LOOK = CertificateLook()
SERIAL_ZERO = LOOK.condition("The serial number 0, as certd writes it.")
SERIAL_NEGATIVE = LOOK.condition("A serial number below 0.")
SERIAL_LONG = LOOK.condition("A serial number of more than 20 bytes.")
ODD_TIME = LOOK.condition("A GeneralizedTime, or an end before the beginning.")
ODD_STRUCTURE = LOOK.condition(
    "It may not be DER although `cryptography` loads it, beside key and algorithm."
)
ODD_NAME = LOOK.condition("A name with rare types of strings, rare characters, or joined parts.")
ODD_ALTERNATIVE_NAME = LOOK.condition("Alternative names of rare forms, or with rare characters.")

_LONG = 1 << 159
"""The least number that takes more than 20 bytes."""
_PLAIN_USAGES = frozenset(
    bytes((3, 2, (bits & -bits).bit_length() - 1, bits)) for bits in range(1, 256)
) | {None}
"""One octet of bits, the last of them set, as nearly all have it; or no keyUsage at all."""
_DNS = re.compile(r"[A-Za-z0-9$_*-]{1,63}(?:\.[A-Za-z0-9$_*-]{1,63})*+").fullmatch


@LOOK.by
def _look(certificate: Certificate) -> int:
    bits = 0
    serial = certificate.serial
    if serial <= 0:
        bits |= SERIAL_NEGATIVE.bit if serial else SERIAL_ZERO.bit
    if not -_LONG < serial < _LONG:
        bits |= SERIAL_LONG.bit
    if (
        certificate.not_after < certificate.not_before
        or certificate.not_after_raw[0] == GENERALIZED_TIME
        or certificate.not_before_raw[0] == GENERALIZED_TIME
    ):
        bits |= ODD_TIME.bit
    extensions = certificate.extensions
    if (
        not extensions
        or extensions.get(EXT_KEY_USAGE) not in _PLAIN_USAGES
        or extensions.get(EXT_BASIC_CONSTRAINTS, b"")[2:5] == b"\1\1\0"
        or certificate.der[~len(certificate.signature)] != 0  # unused bits of the signature
    ):
        bits |= ODD_STRUCTURE.bit
    try:
        if not (certificate.subject.is_plain and certificate.issuer.is_plain):
            bits |= ODD_NAME.bit
    except Unreadable:
        bits |= ODD_NAME.bit
    names = certificate.alt_names
    if names is not None and _odd_names(names):
        bits |= ODD_ALTERNATIVE_NAME.bit
    return bits


def _odd_names(names: GeneralNames) -> bool:
    if names.wrong or names.uri or names.email or names.others or names.directory:
        return True
    return not all(map(_DNS, names.dns))
