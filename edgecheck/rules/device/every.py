"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.device.keys import (
    key_encrypted,
    key_kind,
    key_mismatch,
    key_permissions,
)
from edgecheck.rules.device.owner import changes_hands, identity_name
from edgecheck.rules.device.pairs import no_key, no_token_library, pair_mismatch
from edgecheck.rules.device.system import (
    cached_workload_ca_stale,
    certificates_incomplete,
    system_lacks_root,
)

__all__ = [
    "cached_workload_ca_stale",
    "certificates_incomplete",
    "changes_hands",
    "identity_name",
    "key_encrypted",
    "key_kind",
    "key_mismatch",
    "key_permissions",
    "no_key",
    "no_token_library",
    "pair_mismatch",
    "system_lacks_root",
]
