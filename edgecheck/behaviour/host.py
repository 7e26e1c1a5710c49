"""The name or address by which a client asks for its server, in the forms that clients compare."""

from functools import lru_cache

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


def same_address(presented: bytes, address: Address) -> bool:
    """Whether an iPAddress is this address, where IPv4 may also be written as IPv6 (RFC 4291)."""
    return _as_ipv6(presented) == _as_ipv6(address.packed)


def _as_ipv6(packed: bytes) -> bytes:
    return bytes(10) + b"\xff\xff" + packed if len(packed) == 4 else packed
