"""What Python loads first in the commands of pages: their time, and where their gateways are.

Pages show what somebody would see who types the command at their time, and to whom the gateway's
name is an address. So the clock stands still, and a connection goes to a server of loopback.
"""

import json
import os
import socket
import sys
from datetime import datetime, tzinfo
from typing import Self

if os.environ["PAGES_ROOT"]:  # else it is installed
    sys.path.insert(0, os.environ["PAGES_ROOT"])

from edgecheck.adapters import clock

ADDRESS = "10.0.0.7"
_PORTS: dict[str, int] = json.loads(os.environ.get("PAGES_PORTS", "{}"))
"""By `NAME:PORT` as the page has it: the port of loopback."""
_NAMES = {name.rpartition(":")[0] for name in _PORTS}
_find, _connect = socket.getaddrinfo, socket.socket.connect


def _found(host, port, *rest, **named):  # type: ignore[no-untyped-def]  # passed on as it is
    return _find(ADDRESS if host in _NAMES else host, port, *rest, **named)


def _connected(self, address):  # type: ignore[no-untyped-def]
    """Connect to loopback instead; a port of the gateway that no page serves is closed."""
    if address[0] == ADDRESS:
        there = {int(name.rpartition(":")[2]): port for name, port in _PORTS.items()}
        address = ("127.0.0.1", there.get(address[1], 1))
    return _connect(self, address)


class _Still(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromisoformat(os.environ["PAGES_NOW"])


# `now()` itself others have imported by now.
setattr(clock, "datetime", _Still)  # noqa: B010  # type checkers know of no such attribute
if _PORTS:
    socket.getaddrinfo = _found
    socket.socket.connect = _connected  # type: ignore[method-assign]
