"""Which clients take two names for the same one: each compares in its own way."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from edgecheck.behaviour.damaged import DAMAGED
from edgecheck.behaviour.refusers import OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate

_BY_BYTES = frozenset(
    {
        Refuser.GO,
        Refuser.NSS,
        Refuser.NSS_PKIX,
        Refuser.RUSTLS,
        Refuser.CRYPTOGRAPHY,
        Refuser.WOLFSSL,
        Refuser.BEARSSL,
    }
)
"""Clients that compare the bytes of names."""


@lru_cache(maxsize=1)
def _compares() -> Mapping[Callable[[bytes, bytes], bool], frozenset[Refuser]]:
    """Who compares names in which way; imported when asked, as sound chains need none."""
    from edgecheck.behaviour.botan import names as botan
    from edgecheck.behaviour.gnutls import names as gnutls
    from edgecheck.behaviour.jsse import names as jsse
    from edgecheck.behaviour.mbedtls import names as mbedtls
    from edgecheck.behaviour.openssl import names as openssl

    return {
        openssl.same: frozenset({*OPENSSL, *OPENSSL_OLD, Refuser.DOTNET}),
        jsse.same: frozenset({Refuser.JAVA}),
        mbedtls.same: frozenset({Refuser.MBEDTLS}),
        gnutls.same: frozenset({Refuser.GNUTLS}),
        botan.same: frozenset({Refuser.BOTAN}),
    }


def is_looked_up(issuer: Certificate, view: View) -> bool:
    """Return whether an issuer is one that GnuTLS finds in what is trusted, by bytes alone."""
    from edgecheck.behaviour.gnutls.chain import is_looked_up as by_gnutls

    return issuer.der in view.trusted and by_gnutls(issuer, view.presented)


def telling_apart(one: bytes, other: bytes, trusted: bool) -> frozenset[Refuser]:
    """Return the clients that do not take two names, which differ in bytes, for the same one.

    Args:
        one: the DER of a Name.
        other: that of another, such as an issuer's subject.
        trusted: whether it is that of something trusted, of which GnuTLS compares bytes
            (`is_looked_up`).
    """
    found = _BY_BYTES | ({Refuser.GNUTLS} if trusted else frozenset())
    for same, clients in _compares().items():
        try:
            equal = same(one, other)
        except DAMAGED:  # one of them cannot be read
            equal = False
        if not equal:
            found |= clients
    return found


def equating(one: bytes, other: bytes, trusted: bool) -> frozenset[Refuser]:
    """Return the others, which find the one where the other is named."""
    every = _BY_BYTES.union(*_compares().values())
    return every - telling_apart(one, other, trusted) if one != other else every
