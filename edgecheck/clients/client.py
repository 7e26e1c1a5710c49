"""One client: an engine with settings, and how the client words what the engine answers."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer

Engine = Callable[[View, Any], Answer]
"""A model: the view and the client's settings in, an answer out."""
Wording = Callable[[Answer, View], str]
"""A rejection in the client's own words, whole."""

RECORDED, DERIVED = "recorded", "derived"


@dataclass(frozen=True, slots=True)
class Client:
    """One client of one version.

    Attributes:
        id: as in the recordings.
        name: what people call it.
        version: of the client, and of the library that decides.
        tier: 1 for what IoT Edge deployments run, else 2.
        stands_for: what it stands for among SDKs, leaf devices, modules and nested gateways.
        engine: the model that decides.
        settings: what the model needs to know of this client; equal engine and settings give
            an equal answer, so that clients can share a run.
        wording: the text of a rejection.
        known_as: names by which findings call this client in `refused_by`.
        basis: "recorded" where recordings confirm the model, "derived" from source alone.
    """

    id: str
    name: str
    version: str
    tier: int
    stands_for: str
    engine: Engine
    settings: Hashable
    wording: Wording
    known_as: tuple[str, ...]
    basis: str = RECORDED


def plain(answer: Answer, view: View) -> str:
    """The wording of clients whose engine writes the text itself."""
    return answer.says
