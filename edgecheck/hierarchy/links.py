"""Who may have issued whom: links by name, with key identifiers and signatures as facts."""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from edgecheck.hierarchy.signatures import Signature, State, remembered, verify, vouched_by
from edgecheck.reading.certificate import Certificate, Unreadable, each_once
from edgecheck.reading.der import Malformed
from edgecheck.reading.extensions import KEY_CERT_SIGN
from edgecheck.reading.names import name, same_name
from edgecheck.reading.trusted import Trusted

SPENT = "the bound on signatures is spent"
MOST_GUESSES = 12
"""Certificates among which an issuer is sought by signature alone, where no name matches."""
MOST_GUESSES_IN_ALL = 2_000
"""Possible issuers of another name that are looked at, for all certificates together."""


class KeyIds(StrEnum):
    """What the child's authority key identifier says of a candidate issuer."""

    MATCH = "match"
    MISMATCH = "mismatch"
    ABSENT = "absent"


# Names of a module are found more quickly than members of an enumeration.
MATCH, MISMATCH, ABSENT = KeyIds.MATCH, KeyIds.MISMATCH, KeyIds.ABSENT


class Signatures:
    """Verified signatures of one run, and a bound on how many may be verified.

    `known` may be shared between runs; its keys are (issuer's key, child's DER). What another
    run verified counts against the bound too, so that a report does not depend on it.
    """

    __slots__ = ("_asked", "completed", "known", "left")

    def __init__(self, known: dict[tuple[bytes, bytes], Signature], limit: int) -> None:
        """Start with what is known and the number of verifications allowed."""
        self.known = known
        self.left = limit
        self.completed: dict[bytes, bytes] = {}
        self._asked: set[tuple[bytes, bytes]] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        """What this run asked for goes along; what other runs verified stays where it is."""
        known = {key: found for key, found in self.known.items() if key in self._asked}
        return _signatures, (known, self.left, self.completed, self._asked)

    def key_of(self, issuer: Certificate) -> bytes:
        """The key, in full as far as that is known, on which alone `check` depends.

        Raises:
            Unreadable: it cannot be read.
        """
        return self.completed.get(issuer.der) or issuer.spki

    def check(
        self, child: Certificate, issuer: Certificate, spki: bytes | None = None
    ) -> Signature:
        """The state of the signature on `child` by `issuer`, verified at most once.

        `spki`: the issuer's key in full, where it inherits its parameters; it is kept for
        whatever else the issuer signed.
        """
        if spki is not None:
            self.completed[issuer.der] = spki
        elif self.completed:
            spki = self.completed.get(issuer.der)
        try:
            key = (spki or issuer.spki, child.der)
        except Unreadable as missing:
            return Signature(State.UNCHECKABLE, str(missing))
        if key not in self._asked:
            if self.left <= 0:
                return Signature(State.UNCHECKABLE, SPENT)
            self.left -= 1
            self._asked.add(key)
        if vouched_by(child) is not None:  # which is true of this object, and not of its bytes
            return verify(child, issuer, spki)
        found = self.known.get(key)
        if found is None:
            found = remembered(child, issuer) if spki is None else verify(child, issuer, spki)
            self.known[key] = found
        return found


def _signatures(
    known: dict[tuple[bytes, bytes], Signature],
    left: int,
    completed: dict[bytes, bytes],
    asked: set[tuple[bytes, bytes]],
) -> Signatures:
    """As they were when they were packed."""
    made = Signatures(known, left)
    made.completed, made._asked = completed, asked
    return made


class Link:
    """One certificate and one that may have issued it. Equal where both ends are."""

    __slots__ = (
        "_signature",
        "_signatures",
        "child",
        "issuer",
        "key_ids",
        "names_match",
        "trusted",
    )

    def __init__(
        self,
        child: Certificate,
        issuer: Certificate,
        trusted: bool,
        names_match: bool,
        signatures: Signatures,
    ) -> None:
        """Keep both ends; the signature is verified on first use."""
        self.child = child
        self.issuer = issuer
        self.trusted = trusted
        self.names_match = names_match
        self.key_ids = key_ids(child, issuer)
        self._signatures = signatures
        self._signature: Signature | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Link):
            return NotImplemented
        return self._ends() == other._ends()

    def __hash__(self) -> int:
        return hash(self._ends())

    def __repr__(self) -> str:
        return f"<Link {self.child!r} to {self.issuer!r}>"

    def _ends(self) -> tuple[Certificate, Certificate, bool, bool]:
        return self.child, self.issuer, self.trusted, self.names_match

    @property
    def signature(self) -> Signature:
        """Whether the issuer's key made the child's signature."""
        if self._signature is None:
            self._signature = self._signatures.check(self.child, self.issuer)
        return self._signature

    def signature_by(self, spki: bytes) -> Signature:
        """The same by the issuer's key in full, where it inherits its parameters."""
        return self._signatures.check(self.child, self.issuer, spki)


def key_ids(child: Certificate, issuer: Certificate) -> KeyIds:
    """Compare the child's authorityKeyIdentifier with the issuer (RFC 5280, 4.2.1.1).

    Issuer name and serial number count where the child gives them; a value that cannot be
    read counts as absent here, since its own finding says so.
    """
    try:
        wanted = child.authority_key_id
        if wanted is None:
            return ABSENT
        have = issuer.subject_key_id
        found = ABSENT
        if wanted.key_id is not None and have is not None:
            if wanted.key_id != have:
                return MISMATCH
            found = MATCH
        if wanted.serial is not None:
            if wanted.serial != issuer.serial or (
                wanted.issuers and not same_name(wanted.issuers[0], issuer.issuer_raw)
            ):
                return MISMATCH
            found = MATCH
    except Unreadable:
        return ABSENT
    return found


class Pool:
    """All certificates that may be issuers, by name: those presented and those trusted."""

    def __init__(
        self,
        presented: Iterable[Certificate],
        trust: Iterable[Certificate],
        signatures: Signatures,
        at: int,
    ) -> None:
        """Index by the bytes of the subject; the folded index is made when it is needed."""
        self.signatures = signatures
        self.at = at
        kept = trust if isinstance(trust, Trusted) else Trusted(each_once(trust))
        self.trusted = kept.ders
        others = [one for one in each_once(presented) if one.der not in kept.ders]
        self.everybody = [*kept, *others]
        self._by_bytes = dict(kept.by_subject)
        for certificate in others:
            try:
                subject = certificate.subject_raw
            except Unreadable:
                continue
            self._by_bytes[subject] = [*self._by_bytes.get(subject, ()), certificate]
        self._by_name: dict[object, list[Certificate]] | None = None
        self._links: dict[bytes, list[Link]] = {}
        self._distances: dict[bytes, float] | None = None
        self._identified: dict[bytes | int, list[int]] | None = None
        self._guesses = MOST_GUESSES_IN_ALL

    def links(self, child: Certificate) -> list[Link]:
        """Candidates for the issuer of `child`, the most promising first.

        Where no name matches, a certificate whose key made the signature, or that the key
        identifier names, is a candidate too: it tells what went wrong.
        """
        found = self._links.get(child.der)
        if found is None:
            found = self.ranked(child, self._named(child)) or self._by_key(child)
            self._links[child.der] = found
        return found

    def ranked(self, child: Certificate, issuers: Iterable[Certificate]) -> list[Link]:
        """Links to some of those that are `named`, the most promising first."""
        found = [self._link(child, issuer, True) for issuer in issuers]
        if len(found) > 1:
            found.sort(key=self._rank)
        return found

    def _link(self, child: Certificate, issuer: Certificate, names_match: bool) -> Link:
        return Link(child, issuer, issuer.der in self.trusted, names_match, self.signatures)

    def _named(self, child: Certificate) -> list[Certificate]:
        try:
            wanted = child.issuer_raw
            same_bytes = self._by_bytes.get(wanted)
            if same_bytes is not None:
                return same_bytes
            return self._alike(wanted)
        except Unreadable:
            return []

    def _alike(self, wanted: bytes) -> list[Certificate]:
        """Those whose subject RFC 5280, section 7.1, calls equal."""
        if self._by_name is None:
            self._by_name = {}
            for raw, group in self._by_bytes.items():
                folded = _folded(raw)
                if folded is not None:
                    self._by_name.setdefault(folded, []).extend(group)
        return self._by_name.get(_folded(wanted), [])

    def named(self, child: Certificate) -> list[Certificate]:
        """Those whose name is that of the issuer of `child`, in no order; not to be changed."""
        return self._named(child)

    def further_links(self, child: Certificate) -> list[Link]:
        """Candidates whose name is equal, but not byte for byte; for when nothing else helps."""
        try:
            wanted = child.issuer_raw
            if wanted not in self._by_bytes:
                return []  # these are all that `links` has
            alike = [issuer for issuer in self._alike(wanted) if issuer.subject_raw != wanted]
        except Unreadable:
            return []
        return self.ranked(child, alike)

    def _by_key(self, child: Certificate) -> list[Link]:
        found = []
        for issuer in self._guessed(child):
            if issuer.der == child.der:
                continue
            if self._guesses <= 0 or not self.signatures.left:
                break  # nothing that comes now would be a candidate
            self._guesses -= 1
            link = self._link(child, issuer, False)
            worth_it = (
                link.key_ids is MATCH
                or (link.key_ids is ABSENT and len(self.everybody) <= MOST_GUESSES)
                or _names_key(child, issuer)
            )
            if worth_it and link.signature.state is State.VALID:
                found.append(link)
        found.sort(key=self._rank)
        return found

    def _guessed(self, child: Certificate) -> list[Certificate]:
        """Those that may have issued it although their name is another one, in their order."""
        if len(self.everybody) <= MOST_GUESSES:
            return self.everybody
        if self._identified is None:
            self._identified = {}
            for place, certificate in enumerate(self.everybody):
                for told in _identifiers(certificate):
                    self._identified.setdefault(told, []).append(place)
        try:
            wanted = child.authority_key_id
        except Unreadable:
            return []
        if wanted is None or self._guesses <= 0:
            return []
        places: set[int] = set()
        for names_it in (wanted.key_id, wanted.serial):
            if names_it is not None:
                places.update(self._identified.get(names_it, ()))
        return [self.everybody[place] for place in sorted(places)]

    def _rank(self, link: Link) -> tuple[bool | float, ...]:
        """Key identifiers tell issuers of one name apart; then the way to an anchor counts."""
        issuer = link.issuer
        try:
            in_time = issuer.not_before <= self.at <= issuer.not_after
        except Unreadable:
            in_time = False
        return (
            link.key_ids is MISMATCH,
            issuer.der == link.child.der,
            self.distance(issuer),
            link.key_ids is not MATCH,
            not in_time,
            not _fit(issuer),
        )

    def distance(self, certificate: Certificate) -> float:
        """How many issuers, by their names, lie between a certificate and an anchor at least."""
        if self._distances is None:
            self._distances = self._measure()
        return self._distances.get(certificate.der, math.inf)

    def _measure(self) -> dict[bytes, float]:
        issued: dict[object, list[Certificate]] = {}
        for certificate in self.everybody:
            try:
                issued.setdefault(_folded(certificate.issuer_raw), []).append(certificate)
            except Unreadable:
                continue
        distances: dict[bytes, float] = dict.fromkeys(self.trusted, 0)
        waiting = deque(c for c in self.everybody if c.der in self.trusted)
        while waiting:
            above = waiting.popleft()
            try:
                below = issued.pop(_folded(above.subject_raw), ())
            except Unreadable:
                continue
            for certificate in below:
                if certificate.der not in distances:
                    distances[certificate.der] = distances[above.der] + 1
                    waiting.append(certificate)
        return distances


def _identifiers(certificate: Certificate) -> Iterator[bytes | int]:
    """What an authorityKeyIdentifier may name it by."""
    for fact in ("subject_key_id", "serial"):
        try:
            told = getattr(certificate, fact)
        except Unreadable:
            continue
        if told is not None:
            yield told


def _names_key(child: Certificate, issuer: Certificate) -> bool:
    """Whether it names the issuer's key, be the serial number beside it another one's."""
    try:
        wanted = child.authority_key_id
        named = None if wanted is None else wanted.key_id
        return named is not None and named == issuer.subject_key_id
    except Unreadable:
        return False


def _fit(issuer: Certificate) -> bool:
    """Whether nothing in the certificate itself forbids it to issue."""
    try:
        usage = issuer.key_usage
        return issuer.is_ca and (usage is None or bool(usage & KEY_CERT_SIGN))
    except Unreadable:
        return False


def _folded(raw: bytes) -> object | None:
    try:
        return name(raw).canonical
    except Malformed:
        return None
