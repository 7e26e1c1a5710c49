"""Hosts and ports as people write them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from edgecheck.adapters.files import Refused
from edgecheck.reading.hostnames import as_address
from edgecheck.reading.secrets import one_line
from edgecheck.reading.text import masked

PORTS = (8883, 5671, 443)
"""MQTT, AMQP, and HTTPS with WebSockets: what edgeHub serves."""
_MOST = 255
"""Letters of a host name."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(?P<rest>[^/?#]*)")
_FORM = "write HOST, HOST:PORT or [IPV6]:PORT, such as iotedgegw.local:8883"


class Target(NamedTuple):
    """A host, and the ports on which it is tried."""

    host: str
    ports: tuple[int, ...]
    stated: bool
    """Whether the port was named."""

    @property
    def shown(self) -> str:
        """As it is written; without a port where none was named."""
        return at(self.host, self.ports[0]) if self.stated else self.host


def at(host: str, port: int) -> str:
    """`iotedgegw.local:8883`, `[::1]:8883`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def target(text: str) -> Target:
    """Return what a text names. Raises `Refused`, which says what to write."""
    text = text.strip()
    if (url := _URL.match(text)) is not None:
        raise Refused(f"{_shown(text)} is a URL; write {_shown(url['rest']) or 'HOST:PORT'}")
    if text.count("/") or not text:
        raise Refused(f"{_shown(text) or 'an empty name'} is no host; {_FORM}")
    host, port = _apart(text)
    blank = any(letter.isspace() or not letter.isprintable() for letter in host)
    if not host or blank or len(host) > _MOST or host.startswith("-") or "@" in host:
        raise Refused(f"{_shown(text)} is no host; {_FORM}")
    if port is None:
        return Target(host, PORTS, stated=False)
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65_536):
        raise Refused(f"{_shown(text)}: a port is a number from 1 to 65535; {_FORM}")
    return Target(host, (int(port),), stated=True)


def single(hosts: Sequence[str]) -> str | None:
    """Return the one host of a command line, or None. Raises `Refused` where there are more."""
    if len(hosts) > 1:
        if len(hosts) == 2 and hosts[1].isascii() and hosts[1].isdigit():
            host = f"[{hosts[0]}]" if as_address(hosts[0]) and ":" in hosts[0] else hosts[0]
            raise Refused(f"{_shown(' '.join(hosts))}: write {_shown(f'{host}:{hosts[1]}')}")
        raise Refused("more than one host; write them into a file, one a line: --targets FILE")
    return hosts[0] if hosts else None


def targets(text: str, source: str) -> list[Target]:
    """Return those of a file, one a line, each once; what follows `#` is a remark."""
    found: dict[Target, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if said:
            try:
                found[target(said)] = None
            except Refused as wrong:
                raise Refused(f"{source}, line {number}: {wrong}") from None
    if not found:
        raise Refused(f"{source}: no host in it; {_FORM}, one a line")
    return list(found)


def _apart(text: str) -> tuple[str, str | None]:
    """Host and port; brackets are around an address of IPv6 alone."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or as_address(host) is None or (rest and not rest.startswith(":")):
            return "", None
        return host, rest[1:] if rest else None
    if text.count(":") > 1:
        return (text, None) if as_address(text.partition("%")[0]) is not None else ("", None)
    host, colon, port = text.partition(":")
    return host, port if colon else None


def _shown(text: str) -> str:
    return one_line(masked(text), 100)
