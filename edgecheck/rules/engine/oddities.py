"""What may be odd in how a certificate is written: quick looks for `traits.py`.

Each is cheap, and says only that the rules of the family `encoding` are worth calling.
"""

import re

from edgecheck.reading.certificate import EXT_BASIC_CONSTRAINTS, EXT_KEY_USAGE, Certificate
from edgecheck.reading.extensions import GeneralNames

_GENERALIZED = b"\x18"
_DNS = re.compile(r"[A-Za-z0-9$_*-]{1,63}(?:\.[A-Za-z0-9$_*-]{1,63})*").fullmatch


def odd_time(certificate: Certificate) -> bool:
    """A GeneralizedTime, or an end before the beginning."""
    return (
        certificate.not_after < certificate.not_before
        or certificate.not_after_raw[:1] == _GENERALIZED
        or certificate.not_before_raw[:1] == _GENERALIZED
    )


def odd_structure(certificate: Certificate) -> bool:
    """What may not be DER although `cryptography` loads it, beside key and algorithm."""
    extensions = certificate.extensions
    usage = extensions.get(EXT_KEY_USAGE)
    constraints = extensions.get(EXT_BASIC_CONSTRAINTS)
    return (
        not extensions
        or (usage is not None and not _plain_usage(usage))
        or (constraints is not None and constraints[2:5] == b"\1\1\0")
        or certificate.der[~len(certificate.signature)] != 0  # unused bits of the signature
    )


def _plain_usage(usage: bytes) -> bool:
    """One octet of bits, the last of them set, as nearly all have it."""
    if len(usage) != 4 or usage[2] > 7:
        return False
    return usage[3] & (2 << usage[2]) - 1 == 1 << usage[2]


def odd_names(names: GeneralNames) -> bool:
    """Names of rare forms, or with rare characters."""
    if names.wrong or names.uri or names.email or names.others or names.directory:
        return True
    return not all(map(_DNS, names.dns))
