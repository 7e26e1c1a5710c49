"""Which extensions Java decodes: sun.security.x509 at 17, by the classes that OIDMap has.

What is not critical and cannot be decoded is kept as it is, and counts as absent; what is
critical fails the certificate (CertificateExtensions.parseExtension). Lengths may be those of BER.
"""

from collections.abc import Callable
from functools import lru_cache

from edgecheck.behaviour.jsse import general_names
from edgecheck.behaviour.openssl.tree import Node, tree
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.der import Malformed

NS_CERT_TYPE = bytes.fromhex("6086480186f8420101")
FRESHEST_CRL = bytes.fromhex("551d2e")
_MOST = 1 << 31


def _entries(node: Node) -> tuple[Node, ...]:
    if node.tag != der.SEQUENCE:
        raise Malformed("no SEQUENCE")
    return node.within


def _oid(parts: tuple[Node, ...], place: int) -> None:
    if len(parts) <= place or parts[place].tag != der.OID:
        raise Malformed("no OBJECT IDENTIFIER")
    der.oid_text(parts[place].content)


def _integer(content: bytes) -> int:
    """DerValue.getInteger, to which superfluous octets are nothing."""
    number = int.from_bytes(content, signed=True)
    if not content or not -_MOST <= number < _MOST:
        raise Malformed("no INTEGER of 32 bits")
    return number


def _policies(value: Node) -> None:
    """CertificatePoliciesExtension, PolicyInformation, PolicyQualifierInfo."""
    for entry in _entries(value):
        parts = _entries(entry)
        _oid(parts, 0)
        if len(parts) > 1:
            qualifiers = _entries(parts[1])
            if not qualifiers:
                raise Malformed("no qualifiers")
            for qualifier in qualifiers:
                _oid(_entries(qualifier), 0)


def _mappings(value: Node) -> None:
    """PolicyMappingsExtension, CertificatePolicyMap."""
    for entry in _entries(value):
        parts = _entries(entry)
        _oid(parts, 0)
        _oid(parts, 1)


def _constraints(value: Node) -> None:
    """PolicyConstraintsExtension: its two fields in any order."""
    seen: set[int] = set()
    for field in _entries(value):
        if field.tag not in (0x80, 0x81) or field.tag in seen:
            raise Malformed("another field")
        if _integer(field.content) != -1:
            seen.add(field.tag)


def _inhibit_any(value: Node) -> None:
    """InhibitAnyPolicyExtension."""
    if value.tag != der.INTEGER or _integer(value.content) < -1:
        raise Malformed("no number of certificates")


def _subtrees(value: Node) -> None:
    """NameConstraintsExtension, GeneralSubtrees, GeneralSubtree."""
    seen: set[int] = set()
    for group in _entries(value):
        if group.tag not in (0xA0, 0xA1) or group.tag in seen:
            raise Malformed("another field")
        seen.add(group.tag)
        for subtree in group.within:
            if not _entries(subtree):
                raise Malformed("a subtree without a name")


def _points(value: Node) -> None:
    """CRLDistributionPointsExtension, DistributionPoint."""
    for point in _entries(value):
        seen: set[int] = set()
        for field in _entries(point):
            if field.tag not in (0xA0, 0x81, 0xA2) or field.tag in seen:
                raise Malformed("Invalid encoding of DistributionPoint.")
            seen.add(field.tag)
            if field.tag == 0xA0 and [name.tag for name in field.within[:1]] not in (
                [0xA0],
                [0xA1],
            ):
                raise Malformed("Invalid DistributionPointName in DistributionPoint")
        if not seen & {0xA0, 0xA2}:
            raise Malformed("One of fullName, relativeName,  and crlIssuer has to be set")


def _bits(value: Node) -> None:
    """NetscapeCertTypeExtension: DerValue.getUnalignedBitString."""
    if value.tag != der.BIT_STRING:
        raise Malformed(f"DerValue.getBitString, not a bit string {value.tag}")
    if not value.content or 8 * len(value.content) - 8 < value.content[0]:
        raise Malformed("Invalid number of padding bits")


_READERS: dict[bytes, Callable[[Node], None]] = {
    reading.EXT_POLICIES: _policies,
    reading.EXT_POLICY_MAPPINGS: _mappings,
    reading.EXT_POLICY_CONSTRAINTS: _constraints,
    reading.EXT_INHIBIT_ANY_POLICY: _inhibit_any,
    reading.EXT_NAME_CONSTRAINTS: _subtrees,
    reading.EXT_CRL_DISTRIBUTION_POINTS: _points,
    FRESHEST_CRL: _points,
    NS_CERT_TYPE: _bits,
}


@lru_cache(maxsize=256)
def undecodable(kind: bytes, value: bytes) -> str | None:
    """Return why Java cannot decode an extension that it heeds when critical; None: it can."""
    try:
        if kind in _READERS:
            _READERS[kind](tree(value, whole=True))
        if kind == reading.EXT_NAME_CONSTRAINTS:
            return general_names.wrong_bases(value)
    except Malformed as wrong:
        return str(wrong)
    except ValueError:
        return None  # what is not known is taken for good
    return None


def netscape_server(value: bytes) -> bool:
    """NetscapeCertTypeExtension: whether it allows servers; what cannot be decoded allows all."""
    try:
        start, end = der.only(value, der.BIT_STRING, "nsCertType")
    except Malformed:
        return True
    bits = value[start + 1 : end]
    if start == end or value[start] > 7 or 8 * len(bits) < value[start]:
        return True
    return bool(bits) and bool(bits[0] & 0x40) and 8 * len(bits) - value[start] > 1
