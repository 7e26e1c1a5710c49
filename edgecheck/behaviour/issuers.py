"""Which chain each kind of client settles on, by the names that findings use for clients.

Of clients that build one chain, and do not come back where it leads nowhere, and of Botan, which
builds all but insists on a root. Go, rustls and NSS' libpkix try every path up to anything trusted,
so nothing leads them astray.
"""

from collections.abc import Callable, Mapping

from edgecheck.behaviour.bearssl import chain as bearssl
from edgecheck.behaviour.botan import chain as botan
from edgecheck.behaviour.dotnet import chain as dotnet
from edgecheck.behaviour.gnutls import chain as gnutls
from edgecheck.behaviour.golang import chain as golang
from edgecheck.behaviour.golang.parse import V1_19, V1_27
from edgecheck.behaviour.jsse import chain as jsse
from edgecheck.behaviour.mbedtls import chain as mbedtls
from edgecheck.behaviour.nss import chain as nss
from edgecheck.behaviour.nss import pkix
from edgecheck.behaviour.openssl import verify as openssl
from edgecheck.behaviour.openssl.settings import V1_0_2, V1_1_0, V1_1_1, V3_0, V3_5, Settings
from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.taken import Taken
from edgecheck.behaviour.view import View
from edgecheck.behaviour.webpki import build as webpki
from edgecheck.behaviour.wolfssl import chain as wolfssl

R = Refuser
Builder = Callable[[View], Taken]


def _openssl(
    version: tuple[int, ...] = V3_0,
    *,
    level: int = 2,
    partial: bool = False,
    strict: bool = False,
    boring: bool = False,
) -> Builder:
    settings = Settings(version, level=level, partial=partial, strict=strict, boring=boring)
    return lambda view: openssl.taken(view, settings)


BUILDERS: Mapping[Refuser, Builder] = {
    R.PYTHON: _openssl(),
    R.NODE: _openssl(level=1),
    R.NODE_24: _openssl(V3_5),
    R.S_CLIENT: _openssl(),
    R.VERIFY: _openssl(level=0),
    R.AZURE_C: _openssl(level=1),
    R.CURL: _openssl(partial=True),
    R.MOSQUITTO: _openssl(),
    R.DOTNET: dotnet.taken,
    R.JAVA: jsse.taken,
    R.STRICT: _openssl(partial=True, strict=True),
    R.OPENSSL_1_1_1: _openssl(V1_1_1, level=1),
    R.OPENSSL_1_1_0: _openssl(V1_1_0, level=1),
    R.OPENSSL_1_0_2: _openssl(V1_0_2, level=0),
    R.BORINGSSL: _openssl(V1_0_2, level=0, boring=True),
    R.GNUTLS: gnutls.taken,
    R.NSS: nss.taken,
    R.MBEDTLS: mbedtls.taken,
    R.WOLFSSL: wolfssl.taken,
    R.BEARSSL: bearssl.taken,
    R.BOTAN: botan.taken,
}
"""As the clients are set up that the recordings know; tier 1 comes first."""
EVERY_PATH: Mapping[Refuser, Builder] = {
    R.GO: lambda view: golang.taken(view, V1_27),
    R.GO_1_19: lambda view: golang.taken(view, V1_19),
    R.NSS_PKIX: pkix.taken,
    R.RUSTLS: webpki.taken,
    R.RUSTLS_RTLS: lambda view: webpki.taken(view, only_roots=True),
}
"""Those that try every path; what they refuse has no way at all."""
IN_ORDER = (R.MBEDTLS, R.WOLFSSL, R.BEARSSL)
"""Those that go through what is presented in its order."""


def taken(view: View, refuser: Refuser) -> Taken:
    """What a kind of client makes of the chain; built once for each view.

    Raises `Unreadable`, `Malformed`, ValueError or LookupError where a fact that it needs cannot be
    read.
    """
    key = ("taken", refuser)
    found: Taken | None = view.kept.get(key)
    if found is None:
        found = view.kept[key] = (BUILDERS.get(refuser) or EVERY_PATH[refuser])(view)
    return found
