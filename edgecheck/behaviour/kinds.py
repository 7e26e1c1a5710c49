"""The vocabulary of clients: kinds, by which findings name who refuses, and libraries.

A kind stands for all clients that decide alike: what Python's ssl says, the Azure SDK for Python
says too. Where versions differ, the plain name is for what all of them do, and another one
("Node.js 24", "Go before 1.24") for what only those do. Which client is of which kind stands in
its record (`records`); what holds of the kinds follows from there (`refusers`).
"""

from enum import StrEnum


class Refuser(StrEnum):
    """One kind of client."""

    PYTHON = "Python ssl"
    NODE = "Node.js"
    NODE_20 = "Node.js 18 to 22"
    NODE_24 = "Node.js 24 and Debian's"
    """What has security level 2: Node.js since 24, and any that uses Debian's OpenSSL."""
    NODE_TYPED = "Node.js before June 2026"
    """It compares a host as it is typed. This and the next four differ in names alone."""
    NODE_URL = "Azure Node SDK"
    """It has the host made a part of a URL first."""
    NODE_SUMMER = "Node.js of summer 2026"
    NODE_AUTUMN = "Node.js of September 2026"
    NODE_NEWEST = "Node.js since October 2026"
    S_CLIENT = "openssl s_client"
    VERIFY = "openssl verify"
    AZURE_C = "Azure C SDK"
    CURL = "curl"
    CURL_7 = "curl 7"
    """It wants a name of the issuer, which 8 does not."""
    MOSQUITTO = "mosquitto"
    MOSQUITTO_2_0_11 = "mosquitto 2.0.11"
    MOSQUITTO_2_0_21 = "mosquitto 2.0.21"
    MOSQUITTO_2_1 = "mosquitto 2.1"
    """These three compare host names each in its own way."""
    PAHO_C = "Paho C"
    DOTNET = ".NET"
    JAVA = "Java"
    JAVA_21 = "Java 21"
    """Java 21 and later."""
    GO = "Go"
    GO_OLD = "Go before 1.24"
    GO_1_24 = "Go 1.24"
    """Go 1.24 and later."""
    GO_1_27 = "Go 1.27"
    GO_1_19 = "Go 1.19"
    STRICT = "Python 3.13 (VERIFY_X509_STRICT)"
    OPENSSL_3_4 = "OpenSSL since 3.4"
    """Whatever has it; named for what its decoder refuses alone."""
    OPENSSL_3_4_WHOLE = "OpenSSL since 3.4 (not in Node.js)"
    """Those that load all of what is trusted or nothing. Node.js keeps what stands before the first
    certificate that it cannot decode."""
    OPENSSL_4_0 = "OpenSSL 4.0"
    OPENSSL_1_1_1 = "OpenSSL 1.1.1"
    OPENSSL_1_1_0 = "OpenSSL 1.1.0"
    OPENSSL_1_0_2 = "OpenSSL 1.0.2"
    BORINGSSL = "BoringSSL"
    GNUTLS = "GnuTLS"
    GNUTLS_3_7 = "GnuTLS 3.7"
    GNUTLS_3_8 = "GnuTLS 3.8"
    NSS = "NSS"
    NSS_PKIX = "NSS libpkix"
    RUSTLS = "rustls"
    RUSTLS_RTLS = "rustls (rtls)"
    """rustls with the anchors of Python's rtls, which takes no CA for one that is no root."""
    CRYPTOGRAPHY = "cryptography"
    MBEDTLS = "mbedTLS"
    MBEDTLS_2_28 = "mbedTLS 2.28"
    MBEDTLS_3 = "mbedTLS 3"
    MBEDTLS_3_6_7 = "mbedTLS 3.6.7"
    """The first that does not take a path length for the CA bit (CVE-2026-49300)."""
    WOLFSSL = "wolfSSL"
    BEARSSL = "BearSSL"
    BOTAN = "Botan"


BY_NAMES_ALONE = frozenset(
    {
        Refuser.NODE_TYPED,
        Refuser.NODE_URL,
        Refuser.NODE_SUMMER,
        Refuser.NODE_AUTUMN,
        Refuser.NODE_NEWEST,
    }
)
"""Kinds that are told apart by how they compare host names, and by nothing else."""

ACROSS = frozenset({Refuser.OPENSSL_3_4, Refuser.OPENSSL_3_4_WHOLE})
"""Kinds across others, by the version of a library: every client of one is of another kind too, by
which it is called for all but what that version alone does. The latter is named only where Node.js
accepts."""


class Library(StrEnum):
    """What decides for a client."""

    OPENSSL = "OpenSSL"
    BORINGSSL = "BoringSSL"
    DOTNET = ".NET"
    JSSE = "JSSE"
    GO = "crypto/x509"
    RUSTLS = "rustls"
    CRYPTOGRAPHY = "cryptography"
    MBEDTLS = "mbedTLS"
    BEARSSL = "BearSSL"
    BOTAN = "Botan"
    WOLFSSL = "wolfSSL"
    GNUTLS = "GnuTLS"
    NSS = "NSS"
