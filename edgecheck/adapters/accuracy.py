"""How right the predictions are: what tools/predictions.py measured and keeps in the package."""

import json
from importlib.resources import files
from typing import Any

from edgecheck.values import frozen


@frozen
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


@frozen
class Accuracy:
    """The figures of all clients.

    Attributes:
        date: when they were measured.
        cases: how many chains the clients were shown.
        server: what sent them.
        cases_sha256: of the file of cases, uncompressed.
        recordings_sha256: of the file of recordings, uncompressed.
        total: of all clients together.
        clients: by client id.
        unseen: the same on chains that no model was fitted to, as measured before anything was
            mended by them; None: not measured.
    """

    date: str
    cases: int
    server: str
    cases_sha256: str
    recordings_sha256: str
    total: Figures
    clients: dict[str, Figures]
    unseen: "Accuracy | None" = None


def accuracy() -> Accuracy:
    """Return what was measured last."""
    kept = files("edgecheck.clients").joinpath("accuracy.json").read_text(encoding="utf-8")
    return _taken(json.loads(kept))


def _taken(read: dict[str, Any]) -> Accuracy:
    clients = {client: Figures(**own) for client, own in read.pop("clients").items()}
    unseen = read.pop("unseen", None)
    return Accuracy(
        total=Figures(**read.pop("total")),
        clients=clients,
        unseen=None if unseen is None else _taken(unseen),
        **read,
    )
