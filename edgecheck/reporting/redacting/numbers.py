"""What stands for addresses, digests, serial numbers and identifiers: of the same kind and form."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import count

from edgecheck.reporting.redacting.public import PUBLIC_OIDS

_NETWORKS = tuple(
    (ip_network(kind), ip_network(into))
    for kind, into in (
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("172.16.0.0/12", "172.16.0.0/12"),
        ("192.168.0.0/16", "192.168.0.0/16"),
        ("100.64.0.0/10", "100.64.0.0/10"),
        ("169.254.0.0/16", "169.254.0.0/16"),
        ("0.0.0.0/0", "192.0.2.0/24"),
        ("fe80::/10", "fe80::/10"),
        ("fc00::/7", "fd00::/8"),
        ("::/0", "2001:db8::/32"),
    )
)
"""An address stays in its network where that is private; else it is one of documentation
(RFC 5737, RFC 3849), as far as these last."""
_MASKS = frozenset(2**32 - 2**bits for bits in range(33))
LEAST_PREFIX = 8
"""Digits of a digest that tell it from others; a cut one has at least as many."""

Address = IPv4Address | IPv6Address


def parsed(text: str) -> Address | None:
    """The address that a text is; None: it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None


class Addresses:
    """IP addresses by what stands for them."""

    def __init__(self) -> None:
        """None is known yet."""
        self._known: set[Address] = set()
        self._made: dict[Address, Address] = {}
        self._issued: set[Address] = set()
        self._numbers = {into: count(1) for _, into in _NETWORKS}

    def know(self, address: Address) -> None:
        """An address that is to be replaced wherever it stands."""
        self._known.add(_whole(address))

    def of(self, text: str, strict: bool) -> str | None:
        """What stands for an address; None where the text is none, or none that is known.

        One of version 4 may be a version of a program, unless `strict`.
        """
        address = parsed(text)
        if address is None:
            return None
        if _whole(address) in self._issued:
            return str(_whole(address))
        if isinstance(address, IPv4Address) and not strict and address not in self._known:
            return None
        whole = _whole(address)
        if _is_public(whole):
            return text.partition("%")[0]
        if whole not in self._made:
            self._made[whole] = made = self._new(whole)
            self._issued.add(made)
        return str(self._made[whole])

    def _new(self, address: Address) -> Address:
        into = next(into for kind, into in _NETWORKS if address in kind)
        while True:
            number = next(self._numbers[into])
            made = into[number] if number < into.num_addresses else _beyond(number)
            if made not in self._known and made != address:
                return made


def _beyond(number: int) -> Address:
    """Where no more are left in the networks of documentation: one that nobody has."""
    return IPv4Address(0xF0000000 + number)


def _whole(address: Address) -> Address:
    """The same without a zone, which is the name of an interface."""
    return IPv6Address(int(address)) if isinstance(address, IPv6Address) else address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address) and int(address) in _MASKS:
        return True
    return address.is_loopback or address.is_unspecified


class Digits:
    """Numbers in hexadecimal and serial numbers by what stands for them.

    A pseudonym has as many digits; the first eight tell it from others, so that what is cut
    stays the start of what is whole.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._whole: dict[str, int | None] = {}
        self._starts: dict[str, str] = {}
        self._decimal: dict[str, str] = {}
        """Serial numbers in hexadecimal by their decimal form."""
        self._issued: set[str] = set()
        self._numbers = count(1)

    def know(self, digits: str, decimal: str = "") -> None:
        """Digits in hexadecimal, and how the same number is written otherwise."""
        digits = digits.lower()
        self._whole.setdefault(digits, None)
        if len(digits) >= LEAST_PREFIX:
            self._starts.setdefault(digits[:LEAST_PREFIX], digits)
        if decimal:
            self._decimal.setdefault(decimal, digits)

    def of(self, text: str) -> str | None:
        """What stands for digits that are known, or are the start of such; else None."""
        if (same := self._decimal.get(text)) is not None:
            made = "5" + str(self._number(same)).rjust(len(text) - 1, "0")
            self._issued.add(low_start(made))
            return made
        digits = text.lower()
        whole = digits if digits in self._whole else self._starts.get(digits[:LEAST_PREFIX])
        if whole is None or len(digits) > len(whole) or not whole.startswith(digits):
            return None
        return self._hexadecimal(whole, text)

    def new(self, text: str) -> str:
        """What stands for digits that are not known, which they are from now on."""
        if low_start(text) in self._issued:
            return text
        self.know(text)
        return self._hexadecimal(text.lower(), text)

    def issued(self, text: str) -> bool:
        """Whether it is, or starts as, a pseudonym itself."""
        return low_start(text) in self._issued

    def _number(self, digits: str) -> int:
        number = self._whole.get(digits)
        if number is None:
            number = self._whole[digits] = next(self._numbers)
        return number

    def _hexadecimal(self, whole: str, text: str) -> str:
        number = self._number(whole)
        high = whole in self._decimal.values() and whole[0] in "89abcdef"
        first = "d" if high else "5"  # a serial number with its highest bit takes an octet more
        made = first + f"{number:0{min(len(whole), LEAST_PREFIX) - 1}x}"
        made = made + "0" * (len(whole) - len(made))
        self._issued.add(low_start(made))
        made = made[: len(text)]
        return made.upper() if text != text.lower() else made


def low_start(text: str) -> str:
    """The digits that tell a number from others."""
    return text.lower()[:LEAST_PREFIX]


class Identifiers:
    """Object identifiers by what stands for them; those that everybody uses stay."""

    def __init__(self) -> None:
        """None is known yet."""
        self._made: dict[str, str] = {}
        self._known: set[str] = set()
        self._numbers = count(1)

    def know(self, dotted: str) -> None:
        """One that a certificate has."""
        if not f"{dotted}.".startswith(PUBLIC_OIDS):
            self._known.add(dotted)

    def of(self, dotted: str) -> str | None:
        """What stands for one that is known and not everybody's; else None."""
        if dotted not in self._known:
            return None
        if dotted not in self._made:
            self._made[dotted] = f"2.999.{next(self._numbers)}"
        return self._made[dotted]
