"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.extension.addresses import address_without_scheme
from edgecheck.rules.extension.authorities import (
    basic_constraints_not_critical,
    common_name_not_permitted,
    key_usage_not_critical,
    no_key_usage,
)
from edgecheck.rules.extension.contradictions import (
    cert_sign_without_ca,
    empty_subject,
    name_constraints_without_ca,
    path_length_without_ca,
    version_not_3,
)
from edgecheck.rules.extension.criticality import (
    must_be_critical,
    must_not_be_critical,
    not_known_everywhere,
)
from edgecheck.rules.extension.identifiers import (
    half_authority_key_id,
    no_authority_key_id,
    no_subject_key_id,
)
from edgecheck.rules.extension.keys import key_usage_beyond_key
from edgecheck.rules.extension.policies import root_requires_policy
from edgecheck.rules.extension.server import (
    any_extended_key_usage,
    netscape_cert_type,
    server_is_ca,
    server_key_usage,
)
from edgecheck.rules.extension.special import (
    application_policies,
    internet_resources,
    proxy_certificate,
)
from edgecheck.rules.extension.status import must_staple, status_service
from edgecheck.rules.extension.tolerated import constraint_with_period, policy_qualifiers

__all__ = [
    "address_without_scheme",
    "any_extended_key_usage",
    "application_policies",
    "basic_constraints_not_critical",
    "cert_sign_without_ca",
    "common_name_not_permitted",
    "constraint_with_period",
    "empty_subject",
    "half_authority_key_id",
    "internet_resources",
    "key_usage_beyond_key",
    "key_usage_not_critical",
    "must_be_critical",
    "must_not_be_critical",
    "must_staple",
    "name_constraints_without_ca",
    "netscape_cert_type",
    "no_authority_key_id",
    "no_key_usage",
    "no_subject_key_id",
    "not_known_everywhere",
    "path_length_without_ca",
    "policy_qualifiers",
    "proxy_certificate",
    "root_requires_policy",
    "server_is_ca",
    "server_key_usage",
    "status_service",
    "version_not_3",
]
