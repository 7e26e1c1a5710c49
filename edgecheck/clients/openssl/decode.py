"""What OpenSSL refuses to read of a Certificate message, before it verifies anything."""

import re

from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.clients.answer import Answer, reject
from edgecheck.clients.openssl.settings import V1_1_0, V3_4, Settings
from edgecheck.clients.view import View
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import DIGITAL_SIGNATURE

TRAILING = "trailing"
"""Bytes after the end of a certificate."""
SHORT_TIME = "short time"
"""A UTCTime without seconds, which d2i_X509 refuses since 3.4."""
DECODE = "decode"
"""What BoringSSL's stricter reading of DER refuses."""
USAGE = "usage"
"""BoringSSL: keyUsage without digitalSignature."""
INVALID = "invalid"
"""BoringSSL: an extension that it needs cannot be decoded, or contradicts itself."""
CURVE = "curve"
"""Node.js 8 offers the curve P-256 alone."""


def refused_to_read(view: View, settings: Settings) -> Answer | None:
    """The refusal of the first certificate that d2i_X509 does not take whole."""
    for depth, certificate in enumerate(view.presented):
        if settings.wire and certificate.der in view.trailing:
            return reject(TRAILING, certificate, depth)
        if settings.boring and not _boring_time(certificate):
            return reject(DECODE, certificate, depth)
        if settings.version >= V3_4:
            for raw in (certificate.not_before_raw, certificate.not_after_raw):
                if raw[0] == 0x17 and len(raw) - 2 < 13:
                    return reject(SHORT_TIME, certificate, depth)
    if settings.boring:
        return _boring(view)
    if settings.version < V1_1_0 and settings.wire:
        key = view.leaf.public_key
        if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name != "secp256r1":
            return reject(CURVE, view.leaf)
    return None


_BORING_TIME = re.compile(rb"\x17.\d{12}(?:Z|[+-]\d{4})|\x18\x0f\d{14}Z")


def _boring_time(certificate: Certificate) -> bool:
    """CBS_parse_rfc5280_time: seconds always, no fractions; UTCTime may have an offset."""
    times = (certificate.not_before_raw, certificate.not_after_raw)
    return all(_BORING_TIME.fullmatch(time) for time in times)


def _boring(view: View) -> Answer | None:
    """ssl_cert_check_key_usage, before anything is verified."""
    usage = view.leaf.key_usage
    if usage is not None and not usage & DIGITAL_SIGNATURE:
        return reject(USAGE, view.leaf)
    return None
