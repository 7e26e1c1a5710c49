"""Where each client's model is: its record with the engine that decides for it, and its wording."""

import sys
from functools import cache

from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.record import Record
from edgecheck.clients.client import Client

ROOM = "edgecheck.clients"
PLACES: dict[Library, str] = {
    Library.OPENSSL: "openssl.models",
    Library.BORINGSSL: "openssl.models",
    Library.DOTNET: "dotnet",
    Library.GO: "golang.verify",
    Library.JSSE: "jsse.engine",
    Library.RUSTLS: "webpki.engine",
    Library.CRYPTOGRAPHY: "pyca",
    Library.MBEDTLS: "mbedtls",
    Library.BEARSSL: "bearssl",
    Library.BOTAN: "botan.engine",
    Library.WOLFSSL: "wolfssl.engine",
    Library.GNUTLS: "gnutls.engine",
    Library.NSS: "nss.engine",
}
"""Modules below this room, each with `MODELS`: those of the clients of a library."""


def model(record: Record) -> Client:
    """Return the model of a client; its library's are imported when one is first asked for."""
    return _models(PLACES[record.library])[record.id]


@cache
def _models(place: str) -> dict[str, Client]:
    name = f"{ROOM}.{place}"
    __import__(name)  # `importlib` reads packages' files too, and is kept out of these rooms
    return {client.record.id: client for client in sys.modules[name].MODELS}
