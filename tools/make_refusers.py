"""Write edgecheck/behaviour/sets.py: what holds of kinds of clients, as their records say it.

With --check, only compare. A check that computed it would import the records of all clients.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from edgecheck.behaviour.kinds import ACROSS, BY_NAMES_ALONE, Library, Refuser  # noqa: E402
from edgecheck.behaviour.openssl.settings import V1_1_1, V3_0, Settings  # noqa: E402
from edgecheck.behaviour.records import RECORDS  # noqa: E402
from tools.generated import written  # noqa: E402

FILE = ROOT / "edgecheck" / "behaviour" / "sets.py"
START = '''"""What holds of kinds of clients by their records; made by `tools/make_refusers.py`.

So a check that finds nothing unusual imports no records. A test compares it with them.
"""

from edgecheck.behaviour.kinds import Refuser

'''
Kinds = frozenset[Refuser]
MEANT = {kind: frozenset(r for r in RECORDS if kind in r.kinds) for kind in Refuser}
PLAIN = {kind: clients for kind, clients in MEANT.items() if kind not in ACROSS}


def using_openssl(holds: Callable[[Settings], bool]) -> Kinds:
    """Return the kinds of which every client uses OpenSSL, or BoringSSL, in such a way.

    But those that are only some versions of another one of them.
    """
    found = [
        kind
        for kind, clients in MEANT.items()
        if clients
        and kind not in BY_NAMES_ALONE | ACROSS
        and all(isinstance(c.settings, Settings) and holds(c.settings) for c in clients)
    ]
    return frozenset(
        kind for kind in found if not any(MEANT[kind] < MEANT[other] for other in found)
    )


def sets() -> Iterator[tuple[str, Kinds, str]]:
    """Yield each set by its name, with what it means."""
    yield (
        "TIER_1",
        frozenset(kind for record in RECORDS if record.tier == 1 for kind in record.kinds),
        "Of which some client is one that IoT Edge deployments really run (`docs/severity.md`).",
    )
    everybody = frozenset(
        kind
        for kind, clients in PLAIN.items()
        if not any(clients < others for others in PLAIN.values())
    )
    told = "All kinds but those that are only some versions of another one."
    yield "EVERYBODY", everybody, told
    later = using_openssl(lambda settings: settings.version >= V1_1_1)
    yield "OPENSSL", everybody & later, "OpenSSL 1.1.1 and later, and what is built on it."
    older = using_openssl(lambda settings: settings.version < V1_1_1)
    told = "Older OpenSSL, and BoringSSL, which decide much alike."
    yield "OPENSSL_OLD", everybody & older, told
    yield (
        "SECLEVEL_2",
        using_openssl(lambda settings: settings.level >= 2),
        "What uses an OpenSSL whose security level is 2: Debian's, and that of Node.js since 24.",
    )
    yield (
        "SECLEVEL_1",
        using_openssl(lambda settings: settings.level >= 1 and settings.version >= V3_0),
        "Also what uses an OpenSSL 3 whose security level is 1.",
    )
    nss = frozenset(kind for r in RECORDS if r.library is Library.NSS for kind in r.kinds)
    yield "NSS", nss, "Every version of NSS."


def text() -> str:
    """Return the module's text."""
    made = START
    for name, kinds, means in sets():
        lines = "".join(f"        Refuser.{kind.name},\n" for kind in Refuser if kind in kinds)
        made += f'{name} = frozenset(\n    {{\n{lines}    }}\n)\n"""{means}"""\n'
    return made


def main(arguments: list[str]) -> int:
    """Write the file, or with --check say whether it is up to date."""
    return written(FILE, text(), arguments, "make_refusers.py")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
