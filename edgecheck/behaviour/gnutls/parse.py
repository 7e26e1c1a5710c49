"""What GnuTLS refuses to import (lib/x509/x509.c at 3.7.9), and how gnutls-cli tells it."""

import re

from edgecheck.behaviour import structure
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading import ber, der
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate
from edgecheck.reading.der import Malformed

_TIME = re.compile(rb"\x17.\d{10}(?:\d\d)?Z|\x18.\d{14}Z", re.DOTALL)
_FRACTION = re.compile(rb"\x18.\d{14}\.\d+Z", re.DOTALL)

_TAG = "ASN1 parser: Error in TAG."
_DER = "ASN1 parser: Error in DER parsing."
_TIME_DER = "The DER time encoding is invalid."
_TIME_FIELDS = "Error in the time fields of certificate."
_ERROR = "Error in the certificate."
_DOUBLE = "Duplicate extension in X.509 certificate."

TOO_MANY = f"*** Fatal error: {_ERROR}"
"""For more certificates than it takes."""


def refused(certificate: Certificate, view: View) -> str | None:
    """The error of gnutls_x509_crt_import; None where it imports."""
    if certificate.der in view.trailing:
        return _DER
    fault = structure.refused(certificate, Refuser.GNUTLS)
    if fault is not None:
        return _TAG if fault.kind == ber.TAG else _DER
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        if _FRACTION.fullmatch(time):
            return _TIME_FIELDS
        if not _TIME.fullmatch(time):
            return _TIME_DER
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        return _ERROR
    if certificate.version < 3 and certificate.extensions:
        return _ERROR
    if certificate.duplicate_extensions:
        return _DOUBLE
    return _names(certificate)


def _names(certificate: Certificate) -> str | None:
    """_gnutls_import_ext_san, which is called while the certificate is imported."""
    value = certificate.extensions.get(EXT_SUBJECT_ALT_NAME)
    if not value:
        return None
    if value[0] != der.SEQUENCE:
        return _TAG
    try:
        der.only(value, der.SEQUENCE, "subjectAltName")
    except Malformed:
        return _DER
    return None


def told(wrong: str) -> str:
    """The first line about a certificate above the server's that does not import."""
    return f"Decoding error: {wrong}"
