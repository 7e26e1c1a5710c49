"""How each client compares a certificate's names with a host (`host_names.py` asks them).

They are apart from it since they take long to import, and sound chains need none. Each client
compares in its own way, in the function that stands here beside its name; the client's model
calls the same one.
"""

from collections.abc import Callable

from edgecheck.behaviour.bearssl import names as bearssl
from edgecheck.behaviour.botan import names as botan
from edgecheck.behaviour.gnutls import names as gnutls
from edgecheck.behaviour.golang import names as golang
from edgecheck.behaviour.host import Host
from edgecheck.behaviour.jsse import names as jsse
from edgecheck.behaviour.mbedtls import names as mbedtls
from edgecheck.behaviour.mbedtls.versions import V2_28, V3_6_6
from edgecheck.behaviour.node import names as node
from edgecheck.behaviour.nss import names as nss
from edgecheck.behaviour.openssl import callers
from edgecheck.behaviour.openssl import names as openssl
from edgecheck.behaviour.pyca import names as pyca
from edgecheck.behaviour.refusers import Refuser
from edgecheck.behaviour.webpki import names as webpki
from edgecheck.behaviour.wolfssl import names as wolfssl
from edgecheck.reading.certificate import Certificate

R = Refuser

MATCHERS: dict[Refuser, Callable[[Certificate, Host], bool]] = {
    R.PYTHON: callers.python_matches,
    R.NODE_TYPED: node.matches,
    R.NODE_URL: node.url_matches,
    R.NODE_SUMMER: node.first_ascii_matches,
    R.NODE_AUTUMN: node.ascii_matches,
    R.NODE_NEWEST: node.newest_matches,
    R.S_CLIENT: openssl.matches,
    R.OPENSSL_4_0: openssl.matches_since_4_0,
    R.VERIFY: openssl.matches,
    R.AZURE_C: openssl.matches,
    R.CURL: callers.curl_matches,
    R.MOSQUITTO_2_0_11: callers.mosquitto_matches,
    R.MOSQUITTO_2_0_21: callers.mosquitto_dotted_matches,
    R.MOSQUITTO_2_1: openssl.matches,
    R.PAHO_C: callers.paho_c_matches,
    R.DOTNET: callers.dotnet_matches,
    R.JAVA: jsse.matches,
    R.JAVA_21: jsse.matches_since_21,
    R.GO_1_24: golang.matches,
    R.GO_1_19: golang.old_matches,
    R.STRICT: callers.python_matches,
    # Of these versions it is Node.js, or Bun, that was measured.
    R.OPENSSL_1_1_1: node.matches,
    R.OPENSSL_1_1_0: node.old_matches,
    R.OPENSSL_1_0_2: node.old_matches,
    R.BORINGSSL: node.bun_matches,
    R.GNUTLS: gnutls.matches,
    R.NSS: nss.matches,
    R.NSS_PKIX: nss.matches,
    R.RUSTLS: webpki.matches,
    R.RUSTLS_RTLS: webpki.rtls_matches,
    R.CRYPTOGRAPHY: pyca.matches,
    R.MBEDTLS_2_28: lambda leaf, host: mbedtls.matches(leaf, host, V2_28),
    R.MBEDTLS_3: lambda leaf, host: mbedtls.matches(leaf, host, V3_6_6),
    R.WOLFSSL: wolfssl.matches,
    R.BEARSSL: bearssl.matches,
    R.BOTAN: botan.matches,
}
"""Whether each takes a certificate for a host. May raise `Malformed` and `Unreadable`."""
