"""Rules about how the gateway was set up: whose certificates these are, and who made them."""

from edgecheck.rules.edge.configured import (
    ca_as_identity,
    common_name_cut,
    intermediate_as_device_ca,
    quickstart_name_too_long,
    root_as_device_ca,
)
from edgecheck.rules.edge.topology import (
    demo_certificates,
    no_operator_separation,
    quickstart_certificates,
    workload_ca_missing,
    workload_ca_unexpected,
)

__all__ = [
    "ca_as_identity",
    "common_name_cut",
    "demo_certificates",
    "intermediate_as_device_ca",
    "no_operator_separation",
    "quickstart_certificates",
    "quickstart_name_too_long",
    "root_as_device_ca",
    "workload_ca_missing",
    "workload_ca_unexpected",
]
