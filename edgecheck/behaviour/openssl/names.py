"""Host names and addresses: X509_check_host and X509_check_ip (v3_utl.c)."""

import re
from functools import lru_cache

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host, as_decimals
from edgecheck.reading.certificate import Certificate

_CODECS = {0x0C: "utf-8", 0x1C: "utf-32-be", 0x1E: "utf-16-be"}
_LABEL = re.compile(rb"[0-9A-Za-z-]+")
_SETTABLE = re.compile(r"\.?(?:[0-9A-Za-z_](?:[0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?(?:\.(?!$)|$))++")
_LEAST, _MOST = 2, 256
"""Octets of a name that X509_VERIFY_PARAM_set1_host takes since 4.0."""


def matches(certificate: Certificate, host: Host) -> bool:
    """Whether what calls OpenSSL plainly takes the certificate: X509_VERIFY_PARAM_set1_host."""
    return _matches(certificate, host, host.octets, True)


def matches_since_4_0(certificate: Certificate, host: Host) -> bool:
    """Whether it takes the certificate, and the name at all."""
    return (host.address is not None or settable(host.name)) and matches(certificate, host)


def matches_whole_labels(certificate: Certificate, host: Host) -> bool:
    """Whether it does with X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, and the name as Python has it."""
    host = as_decimals(host)
    return _matches(certificate, host, as_python(host).encode("utf-8", "replace"), False)


def as_python(host: Host) -> str:
    """The name in A-labels of IDNA 2003 (RFC 3490), as the codec `idna` makes them."""
    if host.name.isascii():
        return host.name
    try:
        return host.name.encode("idna").decode("ascii")
    except UnicodeError:
        return host.name


def _matches(certificate: Certificate, host: Host, octets: bytes, partial: bool) -> bool:
    if host.address is not None:
        return address_matches(certificate, host.address.packed)
    return host_matches(certificate, octets, partial)


def host_matches(certificate: Certificate, wanted: bytes, partial_wildcards: bool) -> bool:
    """do_x509_check for GEN_DNS: dNSNames; the common names where there is no dNSName."""
    names = [value for tag, value in raw.alt_names(certificate) or () if tag == raw.DNS]
    if names:
        return any(equal(name, wanted, partial_wildcards) for name in names)
    return any(
        equal(value, wanted, partial_wildcards)
        for value in (as_utf8(tag, content) for tag, content in raw.common_names(certificate))
        if value
    )


def settable(host: str) -> bool:
    """What X509_VERIFY_PARAM_set1_host takes since 4.0 (validate_hostname_part of x509_vpm.c).

    Labels of letters, digits, hyphens inside and underscores, without a dot at the end; measured
    at 4.0.3. Up to 3.6 it takes whatever has no NUL inside.
    """
    return _LEAST <= len(host) <= _MOST and _SETTABLE.fullmatch(host) is not None


def address_matches(certificate: Certificate, packed: bytes) -> bool:
    """do_x509_check for GEN_IPADD: iPAddress entries alone."""
    names = raw.alt_names(certificate) or ()
    return any(tag == raw.IP and value == packed for tag, value in names)


def as_utf8(tag: int, content: bytes) -> bytes | None:
    """ASN1_STRING_to_UTF8: strings of one byte a character are taken for Latin-1."""
    try:
        return content.decode(_CODECS.get(tag, "latin-1")).encode("utf-8")
    except UnicodeError:
        return None


_CANONICAL = frozenset((0x0C, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E))
"""Types of strings that are compared as text (ASN1_MASK_CANON): NumericString is none of them."""


def same(one: bytes, other: bytes) -> bool:
    """X509_NAME_cmp: as UTF-8, with ASCII letters and white space folded (x_name.c)."""
    return raw.same_by(one, other, _canonical)


@lru_cache(maxsize=raw.NAMES_KEPT)
def _canonical(name: bytes) -> list[list[tuple[bytes, int, bytes]]]:
    """asn1_string_canon: a relative name is a set; of other types the contents as they stand."""
    return [sorted(_canonical_attribute(*attribute) for attribute in rdn) for rdn in raw.rdns(name)]


def _canonical_attribute(kind: bytes, tag: int, content: bytes) -> tuple[bytes, int, bytes]:
    text = as_utf8(tag, content) if tag in _CANONICAL else None
    if text is None:
        return kind, tag, content
    return kind, 0, b" ".join(text.lower().split())


def equal(pattern: bytes, host: bytes, partial: bool) -> bool:
    """equal_wildcard: without regard to case; a star in the first label, if it is legal."""
    star = None
    if not (len(host) > 1 and host[:1] == b"."):
        star = valid_star(pattern, partial)
    if star is None:
        return _no_case(_suffix(pattern, host), host)
    return _wildcard(pattern[:star], pattern[star + 1 :], host)


def _suffix(pattern: bytes, host: bytes) -> bytes:
    """skip_prefix: a host that begins with a period matches whatever is below it."""
    if len(host) > 1 and host[:1] == b"." and len(pattern) > len(host):
        prefix = pattern[: len(pattern) - len(host)]
        return pattern[len(prefix) :] if b"\0" not in prefix else pattern
    return pattern


def _no_case(one: bytes, other: bytes) -> bool:
    return b"\0" not in one and one.lower() == other.lower()


def valid_star(pattern: bytes, partial: bool) -> int | None:
    """Where the one legal star is: at an end of the first label, with two dots after it."""
    star = None
    start, hyphen, idna = True, False, False
    dots = 0
    for at, byte in enumerate(pattern):
        character = chr(byte)
        if character == "*":
            at_end = at == len(pattern) - 1 or pattern[at + 1 : at + 2] == b"."
            if star is not None or idna or dots:
                return None
            if not (start and at_end) and (not partial or not (start or at_end)):
                return None
            star, start = at, False
        elif character.isascii() and character.isalnum():
            if start and pattern[at : at + 4].lower() == b"xn--":
                idna = True
            start = hyphen = False
        elif character == ".":
            if start or hyphen:
                return None
            start, hyphen, idna = True, False, False
            dots += 1
        elif character == "-":
            if start:
                return None
            hyphen = True
        else:
            return None
    return None if start or hyphen or dots < 2 else star


def _wildcard(prefix: bytes, suffix: bytes, host: bytes) -> bool:
    """wildcard_match: what the star stands for is one label of letters, digits and hyphens."""
    if len(host) < len(prefix) + len(suffix):
        return False
    end = len(host) - len(suffix)
    if not _no_case(prefix, host[: len(prefix)]) or not _no_case(host[end:], suffix):
        return False
    middle = host[len(prefix) : end]
    whole = not prefix and suffix[:1] == b"."
    if whole and not middle:
        return False
    if not whole and host[:4].lower() == b"xn--":
        return False
    return middle in (b"", b"*") or bool(_LABEL.fullmatch(middle))
