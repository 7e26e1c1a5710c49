"""Who takes a certificate for another purpose or usage than it should be for."""

from collections.abc import Collection

from edgecheck.behaviour.refusers import OPENSSL, OPENSSL_OLD, Refuser
from edgecheck.reading.certificate import EXT_KEY_USAGE, Certificate
from edgecheck.reading.extensions import MICROSOFT_SGC, NETSCAPE_SGC

R = Refuser
SGC = frozenset({NETSCAPE_SGC, MICROSOFT_SGC})
"""Server-gated cryptography, which OpenSSL takes for serverAuth."""


def for_servers(
    certificate: Certificate, usages: Collection[str], as_issuer: bool
) -> frozenset[Refuser]:
    """Return who lets it serve, or issue for servers.

    Args:
        certificate: which has an extKeyUsage.
        usages: its dotted object identifiers.
        as_issuer: whether it is an issuer; else it is the server's.
    """
    from edgecheck.behaviour.nss import store  # sound chains need none of it

    found = OPENSSL | OPENSSL_OLD if SGC.intersection(usages) else frozenset[Refuser]()
    if not as_issuer:
        return found | {R.NSS, R.NSS_PKIX} if store.may_serve(certificate) else found
    if NETSCAPE_SGC in usages:
        found |= {R.GNUTLS, R.GNUTLS_3_7, R.GNUTLS_3_8}
    if store.kinds(certificate) & store.SSL_CA:
        found |= {R.NSS_PKIX}
    # The classic builder wants another kind of authority, if it is of any.
    return found | {R.NSS} if store.may_issue(certificate) else found


def passing_over_usage(certificate: Certificate) -> frozenset[Refuser]:
    """Return who does not look at its keyUsage: Botan, where it cannot decode it.

    That is an unknown extension then, unless it is critical.
    """
    from edgecheck.behaviour.botan.decoded import thrown_at  # sound chains need none of it

    value = certificate.extensions.get(EXT_KEY_USAGE)
    if value is None or EXT_KEY_USAGE in certificate.critical:
        return frozenset()
    return frozenset({R.BOTAN}) if thrown_at(EXT_KEY_USAGE, value) else frozenset()
