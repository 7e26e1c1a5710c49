"""A bound on the work of all models together.

What a chain makes a model do can grow with the product of two things that whoever made the chain
is free to choose: names and constraints, certificates and possible issuers. Whoever goes through
such a product counts its steps here. A step is one comparison of a name with a constraint, or a
like amount of work, of about a millionth of a second.
"""

from contextvars import ContextVar

SHARES = 8
"""One run of a model has no more than this part of the bound, so that others still get theirs."""
SPENT = "the bound on work is spent"
TOLD = "the chain needs more work than the bound on it allows"
"""What is said where a model does not come to an end."""
CANDIDATE = 3
"""Steps that it takes to look at a possible issuer."""
COMPARISON = 2
"""Steps that it takes to compare a name with a constraint, where it has to be taken apart."""


class Spent(Exception):
    """A model has to stop; what it would have said is unknown."""


class Meter:
    """What is left of the bound; one for the findings of a report, one for its predictions."""

    __slots__ = ("_now", "left", "share")

    def __init__(self, limit: int) -> None:
        """`limit`: steps of all models together."""
        self.left = limit
        self.share = self._now = -(-limit // SHARES)

    def begin(self) -> None:
        """Another run begins."""
        self._now = min(self.share, self.left)

    def has(self, steps: int) -> bool:
        """Whether so many are left, and as large a part of them as one run may take."""
        return self.left >= steps and self.share * SHARES >= steps

    def spend(self, steps: int) -> None:
        """Take some steps. Raises `Spent` where so many are not left."""
        if steps > self._now:
            self.left -= self._now
            self._now = 0
            raise Spent(SPENT)
        self._now -= steps
        self.left -= steps


_METER: ContextVar[Meter | None] = ContextVar("meter", default=None)


class bounded:  # noqa: N801, as it is used like a function
    """Let what runs within count on a meter."""

    __slots__ = ("_meter", "_token")

    def __init__(self, meter: Meter) -> None:
        """Keep the meter."""
        self._meter = meter

    def __enter__(self) -> None:
        """Begin to count."""
        self._token = _METER.set(self._meter)

    def __exit__(self, *raised: object) -> None:
        """Count on what was before."""
        _METER.reset(self._token)


def begin() -> None:
    """Another run of a model begins."""
    meter = _METER.get()
    if meter is not None:
        meter.begin()


def spend(steps: int) -> None:
    """Take some steps of the meter that counts; without one there is no bound.

    Raises:
        Spent: so many are not left.
    """
    meter = _METER.get()
    if meter is not None:
        meter.spend(steps)


def has(steps: int) -> bool:
    """Return whether so many are left for all models together; always where there is no bound."""
    meter = _METER.get()
    return meter is None or meter.has(steps)
