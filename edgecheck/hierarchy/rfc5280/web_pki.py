"""The CA/Browser Forum's baseline requirements as far as validators enforce them.

For chains below public roots alone (profile `web-pki`); a private hierarchy owes them
nothing. Sections are those of the TLS Baseline Requirements 2.0.
"""

import ipaddress
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edgecheck.hierarchy.rfc5280.contents import Broken
from edgecheck.hierarchy.rfc5280.profile import all_of, self_signed
from edgecheck.hierarchy.signatures import algorithm, hash_of
from edgecheck.reading import certificate as facts
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    CLIENT_AUTH,
    KEY_CERT_SIGN,
    SERVER_AUTH,
    GeneralNames,
)
from edgecheck.reading.hostnames import Address, as_address, comparable

IsSuffix = Callable[[str], bool]
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
HASHES = ("sha256", "sha384", "sha512")
NEED_NOT_BE_CRITICAL = frozenset({facts.EXT_NAME_CONSTRAINTS})
"""Section 7.1.2.10.8 excepts them from RFC 5280, for software that does not know them."""


def baseline(
    certificate: Certificate, is_ca: bool, is_anchor: bool, is_public_suffix: IsSuffix | None
) -> Iterator[Broken]:
    """What a certificate breaks; `is_ca` where it issued another one of the path.

    `is_public_suffix` tells whether a domain is one that a registry controls (the ICANN
    part of the public suffix list, as section 3.2.2.6 asks); None: that is not known.

    Raises:
        Unreadable: a fact that a requirement is about cannot be decoded.
        Malformed: an extension that the requirements are about cannot be decoded.
    """
    checks = [_key(certificate), _key_identifier(certificate, is_anchor)]
    if not is_anchor:
        checks.append(_signature(certificate))
    if not is_ca:
        checks += [
            _usage(certificate),
            _purposes(certificate),
            _alternative_names(certificate, is_public_suffix),
            _common_names(certificate),
        ]
    elif is_anchor and certificate.is_self_issued:
        if certificate.extended_key_usage is not None:
            yield "7.1.2.1.2", "extKeyUsage in a root certificate"
        if certificate.key_usage is None:
            yield "7.1.2.1.2", "keyUsage is missing in a root certificate"
    yield from all_of(*checks)


def _signature(certificate: Certificate) -> Iterator[Broken]:
    used, made = algorithm(certificate.signature_algorithm), hash_of(certificate)
    if made is not None and made.name not in HASHES and not self_signed(certificate):
        yield "7.1.3.2", f"signed with {used.name} and {made.name}"


def _key_identifier(certificate: Certificate, is_anchor: bool) -> Iterator[Broken]:
    authority = certificate.authority_key_id
    if authority is None:
        return
    if authority.key_id is None or authority.issuers or authority.serial is not None:
        yield "7.1.2.11.1", "authorityKeyIdentifier has more or other than a keyIdentifier"
    elif is_anchor and certificate.is_self_issued and not _own(certificate):
        yield "7.1.2.1.3", "a root's authorityKeyIdentifier is not its own identifier"


def _own(certificate: Certificate) -> bool:
    authority = certificate.authority_key_id
    return authority is not None and authority.key_id == certificate.subject_key_id


def _key(certificate: Certificate) -> Iterator[Broken]:
    key = certificate.public_key
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < 2048:
            yield "6.1.5", f"an RSA key of {key.key_size} bits"
        elif key.key_size % 8:
            yield "6.1.5", f"an RSA modulus of {key.key_size} bits, not a multiple of 8"
        if key.public_numbers().e % 2 == 0 or key.public_numbers().e < 3:
            yield "6.1.6", "an RSA exponent that is even or less than 3"
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if not isinstance(key.curve, CURVES):
            yield "6.1.5", f"the curve {key.curve.name}"
    else:
        yield "6.1.5", f"a key of the kind {type(key).__name__.removesuffix('PublicKey')}"


def _usage(certificate: Certificate) -> Iterator[Broken]:
    if certificate.is_ca:
        yield "7.1.2.7.8", "CA:TRUE in a subscriber's certificate"
    if certificate.key_usage is not None and certificate.key_usage & KEY_CERT_SIGN:
        yield "7.1.2.7.11", "keyCertSign in a subscriber's certificate"


def _purposes(certificate: Certificate) -> Iterator[Broken]:
    usages = certificate.extended_key_usage
    if usages is None:
        yield "7.1.2.7.10", "extKeyUsage is missing in a subscriber's certificate"
        return
    if facts.EXT_EXTENDED_KEY_USAGE in certificate.critical:
        yield "7.1.2.7.6", "extKeyUsage is critical in a subscriber's certificate"
    if ANY_EXTENDED_KEY_USAGE in usages:
        yield "7.1.2.7.10", "anyExtendedKeyUsage in a subscriber's certificate"
    elif SERVER_AUTH not in usages and CLIENT_AUTH not in usages:
        yield "7.1.2.7.10", "extKeyUsage without serverAuth"


def _alternative_names(
    certificate: Certificate, is_public_suffix: IsSuffix | None
) -> Iterator[Broken]:
    names = certificate.alt_names
    if names is None:
        yield "7.1.2.7.12", "subjectAltName is missing in a subscriber's certificate"
        return
    if facts.EXT_SUBJECT_ALT_NAME in certificate.critical and certificate.subject.rdns:
        yield "7.1.2.7.12", "subjectAltName is critical beside a subject that is not empty"
    for text in names.dns:
        if as_address(text) is not None:
            yield "7.1.2.7.12", f"the IP address {text} as a dNSName"
        if text.startswith("*.") and "." not in text[2:]:
            yield "3.2.2.6", f"the wildcard {text} spans a whole top-level domain"
        elif text.startswith("*."):
            if is_public_suffix is None:
                raise der.Malformed(f"whether {text[2:]} is a public suffix is not known")
            if is_public_suffix(text[2:]):
                yield "3.2.2.6", f"the wildcard {text} spans a public suffix"


def _common_names(certificate: Certificate) -> Iterator[Broken]:
    names = certificate.alt_names
    if names is None:
        return
    values = (*names.dns, *map(str, names.ip))
    for common in certificate.subject.common_names:
        if common in values:
            continue
        if _respelled(common, names.dns, names.ip):
            yield "7.1.4.3", f"the common name {common!r} spells a subjectAltName in another way"
        elif f"*.{common}" not in values and not _is_internal(names):
            yield "7.1.4.3", f"the common name {common!r} is none of the values of subjectAltName"


def _is_internal(names: GeneralNames) -> bool:
    """Whether it is for what no public authority certifies (section 4.2.2), whatever else it has.

    The requirements are not about such a certificate; what its subject says, nobody reads.
    """
    if any(not address.is_global for address in names.ip):
        return True
    domains = (text.lower().rpartition(".") for text in names.dns)
    return any(not dot or last in _INTERNAL for _, dot, last in domains)


_INTERNAL = frozenset({"localhost", "local", "test", "invalid", "internal"})
"""Domains that are on no public network (RFC 6761, RFC 6762, and ICANN for the last)."""


def _respelled(common: str, dns: tuple[str, ...], ips: tuple[Address, ...]) -> bool:
    """Whether a common name means one of the names, and is no copy of it."""
    folded = comparable(common)
    if folded is not None and folded in (text.lower() for text in dns):
        return True
    address = as_address(common) or _loose_ipv4(common)
    return address is not None and address in ips


def _loose_ipv4(text: str) -> Address | None:
    """An IPv4 address as inet_aton(3) reads it: in hexadecimal, with zeros, as one number."""
    *first, last = text.split(".")
    try:
        octets = [_number(part) for part in first]
        rest = _number(last).to_bytes(4 - len(octets), "big")
        return ipaddress.IPv4Address(bytes(octets) + rest)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> int:
    return int(text, 16 if text[:2].lower() == "0x" else 10)
