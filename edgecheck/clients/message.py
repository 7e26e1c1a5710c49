"""Clients that refuse the message with the certificates for its size, before they read it."""

from edgecheck.behaviour import message
from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, reject

TOO_LARGE = "message too large"
"""The code of the answer, whose text is whole."""
_OWN = frozenset({Library.MBEDTLS, Library.WOLFSSL, Library.JSSE})
"""Libraries whose models know the bound, and what comes before it."""


def refusal(record: Record, view: View) -> Answer | None:
    """Return the refusal of a client that takes no message so large; None: it reads it."""
    bound = message.bound(record.kinds)
    counted = bound.refused(view) if bound is not None and record.library not in _OWN else 0
    if bound is None or not counted:
        return None
    from edgecheck.clients.too_large import words  # which belong to many models

    return reject(TOO_LARGE, view.leaf, 0, words(record, bound.most, counted))
