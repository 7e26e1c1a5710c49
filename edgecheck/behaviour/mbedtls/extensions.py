"""Extensions as mbedTLS reads them (x509_get_crt_ext in library/x509_crt.c, and library/x509.c)."""

from dataclasses import dataclass, field

from edgecheck.behaviour.mbedtls import asn1
from edgecheck.behaviour.mbedtls.asn1 import Reader, Refused
from edgecheck.behaviour.mbedtls.distinguished import read_name
from edgecheck.behaviour.mbedtls.versions import V3_6_6, V3_6_7, Version
from edgecheck.reading import certificate as reading

_NS_CERT_TYPE = bytes.fromhex("6086480186f8420101")
_ANY_POLICY = b"\x55\x1d\x20\x00"
_HARDWARE_MODULE = bytes.fromhex("2b06010505070804")
_CLASS, _NUMBER = 0xC0, 0x1F
"""The bits of a tag that tell its class, and its number: whether it is constructed is not asked."""
_OTHER_NAME, _RFC822, DNS, _DIRECTORY, URI, IP = 0x80, 0x81, 0x82, 0x84, 0x86, 0x87
_LARGEST_INT = 0x7FFFFFFF


@dataclass(slots=True)
class Extensions:
    """What is kept of them; None where one is absent.

    Attributes:
        ca: the bit of basicConstraints.
        path_length: how many CAs may follow; None: any number.
        key_usage: its bits, as `reading.extensions` counts them.
        extended_key_usage: the contents of its object identifiers.
        alt_names: tag and contents of each name.
    """

    ca: bool = False
    path_length: int | None = None
    key_usage: int | None = None
    extended_key_usage: tuple[bytes, ...] | None = None
    alt_names: tuple[tuple[int, bytes], ...] | None = None
    seen: set[bytes] = field(default_factory=set)


def read_extensions(tbs: Reader, version: Version) -> Extensions:
    """x509_get_crt_ext: everything behind the unique identifiers of a certificate of version 3.

    Raises:
        Refused: an extension that is critical and unknown, there twice, or not as it has to be.
    """
    found = Extensions()
    if tbs.left == 0:
        return found
    tbs.adding = asn1.INVALID_EXTENSIONS
    wrapper = tbs.inside(0xA3)
    inner = wrapper.inside(asn1.SEQUENCE)
    wrapper.finish()
    while inner.left > 0:
        one = inner.inside(asn1.SEQUENCE)
        kind = one.take(asn1.OID)
        critical = one.next_tag == asn1.BOOLEAN and one.boolean()
        value = one.inside(asn1.OCTET_STRING)
        one.finish()
        _read(kind, value, critical, found, version)
    return found


def _read(kind: bytes, value: Reader, critical: bool, found: Extensions, version: Version) -> None:
    if kind not in known(version):
        if critical:
            raise value.refuse(asn1.UNEXPECTED_TAG)
        return
    if kind in found.seen:
        raise Refused(asn1.INVALID_EXTENSIONS)
    found.seen.add(kind)
    if kind == reading.EXT_BASIC_CONSTRAINTS:
        _basic_constraints(value, found, version)
    elif kind == reading.EXT_KEY_USAGE:
        bits = value.bits()
        if not bits and version < V3_6_6:
            raise value.refuse(asn1.INVALID_LENGTH)
        found.key_usage = int.from_bytes(bits[:2].ljust(2, b"\0"))
    elif kind == reading.EXT_EXTENDED_KEY_USAGE:
        found.extended_key_usage = _usages(value)
    elif kind == reading.EXT_SUBJECT_KEY_ID:
        value.take(asn1.OCTET_STRING)
        value.finish()
    elif kind == reading.EXT_AUTHORITY_KEY_ID:
        _authority_key_id(value, version)
    elif kind == reading.EXT_SUBJECT_ALT_NAME:
        inner = value.inside(asn1.SEQUENCE)
        value.finish()
        found.alt_names = tuple(_general_names(inner, version))
    elif kind == _NS_CERT_TYPE:
        bits = value.bits()
        if len(bits) != 1 and (bits or version < V3_6_6):
            raise value.refuse(asn1.INVALID_LENGTH)
    elif _policies(value) and critical:
        raise Refused(asn1.FEATURE_UNAVAILABLE)


def known(version: Version) -> frozenset[bytes]:
    """The kinds of extensions that a version reads: all others may not be critical."""
    return _KNOWN_SINCE_3 if version >= V3_6_6 else _KNOWN


_KNOWN = frozenset(
    (
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_KEY_USAGE,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_POLICIES,
        _NS_CERT_TYPE,
    )
)
_KNOWN_SINCE_3 = _KNOWN | {reading.EXT_SUBJECT_KEY_ID, reading.EXT_AUTHORITY_KEY_ID}
"""oid_x509_ext of library/oid.c."""


def _basic_constraints(value: Reader, found: Extensions, version: Version) -> None:
    """x509_get_basic_constraints: up to 3.6.6 an INTEGER stands for cA too (CVE-2026-49300)."""
    size = value.enter(asn1.SEQUENCE)
    if value.left == 0:
        return
    if version >= V3_6_7 and value.left != size:
        raise Refused(asn1.INVALID_EXTENSIONS)
    if value.next_tag == asn1.INTEGER and version < V3_6_7:
        found.ca = value.integer() != 0
    else:
        found.ca = value.boolean()
    if value.left == 0:
        return
    length = value.integer()
    value.finish()
    if length == _LARGEST_INT:
        raise value.refuse(asn1.INVALID_LENGTH)
    found.path_length = length


def _usages(value: Reader) -> tuple[bytes, ...]:
    """x509_get_ext_key_usage: at least one."""
    inner = value.inside(asn1.SEQUENCE)
    value.finish()
    usages = []
    while inner.left > 0:
        usages.append(inner.take(asn1.OID))
    if not usages:
        raise inner.refuse(asn1.INVALID_LENGTH)
    return tuple(usages)


def _authority_key_id(value: Reader, version: Version) -> None:
    """x509_get_authority_key_id: issuer and serial number come together."""
    inner = value.inside(asn1.SEQUENCE)
    value.finish()
    if inner.left <= 0:
        raise inner.refuse(asn1.OUT_OF_DATA)
    if inner.next_tag == 0x80:
        inner.take(0x80)
    if inner.left > 0:
        for _ in _general_names(inner.inside(0xA1), version):
            pass
        inner.take(0x82)
    inner.finish()


def _general_names(names: Reader, version: Version) -> list[tuple[int, bytes]]:
    """mbedtls_x509_get_subject_alt_name_ext: names of any form, of which some are looked into."""
    found = []
    while names.left > 0:
        tag = names.skip(1)[0]
        size = names.length()
        if tag & _CLASS != 0x80:
            raise names.refuse(asn1.UNEXPECTED_TAG)
        start = names.at
        content = names.skip(size)
        form = tag & (_CLASS | _NUMBER)
        if form == _OTHER_NAME:
            _other_name(Reader(names.data, start, names.at, asn1.INVALID_EXTENSIONS))
        elif version >= V3_6_6 and form == IP and len(content) not in (4, 16):
            raise Refused(asn1.BAD_INPUT_DATA)
        elif version >= V3_6_6 and form == _DIRECTORY:
            inner = Reader(names.data, start, names.at).inside(asn1.SEQUENCE)
            read_name(inner)
        found.append((form, content))
    return found


def _other_name(name: Reader) -> None:
    """x509_get_other_name: that of a hardware module is read (RFC 4108), any other passed over."""
    if name.take(asn1.OID) != _HARDWARE_MODULE:
        return
    wrapper = name.inside(0xA0)
    name.finish()
    module = wrapper.inside(asn1.SEQUENCE)
    wrapper.finish()
    module.take(asn1.OID)
    module.take(asn1.OCTET_STRING)
    module.finish()


def _policies(value: Reader) -> bool:
    """x509_get_certificate_policies: whether one is not anyPolicy, so not to be enforced."""
    inner = value.inside(asn1.SEQUENCE)
    value.finish()
    if inner.left == 0:
        raise inner.refuse(asn1.LENGTH_MISMATCH)
    others = False
    while inner.left > 0:
        policy = inner.inside(asn1.SEQUENCE)
        others |= policy.take(asn1.OID) != _ANY_POLICY
        if policy.left > 0:
            policy.inside(asn1.SEQUENCE)
        policy.finish()
    return others
