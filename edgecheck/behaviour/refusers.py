"""Clients by the names that findings use for those that refuse a chain.

A finding says who refuses what it is about, as far as recordings or source show it; it is
a fact about the violation, not a prediction about the whole chain. A name stands for
all clients that decide alike: what Python's ssl says, the Azure SDK for Python says too.
Where versions differ, the plain name is for what all of them do, and another one
("Node.js 24", "Go before 1.24") for what only those do.
"""

from enum import StrEnum


class Refuser(StrEnum):
    """One kind of client."""

    PYTHON = "Python ssl"
    NODE = "Node.js"
    NODE_20 = "Node.js 18 to 22"
    NODE_24 = "Node.js 24"
    S_CLIENT = "openssl s_client"
    VERIFY = "openssl verify"
    AZURE_C = "Azure C SDK"
    CURL = "curl"
    MOSQUITTO = "mosquitto"
    DOTNET = ".NET"
    JAVA = "Java"
    GO = "Go"
    GO_OLD = "Go before 1.24"
    GO_1_24 = "Go 1.24"
    GO_1_19 = "Go 1.19"
    STRICT = "Python 3.13 (VERIFY_X509_STRICT)"
    OPENSSL_1_1_1 = "OpenSSL 1.1.1"
    OPENSSL_1_1_0 = "OpenSSL 1.1.0"
    OPENSSL_1_0_2 = "OpenSSL 1.0.2"
    BORINGSSL = "BoringSSL"
    GNUTLS = "GnuTLS"
    NSS = "NSS"
    NSS_PKIX = "NSS libpkix"
    RUSTLS = "rustls"
    RUSTLS_RTLS = "rustls (rtls)"
    """rustls with the anchors of Python's rtls, which takes no CA for one that is no root."""
    CRYPTOGRAPHY = "cryptography"
    MBEDTLS = "mbedTLS"
    WOLFSSL = "wolfSSL"
    BEARSSL = "BearSSL"
    BOTAN = "Botan"


R = Refuser

OPENSSL = frozenset(
    (
        R.PYTHON,
        R.NODE,
        R.S_CLIENT,
        R.VERIFY,
        R.AZURE_C,
        R.CURL,
        R.MOSQUITTO,
        R.STRICT,
        R.OPENSSL_1_1_1,
    )
)
"""OpenSSL 1.1.1 and later, and what is built on it."""
OPENSSL_OLD = frozenset({R.OPENSSL_1_1_0, R.OPENSSL_1_0_2, R.BORINGSSL})
"""Older OpenSSL, and BoringSSL, which decide much alike."""
SECLEVEL_2 = frozenset({R.PYTHON, R.NODE_24, R.S_CLIENT, R.CURL, R.MOSQUITTO, R.STRICT})
"""What uses an OpenSSL whose security level is 2: Debian's, and that of Node.js since 24."""
SECLEVEL_1 = SECLEVEL_2 | {R.NODE_20, R.AZURE_C}
"""Also what uses an OpenSSL 3 whose security level is 1."""
NSS = frozenset({R.NSS, R.NSS_PKIX})
_VERSIONS = frozenset({R.NODE_20, R.NODE_24, R.GO_OLD, R.GO_1_19, R.GO_1_24, R.RUSTLS_RTLS})
EVERYBODY = frozenset(Refuser) - _VERSIONS

TIER_1 = frozenset(
    (
        R.PYTHON,
        R.NODE,
        R.NODE_20,
        R.NODE_24,
        R.S_CLIENT,
        R.VERIFY,
        R.AZURE_C,
        R.CURL,
        R.MOSQUITTO,
        R.DOTNET,
        R.JAVA,
        R.GO,
        R.GO_1_24,
        R.OPENSSL_1_1_1,
    )
)
"""The clients that IoT Edge deployments really run (`docs/severity.md`)."""


def all_but(*accepting: Refuser) -> frozenset[Refuser]:
    """Everybody else; where only some versions of a client accept, the others are named."""
    left = EVERYBODY.difference(accepting)
    if R.GO_OLD in accepting:
        left = left - {R.GO} | {R.GO_1_24}
    if R.OPENSSL_1_1_1 in accepting and R.NODE in left:  # which Node.js up to 16 has
        left = left - {R.NODE} | {R.NODE_20, R.NODE_24}
    return left


_ORDER = {refuser: place for place, refuser in enumerate(Refuser)}


def in_order(refusers: frozenset[Refuser]) -> list[str]:
    """Their names, clients of tier 1 first."""
    return [refuser.value for refuser in sorted(refusers, key=_ORDER.__getitem__)]


def in_words(names: list[str]) -> str:
    """The same for a reader in a hurry: whole groups under one name."""
    left = {Refuser(name) for name in names}
    if left >= EVERYBODY:
        return "every client"
    words = []
    if left >= OPENSSL:
        words.append(
            "whatever uses OpenSSL 1.1.1 or later (Python, Node.js, the Azure C SDK, curl)"
        )
        left -= OPENSSL
    return ", ".join([*words, *in_order(frozenset(left))])
