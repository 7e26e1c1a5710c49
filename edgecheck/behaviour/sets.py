"""What holds of kinds of clients by their records; made by `tools/make_refusers.py`.

So a check that finds nothing unusual imports no records. A test compares it with them.
"""

from edgecheck.behaviour.kinds import Refuser

TIER_1 = frozenset(
    {
        Refuser.PYTHON,
        Refuser.NODE,
        Refuser.NODE_20,
        Refuser.NODE_24,
        Refuser.NODE_TYPED,
        Refuser.NODE_URL,
        Refuser.NODE_SUMMER,
        Refuser.NODE_AUTUMN,
        Refuser.NODE_NEWEST,
        Refuser.S_CLIENT,
        Refuser.AZURE_C,
        Refuser.DOTNET,
        Refuser.JAVA,
        Refuser.JAVA_21,
        Refuser.GO,
        Refuser.GO_1_24,
        Refuser.GO_1_27,
        Refuser.OPENSSL_3_4,
        Refuser.OPENSSL_3_4_WHOLE,
        Refuser.OPENSSL_4_0,
        Refuser.OPENSSL_1_1_1,
    }
)
"""Of which some client is one that IoT Edge deployments really run (`docs/severity.md`)."""
EVERYBODY = frozenset(
    {
        Refuser.PYTHON,
        Refuser.NODE,
        Refuser.S_CLIENT,
        Refuser.VERIFY,
        Refuser.AZURE_C,
        Refuser.CURL,
        Refuser.MOSQUITTO,
        Refuser.PAHO_C,
        Refuser.DOTNET,
        Refuser.JAVA,
        Refuser.GO,
        Refuser.STRICT,
        Refuser.OPENSSL_1_1_1,
        Refuser.OPENSSL_1_1_0,
        Refuser.OPENSSL_1_0_2,
        Refuser.BORINGSSL,
        Refuser.GNUTLS,
        Refuser.NSS,
        Refuser.NSS_PKIX,
        Refuser.RUSTLS,
        Refuser.CRYPTOGRAPHY,
        Refuser.MBEDTLS,
        Refuser.WOLFSSL,
        Refuser.BEARSSL,
        Refuser.BOTAN,
    }
)
"""All kinds but those that are only some versions of another one."""
OPENSSL = frozenset(
    {
        Refuser.PYTHON,
        Refuser.NODE,
        Refuser.S_CLIENT,
        Refuser.VERIFY,
        Refuser.AZURE_C,
        Refuser.CURL,
        Refuser.MOSQUITTO,
        Refuser.PAHO_C,
        Refuser.STRICT,
        Refuser.OPENSSL_1_1_1,
    }
)
"""OpenSSL 1.1.1 and later, and what is built on it."""
OPENSSL_OLD = frozenset(
    {
        Refuser.OPENSSL_1_1_0,
        Refuser.OPENSSL_1_0_2,
        Refuser.BORINGSSL,
    }
)
"""Older OpenSSL, and BoringSSL, which decide much alike."""
SECLEVEL_2 = frozenset(
    {
        Refuser.PYTHON,
        Refuser.NODE_24,
        Refuser.S_CLIENT,
        Refuser.CURL,
        Refuser.MOSQUITTO,
        Refuser.PAHO_C,
        Refuser.STRICT,
    }
)
"""What uses an OpenSSL whose security level is 2: Debian's, and that of Node.js since 24."""
SECLEVEL_1 = frozenset(
    {
        Refuser.PYTHON,
        Refuser.NODE_20,
        Refuser.NODE_24,
        Refuser.S_CLIENT,
        Refuser.AZURE_C,
        Refuser.CURL,
        Refuser.MOSQUITTO,
        Refuser.PAHO_C,
        Refuser.STRICT,
    }
)
"""Also what uses an OpenSSL 3 whose security level is 1."""
NSS = frozenset(
    {
        Refuser.NSS,
        Refuser.NSS_PKIX,
    }
)
"""Every version of NSS."""
