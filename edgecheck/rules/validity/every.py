"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.validity.dates import after_3100, before_1970, expired, not_yet_valid
from edgecheck.rules.validity.lifetimes import (
    ends_in_minutes,
    expires_soon,
    outlives_issuer,
    over_825_days,
    server_lifetime,
)

__all__ = [
    "after_3100",
    "before_1970",
    "ends_in_minutes",
    "expired",
    "expires_soon",
    "not_yet_valid",
    "outlives_issuer",
    "over_825_days",
    "server_lifetime",
]
