"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.hostname.configuration import (
    loopback,
    not_ascii,
    not_machine_name,
    not_rfc1035,
    sanitised,
    too_long,
    upper_case_in_configuration,
)
from edgecheck.rules.hostname.devices import (
    address_before_1_2,
    gateway_host_name_not_configured,
    no_gateway_host_name,
)
from edgecheck.rules.hostname.forms import (
    ip_address,
    no_module_name,
    not_a_host_name,
    wildcard,
)
from edgecheck.rules.hostname.parent import parent_is_itself, parent_too_long, parent_with_dps
from edgecheck.rules.hostname.presented import (
    case_mismatch,
    cn_only,
    gateway_host_name_not_in_san,
    not_in_san,
    stale,
)

__all__ = [
    "address_before_1_2",
    "case_mismatch",
    "cn_only",
    "gateway_host_name_not_configured",
    "gateway_host_name_not_in_san",
    "ip_address",
    "loopback",
    "no_gateway_host_name",
    "no_module_name",
    "not_a_host_name",
    "not_ascii",
    "not_in_san",
    "not_machine_name",
    "not_rfc1035",
    "parent_is_itself",
    "parent_too_long",
    "parent_with_dps",
    "sanitised",
    "stale",
    "too_long",
    "upper_case_in_configuration",
    "wildcard",
]
