"""Print what reports say against themselves, or against what real clients did.

    python tools/contradictions.py [FIXTURE ...]
    python tools/contradictions.py CASES.jsonl[.gz] RECORDINGS.csv[.gz] ...
    python tools/contradictions.py --random 3000 [--seed 0]
    python tools/contradictions.py --show 1234 [--seed 0]

Fixtures by their names (`ca/not-a-ca`), none: all of them. Recordings: those of clients that have
a model count. Contradictions of the same making stand in one line, with their number and the
first inputs that show them; `--kind`, `--rule` and `--client` choose (a part is enough), `--all`
tells each by itself. `--show` writes out one chain that is made at random, with its report;
`--cases FILE` writes the chosen ones for tools/record_clients.py, with their keys.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from edgecheck.behaviour.records import BY_ID, RECORDS  # noqa: E402
from edgecheck.reporting.terminal import render  # noqa: E402
from fixtures.expected import FIXTURES, folders, read  # noqa: E402
from tests.chains_at_random import chain  # noqa: E402
from tests.contradictions import Contradiction, contradictions, judged, model_of  # noqa: E402
from tools import predictions, voice  # noqa: E402
from tools.recording import cases as case_files  # noqa: E402

MOST_EXAMPLES = 5
CLIENT_IDS = {client.id for client in RECORDS}


@dataclass(frozen=True)
class Found:
    """A contradiction, and what shows it."""

    example: str
    contradiction: Contradiction


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("inputs", nargs="*", metavar="FIXTURE or FILE")
    parser.add_argument("--random", type=int, metavar="N", help="as many chains made at random")
    parser.add_argument("--first", type=int, default=0, help="the number of the first of these")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, metavar="NUMBER", help="one chain made at random")
    parser.add_argument("--kind", default="", help="only kinds that contain this")
    parser.add_argument("--rule", default="", help="only rules that contain this")
    parser.add_argument("--client", default="", help="only clients that contain this")
    parser.add_argument("--all", action="store_true", help="each by itself")
    parser.add_argument("--cases", type=Path, metavar="FILE", help="write random ones down")
    options = parser.parse_args(arguments)
    if options.show is not None:
        show(options.show, options.seed)
        return 0
    if options.random:
        numbers = range(options.first, options.first + options.random)
        found = list(over_random(numbers, options.seed))
        inputs = len(numbers)
    elif options.inputs and Path(options.inputs[0]).is_file():
        cases, *recorded = map(Path, options.inputs)
        if not recorded:
            parser.error("give the recordings of these cases, too")
        found = list(over_recordings(cases, recorded))
        inputs = len(voice.text(cases).splitlines())
    else:
        chosen = [FIXTURES / name for name in options.inputs] or folders()
        found = list(over_fixtures(chosen))
        inputs = len(chosen)
    found = [
        each
        for each in found
        if options.kind in each.contradiction.kind
        and options.rule in each.contradiction.what
        and options.client in each.contradiction.who
    ]
    if options.cases:
        numbers_found = dict.fromkeys(int(each.example.rpartition("-")[2]) for each in found)
        case_files.write(options.cases, [chain(n, options.seed).case() for n in numbers_found])
    for line in each_told(found) if options.all else grouped(found):
        print(line)
    kinds = Counter((each.contradiction.kind, each.contradiction.basis) for each in found)
    for (kind, basis), number in kinds.most_common():
        where = {e.example for e in found if e.contradiction.kind == kind}
        print(f"{kind} ({basis}): {number} in {len(where)}")
    print(f"contradictions: {len(found)} in {len({e.example for e in found})} of {inputs}")
    return 0


def over_fixtures(chosen: Iterable[Path]) -> Iterator[Found]:
    """Of fixtures, as they are to be checked."""
    for folder in chosen:
        fixture = read(folder)
        for each in judged(fixture.check):
            yield Found(fixture.name, each)


def over_recordings(cases: Path, recorded: Iterable[Path]) -> Iterator[Found]:
    """Of recorded cases, also against what clients did."""
    rows: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for file in recorded:
        for row in csv.DictReader(io.StringIO(voice.text(file))):
            rows[row["case"]][row["client"]] = row["verdict"]
    for line in voice.text(cases).splitlines():
        given = json.loads(line)
        asked = partial(predictions.report_of, given, given["hostname"])
        for each in judged(asked, rows[given["id"]]):
            yield Found(given["id"], each)


def over_random(numbers: Iterable[int], seed: int, twice: bool = True) -> Iterator[Found]:
    """Of chains that are made at random."""
    for number in numbers:
        made = chain(number, seed)
        for each in judged(made.check, twice=twice):
            yield Found(made.name, each)


def grouped(found: Iterable[Found]) -> Iterator[str]:
    """One line for each kind and rule, with who is concerned how often; the most frequent first."""
    kinds: defaultdict[tuple[str, str], defaultdict[str, list[Found]]]
    kinds = defaultdict(lambda: defaultdict(list))
    for each in found:
        told = each.contradiction
        kinds[told.kind, told.basis][told.what].append(each)
    for (kind, basis), rules in sorted(kinds.items()):
        yield f"{kind} ({basis})"
        for what, members in sorted(rules.items(), key=lambda item: -len(examples(item[1]))):
            who: dict[str, list[Found]] = {}
            for each in members:
                who.setdefault(short(each.contradiction.who), []).append(each)
            counts = sorted(((len(examples(own)), name) for name, own in who.items()), reverse=True)
            names = ", ".join(f"{name} {number}" for number, name in counts if name)
            shown = examples(members)
            yield f"  {len(shown):4} {what or '-'}: {', '.join(shown[:MOST_EXAMPLES])}"
            if names:
                yield textwrap.fill(names, 110, initial_indent=" " * 9, subsequent_indent=" " * 9)


def examples(found: Iterable[Found]) -> list[str]:
    """What shows them, each once."""
    return list(dict.fromkeys(each.example for each in found))


def short(who: str) -> str:
    """A client's family, or the name that a finding has for it, with the client where it tells."""
    name, _, client = who.partition(" (")
    client = model_of(client.removesuffix(")"))
    if who.endswith(")") and client in CLIENT_IDS:
        return f"{name} ({BY_ID[client].label})" if name in ("Go", "Node.js", "rustls") else name
    record = BY_ID.get(model_of(who))
    return record.family if record is not None else who


def each_told(found: Iterable[Found]) -> Iterator[str]:
    for each in found:
        yield f"{each.example}: {each.contradiction}"


def show(number: int, seed: int) -> None:
    """One chain with its report, and what is wrong with that."""
    made = chain(number, seed)
    print(f"{made.name}, asked for {made.hostname!r} at {made.at:%Y-%m-%dT%H:%M:%SZ}")
    for change in made.changes:
        print(f"  {change}")
    for word, ders in (("presented", made.presented), ("trusted", made.trust)):
        print(f"{word}: {', '.join(f'{len(der)} octets' for der in ders)}")
    report = made.check()
    print(render(report, color=False, unicode=False, width=100, verbose=True))
    for prediction in report.predictions:
        because = f" <- {', '.join(prediction.because)}" if prediction.because else ""
        said = f"{prediction.tier} {prediction.client}: {prediction.verdict} {prediction.says}"
        print(said + because)
    print()
    for each in contradictions(report, again=made.check):
        print(textwrap.fill(str(each), 100, subsequent_indent="    "))


if __name__ == "__main__":
    sys.exit(main())
