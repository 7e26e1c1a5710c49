"""What holds of kinds of clients: it follows from the records of those that are of a kind.

A finding says who refuses what it is about, as far as recordings or source show it; it is
a fact about the violation, not a prediction about the whole chain.
"""

from edgecheck.behaviour.kinds import Refuser
from edgecheck.behaviour.sets import (
    EVERYBODY,
    NSS,
    OPENSSL,
    OPENSSL_OLD,
    SECLEVEL_1,
    SECLEVEL_2,
    TIER_1,
)

__all__ = [
    "EVERYBODY",
    "GO",
    "NSS",
    "OPENSSL",
    "OPENSSL_OLD",
    "SECLEVEL_1",
    "SECLEVEL_2",
    "TIER_1",
    "Refuser",
    "all_but",
    "in_order",
    "in_words",
]
R = Refuser
GO = frozenset({R.GO, R.GO_OLD, R.GO_1_24, R.GO_1_27, R.GO_1_19})
"""Every version of Go."""


def all_but(*accepting: Refuser) -> frozenset[Refuser]:
    """Everybody else; where only some versions of a client accept, the others are named."""
    left = EVERYBODY.difference(accepting)
    if R.GO_OLD in accepting:
        left = left - {R.GO} | {R.GO_1_24}
    if R.OPENSSL_1_1_1 in accepting and R.NODE in left:  # which Node.js up to 16 has
        left = left - {R.NODE} | {R.NODE_20, R.NODE_24}
    for version, others in ((R.MBEDTLS_2_28, R.MBEDTLS_3), (R.MBEDTLS_3, R.MBEDTLS_2_28)):
        if version in accepting and R.MBEDTLS not in accepting:
            left = left - {R.MBEDTLS} | {others}
    return left


_PLACE = {kind: place for place, kind in enumerate(Refuser)}
_ORDER = {kind: (kind not in TIER_1, place) for kind, place in _PLACE.items()}


def in_order(refusers: frozenset[Refuser]) -> list[str]:
    """Their names, clients of tier 1 first."""
    return [refuser.value for refuser in sorted(refusers, key=_ORDER.__getitem__)]


FEW = 40
"""Letters of who refuses something, in a message that says more than that."""


def in_few_words(refused: frozenset[Refuser]) -> str:
    """Return who refuses, within a sentence about something else; beside it stands who they are."""
    told = in_words(in_order(refused))
    return told if len(told) <= FEW else "many clients"


_CALLED = {Refuser.STRICT.value: "Python 3.13+ create_default_context()"}
"""What people call those whose names in data do not say it."""


def in_words(names: list[str]) -> str:
    """The same for a reader in a hurry: whole groups under one name."""
    left = {Refuser(name) for name in names}
    if Refuser.OPENSSL_3_4 in left:  # which Node.js has too
        left.discard(Refuser.OPENSSL_3_4_WHOLE)
    if left >= EVERYBODY:
        return "every client"
    words = []
    if left >= OPENSSL:
        words.append(
            "whatever uses OpenSSL 1.1.1 or later (Python, Node.js, the Azure C SDK, curl)"
        )
        left -= OPENSSL
    return ", ".join([*words, *(_CALLED.get(name, name) for name in in_order(frozenset(left)))])
