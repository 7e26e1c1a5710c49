"""Run the TLS clients that this machine has over cases, and write down what they say.

    python tools/record_clients.py CASES.jsonl[.gz] --out RECORDINGS.csv[.gz]
    python tools/record_clients.py --combinations --save-cases CASES.jsonl --out RECORDINGS.csv
    python tools/record_clients.py --fresh SEED --count 100 --save-cases CASES.jsonl --out ...
    python tools/record_clients.py --fixtures --out tests/recordings/fixtures.csv.gz

docs/recording.md has the rest: what is needed, and how to add a client.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.recording import cases as case_files  # noqa: E402
from tools.recording import combinations, fresh, of_fixtures, record  # noqa: E402
from tools.recording.clients import available  # noqa: E402
from tools.recording.comparing import unmodelled  # noqa: E402
from tools.recording.programs import Machine  # noqa: E402

PROGRAMS = "EDGECHECK_PROGRAMS"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", type=Path, nargs="?", help="a file of cases")
    parser.add_argument("--combinations", action="store_true", help="the project's own, made now")
    parser.add_argument("--fixtures", action="store_true", help="the project's own fixtures")
    parser.add_argument("--fresh", type=int, metavar="SEED", help="chains that no model has seen")
    parser.add_argument("--count", type=int, default=100, help="how many of them (100)")
    parser.add_argument("--save-cases", type=Path, help="write the cases down, with their keys")
    parser.add_argument("--out", type=Path, help="where the recordings go (CSV)")
    parser.add_argument("--versions", type=Path, help="where the clients' versions go (CSV)")
    parser.add_argument("--client", action="append", help="only clients whose id contains this")
    parser.add_argument("--case", default="", help="only cases whose id contains this")
    parser.add_argument("--list", action="store_true", help="only list the clients that are here")
    parser.add_argument(
        "--programs",
        type=Path,
        action="append",
        help=f"a folder of programs, before the PATH (also {PROGRAMS}; default .clients)",
    )
    options = parser.parse_args(arguments)
    folders = options.programs or [
        Path(folder)
        for folder in os.environ.get(PROGRAMS, str(ROOT / ".clients")).split(os.pathsep)
    ]
    with tempfile.TemporaryDirectory(prefix="edgecheck-clients-") as work:
        if options.list:
            for client in available(Machine(folders), Path(work)):
                print(f"{client.id}: {client.version}{unmodelled(client.id)}")
            return 0
        chosen = case_files.read(options.cases) if options.cases else []
        if options.combinations:
            chosen += combinations.cases(datetime.now(UTC))
        if options.fixtures:
            chosen += of_fixtures.cases()
        if options.fresh is not None:
            chosen += fresh.cases(datetime.now(UTC), options.fresh, options.count)
        chosen = [case for case in chosen if options.case in case.id]
        if not chosen:
            parser.error("no cases")
        if options.save_cases:
            case_files.write(options.save_cases, chosen)
        recordings, versions = record.record(
            chosen,
            folders,
            Path(work),
            lambda id: any(part in id for part in options.client or [""]),
            lambda text: print(text, file=sys.stderr, flush=True),
        )
    rows = [(r.case, r.client, r.verdict, r.reason, r.says) for r in recordings]
    write(options.out, ("case", "client", "verdict", "reason", "says"), rows)
    if options.versions:
        write(options.versions, ("client", "version"), [*versions.items()])
    return 0


def write(file: Path | None, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows((header, *rows))
    if file is None:
        print(text.getvalue(), end="")
    elif file.suffix == ".gz":
        file.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    else:
        file.write_text(text.getvalue())


if __name__ == "__main__":
    sys.exit(main())
