"""Rules about the gateway's configuration, as far as certificates depend on it."""

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
from edgecheck.rules.configuration.files import legacy_yaml, stray_characters
from edgecheck.rules.configuration.uris import (
    uri_encoded,
    uri_not_a_file,
    uri_query,
    uri_two_slashes,
)

__all__ = [
    "default_lifetime",
    "edge_ca_incomplete",
    "est_expiry_days",
    "est_issues_no_ca",
    "est_name_ignored",
    "est_over_http",
    "legacy_yaml",
    "no_auto_renewal",
    "quickstart",
    "stray_characters",
    "uri_encoded",
    "uri_not_a_file",
    "uri_query",
    "uri_two_slashes",
]
