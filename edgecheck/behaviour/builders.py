"""The models that build chains, by the kinds of clients that they are of (`issuers.py` asks them).

They are apart from it since they take long to import, and sound chains need none.
"""

from collections.abc import Callable, Mapping

from edgecheck.behaviour.bearssl import chain as bearssl
from edgecheck.behaviour.botan import chain as botan
from edgecheck.behaviour.dotnet import chain as dotnet
from edgecheck.behaviour.gnutls import chain as gnutls
from edgecheck.behaviour.gnutls.versions import V3_7, V3_8
from edgecheck.behaviour.golang import chain as golang
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.jsse import chain as jsse
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.mbedtls import chain as mbedtls
from edgecheck.behaviour.mbedtls.versions import V2_28, V3_6_6, V3_6_7
from edgecheck.behaviour.node import records as node
from edgecheck.behaviour.nss import chain as nss
from edgecheck.behaviour.nss import pkix
from edgecheck.behaviour.openssl import records
from edgecheck.behaviour.openssl import verify as openssl
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.pahoc.records import PAHO_C
from edgecheck.behaviour.pyca import chain as pyca
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.taken import Taken
from edgecheck.behaviour.view import View
from edgecheck.behaviour.webpki import build as webpki
from edgecheck.behaviour.wolfssl import chain as wolfssl

R = Refuser
Builder = Callable[[View], Taken]


def _openssl(record: Record) -> Builder:
    """As this client uses OpenSSL."""
    settings = record.settings
    assert isinstance(settings, Settings)
    return lambda view: openssl.taken(view, settings)


BUILDERS: Mapping[Refuser, Builder] = {
    R.PYTHON: _openssl(records.PYTHON),
    R.NODE: _openssl(node.NODE_20),
    R.NODE_24: _openssl(node.NODE_24),
    R.S_CLIENT: _openssl(records.S_CLIENT),
    R.VERIFY: _openssl(records.VERIFY),
    R.AZURE_C: _openssl(records.AZURE_C),
    R.CURL: _openssl(records.CURL),
    R.MOSQUITTO: _openssl(records.MOSQUITTO),
    R.PAHO_C: _openssl(PAHO_C),
    R.DOTNET: dotnet.taken,
    R.JAVA: jsse.taken,
    R.STRICT: _openssl(records.PYTHON_STRICT),
    R.OPENSSL_1_1_1: _openssl(records.OPENSSL_1_1_1),
    R.OPENSSL_1_1_0: _openssl(node.NODE_10),
    R.OPENSSL_1_0_2: _openssl(node.NODE_8),
    R.BORINGSSL: _openssl(node.BUN),
    R.GNUTLS_3_7: lambda view: gnutls.taken(view, V3_7),
    R.GNUTLS_3_8: lambda view: gnutls.taken(view, V3_8),
    R.NSS: nss.taken,
    R.MBEDTLS_2_28: lambda view: mbedtls.taken(view, V2_28),
    R.MBEDTLS_3: lambda view: mbedtls.taken(view, V3_6_6),
    R.MBEDTLS_3_6_7: lambda view: mbedtls.taken(view, V3_6_7),
    R.WOLFSSL: wolfssl.taken,
    R.BEARSSL: bearssl.taken,
    R.BOTAN: botan.taken,
}
"""By a client of each kind; tier 1 comes first. Of Node.js it is the most lenient one."""
EVERY_PATH: Mapping[Refuser, Builder] = {
    R.GO: lambda view: golang.taken(view, V1_27),
    R.GO_1_19: lambda view: golang.taken(view, V1_19),
    R.NSS_PKIX: pkix.taken,
    R.RUSTLS: webpki.taken,
    R.RUSTLS_RTLS: lambda view: webpki.taken(view, only_roots=True),
    R.CRYPTOGRAPHY: pyca.taken,
}
"""Those that try every path; what they refuse has no way at all."""
OF_VERSIONS: Mapping[Refuser, Builder] = {
    R.OPENSSL_3_4: _openssl(node.NODE_22),
    R.OPENSSL_3_4_WHOLE: _openssl(records.OPENSSL_3_4),
}
"""Kinds across others (`kinds.ACROSS`), which are asked for what a version decodes; by the most
lenient one."""
BY_KIND: Mapping[Refuser, Builder] = {**BUILDERS, **EVERY_PATH, **OF_VERSIONS}


def builder(refuser: Refuser) -> Builder:
    """Return the model of a kind; one of several versions is asked by its own name."""
    return BY_KIND[refuser]
