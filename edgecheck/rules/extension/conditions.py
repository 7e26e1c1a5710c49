"""What is unusual about a certificate's extensions, version and subject."""

from edgecheck.reading import certificate as facts
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import (
    DATA_ENCIPHERMENT,
    DECIPHER_ONLY,
    DIGITAL_SIGNATURE,
    ENCIPHER_ONLY,
    KEY_AGREEMENT,
    KEY_CERT_SIGN,
    KEY_ENCIPHERMENT,
    SERVER_AUTH,
)
from edgecheck.rules.engine.conditions import CertificateLook

LOOK = CertificateLook()
NO_AUTHORITY_KEY_ID = LOOK.condition("No authorityKeyIdentifier, or one without a key identifier.")
HALF_AUTHORITY = LOOK.condition(
    "An authorityKeyIdentifier with an issuer's name or a serial number, and not both."
)
UNUSUAL_EXTENSION = LOOK.condition("An extension that sound gateways do not have.")
UNUSUAL_CRITICAL = LOOK.condition("A critical extension other than basicConstraints and keyUsage.")
KEY_USAGE_NOT_CRITICAL = LOOK.condition("A keyUsage that is not critical.")
OLD_VERSION = LOOK.condition("Another version than 3.")
EMPTY_SUBJECT = LOOK.condition("A subject without any name.")
UNUSUAL_PURPOSE = LOOK.condition("An extKeyUsage with other than serverAuth alone in it.")
INCOMPLETE_CA = LOOK.condition("CA:TRUE without keyUsage, or not critical.")
NO_SUBJECT_KEY_ID = LOOK.condition("CA:TRUE without a subjectKeyIdentifier, or an empty one.")
NOT_CA_BUT = LOOK.condition("No CA, and yet keyCertSign or a path length.")
RARE_KEY_USAGE = LOOK.condition(
    "A keyUsage for key agreement, or for enciphering with another key than RSA."
)
SPARSE_KEY_USAGE = LOOK.condition(
    "No CA, and a keyUsage without digitalSignature or without keyEncipherment."
)

_USUAL = frozenset(
    {
        facts.EXT_BASIC_CONSTRAINTS,
        facts.EXT_KEY_USAGE,
        facts.EXT_EXTENDED_KEY_USAGE,
        facts.EXT_SUBJECT_KEY_ID,
        facts.EXT_AUTHORITY_KEY_ID,
        facts.EXT_SUBJECT_ALT_NAME,
    }
)
_USUAL_CRITICAL = frozenset({facts.EXT_BASIC_CONSTRAINTS, facts.EXT_KEY_USAGE})
_FOR_SERVERS = (SERVER_AUTH,)
_TLS_BITS = DIGITAL_SIGNATURE | KEY_ENCIPHERMENT
_AGREES = KEY_AGREEMENT | ENCIPHER_ONLY | DECIPHER_ONLY
_RARE = _AGREES | KEY_ENCIPHERMENT | DATA_ENCIPHERMENT
_RSA = bytes.fromhex("06092a864886f70d010101")
"""The kind of an RSA key that may encipher too."""
_EMPTY_NAME = b"\x30\x00"


@LOOK.by
def _look(certificate: Certificate) -> int:
    bits = 0
    authority = certificate.authority_key_id
    if authority is None or authority.key_id is None:
        bits |= NO_AUTHORITY_KEY_ID.bit
    if authority is not None and (authority.serial is None) == bool(authority.issuers):
        bits |= HALF_AUTHORITY.bit
    critical, usage = certificate.critical, certificate.key_usage
    purposes = certificate.extended_key_usage
    if not _USUAL.issuperset(certificate.extensions):
        bits |= UNUSUAL_EXTENSION.bit
    if not critical <= _USUAL_CRITICAL:
        bits |= UNUSUAL_CRITICAL.bit
    if usage is not None and facts.EXT_KEY_USAGE not in critical:
        bits |= KEY_USAGE_NOT_CRITICAL.bit
    rare = (usage or 0) & _RARE
    if rare and (rare & _AGREES or _RSA not in certificate.spki[:32]):
        bits |= RARE_KEY_USAGE.bit
    if certificate.version != 3:
        bits |= OLD_VERSION.bit
    if certificate.subject_raw == _EMPTY_NAME:
        bits |= EMPTY_SUBJECT.bit
    if purposes is not None and purposes != _FOR_SERVERS:
        bits |= UNUSUAL_PURPOSE.bit
    constraints = certificate.basic_constraints
    if constraints is None or not constraints.ca:
        if constraints is not None and constraints.path_length is not None:
            bits |= NOT_CA_BUT.bit
        if usage is not None:
            if usage & KEY_CERT_SIGN:
                bits |= NOT_CA_BUT.bit
            if usage & _TLS_BITS != _TLS_BITS:
                bits |= SPARSE_KEY_USAGE.bit
        return bits
    if usage is None or facts.EXT_BASIC_CONSTRAINTS not in critical:
        bits |= INCOMPLETE_CA.bit
    if not certificate.subject_key_id:
        bits |= NO_SUBJECT_KEY_ID.bit
    return bits
