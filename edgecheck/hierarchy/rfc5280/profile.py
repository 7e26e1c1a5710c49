"""The MUSTs of RFC 5280, section 4, for the certificates of a path (profile `rfc5280`).

Section 6.1 accepts more than section 4 lets authorities issue. Each function yields what a
certificate breaks as (section, sentence); nothing here decides a severity.
"""

from collections.abc import Collection, Iterator

from edgecheck.hierarchy.rfc5280.contents import (
    EMPTY_NAME,
    Broken,
    contents,
)
from edgecheck.reading import certificate as facts
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.extensions import KEY_CERT_SIGN
from edgecheck.reading.strict import harmless

_EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")
_UNIQUE_IDENTIFIERS = (0x81, 0x82)
_GENERALIZED_FROM = 2_524_608_000
"""2050-01-01T00:00:00Z."""

MUST_BE_CRITICAL = {
    facts.EXT_NAME_CONSTRAINTS: ("4.2.1.10", "nameConstraints is not critical"),
    facts.EXT_POLICY_CONSTRAINTS: ("4.2.1.11", "policyConstraints is not critical"),
    facts.EXT_INHIBIT_ANY_POLICY: ("4.2.1.14", "inhibitAnyPolicy is not critical"),
}
MUST_NOT_BE_CRITICAL = {
    facts.EXT_AUTHORITY_KEY_ID: ("4.2.1.1", "authorityKeyIdentifier is critical"),
    facts.EXT_SUBJECT_KEY_ID: ("4.2.1.2", "subjectKeyIdentifier is critical"),
}
"""Others that must not be (sections 4.2.1.8, 4.2.1.15 and 4.2.2) section 6.1 does not know when
they are critical, and so refuses them."""


def section_4(
    certificate: Certificate, is_ca: bool, is_anchor: bool, excepted: Collection[bytes] = ()
) -> Iterator[Broken]:
    """What a certificate breaks; `is_ca` where it issued another one of the path.

    An anchor's issuer is not on the path, so it needs no key identifier of him. Nor does it need
    a keyUsage: what an anchor without one signs, certificates and lists, is good (6.1.1 (d),
    6.3.3 (f)), and 4.2.1.3 speaks to whoever makes certificates. `excepted`:
    extensions that need not be critical, though section 4 says so.

    Raises:
        Unreadable: a fact that a MUST is about cannot be decoded. It is raised last, so that
            it hides nothing.
        Malformed: as `Unreadable`, of an extension.
    """
    yield from all_of(
        _fields(certificate),
        _extensions(certificate, excepted),
        _key_identifiers(certificate, is_ca, is_anchor),
        _curve(certificate),
        _authority(certificate, is_ca, is_anchor),
        *contents(certificate),
    )


def all_of(*checks: Iterator[Broken]) -> Iterator[Broken]:
    """What all of the checks find; what the first could not read is raised after the last."""
    missing: Unreadable | der.Malformed | None = None
    for check in checks:
        try:
            yield from check
        except (Unreadable, der.Malformed) as wrong:
            missing = missing or wrong
    if missing is not None:
        raise missing


def _fields(certificate: Certificate) -> Iterator[Broken]:
    if certificate.loaded is None and harmless(certificate):
        yield "4.1", "it is not in DER"
    if certificate.signature_algorithm != certificate.tbs_signature_algorithm:
        yield "4.1.1.2", "signatureAlgorithm differs from the signed signature field"
    if certificate.version != 3 and certificate.extensions:
        yield "4.1.2.1", f"version {certificate.version} with extensions"
    if certificate.serial <= 0:
        yield "4.1.2.2", "the serial number is not positive"
    elif certificate.serial.bit_length() > 159:
        yield "4.1.2.2", "the serial number has more than 20 bytes"
    if certificate.issuer_raw == EMPTY_NAME:
        yield "4.1.2.4", "the issuer is empty"
    start, end = der.only(certificate.tbs, der.SEQUENCE, "tbsCertificate")
    parts = der.elements(certificate.tbs, start, end)
    if any(tag in _UNIQUE_IDENTIFIERS for tag, _, _ in parts):
        yield "4.1.2.8", "a unique identifier is there"
    for moment, raw, field in (
        (certificate.not_before, certificate.not_before_raw, "notBefore"),
        (certificate.not_after, certificate.not_after_raw, "notAfter"),
    ):
        generalized = raw[0] == der.GENERALIZED_TIME
        if generalized != (moment >= _GENERALIZED_FROM):
            yield "4.1.2.5", f"{field} is of the wrong type for its year"


def _extensions(certificate: Certificate, excepted: Collection[bytes]) -> Iterator[Broken]:
    if certificate.duplicate_extensions:
        yield "4.2", "an extension is there twice"
    for identifier, broken in MUST_BE_CRITICAL.items():
        if identifier in excepted:
            continue
        if identifier in certificate.extensions and identifier not in certificate.critical:
            yield broken
    for identifier, broken in MUST_NOT_BE_CRITICAL.items():
        if identifier in certificate.critical:
            yield broken


def _curve(certificate: Certificate) -> Iterator[Broken]:
    """RFC 5480, section 2.1.1: the curve of a key is named, not spelled out or implied."""
    spki = certificate.spki
    start, end = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    parts = der.elements(spki, start, end)
    if not parts:
        raise der.Malformed("subjectPublicKeyInfo: empty")
    algorithm = der.elements(spki, parts[0][1], parts[0][2])
    if not algorithm or spki[algorithm[0][1] : algorithm[0][2]] != _EC_PUBLIC_KEY:
        return
    if len(algorithm) != 2 or algorithm[1][0] != der.OID:
        yield "RFC 5480, 2.1.1", "the curve of the key is not named"


def _key_identifiers(certificate: Certificate, is_ca: bool, is_anchor: bool) -> Iterator[Broken]:
    authority = certificate.authority_key_id
    without = authority is None or authority.key_id is None
    if without and not is_anchor and not self_signed(certificate):
        yield "4.2.1.1", "authorityKeyIdentifier has no keyIdentifier"
    if authority is not None and _has_issuer(certificate) != (authority.serial is not None):
        yield "4.2.1.1", "authorityCertIssuer and authorityCertSerialNumber are not both there"
    if certificate.subject_key_id is None and (is_ca or certificate.is_ca):
        yield "4.2.1.2", "subjectKeyIdentifier is missing in a CA certificate"


def _has_issuer(certificate: Certificate) -> bool:
    """Whether authorityKeyIdentifier has an authorityCertIssuer, whatever form its names have."""
    value = certificate.extensions[facts.EXT_AUTHORITY_KEY_ID]
    parts = der.elements(value, *der.only(value, der.SEQUENCE, "authorityKeyIdentifier"))
    return any(tag == 0xA1 for tag, _, _ in parts)


def self_signed(certificate: Certificate) -> bool:
    """Whether it names itself, and no key identifier says that another key signed it."""
    if not certificate.is_self_issued:
        return False
    authority = certificate.authority_key_id
    if authority is None or authority.key_id is None:
        from edgecheck.hierarchy.signatures import State, verify

        return verify(certificate, certificate).state is State.VALID
    return authority.key_id == certificate.subject_key_id


def _authority(certificate: Certificate, is_ca: bool, is_anchor: bool) -> Iterator[Broken]:
    constraints, usage = certificate.basic_constraints, certificate.key_usage
    says_ca = constraints is not None and constraints.ca
    if says_ca or is_ca:
        if certificate.subject_raw == EMPTY_NAME:
            yield "4.1.2.6", "the subject of a CA certificate is empty"
        if constraints is None:
            yield "4.2.1.9", "basicConstraints is missing in a CA certificate"
        elif facts.EXT_BASIC_CONSTRAINTS not in certificate.critical:
            yield "4.2.1.9", "basicConstraints of a CA certificate is not critical"
        if usage is None and not is_anchor:
            yield "4.2.1.3", "keyUsage is missing in a CA certificate"
    if usage is not None:
        if not usage:
            yield "4.2.1.3", "keyUsage has no bit set"
        if usage & KEY_CERT_SIGN and not says_ca:
            yield "4.2.1.9", "keyCertSign is set, and basicConstraints does not say CA:TRUE"
    if constraints is not None and constraints.path_length is not None:
        if not says_ca:
            yield "4.2.1.9", "a path length without CA:TRUE"
        elif usage is not None and not usage & KEY_CERT_SIGN:
            yield "4.2.1.9", "a path length without keyCertSign"
    if facts.EXT_NAME_CONSTRAINTS in certificate.extensions and not says_ca:
        yield "4.2.1.10", "nameConstraints in a certificate that is not a CA's"
