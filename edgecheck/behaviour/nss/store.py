"""Certificates as NSS knows them (certdb.c, pki3hack.c and certificate.c at 3.87.1)."""

import re

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl.extensions import decodes
from edgecheck.behaviour.strictly import STRICT, where_undecodable
from edgecheck.behaviour.view import View
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import (
    DIGITAL_SIGNATURE,
    KEY_AGREEMENT,
    KEY_CERT_SIGN,
    KEY_ENCIPHERMENT,
    NETSCAPE_SGC,
)
from edgecheck.reading.times import is_impossible, rolled

_HALF = 1 << 31
"""Half of the numbers that an int has."""
SLOP = 86_400
"""Seconds by which a certificate may be used too early (PENDING_SLOP)."""

_TIME = re.compile(rb"(?:\x17.\d\d|\x18.\d{4})\d{8}(?:\d\d)?(?:Z|[+-]\d{4})", re.DOTALL)
_NETSCAPE_TYPE = bytes.fromhex("6086480186f8420101")
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
SSL_CLIENT, SSL_SERVER, EMAIL, SIGNING = 0x80, 0x40, 0x20, 0x10
SSL_CA, EMAIL_CA, SIGNING_CA = 4, 2, 1
IPSEC, IPSEC_CA, RESPONDER = 0x100, 0x200, 0x4000
ANY_CA = SSL_CA | EMAIL_CA | SIGNING_CA | RESPONDER | IPSEC_CA
_KINDS = {
    "1.3.6.1.5.5.7.3.1": (SSL_CA, SSL_SERVER),
    NETSCAPE_SGC: (SSL_CA, SSL_SERVER),
    "1.3.6.1.5.5.7.3.2": (SSL_CA, SSL_CLIENT),
    "1.3.6.1.5.5.7.3.3": (SIGNING_CA, SIGNING),
    "1.3.6.1.5.5.7.3.4": (EMAIL_CA, EMAIL),
    "1.3.6.1.5.5.7.3.9": (RESPONDER, RESPONDER),
    **dict.fromkeys(
        (
            "1.3.6.1.5.5.7.3.5",
            "1.3.6.1.5.5.7.3.6",
            "1.3.6.1.5.5.7.3.7",
            "1.3.6.1.5.5.7.3.17",
            "1.3.6.1.5.5.8.2.2",
            "2.5.29.37.0",
        ),
        (IPSEC_CA, IPSEC),
    ),
}
"""What a usage makes of an authority, and of another certificate."""
OF_TRUSTED = {fact: told for fact, told in STRICT.items() if fact != "basic_constraints"}
"""What stands for facts of what is trusted: why its basicConstraints do not decode, is told."""
OF_ANCHORS = {**STRICT, "basic_constraints": where_undecodable(reading.EXT_BASIC_CONSTRAINTS, None)}
"""The same for libpkix, to which basicConstraints of an anchor that do not decode are none."""
INFORMATIVE = frozenset(
    (
        reading.EXT_AUTHORITY_INFO_ACCESS,
        *(bytes.fromhex(f"6086480186f84201{last:02x}") for last in (2, 3, 4, 7, 8, 13, 14, 15)),
    )
)
"""Where more is to be found, and Netscape's texts and addresses; libpkix handles none of them."""
KNOWN = INFORMATIVE | frozenset(
    (
        reading.EXT_SUBJECT_KEY_ID,
        reading.EXT_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_AUTHORITY_KEY_ID,
        reading.EXT_EXTENDED_KEY_USAGE,
        _NETSCAPE_TYPE,
    )
)
"""Extensions that secoid.c calls supported."""


def timely(certificate: Certificate, at: int) -> bool | None:
    """CERT_CheckCertValidTimes; None where a time cannot be read."""
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        if not _TIME.fullmatch(time) or (is_impossible(time) and not _rolls(time)):
            return None
    return certificate.not_before - SLOP <= at <= certificate.not_after


def _rolls(time: bytes) -> bool:
    """PR_ImplodeTime counts on where a month has not the day, which is 31 at most."""
    try:
        rolled(time)
    except Malformed:
        return False
    return True


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
    return authority(certificate) or (certificate.version < 3 and is_root(certificate))


def kinds(certificate: Certificate, trusted: bool = False) -> int:
    """cert_ComputeCertType: a mask of what the certificate may be used for."""
    netscape = certificate.extensions.get(_NETSCAPE_TYPE)
    if not decodes(certificate, _NETSCAPE_TYPE):
        netscape = None
    usages = certificate.extended_key_usage
    ca = authority(certificate)
    if netscape is None and usages is None:
        found = SSL_CLIENT | SSL_SERVER | EMAIL
        if ca or trusted or (certificate.version < 3 and is_root(certificate)):
            found |= SSL_CA | EMAIL_CA | RESPONDER
    else:
        found = netscape[3] if netscape is not None and len(netscape) > 3 else 0
        if found & SSL_CA:
            found |= EMAIL_CA
        for usage in usages or ():
            as_ca, as_end = _KINDS.get(usage, (0, 0))
            found |= as_ca if ca else as_end
    if found & (SSL_CLIENT | SSL_SERVER | EMAIL):
        found |= IPSEC
    if found & (SSL_CA | EMAIL_CA):
        found |= IPSEC_CA
    return found


def authority(certificate: Certificate) -> bool:
    """Whether basicConstraints can be decoded and says CA:TRUE, whatever the version."""
    limit = certificate.basic_constraints
    return limit is not None and limit.ca and not (path_length(certificate) or 0) < 0


def path_length(certificate: Certificate) -> int | None:
    """Return it as CERT_DecodeBasicConstraintValue makes an int of it; None where it is absent."""
    limit = certificate.basic_constraints
    if limit is None or limit.path_length is None:
        return None
    return (limit.path_length + _HALF) % (2 * _HALF) - _HALF


def constrains(certificate: Certificate) -> bool:
    """Whether basicConstraints are there, and CERT_DecodeBasicConstraintValue decodes them."""
    limit = certificate.basic_constraints
    length = path_length(certificate)
    return limit is not None and (length is None or (limit.ca and length >= 0))


def may_serve(certificate: Certificate) -> bool:
    """Whether it counts as the certificate of a server."""
    return bool(kinds(certificate) & SSL_SERVER)


def may_issue(certificate: Certificate) -> bool:
    """What the classic builder wants of an issuer: if any kind of authority, then this one."""
    found = kinds(certificate)
    return bool(found & SSL_CA) or (authority(certificate) and not found & ANY_CA)


def usable(key: object) -> bool:
    """Whether the library can verify with a key: RSA, and three curves."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name in _CURVES
    return isinstance(key, rsa.RSAPublicKey)


def may_sign(certificate: Certificate) -> bool:
    """CERT_CheckKeyUsage for an issuer."""
    usage = raw.all_usages(certificate)
    return usage is None or bool(usage & KEY_CERT_SIGN)


def may_exchange(certificate: Certificate) -> bool:
    """CERT_CheckKeyUsage for a server: RSA has to encipher keys, EC to sign or to agree."""
    usage = raw.all_usages(certificate)
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
