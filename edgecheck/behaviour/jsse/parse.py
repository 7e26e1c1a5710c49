"""What CertificateFactory refuses (X509CertInfo.java, CertificateExtensions.java)."""

import re
from contextlib import suppress

from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.jsse import general_names
from edgecheck.behaviour.jsse.extensions import undecodable
from edgecheck.behaviour.kinds import Refuser
from edgecheck.reading import ber, der, extensions
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import AuthorityKeyId, BasicConstraints

PARSING = "CertificateParsingException: "
_INT = 31
"""Bits of what Java takes for a version."""
INCOMPLETE = PARSING + "X.509 Certificate is incomplete: "
CURVES = ("secp256r1", "secp384r1", "secp521r1")
_FACTS = {
    reading.EXT_BASIC_CONSTRAINTS: "basic_constraints",
    reading.EXT_KEY_USAGE: "key_usage",
    reading.EXT_SUBJECT_KEY_ID: "subject_key_id",
    reading.EXT_AUTHORITY_KEY_ID: "authority_key_id",
}


def unparsable(certificate: Certificate) -> str | None:
    """The exception of X509CertInfo.parse; None where it takes the certificate.

    X509Factory reads one element of what was sent, and no bytes behind it.

    Raises:
        Malformed: it is not known.
    """
    fault = structure.refused(certificate, Refuser.JAVA)
    if fault is not None and fault.kind != ber.VERSION and fault.field != "serialNumber":
        return PARSING + "java.io.IOException"
    if structure.identifiers_differ(certificate):
        return "CertificateException: Signature algorithm mismatch"
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        if not possible_time(time):
            kind = "UTC" if time[0] == der.UTC_TIME else "Generalized"
            return f"{PARSING}java.io.IOException: Parse {kind} time, invalid format"
    version = raw.version(certificate)
    if version.bit_length() > _INT:  # DerInputBuffer.getInteger
        return f"{PARSING}java.io.IOException: Integer exceeds maximum valid value"
    if version > 3:
        return (
            f"{PARSING}java.io.IOException: X.509 Certificate version {version - 1} not supported."
        )
    if not raw.serial(certificate):
        return PARSING + "java.io.IOException: Invalid encoding: zero length Int value"
    if not raw.rdn_count(certificate.issuer_raw):
        return PARSING + "Empty issuer DN not allowed in X509Certificates"
    nameless = not raw.rdn_count(certificate.subject_raw)
    if version == 1 and nameless:
        return PARSING + "Empty subject DN not allowed in v1 certificate"
    if certificate.extensions and version == 1:
        return PARSING + "no more data allowed for version 1 certificate"
    if certificate.extensions and version != 3:
        return PARSING + "Extensions not allowed in v2 certificate"
    # Two of inhibitAnyPolicy are not noticed.
    if set(certificate.duplicate_extensions) - {reading.EXT_INHIBIT_ANY_POLICY}:
        return PARSING + "java.io.IOException: Duplicate extensions not allowed"
    for extension in certificate.critical & general_names.KINDS:
        try:
            told = general_names.wrong(extension, certificate.extensions[extension])
        except ValueError as beyond:
            raise Malformed(f"what Java makes of it is not known: {beyond}") from None
        if told is not None:
            return f"{PARSING}{general_names.exception(told)}: {told}"
    if any(_damaged(certificate, extension) for extension in certificate.critical):
        return PARSING + "java.io.IOException"
    return _nameless(certificate) if nameless else None


_FIELDS = re.compile(
    rb"(?:\x17.\d\d|\x18.\d{4})(\d\d)(\d\d)(\d\d)(\d\d)"
    rb"(?:Z|(\d\d)(?:(?<=\x18.\d{14})[.,]\d+)?(?:Z|[+-]\d{4}))",
    re.DOTALL,
)


def possible_time(time: bytes) -> bool:
    """DerInputBuffer.getTimeInternal: fields within their bounds; every month has 31 days."""
    found = _FIELDS.fullmatch(time)
    if found is None:
        return False
    month, day, hour, minute, second = (int(field or 0) for field in found.groups())
    return 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60


def _damaged(certificate: Certificate, extension: bytes) -> bool:
    """Whether a critical extension cannot be decoded; any other would be passed over."""
    try:
        if extension == reading.EXT_BASIC_CONSTRAINTS:
            basic_constraints(certificate)
        elif extension in _FACTS:
            getattr(certificate, _FACTS[extension])
    except (Unreadable, Malformed):
        return True
    return undecodable(extension, certificate.extensions[extension]) is not None


def _nameless(certificate: Certificate) -> str | None:
    """Verify that another name is there, where the subject is empty (verifyCert)."""
    if not certificate.extensions:
        return INCOMPLETE + "subject field is empty, and certificate has no extensions"
    try:
        names = raw.alt_names(certificate)
    except Malformed:
        names = None
    if names is None:
        return INCOMPLETE + "subject field is empty, and SubjectAlternativeName extension is absent"
    if not names:
        return INCOMPLETE + "subject field is empty, and SubjectAlternativeName extension is empty"
    if reading.EXT_SUBJECT_ALT_NAME not in certificate.critical:
        told = (
            "SubjectAlternativeName extension MUST be marked critical when subject field is empty"
        )
        return INCOMPLETE + told
    return None


def basic_constraints(certificate: Certificate) -> BasicConstraints | None:
    """As Java reads it, to which a negative path length is that of no CA."""
    if not raw.has_more_behind(certificate, "basic_constraints"):
        with suppress(Unreadable):
            found = raw.basic_constraints(certificate)
            if found is None or (found.path_length or 0).bit_length() <= _INT:
                return found
            if _passed_over(certificate, reading.EXT_BASIC_CONSTRAINTS):
                return None
            raise Malformed("Integer exceeds maximum valid value")
    try:
        return certificate.basic_constraints
    except Unreadable:
        if has_short_negative(certificate):
            return None
        if reading.EXT_BASIC_CONSTRAINTS not in certificate.duplicate_extensions:
            with suppress(Malformed):
                value = certificate.extensions.get(reading.EXT_BASIC_CONSTRAINTS, b"")
                return extensions.basic_constraints(_unpadded(value))
        if _passed_over(certificate, reading.EXT_BASIC_CONSTRAINTS):
            return None
        raise


def _unpadded(value: bytes) -> bytes:
    """BasicConstraints without octets that DER forbids in a number: to getInteger they are none.

    Raises:
        Malformed: it is no sequence of elements.
    """
    content = b""
    for tag, first, last in der.elements(value, *der.only(value, der.SEQUENCE, "")):
        number = value[first:last].lstrip(b"\0") if tag == der.INTEGER else value[first:last]
        sign = b"\0" if tag == der.INTEGER and (not number or number[0] > 0x7F) else b""
        content += der.wrapped(tag, sign + number)
    return der.wrapped(der.SEQUENCE, content)


def has_short_negative(certificate: Certificate) -> bool:
    """Whether DerValue.getInteger, to which 32 bits are the most, reads a path length below 0."""
    length = raw.negative_path_length(certificate)
    return length is not None and len(length) <= 4


def _passed_over(certificate: Certificate, extension: bytes) -> bool:
    """Whether it is an UnparseableExtension, which is as good as none: one that is not critical.

    Of extensions that nobody can tell from each other none is.
    """
    return extension in certificate.extensions and extension not in certificate.critical


def key_usage(certificate: Certificate) -> int | None:
    """As Java reads it: None also where it cannot be decoded and is not critical."""
    try:
        return certificate.key_usage
    except Unreadable:
        if _passed_over(certificate, reading.EXT_KEY_USAGE):
            return None
        raise


def usages(certificate: Certificate) -> tuple[str, ...] | None:
    """Likewise."""
    value = certificate.extensions.get(reading.EXT_EXTENDED_KEY_USAGE)
    if value is None or unreadable_usages(certificate) is not None:
        return None
    return general_names.usages(value)


def unreadable_usages(certificate: Certificate) -> str | None:
    """Why extKeyUsage cannot be decoded, as getExtensionIfParseable says it since 21."""
    value = certificate.extensions.get(reading.EXT_EXTENDED_KEY_USAGE)
    try:
        return None if value is None else general_names.wrong(reading.EXT_EXTENDED_KEY_USAGE, value)
    except ValueError as beyond:
        raise Malformed(f"what Java makes of it is not known: {beyond}") from None


def refusing_undecodable(certificate: Certificate, kind: bytes) -> frozenset[Refuser]:
    """Who refuses a certificate for an extension of names or purposes that Java cannot decode.

    Of one that is not critical only a server's counts, and since 21. What is not known, is nobody.

    Args:
        certificate: it need not have the extension.
        kind: one of `general_names.KINDS`.
    """
    value = certificate.extensions.get(kind)
    try:
        if value is None or general_names.wrong(kind, value) is None:
            return frozenset()
    except ValueError:
        return frozenset()
    if kind in certificate.critical:
        return frozenset({Refuser.JAVA})
    return frozenset() if structure.is_ca(certificate) else frozenset({Refuser.JAVA_21})


def authority_key_id(certificate: Certificate) -> AuthorityKeyId | None:
    """Likewise."""
    try:
        return certificate.authority_key_id
    except Unreadable:
        if _passed_over(certificate, reading.EXT_AUTHORITY_KEY_ID):
            return None
        raise


def subject_key_id(certificate: Certificate) -> bytes | None:
    """As X509CertSelector compares it: the contents of the extension, whatever they are."""
    try:
        return certificate.subject_key_id
    except Unreadable:
        if _passed_over(certificate, reading.EXT_SUBJECT_KEY_ID):
            return certificate.extensions[reading.EXT_SUBJECT_KEY_ID]
        raise


def on_known_curve(certificate: Certificate) -> bool:
    """Whether the key is no EC key, or one on a curve that SunEC has since 16."""
    key = certificate.public_key
    return not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name in CURVES
