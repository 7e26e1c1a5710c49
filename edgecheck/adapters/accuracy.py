"""How right the predictions are: what tools/predictions.py measured and keeps in the package."""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """Predictions held against recordings.

    Attributes:
        verdicts: recorded verdicts.
        verdicts_agree: those that were predicted.
        texts: recorded texts of rejections; none of clients that say one thing always.
        texts_agree: those that were predicted to the letter.
        unknown: where no verdict was predicted.
        wrong_accepts: rejections that were predicted to be accepted.
        wrong_rejects: the other way round.
    """

    verdicts: int = 0
    verdicts_agree: int = 0
    texts: int = 0
    texts_agree: int = 0
    unknown: int = 0
    wrong_accepts: int = 0
    wrong_rejects: int = 0


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The figures of all clients.

    Attributes:
        date: when they were measured.
        cases: how many chains the clients were shown.
        cases_sha256: of the file of cases, uncompressed.
        recordings_sha256: of the file of recordings, uncompressed.
        total: of all clients together.
        clients: by client id.
    """

    date: str
    cases: int
    cases_sha256: str
    recordings_sha256: str
    total: Figures
    clients: dict[str, Figures]


def accuracy() -> Accuracy:
    """What was measured last."""
    kept = files("edgecheck.clients").joinpath("accuracy.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(kept)
    clients = {client: Figures(**own) for client, own in read.pop("clients").items()}
    return Accuracy(total=Figures(**read.pop("total")), clients=clients, **read)
