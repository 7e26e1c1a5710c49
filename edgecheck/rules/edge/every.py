"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.edge.configured import (
    ca_as_identity,
    common_name_cut,
    intermediate_as_device_ca,
    quickstart_name_too_long,
    root_as_device_ca,
)
from edgecheck.rules.edge.former import former_device_ca
from edgecheck.rules.edge.instead import cloud_service, identity_as_server, self_signed_server
from edgecheck.rules.edge.topology import (
    demo_certificates,
    no_operator_separation,
    quickstart_certificates,
    workload_ca_missing,
    workload_ca_unexpected,
)

__all__ = [
    "ca_as_identity",
    "cloud_service",
    "common_name_cut",
    "demo_certificates",
    "former_device_ca",
    "identity_as_server",
    "intermediate_as_device_ca",
    "no_operator_separation",
    "quickstart_certificates",
    "quickstart_name_too_long",
    "root_as_device_ca",
    "self_signed_server",
    "workload_ca_missing",
    "workload_ca_unexpected",
]
