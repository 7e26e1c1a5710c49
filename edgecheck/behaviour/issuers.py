"""Which chain each kind of client settles on, by the names that findings use for clients.

Of clients that build one chain, and do not come back where it leads nowhere, and of Botan, which
builds all but insists on a root. Go, rustls, NSS' libpkix and cryptography try every path up to
anything trusted, so nothing leads them astray.
"""

from collections.abc import Callable, Mapping

from edgecheck.behaviour import work
from edgecheck.behaviour.bearssl import chain as bearssl
from edgecheck.behaviour.botan import chain as botan
from edgecheck.behaviour.dotnet import chain as dotnet
from edgecheck.behaviour.gnutls import chain as gnutls
from edgecheck.behaviour.golang import chain as golang
from edgecheck.behaviour.golang.records import V1_19, V1_27
from edgecheck.behaviour.jsse import chain as jsse
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.mbedtls import chain as mbedtls
from edgecheck.behaviour.nss import chain as nss
from edgecheck.behaviour.nss import pkix
from edgecheck.behaviour.openssl import records
from edgecheck.behaviour.openssl import verify as openssl
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.pyca import chain as pyca
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.taken import Taken
from edgecheck.behaviour.view import View
from edgecheck.behaviour.webpki import build as webpki
from edgecheck.behaviour.wolfssl import chain as wolfssl
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed

R = Refuser
MISSING = "a piece is missing"
"""What is said where a library's model walks over DER that does not hold together."""
Builder = Callable[[View], Taken]


def _openssl(record: Record) -> Builder:
    """As this client uses OpenSSL."""
    settings = record.settings
    assert isinstance(settings, Settings)
    return lambda view: openssl.taken(view, settings)


BUILDERS: Mapping[Refuser, Builder] = {
    R.PYTHON: _openssl(records.PYTHON),
    R.NODE: _openssl(records.NODE_20),
    R.NODE_24: _openssl(records.NODE_24),
    R.S_CLIENT: _openssl(records.S_CLIENT),
    R.VERIFY: _openssl(records.VERIFY),
    R.AZURE_C: _openssl(records.AZURE_C),
    R.CURL: _openssl(records.CURL),
    R.MOSQUITTO: _openssl(records.MOSQUITTO),
    R.DOTNET: dotnet.taken,
    R.JAVA: jsse.taken,
    R.STRICT: _openssl(records.PYTHON_STRICT),
    R.OPENSSL_1_1_1: _openssl(records.OPENSSL_1_1_1),
    R.OPENSSL_1_1_0: _openssl(records.NODE_10),
    R.OPENSSL_1_0_2: _openssl(records.NODE_8),
    R.BORINGSSL: _openssl(records.BUN),
    R.GNUTLS: gnutls.taken,
    R.NSS: nss.taken,
    R.MBEDTLS: mbedtls.taken,
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
VERSIONS = {R.NODE_20: R.NODE, R.OPENSSL_4_0: R.S_CLIENT, R.GO_OLD: R.GO_1_19, R.GO_1_24: R.GO}
"""Kinds that are some versions of another one, and take the same chain."""
IN_ORDER = (R.MBEDTLS, R.WOLFSSL, R.BEARSSL)
"""Those that go through what is presented in its order."""


def taken(view: View, refuser: Refuser) -> Taken:
    """What a kind of client makes of the chain; built once for each view.

    Raises `Unreadable` or `Malformed` where a fact that it needs cannot be read.
    """
    refuser = VERSIONS.get(refuser, refuser)
    key = ("taken", refuser)
    found: Taken | Unreadable | Malformed | None = view.kept.get(key)
    if found is None:
        work.begin()
        try:
            found = (BUILDERS.get(refuser) or EVERY_PATH[refuser])(view)
        except work.Spent:
            found = Malformed(work.TOLD)
        except (Unreadable, Malformed) as missing:
            found = missing
        except (ValueError, LookupError, OverflowError):
            found = Malformed(MISSING)
        view.kept[key] = found
    if not isinstance(found, Taken):
        raise found.with_traceback(None)
    return found
