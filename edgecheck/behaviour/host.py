"""The name or address by which a client asks for its server, in the forms that clients compare."""

import re
from functools import lru_cache
from ipaddress import IPv4Address

from edgecheck.reading.hostnames import Address, as_address, comparable
from edgecheck.values import frozen


@frozen
class Host:
    """What a client was told to connect to.

    Attributes:
        name: as it is typed; the brackets around an IPv6 address are a URL's, and left out.
        octets: the same in UTF-8, for clients that compare octets.
        a_labels: a DNS name with its letters outside ASCII encoded (RFC 5891), in lower case,
            for clients that convert it; None where there is no such form.
        address: the IP address that the name spells; None for any other name.
    """

    name: str
    octets: bytes
    a_labels: str | None
    address: Address | None


@lru_cache(maxsize=1024)
def host(typed: str) -> Host:
    """Return what a client is told with this text."""
    address = as_address(typed)
    name = typed[1:-1] if address is not None and typed.startswith("[") else typed
    return Host(name, name.encode("utf-8", "replace"), comparable(name), address)


def as_decimals(host: Host) -> Host:
    """Return the host as OpenSSL's a2i_IPADDRESS reads it: zeros in front of a number do not count.

    For ipaddress, as for the others, `127.00.0.1` is a name.
    """
    parts = host.name.split(".")
    if host.address is not None or len(parts) != _OCTETS or not all(map(_DECIMAL, parts)):
        return host
    octets = [int(part) for part in parts]
    return host if max(octets) > 0xFF else _addressed(host, bytes(octets))


def as_aton(host: Host) -> Host:
    """Return the host as inet_aton reads it: up to four numbers, octal and hexadecimal ones too.

    The last number fills what is left, as in `127.1`.
    """
    parts = host.name.split(".")
    if host.address is not None or len(parts) > _OCTETS or not all(map(_NUMBER, parts)):
        return host
    *octets, rest = (int(part, _base(part)) for part in parts)
    left = _OCTETS - len(octets)
    if any(octet > 0xFF for octet in octets) or rest >= 1 << 8 * left:
        return host
    return _addressed(host, bytes(octets) + rest.to_bytes(left))


_OCTETS = 4
_DECIMAL = re.compile("[0-9]{1,9}", re.ASCII).fullmatch
_NUMBER = re.compile("0[xX][0-9a-fA-F]{1,9}|0[0-7]{0,12}|[1-9][0-9]{0,9}").fullmatch


def _base(number: str) -> int:
    if number[:2] in ("0x", "0X"):
        return 16
    return 8 if number[:1] == "0" else 10


def _addressed(host: Host, packed: bytes) -> Host:
    return Host(host.name, host.octets, host.a_labels, IPv4Address(packed))


def same_address(presented: bytes, address: Address) -> bool:
    """Whether an iPAddress is this address, where IPv4 may also be written as IPv6 (RFC 4291)."""
    return _as_ipv6(presented) == _as_ipv6(address.packed)


def _as_ipv6(packed: bytes) -> bytes:
    return bytes(10) + b"\xff\xff" + packed if len(packed) == 4 else packed
