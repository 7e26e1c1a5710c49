"""What single clients do with what was presented: their models are asked once, when needed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from edgecheck.behaviour.record import Record
from edgecheck.behaviour.view import View
from edgecheck.behaviour.work import Meter, bounded
from edgecheck.expected import Expected
from edgecheck.hierarchy.hierarchy import Hierarchy
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.problems import Problem, trailing

if TYPE_CHECKING:
    from edgecheck.clients.answer import Answer

NO_TRUST = "what the client trusts was not given"

Told = tuple[Record, "Answer", str]
"""A client, what its model answers, and the text that the client prints."""


class Inquiry:
    """The answers to one presentation, by client."""

    def __init__(
        self, hierarchy: Hierarchy, expected: Expected, problems: tuple[Problem, ...]
    ) -> None:
        """Keep what the models will be shown; none is asked yet."""
        self.hierarchy = hierarchy
        self.expected = expected
        self.problems = problems
        self._view: View | None = None
        self._told: dict[str, Told] = {}
        self._meter: Meter | None = None

    @property
    def applies(self) -> bool:
        """Whether a client would be sent what was presented.

        Not what a device presents to log in, nor a file without a server certificate.
        """
        return self._to_clients and (self.hierarchy.server is not None or self.hierarchy.as_sent)

    @property
    def lacks_server(self) -> bool:
        """Whether it is a file in which the server certificate is missing."""
        return self._to_clients and self.hierarchy.lacks_server and not self.applies

    @property
    def _to_clients(self) -> bool:
        purpose = self.expected.validation.purpose
        return self.hierarchy.judged is not None and purpose != "client"

    @property
    def unread(self) -> str:
        """Why it is not known what would be sent; else empty."""
        return self.hierarchy.unread

    @property
    def assumed(self) -> Certificate | None:
        """The root that stands for what the client trusts where that was not given.

        A client that refuses something below it would refuse in any case.
        """
        told = self.hierarchy.anchor_assumed and not self.expected.trust
        return self.hierarchy.anchor if told else None

    @property
    def trust(self) -> tuple[Certificate, ...]:
        """What the client trusts, as far as it is known or assumed."""
        return self.expected.trust or ((self.assumed,) if self.assumed is not None else ())

    def of(self, clients: Iterable[Record]) -> list[Told]:
        """Return what these clients do, in their order; nothing where nobody can tell."""
        clients = tuple(clients)
        if not self.applies or self.unread or not self.trust:
            return []
        missing = [client for client in clients if client.id not in self._told]
        if missing:
            from edgecheck.clients.predict import answers  # models are loaded when they are asked

            if self._meter is None:
                self._meter = Meter(self.expected.validation.limits.model_steps)
            with bounded(self._meter):
                self._told |= {told[0].id: told for told in answers(self._shown(), missing)}
        return [self._told[client.id] for client in clients]

    def _shown(self) -> View:
        if self._view is None:
            hierarchy, first = self.hierarchy, self.hierarchy.sequence[0]
            server = None if hierarchy.as_sent else hierarchy.server
            self._view = View(
                hierarchy.sequence,
                self.trust,
                self.expected.hostname,
                self.expected.at_seconds,
                server or first,
                hierarchy.pool.signatures.known,
                trailing(self.problems),
            )
        return self._view
