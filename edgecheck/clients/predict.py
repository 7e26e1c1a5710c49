"""Ask the models: clients whose engine and settings decide alike share one run.

Settings may have a method `bearing(view)`: it returns what of them bears on the verdict about a
view, so that versions that differ in nothing which is there cost one run. Words are each client's.
Of a chain in which nothing is out of the ordinary, one client is asked for nearly all (`ordinary`),
and the models of the others are not even imported.
"""

from collections.abc import Callable, Hashable, Iterable

from edgecheck.behaviour import work
from edgecheck.behaviour.damaged import DAMAGED, MISSING
from edgecheck.behaviour.openssl.records import AZURE_PYTHON
from edgecheck.behaviour.pyca.records import CRYPTOGRAPHY
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.view import View
from edgecheck.clients import message
from edgecheck.clients.answer import ACCEPT, Answer, Verdict, unknown
from edgecheck.clients.client import Client, Engine
from edgecheck.clients.ordinary import Ordinary, follows, ordinary
from edgecheck.clients.table import model
from edgecheck.reading.certificate import Unreadable
from edgecheck.reading.der import Malformed
from edgecheck.reading.strict import extension_name

REPRESENTATIVES = (CRYPTOGRAPHY, AZURE_PYTHON)
"""Who is asked for others about an ordinary chain, until one accepts. cryptography is no model, and
asked in any case; it does not take every chain that is ordinary."""


def answers(
    view: View,
    clients: Iterable[Record],
    ask_all: bool = False,
    models: Callable[[Record], Client] = model,
) -> list[tuple[Record, Answer, str]]:
    """Each client's answer and what it says; a fact that cannot be read is unknown.

    `ask_all`: none answers for another, however ordinary the chain is. `models`: the client's.
    """
    runs: dict[tuple[Engine, Hashable], Answer] = {}
    known = None if ask_all else _ordinary(view, runs)
    found = []
    for record in clients:
        if known is not None and follows(record, known):
            found.append((record, ACCEPT, ""))
            continue
        client = models(record)
        answer = message.refusal(record, view) or _asked(client, view, runs)
        says = answer.says
        if answer.verdict is Verdict.REJECT and answer.code != message.TOO_LARGE:
            try:
                says = client.wording(answer, view)
            except DAMAGED as damaged:
                says = f"in words that cannot be told: {_why(damaged)}"
        found.append((record, answer, says))
    return found


def _asked(client: Client, view: View, runs: dict[tuple[Engine, Hashable], Answer]) -> Answer:
    """Return what it answers, which may have been found out for another."""
    key = (client.engine, _bearing(client.record.settings, view))
    if key not in runs:
        runs[key] = _run(client, view)
    return runs[key]


def _ordinary(view: View, runs: dict[tuple[Engine, Hashable], Answer]) -> Ordinary | None:
    """What is told of a chain that the one who is asked for others accepts; None: ask all."""
    try:
        found = ordinary(view)
    except DAMAGED:
        return None
    if found is None:
        return None
    for record in REPRESENTATIVES:
        if _asked(model(record), view, runs).verdict is Verdict.ACCEPT:
            return found
    return None


def _bearing(settings: Hashable, view: View) -> Hashable:
    """What of a client's settings bears on its verdict about this view: all, if none says less."""
    reduced = getattr(settings, "bearing", None)
    return settings if reduced is None else reduced(view)


def _run(client: Client, view: View) -> Answer:
    open_by = client.unsure(client.record.library, view) if client.unsure is not None else None
    if open_by is not None:
        told = "is malformed, and what this client makes of it is not known"
        return unknown(f"{extension_name(open_by[1])} {told}", open_by[0])
    work.begin()
    try:
        return client.engine(view, client.record.settings)
    except work.Spent:
        return unknown(work.TOLD, view.leaf)
    except DAMAGED as damaged:
        certificate = damaged.certificate if isinstance(damaged, Unreadable) else None
        return unknown(f"damaged input: {_why(damaged)}", certificate)


def _why(damaged: Exception) -> str:
    """What does not fit."""
    return str(damaged) if isinstance(damaged, Unreadable | Malformed) else MISSING
