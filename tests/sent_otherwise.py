"""Chains that are sent or trusted otherwise than an ordinary one, by chance."""

from __future__ import annotations

import random
from dataclasses import replace

from fixtures.pki import issue
from tests.ordinary_chains import AT, DAY, Draft, Given, draft

Chance = random.Random


def sent_otherwise(chance: Chance, made: Draft) -> Given:
    """In another order, some missing or twice, more of it; other trust, or another key."""
    given = made.given("sent otherwise")
    sent, trust = list(given.presented), list(given.trust)
    other = draft(chance.randrange(1000)).given("").presented
    ways: list[Given] = [
        replace(given, presented=tuple(reversed(sent))),
        replace(given, presented=tuple(chance.sample(sent, len(sent)))),
        replace(given, presented=(*sent, chance.choice(sent))),
        replace(given, presented=(sent[0], *chance.sample(sent[1:], max(len(sent) - 2, 0)))),
        replace(given, presented=(*sent, other[-1])),
        replace(given, presented=(*sent, *trust)),
        replace(given, presented=(*sent, *other, *other)),
        replace(given, presented=(*other, *sent)),
        replace(given, trust=(trust[0], other[-1])),
        replace(given, trust=(other[-1], trust[0])),
        replace(given, trust=(other[-1],)),
        replace(given, trust=(sent[-1],)),
        replace(given, trust=(sent[0],)),
        replace(given, trust=(trust[0], sent[-1])),
        replace(given, trust=(sent[0], trust[0])),
        replace(given, hostname=None),
        replace(given, trailing=frozenset({chance.choice(sent)})),
        replace(given, key_of=other[0]),
    ]  # fmt: skip
    return chance.choice(ways)


def renewed(chance: Chance, made: Draft) -> Given:
    """An authority is there twice: renewed, with the same key or another one."""
    given = made.given("renewed")
    place = chance.randrange(1, len(made.specs))
    chain = made.issued()
    above = chain[place + 1] if place + 1 < len(chain) else None
    key = chance.choice([made.specs[place].key, "p256-8"])
    ends = chance.choice([AT + 500 * DAY, AT - DAY])
    twin = issue(made.specs[place].with_(serial=77, key=key, not_after=ends), above).der
    if place + 1 == len(chain):
        return chance.choice(
            [
                replace(given, trust=(twin,)),
                replace(given, trust=(twin, *given.trust)),
                replace(given, presented=(*given.presented, twin)),
            ]
        )
    sent = list(given.presented)
    sent.insert(chance.choice([place, place + 1]), twin)
    return replace(given, presented=tuple(sent))
