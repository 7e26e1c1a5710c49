"""The contents of the four extensions about certificate policies (RFC 5280, section 4.2.1).

Each function but the last takes the contents of an extension's OCTET STRING and returns a
value, or raises `Malformed`. Policies are the contents of their OBJECT IDENTIFIERs: DER has one
form of each, so equal policies are equal bytes.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from edgecheck.reading import certificate as facts
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

CPS, USER_NOTICE = bytes.fromhex("2b06010505070201"), bytes.fromhex("2b06010505070202")
"""The qualifiers that RFC 5280 knows (section 4.2.1.4)."""
ANY_POLICY = bytes.fromhex("551d2000")

_Element = tuple[int, int, int]


class PolicyConstraints(NamedTuple):
    """RFC 5280, section 4.2.1.11: how many more certificates may do without; None: any number."""

    require_explicit_policy: int | None
    inhibit_policy_mapping: int | None


class PolicyExtensions(NamedTuple):
    """The four extensions of one certificate: None is absent, and `wrong` says what is unreadable.

    Of those that are unreadable, `policies` is empty, as no readable one is; others are None.
    """

    policies: tuple[bytes, ...] | None
    mappings: tuple[tuple[bytes, bytes], ...] | None
    constraints: PolicyConstraints | None
    inhibit_any: int | None
    wrong: tuple[str, ...]


@lru_cache(maxsize=256)
def certificate_policies(value: bytes) -> tuple[bytes, ...]:
    """Read certificatePolicies: the policies in their order.

    Qualifiers decide nothing, so they need only be well-formed DER.
    """
    what = "certificatePolicies"
    found: dict[bytes, None] = {}
    for entry in _entries(value, what):
        parts = _parts(value, entry, what)
        if not 1 <= len(parts) <= 2:
            raise Malformed(f"{what}: an entry that is not a policy and its qualifiers")
        policy = _policy(value, parts[0], what)
        if policy in found:
            raise Malformed(
                f"{what}: {der.oid_text(policy)} is there twice,"
                " which RFC 5280, section 4.2.1.4, forbids"
            )
        found[policy] = None
        if len(parts) == 2:
            _check_all(value, *_sequence(parts[1], what))
    return tuple(found)


@lru_cache(maxsize=256)
def qualifiers(value: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Every policyQualifierId of certificatePolicies beside its policy, in their order.

    Raises `Malformed`: it is not of the extension's syntax, or a qualifier is not an identifier
    and its value.
    """
    what = "certificatePolicies"
    found = []
    for entry in _entries(value, what):
        parts = _parts(value, entry, what)
        for given in parts[1:]:
            for qualifier in der.elements(value, *_sequence(given, what)):
                both = _parts(value, qualifier, what)
                if len(both) != 2 or both[0][0] != der.OID:
                    raise Malformed(f"{what}: a qualifier is not an identifier and its value")
                found.append((value[slice(*parts[0][1:])], value[slice(*both[0][1:])]))
    return tuple(found)


@lru_cache(maxsize=256)
def policy_mappings(value: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Read policyMappings: pairs of issuerDomainPolicy and subjectDomainPolicy."""
    what = "policyMappings"
    found = []
    for entry in _entries(value, what):
        parts = _parts(value, entry, what)
        if len(parts) != 2:
            raise Malformed(f"{what}: an entry that is not a pair of policies")
        found.append((_policy(value, parts[0], what), _policy(value, parts[1], what)))
    return tuple(found)


@lru_cache(maxsize=256)
def policy_constraints(value: bytes) -> PolicyConstraints:
    """Read policyConstraints, of which at least one field must be there."""
    what = "policyConstraints"
    found: dict[int, int] = {}
    latest = 0
    for tag, first, last in _entries(value, what):
        if tag not in (0x80, 0x81) or tag <= latest:
            raise Malformed(f"{what}: an element with tag 0x{tag:02x} where none is allowed")
        found[tag] = _skip_certs(value[first:last], what)
        latest = tag
    return PolicyConstraints(found.get(0x80), found.get(0x81))


@lru_cache(maxsize=256)
def inhibit_any_policy(value: bytes) -> int:
    """Read inhibitAnyPolicy: after how many more certificates anyPolicy means nothing."""
    what = "inhibitAnyPolicy"
    start, end = der.only(value, der.INTEGER, what)
    return _skip_certs(value[start:end], what)


READERS: dict[bytes, tuple[str, Callable[[bytes], Any]]] = {
    facts.EXT_POLICIES: ("certificatePolicies", certificate_policies),
    facts.EXT_POLICY_MAPPINGS: ("policyMappings", policy_mappings),
    facts.EXT_POLICY_CONSTRAINTS: ("policyConstraints", policy_constraints),
    facts.EXT_INHIBIT_ANY_POLICY: ("inhibitAnyPolicy", inhibit_any_policy),
}
"""The names of the four extensions, and how each is read."""


def policy_extensions(certificate: Certificate) -> PolicyExtensions:
    """Read all four. One that is there twice is unreadable: nothing says which of them holds."""
    extensions = certificate.extensions
    if not extensions and "basic_constraints" in certificate.damage:
        # A fact that is damaged in the absence of all extensions: none could be read.
        because = f"the policies cannot be read: {certificate.damage['basic_constraints']}"
        return PolicyExtensions((), None, None, None, (because,))
    found: list[Any] = []
    wrong: list[str] = []
    for identifier, (what, read) in READERS.items():
        value = None
        if identifier in extensions:
            try:
                value = read(extensions[identifier])
                if identifier in certificate.duplicate_extensions:
                    raise Malformed(f"{what}: there twice, which RFC 5280, section 4.2, forbids")
            except Malformed as because:
                text = str(because)
                wrong.append(text if text.startswith(what) else f"{what}: {text}")
                value = () if identifier == facts.EXT_POLICIES else None
        found.append(value)
    return PolicyExtensions._make([*found, tuple(wrong)])


def _entries(value: bytes, what: str) -> list[_Element]:
    """The elements of the sequence that the value is; each of the three has at least one."""
    start, end = der.only(value, der.SEQUENCE, what)
    if start == end:
        raise Malformed(f"{what}: empty")
    return der.elements(value, start, end)


def _sequence(item: _Element, what: str) -> tuple[int, int]:
    tag, start, end = item
    if tag != der.SEQUENCE:
        raise Malformed(f"{what}: tag 0x{tag:02x} where a SEQUENCE was expected")
    return start, end


def _parts(value: bytes, entry: _Element, what: str) -> list[_Element]:
    return der.elements(value, *_sequence(entry, what))


def _policy(value: bytes, item: _Element, what: str) -> bytes:
    tag, start, end = item
    if tag != der.OID:
        raise Malformed(f"{what}: tag 0x{tag:02x} where a policy was expected")
    der.oid_text(value[start:end])
    return value[start:end]


def _skip_certs(content: bytes, what: str) -> int:
    number = der.integer(content)
    if number < 0:
        raise Malformed(f"{what}: a negative number of certificates")
    return number


def _check_all(value: bytes, start: int, end: int) -> None:
    """Look at every element between two offsets, at every depth."""
    to_do = [(start, end)]
    while to_do:
        for tag, first, last in der.elements(value, *to_do.pop()):
            if tag & 0x20:
                to_do.append((first, last))
