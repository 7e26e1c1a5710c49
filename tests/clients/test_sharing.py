"""Clients whose engine and settings decide alike share a run, and no others do."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.openssl.settings import V3_0, V3_4, V3_5, V3_6, V4_0, Settings
from edgecheck.behaviour.record import Record
from edgecheck.behaviour.records import RECORDS
from edgecheck.behaviour.view import View
from edgecheck.clients import predict
from edgecheck.clients.answer import ACCEPT, Answer
from edgecheck.clients.client import Client, plain
from edgecheck.clients.predict import answers
from edgecheck.clients.table import model
from fixtures.pki import raw_time, subject_alt_name
from tests.behaviour.runs import SOUND, seen
from tests.hierarchy.chains import END, HOST, Chain

SHORT = raw_time(f"\x17\x0b{END:%y%m%d%H%M}Z".encode(), END)
SINCE_3_0 = (V3_0, V3_4, V3_5, V3_6, V4_0)
NEW = tuple(
    client
    for client in RECORDS
    if client.library is Library.OPENSSL
    and isinstance(client.settings, Settings)
    and client.settings.version >= V3_0
)
"""Clients with OpenSSL 3.0 or later."""


def view(chain: Chain = SOUND, host: str | None = HOST) -> View:
    *sent, root = chain.issued()
    return seen(sent, [root], host)


def runs(clients: Any, asked: View, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often engines run, by the client that they run for."""
    counted: Counter[str] = Counter()
    inner = predict._run

    def run(client: Client, view: View) -> Answer:
        counted[client.record.id] += 1
        return inner(client, view)

    with monkeypatch.context() as patched:
        patched.setattr(predict, "_run", run)
        answers(asked, clients)
    return counted


def without_version(client: Record) -> Any:
    settings: Any = client.settings
    return model(client).engine, tuple(
        getattr(settings, name) for name in settings.__slots__ if name != "version"
    )


def test_a_newer_version_costs_nothing_on_a_sound_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """One run for each way to use OpenSSL 3, however many versions there are."""
    ways = {without_version(client) for client in NEW}
    assert len(ways) < len(NEW) - 12
    assert sum(runs(NEW, view(), monkeypatch).values()) == len(ways)
    again = [client for client in NEW for _ in range(3)]
    assert sum(runs(again, view(), monkeypatch).values()) == len(ways)


def test_runs_are_shared_among_all_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """And at most once each."""
    counted = runs(RECORDS, view(), monkeypatch)
    assert set(counted.values()) == {1}
    assert len(counted) < len(RECORDS) - 15


@pytest.mark.parametrize(
    ("chain", "host", "like"),
    [
        (SOUND, HOST, dict.fromkeys(SINCE_3_0, V3_0)),
        (SOUND, None, dict.fromkeys(SINCE_3_0, V3_0)),
        (SOUND, "10.0.0.1", dict.fromkeys(SINCE_3_0, V3_0)),
        (SOUND, "$edgeHub", dict.fromkeys(SINCE_3_0, V3_0) | {V4_0: V4_0}),
        (SOUND.put(0, not_after=SHORT), HOST, dict.fromkeys(SINCE_3_0, V3_4) | {V3_0: V3_0}),
        (SOUND.put(2, not_after=SHORT), HOST, dict.fromkeys(SINCE_3_0, V3_4) | {V3_0: V3_0}),
    ],
    ids=["sound", "no name", "an address", "no host name", "short time", "short in the root"],
)
def test_a_version_bears_where_it_decides_otherwise(
    chain: Chain, host: str | None, like: dict[Any, Any]
) -> None:
    """The oldest that decides alike; versions before 3.0 stand for themselves."""
    asked = view(chain, host)
    for version in SINCE_3_0:
        settings = Settings(version, level=1, partial=True)
        expected = Settings(like[version], level=1, partial=True)
        assert settings.bearing(asked) == expected
    for old in ((1, 0, 2), (1, 1, 0), (1, 1, 1)):
        assert Settings(old).bearing(asked) == Settings(old)
    unnamed = Settings(V4_0, names=False)
    assert unnamed.bearing(view(host="$edgeHub")) == Settings(V3_0, names=False)


@pytest.mark.parametrize(
    ("chain", "host"),
    [
        (SOUND, HOST),
        (SOUND, "other.local"),
        (SOUND.put(0, subject_alt_name(dns=["$edgeHub"])), "$edgeHub"),
        (SOUND.put(0, not_after=SHORT), HOST),
        (SOUND.put(1, not_before=SHORT), HOST),
        (SOUND.put(2, not_after=SHORT), HOST),
        (SOUND.put(0, not_after=raw_time(b"\x17\x0d271301000000Z", END)), HOST),
        (SOUND.put(1, serial=b"\0\1"), HOST),
    ],
)
def test_an_answer_is_the_same_alone_and_together(chain: Chain, host: str) -> None:
    """What was shared is what each would have said by itself."""
    together = [
        (answer.verdict, answer.code, says)
        for _, answer, says in answers(view(chain, host), RECORDS)
    ]
    alone = []
    for client in RECORDS:
        ((_, answer, says),) = answers(view(chain, host), [client])
        alone.append((answer.verdict, answer.code, says))
    assert together == alone


def test_settings_that_say_nothing_of_it_bear_as_a_whole() -> None:
    """And what a method says is believed of no other engine."""
    asked: list[object] = []

    def engine(view: View, settings: object) -> Answer:
        asked.append(settings)
        return ACCEPT

    def other(view: View, settings: object) -> Answer:
        return engine(view, settings)

    records = [client for client in RECORDS if client.library is Library.GO]
    answers(view(), records, models=lambda record: Client(record, engine, plain))
    assert len(asked) == len({record.settings for record in records}) == 3
    asked.clear()
    ways = {"3.0": engine, "3.5": other, "3.6": engine}
    new = [client for client in NEW if client.id.endswith("-s_client")]

    def model_of(record: Record) -> Client:
        return Client(record, ways[record.id[len("openssl") :][:3]], plain)

    answers(view(), new, models=model_of)
    assert len(asked) == 2
