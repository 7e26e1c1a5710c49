"""What OpenSSL refuses to read of a Certificate message, before it verifies anything."""

import re
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.openssl import boring
from edgecheck.behaviour.openssl.keys import NEGOTIATED, decodes, decodes_boring, known_kind
from edgecheck.behaviour.openssl.settings import V1_1_0, V1_1_1, V3_4, V4_0, Settings, asks_in_vain
from edgecheck.behaviour.openssl.times import (
    SHORT_GENERALIZED,
    SHORT_UTC,
    of_calendar,
    short,
)
from edgecheck.behaviour.view import View
from edgecheck.reading import ber
from edgecheck.reading.certificate import EXT_KEY_USAGE, Certificate, Unreadable
from edgecheck.reading.extensions import DIGITAL_SIGNATURE

TRAILING = "trailing"
"""Bytes after the end of a certificate."""
DECODE = "decode"
"""What BoringSSL's stricter reading of DER refuses."""
USAGE = "usage"
"""BoringSSL: keyUsage without digitalSignature."""
USAGE_BITS = "usage bits"
"""BoringSSL: keyUsage that is no BIT STRING in DER."""
INVALID = "invalid"
"""BoringSSL: an extension that it needs cannot be decoded, or contradicts itself."""
CURVE = "curve"
"""Node.js 8 offers the curve P-256 alone."""
NO_CIPHER = "no cipher"
"""The server's key is of a kind that the client does not offer: an alert ends the handshake."""
KEY = "key"
"""The server certificate's key cannot be decoded, or the library does not know its kind."""
TRUST = "trust"
"""A certificate that is trusted cannot be loaded."""
EC_USAGE = "EC usage"
"""OpenSSL 1.0.2 and 1.1.0: an EC key's keyUsage without digitalSignature."""
PADDING, NO_CONTENT = "illegal padding", "illegal zero content"
"""A serial number that is not DER: superfluous octets, or none (c2i_ibuf of a_int.c)."""
EXPLICIT, SEQUENCE = "explicit length mismatch", "sequence length mismatch"
"""More than belongs into what has a tag of its own, or into a SEQUENCE."""
WRONG_TAG, TOO_LONG, BIT_STRING = "wrong tag", "too long", "invalid bit string bits left"
OBJECT = "invalid object encoding"
BOOLEAN, MISSING = "boolean is wrong length", "field missing"
_KINDS = {
    ber.EXTRA: SEQUENCE,
    ber.TAG: WRONG_TAG,
    ber.CUT: TOO_LONG,
    ber.BITS: BIT_STRING,
    ber.OID: OBJECT,
    ber.INTEGER: PADDING,
    ber.STRING: WRONG_TAG,
    ber.BOOLEAN: BOOLEAN,
}
UNDECODABLE = tuple(
    dict.fromkeys(
        (PADDING, NO_CONTENT, EXPLICIT, *_KINDS.values(), MISSING, SHORT_UTC, SHORT_GENERALIZED)
    )
)
"""Codes that are texts of OpenSSL (asn1err.h): d2i_X509 fails."""
NAME = "name"
"""A host name that OpenSSL 4.0 does not let a client ask for."""


class Refusal(NamedTuple):
    """What of a message is not read: one of the codes above, the certificate, and its place."""

    code: str
    certificate: Certificate
    depth: int = 0
    detail: str = ""


def refused_to_read(view: View, settings: Settings) -> Refusal | None:
    """The refusal of the key, or of the first certificate that d2i_X509 does not take whole."""
    if settings.names and settings.version >= V4_0 and asks_in_vain(view):
        return Refusal(NAME, view.leaf)
    since = tuple(settings.version >= version for version in (V1_1_0, V1_1_1, V3_4))
    key = ("openssl read", settings.boring, settings.wire, since)
    if key not in view.kept:
        view.kept[key] = _refused(view, settings)
    refusal: Refusal | None = view.kept[key]
    return refusal


def _refused(view: View, settings: Settings) -> Refusal | None:
    if settings.wire and not _negotiable(view):
        return Refusal(NO_CIPHER, view.leaf)
    for depth, certificate in enumerate(view.presented):
        if settings.wire and certificate.der in view.trailing:
            return Refusal(TRAILING, certificate, depth)
        wrong = undecodable(certificate, settings, view.trailing)
        if wrong is not None:
            return Refusal(wrong, certificate, depth)
    if settings.boring:
        return _boring(view)
    if settings.version < V1_1_1 and settings.wire:
        return _old_key(view, settings)
    return None


def _kind(settings: Settings) -> Refuser:
    """Whose decoder it is."""
    if settings.boring:
        return Refuser.BORINGSSL
    if settings.version >= V1_1_1:
        return Refuser.S_CLIENT
    return Refuser.OPENSSL_1_1_0 if settings.version >= V1_1_0 else Refuser.OPENSSL_1_0_2


def _malformed(certificate: Certificate, kind: Refuser) -> str | None:
    """Why d2i_X509 fails (tasn_dec.c); None where it does not."""
    fault = structure.refused(certificate, kind)
    if fault is None:
        return None
    if fault.kind == ber.EXTRA and fault.field == "extensions":
        return EXPLICIT
    if fault.kind == ber.INTEGER and "without contents" in fault.told:
        return NO_CONTENT
    if fault.kind == ber.CUT and fault.field.startswith("extensions"):
        return MISSING
    return _KINDS.get(fault.kind, WRONG_TAG)


def undecodable(
    certificate: Certificate, settings: Settings, trailing: frozenset[bytes] = frozenset()
) -> str | None:
    """Return what d2i_X509 refuses of a certificate, as one of the codes above; else None."""
    if settings.boring and _boring_refuses(certificate, trailing):
        return DECODE
    wrong = _malformed(certificate, _kind(settings))
    if wrong is not None:
        return wrong
    return short(certificate) if settings.version >= V3_4 else None


def load_trust(view: View, settings: Settings) -> tuple[View, Refusal | None]:
    """Return the view with the trust that could be loaded, or what ended the client before.

    X509_load_cert_crl_file takes all of a file or nothing (by_file.c); who reads certificate by
    certificate, with PEM_read_bio_X509, ends at the first that cannot be decoded. `detail` of the
    refusal is what d2i_X509 says. Of a file with untrusted certificates, what cannot be decoded is
    left out (load_certs of apps/lib/apps.c).
    """
    if not settings.wire:
        leaf, *others = view.presented
        kept = [each for each in others if undecodable(each, settings) is None]
        if len(kept) < len(others):
            view = view.with_certificates((leaf, *kept), view.trust)
    for place, root in enumerate(view.trust):
        wrong = undecodable(root, settings, view.trailing)
        if wrong is not None:
            if not settings.keeps_trust or (settings.boring and not place):
                return view, Refusal(TRUST, root, 0, wrong)
            return view.with_certificates(view.presented, view.trust[:place]), None
    return view, None


def _negotiable(view: View) -> bool:
    """Whether the server's key is one that clients offer to see signatures of."""
    try:
        return known_kind(view.server.public_key, NEGOTIATED)
    except Unreadable:
        return True


def wrong_integer(content: bytes) -> str | None:
    """What c2i_ibuf finds wrong with an INTEGER's contents."""
    if not content:
        return NO_CONTENT
    if len(content) == 1:
        return None
    padded = content[0] == 0 or (content[0] == 0xFF and any(content[1:]))
    return PADDING if padded and content[0] & 0x80 == content[1] & 0x80 else None


def _old_key(view: View, settings: Settings) -> Refusal | None:
    """Before 1.1.1: keys, curves, and ssl_check_srvr_ecc_cert_and_alg of ssl_lib.c."""
    if not decodes(view.leaf, settings):
        return Refusal(KEY, view.leaf)
    if not isinstance(view.leaf.public_key, ec.EllipticCurvePublicKey):
        return None
    usage = view.leaf.key_usage
    if usage is not None and not usage & DIGITAL_SIGNATURE:
        return Refusal(EC_USAGE, view.leaf)
    if settings.version < V1_1_0 and view.leaf.public_key.curve.name != "secp256r1":
        return Refusal(CURVE, view.leaf)
    return None


def _boring_refuses(certificate: Certificate, trailing: frozenset[bytes]) -> bool:
    """x509_parse of x_x509.cc: DER alone, and extensions in version 3 alone, which is the last."""
    version = raw.version(certificate)
    return (
        certificate.der in trailing
        or not _boring_time(certificate)
        or wrong_integer(raw.serial(certificate)) is not None
        or version > 3
        or (version < 3 and bool(certificate.extensions))
    )


_BORING_TIME = re.compile(rb"\x17.\d{12}(?:Z|[+-]\d{4})|\x18\x0f\d{14}Z")


def _boring_time(certificate: Certificate) -> bool:
    """CBS_parse_rfc5280_time: seconds always, no fractions; UTCTime may have an offset."""
    times = (certificate.not_before_raw, certificate.not_after_raw)
    return all(_BORING_TIME.fullmatch(time) and of_calendar(time) for time in times)


def _boring(view: View) -> Refusal | None:
    """The key, and ssl_cert_check_key_usage, before anything is verified."""
    if not decodes_boring(view.leaf):
        return Refusal(DECODE, view.leaf)
    value = view.leaf.extensions.get(EXT_KEY_USAGE)
    if value is None:
        return None
    usage = boring.usages(value)
    if usage is None:
        return Refusal(USAGE_BITS, view.leaf)
    return None if usage & DIGITAL_SIGNATURE else Refusal(USAGE, view.leaf)
