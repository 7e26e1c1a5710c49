"""Short names of clients, and the families in which a report groups them."""

from collections.abc import Iterable, Sequence
from typing import Protocol

FAMILIES: dict[str, dict[str, str]] = {
    "Azure Python SDK": {"azure-iot-device-py2.14.0": "Azure Python SDK"},
    "Azure Node SDK": {"azure-iot-device-node1.18.4": "Azure Node SDK"},
    "Azure C SDK": {"uamqp1.6.11-azureC": "Azure C SDK"},
    ".NET": {
        "dotnet8.0.4-SslStream": ".NET 8",
        "dotnet8.0.4-SslStream-cb": ".NET 8 with a callback",
    },
    "Python": {"py311-ssl-ossl3.0.19": "Python 3.11", "paho1.6.1-py": "Paho"},
    "Node.js": {
        "node16-ossl1.1.1v": "Node.js 16",
        "node20-ossl3.0.19": "Node.js 20",
        "node24-ossl3.5.7": "Node.js 24",
        "node26-ossl3.5.8": "Node.js 26",
        "mqttjs5.16-node20": "MQTT.js",
    },
    "OpenSSL": {
        "openssl3.0.19-s_client": "openssl s_client",
        "openssl3.0.19-verify": "openssl verify",
        "pyopenssl-ossl3.4.1": "OpenSSL 3.4",
        "pyopenssl-ossl3.5.2": "OpenSSL 3.5",
        "pyopenssl-ossl4.0.3": "OpenSSL 4.0",
    },
    "OpenSSL 1.1.1": {"pyopenssl-ossl1.1.1l-CHAINONLY": "OpenSSL 1.1.1"},
    "Java": {"java17-jsse": "Java 17"},
    "Go": {"go1.19.8": "Go 1.19", "go1.27.3": "Go 1.27"},
    "curl": {"curl7.88-ossl3.0": "curl"},
    "mosquitto": {"mosquitto_pub2.0.11": "mosquitto"},
    "Python 3.13": {"py311-ssl-STRICT+PARTIAL": "Python 3.13 (strict)"},
    "Node.js before 16": {
        "node8-ossl1.0.2s": "Node.js 8 (OpenSSL 1.0.2)",
        "node10.9-ossl1.1.0i": "Node.js 10 (OpenSSL 1.1.0)",
    },
    "BoringSSL": {"bun1.4.5-boringssl": "BoringSSL"},
    "GnuTLS": {"gnutls3.7.9-cli": "GnuTLS"},
    "NSS": {"nss3.87-tstclnt": "NSS classic", "nss3.87-libpkix": "NSS libpkix"},
    "rustls": {
        "deno2.9.8-rustls": "Deno",
        "uv0.13.9-rustls": "uv",
        "rustls-rtls": "rtls",
    },
    "cryptography": {"cryptography50-x509verify": "cryptography"},
    "mbedTLS": {"mbedtls2.28.3": "mbedTLS"},
    "wolfSSL": {"wolfssl5.5.4": "wolfSSL"},
    "BearSSL": {"bearssl0.6": "BearSSL"},
    "Botan": {"botan2.19": "Botan"},
}
"""Short names by client id, by family; in the order in which they are shown."""
_LABELS = {id: label for members in FAMILIES.values() for id, label in members.items()}
_FAMILY = {id: family for family, members in FAMILIES.items() for id in members}
_PLACE = {id: place for place, id in enumerate(_LABELS)}


class Known(Protocol):
    """A client, as far as this needs to know it."""

    @property
    def id(self) -> str:
        """As in the recordings."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def known_as(self) -> tuple[str, ...]:
        """How findings call it."""


def label(client: str) -> str:
    """The short name of one client; its id where it has none."""
    return _LABELS.get(client, client)


def family(client: str) -> str:
    """The family of one client; one that stands alone is its own."""
    return _FAMILY.get(client, label(client))


def families(clients: Iterable[str]) -> list[str]:
    """Clients in short: a family where all of it is there, else the members that are."""
    given = sorted(set(clients), key=lambda client: _PLACE.get(client, len(_PLACE)))
    words = []
    for client in given:
        members = FAMILIES.get(family(client), {client: client})
        whole = members.keys() <= set(given)
        words.append(family(client) if whole else label(client))
    return list(dict.fromkeys(words))


def chosen(word: str, clients: Sequence[Known]) -> list[str]:
    """The ids of the clients that a user means: an id, a name, a family; none: unknown.

    An exact id is one client; else every client that is called so in one way or another.
    """
    asked = word.casefold().strip()
    for client in clients:
        if client.id.casefold() == asked:
            return [client.id]
    return [c.id for c in clients if asked in _called(c)]


def near(word: str, clients: Sequence[Known]) -> list[str]:
    """Names that are like an unknown one, the likeliest first."""
    from difflib import get_close_matches

    asked = word.casefold().strip()
    names = {n: n for c in clients for n in (family(c.id), label(c.id), c.id, c.name)}
    within = [name for name in names if asked and asked in name.casefold()]
    by_case = {name.casefold(): name for name in names}
    close = [by_case[name] for name in get_close_matches(asked, by_case, 5, 0.5)]
    return list(dict.fromkeys([*within, *close]))[:5]


def _called(client: Known) -> set[str]:
    names = (client.name, label(client.id), family(client.id), *client.known_as)
    return {name.casefold() for name in names}
