"""Who loads nothing of what is trusted, for a time in it that is too short to OpenSSL since 3.4."""

from contextlib import suppress

from edgecheck.behaviour.issuers import taken
from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.openssl.times import short
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed

R = Refuser


def unloaded(view: View, certificate: Certificate) -> frozenset[Refuser]:
    """Return who does not load a trusted certificate, but would take the chain without it.

    Node.js keeps what stands before it, and is among them only where that is not enough.
    Raises `Unreadable` where the certificate's times are.
    """
    if short(certificate) is None:
        return frozenset()
    return frozenset({R.OPENSSL_3_4 if _keeps_node_out(view) else R.OPENSSL_3_4_WHOLE})


def _keeps_node_out(view: View) -> bool:
    """Whether a Node.js with an older OpenSSL takes the chain, and none with 3.4 or later does."""
    with suppress(Unreadable, Malformed):
        return taken(view, R.NODE).good and not taken(view, R.OPENSSL_3_4).good
    return False
