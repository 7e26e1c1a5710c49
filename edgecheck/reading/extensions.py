"""The contents of the extensions that a chain is judged by (RFC 5280, section 4.2.1).

Each function takes the contents of an extension's OCTET STRING and returns a value,
or raises `Malformed`. What nearly every certificate has is known by its bytes.
"""

import ipaddress
from typing import NamedTuple

from edgecheck.reading import der
from edgecheck.reading.der import Malformed

DIGITAL_SIGNATURE = 0x8000
NON_REPUDIATION = 0x4000
KEY_ENCIPHERMENT = 0x2000
DATA_ENCIPHERMENT = 0x1000
KEY_AGREEMENT = 0x0800
KEY_CERT_SIGN = 0x0400
CRL_SIGN = 0x0200
ENCIPHER_ONLY = 0x0100
DECIPHER_ONLY = 0x0080

KEY_USAGE_NAMES = {
    DIGITAL_SIGNATURE: "digitalSignature",
    NON_REPUDIATION: "nonRepudiation",
    KEY_ENCIPHERMENT: "keyEncipherment",
    DATA_ENCIPHERMENT: "dataEncipherment",
    KEY_AGREEMENT: "keyAgreement",
    KEY_CERT_SIGN: "keyCertSign",
    CRL_SIGN: "cRLSign",
    ENCIPHER_ONLY: "encipherOnly",
    DECIPHER_ONLY: "decipherOnly",
}

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
MICROSOFT_SGC = "1.3.6.1.4.1.311.10.3.3"
NETSCAPE_SGC = "2.16.840.1.113730.4.1"
"""Server-gated cryptography, which some take for serverAuth; no RFC has it."""
ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0"


class BasicConstraints(NamedTuple):
    """RFC 5280, section 4.2.1.9."""

    ca: bool
    path_length: int | None


class AuthorityKeyId(NamedTuple):
    """RFC 5280, section 4.2.1.1. The issuer names are the DER of the directory names given."""

    key_id: bytes | None
    issuers: tuple[bytes, ...]
    serial: int | None


class GeneralNames(NamedTuple):
    """RFC 5280, section 4.2.1.6: the names of a certificate by form.

    `others` holds (tag number, contents) of the forms that are not read further;
    `wrong` says what was wrong with single entries, which are then left out.
    """

    dns: tuple[str, ...] = ()
    ip: tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, ...] = ()
    email: tuple[str, ...] = ()
    uri: tuple[str, ...] = ()
    directory: tuple[bytes, ...] = ()
    others: tuple[tuple[int, bytes], ...] = ()
    wrong: tuple[str, ...] = ()


_USUAL_CONSTRAINTS = {
    bytes.fromhex("3000"): BasicConstraints(False, None),
    bytes.fromhex("30030101ff"): BasicConstraints(True, None),
    bytes.fromhex("30060101ff020100"): BasicConstraints(True, 0),
    bytes.fromhex("30060101ff020101"): BasicConstraints(True, 1),
    bytes.fromhex("30060101ff020102"): BasicConstraints(True, 2),
}
_USUAL_USAGES: dict[bytes, tuple[str, ...]] = {
    bytes.fromhex("300a06082b06010505070301"): (SERVER_AUTH,),
    bytes.fromhex("300a06082b06010505070302"): (CLIENT_AUTH,),
    bytes.fromhex("301406082b0601050507030106082b06010505070302"): (SERVER_AUTH, CLIENT_AUTH),
    bytes.fromhex("301406082b0601050507030206082b06010505070301"): (CLIENT_AUTH, SERVER_AUTH),
}
"""What nearly every certificate has: there is nothing to decode."""


def basic_constraints(value: bytes) -> BasicConstraints:
    """Read basicConstraints. A `cA` that is encoded although FALSE is read as FALSE."""
    usual = _USUAL_CONSTRAINTS.get(value)
    if usual is not None:
        return usual
    start, end = der.only(value, der.SEQUENCE, "basicConstraints")
    parts = der.elements(value, start, end)
    ca, length = False, None
    if parts and parts[0][0] == der.BOOLEAN:
        content = value[parts[0][1] : parts[0][2]]
        if len(content) != 1:
            raise Malformed(f"basicConstraints: cA is a BOOLEAN of {len(content)} bytes")
        if content not in (b"\xff", b"\x00"):
            raise Malformed("basicConstraints: cA is not a DER BOOLEAN")
        ca = content == b"\xff"
        parts = parts[1:]
    if parts and parts[0][0] == der.INTEGER:
        length = der.integer(value[parts[0][1] : parts[0][2]])
        if length < 0:
            raise Malformed("basicConstraints: a negative path length")
        if length >= 1 << 63:  # OpenSSL calls it invalid too
            raise Malformed("basicConstraints: a path length of more than 63 bits")
        parts = parts[1:]
    if parts:
        raise Malformed("basicConstraints: more than cA and a path length")
    return BasicConstraints(ca, length)


def key_usage(value: bytes) -> int:
    """Read keyUsage as a mask of the constants above, without bits that it says are unused."""
    if len(value) == 4 and value[:2] == b"\x03\x02" and value[2] <= 7:  # eight bits at most
        return value[3] >> value[2] << value[2] + 8
    start, end = der.only(value, der.BIT_STRING, "keyUsage")
    content = value[start:end]
    if not content or content[0] > 7 or len(content) > 3 or (len(content) == 1 and content[0]):
        raise Malformed("keyUsage: not a bit string of at most nine bits")
    bits = int.from_bytes(content[1:]) >> content[0] << content[0]
    return bits << 8 * (3 - len(content))


def extended_key_usage(value: bytes) -> tuple[str, ...]:
    """Read extKeyUsage as dotted object identifiers."""
    usual = _USUAL_USAGES.get(value)
    if usual is not None:
        return usual
    start, end = der.only(value, der.SEQUENCE, "extKeyUsage")
    found = []
    for tag, first, last in der.elements(value, start, end):
        if tag != der.OID:
            raise Malformed("extKeyUsage: an entry that is not an OBJECT IDENTIFIER")
        found.append(der.oid_text(value[first:last]))
    if not found:
        raise Malformed("extKeyUsage: empty")
    return tuple(found)


def subject_key_id(value: bytes) -> bytes:
    """Read subjectKeyIdentifier."""
    if len(value) == 22 and value[:2] == b"\x04\x14":  # a SHA-1, as nearly everybody writes
        return value[2:]
    start, end = der.only(value, der.OCTET_STRING, "subjectKeyIdentifier")
    return value[start:end]


def authority_key_id(value: bytes) -> AuthorityKeyId:
    """Read authorityKeyIdentifier."""
    if len(value) == 24 and value[:4] == b"\x30\x16\x80\x14":  # a SHA-1 and nothing else
        return AuthorityKeyId(value[4:], (), None)
    start, end = der.only(value, der.SEQUENCE, "authorityKeyIdentifier")
    key_id: bytes | None = None
    issuers: tuple[bytes, ...] = ()
    serial: int | None = None
    for tag, first, last in der.elements(value, start, end):
        if tag == 0x80:
            key_id = value[first:last]
        elif tag == 0xA1:
            alone, start, end = der.element(value, first, last)
            if alone == 0xA4 and end == last:  # one directory name, as nearly always
                issuers = (value[start:end],)
            else:
                issuers = general_names(value, first, last).directory
        elif tag == 0x82:
            serial = der.integer(value[first:last])
        else:
            raise Malformed(f"authorityKeyIdentifier: an element with tag 0x{tag:02x}")
    return AuthorityKeyId(key_id, issuers, serial)


def subject_alt_name(value: bytes, what: str = "subjectAltName") -> GeneralNames:
    """Read subjectAltName, or issuerAltName, which has the same syntax.

    Raises:
        Malformed: it is not a sequence of general names, or it is empty.
    """
    start, end = der.only(value, der.SEQUENCE, what)
    if start == end:
        raise Malformed(f"{what}: empty")
    return general_names(value, start, end)


_TEXTS = {0x82: "dNSName", 0x81: "rfc822Name", 0x86: "URI"}


def general_names(data: bytes, start: int, end: int) -> GeneralNames:
    """Read the general names between two offsets; what one entry spoils stays its own."""
    dns: list[str] = []
    ips: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = []
    emails: list[str] = []
    uris: list[str] = []
    directory: list[bytes] = []
    others: list[tuple[int, bytes]] = []
    wrong: list[str] = []
    for tag, first, last in der.elements(data, start, end):
        content = data[first:last]
        if tag in _TEXTS:
            if not content.isascii():
                shown = content[:80].decode("ascii", "backslashreplace")
                wrong.append(f'{_TEXTS[tag]} with bytes outside ASCII: "{shown}"')
            elif tag == 0x82:
                dns.append(content.decode("ascii"))
            elif tag == 0x81:
                emails.append(content.decode("ascii"))
            else:
                uris.append(content.decode("ascii"))
        elif tag == 0x87:
            if len(content) in (4, 16):
                ips.append(ipaddress.ip_address(content))
            else:
                wrong.append(f"iPAddress of {len(content)} bytes")
        elif tag == 0xA4:
            directory.append(content)
        elif tag in (0xA0, 0xA3, 0xA5, 0x88):
            others.append((tag & 0x1F, content))
        else:
            raise Malformed(f"a general name with tag 0x{tag:02x}")
    return GeneralNames(
        tuple(dns),
        tuple(ips),
        tuple(emails),
        tuple(uris),
        tuple(directory),
        tuple(others),
        tuple(wrong),
    )


def key_usage_text(mask: int) -> str:
    """The names of the bits in a key usage mask, `none` where there is none."""
    return ", ".join(text for bit, text in KEY_USAGE_NAMES.items() if mask & bit) or "none"
