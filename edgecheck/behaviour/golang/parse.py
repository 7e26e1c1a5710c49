"""What Go refuses to parse (src/crypto/x509/parser.go), and what it keeps of a certificate."""

import re

from edgecheck.behaviour import raw, structure
from edgecheck.behaviour.golang.addresses import NoUri, authority, valid_domain
from edgecheck.behaviour.golang.extensions import basic_constraints, undecodable, wrong_authority
from edgecheck.behaviour.golang.records import V1_24, V1_27
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.openssl.decode import wrong_integer
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.signatures import algorithm
from edgecheck.reading import ber, der, strings
from edgecheck.reading import certificate as reading
from edgecheck.reading.ber import Fault
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.names import Name
from edgecheck.reading.pss import is_common

R = Refuser
"""What is older knows fewer types of strings in names."""
_TIME = re.compile(
    rb"\x17.\d{10}(?:\d\d)?(?:Z|[+-](?!0000)\d{4})|\x18.\d{14}(?:Z|[+-](?!0000)\d{4})", re.DOTALL
)
"""cryptobyte's times: written anew, the text has to be the same, so an offset of 0 is refused."""
_RSA, _EC = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a8648ce3d0201")
_CURVES = tuple(
    bytes.fromhex(oid) for oid in ("2b81040021", "2a8648ce3d030107", "2b81040022", "2b81040023")
)
"""P-224, P-256, P-384, P-521."""
_TEXTS = {raw.EMAIL: "rfc822Name", raw.DNS: "dNSName", raw.URI: "uniformResourceIdentifier"}

HANDLED = frozenset(
    (
        reading.EXT_KEY_USAGE,
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_NAME_CONSTRAINTS,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        reading.EXT_AUTHORITY_KEY_ID,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_SUBJECT_KEY_ID,
        reading.EXT_POLICIES,
        reading.EXT_AUTHORITY_INFO_ACCESS,
    )
)
HANDLED_1_27 = HANDLED | {
    reading.EXT_POLICY_CONSTRAINTS,
    reading.EXT_POLICY_MAPPINGS,
    reading.EXT_INHIBIT_ANY_POLICY,
}


def refused(certificate: Certificate, view: View, version: tuple[int, int]) -> str | None:
    """The error of ParseCertificate, without `x509: `; None where it parses."""
    if certificate.der in view.trailing:
        return "trailing data"
    fault = structure.refused(certificate, R.GO_1_19 if version < V1_27 else R.GO)
    if fault is None and version < V1_27:
        fault = structure.refused(certificate, R.GO)
    if fault is not None:
        absent = fault.kind == ber.PARAMETERS and _key(certificate)
        return absent or _malformed(fault)
    if raw.version(certificate) > 3:
        return "invalid version"
    if wrong_integer(raw.serial(certificate)) is not None:
        return "malformed serial number"
    if certificate.serial < 0 and version >= (1, 23):
        return "negative serial number"
    if _inside(certificate.signature_algorithm) != _inside(certificate.tbs_signature_algorithm):
        return "inner and outer signature algorithm identifiers don't match"
    for time in (certificate.not_before_raw, certificate.not_after_raw):
        if not _TIME.fullmatch(time):
            return _malformed_time(time)
    for fact, time in (
        ("not_before", certificate.not_before_raw),
        ("not_after", certificate.not_after_raw),
    ):
        if fact in certificate.damage:
            return _malformed_time(time)  # no day of the calendar, or no time of a day
    return _key(certificate) or _extensions(certificate, version)


def _malformed_time(time: bytes) -> str:
    return f"malformed {'UTCTime' if time[0] == 0x17 else 'GeneralizedTime'}"


def _malformed(fault: Fault) -> str:
    """What it says of a fault of DER, by the field."""
    if fault.kind == ber.STRING:
        tag = fault.found[0]
        if tag not in _STRINGS:
            return f"{_NAME}: invalid attribute value: unsupported string type: {tag}"
        told = "UTF-8 string" if tag == strings.UTF8 else strings.TYPES[tag]
        return f"{_NAME}: invalid attribute value: invalid {told}"
    if fault.kind == ber.VERSION:
        return "invalid version"
    return _FIELDS.get(fault.field, f"malformed {fault.field.partition(':')[0]}")


_NAME = "invalid RDNSequence"
_FIELDS = {
    "issuer": _NAME,
    "subject": _NAME,
    "serialNumber": "malformed serial number",
    "tbsCertificate": "malformed tbs certificate",
    "signature": "malformed signature algorithm identifier",
    "signatureAlgorithm": "malformed algorithm identifier",
    "signatureValue": "malformed signature",
    "subjectPublicKeyInfo": "malformed spki",
}
_STRINGS = frozenset(
    (strings.TELETEX, strings.PRINTABLE, strings.UTF8, strings.BMP, strings.IA5, strings.NUMERIC)
)
"""Those that parseASN1String knows in 1.19."""


def _inside(identifier: bytes) -> bytes:
    start, end = der.body(identifier, 0)
    return identifier[start:end]


def _key(certificate: Certificate) -> str | None:
    spki = certificate.spki
    start, _ = der.only(spki, der.SEQUENCE, "subjectPublicKeyInfo")
    _, first, last = der.element(spki, start, len(spki))
    parts = der.elements(spki, first, last)
    kind = spki[parts[0][1] : parts[0][2]]
    parameters = spki[parts[0][2] : last]
    if kind == _RSA and parameters != b"\x05\x00":
        return "RSA key missing NULL parameters"
    if kind == _EC:
        if parameters[:1] != b"\x06":
            return "invalid ECDSA parameters"
        if parameters[2:] not in _CURVES:
            return "unsupported elliptic curve"
    return None


def _extensions(certificate: Certificate, version: tuple[int, int]) -> str | None:
    if certificate.version < 3:
        return None
    if certificate.duplicate_extensions:
        if version < V1_24:
            return "certificate contains duplicate extensions"
        oid = der.oid_text(next(iter(certificate.duplicate_extensions)))
        return f'certificate contains duplicate extension with OID "{oid}"'
    if wrong_constraints(certificate, version):
        told = "invalid basic constraints"
        return told if version >= V1_24 else f"{told} {_field_of_constraints(certificate)}"
    for fact, words in (("key_usage", "key usage"), ("subject_key_id", "subject key identifier")):
        try:
            raw.first_of(certificate, fact)
        except Unreadable:
            return f"invalid {words}"
    authority = certificate.extensions.get(reading.EXT_AUTHORITY_KEY_ID)
    if authority is not None and wrong_authority(authority):
        return "invalid authority key identifier"
    try:
        raw.usages(certificate)
    except Unreadable:
        return "invalid extended key usages"
    try:
        names = alt_names(certificate) or ()
    except Malformed:
        value = certificate.extensions[reading.EXT_SUBJECT_ALT_NAME]
        if _begins_well(value):
            raise  # which names Go reads before the bytes behind them is not modelled
        return _broken_names(value)
    if version >= V1_24:
        for identifier, words in (
            (reading.EXT_AUTHORITY_KEY_ID, "authority key identifier"),
            (reading.EXT_SUBJECT_KEY_ID, "subject key identifier"),
            (reading.EXT_AUTHORITY_INFO_ACCESS, "authority info access"),
        ):
            if identifier in certificate.critical:
                return f"{words} incorrectly marked critical"
    for kind, value in certificate.extensions.items():
        wrong = undecodable(kind, value, version)
        if wrong is not None:
            return wrong
    wrong_names = (wrong_name(tag, value, version) for tag, value in names)
    return next(filter(None, wrong_names), None)


def _field_of_constraints(certificate: Certificate) -> str:
    """The letter by which 1.19.8 calls what cannot be read."""
    try:
        basic_constraints(certificate.extensions.get(reading.EXT_BASIC_CONSTRAINTS, b""))
    except Malformed as wrong:
        return str(wrong)
    return ""


def _broken_names(value: bytes) -> str:
    """What forEachSAN says: of the whole, or of an entry that is no DER."""
    try:
        der.only(value, der.SEQUENCE, "")
    except Malformed:
        return "invalid subject alternative names"
    return "invalid subject alternative name"


def wrong_constraints(certificate: Certificate, version: tuple[int, int]) -> bool:
    """Whether Go cannot take basicConstraints; since 1.24 no path length below zero."""
    value = certificate.extensions.get(reading.EXT_BASIC_CONSTRAINTS)
    if value is None:
        return False
    try:
        basic_constraints(value)
    except Malformed:
        return True
    return version >= V1_27 and raw.has_negative_path_length(certificate)


def wrong_name(tag: int, value: bytes, version: tuple[int, int]) -> str | None:
    """What parseSANExtension says of a name that it cannot take; None where it can."""
    if tag in _TEXTS and not value.isascii():
        return f"SAN {_TEXTS[tag]} is malformed"
    if tag == raw.IP and len(value) not in (4, 16):
        return f"cannot parse IP address of length {len(value)}"
    return wrong_uri(value.decode("ascii"), version) if tag == raw.URI else None


def wrong_uri(uri: str, version: tuple[int, int]) -> str | None:
    """The same of a URI: it is none, or its host is no domain."""
    try:
        host = authority(uri, version)
    except NoUri as wrong:
        return f'cannot parse URI "{uri}": parse "{uri.partition("#")[0]}": {wrong}'
    return None if valid_domain(host) else f'cannot parse URI "{uri}": invalid domain'


def _begins_well(value: bytes) -> bool:
    """Whether bytes behind the end of subjectAltName are all that is wrong: Go ignores them."""
    try:
        tag, start, end = der.element(value, 0, len(value))
        der.elements(value, start, end)
    except Malformed:
        return False
    return tag == der.SEQUENCE


def alt_names(certificate: Certificate) -> tuple[raw.GeneralName, ...] | None:
    """SubjectAltName, of which Go knows in version 3 alone."""
    return raw.alt_names(certificate) if certificate.version == 3 else None


def unhandled(certificate: Certificate, version: tuple[int, int]) -> bool:
    """Whether UnhandledCriticalExtensions is not empty."""
    if certificate.version < 3:
        return False
    known = HANDLED_1_27 if version >= V1_24 else HANDLED
    if certificate.critical - known:
        return True
    if has_other_names_alone(certificate):
        return True
    return reading.EXT_NAME_CONSTRAINTS in certificate.critical and limits_others(certificate)


def has_other_names_alone(certificate: Certificate) -> bool:
    """Whether a critical subjectAltName has no name of a form that Go knows.

    Raises:
        Malformed: it cannot be read.
    """
    if reading.EXT_SUBJECT_ALT_NAME not in certificate.critical:
        return False
    names = raw.alt_names(certificate) or ()
    return not any(tag in (raw.DNS, raw.EMAIL, raw.IP, raw.URI) for tag, _ in names)


def limits_others(certificate: Certificate) -> bool:
    """Whether nameConstraints are on names of forms that Go does not know, such as directory names.

    Raises:
        Malformed: they cannot be read.
    """
    held = raw.constraints(certificate)
    known_forms = (raw.DNS, raw.EMAIL, raw.IP, raw.URI)
    return held is not None and any(
        tag not in known_forms for tag, _ in (*held.permitted, *held.excluded)
    )


NAMES = {
    "md5WithRSAEncryption": "MD5-RSA",
    "sha1WithRSAEncryption": "SHA1-RSA",
    "sha256WithRSAEncryption": "SHA256-RSA",
    "sha384WithRSAEncryption": "SHA384-RSA",
    "sha512WithRSAEncryption": "SHA512-RSA",
    "ecdsa-with-SHA1": "ECDSA-SHA1",
    "ecdsa-with-SHA256": "ECDSA-SHA256",
    "ecdsa-with-SHA384": "ECDSA-SHA384",
    "ecdsa-with-SHA512": "ECDSA-SHA512",
}
"""Signature algorithms as Go spells them; what is missing is unknown to it."""


def signature_name(certificate: Certificate) -> str | None:
    """The signature algorithm as Go spells it; None where it knows none.

    Of RSASSA-PSS it knows three sets of parameters (getSignatureAlgorithmFromAI).
    """
    used = algorithm(certificate.signature_algorithm)
    if used.key == "RSA-PSS" and not is_common(certificate.signature_algorithm):
        return None
    return NAMES.get(used.name, used.key if used.key in ("Ed25519", "RSA-PSS") else None)


def shown_name(name: Name) -> str:
    """The last common name, else the first organisation."""
    if name.common_name:
        return name.common_name
    for rdn in name.rdns:
        for kind, _, value in rdn:
            if kind == "2.5.4.10":
                return str(value)
    return ""
