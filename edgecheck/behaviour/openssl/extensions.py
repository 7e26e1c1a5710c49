"""Which extensions OpenSSL decodes before it verifies anything, and what it cannot decode.

ossl_x509v3_cache_extensions (crypto/x509/v3_purp.c at 3.0, 3.4 and 4.0; crypto/x509v3/v3_purp.c
at 1.1.1). A certificate with one that cannot be decoded, or is there twice, has EXFLAG_INVALID: it
issues nothing, and nobody is looked for who issued it. Policies and all that is not listed here
are not looked into as long as nobody asks for policies. Up to 1.1.0 such an extension counts as
absent.
"""

from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl import templates as t
from edgecheck.behaviour.openssl.tree import Node, in_der, tree
from edgecheck.reading import certificate as reading
from edgecheck.reading.certificate import Certificate

NS_CERT_TYPE = bytes.fromhex("6086480186f8420101")
IP_ADDRESSES = bytes.fromhex("2b06010505070107")
AS_NUMBERS = bytes.fromhex("2b06010505070108")
PROXY = bytes.fromhex("2b0601050507010e")

_OID = t.primitive(t.OID)
_BITS, _OCTETS = t.primitive(t.BIT_STRING), t.primitive(t.OCTET_STRING)
_ATTRIBUTE = t.sequence(_OID, t.text())
_NAME = t.of(t.of(_ATTRIBUTE, type_=t.SET))
_IA5 = 22
_PARTY = t.directory_text()
GENERAL_NAME = t.choice(
    t.sequence(_OID, t.explicit(0, t.ANY), number=0),
    t.primitive(_IA5, 1),
    t.primitive(_IA5, 2),
    t.raw_sequence(3),
    t.explicit(4, _NAME),
    t.sequence(t.optional(t.explicit(0, _PARTY)), t.explicit(1, _PARTY), number=5),
    t.primitive(_IA5, 6),
    t.primitive(t.OCTET_STRING, 7),
    t.primitive(t.OID, 8),
)
_POINT_NAME = t.explicit(0, t.choice(t.of(GENERAL_NAME, 0), t.of(_ATTRIBUTE, 1, t.SET)))
_REASONS, _ISSUERS = t.primitive(t.BIT_STRING, 1), t.of(GENERAL_NAME, 2)
_POINTS = t.of(t.sequence(t.optional(_POINT_NAME), t.optional(_REASONS), t.optional(_ISSUERS)))
_SUBTREE = t.sequence(
    GENERAL_NAME, t.optional(t.primitive(t.NUMBER, 0)), t.optional(t.primitive(t.NUMBER, 1))
)
_INHERIT = t.primitive(t.NULL)
_AS_CHOICE = t.choice(_INHERIT, t.of(t.choice(t.INTEGER, t.sequence(t.INTEGER, t.INTEGER))))

DECODED: dict[bytes, t.Field] = {
    NS_CERT_TYPE: _BITS,
    reading.EXT_SUBJECT_ALT_NAME: t.of(GENERAL_NAME),
    reading.EXT_CRL_DISTRIBUTION_POINTS: _POINTS,
    reading.EXT_NAME_CONSTRAINTS: t.sequence(
        t.optional(t.of(_SUBTREE, 0)), t.optional(t.of(_SUBTREE, 1))
    ),
    IP_ADDRESSES: t.of(
        t.sequence(_OCTETS, t.choice(_INHERIT, t.of(t.choice(_BITS, t.sequence(_BITS, _BITS)))))
    ),
    AS_NUMBERS: t.sequence(
        t.optional(t.explicit(0, _AS_CHOICE)), t.optional(t.explicit(1, _AS_CHOICE))
    ),
    PROXY: t.sequence(t.optional(t.INTEGER), t.sequence(_OID, t.optional(_OCTETS))),
}
"""What it decodes beside the kinds that the readers of `edgecheck.reading` are for."""
ONCE = frozenset(
    (
        *DECODED,
        reading.EXT_BASIC_CONSTRAINTS,
        reading.EXT_KEY_USAGE,
        reading.EXT_EXTENDED_KEY_USAGE,
        reading.EXT_SUBJECT_KEY_ID,
        reading.EXT_AUTHORITY_KEY_ID,
    )
)
"""All that it decodes: what is there twice cannot be."""


@lru_cache(maxsize=256)
def undecodable(kind: bytes, value: bytes) -> str | None:
    """Return why OpenSSL since 1.1.1 cannot decode an extension; None: it can, or does not look.

    `kind` and `value` are the contents of its identifier and of its OCTET STRING.
    """
    if kind not in DECODED or undecodable_in_der(kind, value) is None:
        return None
    return t.wrong(DECODED[kind], value)


@lru_cache(maxsize=256)
def undecodable_in_der(kind: bytes, value: bytes) -> str | None:
    """Return why one of DECODED cannot be decoded where BER will not do; None: it can."""
    return t.wrong(DECODED[kind], value, der=True)


@lru_cache(maxsize=256)
def pointless(kind: bytes, value: bytes) -> str | None:
    """Return why OpenSSL 3.0 and later take CRL distribution points, though decoded, for invalid.

    setup_dp (v3_purp.c): one has neither a name nor an issuer. They have to be decodable.
    """
    if kind != reading.EXT_CRL_DISTRIBUTION_POINTS:
        return None
    for point in tree(value).within:
        fields = {field.number: field for field in point.within}
        if 0 not in fields and (2 not in fields or not fields[2].within):
            return "a distribution point without a name and without an issuer"
    return None


def unreadable(certificate: Certificate, since_3: bool) -> bool:
    """Whether an extension of DECODED is there that cannot be decoded, or is pointless."""
    return any(
        undecodable(kind, value) is not None or (since_3 and pointless(kind, value) is not None)
        for kind, value in certificate.extensions.items()
        if kind in DECODED
    )


def decodes(certificate: Certificate, kind: bytes) -> bool:
    """Whether an extension of DECODED is there, once, and can be decoded."""
    value = certificate.extensions.get(kind)
    once = kind not in certificate.duplicate_extensions
    return value is not None and once and undecodable(kind, value) is None


class Bounded(bytes):
    """A base with a minimum or a maximum; `from_zero` where that is a minimum of 0 alone."""

    from_zero = False


def constraints(certificate: Certificate) -> raw.Constraints | None:
    """The bases of nameConstraints, which may be in BER; None where it cannot be decoded."""
    if not decodes(certificate, reading.EXT_NAME_CONSTRAINTS):
        return None
    groups = {
        group.number: tuple(map(_base, group.within))
        for group in tree(certificate.extensions[reading.EXT_NAME_CONSTRAINTS]).within
    }
    return raw.Constraints(groups.get(0, ()), groups.get(1, ()))


def _base(subtree: Node) -> raw.GeneralName:
    name, *bounds = subtree.within
    value = name.content or b"".join(map(in_der, name.within))
    if bounds:
        value = Bounded(value)
        value.from_zero = not any(each.number == _MAXIMUM or any(each.content) for each in bounds)
    return name.tag, value


_MAXIMUM = 1


def is_proxy(certificate: Certificate) -> bool:
    """EXFLAG_PROXY: proxyCertInfo (RFC 3820)."""
    return decodes(certificate, PROXY)


def contradicts_proxy(certificate: Certificate) -> bool:
    """Whether beside proxyCertInfo stands what a proxy must not have: another name."""
    others = (reading.EXT_SUBJECT_ALT_NAME, reading.EXT_ISSUER_ALT_NAME)
    return is_proxy(certificate) and any(kind in certificate.extensions for kind in others)


def misnamed_proxy(certificate: Certificate) -> bool:
    """Whether a proxy's subject is not the issuer's with one common name more (RFC 3820, 3.4)."""
    if not is_proxy(certificate):
        return False
    *above, own = raw.attributes(certificate.subject_raw) or (None,)
    return (
        own is None or own[0] != _COMMON_NAME or above != [*raw.attributes(certificate.issuer_raw)]
    )


_COMMON_NAME = b"\x55\x04\x03"


def netscape_type(certificate: Certificate) -> int | None:
    """The first eight bits of nsCertType; None where it is absent or cannot be decoded."""
    if not decodes(certificate, NS_CERT_TYPE):
        return None
    found = tree(certificate.extensions[NS_CERT_TYPE])
    bits = found.content[1:] or b"".join(piece.content[1:] for piece in found.within)
    return bits[0] if bits else 0
