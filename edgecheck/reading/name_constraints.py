"""The contents of nameConstraints (RFC 5280, section 4.2.1.10), and names as they are compared.

What is wrong with the extension's structure spoils all of it: `Malformed`. What is wrong
with the base of one subtree spoils that subtree alone, which then says why it is
`unusable`: it bears on names of its form, and can neither pass nor refuse them.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

from edgecheck.reading import der, names
from edgecheck.reading.der import Malformed
from edgecheck.reading.late import late
from edgecheck.reading.text import unescaped


class Form(StrEnum):
    """The forms of a GeneralName in the order of their tag numbers (section 4.2.1.6)."""

    OTHER_NAME = "otherName"
    EMAIL = "rfc822Name"
    DNS = "dNSName"
    X400 = "x400Address"
    DIRECTORY = "directoryName"
    EDI_PARTY = "ediPartyName"
    URI = "uniformResourceIdentifier"
    IP = "iPAddress"
    REGISTERED_ID = "registeredID"


FORMS = {(0xA0 if at in (0, 3, 4, 5) else 0x80) | at: form for at, form in enumerate(Form)}
"""By the tag in DER."""


class Mailbox(NamedTuple):
    """An e-mail address: the local part unquoted, the host in lower case.

    As a constraint, a local part of None means every mailbox at the host, or, where the
    host begins with a period, at every host in that domain; an empty host means any.
    """

    local: str | None
    host: str


class Addresses(NamedTuple):
    """A range of IP addresses: 4 or 16 octets, and what is left of an address by the mask."""

    octets: int
    network: int
    mask: int


Base = str | Mailbox | Addresses | names.Name | bytes


LEADING_PERIOD = "a leading period, which RFC 5280 does not allow in a dNSName"
"""Why a domain is unusable that would be one without its first octet."""


class Subtree(NamedTuple):
    """One subtree of names.

    Attributes:
        form: the form of name that it bears on.
        base: DNS: a domain in lower case, empty for all; EMAIL: a Mailbox; URI: a host, or
            a domain with its leading period, empty for all; IP: Addresses; DIRECTORY: a
            Name. Of other forms, and where it is unusable, the contents as bytes.
        contents: of the base, as encoded.
        unusable: why it cannot be evaluated; empty where it can.
    """

    form: Form
    base: Base
    contents: bytes
    unusable: str = ""

    @property
    def leading_period(self) -> bool:
        """Whether it is a dNSName such as `.example.com`, which the RFC does not know.

        Clients take it for what is below the domain.
        """
        return self.unusable == LEADING_PERIOD

    @property
    def text(self) -> str:
        """The base for human eyes; whoever prints it escapes control characters."""
        if isinstance(self.base, Addresses):
            first = ip_address(self.base.network.to_bytes(self.base.octets, "big"))
            return f"{first}/{self.base.mask.bit_count()}"
        return general_name_text(self.form, self.contents)


class NameConstraints(NamedTuple):
    """What the certificates below a CA may name, and what they may not."""

    permitted: tuple[Subtree, ...]
    excluded: tuple[Subtree, ...]


def name_constraints(value: bytes) -> NameConstraints:
    """Read nameConstraints.

    Raises:
        Malformed: it is not of the extension's syntax, has no subtree or an empty list of
            them, or a subtree has a minimum other than 0 or a maximum.
    """
    return _kept(value) if len(value) <= 2048 else _kept_large(value)


def _read(value: bytes) -> NameConstraints:
    start, end = der.only(value, der.SEQUENCE, "nameConstraints")
    found: dict[int, tuple[Subtree, ...]] = {}
    for tag, first, last in der.elements(value, start, end):
        if tag not in (0xA0, 0xA1) or any(tag <= before for before in found):
            raise Malformed(f"nameConstraints: an element with tag 0x{tag:02x} where none may be")
        found[tag] = _subtrees(value, first, last)
        if not found[tag]:
            raise Malformed("nameConstraints: an empty list of subtrees")
    if not found:
        raise Malformed("nameConstraints: neither permitted nor excluded subtrees")
    return NameConstraints(found.get(0xA0, ()), found.get(0xA1, ()))


_kept = lru_cache(maxsize=256)(_read)
_kept_large = lru_cache(maxsize=2)(_read)
"""Several ask for the same one; of these no more stay than one chain may have."""


def _subtrees(value: bytes, at: int, end: int) -> tuple[Subtree, ...]:
    found = []
    while at < end:
        tag, start, at = der.element(value, at, end)
        if tag != der.SEQUENCE:
            raise Malformed(f"nameConstraints: a subtree with tag 0x{tag:02x}")
        kind, first, last = der.element(value, start, at)
        form = FORMS.get(kind)
        if form is None:
            raise Malformed(f"nameConstraints: a general name with tag 0x{kind:02x}")
        if last < at:
            _distances(value, last, at)
        found.append(_subtree(form, value[first:last]))
    return tuple(found)


def _distances(value: bytes, at: int, end: int) -> None:
    """What may follow a base: a minimum that is 0, which DER leaves out."""
    for tag, first, last in der.elements(value, at, end):
        if tag == 0x80 and value[first:last] != b"\0":
            raise Malformed("nameConstraints: a minimum other than 0")
        if tag == 0x81:
            raise Malformed("nameConstraints: a maximum")
        if tag != 0x80:
            raise Malformed(f"nameConstraints: an element with tag 0x{tag:02x} in a subtree")


def _subtree(form: Form, contents: bytes) -> Subtree:
    try:
        return Subtree(form, _base(form, contents), contents)
    except Malformed as wrong:
        return Subtree(form, contents, contents, str(wrong))


def _base(form: Form, contents: bytes) -> Base:
    if form is Form.IP:
        return _addresses(contents)
    if form is Form.DIRECTORY:
        return names.name(contents)
    if form not in _READ:
        raise Malformed(f"no rules exist for constraints on {form}")
    if not contents.isascii():
        raise Malformed("bytes outside ASCII")
    text = contents.decode("ascii")
    if form is Form.EMAIL and "@" in text:
        whole = mailbox(text)
        if whole is None:
            raise Malformed("not an e-mail address")
        return whole
    text = text.lower()
    if text and not is_host(text.removeprefix(".")):
        raise Malformed("a wildcard" if "*" in text else "not a domain name")
    if form is Form.DNS and text.startswith("."):
        raise Malformed(LEADING_PERIOD)
    if form is Form.URI and _is_number(text):
        raise Malformed("an IP address where a host name belongs")
    return Mailbox(None, text) if form is Form.EMAIL else text


def _addresses(contents: bytes) -> Addresses:
    octets = len(contents) // 2
    if len(contents) not in (8, 32):
        raise Malformed(f"{len(contents)} bytes where 8 or 32 belong")
    mask = int.from_bytes(contents[octets:], "big")
    hosts = ~mask & ((1 << 8 * octets) - 1)
    if hosts & (hosts + 1):
        raise Malformed("a mask with gaps")
    return Addresses(octets, int.from_bytes(contents[:octets], "big") & mask, mask)


_HOST = late(r"\$?[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*+")
_ATOMS = late(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*+")
_QUOTED = late(r'"(?:[^"\\]|\\.)*+"')
_URI = late(
    r"[a-z][a-z0-9+.-]*://(?:[\w.~!$&'()*+,;=:%-]*@)?([^:@/?#\[\]]+)(?::[0-9]*)?(?:[/?#].*)?",
    re.ASCII | re.DOTALL | re.IGNORECASE,
)


def is_host(text: str) -> bool:
    """Whether the text is a DNS name: letters, digits, hyphens and, as in use, underscores.

    IoT Edge 1.3 writes the module's name as `$edgeHub`, which clients compare like any other.
    """
    return len(text) <= 253 and _HOST.fullmatch(text) is not None


def comparable(form: Form, contents: bytes) -> object:
    """What a name is compared by: a str, Mailbox, (octets, number), or folded directory name.

    None where it is not of its form, and for the forms that no rules exist for.
    """
    if form is Form.IP:
        octets = len(contents)
        return (octets, int.from_bytes(contents, "big")) if octets in (4, 16) else None
    if form is Form.DIRECTORY:
        try:
            return names.name(contents).canonical
        except Malformed:
            return None
    read = _READ.get(form)
    return read(contents.decode("ascii")) if read and contents.isascii() else None


def dns_name(text: str) -> str | None:
    """A dNSName as it is compared, its left-most label perhaps `*`; None where it is none."""
    return text.lower() if is_host(text.removeprefix("*.")) else None


def mailbox(text: str) -> Mailbox | None:
    """An e-mail address as it is compared (RFC 5280, section 7.5); None where it is none.

    The local part may be outside ASCII, as in an SmtpUTF8Mailbox (RFC 9598); of a quoted one
    the quotes are taken away, for it is the same mailbox as without them (RFC 5321, 4.1.2).
    """
    local, _, host = text.rpartition("@")
    if not is_host(host) or not local.isprintable():
        return None
    if _QUOTED.fullmatch(local):
        local = unescaped(local[1:-1])
    elif not _ATOMS.fullmatch(local):
        return None
    return Mailbox(local, host.lower())


def uri_host(text: str) -> str | None:
    """The host name of a URI as it is compared; None where it has none, or an IP address."""
    parts = _URI.fullmatch(text)
    host = parts[1].removesuffix(".").lower() if parts else ""
    return host if is_host(host) and not _is_number(host) else None


def _is_number(host: str) -> bool:
    """Whether a host is an IPv4 address, in any notation that is in use (WHATWG URL, 3.5)."""
    last = host.rpartition(".")[2]
    return last.isdigit() or re.fullmatch("0x[0-9a-f]*", last) is not None


_READ: dict[Form, Callable[[str], object]] = {
    Form.DNS: dns_name,
    Form.EMAIL: mailbox,
    Form.URI: uri_host,
}
_SMTP_UTF8_MAILBOX = bytes.fromhex("2b06010505070809")


def smtp_utf8_mailbox(contents: bytes) -> bytes | None:
    """The address in an otherName that is an SmtpUTF8Mailbox (RFC 9598, section 3); else None.

    All the contents where they cannot be read, which is no address either.
    """
    try:
        _, start, at = der.element(contents, 0, len(contents))
        if contents[start:at] != _SMTP_UTF8_MAILBOX:
            return None
        start, end = der.only(contents[at:], 0xA0, "the value")
        text = contents[at:][start:end]
        start, end = der.only(text, 0x0C, "the address")
    except Malformed:
        return contents
    return text[start:end]


def general_name_text(form: Form, contents: bytes) -> str:
    """A general name for human eyes, not escaped; of what cannot be read, the octets."""
    if form in _READ:
        return contents.decode("utf-8", "backslashreplace")
    if form is Form.IP and len(contents) in (4, 16):
        return str(ip_address(contents))
    try:
        if form is Form.DIRECTORY:
            return str(names.name(contents))
    except Malformed:
        pass
    return "#" + contents.hex()
