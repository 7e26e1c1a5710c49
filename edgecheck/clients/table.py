"""The clients, tier 1 first. What a client is stands here; what its engine does, beside."""

from edgecheck.clients import bearssl, dotnet, mbedtls, pyca
from edgecheck.clients.botan import engine as botan
from edgecheck.clients.client import Client
from edgecheck.clients.gnutls import engine as gnutls
from edgecheck.clients.golang import verify as golang
from edgecheck.clients.jsse import engine as jsse
from edgecheck.clients.nss import engine as nss
from edgecheck.clients.openssl import clients as _openssl
from edgecheck.clients.webpki import engine as webpki
from edgecheck.clients.wolfssl import engine as wolfssl

CLIENTS: tuple[Client, ...] = tuple(
    sorted(
        (
            *_openssl.CLIENTS,
            *dotnet.CLIENTS,
            *golang.CLIENTS,
            *jsse.CLIENTS,
            *webpki.CLIENTS,
            *pyca.CLIENTS,
            *mbedtls.CLIENTS,
            *bearssl.CLIENTS,
            *botan.CLIENTS,
            *wolfssl.CLIENTS,
            *gnutls.CLIENTS,
            *nss.CLIENTS,
        ),
        key=lambda client: client.tier,
    )
)
