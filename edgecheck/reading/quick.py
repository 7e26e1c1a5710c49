"""A certificate that `cryptography` takes, and its facts, in one walk over its bytes.

Nearly every certificate is read so. What `cryptography` refuses is read field by field
(`damaged.py`).
"""

import warnings
from collections.abc import Callable
from typing import Any

from cryptography import x509

from edgecheck.reading import der, names
from edgecheck.reading import extensions as values
from edgecheck.reading.certificate import (
    EXT_AUTHORITY_KEY_ID,
    EXT_BASIC_CONSTRAINTS,
    EXT_EXTENDED_KEY_USAGE,
    EXT_KEY_USAGE,
    EXT_SUBJECT_ALT_NAME,
    EXT_SUBJECT_KEY_ID,
    TWICE,
    Certificate,
)
from edgecheck.reading.der import Malformed
from edgecheck.reading.times import instant

_HOT: dict[bytes, tuple[str, Callable[[bytes], Any]]] = {
    EXT_BASIC_CONSTRAINTS: ("basic_constraints", values.basic_constraints),
    EXT_KEY_USAGE: ("key_usage", values.key_usage),
    EXT_EXTENDED_KEY_USAGE: ("extended_key_usage", values.extended_key_usage),
    EXT_SUBJECT_KEY_ID: ("subject_key_id", values.subject_key_id),
    EXT_AUTHORITY_KEY_ID: ("authority_key_id", values.authority_key_id),
    EXT_SUBJECT_ALT_NAME: ("alt_names", values.subject_alt_name),
}
"""Extensions that every chain is judged by: the fact, and what reads it."""

_NULL_PARAMETERS = (b"\x04\x03\x01\x05\x00", b"\x04\x03\x02\x05\x00", b"\x04\x03\x03\x05\x00")
"""Ends of ECDSA's and DSA's identifiers with NULL parameters, at which cryptography warns."""


def quick(data: bytes) -> Certificate | None:
    """Read a certificate the quick way; None when `cryptography` refuses it.

    Certificates with a serial number that is not positive are ordinary here (IoT Edge 1.2
    and later issue nothing else), but `cryptography` warns of them and will refuse them: a
    copy with another serial number of the same length is vetted in their place.
    """
    certificate = Certificate()
    certificate.der = data
    certificate.damage, certificate.noted = {}, {}
    try:
        serial_at = _slice(certificate, data)
        vetted = data
        if certificate.serial <= 0:
            der.integer(data[serial_at : serial_at + data[serial_at - 1]])  # the copy has another
            vetted = data[:serial_at] + b"\x01" + data[serial_at + 1 :]
        if certificate.signature_algorithm.endswith(_NULL_PARAMETERS):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                certificate.loaded = x509.load_der_x509_certificate(vetted)
        else:
            certificate.loaded = x509.load_der_x509_certificate(vetted)
    except (ValueError, IndexError, TypeError, x509.InvalidVersion):
        return None
    try:
        certificate.subject = names.name(certificate.subject_raw)
        certificate.issuer = names.name(certificate.issuer_raw)
        certificate.public_key = certificate.loaded.public_key()
    except Exception:  # what is missing is read on first use, which says why it cannot be
        pass
    return certificate


def _slice(certificate: Certificate, data: bytes) -> int:
    """Fill the slots from DER that is about to be vetted; returns where the serial starts."""
    body = der.body
    at, _ = body(data, 0)
    start, end = body(data, at)
    certificate.tbs = data[at:end]
    algorithm_end = body(data, end)[1]
    certificate.signature_algorithm = data[end:algorithm_end]
    first, last = body(data, algorithm_end)
    certificate.signature = data[first + 1 : last]

    certificate.version = 1
    if data[start] == 0xA0:  # five octets, or it is no DER
        certificate.version = data[start + 4] + 1
        start += 5
    serial_at, at = body(data, start)
    certificate.serial = int.from_bytes(data[serial_at:at], "big", signed=True)
    stop = body(data, at)[1]
    certificate.tbs_signature_algorithm = data[at:stop]
    at, stop = stop, body(data, stop)[1]
    certificate.issuer_raw = data[at:stop]
    first = stop + 2  # two times are short
    at, middle = first + data[stop + 1], first + 2 + data[first + 1]
    certificate.not_before_raw, certificate.not_after_raw = data[first:middle], data[middle:at]
    certificate.not_before = instant(certificate.not_before_raw)
    certificate.not_after = instant(certificate.not_after_raw)
    stop = body(data, at)[1]
    certificate.subject_raw = data[at:stop]
    at, stop = stop, body(data, stop)[1]
    certificate.spki = data[at:stop]

    while stop < end and data[stop] != 0xA3:  # unique identifiers, which nobody reads
        stop = body(data, stop)[1]
    found: list[tuple[bytes, bool, bytes]] = []
    if stop < end:
        at = body(data, body(data, stop)[0])[0]
        while at < end:
            if (size := data[at + 1]) < 128:  # as `body` would say, and nearly always
                start, at = at + 2, at + 2 + size
            else:
                start, at = body(data, at)
            first = start + 2 + data[start + 1]
            identifier = data[start + 2 : first]
            is_critical = data[first] == der.BOOLEAN
            if is_critical:
                is_critical = data[first + 2] != 0
                first += 3
            first = first + 2 if data[first + 1] < 128 else body(data, first)[0]
            found.append((identifier, is_critical, data[first:at]))
    take_extensions(certificate, found)
    return serial_at


def take_extensions(certificate: Certificate, found: list[tuple[bytes, bool, bytes]]) -> None:
    """Keep extensions and decode those that every chain is judged by.

    An extension that is there twice is critical where one of the two is, and its fact
    cannot be read; `duplicate_extensions` names it.
    """
    kept: dict[bytes, bytes] = {}
    critical: list[bytes] = []
    twice: dict[bytes, None] = {}
    certificate.basic_constraints = certificate.key_usage = None
    certificate.extended_key_usage = certificate.subject_key_id = None
    certificate.authority_key_id = certificate.alt_names = None
    for identifier, is_critical, value in found:
        if is_critical:
            critical.append(identifier)
        hot = _HOT.get(identifier)
        if identifier in kept:
            twice[identifier] = None
            if hot is not None and hot[0] not in certificate.damage:
                delattr(certificate, hot[0])
                certificate.damage[hot[0]] = TWICE
            continue
        kept[identifier] = value
        if hot is not None:
            try:
                setattr(certificate, hot[0], hot[1](value))
            except Malformed as wrong:
                delattr(certificate, hot[0])
                certificate.damage[hot[0]] = str(wrong)
    certificate.extensions = kept
    certificate.critical = frozenset(critical)
    certificate.duplicate_extensions = twice
