"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.trust.above import unsound_above_anchor
from edgecheck.rules.trust.bundle import (
    bundle_expired_member,
    bundle_join_without_newline,
    bundle_without_ca,
    bundle_without_root,
)
from edgecheck.rules.trust.client import no_root, not_given, root_not_trusted, server_certificate
from edgecheck.rules.trust.loading import cannot_be_loaded
from edgecheck.rules.trust.root import root_issuer_written_differently, root_signature_invalid

__all__ = [
    "bundle_expired_member",
    "bundle_join_without_newline",
    "bundle_without_ca",
    "bundle_without_root",
    "cannot_be_loaded",
    "no_root",
    "not_given",
    "root_issuer_written_differently",
    "root_not_trusted",
    "root_signature_invalid",
    "server_certificate",
    "unsound_above_anchor",
]
