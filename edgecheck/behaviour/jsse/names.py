"""Host names (HostnameChecker) and name constraints (NameConstraintsExtension, DNSName)."""

import contextlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.domains import Domains, latin_lower
from edgecheck.behaviour.host import Host, same_address
from edgecheck.behaviour.jsse import general_names
from edgecheck.behaviour.jsse.records import V17, V21
from edgecheck.behaviour.openssl.names import as_utf8
from edgecheck.reading.certificate import EXT_SUBJECT_ALT_NAME, Certificate
from edgecheck.reading.names import name

_LDH = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = re.compile(rf"{_LDH}(?:\.{_LDH})*+")


_KEYWORDS = frozenset(
    (
        *(bytes((0x55, 4, number)) for number in (3, 6, 7, 8, 9, 10, 11)),
        bytes.fromhex("0992268993f22c640119"),
        bytes.fromhex("0992268993f22c640101"),
    )
)
"""Attributes that have a keyword in RFC 2253: CN, C, L, ST, STREET, O, OU, DC, UID."""
_UTF8, _PRINTABLE = 0x0C, 0x13
_LONGEST_IPV4 = 15
_EMAIL = bytes.fromhex("2a864886f70d010901")


def same(one: bytes, other: bytes) -> bool:
    """X500Principal.equals: the canonical strings of RFC 2253 (AVA.java).

    Attributes with a keyword, as PrintableString or UTF8String, without regard to case and spaces;
    all others are the same only in their very encoding.
    """
    return raw.same_by(one, other, _canonical)


@lru_cache(maxsize=raw.NAMES_KEPT)
def _canonical(name: bytes) -> list[list[tuple[bytes, int, str]]]:
    return [sorted(_canonical_attribute(*attribute) for attribute in rdn) for rdn in raw.rdns(name)]


def _canonical_attribute(kind: bytes, tag: int, content: bytes) -> tuple[bytes, int, str]:
    if kind not in _KEYWORDS or tag not in (_UTF8, _PRINTABLE):
        return kind, tag, content.hex()
    text = re.sub(" +", " ", content.decode("utf-8", "replace")).strip(_TRIMMED)
    return kind, 0, unicodedata.normalize("NFKD", text.upper().lower())


_SERVER = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^@/?#]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]*)?(?=[/?#]|$)"
)
_TRIMMED = "".join(map(chr, range(0x21)))
"""What String.trim takes away."""


class EmptyBase(Exception):
    """A dNSName without a character among name constraints, at which DNSName.java stumbles."""


class TooShort(EmptyBase):
    """An IPv4 address that begins like an IPv6 network among name constraints: its length."""


def matches(certificate: Certificate, host: Host) -> bool:
    """Whether Java 17 takes the certificate."""
    return mismatch(certificate, host, V17) is None


def matches_since_21(certificate: Certificate, host: Host) -> bool:
    """The same of Java 21 and later, which take fewer."""
    return mismatch(certificate, host, V21) is None


def alt_names(certificate: Certificate) -> tuple[raw.GeneralName, ...] | None:
    """The entries of subjectAltName; None where it is absent, or cannot be decoded."""
    value = certificate.extensions.get(EXT_SUBJECT_ALT_NAME)
    if value is None or general_names.wrong(EXT_SUBJECT_ALT_NAME, value) is not None:
        return None
    return general_names.entries(value)


def unreadable(certificate: Certificate) -> str | None:
    """Why subjectAltName cannot be decoded, as getExtensionIfParseable says it since 21."""
    value = certificate.extensions.get(EXT_SUBJECT_ALT_NAME)
    return None if value is None else general_names.wrong(EXT_SUBJECT_ALT_NAME, value)


def mismatch(
    certificate: Certificate, host: Host, version: int = V17, constrained: bool = False
) -> str | None:
    """Return what HostnameChecker says of a name that does not match; None where it does.

    `constrained`: NameConstraintsExtension.verify was asked about the certificate before, which
    adds the common name to the very list of alternative names that is looked at here.
    """
    address = packed(host)
    if address is None and not legal(host.name.removesuffix(".")):
        return f"Illegal given domain name: {host.name.removesuffix('.')}"
    wrong = unreadable(certificate) if version >= V21 else None
    if wrong is not None:
        return wrong
    entries = alt_names(certificate)
    if entries is not None and constrained:
        entries = (*entries, *_of_subject(certificate, entries))
    if address is not None:
        if entries is None:
            return "No subject alternative names present"
        if any(
            tag == raw.IP and same_address(value, ip_address(address)) for tag, value in entries
        ):
            return None
        return f"No subject alternative names matching IP address {host.name} found"
    wanted = host.name.removesuffix(".")
    dns = [value.decode("ascii", "replace") for tag, value in entries or () if tag == raw.DNS]
    if dns:
        if any(matched(wanted, template, version) for template in dns):
            return None
        return f"No subject alternative DNS name matching {wanted} found."
    common = common_name(certificate)
    if common is not None and matched(wanted, common, version):
        return None
    return f"No name matching {wanted} found"


def packed(host: Host) -> bytes | None:
    """Return the address that Java takes a host name for: `127.1` is one, too; None: no address."""
    return _ipv4(host.name) if host.address is None else host.address.packed


def _ipv4(text: str) -> bytes | None:
    """IPAddressUtil.textToNumericFormatV4: the last of up to four parts fills what is left."""
    parts = text.split(".")
    if len(text) > _LONGEST_IPV4 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    *octets, rest = map(int, parts)
    left = 4 - len(octets)
    if left < 1 or any(octet > 0xFF for octet in octets) or rest >= 1 << 8 * left:
        return None
    return bytes(octets) + rest.to_bytes(left)


def common_name(certificate: Certificate) -> str | None:
    """The most specific, which is the last, commonName."""
    found = raw.common_names(certificate)
    text = as_utf8(*found[-1]) if found else None
    return text.decode("utf-8") if text is not None else None


def legal(host: str) -> bool:
    """What SNIHostName takes: labels of letters, digits and hyphens (IDN.USE_STD3_ASCII_RULES)."""
    if not host or host.endswith("."):
        return False
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _NAME.fullmatch(ascii_host) is not None


def matched(host: str, template: str, version: int = V17) -> bool:
    """IsMatched for TLS: label by label; no star without a period after it.

    Both are compared as Unicode, so that a star takes no part of what stands behind `xn--`. Stars
    are anywhere (matchAllWildcards), since 21 in the first label alone (matchLeftmostWildcard).
    """
    try:
        host, template = _unicode(host), _unicode(template)
    except UnicodeError:
        return False
    if template in ("*", "*.") or ("*" in template and "." not in template.rpartition("*")[2]):
        return False
    if not legal(template.replace("*", "z")):
        return False
    if version >= V21:
        own, *rest = host.lower().split(".", 1)
        first, *behind = template.lower().split(".", 1)
        return rest == behind and _wildcards(own, first)
    labels = [label for label in host.lower().split(".") if label]
    parts = [part for part in template.lower().split(".") if part]
    return len(labels) == len(parts) and all(map(_wildcards, labels, parts))


def _unicode(name: str) -> str:
    """IDN.toUnicode(IDN.toASCII(name)), of RFC 3490. Raises `UnicodeError`."""
    if name.isascii() and "xn--" not in name.lower():
        return name
    from encodings.idna import ToASCII, ToUnicode  # only such names pay for it

    labels = []
    for label in name.split("."):
        text = label if label.isascii() else ToASCII(label).decode("ascii")
        with contextlib.suppress(UnicodeError):  # a label that cannot be decoded stays
            text = ToUnicode(text.lower())
        labels.append(text)
    return ".".join(labels)


def _wildcards(label: str, template: str) -> bool:
    """matchWildCards: pieces between stars in order, from the start to the end."""
    if "*" not in template:
        return label == template
    *pieces, last = template.split("*")
    for at, piece in enumerate(pieces):
        found = label.find(piece)
        if found < 0 or (at == 0 and found != 0):
            return False
        label = label[found + len(piece) :]
    return label.endswith(last)


def allowed(certificate: Certificate, held: raw.Constraints) -> bool:
    """NameConstraintsExtension.verify: subject, alternative names, and the last common name."""
    names: list[raw.GeneralName] = []
    if raw.rdn_count(certificate.subject_raw):
        names.append((raw.DIRECTORY, certificate.subject_raw))
    written = alt_names(certificate)
    entries = list(written or ())
    if written is None:
        emails = (v for kind, _, v in raw.attributes(certificate.subject_raw) if kind == _EMAIL)
        entries += [(raw.EMAIL, value) for value in emails]
    entries += _of_subject(certificate, entries)
    dns = any(tag == raw.DNS for tag, _ in entries)
    if dns and (raw.DNS, b"") in (*held.permitted, *held.excluded):
        raise EmptyBase
    domains = [Domains((b for f, b in group if f == raw.DNS), latin_lower) for group in held]
    return all(_single(general, held, domains) for general in (*names, *entries))


def _of_subject(
    certificate: Certificate, entries: Iterable[raw.GeneralName]
) -> tuple[raw.GeneralName, ...]:
    """Return the common name as the kind of name that it is, if there is none of that kind."""
    common = common_name(certificate)
    if common is None:
        return ()
    address = _packed(common)
    form = raw.DNS if address is None else raw.IP
    if any(tag == form for tag, _ in entries):
        return ()
    if address is not None:
        return ((form, address),)
    return ((form, common.encode()),) if _is_dns(common.replace("*", "z")) else ()


_DNS = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*+"
)


def _is_dns(text: str) -> bool:
    """What the constructor of DNSName takes."""
    return bool(_DNS.fullmatch(text))


def _packed(text: str) -> bytes | None:
    with contextlib.suppress(ValueError):
        return ip_address(text).packed
    return _ipv4(text)


def _single(general: raw.GeneralName, held: raw.Constraints, domains: list[Domains]) -> bool:
    if general[0] == raw.DNS:
        among, out = domains
        if out.take_at_border(general[1]):
            return False
        return not among or among.take_at_border(general[1])
    bases = (*held.permitted, *held.excluded)
    work.spend(work.COMPARISON * len(bases))
    if general[0] == raw.URI and uri_host(general[1]) is None:
        return all(tag != raw.URI for tag, _ in bases)  # else a NullPointerException
    if any(_within(general, base) for base in held.excluded if base[0] == general[0]):
        return False
    permitted = [base for base in held.permitted if base[0] == general[0]]
    return not permitted or any(_within(general, base) for base in permitted)


def _within(general: raw.GeneralName, base: raw.GeneralName) -> bool:
    """constrains() gives NAME_MATCH or NAME_NARROWS."""
    form, value = general
    if form == raw.IP:
        return _in_network(value, base[1])
    if form == raw.DIRECTORY:
        have_rdns, base_rdns = name(value).canonical, name(base[1]).canonical
        return have_rdns[: len(base_rdns)] == base_rdns
    have, wanted = value.decode("latin-1").lower(), base[1].decode("latin-1").lower()
    if form == raw.URI:  # a host, or with a leading period what is below it
        have = (uri_host(value) or "").lower()
        return have == wanted or (
            wanted.startswith(".") and have.endswith(wanted) and _packed(have) is None
        )
    if have == wanted:
        return True
    border = wanted.startswith(".") or have[: -len(wanted)].endswith("@")
    return "@" not in wanted and have.endswith(wanted) and border


def _in_network(value: bytes, base: bytes) -> bool:
    """IPAddressName.constrains, which counts the octets of the network, not those of the address.

    A base without a mask is an address.

    Raises:
        TooShort: it comes to an octet that the address has not.
    """
    if len(base) not in (8, 32):
        return value == base
    half = len(base) // 2
    network, mask = base[:half], base[half:]
    if any((a & m) != n for a, m, n in zip(value, mask, network, strict=False)):
        return False
    if len(value) < half:
        raise TooShort(len(value))
    return True


def uri_host(value: bytes) -> str | None:
    """URI.getHost: that of a URI whose authority is a server's; None where there is none."""
    found = _SERVER.match(value.decode("latin-1"))
    return found[1] if found is not None else None
