"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.naming.authorities import issuer_written_differently, one_name_for_two_keys
from edgecheck.rules.naming.gateway import (
    ca_name_as_hostname,
    device_ca_cn_is_hostname,
    server_dn_is_issuer_dn,
)

__all__ = [
    "ca_name_as_hostname",
    "device_ca_cn_is_hostname",
    "issuer_written_differently",
    "one_name_for_two_keys",
    "server_dn_is_issuer_dn",
]
