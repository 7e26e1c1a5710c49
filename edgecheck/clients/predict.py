"""Ask the models: clients with the same engine and settings share one run."""

from collections.abc import Hashable, Iterable

from edgecheck.clients.answer import Answer, Verdict, unknown
from edgecheck.clients.client import Client, Engine
from edgecheck.clients.view import View
from edgecheck.reading.certificate import Unreadable


def answers(view: View, clients: Iterable[Client]) -> list[tuple[Client, Answer, str]]:
    """Each client's answer and what it says; a fact that cannot be read is unknown."""
    runs: dict[tuple[Engine, Hashable], Answer] = {}
    found = []
    for client in clients:
        key = (client.engine, client.settings)
        answer = runs.get(key)
        if answer is None:
            answer = runs[key] = _run(client, view)
        says = answer.says
        if answer.verdict is Verdict.REJECT:
            try:
                says = client.wording(answer, view)
            except Unreadable as unreadable:
                says = f"unreadable {unreadable}"
        found.append((client, answer, says))
    return found


def _run(client: Client, view: View) -> Answer:
    try:
        return client.engine(view, client.settings)
    except Unreadable as unreadable:
        return unknown(str(unreadable), unreadable.certificate)
