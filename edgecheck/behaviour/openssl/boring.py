"""What BoringSSL decodes of extensions: DER alone, and policies whoever asks for none.

x509v3_cache_extensions of crypto/x509/v3_purp.cc, X509V3_EXT_d2i of v3_lib.cc, and
X509_policy_check of policy.cc, which looks at every certificate of a chain.
"""

from functools import lru_cache

from edgecheck.behaviour.openssl import extensions as openssl
from edgecheck.behaviour.openssl import templates as t
from edgecheck.behaviour.openssl.tree import tree
from edgecheck.reading import certificate as reading
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed
from edgecheck.reading.policies import ANY_POLICY

_DECODED = frozenset(
    (
        reading.EXT_SUBJECT_ALT_NAME,
        reading.EXT_CRL_DISTRIBUTION_POINTS,
        reading.EXT_NAME_CONSTRAINTS,
    )
)
ONCE = openssl.ONCE - {
    openssl.NS_CERT_TYPE,
    openssl.IP_ADDRESSES,
    openssl.AS_NUMBERS,
    openssl.PROXY,
}
"""What it decodes before it verifies anything."""

_OCTET = 8
"""Bits."""
_OID = t.primitive(t.OID)
_QUALIFIERS = t.of(t.sequence(_OID, t.ANY))
POLICY_SYNTAX: dict[bytes, t.Field] = {
    reading.EXT_POLICIES: t.of(t.sequence(_OID, t.optional(_QUALIFIERS))),
    reading.EXT_POLICY_MAPPINGS: t.of(t.sequence(_OID, _OID)),
    reading.EXT_POLICY_CONSTRAINTS: t.sequence(
        t.optional(t.primitive(t.NUMBER, 0)), t.optional(t.primitive(t.NUMBER, 1))
    ),
    reading.EXT_INHIBIT_ANY_POLICY: t.INTEGER,
}
"""The extensions about policies, each as RFC 5280, section 4.2.1, writes it."""


def undecodable(kind: bytes, value: bytes) -> str | None:
    """Return why BoringSSL takes a certificate with it for invalid; None: it does not."""
    return openssl.undecodable_in_der(kind, value) if kind in _DECODED else None


def unreadable(certificate: Certificate) -> bool:
    """Whether one of the extensions beside the usual ones cannot be decoded."""
    return any(
        undecodable(kind, value) is not None for kind, value in certificate.extensions.items()
    )


def usages(value: bytes) -> int | None:
    """Return the first two octets of keyUsage; None where CBS_is_valid_asn1_bitstring says no."""
    try:
        start, end = der.only(value, der.BIT_STRING, "keyUsage")
    except Malformed:
        return None
    contents = value[start:end]
    unused = contents[0] if contents else _OCTET
    if unused >= _OCTET or (contents[-1] & (1 << unused) - 1 and len(contents) > 1):
        return None
    if len(contents) == 1 and unused:
        return None
    return int.from_bytes(contents[1:3].ljust(2, b"\0"), "big")


@lru_cache(maxsize=256)
def invalid_policy(kind: bytes, value: bytes) -> str | None:
    """Return what its check of policies refuses in an extension; None: nothing."""
    if kind not in POLICY_SYNTAX:
        return None
    wrong = t.wrong(POLICY_SYNTAX[kind], value, der=True)
    if wrong is not None:
        return wrong
    found = tree(value)
    if kind == reading.EXT_INHIBIT_ANY_POLICY:
        return _NEGATIVE if found.content[0] & 0x80 else None
    if not found.within:
        return "it is empty"
    if kind == reading.EXT_POLICY_CONSTRAINTS:
        return _NEGATIVE if any(one.content[0] & 0x80 for one in found.within) else None
    policies = [one.within[0].content for one in found.within]
    if kind == reading.EXT_POLICIES:
        return f"a policy {TWICE}" if len(set(policies)) < len(policies) else None
    mapped = {each.content for one in found.within for each in one.within}
    return MAPS_ANY if ANY_POLICY in mapped else None


MAPS_ANY = "anyPolicy is mapped"
TWICE = "is there twice"
_NEGATIVE = "a negative number of certificates"


def policies_invalid(certificate: Certificate, is_leaf: bool) -> bool:
    """Whether X509_policy_check ends here; mappings of a server certificate are not looked at."""
    for kind in POLICY_SYNTAX.keys() & certificate.extensions:
        if is_leaf and kind == reading.EXT_POLICY_MAPPINGS:
            continue
        if kind in certificate.duplicate_extensions:
            return True
        if invalid_policy(kind, certificate.extensions[kind]) is not None:
            return True
    return False
