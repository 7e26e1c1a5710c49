"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.algorithm.keys import curve, ec_key_for_old_edgehub, key_kind
from edgecheck.rules.algorithm.rsa_keys import large_rsa_key, rsa_exponent, weak_rsa_key
from edgecheck.rules.algorithm.signatures import uncommon_signature, weak_signature

__all__ = [
    "curve",
    "ec_key_for_old_edgehub",
    "key_kind",
    "large_rsa_key",
    "rsa_exponent",
    "uncommon_signature",
    "weak_rsa_key",
    "weak_signature",
]
