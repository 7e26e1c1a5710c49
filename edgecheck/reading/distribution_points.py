"""Where CRLs are and what they cover: cRLDistributionPoints, freshestCRL, issuingDistributionPoint.

RFC 5280, sections 4.2.1.13, 4.2.1.15, 5.2.5 and 5.2.6. Each function takes the contents of
an extension's OCTET STRING and returns a value, or raises `Malformed`.
"""

from functools import lru_cache
from typing import NamedTuple

from edgecheck.reading import der
from edgecheck.reading.der import Malformed

EXT_ISSUER_ALT_NAME = bytes.fromhex("551d12")
EXT_CRL_DISTRIBUTION_POINTS = bytes.fromhex("551d1f")
EXT_FRESHEST_CRL = bytes.fromhex("551d2e")

REASON_FLAGS = (
    "unused",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
)
"""The bits of ReasonFlags by number; a mask of reasons has bit n set for flag n."""
ALL_REASONS = 0b1_1111_1110
"""Every reason; `unused` is none."""

GeneralName = tuple[int, bytes]
"""Tag and contents; of a directoryName (0xA4) the contents are the DER of the name."""
DIRECTORY_NAME, URI = 0xA4, 0x86
_GENERAL_NAME_TAGS = frozenset({0xA0, 0x81, 0x82, 0xA3, 0xA4, 0xA5, 0x86, 0x87, 0x88})


class PointName(NamedTuple):
    """DistributionPointName: either full names, or one relative to the CRL issuer's name.

    `relative` holds the contents of the relative name's SET.
    """

    full: tuple[GeneralName, ...]
    relative: bytes | None


class DistributionPoint(NamedTuple):
    """One distribution point of a certificate; `reasons` None: all of them."""

    name: PointName | None
    reasons: int | None
    crl_issuers: tuple[GeneralName, ...]


class IssuingDistributionPoint(NamedTuple):
    """What a CRL says of its own scope; `only_some_reasons` None: all reasons."""

    name: PointName | None
    only_user_certificates: bool
    only_ca_certificates: bool
    only_some_reasons: int | None
    indirect: bool
    only_attribute_certificates: bool


@lru_cache(maxsize=256)
def distribution_points(
    value: bytes, what: str = "cRLDistributionPoints"
) -> tuple[DistributionPoint, ...]:
    """Read cRLDistributionPoints, or freshestCRL, which has the same syntax."""
    start, end = der.only(value, der.SEQUENCE, what)
    found = []
    for tag, first, last in der.elements(value, start, end):
        if tag != der.SEQUENCE:
            raise Malformed(f"{what}: a distribution point with tag 0x{tag:02x}")
        parts = _fields(value, first, last, (0xA0, 0x81, 0xA2), what)
        name = parts.get(0xA0)
        reasons = parts.get(0x81)
        issuers = parts.get(0xA2)
        if name is None and issuers is None:
            raise Malformed(f"{what}: a point with neither a name nor a CRL issuer")
        found.append(
            DistributionPoint(
                None if name is None else _point_name(name, what),
                None if reasons is None else _reasons(reasons, what),
                () if issuers is None else general_names(issuers, what),
            )
        )
    if not found:
        raise Malformed(f"{what}: empty")
    return tuple(found)


@lru_cache(maxsize=256)
def issuing_distribution_point(value: bytes) -> IssuingDistributionPoint:
    """Read issuingDistributionPoint. A flag that is encoded although FALSE is read as FALSE."""
    what = "issuingDistributionPoint"
    start, end = der.only(value, der.SEQUENCE, what)
    parts = _fields(value, start, end, (0xA0, 0x81, 0x82, 0x83, 0x84, 0x85), what)
    for tag in (0x81, 0x82, 0x84, 0x85):
        if parts.get(tag, b"\x00") not in (b"\x00", b"\xff"):
            raise Malformed(f"{what}: a flag that is not a DER BOOLEAN")
    name = parts.get(0xA0)
    reasons = parts.get(0x83)
    return IssuingDistributionPoint(
        None if name is None else _point_name(name, what),
        parts.get(0x81) == b"\xff",
        parts.get(0x82) == b"\xff",
        None if reasons is None else _reasons(reasons, what),
        parts.get(0x84) == b"\xff",
        parts.get(0x85) == b"\xff",
    )


def general_names(content: bytes, what: str) -> tuple[GeneralName, ...]:
    """The general names of the contents of GeneralNames, in order and uninterpreted.

    Raises:
        Malformed: none, or one that is no general name.
    """
    found = []
    for tag, first, last in der.elements(content, 0, len(content)):
        if tag not in _GENERAL_NAME_TAGS:
            raise Malformed(f"{what}: a general name with tag 0x{tag:02x}")
        found.append((tag, content[first:last]))
    if not found:
        raise Malformed(f"{what}: no general name where one must be")
    return tuple(found)


def issuer_alt_name(value: bytes) -> tuple[GeneralName, ...]:
    """Read issuerAltName (RFC 5280, section 4.2.1.7)."""
    start, end = der.only(value, der.SEQUENCE, "issuerAltName")
    return general_names(value[start:end], "issuerAltName")


def reasons_text(mask: int) -> str:
    """The names of the reasons in a mask, `none` where there is none."""
    named = [flag for bit, flag in enumerate(REASON_FLAGS) if mask & ALL_REASONS & 1 << bit]
    return ", ".join(named) or "none"


def _fields(
    data: bytes, start: int, end: int, allowed: tuple[int, ...], what: str
) -> dict[int, bytes]:
    """Contents of the optional fields of a SEQUENCE by tag; each once, in the order given."""
    found: dict[int, bytes] = {}
    position = 0
    for tag, first, last in der.elements(data, start, end):
        if tag not in allowed[position:]:
            raise Malformed(f"{what}: a field with tag 0x{tag:02x} where none may be")
        position = allowed.index(tag) + 1
        found[tag] = data[first:last]
    return found


def _point_name(content: bytes, what: str) -> PointName:
    tag, start, end = der.element(content, 0, len(content))
    if end != len(content) or tag not in (0xA0, 0xA1):
        raise Malformed(f"{what}: a name that is neither full nor relative")
    if tag == 0xA0:
        return PointName(general_names(content[start:end], what), None)
    if start == end:
        raise Malformed(f"{what}: an empty relative name")
    return PointName((), content[start:end])


def _reasons(content: bytes, what: str) -> int:
    """A BIT STRING of reasons as a mask; bits beyond those that are known are dropped."""
    if not content or content[0] > 7 or (len(content) == 1 and content[0]):
        raise Malformed(f"{what}: reasons that are no bit string")
    mask = 0
    for bit in range(1, min(len(REASON_FLAGS), 8 * (len(content) - 1))):
        if content[1 + bit // 8] & 0x80 >> bit % 8:
            mask |= 1 << bit
    return mask
