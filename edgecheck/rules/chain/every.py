"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.chain.absent import no_server_certificate
from edgecheck.rules.chain.choices import several_paths, wrong_issuer_first
from edgecheck.rules.chain.files import device_ca_file_without_root
from edgecheck.rules.chain.issuers import issuer_loop, missing_issuer, server_alone
from edgecheck.rules.chain.keys import (
    key_identifier_mismatch,
    key_identifier_reused,
    key_in_several_roles,
    serial_number_reused,
)
from edgecheck.rules.chain.order import server_not_first, wrong_order
from edgecheck.rules.chain.size import large, too_many_certificates
from edgecheck.rules.chain.surplus import (
    duplicate_certificate,
    root_presented,
    undecodable_surplus,
    unrelated_certificate,
)

__all__ = [
    "device_ca_file_without_root",
    "duplicate_certificate",
    "issuer_loop",
    "key_identifier_mismatch",
    "key_identifier_reused",
    "key_in_several_roles",
    "large",
    "missing_issuer",
    "no_server_certificate",
    "root_presented",
    "serial_number_reused",
    "server_alone",
    "server_not_first",
    "several_paths",
    "too_many_certificates",
    "undecodable_surplus",
    "unrelated_certificate",
    "wrong_issuer_first",
    "wrong_order",
]
