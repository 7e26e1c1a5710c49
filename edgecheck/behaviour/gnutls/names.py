"""Host names as GnuTLS compares them (lib/x509/hostname-verify.c and lib/str.c at 3.7.9).

With the security fixes of Debian's 3.7.9-2+deb12u7: a URI, too, forbids the common name.
"""

import re
from functools import lru_cache
from itertools import takewhile

from edgecheck.behaviour import raw
from edgecheck.behaviour.host import Host
from edgecheck.behaviour.openssl.names import as_utf8
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import ANY_EXTENDED_KEY_USAGE, SERVER_AUTH

_TLS_FEATURE = bytes.fromhex("2b06010505070118")
_UTF8, _PRINTABLE, _TELETEX, _IA5, _UNIVERSAL, _BMP = 0x0C, 0x13, 0x14, 0x16, 0x1C, 0x1E
_TEXT = (_UTF8, _PRINTABLE, _IA5)
_NUMBERS = (3, 4, 7, 8, 9, 10, 11, 12, 13, 15, 17, 41, 42, 43, 44, 65)
_DIRECTORY = frozenset(
    (
        *(bytes((0x55, 4, number)) for number in _NUMBERS),
        bytes.fromhex("0992268993f22c640101"),  # UID
    )
)
"""Attributes that it takes for a DirectoryString (_oid2str of common.c)."""
_SIMPLE = {
    **{bytes((0x55, 4, number)): _PRINTABLE for number in (5, 6, 20, 46)},
    bytes.fromhex("0992268993f22c640119"): _IA5,  # DC
    bytes.fromhex("2a864886f70d010901"): _IA5,  # emailAddress
}
"""Attributes that can be of one type alone."""
_COMMON_NAME = b"\x55\x04\x03"
LONGEST_NAME = 255
"""Octets that its buffer holds (MAX_CN)."""
_ESCAPED = re.compile(rb"""[,+"\\<>;]""")
"""Signs that gnutls_x509_crt_get_dn_by_oid escapes in a common name, which then matches nothing."""
_INSTEAD = (raw.IP, raw.URI)
_SERVICE = bytes.fromhex("06082b06010505070807")
"""Identifier of an otherName that is an SRVName (RFC 4985), with its header."""


def for_server(certificate: Certificate) -> bool:
    """_gnutls_check_key_purpose with any usage allowed."""
    usages = certificate.extended_key_usage
    return not usages or SERVER_AUTH in usages or ANY_EXTENDED_KEY_USAGE in usages


def matches(leaf: Certificate, host: Host) -> bool:
    """gnutls_x509_crt_check_hostname2: addresses only as such, one common name as a last resort."""
    entries = raw.alt_names(leaf) or ()
    if host.address is not None:
        return (raw.IP, host.address.packed) in entries
    wanted = _mapped(host).removesuffix(b".")
    # A name that its buffer does not hold ends the search.
    held = list(takewhile(lambda entry: len(entry[1]) <= LONGEST_NAME, entries))
    names = [value for tag, value in held if tag == raw.DNS]
    if names:
        return any(_same(value, wanted) for value in names)
    if any(tag in _INSTEAD or _is_service(tag, value) for tag, value in held):
        return False
    try:
        if not for_server(leaf):
            return False
    except Unreadable:
        return False  # it refuses the certificate in any case
    common = raw.common_names(leaf)
    name = _common_name(*common[0]) if len(common) == 1 else None
    return name is not None and _same(name, wanted)


def _common_name(tag: int, content: bytes) -> bytes | None:
    """gnutls_x509_crt_get_dn_by_oid; None where it has no text, or one that matches nothing.

    Measured with 3.7.9: UTF8String, PrintableString, TeletexString and BMPString are read.
    """
    try:
        name = _shown(_COMMON_NAME, tag, content)
    except Malformed:
        return None
    return None if len(name) > LONGEST_NAME or _ESCAPED.search(name) else name


def features(certificate: Certificate) -> set[int]:
    """The numbers in the TLS feature extension (RFC 7633)."""
    value = certificate.extensions.get(_TLS_FEATURE)
    if value is None:
        return set()
    start, end = der.only(value, der.SEQUENCE, "TLS feature")
    return {int.from_bytes(value[a:b]) for _, a, b in der.elements(value, start, end)}


def same(one: bytes, other: bytes) -> bool:
    """_gnutls_x509_compare_raw_dn: the texts of RFC 4514, whatever the type of their strings."""
    return raw.same_by(one, other, _text)


@lru_cache(maxsize=raw.NAMES_KEPT)
def _text(name: bytes) -> list[list[tuple[bytes, bytes]]]:
    """gnutls_x509_rdn_get2. Raises `Malformed` where an attribute has a type that it cannot be."""
    return [[(kind, _shown(kind, tag, v)) for kind, tag, v in rdn] for rdn in raw.rdns(name)]


def _shown(kind: bytes, tag: int, content: bytes) -> bytes:
    """_gnutls_x509_dn_to_string (common.c), without the escapes, which change nothing."""
    expected = _SIMPLE.get(kind)
    if kind not in _DIRECTORY and expected is None:
        return b"#%02x" % tag + content.hex().encode()
    if expected is not None and tag != expected:
        raise Malformed(f"an attribute of the type 0x{tag:02x}")
    text: bytes | None = content
    if tag == _BMP:
        text = as_utf8(tag, content)
    elif tag == _UNIVERSAL or (tag == _TELETEX and not content.isascii()):
        text = None
    elif expected is None and tag not in (_TELETEX, _PRINTABLE, _UTF8):
        raise Malformed(f"no DirectoryString: 0x{tag:02x}")
    if text is None:
        return b"#" + content.hex().encode()
    if b"\0" in text:
        raise Malformed("a NUL in a name")
    return text


def _is_service(tag: int, value: bytes) -> bool:
    return tag == 0xA0 and value.startswith(_SERVICE)


def _mapped(host: Host) -> bytes:
    """gnutls_idna_map: to A-labels where it can, else as it is."""
    return host.octets if host.a_labels is None else host.a_labels.encode()


def _same(name: bytes, host: bytes) -> bool:
    """_gnutls_hostname_compare: a star at the beginning takes the rest of one label."""
    if b"\0" in name or not all(0x20 <= octet < 0x7F for octet in name):
        return False
    name, host = name.lower(), host.lower()
    if not name.startswith(b"*"):
        return name == host
    if name.count(b".") < 2 or name.endswith(b"."):
        return False
    rest = name[1:]
    dot = host.find(b".")
    label = len(host) if dot < 0 else dot
    return any(host[at:] == rest for at in range(label + 1))
