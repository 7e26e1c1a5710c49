"""`edgecheck fleet`: many chains, judged on all cores, and what they have in common."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from edgecheck.adapters.clock import now
from edgecheck.adapters.files import Refused, forget, reachable, spared, write
from edgecheck.commands.printing import complain, style_for, write_out
from edgecheck.commands.progress import Progress
from edgecheck.commands.registration import validation
from edgecheck.commands.request import chosen, moment, password_in, revoking, trusted
from edgecheck.device import Device
from edgecheck.expected import Limits
from edgecheck.reading.sources import Source
from edgecheck.reading.text import safe
from edgecheck.rules import BUILT_IN
from edgecheck.rules.engine.rule import Severity
from edgecheck.version import __version__

NEEDS = "fleet needs pyarrow: pip install pyarrow, or pip install 'edgecheck-iot[arrow]'"


def judged(names: Sequence[str], said: Mapping[str, Any]) -> int:
    """Carry out the command; returns its exit status.

    Args:
        names: the INPUTs.
        said: its options by name; `fail_on` and `clients` as the command line worked them out.

    Raises:
        Refused: it cannot be carried out.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise Refused(NEEDS) from None
    from edgecheck.adapters.fleet.inputs import Input
    from edgecheck.adapters.fleet.results import overview
    from edgecheck.adapters.fleet.run import Outputs, apart, begun, carried_out
    from edgecheck.adapters.fleet.workers import Work
    from edgecheck.fleet.judge import Judge

    forget()
    pa.set_cpu_count(1)
    if said["second_opinion"]:
        raise Refused("--second-opinion: not for a fleet; leave it out")
    if said["output"] is None:
        raise Refused("name the file that the results go into: -o FILE.parquet")
    outputs = Outputs(said["output"], said["findings"])
    judging, rules, asked = _asked(said)
    given = Input(names, Limits().input_bytes)
    written = {"-o": outputs.summary, "--findings": outputs.findings}
    apart(given, {**written, "--summary": said["summary"]})
    for option, name in written.items():
        if name is not None:
            spared(name, option)
    if said["summary"] is not None:
        reachable(said["summary"], "--summary")
    parts, asked = begun(outputs, asked, said["restart"])
    try:
        asked["--at"] = asked["--at"] or now().isoformat()
        at = moment(asked["--at"])
        assert at is not None
        judging["at"] = at
        _tried(Judge, judging, rules)
        select = None if rules == BUILT_IN else tuple(rule.id for rule in rules)
        work = Work(judging, select, said["predictions"], outputs.summary, outputs.forms())
        progress = Progress(given.total())
        try:
            carried_out(given, outputs, parts, asked, work, _workers(said["workers"]), progress)
        except KeyboardInterrupt:
            progress.end()
            complain("stopped; what is done is kept: run the same again to go on")
            raise
    finally:
        parts.leave()
    progress.end()
    if given.unused:
        unused = ", ".join(sorted(safe(name, 60) for name in given.unused))
        complain(f"columns that were not looked at: {unused}")
    seen = overview(outputs.summary, at)
    if not said["trust"]:
        complain("without --trust it is undecided whether a chain is valid")
    _tell(seen, said)
    return _status(seen.worst, said["fail_on"])


def _asked(said: Mapping[str, Any]) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    """What `Judge` is told but for the moment, the rules, and all of it as plain values."""
    password = password_in(said["password_file"])
    trust = [trusted(name, password) for name in said["trust"]]
    crls = [revoking(name) for name in said["crl"]]
    rules = chosen(said["select"], said["ignore"])
    at = moment(said["at"])
    try:
        runtime = said["runtime"]
        device = Device(runtime=runtime) if runtime else None
    except ValueError as wrong:
        raise Refused(f"--{wrong}") from None
    judging = {
        "trust": trust,
        "crls": crls,
        "device": device,
        "profile": said["profile"],
        "validation": validation({**said, "purpose": "server"}),
        "clients": said["client"] or None,
        "password": password,
    }
    asked = {
        "edgecheck": __version__,
        "--at": at.isoformat() if at is not None else None,
        "--trust": _digests(trust),
        "--crl": _digests(crls),
        "--password-file": password is not None,
        "--runtime": runtime or "",
        "--profile": said["profile"],
        "--select or --ignore": [rule.id for rule in rules] if rules != BUILT_IN else [],
        "--client": list(said["client"]),
        "--expires-within": list(said["expires_within"]),
        "--predictions": said["predictions"],
        "--findings": said["findings"] is not None,
    }
    return judging, rules, asked


def _digests(sources: Iterable[Source]) -> list[str]:
    return [hashlib.sha256(each.data).hexdigest() for each in sources]


def _tried(judge: Any, judging: Mapping[str, Any], rules: Any) -> None:
    """Have what was asked for looked at before any work is done."""
    try:
        judge(**judging, rules=rules)
    except ValueError as wrong:
        argument, colon, told = str(wrong).partition(":")
        option = {"clients": "client", "profile": "profile"}.get(argument)
        if option is None:
            raise
        raise Refused(f"--{option}{colon}{told}") from None


def _workers(said: int | None) -> int:
    """How many processes; without a word one for each core that this process may use."""
    if said is not None:
        return said
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _tell(seen: Any, said: Mapping[str, Any]) -> None:
    """Print the summary, or write it to a file."""
    from edgecheck.fleet.words import as_text, as_values

    name = said["summary"]
    if said["format"] == "json":
        text = json.dumps(as_values(seen), indent=2, ensure_ascii=True) + "\n"
    elif said["format"] == "html":
        from edgecheck.fleet.page import as_page

        text = as_page(seen)
    else:
        text = as_text(seen, style_for(said["color"], said["ascii"], name))
    if name is not None:
        write(name, text, option="--summary")
    elif not said["quiet"]:
        write_out(text)


def _status(worst: Mapping[str | None, int], fail_on: str) -> int:
    """1 where a gateway has a finding that is as bad, else 0."""
    if fail_on == "never":
        return 0
    least = Severity(fail_on)
    return int(any(number and name and Severity(name) >= least for name, number in worst.items()))
