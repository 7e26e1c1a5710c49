"""What many gateways have in common: which fault, which certificate, and when it ends.

Values come column by column out of summaries; nothing is kept of a single gateway.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from edgecheck.reading.certificate import EPOCH
from edgecheck.reading.distance import days

MOST_SHARED = 1_000
"""Shared certificates that are told, those of most gateways first."""
_EXAMPLES = 3
_DAY = 86_400
_MICRO = 1_000_000


@dataclass(slots=True)
class Fault:
    """Gateways that have the same faults.

    Attributes:
        signature: the rules of errors and warnings, sorted.
        gateways: how many.
        failed: how many of them have an error.
        examples: ids of the first ones.
    """

    signature: str
    gateways: int = 0
    failed: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def rules(self) -> list[str]:
        """The rules one by one."""
        return self.signature.split(" ")


@dataclass(slots=True)
class Shared:
    """A certificate on the path of several gateways.

    Attributes:
        sha256: its fingerprint.
        role: that it has with the first of them.
        subject: safe to print; None where it cannot be read.
        not_after: None where that cannot be read.
        gateways: how many have it.
        failed: how many of them have an error.
    """

    sha256: str
    role: str
    subject: str | None
    not_after: datetime | None
    gateways: int = 0
    failed: int = 0

    def days(self, at: datetime) -> int | None:
        """Return the days until it ends, as reports count them; negative: since then."""
        return None if self.not_after is None else days(seconds(self.not_after), seconds(at))


def seconds(moment: datetime) -> int:
    """Return the whole seconds since 1970 (UTC)."""
    return (moment - EPOCH) // timedelta(seconds=1)


class Overview:
    """Counts gateways."""

    def __init__(self, at: datetime) -> None:
        """Start with none; `at`: the moment from which days are counted."""
        self.at = at
        self.gateways = 0
        self.ok = 0
        self.verdicts: Counter[bool | None] = Counter()
        self.worst: Counter[str | None] = Counter()
        self.assumed = 0
        self.faults: dict[str, Fault] = {}
        self.shared: dict[str, Shared] = {}
        self.months: Counter[str] = Counter()
        """By the month in which the first CA certificate of a gateway ends."""
        self.ended = 0
        self.endless = 0
        """Gateways of whose CA certificates no end is known."""
        self.asked = False
        self.refusing: Counter[str] = Counter()
        self.unpredicted = 0
        self._month_of: dict[int, str] = {}
        self._at_micro = int((at - EPOCH) / timedelta(microseconds=1))

    def count(self, rows: Iterable[Sequence[Any]]) -> None:
        """Count rows of a summary.

        Each is `id`, `ok`, `valid`, `worst`, `signature`, `anchor_assumed`, `first_ca_end` (in
        microseconds since 1970), `refusing`, `unpredicted`.
        """
        for name, ok, valid, worst, signature, assumed, end, refusing, unpredicted in rows:
            self.gateways += 1
            self.ok += ok
            self.verdicts[valid] += 1
            self.worst[worst] += 1
            self.assumed += assumed
            if signature:
                fault = self.faults.get(signature)
                if fault is None:
                    fault = self.faults[signature] = Fault(signature)
                fault.gateways += 1
                fault.failed += not ok
                if len(fault.examples) < _EXAMPLES:
                    fault.examples.append(name if name is not None else "(without an id)")
            if end is None:
                self.endless += 1
            elif end < self._at_micro:
                self.ended += 1
            else:
                self.months[self._month(end)] += 1
            if refusing is not None:
                self.asked = True
                self.refusing.update(refusing)
                self.unpredicted += bool(unpredicted)

    def share(self, certificate: Shared, ok: bool) -> None:
        """Count a certificate that several gateways have, once for each of them."""
        known = self.shared.setdefault(certificate.sha256, certificate)
        known.gateways += 1
        known.failed += not ok

    def by_number(self) -> list[Fault]:
        """Return the faults, those with errors first, then those of most gateways."""
        return sorted(
            self.faults.values(), key=lambda each: (not each.failed, -each.gateways, each.signature)
        )

    def ending_first(self) -> list[Shared]:
        """Return shared certificates in the order in which they end, then of most gateways."""
        far = datetime.max.replace(tzinfo=self.at.tzinfo)
        return sorted(
            self.shared.values(),
            key=lambda each: (each.not_after or far, -each.gateways, each.sha256),
        )

    def histogram(self, most: int = 24) -> list[tuple[str, int]]:
        """Return months and gateways: what has ended, each month from now, and what is later."""
        bars = [("ended", self.ended)]
        year, month = self.at.year, self.at.month
        later = dict(self.months)
        for _ in range(most):
            name = f"{year:04}-{month:02}"
            bars.append((name, later.pop(name, 0)))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        bars.append(("later", sum(later.values())))
        return bars

    def _month(self, micro: int) -> str:
        day = micro // _MICRO // _DAY
        known = self._month_of.get(day)
        if known is None:
            when = EPOCH + timedelta(days=day)
            known = self._month_of[day] = f"{when.year:04}-{when.month:02}"
        return known
