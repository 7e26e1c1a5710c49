"""Who signed a CRL, and whether he may: RFC 5280, section 6.3.3, steps (f) to (h)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from enum import IntEnum
from typing import cast

from edgecheck.hierarchy.links import Signatures
from edgecheck.hierarchy.rfc5280.crl_scope import Wrong, folded_name
from edgecheck.hierarchy.rfc5280.revocation_status import Status
from edgecheck.hierarchy.signatures import Signature, State
from edgecheck.reading.certificate import Certificate, Unreadable
from edgecheck.reading.crl import Crl
from edgecheck.reading.extensions import CRL_SIGN

MOST_QUESTIONS = 64
"""Paths of CRL issuers that are asked for in one run: each is a search of its own."""
MOST_NESTED = 8
"""Questions that are open at once: the issuer of the CRL on the issuer of the CRL on ..."""


class _Why(IntEnum):
    """Why a candidate is not the issuer; the highest says most."""

    NOBODY = 0
    OTHER_KEY = 1
    UNCHECKABLE = 2
    KEY_USAGE = 3
    PATH_UNDECIDED = 4
    PATH = 5


class CrlIssuers:
    """Finds the certificate with which a CRL is verified.

    A certificate above the target on its path is on a path to the same anchor already. For
    any other the caller is asked, and his answer is kept. He may well come back with a
    question about a CRL that the same certificate signed: a certificate does not stand in
    its own way, so that a CRL issuer may be vouched for by his own CRL (as the issuer of an
    indirect CRL is whose own distribution point names that CRL).

    `remembered` is for what the caller finds while no question is opened or answered: an
    answer within a question may lean on that question, so each starts with nothing.
    """

    __slots__ = (
        "_answers",
        "_ask",
        "_assumed",
        "_candidates",
        "_left",
        "_open",
        "_signatures",
        "remembered",
    )

    def __init__(
        self,
        candidates: Iterable[Certificate],
        signatures: Signatures,
        is_valid_crl_issuer: Callable[[Certificate], bool | None],
    ) -> None:
        """Keep what is asked and who; nothing is verified yet."""
        self._candidates: dict[object, list[Certificate]] = {}
        for candidate in dict.fromkeys(candidates):
            with suppress(Unreadable):
                subject = folded_name(candidate.subject_raw)
                self._candidates.setdefault(subject, []).append(candidate)
        self._signatures = signatures
        self._ask = is_valid_crl_issuer
        self._answers: dict[Certificate, bool | None] = {}
        self._open: list[Certificate] = []
        self._assumed: set[Certificate] = set()
        self._left = MOST_QUESTIONS
        self.remembered: dict[object, Status] = {}

    def find(self, crl: Crl, above: tuple[Certificate, ...]) -> Certificate | Wrong:
        """The issuer of a CRL, or why there is none."""
        worst, said = _Why.NOBODY, ("6.3.3 (f)", "no certificate of its issuer was given")
        for candidate in self._named(crl, above):
            why, because = self._objection(crl, candidate, candidate in above)
            if why is None:
                return candidate
            if why > worst:
                worst, said = why, because
        return said

    def verify(self, crl: Crl, issuer: Certificate) -> Signature:
        """Whether the issuer's key made the CRL's signature, verified at most once."""
        # A CRL has all attributes of a signed object that verification looks at.
        return self._signatures.check(cast(Certificate, crl), issuer)

    def _named(self, crl: Crl, above: tuple[Certificate, ...]) -> Iterator[Certificate]:
        wanted = folded_name(crl.issuer_raw)
        on_path = named(above, frozenset((wanted,)))
        yield from dict.fromkeys((*on_path, *self._candidates.get(wanted, ())))

    def _objection(
        self, crl: Crl, candidate: Certificate, on_path: bool
    ) -> tuple[_Why | None, Wrong]:
        state, because = self.verify(crl, candidate)
        if state is State.INVALID:
            return _Why.OTHER_KEY, ("6.3.3 (g)", "no key of its issuer made its signature")
        if state is State.UNCHECKABLE:
            text = f"its signature cannot be checked: {because}"
            return _Why.UNCHECKABLE, ("6.3.3 (g)", text)
        try:
            usage = candidate.key_usage
        except Unreadable as missing:
            return _Why.KEY_USAGE, ("6.3.3 (f)", f"its issuer's {missing}")
        if usage is not None and not usage & CRL_SIGN:
            return _Why.KEY_USAGE, ("6.3.3 (f)", "its issuer's keyUsage lacks cRLSign")
        valid = True if on_path else self._is_valid(candidate)
        if valid is None:
            text = "it is undecided whether its issuer's path is valid"
            return _Why.PATH_UNDECIDED, ("6.3.3 (f)", text)
        if not valid:
            text = "its issuer has no valid path to the same trust anchor"
            return _Why.PATH, ("6.3.3 (f)", text)
        return None, ("", "")

    def _is_valid(self, candidate: Certificate) -> bool | None:
        if candidate in self._answers:
            return self._answers[candidate]
        if candidate in self._open:
            self._assumed.add(candidate)
            return True
        if self._left <= 0 or len(self._open) >= MOST_NESTED:
            return None
        self._left -= 1
        self._open.append(candidate)
        outside, self.remembered = self.remembered, {}
        try:
            answer = self._ask(candidate)
        finally:
            self.remembered = outside
            self._open.pop()
            self._assumed.discard(candidate)
        if not self._assumed:  # an answer that leans on an open question is not kept
            self._answers[candidate] = answer
        return answer


def named(above: tuple[Certificate, ...], names: frozenset[object]) -> tuple[Certificate, ...]:
    """Those certificates whose subject, folded, is one of the names."""
    found = []
    for certificate in above:
        with suppress(Unreadable):
            if folded_name(certificate.subject_raw) in names:
                found.append(certificate)
    return tuple(found)
