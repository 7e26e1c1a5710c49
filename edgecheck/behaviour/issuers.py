"""Which chain each kind of client settles on, by the names that findings use for clients.

Of clients that build one chain, and do not come back where it leads nowhere, and of Botan, which
builds all but insists on a root. Go, rustls, NSS' libpkix and cryptography try every path up to
anything trusted, so nothing leads them astray.
"""

from collections.abc import Iterable

from edgecheck.behaviour import work
from edgecheck.behaviour.damaged import DAMAGED, MISSING
from edgecheck.behaviour.kinds import BY_NAMES_ALONE, Refuser
from edgecheck.behaviour.taken import Taken
from edgecheck.behaviour.view import View
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed

R = Refuser
VERSIONS = {
    R.NODE_20: R.NODE,
    **dict.fromkeys(BY_NAMES_ALONE, R.NODE),
    R.OPENSSL_4_0: R.S_CLIENT,
    R.JAVA_21: R.JAVA,
    R.GO_OLD: R.GO_1_19,
    R.GO_1_24: R.GO,
    R.GO_1_27: R.GO,
    R.CURL_7: R.CURL,
    **dict.fromkeys((R.MOSQUITTO_2_0_11, R.MOSQUITTO_2_0_21, R.MOSQUITTO_2_1), R.MOSQUITTO),
    R.GNUTLS: R.GNUTLS_3_8,
    R.MBEDTLS: R.MBEDTLS_3_6_7,
}
"""Kinds that are some versions of another one, and take the same chain; of those whose versions do
not, the plain name is the newest."""
_MBEDTLS_3 = frozenset({R.MBEDTLS_3, R.MBEDTLS_3_6_7})
_PARTS = {
    R.MBEDTLS_3: _MBEDTLS_3,
    R.MBEDTLS: _MBEDTLS_3 | {R.MBEDTLS_2_28},
    R.GNUTLS: frozenset({R.GNUTLS_3_7, R.GNUTLS_3_8}),
}
"""Kinds whose versions do not take the same chain, and of whom each is asked; smaller ones first.

As one of several, `MBEDTLS_3` is 3.6.6. If it alone does something, no kind tells that.
"""
IN_ORDER = (R.MBEDTLS_2_28, R.MBEDTLS_3, R.MBEDTLS_3_6_7, R.WOLFSSL, R.BEARSSL)
"""Those that go through what is presented in its order."""


def one_by_one(kinds: Iterable[Refuser]) -> frozenset[Refuser]:
    """Return the same with each version by itself, where versions do not take the same chain."""
    return frozenset().union(*(_PARTS.get(kind, (kind,)) for kind in kinds))


def called(kinds: Iterable[Refuser]) -> dict[Refuser, Refuser]:
    """Return by what name each of these is told, in their order: by one where all versions are.

    Args:
        kinds: as `one_by_one` has them. What has no name is not in the result.
    """
    names = {kind: kind for kind in kinds}
    for name, versions in _PARTS.items():
        if names.keys() >= versions:
            names.update(dict.fromkeys(versions, name))
        elif name in versions:
            names.pop(name, None)
    return names


def settling() -> tuple[Refuser, ...]:
    """Return the kinds of clients that settle on one chain, those of tier 1 first."""
    from edgecheck.behaviour.builders import BUILDERS  # sound chains need none

    return tuple(BUILDERS)


def taken(view: View, refuser: Refuser) -> Taken:
    """What a kind of client makes of the chain; built once for each view.

    Raises `Unreadable` or `Malformed` where a fact that it needs cannot be read.
    """
    from edgecheck.behaviour.builders import builder

    refuser = VERSIONS.get(refuser, refuser)
    key = ("taken", refuser)
    found: Taken | Unreadable | Malformed | None = view.kept.get(key)
    if found is None:
        build = builder(refuser)  # not within: a kind without a model is no damaged chain
        work.begin()
        try:
            found = build(view)
        except work.Spent:
            found = Malformed(work.TOLD)
        except (Unreadable, Malformed) as missing:
            found = missing.with_traceback(None)  # whose frames hold the view
        except DAMAGED:
            found = Malformed(MISSING)
        view.kept[key] = found
    if not isinstance(found, Taken):
        raise found.with_traceback(None)
    return found
