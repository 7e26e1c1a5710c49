"""How large the handshake message may be in which all certificates come (RFC 8446, 4.4.2)."""

from collections.abc import Iterable
from functools import lru_cache

from edgecheck.behaviour.refusers import OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.reading.certificate import Certificate

R = Refuser
KIB = 1024
LARGEST = (
    (16 * KIB, frozenset({R.MBEDTLS})),
    (18 * KIB, frozenset({R.WOLFSSL})),
    (32 * KIB, frozenset({R.JAVA})),
    (64 * KIB, frozenset({R.RUSTLS, R.GO_1_19})),
    (100 * KIB, OPENSSL - {R.VERIFY} | OPENSSL_OLD | {R.DOTNET}),
    (128 * KIB, frozenset({R.GNUTLS, R.NSS, R.NSS_PKIX})),
    (256 * KIB, frozenset({R.GO_1_24})),
)
"""The largest message that clients take, in bytes: what is larger, they refuse unread. Measured,
but for Go from 1.21 on (maxHandshakeCertificateMsg in common.go of crypto/tls)."""


def size(certificates: Iterable[Certificate]) -> int:
    """Return the bytes of the message in TLS 1.2; in 1.3 each certificate takes two more."""
    return 3 + sum(len(certificate.der) + 3 for certificate in certificates)


@lru_cache(maxsize=256)
def largest(kinds: tuple[Refuser, ...]) -> int | None:
    """Return how large a message a client of these kinds takes; None: no bound is known."""
    asked = set(kinds)
    return next((most for most, bounded in LARGEST if asked & bounded), None)
