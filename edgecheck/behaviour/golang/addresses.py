"""URIs and mailboxes as Go takes them apart (net/url, and crypto/x509/verify.go, at 1.19)."""

import re
from ipaddress import ip_address
from typing import NamedTuple

from edgecheck.reading.late import late
from edgecheck.reading.text import unescaped

V1_26 = (1, 26)
"""From here on net/url is strict about colons and brackets."""
_SCHEME = late(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_PORT = late(r"(?::[0-9]*)?")
_USER = late(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*")
_HOST = late(r"[A-Za-z0-9._~!$&'()*+,;=:\[\]<>\"%\x80-\U0010ffff-]*")
_ESCAPE = late(r"%(?:[0-9A-Fa-f]{2})?")
_ASCII_ESCAPE = late(r"%(?!25)[0-7].")
_ATOMS = late(r"(?:\\.|[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-])++")
_QUOTED = late(r'"((?:\\[\x01-\x09\x0b\x0c\x0e-\x7f]|[^\\"\x00\x09\x0a\x0d\x80-\U0010ffff])*+)"')


class NoUri(ValueError):
    """What url.Parse says of a text that it cannot take apart."""


class Mailbox(NamedTuple):
    """The parts of an e-mail address."""

    local: str
    domain: str


def authority(uri: str, version: tuple[int, int]) -> str:
    """Return the host with its port, as url.Parse keeps it; empty where there is none.

    Raises `NoUri` with the error, as the parser of certificates passes it on.
    """
    text, _, fragment = uri.partition("#")
    if any(letter < " " or letter == "\x7f" for letter in text):
        raise NoUri("net/url: invalid control character in URL")
    if text.startswith(":"):
        raise NoUri("missing protocol scheme")
    found = _SCHEME.fullmatch(text)
    rest = (found[2] if found else text).partition("?")[0]
    if not rest.startswith("/"):
        if found is None and ":" in rest.partition("/")[0]:
            raise NoUri("first path segment in URL cannot contain colon")
        if found is not None:
            return ""
    host = ""
    if rest.startswith("//") and (found is not None or not rest.startswith("///")):
        before, slash, rest = rest[2:].partition("/")
        rest = slash + rest
        user, at, host = before.rpartition("@")
        _host(host, version)
        if at and not _USER.fullmatch(user):
            raise NoUri("net/url: invalid userinfo")
        _escapes(user)
    _escapes(rest)
    _escapes(fragment)
    return host


def _host(host: str, version: tuple[int, int]) -> None:
    """Since 1.26 brackets are for IPv6 alone, and there is one colon without them at the most."""
    strict = version >= V1_26
    if host.startswith("["):
        if "]" not in host:
            raise NoUri("missing ']' in host")
        inside, _, port = host[1:].rpartition("]")
        if strict and not _is_ipv6(inside):
            raise NoUri(f'invalid host: ParseAddr("{inside}"): unable to parse IP')
    else:
        at = host.find(":") if strict else host.rfind(":")
        port = host[at:] if at >= 0 else ""
    if not _PORT.fullmatch(port):
        raise NoUri(f'invalid port "{port}" after host')
    _escapes(host)
    if low := _ASCII_ESCAPE.search(host):
        raise NoUri(f'invalid URL escape "{low[0]}"')
    if not _HOST.fullmatch(host):
        wrong = next(letter for letter in host if not _HOST.fullmatch(letter))
        raise NoUri(f'invalid character "{wrong}" in host name')


def _is_ipv6(text: str) -> bool:
    try:
        return ip_address(text.replace("%25", "%")).version == 6
    except ValueError:
        return False


def _escapes(text: str) -> None:
    for found in _ESCAPE.finditer(text):
        if found[0] == "%":
            raise NoUri(f'invalid URL escape "{text[found.start() : found.start() + 3]}"')


def host_of(host: str) -> str | None:
    """Return the host of a URI without its port; None where it is an address or no host."""
    if host.endswith("]"):
        return None
    name, colon, _ = host.rpartition(":")
    if colon and ":" in name:
        return None
    name = name if colon else host
    try:
        ip_address(name)
    except ValueError:
        return name
    return None


def mailbox(text: str) -> Mailbox | None:
    """Return the parts of parseRFC2821Mailbox; None where it is no mailbox."""
    quoted = _QUOTED.match(text)
    if quoted is not None:
        local, end = unescaped(quoted[1]), quoted.end()
    else:
        atoms = _ATOMS.match(text)
        if atoms is None:
            return None
        local, end = unescaped(atoms[0]), atoms.end()
        if local.startswith(".") or local.endswith(".") or ".." in local:
            return None
    if text[end : end + 1] != "@" or not valid_domain(text[end + 1 :]):
        return None
    return Mailbox(local, text[end + 1 :])


def valid_domain(domain: str) -> bool:
    """domainToReverseLabels: no empty label but for one name of nothing; printable ASCII."""
    if not domain:
        return True
    return not domain.endswith(".") and all(
        label and all("\x21" <= c <= "\x7e" for c in label) for label in domain.split(".")
    )
