"""One client: its record with a model, which decides, and words what it decides."""

from collections.abc import Callable
from typing import Any

from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer
from edgecheck.reading.certificate import Certificate
from edgecheck.values import frozen

Engine = Callable[[View, Any], Answer]
"""A model: the view and the client's settings in, an answer out."""
Wording = Callable[[Answer, View], str]
"""A rejection in the client's own words, whole."""

Unsure = Callable[[Library, View], tuple[Certificate, bytes] | None]
"""The certificate, and the kind of an extension, that leave open what a library does."""


@frozen
class Client:
    """One client of one version.

    Attributes:
        record: who it is.
        engine: the model that decides. Equal engine and settings, or what `bearing` makes of these,
            give an equal answer, so that clients can share a run.
        wording: the text of a rejection.
        unsure: what leaves open how its library decides about a chain, if something may.
    """

    record: Record
    engine: Engine
    wording: Wording
    unsure: Unsure | None = None


def plain(answer: Answer, view: View) -> str:
    """The wording of clients whose engine writes the text itself."""
    return answer.says
