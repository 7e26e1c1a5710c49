"""Who settles on another chain than the right one, by what each kind of client does.

The path is the right one: it is the best that there is. A client is misled where it refuses what
is there, though it would take the path alone; or where the path alone leads it astray, as names do
that two certificates share.
"""

from collections.abc import Collection
from contextlib import suppress
from itertools import pairwise

from edgecheck.behaviour.constraints import forbids, heeding
from edgecheck.behaviour.issuers import IN_ORDER, VERSIONS, called, settling, taken
from edgecheck.behaviour.openssl import errors
from edgecheck.behaviour.refusers import OPENSSL, OPENSSL_OLD, TIER_1, Refuser
from edgecheck.behaviour.taken import Ended, Taken
from edgecheck.behaviour.view import View
from edgecheck.hierarchy.links import Pool
from edgecheck.hierarchy.paths import Ending, Path
from edgecheck.hierarchy.signatures import State
from edgecheck.reading.certificate import EXT_NAME_CONSTRAINTS, Certificate, Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.rules.engine.case import Case
from edgecheck.values import frozen

R = Refuser
_NO_CA = (errors.INVALID_CA, errors.PURPOSE)
"""How OpenSSL says that an issuer is no CA."""


@frozen
class Misled:
    """What one kind of client makes of it.

    Attributes:
        refuser: the kind of client.
        taken: the chain that it settles on.
        place: of the certificate on that chain whose issuer is another one than on the path;
            None where the chain is right as far as it goes.
    """

    refuser: Refuser
    taken: Taken
    place: int | None

    @property
    def child(self) -> Certificate:
        """The certificate whose issuer it takes wrongly, or for which it finds none."""
        return self.taken.certificates[-1 if self.place is None else self.place]

    @property
    def wrong(self) -> Certificate | None:
        """The issuer that it takes wrongly."""
        return None if self.place is None else self.taken.certificates[self.place + 1]


def misled(case: Case) -> list[Misled]:
    """Who refuses what is presented and trusted, and would take the path alone.

    Where the path fails, that concerns those alone who would take it.

    Raises `Unreadable` where that hangs on a fact that cannot be read.
    """
    path = case.hierarchy.path
    assert path is not None  # rules ask where there is one
    whole, alone = to_its_end(case, path), _alone(case, path)
    enough = _takes(alone, R.CURL, path)  # for those that need no root above the end of the path
    found = [
        Misled(refuser, made, strays(made, path))
        for refuser, made in _refusing(whole, settling(), decided=True)
    ]
    found = [
        each
        for each in found
        if _takes(alone, each.refuser, path)
        or (each.place is not None and (enough or _is_open(alone, each.refuser)))
    ]
    if path.verdict is False:
        found = [each for each in found if _is_good(alone, each.refuser)]
    return _as_called(found)


def in_order_refusers(case: Case) -> frozenset[Refuser]:
    """Which of those that go through what is presented in its order refuse it for that.

    Java builds a path where it is in another order, and then none of more than five authorities.
    """
    from edgecheck.behaviour.jsse.building import MOST_BETWEEN  # sound chains need none of it

    path = case.hierarchy.path
    if path is None:
        return frozenset()
    whole, alone = to_its_end(case, path), _alone(case, path)
    many = len(path.certificates) - 2 > MOST_BETWEEN
    found = _refusing(whole, (*IN_ORDER, R.JAVA) if many else IN_ORDER)
    return frozenset(called(who for who, _ in found if _takes(alone, who, path)).values())


def confused(case: Case, group: Collection[Certificate]) -> list[Misled]:
    """Who takes one certificate of a group for another one, or for self-signed.

    A server certificate that comes alone is judged with what is really trusted.
    """
    path = case.hierarchy.path
    assert path is not None
    view = case.view if len(path) == 1 else to_its_end(case, path)
    right = dict(pairwise(path.certificates))
    found = []
    for refuser, made in _refusing(view, settling()):
        place = strays(made, path)
        each = Misled(refuser, made, place)
        if place is not None:
            concerned = each.wrong in group or right.get(each.child) in group
        else:
            concerned = each.child in group and _stops(each, path)
        if concerned:
            found.append(each)
    return _as_called(found)


def unended(case: Case) -> frozenset[Refuser]:
    """Who goes the right way, and above or below the end of the path finds nothing to end with."""
    found = [e for e in _on_the_way(case) if e.taken.ended is not Ended.TRUSTED]
    return only_roots(case) | {each.refuser for each in _as_called(found)}


def unsound_above(case: Case) -> list[Misled]:
    """Who goes the right way up to the end of the path, and objects to what is above it.

    Where a client that ends there finds nothing wrong, nor does any other below.
    """
    path = case.hierarchy.path
    assert path is not None
    size = len(path)
    sound = _takes(_alone(case, path), R.CURL, path)
    found = []
    for each in _on_the_way(case):
        made = each.taken
        above = any(o.certificate not in path.certificates for o in made.objections)
        at_end = any(o.certificate == path.certificates[-1] for o in made.objections)
        if made.ended is Ended.TRUSTED and (
            above
            or (sound and (len(made.certificates) > size or at_end))
            or (at_end and _is_forbidden_from_above(each, size))
        ):
            found.append(each)
    return _as_called(found)


def _is_forbidden_from_above(each: Misled, size: int) -> bool:
    """Whether constraints above the end of a path, which has this size, forbid that end."""
    kind = VERSIONS.get(each.refuser, each.refuser)
    if kind not in heeding():
        return False
    certificates = each.taken.certificates
    for above in certificates[size:]:
        with suppress(Unreadable, Malformed):
            if EXT_NAME_CONSTRAINTS in above.extensions and forbids(
                kind, certificates[size - 1], above, size == 1, None
            ):
                return True
    return False


def takes_for_no_ca(certificate: Certificate, case: Case) -> frozenset[Refuser]:
    """Return who goes through a certificate to a root above it, and does not take it for a CA.

    Of OpenSSL and what is built on it: it asks that of all but what is its own issuer.
    """
    found = set()
    for refuser in OPENSSL | OPENSSL_OLD | {R.DOTNET}:
        with suppress(Unreadable, Malformed):
            objections = taken(case.view, refuser).objections
            if any(o.certificate == certificate and o.code in _NO_CA for o in objections):
                found.add(refuser)
    return frozenset(found)


def content_above(certificate: Certificate, among: Collection[Refuser], case: Case) -> set[Refuser]:
    """Return who of them goes on above a certificate to something trusted, and finds all well."""
    found = set()
    for refuser in among:
        with suppress(Unreadable, Malformed):
            made = taken(case.view, refuser)
            if made.good and certificate in made.certificates[:-1]:
                found.add(refuser)
    return found


def only_roots(case: Case) -> frozenset[Refuser]:
    """Rustls, where it takes nothing for an anchor that is no root, and would take the path."""
    try:
        refused = not taken(case.view, R.RUSTLS_RTLS).good and taken(case.view, R.RUSTLS).good
    except (Unreadable, Malformed):
        return frozenset()
    return frozenset({R.RUSTLS_RTLS} if refused else ())


def _on_the_way(case: Case) -> list[Misled]:
    """Who refuses although it does not stray, and would take the path if that were all."""
    path = case.hierarchy.path
    assert path is not None
    found = [
        Misled(refuser, made, None) for refuser, made in _refusing(case.view, settling(), True)
    ]
    return [each for each in found if strays(each.taken, path) is None]


def to_its_end(case: Case, path: Path) -> View:
    """What clients see; the end of the path is trusted, where the path reaches nothing that is."""
    if path.ended is Ending.ANCHOR or path.anchor_assumed:
        return case.view
    view = case.view
    return view.with_certificates(view.presented, (*view.trust, path.certificates[-1]))


def strays(made: Taken, path: Path) -> int | None:
    """The place of the first certificate on a chain whose issuer is another one than on the path.

    What goes on above the end of the path does not stray.
    """
    right = dict(pairwise(path.certificates))
    if made.certificates[0] not in path.certificates:
        return None  # another certificate is sent as the server's, which is another fault
    for place, (child, issuer) in enumerate(pairwise(made.certificates)):
        if child == path.certificates[-1]:
            return None
        if right.get(child) != issuer:
            return place
    return None


def _alone(case: Case, path: Path) -> View:
    """What clients would see, were there nothing but the path, in order, and what is above it."""
    key = "the path alone"
    view = case.view
    found: View | None = view.kept.get(key)
    if found is None:
        presented = tuple(c for c in path.certificates if c in case.hierarchy.sequence)
        trust = tuple(_way_up(path.certificates[-1], case))
        found = view.with_certificates(presented or path.certificates[:1], trust)
        view.kept[key] = found
    return found


def _way_up(end: Certificate, case: Case) -> list[Certificate]:
    """The end of a path, and the trusted certificates that lead on from there.

    There may be thousands of one name. Of those that are not found yet, one of each key is asked
    whether it signed what names it.
    """
    pool = case.hierarchy.pool
    found, there = [end], {end}
    waiting: dict[int, dict[bytes, list[Certificate]]] = {}  # by the list of a name, and by key
    for certificate in found:
        named = pool.named(certificate)
        if not named:
            continue
        left = waiting.get(id(named))
        if left is None:
            left = waiting[id(named)] = {}
            for one in named:
                if one.der in pool.trusted:
                    with suppress(Unreadable):  # such a key signs nothing
                        left.setdefault(pool.signatures.key_of(one), []).append(one)
        signing = [key for key, (one, *_) in left.items() if _is_signed(certificate, one, pool)]
        more = {one for key in signing for one in left.pop(key) if one not in there}
        if more:
            there |= more
            issuers = [one for one in named if one in more]
            found += [link.issuer for link in pool.ranked(certificate, issuers)]
    return found


def _is_signed(child: Certificate, issuer: Certificate, pool: Pool) -> bool:
    return pool.signatures.check(child, issuer).state is State.VALID


def _refusing(
    view: View, among: Collection[Refuser], decided: bool = False
) -> list[tuple[Refuser, Taken]]:
    """Those that are known to refuse, with what they settle on; tier 1 first.

    A version of what refuses is left out; where Node.js 16 does not refuse, its later versions are
    told. `decided`: raises `Unreadable` or `Malformed` where nobody of tier 1 is known to refuse,
    and what one of tier 1 does hangs on a fact that cannot be read.
    """
    damaged: Unreadable | Malformed | None = None
    found: dict[Refuser, Taken] = {}
    for refuser in among:
        try:
            made = taken(view, refuser)
        except (Unreadable, Malformed) as missing:
            damaged = missing if refuser in TIER_1 and damaged is None else damaged
            continue
        if not made.good:
            found[refuser] = made
    if decided and damaged is not None and TIER_1.isdisjoint(found):
        raise damaged
    if R.NODE in found:
        if R.OPENSSL_1_1_1 in found:
            found.pop(R.NODE_24, None)
        else:
            found = {R.NODE_20 if who is R.NODE else who: made for who, made in found.items()}
    return list(found.items())


def _as_called(found: list[Misled]) -> list[Misled]:
    """The same by the names of findings: once, where all versions of a kind are there."""
    names = called(each.refuser for each in found)
    told: dict[Refuser, Misled] = {}
    for each in found:
        name = names.get(each.refuser)
        if name is not None:
            told.setdefault(name, Misled(name, each.taken, each.place))
    return list(told.values())


def _is_good(alone: View, refuser: Refuser) -> bool:
    """Whether a client takes the path, were there nothing else; its name does not count."""
    try:
        return taken(alone, refuser).good
    except (Unreadable, Malformed):
        return False


def _takes(alone: View, refuser: Refuser, path: Path) -> bool:
    """Whether nothing else keeps a client from taking the path."""
    try:
        made = taken(alone, refuser)
    except (Unreadable, Malformed):
        return False
    return made.good or strays(made, path) is not None


def _is_open(alone: View, refuser: Refuser) -> bool:
    """Whether it hangs on a fact that cannot be read what a client makes of the path."""
    try:
        taken(alone, refuser)
    except (Unreadable, Malformed):
        return True
    return False


def _stops(each: Misled, path: Path) -> bool:
    """Whether it goes no further at what looks self-signed, below the end of the path."""
    top = each.child == path.certificates[-1] and len(path) > 1
    return each.taken.ended is Ended.SELF_SIGNED and not top


def takes_for_unconstrained(anchor: Certificate) -> frozenset[Refuser]:
    """Return who takes basicConstraints of a trusted certificate for none, and what it is for a CA.

    That is libpkix, of a path length beside CA:FALSE, or of one that is no int.
    """
    from edgecheck.behaviour.nss.store import constrains  # sound chains need none of it

    return frozenset() if constrains(anchor) else frozenset({Refuser.NSS_PKIX})
