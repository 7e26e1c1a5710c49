"""Check a folder of chains on all cores: `python batch.py CHAINS ROOT.pem > chains.csv`."""

import csv
import sys
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from edgecheck import Report, Severity, Source, check


def judged(path: Path, root: bytes) -> Report:
    """Read and check one file, in a process of its own."""
    return check(Source(path.name, path.read_bytes()), trust=root)


def main(folder: Path, root: bytes) -> None:
    """Write a line for each file; reports come back from the other processes whole."""
    table, paths = csv.writer(sys.stdout), sorted(folder.glob("*.pem"))
    table.writerow(["file", "valid", "worst", "rules"])
    with Pool() as pool:
        for path, report in zip(paths, pool.imap(partial(judged, root=root), paths), strict=True):
            bad = [f.rule.id for f in report.findings if f.severity >= Severity.WARNING]
            table.writerow([path.name, report.valid, report.worst, " ".join(bad)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes())
