"""Who lets name constraints forbid a certificate, by the names that findings use for clients.

Libraries differ in the names to which they apply constraints: beside the subject and the
alternative names, an e-mail address within the subject, or a common name where a DNS name is
missing.
"""

from collections.abc import Collection

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.damaged import DAMAGED
from edgecheck.behaviour.refusers import Refuser
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.plainly import plainly

R = Refuser
FORMS = (raw.EMAIL, raw.DIRECTORY, raw.URI)
"""The forms of constraints that clients bring on names which RFC 5280 leaves out."""


ONLY_BELOW_THE_ROOT = frozenset({R.JAVA})
"""Who leaves a trusted root's own constraints alone."""
ONLY_OF_THE_ISSUER = frozenset({R.WOLFSSL})
"""Who looks at the constraints of the direct issuer alone."""


def heeding() -> frozenset[Refuser]:
    """Return the kinds of clients that let name constraints forbid something."""
    from edgecheck.behaviour.forbidding import FORBIDS  # sound chains need none

    return frozenset(FORBIDS)


def versions_of_go(found: set[Refuser]) -> frozenset[Refuser]:
    """The kinds that were found, of Go by the name that stands for those versions alone."""
    new, old = R.GO in found, R.GO_1_19 in found
    told = R.GO if old else R.GO_1_27
    others = found - {R.GO, R.GO_1_19}
    return frozenset(others | {told} if new else others | {R.GO_1_19} if old else others)


def forbidding(
    left_out: Collection[Refuser],
    below: Certificate,
    above: Certificate,
    is_leaf: bool,
    forms: Collection[int] | None = FORMS,
) -> tuple[set[Refuser], dict[Refuser, Unreadable | Malformed]]:
    """Which kinds of clients let the constraints of one forbid the other, and who cannot read them.

    Each library is asked once, whoever is built on it. `left_out`: who is not asked; `forms`: the
    tags of the forms of constraints that count; None: all.
    """
    from edgecheck.behaviour.forbidding import FORBIDS, Forbids  # sound chains need none

    answers: dict[Forbids, bool | Unreadable | Malformed] = {}
    found: set[Refuser] = set()
    unread: dict[Refuser, Unreadable | Malformed] = {}
    for refuser, ask in FORBIDS.items():
        if refuser in left_out:
            continue
        if ask not in answers:
            try:
                answers[ask] = forbids(refuser, below, above, is_leaf, forms)
            except (Unreadable, Malformed) as missing:
                answers[ask] = missing.with_traceback(None)
        answer = answers[ask]
        if answer is True:
            found.add(refuser)
        elif answer is not False:
            unread[refuser] = answer
    return found, unread


def forbids(
    refuser: Refuser,
    below: Certificate,
    above: Certificate,
    is_leaf: bool,
    forms: Collection[int] | None = FORMS,
) -> bool:
    """Whether a kind of client lets the constraints of one forbid the other.

    `forms`: the tags of the forms of constraints that count; None: all.

    Raises `Unreadable` or `Malformed` where a name or the constraints cannot be read.
    """
    from edgecheck.behaviour.forbidding import FORBIDS, whole

    forbids = FORBIDS[refuser]
    work.begin()
    try:
        held = whole(above)
        if forms is not None:
            held = raw.Constraints(*(tuple(b for b in group if b[0] in forms) for group in held))
        return forbids(below, above, is_leaf, held)
    except work.Spent as spent:
        raise Malformed(work.TOLD) from spent
    except (Unreadable, Malformed):
        raise
    except DAMAGED as damaged:
        raise Malformed(plainly(damaged)) from damaged
