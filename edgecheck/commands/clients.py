"""The clients that are predicted, as text and as plain values, with how right that was."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from edgecheck.adapters.accuracy import Accuracy
from edgecheck.adapters.files import Refused
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.records import FAMILIES, RECORDS, chosen
from edgecheck.reporting.style import Style, padded, wrapped

HEADS = ("CLIENT", "TIER", "VERDICTS", "TEXTS", "UNSEEN", "STANDS FOR", "VERSION")
GAP = "  "
HANGING = " " * 13


def selected(words: Iterable[str]) -> list[str]:
    """The ids of the clients that are named, in the order of the records.

    Raises:
        Refused: nothing is called so.
    """
    try:
        ids = chosen(words)
    except ValueError as unknown:
        raise Refused(f"{unknown} (edgecheck clients lists them)") from None
    return [record.id for record in RECORDS if record.id in ids]


def client_dict(client: Record, accuracy: Accuracy) -> dict[str, Any]:
    """A client as plain values."""
    return {
        "id": client.id,
        "name": client.name,
        "version": client.version,
        "tier": client.tier,
        "family": client.family,
        "platform": client.platform or None,
        "stands_for": client.stands_for,
        "known_as": list(client.known_as),
        "basis": client.basis,
        "accuracy": _measured(client, accuracy),
        "accuracy_unseen": _measured(client, accuracy.unseen),
    }


def _measured(client: Record, accuracy: Accuracy | None) -> dict[str, Any] | None:
    """Return a client's figures with when, on how many chains and behind which server."""
    own = accuracy.clients.get(client.id) if accuracy is not None else None
    if accuracy is None or own is None:
        return None
    return asdict(own) | {
        "date": accuracy.date,
        "server": accuracy.server,
        "recordings_sha256": accuracy.recordings_sha256,
    }


def listed(clients: Iterable[Record], accuracy: Accuracy, style: Style) -> str:
    """A table: one client a line, cut where the line is too long; below it, what was measured.

    Tier by tier and family by family, the newest of each first.
    """
    rows = [HEADS]
    newest_first = reversed(list(clients))
    for client in sorted(newest_first, key=lambda r: (r.tier, FAMILIES.index(r.family))):
        verdicts, texts = _agreement(client, accuracy)
        version, stands_for = style.own(client.version), style.own(client.stands_for)
        unseen = _agreement(client, accuracy.unseen)[0]
        rows.append((client.id, str(client.tier), verdicts, texts, unseen, stands_for, version))
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
    lines = []
    for number, row in enumerate(rows):
        line = GAP.join(padded(cell, width) for cell, width in zip(row, widths, strict=True))
        line = style.shortened(line.rstrip(), style.width)
        lines.append(style.paint(line, "dim") if not number else line)
    total = accuracy.total
    words = (
        f"{total.verdicts_agree} of {total.verdicts} verdicts and {total.texts_agree} of "
        f"{total.texts} texts agree with what the clients did ({accuracy.cases} chains, "
        f"measured {accuracy.date}). UNSEEN: verdicts on chains that no model was fitted to"
        f"{_in_all(accuracy.unseen)}. A client in full: edgecheck clients CLIENT"
    )
    return "\n".join([*lines, "", *wrapped(words.split(" "), style.prose)]) + "\n"


def _in_all(unseen: Accuracy | None) -> str:
    if unseen is None:
        return ""
    total = unseen.total
    return (
        f", {total.verdicts_agree} of {total.verdicts} in all, and {total.texts_agree} of "
        f"{total.texts} texts ({unseen.cases} chains, measured {unseen.date})"
    )


def page(client: Record, accuracy: Accuracy, style: Style) -> str:
    """All that is known of a client."""
    basis = {
        "recorded": "recorded: recordings of this client confirm the model",
        "derived": "derived: from its source and its like; no recording confirms the model",
    }
    facts = {
        "name": client.name,
        "version": client.version,
        "tier": str(client.tier),
        "family": client.family,
        "platform": client.platform and f"{client.platform}; elsewhere it is not known",
        "stands for": client.stands_for,
        "called": ", ".join(client.known_as),
        "basis": basis[client.basis],
        "accuracy": _in_words(client, accuracy),
        "unseen": _in_words(client, accuracy.unseen),
    }
    lines = [style.paint(client.id, "bold")]
    for name, value in facts.items():
        if value:
            words = style.own(value).split(" ")
            lines += wrapped(words, style.prose, f"{name + ':':<13}", HANGING)
    return "\n".join(lines) + "\n"


def _in_words(client: Record, accuracy: Accuracy | None) -> str:
    """Return when, on how many chains and how well; empty where it was not measured."""
    own = accuracy.clients.get(client.id) if accuracy is not None else None
    if accuracy is None or own is None:
        return ""
    verdicts, texts = _agreement(client, accuracy)
    agree = (
        f"{verdicts} verdicts, {texts} texts agree" if own.texts else f"{verdicts} verdicts agree"
    )
    return (
        f"{agree} with its recordings; {own.unknown} unknown, {own.wrong_accepts} wrong accepts, "
        f"{own.wrong_rejects} wrong rejects (measured {accuracy.date}; the chains were sent by "
        f"{accuracy.server})"
    )


def _agreement(client: Record, accuracy: Accuracy | None) -> tuple[str, str]:
    """`149/149` of verdicts and of texts; `-` where there are none."""
    own = accuracy.clients.get(client.id) if accuracy is not None else None
    if own is None:
        return "-", "-"
    texts = f"{own.texts_agree}/{own.texts}" if own.texts else "-"
    return f"{own.verdicts_agree}/{own.verdicts}", texts
