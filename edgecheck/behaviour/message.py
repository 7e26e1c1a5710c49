"""How large the handshake message may be in which all certificates come (RFC 8446, 4.4.2)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from edgecheck.behaviour.issuers import called, one_by_one
from edgecheck.behaviour.refusers import NSS, OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate

R = Refuser
KIB = 1024
_HEADER = 4
"""Bytes of the handshake header, which some clients count with the message."""
_CONTEXT, _EXTENSIONS = 1, 2
"""Bytes that TLS 1.3 adds to the message, and to each certificate in it."""


class Bound(NamedTuple):
    """The largest message that some clients take; what is larger, they refuse unread.

    Attributes:
        most: bytes.
        by: those that have it.
        before: bytes that they count besides `size`.
        each: bytes that they count besides `size` for each certificate.
    """

    most: int
    by: frozenset[Refuser]
    before: int = 0
    each: int = 0

    def counted(self, size: int, certificates: int) -> int:
        """Return the bytes that these clients count, of a message of this size (`size`)."""
        return size + self.before + self.each * certificates

    def refused(self, view: View) -> int:
        """Return the bytes that these clients count where that is too many; 0: they take them."""
        counted = self.counted(sent(view), len(view.presented))
        return counted if counted > self.most else 0


MBEDTLS_2_28 = Bound(16 * KIB, frozenset({R.MBEDTLS_2_28}), before=_HEADER)
MBEDTLS_3 = Bound(16_730, frozenset({R.MBEDTLS_3}), before=_HEADER + _CONTEXT, each=_EXTENSIONS)
WOLFSSL = Bound(18_462, frozenset({R.WOLFSSL}), before=_HEADER + _CONTEXT, each=_EXTENSIONS)
JAVA = Bound(32 * KIB, frozenset({R.JAVA}), before=_CONTEXT, each=_EXTENSIONS)
_WITHOUT_1_3 = frozenset({R.OPENSSL_1_1_0, R.OPENSSL_1_0_2})
_LATER = OPENSSL - {R.VERIFY} | OPENSSL_OLD - _WITHOUT_1_3 | {R.DOTNET}
BOUNDS = (
    MBEDTLS_2_28,
    MBEDTLS_3,
    WOLFSSL,
    JAVA,
    Bound(64 * KIB - 1, frozenset({R.RUSTLS}), before=_CONTEXT, each=_EXTENSIONS),
    Bound(64 * KIB, frozenset({R.GO_1_19}), before=_CONTEXT, each=_EXTENSIONS),
    Bound(100 * KIB, _LATER, before=_CONTEXT, each=_EXTENSIONS),
    Bound(100 * KIB, _WITHOUT_1_3),
    Bound(130_335, frozenset({R.GNUTLS}), before=_HEADER + _CONTEXT, each=_EXTENSIONS),
    Bound(128 * KIB - 1, NSS, before=_CONTEXT, each=_EXTENSIONS),
    Bound(256 * KIB, frozenset({R.GO_1_24}), before=_CONTEXT, each=_EXTENSIONS),
)
"""Measured, but for Go from 1.21 on (maxHandshakeCertificateMsg in common.go of crypto/tls); to the
byte with Java 17, Go 1.19, OpenSSL 3.0, GnuTLS 3.7.9 and NSS 3.87. All but mbedTLS 2.28 and OpenSSL
before 1.1.1 speak TLS 1.3, whose message is a bit larger; with a server that does not, they take so
much more.

mbedTLS takes one record (MBEDTLS_SSL_IN_CONTENT_LEN). Since 3.6.3 it joins records, and the buffer
has room for 368 bytes more, of which the second record's header, its tag and the kind of its
content take 22 (mbedtls_ssl_fetch_input). wolfSSL: MAX_HANDSHAKE_SZ. Java:
jdk.tls.maxHandshakeMessageSize. rustls: MAX_HANDSHAKE_SIZE. GnuTLS: its buffer of 128 KiB
holds what is around eight records too. NSS: MAX_HANDSHAKE_MSG_LEN.
"""


def size(certificates: Iterable[Certificate]) -> int:
    """Return the bytes of the message in TLS 1.2; in 1.3 each certificate takes two more."""
    return 3 + sum(len(certificate.der) + 3 for certificate in certificates)


def sent(view: View) -> int:
    """Return `size` of what a client gets, with a byte for what stands behind a certificate.

    What is behind one that is damaged is a part of its DER.
    """
    found: int | None = view.kept.get(size)
    if found is None:
        behind = (c.der in view.trailing and "end" not in c.damage for c in view.presented)
        found = size(view.presented) + sum(behind)
        view.kept[size] = found
    return found


def refusing(size: int, certificates: int) -> frozenset[Refuser]:
    """Return who refuses a message of this size (`size`) with so many certificates, unread."""
    found: frozenset[Refuser] = frozenset()
    for bound in BOUNDS:
        if bound.counted(size, certificates) > bound.most:
            found |= bound.by
    return frozenset(called(one_by_one(found)).values())


@lru_cache(maxsize=256)
def bound(kinds: tuple[Refuser, ...]) -> Bound | None:
    """Return how large a message a client of these kinds takes; None: no bound is known."""
    asked = set(kinds)
    return next((each for each in BOUNDS if asked & each.by), None)
