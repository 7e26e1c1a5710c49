"""Where .NET looks for an issuer that is missing (OpenSslX509ChainProcessor.cs at 8.0).

FindChainViaAia fetches it from the address in the certificate at which the chain breaks off, and
keeps it for later chains if the chain is good then. `X509ChainPolicy.DisableCertificateDownloads`
forbids it.

Others can do the like, but only if they are told to: Java by the property
com.sun.security.enableAIAcaIssuers, gnutls-cli by --ca-auto-retrieve, NSS's libpkix by
cert_pi_useAIACertFetch. OpenSSL, its other callers, Go, rustls, mbedTLS, wolfSSL, BearSSL and
Botan 2 fetch nothing while they verify.
"""

from edgecheck.behaviour import raw
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading import der
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.der import Malformed

_INFO_ACCESS = bytes.fromhex("2b06010505070101")
_CA_ISSUERS = bytes.fromhex("2b06010505073002")
_SCHEME = "http://"
"""The only one that it takes (FindHttpAiaRecord), in any case of letters."""


def issuer_address(certificate: Certificate) -> str | None:
    """The first address of the issuer in authorityInfoAccess that it would ask; None without.

    An extension that cannot be read has none, as .NET then ends with an error of its own.
    """
    value = certificate.extensions.get(_INFO_ACCESS)
    if value is None:
        return None
    try:
        start, end = der.only(value, der.SEQUENCE, "authorityInfoAccess")
        for _, first, last in der.elements(value, start, end):
            (_, a, b), (tag, v, w) = der.elements(value, first, last)
            address = value[v:w].decode("latin-1")
            if (
                value[a:b] == _CA_ISSUERS
                and tag == raw.URI
                and address[: len(_SCHEME)].lower() == _SCHEME
            ):
                return address
    except (Malformed, ValueError):
        return None
    return None


def unless_fetched(refusers: frozenset[Refuser], child: Certificate) -> frozenset[Refuser]:
    """Those who refuse a chain that breaks off at `child`, but who may fetch its issuer."""
    return refusers if issuer_address(child) is None else refusers - {Refuser.DOTNET}
