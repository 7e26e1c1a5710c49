"""Certificates as NSS knows them (certdb.c, pki3hack.c and certificate.c at 3.87.1)."""

import re

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.clients.view import View
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import (
    DIGITAL_SIGNATURE,
    KEY_AGREEMENT,
    KEY_CERT_SIGN,
    KEY_ENCIPHERMENT,
    SERVER_AUTH,
)

SLOP = 86_400
"""Seconds by which a certificate may be used too early (PENDING_SLOP)."""

_TIME = re.compile(rb"(?:\x17.\d\d|\x18.\d{4})\d{8}(?:\d\d)?(?:Z|[+-]\d{4})", re.DOTALL)
_CLIENT_AUTH, _EMAIL, _CODE = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.3"
_STEP_UP = "2.16.840.1.113730.4.1"
_NETSCAPE_TYPE = bytes.fromhex("6086480186f8420101")
KNOWN = frozenset(
    (
        reading.EXT_SUBJECT_KEY_ID,
        reading.EXT_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_AUTHORITY_KEY_ID,
        reading.EXT_EXTENDED_KEY_USAGE,
        bytes.fromhex("2b06010505070101"),
        _NETSCAPE_TYPE,
        *(bytes.fromhex(f"6086480186f84201{last:02x}") for last in (2, 3, 4, 7, 8, 13, 14, 15)),
    )
)
"""Extensions that secoid.c calls supported."""


def timely(certificate: Certificate, at: int) -> bool | None:
    """CERT_CheckCertValidTimes; None where a time cannot be read."""
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        if not _TIME.fullmatch(time):
            return None
    return certificate.not_before - SLOP <= at <= certificate.not_after


def is_root(certificate: Certificate) -> bool:
    """cert_IsRootCert: self-issued, unless its key identifiers differ."""
    if certificate.subject_raw != certificate.issuer_raw:
        return False
    identifier = certificate.authority_key_id
    if identifier is None:
        return True
    if identifier.key_id and identifier.key_id != certificate.subject_key_id:
        return False
    if identifier.issuers and certificate.issuer_raw not in identifier.issuers[:1]:
        return False
    return identifier.serial is None or identifier.serial == certificate.serial


def is_authority(certificate: Certificate, view: View) -> bool:
    """CERT_IsCACert: CA:TRUE, a root of version 1, or trust that overrides."""
    if certificate.der in view.trusted:
        return True
    if certificate.version < 3:
        return is_root(certificate)
    return certificate.is_ca


def may_serve(certificate: Certificate) -> bool:
    """cert_ComputeCertType: whether it counts as the certificate of a server."""
    usages = certificate.extended_key_usage
    if usages is None:
        return True
    return not certificate.is_ca and (SERVER_AUTH in usages or _STEP_UP in usages)


def may_issue(certificate: Certificate) -> bool:
    """The same for an issuer, of which another kind of authority does not do."""
    usages = certificate.extended_key_usage
    if usages is None or {SERVER_AUTH, _STEP_UP, _CLIENT_AUTH} & set(usages):
        return True
    return not {_EMAIL, _CODE} & set(usages)


def may_sign(certificate: Certificate) -> bool:
    """CERT_CheckKeyUsage for an issuer."""
    usage = certificate.key_usage
    return usage is None or bool(usage & KEY_CERT_SIGN)


def may_exchange(certificate: Certificate) -> bool:
    """CERT_CheckKeyUsage for a server: RSA has to encipher keys, EC to sign or to agree."""
    usage = certificate.key_usage
    if usage is None:
        return True
    try:
        key = certificate.public_key
    except Unreadable:
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return bool(usage & KEY_ENCIPHERMENT)
    return isinstance(key, ec.EllipticCurvePublicKey) and bool(
        usage & (DIGITAL_SIGNATURE | KEY_AGREEMENT)
    )


def identified(child: Certificate, issuer: Certificate) -> bool | None:
    """nss3certificate_matchIdentifier; None where neither says yes nor no."""
    wanted = child.authority_key_id
    if wanted is None:
        return None
    found = None
    if wanted.key_id and issuer.subject_key_id is not None:
        if wanted.key_id != issuer.subject_key_id:
            return False
        found = True
    if wanted.issuers:
        same = issuer.issuer_raw == wanted.issuers[0] and issuer.serial == wanted.serial
        found = True if same else None
    return found


def newer(one: Certificate, other: Certificate, at: int) -> bool:
    """CERT_IsNewer: later on both ends, else later at the beginning unless it has ended."""
    before, after = one.not_before > other.not_before, one.not_after > other.not_after
    if before == after:
        return before
    return one.not_after >= at if before else other.not_after < at
