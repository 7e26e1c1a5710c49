"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.configuration.edge_ca import (
    default_lifetime,
    edge_ca_incomplete,
    no_auto_renewal,
    quickstart,
)
from edgecheck.rules.configuration.est import (
    est_expiry_days,
    est_issues_no_ca,
    est_name_ignored,
    est_over_http,
)
from edgecheck.rules.configuration.files import (
    key_twice,
    legacy_yaml,
    not_parsed,
    stray_characters,
)
from edgecheck.rules.configuration.known import (
    half_configured,
    not_applied,
    toml_before_1_2,
    unknown_key,
)
from edgecheck.rules.configuration.local_ca import local_ca
from edgecheck.rules.configuration.named import (
    certificate_ends,
    file_missing,
    file_unreadable,
    file_without_certificate,
)
from edgecheck.rules.configuration.provisioning import provisioning_incomplete
from edgecheck.rules.configuration.uris import (
    uri_encoded,
    uri_not_a_file,
    uri_query,
    uri_two_slashes,
)

__all__ = [
    "certificate_ends",
    "default_lifetime",
    "edge_ca_incomplete",
    "est_expiry_days",
    "est_issues_no_ca",
    "est_name_ignored",
    "est_over_http",
    "file_missing",
    "file_unreadable",
    "file_without_certificate",
    "half_configured",
    "key_twice",
    "legacy_yaml",
    "local_ca",
    "no_auto_renewal",
    "not_applied",
    "not_parsed",
    "provisioning_incomplete",
    "quickstart",
    "stray_characters",
    "toml_before_1_2",
    "unknown_key",
    "uri_encoded",
    "uri_not_a_file",
    "uri_query",
    "uri_two_slashes",
]
