"""What OpenSSL refuses to read of a Certificate message, before it verifies anything."""

from edgecheck.clients.answer import Answer, reject
from edgecheck.clients.openssl.settings import V3_4, Settings
from edgecheck.clients.view import View

TRAILING = "trailing"
"""Bytes after the end of a certificate."""
SHORT_TIME = "short time"
"""A UTCTime without seconds, which d2i_X509 refuses since 3.4."""


def refused_to_read(view: View, settings: Settings) -> Answer | None:
    """The refusal of the first certificate that d2i_X509 does not take whole."""
    for depth, certificate in enumerate(view.presented):
        if settings.wire and certificate.der in view.trailing:
            return reject(TRAILING, certificate, depth)
        if settings.version >= V3_4:
            for raw in (certificate.not_before_raw, certificate.not_after_raw):
                if raw[0] == 0x17 and len(raw) - 2 < 13:
                    return reject(SHORT_TIME, certificate, depth)
    return None
