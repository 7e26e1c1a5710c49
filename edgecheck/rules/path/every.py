"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.path.applied import constraints_of_clients
from edgecheck.rules.path.extensions import (
    not_for_this_purpose,
    policy,
    unknown_critical_extension,
    unprocessable_extension,
)
from edgecheck.rules.path.names import name_constraints_violated
from edgecheck.rules.path.revocation import revocation_unknown, revoked
from edgecheck.rules.path.signatures import (
    issuer_name_mismatch,
    same_name_other_key,
    signature_invalid,
)
from edgecheck.rules.path.whole import profile, too_deep, undecided

__all__ = [
    "constraints_of_clients",
    "issuer_name_mismatch",
    "name_constraints_violated",
    "not_for_this_purpose",
    "policy",
    "profile",
    "revocation_unknown",
    "revoked",
    "same_name_other_key",
    "signature_invalid",
    "too_deep",
    "undecided",
    "unknown_critical_extension",
    "unprocessable_extension",
]
