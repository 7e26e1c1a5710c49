"""One client: its record with a model, which decides, and words what it decides."""

from collections.abc import Callable, Hashable
from typing import Any

from edgecheck.behaviour.record import Record
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer
from edgecheck.values import frozen

Engine = Callable[[View, Any], Answer]
"""A model: the view and the client's settings in, an answer out."""
Wording = Callable[[Answer, View], str]
"""A rejection in the client's own words, whole."""


@frozen
class Client:
    """One client of one version.

    Attributes:
        record: who it is.
        engine: the model that decides. Equal engine and settings, or what `bearing` makes of these,
            give an equal answer, so that clients can share a run.
        wording: the text of a rejection.
    """

    record: Record
    engine: Engine
    wording: Wording

    @property
    def id(self) -> str:
        """As in the recordings."""
        return self.record.id

    @property
    def name(self) -> str:
        """What people call it."""
        return self.record.name

    @property
    def version(self) -> str:
        """Of the client, and of the library that decides."""
        return self.record.version

    @property
    def tier(self) -> int:
        """1 for what IoT Edge deployments run, else 2."""
        return self.record.tier

    @property
    def stands_for(self) -> str:
        """What it stands for among SDKs, leaf devices, modules and nested gateways."""
        return self.record.stands_for

    @property
    def settings(self) -> Hashable:
        """What the engine needs to know of this client."""
        return self.record.settings

    @property
    def known_as(self) -> tuple[str, ...]:
        """Names by which findings call it in `refused_by`."""
        return self.record.known_as

    @property
    def basis(self) -> str:
        """Where the model is from: "recorded" or "derived"."""
        return self.record.basis


def plain(answer: Answer, view: View) -> str:
    """The wording of clients whose engine writes the text itself."""
    return answer.says
