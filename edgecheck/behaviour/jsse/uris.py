"""Which URIs Java takes: java.net.URI (RFC 2396, with what its documentation adds) and URIName."""

import re
from ipaddress import ip_address

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CHARACTERS = re.compile(r"(?:[A-Za-z0-9_.!~*'(),;:$&+=?/@#-]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*")
_ADDRESS = re.compile(r"(?<=//)(?:[^/?#\[\]]*@)?\[[0-9A-Fa-f:.%]+\]")
_SERVER = re.compile(
    r"(?:[^@/?#]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*+\.?)(?::[0-9]*)?"
)
_LABELS = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*+"
)


def wrong_uri(uri: str) -> str | None:
    """Return what URIName says of one that it does not take; None: it does."""
    if not _is_uri(uri):
        return f"invalid URI name:{uri}"
    if _SCHEME.match(uri) is None:
        return f"URI name must include scheme:{uri}"
    host = _host(uri)
    if host is not None and not _LABELS.fullmatch(host) and not _is_address(host):
        told = "host portion is not a valid DNSName, IPv4 address, or IPv6 address"
        return f"invalid URI name ({told}):{uri}"
    return None


def wrong_constraint(base: str) -> str | None:
    """Return what URIName.nameConstraint says of a base that it does not take; None: it does."""
    if not _is_uri(base):
        return f"invalid URI name constraint:{base}"
    if _SCHEME.match(base) is not None:
        return f"invalid URI name constraint (should not include scheme):{base}"
    host = base.partition("#")[0].removeprefix(".")
    return None if _LABELS.fullmatch(host) else f"invalid URI name constraint:{base}"


def _is_uri(uri: str) -> bool:
    """Whether the constructor of URI takes it. All but paths and authorities may have brackets."""
    rest, *fragments = uri.split("#")
    colon = rest.find(":")
    stop = min((at for at in map(rest.find, "/?") if at >= 0), default=len(rest))
    is_absolute = 0 <= colon < stop
    body = rest[colon + 1 :] if is_absolute else rest
    if is_absolute and (_SCHEME.match(rest) is None or not body):
        return False
    if (body == "//" and not fragments) or len(fragments) > 1:
        return False
    path, _, free = ("", "", body) if is_absolute and body[0] != "/" else body.partition("?")
    free = re.sub(r"[\[\]]", "", "".join((free, *fragments)))
    return all(_CHARACTERS.fullmatch(part) for part in (_ADDRESS.sub("", path), free))


def _host(uri: str) -> str | None:
    """URI.getHost: that of an authority which is a server's; None where there is none."""
    rest = uri.partition(":")[2].partition("#")[0]
    if not rest.startswith("//"):
        return None
    authority = re.split(r"[/?]", rest[2:], maxsplit=1)[0]
    found = _SERVER.fullmatch(authority)
    if found is None:
        return None
    host = found[1]
    last = host.rstrip(".").rpartition(".")[2]
    if not host.startswith("[") and not last[:1].isalpha() and not _is_address(host):
        return None  # of a name the last label begins with a letter, else it is no server's
    return host


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
