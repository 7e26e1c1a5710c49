"""Serve the cases, let the clients connect, and collect what they say."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from tools.recording import lab
from tools.recording.cases import Case, Row, lay_out
from tools.recording.clients import GO_ENV, HERE, Client, available
from tools.recording.commands import is_address
from tools.recording.programs import Machine, clock, lead_home, output
from tools.recording.reasons import LONGEST_SAYS, reason_of

LOOPBACK = 127
LAST_PORT = 60000
FIRST_PORT = 20000
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Recording:
    """What one client did with one case: a line of the recordings."""

    case: str
    client: str
    verdict: str
    reason: str
    says: str


def record(
    cases: Sequence[Case],
    folders: Sequence[Path],
    work: Path,
    only: Callable[[str], bool],
    tell: Tell,
) -> tuple[list[Recording], dict[str, str]]:
    """All clients on all cases: the recordings, and the version of each client."""
    machine = Machine(folders)
    lead_home(machine, sorted({lab.HOST, *(case.hostname for case in cases)}), work)  # of ticks
    if not machine.names_resolve:
        tell("no mount namespace: clients that look up the host name themselves are left out")
    clients = [*available(machine, work, only)]
    go = machine.first("go")
    server = build_server(go, work) if go else None
    if not server:
        tell("no Go, so no server: only clients that need no connection are run")
    recordings = []
    with serving(server, cases, work) as rows:
        for client in clients:
            if client.resolves and not machine.names_resolve:
                continue
            found = list(recorded(machine, client, rows, bool(server), work, tell))
            accepted = sum(recording.verdict == "accept" for recording in found)
            tell(f"{client.id}: {accepted} of {len(found)} accepted")
            recordings += found
    return recordings, {client.id: client.version for client in clients}


def build_server(go: str, work: Path) -> Path | None:
    """The server's binary. Go, as it sends what it cannot parse; most libraries refuse to."""
    binary = work / "server"
    built = output([go, "build", "-o", str(binary), str(HERE / "server.go")], GO_ENV)
    return None if built is None else binary


@contextmanager
def serving(server: Path | None, cases: Iterable[Case], work: Path) -> Iterator[list[Row]]:
    """The cases on disk, and as long as this lasts each on its port."""
    cases = [*cases]
    times = sorted({case.at for case in cases})
    ticks = [lab.tick(at, f"clock of {at:%Y-%m-%dT%H:%M:%SZ}") for at in times]
    rows = lay_out([*cases, *ticks], work, free_ports(), datetime.now(UTC))
    if server is None:
        yield rows
        return
    served = work / "served.tsv"
    served.write_text("".join(f"{row.line}\n" for row in rows if row.case.key))
    process = subprocess.Popen([server, served], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"ready\n":
            raise RuntimeError("the server did not start")
        yield rows
    finally:
        process.terminate()
        process.communicate()


def free_ports() -> Iterator[int]:
    """Ports on which nobody listens now; another recording at the same time begins elsewhere."""
    first = FIRST_PORT + os.getpid() * 997 % (LAST_PORT - FIRST_PORT)
    for port in (*range(first, LAST_PORT), *range(FIRST_PORT, first)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            yield port


def leads_away(host: str) -> bool:
    """Whether who connects to what it is told would leave this machine: any other address.

    Names are led to 127.0.0.1; addresses cannot be, nor what some resolvers take for one: `1.2.3`,
    `0x0a.1`, with or without a period at the end.
    """
    if is_address(host):
        return not ip_address(host).is_loopback
    try:
        return socket.inet_aton(host.removesuffix("."))[0] != LOOPBACK
    except OSError:
        return False


def recorded(
    machine: Machine, client: Client, rows: Sequence[Row], served: bool, work: Path, tell: Tell
) -> Iterator[Recording]:
    """One client on all cases that it can be asked about, time by time."""
    askable = [row for row in rows if client.offline or (served and row.case.key)]
    away = [row for row in askable if client.resolves and leads_away(row.case.hostname)]
    if away:
        tell(f"{client.id}: {len(away)} cases with an address of another machine are left out")
        askable = [row for row in askable if row not in away]
    for time in dict.fromkeys(row.time for row in askable):
        env = {} if not time or client.own_clock else clock(time)
        if env is None:
            tell(f"{client.id}: no libfaketime, cases of {time} are left out")
            continue
        at_this_time = [row for row in askable if row.time == time]
        found = list(run(machine, client, at_this_time, env, work, tell))
        ticks = [recording for recording in found if recording.case.startswith(lab.TICK)]
        if time and any(tick.verdict != "accept" for tick in ticks):
            tell(f"{client.id}: does not heed the faked clock, cases of {time} are left out")
            continue
        yield from (recording for recording in found if recording not in ticks)


def run(
    machine: Machine,
    client: Client,
    rows: Sequence[Row],
    env: Mapping[str, str],
    work: Path,
    tell: Tell,
) -> Iterator[Recording]:
    if client.each:
        each = client.each
        with ThreadPoolExecutor(3) as pool:
            results = pool.map(lambda row: each(row, {**client.env, **env}), rows)
            for row, (accepted, says) in zip(rows, results, strict=True):
                yield told(client, row.case.id, accepted, says)
        return
    left = list(rows)
    while left:
        answered = list(batch(machine, client, left, env, work))
        yield from answered
        known = {recording.case for recording in answered}
        left = [row for row in left if row.case.id not in known]
        if left:  # it crashed, or said nothing: the next run begins behind this case
            tell(f"{client.id}: no answer to {left.pop(0).case.id}")


def batch(
    machine: Machine, client: Client, rows: Sequence[Row], env: Mapping[str, str], work: Path
) -> Iterator[Recording]:
    """One run of a driver: what it answered before it ended."""
    listed = work / "list.tsv"
    listed.write_text("".join(f"{row.line}\n" for row in rows))
    command = [str(listed) if word == "{list}" else word for word in client.driver]
    seconds = 60 + 12 * len(rows)
    _, text = machine.run(command, env={**client.env, **env}, seconds=seconds)
    for line in text.splitlines():
        with suppress(ValueError, TypeError, KeyError):
            said = json.loads(line)
            yield told(client, said["id"], said["verdict"] == "accept", said["says"])


def told(client: Client, case: str, accepted: bool, says: str) -> Recording:
    if accepted:
        return Recording(case, client.id, "accept", "", "")
    says = re.sub(r"[\x00-\x20\x7f]+", " ", says)
    return Recording(case, client.id, "reject", reason_of(client.id, says), says[:LONGEST_SAYS])
