"""The clients: all records, and how people call them.

What a client is stands in the record beside its library (`openssl/records.py` and its like);
which model it has in `edgecheck.clients`.
"""

import re
from collections.abc import Iterable
from types import MappingProxyType

from edgecheck.behaviour.bearssl import records as bearssl
from edgecheck.behaviour.botan import records as botan
from edgecheck.behaviour.curl import records as curl
from edgecheck.behaviour.dotnet import records as dotnet
from edgecheck.behaviour.gnutls import records as gnutls
from edgecheck.behaviour.golang import records as golang
from edgecheck.behaviour.jsse import records as jsse
from edgecheck.behaviour.mbedtls import records as mbedtls
from edgecheck.behaviour.mosquitto import records as mosquitto
from edgecheck.behaviour.node import records as node
from edgecheck.behaviour.nss import records as nss
from edgecheck.behaviour.openssl import records as openssl
from edgecheck.behaviour.pahoc import records as pahoc
from edgecheck.behaviour.pyca import records as pyca
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.webpki import records as webpki
from edgecheck.behaviour.wolfssl import records as wolfssl

FAMILIES = (
    "Azure Python SDK",
    "Azure Node SDK",
    "Azure C SDK",
    ".NET",
    "Python",
    "Node.js",
    "OpenSSL",
    "OpenSSL 1.1.1",
    "Java",
    "Go",
    "curl",
    "mosquitto",
    "Paho C",
    "Python 3.13+ create_default_context()",
    "openssl verify",
    "Node.js before 16",
    "BoringSSL",
    "GnuTLS",
    "NSS",
    "NSS classic",
    "rustls",
    "cryptography",
    "mbedTLS",
    "mbedTLS 2.28",
    "wolfSSL",
    "BearSSL",
    "Botan",
)
"""The families in the order in which reports name them."""
RECORDS: tuple[Record, ...] = tuple(
    sorted(
        (
            *openssl.RECORDS,
            *node.RECORDS,
            *dotnet.RECORDS,
            *golang.RECORDS,
            *jsse.RECORDS,
            *webpki.RECORDS,
            *pyca.RECORDS,
            *mbedtls.RECORDS,
            *bearssl.RECORDS,
            *botan.RECORDS,
            *wolfssl.RECORDS,
            *gnutls.RECORDS,
            *nss.RECORDS,
            *curl.RECORDS,
            *mosquitto.RECORDS,
            *pahoc.RECORDS,
        ),
        key=lambda record: (record.tier, FAMILIES.index(record.family)),
    )
)
"""All clients, those of tier 1 first, then in the order of their families."""
BY_ID = MappingProxyType({record.id: record for record in RECORDS})
_VERSIONED = re.compile(r"(\D+) (\d.*)")
_MEMBERS = {name: frozenset(r.id for r in RECORDS if r.family == name) for name in FAMILIES}
_SHOWN = sorted(RECORDS, key=lambda record: FAMILIES.index(record.family))
_PLACE = {record.id: place for place, record in enumerate(_SHOWN)}


def families(clients: Iterable[str]) -> list[str]:
    """Return clients in short: a family where all of it is there, else the members that are.

    Of members that differ in a version alone, the later ones are told by that. An id that is not
    known stands for itself, after the others.
    """
    given = set(clients)
    words: list[str] = []
    before = ""
    for client in sorted(given, key=lambda client: (_PLACE.get(client, len(_PLACE)), client)):
        record = BY_ID.get(client)
        if record is None:
            words.append(client)
        elif _MEMBERS[record.family] <= given:
            words += [] if record.family in words else [record.family]
        else:
            named, version = _parted(record.label)
            words.append(version if version and named == before else record.label)
            before = named
            continue
        before = ""
    return words


def _parted(label: str) -> tuple[str, str]:
    """`Node.js` and `20 (Debian)`; the latter empty where there is no version at the end."""
    found = _VERSIONED.fullmatch(label)
    return (found[1], found[2]) if found else (label, "")


def chosen(words: Iterable[str]) -> frozenset[str]:
    """Return the ids of the clients that are meant by ids, names, labels, families or kinds.

    Case does not count. An exact id is one client; any other word stands for every client that
    is called so.

    Raises:
        ValueError: nothing is called so; it says what is called alike.
    """
    found: set[str] = set()
    for word in words:
        asked = word.casefold().strip()
        exact = {record.id for record in RECORDS if record.id.casefold() == asked}
        ids = exact or {record.id for record in RECORDS if asked in record.called}
        if not ids:
            like = near(word)
            hint = f"; did you mean {', '.join(like)}?" if like else ""
            raise ValueError(f"no client is called {word!r}{hint}")
        found |= ids
    return frozenset(found)


def near(word: str) -> list[str]:
    """Return up to five names that are like an unknown one, the likeliest first."""
    from difflib import get_close_matches

    asked = word.casefold().strip()
    told = (FAMILIES, *((r.label, r.name, r.id) for r in RECORDS))
    names = dict.fromkeys(name for names in told for name in names)
    within = [name for name in names if asked and asked in name.casefold()]
    by_case = {name.casefold(): name for name in names}
    close = [by_case[name] for name in get_close_matches(asked, by_case, 5, 0.5)]
    return list(dict.fromkeys([*within, *close]))[:5]
