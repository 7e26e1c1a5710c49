"""One client: its record with a model, which decides, and words what it decides."""

from collections.abc import Callable
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


def plain(answer: Answer, view: View) -> str:
    """The wording of clients whose engine writes the text itself."""
    return answer.says
