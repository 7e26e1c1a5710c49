"""Host names: as they are typed, as certificates carry them, and whether they match.

RFC 9525: DNS names compare without regard to ASCII case; a `*` is the whole left-most
label; IP addresses match iPAddress entries alone; the common name never counts.
"""

import ipaddress
import re
from functools import lru_cache

from edgecheck.reading.late import late

_HOST = late(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*+")
"""Letters, digits and hyphens (RFC 1123), and the underscore, which most clients let pass."""
HOST_NAME = late(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*+", re.IGNORECASE)
"""RFC 952 and RFC 1123, section 2.1: letters, digits and inner hyphens."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@lru_cache(maxsize=1024)
def as_address(host: str) -> Address | None:
    """The IP address that `host` spells, brackets around IPv6 allowed; None for a name."""
    if ":" not in host and not host[-1:].isdigit():
        return None  # quicker than to be told so by an exception
    try:
        if host[:1] == "[" and host[-1:] == "]":
            return ipaddress.IPv6Address(host[1:-1])
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def comparable(host: str) -> str | None:
    """A DNS name as it is compared: A-labels in lower case. None where there is no such form.

    A name outside ASCII is converted with IDNA 2008 (RFC 5891), as RFC 9525, section 6.3,
    asks.
    """
    if host.isascii():
        return host.lower()
    import idna  # only names outside ASCII pay for it

    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        return None


def no_host_name(text: str) -> str:
    """Why no certificate can match a name, in words; empty where one can (RFC 9525, 6.3)."""
    name = comparable(text)
    if name is None:
        return "it cannot be written in ASCII"
    if _HOST.fullmatch(name):
        last = name.rpartition(".")[2]
        return f"its last label {last} is a number" if last.isdigit() else ""
    if any(letter.isspace() for letter in name):
        return "there is a blank in it"
    labels = name.split(".")
    if "" in labels:
        return "it begins or ends with a dot, or has two together"
    if any(len(label) > 63 for label in labels):
        return "a label of it has more than 63 letters"
    odd = next(letter for letter in name if not (letter == "." or _HOST.fullmatch(letter)))
    return f"there is {odd!r} in it"


_PLAIN = late(r"[A-Za-z0-9.*_-]+")
_URL = late(r"[A-Za-z][A-Za-z0-9+.-]*://+")
_PORT = late(r"[^:]*:(?:[0-9]{0,5}|[A-Za-z]+)|\[[^\]]*\]:[0-9]{0,5}|[^:\s]+ +[0-9]{1,5}")
LONGEST_TEXT = 4096
"""Characters of what may be meant as a host name. One has 253 (RFC 1035, section 2.3.4); the models
of clients go through all that there are."""


def mistaken(text: str) -> tuple[str, str] | None:
    """What a text is that is no name alone, such as "a URL", and the name in it.

    None where it is meant as a name or an address, which may be wrong in itself; the name is empty
    where none can be told. `host:port` is one (RFC 3986, section 3.2), an IPv6 address is none.
    """
    if len(text) > LONGEST_TEXT:
        return f"a text of {len(text)} characters", ""
    if _PLAIN.fullmatch(text) or as_address(text) is not None:
        return None
    whole = text.strip()
    if found := _URL.match(whole):
        what, rest = "a URL", whole[found.end() :]
    elif _PORT.fullmatch(whole):
        what, rest = "a host and a port", whole if not whole[-1:].isalpha() else ""
    elif "@" in whole:
        what, rest = "a user and a host", whole
    elif any(sign in whole for sign in "/\\?#"):
        what, rest = "a host and a path", whole.lstrip("/\\")
    elif whole != text:
        what, rest = "a name with blanks around it", whole
    else:
        return None
    rest = re.split(r"[/\\?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    if (bracketed := re.match(r"\[([^\]]*)\]", rest)) is not None:
        rest = bracketed[1]
    elif as_address(rest) is None:
        rest = re.split(r"[:\s]", rest, maxsplit=1)[0]
    usable = as_address(rest) is not None or (rest and not no_host_name(rest))
    return what, rest if usable else ""


def matches(host: str, presented: str) -> bool:
    """Whether the DNS name `host` matches the dNSName `presented` (RFC 9525, section 6.3)."""
    wanted = comparable(host)
    pattern = presented.lower()
    if wanted is None or not _HOST.fullmatch(wanted) or wanted.rpartition(".")[2].isdigit():
        return False
    if wanted == pattern:
        return True
    if pattern.startswith("*."):
        label, _, rest = wanted.partition(".")
        return bool(label) and rest == pattern[2:]
    return False
