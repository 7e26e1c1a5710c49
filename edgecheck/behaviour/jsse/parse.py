"""What CertificateFactory refuses (X509CertInfo.java, CertificateExtensions.java)."""

from cryptography.hazmat.primitives.asymmetric import ec

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading import ber
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import BasicConstraints

PARSING = "CertificateParsingException: "
INCOMPLETE = PARSING + "X.509 Certificate is incomplete: "
CURVES = ("secp256r1", "secp384r1", "secp521r1")
_FACTS = {
    reading.EXT_BASIC_CONSTRAINTS: "basic_constraints",
    reading.EXT_KEY_USAGE: "key_usage",
    reading.EXT_SUBJECT_KEY_ID: "subject_key_id",
    reading.EXT_AUTHORITY_KEY_ID: "authority_key_id",
}


def unparsable(certificate: Certificate, view: View) -> str | None:
    """The exception of X509CertInfo.parse; None where it takes the certificate."""
    if certificate.der in view.trailing and certificate.der in view.trusted:
        return (
            "CertificateException: Unable to initialize, java.io.IOException: extra data at the end"
        )
    fault = structure.refused(certificate, Refuser.JAVA)
    if fault is not None and fault.kind != ber.VERSION and fault.field != "serialNumber":
        return PARSING + "java.io.IOException"
    version = raw.version(certificate)
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
    if certificate.extensions and version == 2:
        return PARSING + "Extensions not allowed in v2 certificate"
    if certificate.duplicate_extensions:
        return PARSING + "java.io.IOException: Duplicate extensions not allowed"
    if any(_damaged(certificate, extension) for extension in certificate.critical):
        return PARSING + "java.io.IOException"
    return _nameless(certificate) if nameless else None


def _damaged(certificate: Certificate, extension: bytes) -> bool:
    """Whether a critical extension cannot be decoded; any other would be passed over."""
    try:
        if extension == reading.EXT_EXTENDED_KEY_USAGE:
            raw.usages(certificate)
        elif extension == reading.EXT_BASIC_CONSTRAINTS:
            basic_constraints(certificate)
        elif extension == reading.EXT_NAME_CONSTRAINTS:
            raw.constraints(certificate)
        elif extension in _FACTS:
            getattr(certificate, _FACTS[extension])
    except (Unreadable, Malformed):
        return True
    return False


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
    try:
        return certificate.basic_constraints
    except Unreadable:
        if raw.has_negative_path_length(certificate):
            return None
        raise


def on_known_curve(certificate: Certificate) -> bool:
    """Whether the key is no EC key, or one on a curve that SunEC has since 16."""
    key = certificate.public_key
    return not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name in CURVES
