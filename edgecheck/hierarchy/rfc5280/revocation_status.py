"""What is said of the revocation of one certificate, and what that does to its path."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from edgecheck.reading.certificate import Certificate
from edgecheck.reading.crl_entries import Entry
from edgecheck.reading.names import name
from edgecheck.reading.text import number
from edgecheck.values import frozen

if TYPE_CHECKING:
    from edgecheck.reading.crl import Crl

NO_CRL = "no CRL of its issuer was given"


class Verdict(StrEnum):
    """What the CRLs say of one certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    UNDETERMINED = "undetermined"


class Effect(StrEnum):
    """What a status that is not good does to the path, by the mode."""

    REVOKED = "revoked"
    UNDETERMINED = "undetermined"
    """A violation: revocation information is required, and there is none."""
    UNDECIDED = "undecided"
    """No violation: a CRL was given, and yet the status is not known."""


@frozen
class Rejected:
    """A CRL that was not used (None: one that is missing), the step, and why."""

    crl: "Crl | None"
    step: str
    because: str

    def __str__(self) -> str:
        """One line, with what tells the CRL from others."""
        if self.crl is None:
            return f"{self.because} (RFC 5280, {self.step})"
        kind = "CRL" if self.crl.delta_crl_indicator is None else "delta CRL"
        kind = f"the revocation list ({kind})"
        told = self.crl.crl_number
        which = "" if told is None else f" number {number(told)}"
        issuer = name(self.crl.issuer_raw)
        return f'{kind}{which} of "{issuer}": {self.because} (RFC 5280, {self.step})'


@frozen
class Status:
    """What is known of the revocation of one certificate.

    Attributes:
        entry: where it is revoked: when, since when its key is not to be trusted, and why.
        crl: the CRL with that entry.
        because: where it is undetermined: what was rejected, or is missing.
        given: whether any CRL of its issuer was given, usable or not.
    """

    verdict: Verdict
    given: bool
    entry: Entry | None = None
    crl: "Crl | None" = None
    because: tuple[Rejected, ...] = ()

    @property
    def reason(self) -> str | None:
        """Why it was revoked, `unspecified` where no reason is given; None: not revoked."""
        return None if self.entry is None else self.entry.reason or "unspecified"

    @property
    def revoked_at(self) -> int | None:
        """When it was revoked, in seconds since 1970-01-01T00:00:00Z."""
        return None if self.entry is None else self.entry.revoked_at


def effects(
    checked: Iterable[tuple[Certificate, Status]], mode: str, unreadable: tuple[str, ...] = ()
) -> tuple[tuple[Certificate, Status, Effect], ...]:
    """What is wrong on a path, by `Validation.revocation`.

    A revoked certificate is always wrong. An undetermined one is wrong in the mode
    "require"; in the mode "if-given" it is undecided, but nothing at all where no CRL of its
    issuer was given. `unreadable`: why CRLs that were given cannot be read, whoever's they were.
    """
    if mode not in ("off", "if-given", "require"):
        raise ValueError(f"revocation: expected 'off', 'if-given' or 'require', got {mode!r}")
    found = []
    for certificate, status in checked if mode != "off" else ():
        if status.verdict is Verdict.REVOKED:
            found.append((certificate, status, Effect.REVOKED))
        elif status.verdict is Verdict.UNDETERMINED:
            if unreadable:
                status = _told(status, unreadable)
            if mode == "require":
                found.append((certificate, status, Effect.UNDETERMINED))
            elif status.given or unreadable:
                found.append((certificate, status, Effect.UNDECIDED))
    return tuple(found)


def _told(status: Status, unreadable: tuple[str, ...]) -> Status:
    """The same with what could not be read, any of which may be the CRL that is missing."""
    more = tuple(Rejected(None, "5.1", told) for told in unreadable)
    kept = tuple(one for one in status.because if one.because != NO_CRL)
    return replace(status, because=kept + more)
