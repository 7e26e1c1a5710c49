"""What mbedTLS makes of a certificate's bytes (x509_crt_parse_der_core in library/x509_crt.c).

Of 2.28.3 and 3.6.6. What 3.6.7 changed is in its security advisory of CVE-2026-49300. It reads in
the order in which a certificate is written, so that the first fault is the one that it tells.
"""

from calendar import monthrange

from edgecheck.behaviour.mbedtls import asn1
from edgecheck.behaviour.mbedtls.asn1 import Reader, Refused
from edgecheck.behaviour.mbedtls.distinguished import read_name
from edgecheck.behaviour.mbedtls.extensions import Extensions, read_extensions
from edgecheck.behaviour.mbedtls.keys import Key, read_key, read_signature_algorithm
from edgecheck.behaviour.mbedtls.versions import V3_6_6, V3_6_7, Version
from edgecheck.reading.certificate import Certificate
from edgecheck.values import frozen

UNKNOWN_ALGORITHM = asn1.UNKNOWN_SIG_ALG + asn1.OID_NOT_FOUND
"""The error for which a certificate is passed over, as a later one may be trusted."""

Moment = tuple[int, ...]
"""Year, month, day, hour, minute, second."""


@frozen
class Parsed:
    """What mbedTLS keeps of a certificate.

    Attributes:
        version: 1, 2 or 3.
        digest: by which it is signed.
        issuer: its name as it stands.
        subject: likewise.
        not_before: the first moment of its validity.
        not_after: the last.
        key: its own.
        extensions: what they say.
    """

    version: int
    digest: str
    issuer: bytes
    subject: bytes
    not_before: Moment
    not_after: Moment
    key: Key
    extensions: Extensions


def parsed(certificate: Certificate, version: Version) -> Parsed | int:
    """Return what a version keeps of a certificate, or the error for which it does not take it."""
    key = ("mbedtls", version)
    found: Parsed | int | None = certificate.noted.get(key)
    if found is None and version == V3_6_6:
        # 3.6.7 only refuses more (`_basic_constraints`): what it takes is read alike.
        later = parsed(certificate, V3_6_7)
        found = later if isinstance(later, Parsed) else None
    if found is None:
        try:
            found = _certificate(certificate, version)
        except Refused as refused:
            found = refused.code
        certificate.noted[key] = found
    return found


def _certificate(certificate: Certificate, version: Version) -> Parsed:
    data = certificate.der
    try:
        whole = Reader(data, 0, len(data), asn1.INVALID_FORMAT).inside(asn1.SEQUENCE)
    except Refused:
        raise Refused(asn1.INVALID_FORMAT) from None
    tbs = whole.inside(asn1.SEQUENCE)
    number = _version(tbs)
    tbs.adding = asn1.INVALID_SERIAL
    if tbs.left < 1:
        raise tbs.refuse(asn1.OUT_OF_DATA)
    if tbs.next_tag not in (0x82, asn1.INTEGER):
        raise tbs.refuse(asn1.UNEXPECTED_TAG)
    tbs.skip(1)
    tbs.skip(tbs.length())
    tbs.adding = asn1.INVALID_ALG
    algorithm = tbs.algorithm()
    if number > 2:
        raise Refused(asn1.UNKNOWN_VERSION)
    digest = read_signature_algorithm(*algorithm)
    issuer = _name(tbs, empty=False)
    tbs.adding = asn1.INVALID_DATE
    validity = tbs.inside(asn1.SEQUENCE)
    not_before, not_after = _time(validity), _time(validity)
    validity.finish()
    subject = _name(tbs, empty=True)
    key = read_key(tbs, certificate, version)
    tbs.adding = asn1.INVALID_FORMAT
    for tag in (0xA1, 0xA2):
        if number and tbs.next_tag == tag:
            tbs.inside(tag)
    extensions = read_extensions(tbs, version) if number == 2 else Extensions()
    tbs.adding = asn1.INVALID_FORMAT
    tbs.finish()
    whole.adding = asn1.INVALID_ALG
    if whole.algorithm() != algorithm:
        raise Refused(asn1.SIG_MISMATCH)
    whole.adding = asn1.INVALID_SIGNATURE
    if whole.left < 1:
        raise whole.refuse(asn1.OUT_OF_DATA)
    whole.octets_of_bits()
    whole.adding = asn1.INVALID_FORMAT
    whole.finish()
    return Parsed(number + 1, digest, issuer, subject, not_before, not_after, key, extensions)


def _version(tbs: Reader) -> int:
    """x509_get_version: counted from 0, which it is where none stands."""
    tbs.adding = asn1.INVALID_FORMAT
    if tbs.left > 0 and tbs.next_tag != 0xA0:
        return 0
    inner = tbs.inside(0xA0, asn1.INVALID_VERSION)
    number = inner.integer()
    inner.finish()
    return number


def _name(tbs: Reader, empty: bool) -> bytes:
    """The bytes of a name, after it was read; `empty`: it may be so."""
    tbs.adding = asn1.INVALID_FORMAT
    start = tbs.at
    name = tbs.inside(asn1.SEQUENCE)
    if name.left or not empty:
        read_name(name)
    return tbs.data[start : tbs.at]


def _time(validity: Reader) -> Moment:
    """mbedtls_x509_get_time: the Z at its end may lack, nothing else."""
    if validity.left < 1:
        raise validity.refuse(asn1.OUT_OF_DATA)
    tag = validity.next_tag
    if tag not in (0x17, 0x18):
        raise validity.refuse(asn1.UNEXPECTED_TAG)
    validity.skip(1)
    text = validity.skip(validity.length()).removesuffix(b"Z")
    year = 4 if tag == 0x18 else 2
    if len(text) != year + 10 or not text.isdigit():
        raise Refused(asn1.INVALID_DATE)
    of_year = int(text[:year])
    if year == 2:
        of_year += 2000 if of_year < 50 else 1900
    moment = (of_year, *(int(text[at : at + 2]) for at in range(year, year + 10, 2)))
    _, month, day, hour, minute, second = moment
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(of_year or 4, month)[1]:
        raise Refused(asn1.INVALID_DATE)
    if hour > 23 or minute > 59 or second > 59:
        raise Refused(asn1.INVALID_DATE)
    return moment
