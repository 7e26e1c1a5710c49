"""Compare findings with recordings of real clients: is what they refuse said, and nothing more?

    python tools/voice.py [CASES.jsonl[.gz] RECORDINGS.csv[.gz]] [--case ID]

Without files, those of `handbook/clients/` in the folder that EDGECHECK_CONFORMANCE names, or
in `shared` beside the clone. Four figures, and for whatever is missing a line:

- silence: cases that every client accepts, without a finding of severity error;
- tier 1: rejections by clients of tier 1, with a finding of warning or error on the
  certificate at the depth that the client names; what is found with the same severity where
  every client accepts the case explains nothing, and does not count;
- others: rejections by other clients, with a finding whose `refused_by` names that client;
- precision: names in `refused_by` of findings that nothing else causes, of clients that do
  refuse the case.

Depths are counted along the client's own chain: from the first certificate presented, by
issuer, among what is presented and trusted. Where a text names no depth, that of the same
version of OpenSSL in the same case is taken; else any certificate will do.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import sys
from base64 import b64decode
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import edgecheck
from edgecheck.behaviour.kinds import Library
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.records import BY_ID
from edgecheck.reading.certificate import Certificate, Unreadable
from tests.suites import recordings

Row = Mapping[str, str]


@dataclass
class Case:
    """One recorded case, and what edgecheck says about it."""

    id: str
    report: edgecheck.Report
    presented: list[bytes]
    rows: dict[str, Row]

    @property
    def refusing(self) -> list[str]:
        """The clients that reject it, by id."""
        return sorted(c for c, row in self.rows.items() if row["verdict"] == "reject")


@dataclass
class Figure:
    """N of M, and what is missing."""

    name: str
    good: int = 0
    every: int = 0
    misses: dict[str, list[str]] = field(default_factory=dict)

    def count(self, good: bool, what: str, *which: str) -> None:
        """One more; if it is not good, what it is about, and which clients or rules."""
        self.every += 1
        self.good += good
        if not good:
            self.misses.setdefault(what, []).extend(which)

    @property
    def lines(self) -> list[str]:
        """What is missing, a line each."""
        return [f"{what}: {', '.join(which)}" for what, which in self.misses.items()]

    def __str__(self) -> str:
        return f"{self.name}: {self.good} of {self.every}"


def main() -> int:
    """Print what is missing, then the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--case", help="only this case, with all that is said about it")
    options = parser.parse_args()
    files = options.files or recordings()
    if files is None or len(files) != 2:
        parser.error("give the files of cases and of recordings; they were not found")
    read = [case for case in cases(*files) if options.case in (None, case.id)]
    if options.case:
        for case in read:
            describe(case)
    figures = measured(read)
    for figure in figures:
        for line in figure.lines:
            print(f"{figure.name}: {line}")
    print(*figures, sep="\n")
    return 0


def cases(file: Path, recorded: Path) -> Iterator[Case]:
    """All cases, each checked as it was recorded."""
    rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)
    for row in csv.DictReader(io.StringIO(text(recorded))):
        if row["client"] not in BY_ID:
            raise ValueError(f"no client is recorded as {row['client']} in behaviour/*/records.py")
        rows[row["case"]][row["client"]] = row
    for line in text(file).splitlines():
        given = json.loads(line)
        presented = [b64decode(der) for der in given["presented"]]
        report = edgecheck.check(
            presented,
            hostname=given["hostname"],
            trust=[b64decode(der) for der in given["trust"]],
            at=datetime.fromisoformat(given["at"]),
        )
        yield Case(given["id"], report, presented, rows[given["id"]])


def text(file: Path) -> str:
    """A file's text, decompressed where it is compressed."""
    if file.suffix == ".gz":
        with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
            return opened.read()
    return file.read_text(encoding="utf-8")


def measured(read: Sequence[Case]) -> tuple[Figure, Figure, Figure, Figure]:
    """Silence, tier 1, others, precision."""
    silence, tier_1 = Figure("silence"), Figure("voice of tier 1")
    others, precision = Figure("voice of others"), Figure("precision of refused_by")
    quiet = {(f.rule.id, f.severity) for c in read if not c.refusing for f in c.report.findings}
    for case in read:
        refusing = case.refusing
        if not refusing:
            errors = [f.rule.id for f in case.report.findings if f.severity == "error"]
            silence.count(not errors, case.id, *errors)
        for client in refusing:
            if BY_ID[client].tier == 1:
                place = depths(case, client)
                heard = all(said_at(case, depth, quiet) for depth in place or (None,))
                where = f"at {'+'.join(map(str, place)) if place else 'any depth'}"
                tier_1.count(heard, f"{case.id} {where} (said: {said(case)})", client)
            else:
                others.count(names(case, client), case.id, client)
        for finding in case.report.findings:
            for name in finding.evidence.get("refused_by", ()) if not finding.caused_by else ():
                accepting = [c for c in meant(name, case) if c not in refusing]
                judged = [c for c in accepting if asks(c, finding)]
                what = f"{case.id}: {finding.rule.id} names {name}, but these accept it"
                precision.count(not judged, what, *judged)
    return silence, tier_1, others, precision


def meant(name: str, case: Case) -> list[str]:
    """The recorded clients that a name in `refused_by` stands for."""
    return [client for client in case.rows if name in BY_ID[client].known_as]


def asks(client: str, finding: edgecheck.Finding) -> bool:
    """Whether the client as it was recorded could refuse it: one looked at the chain alone."""
    return not BY_ID[client].asked_without_name or finding.rule.family != "hostname"


def names(case: Case, client: str) -> bool:
    """Whether some finding names the client among those that refuse it."""
    known = set(BY_ID[client].known_as)
    return any(not known.isdisjoint(f.evidence.get("refused_by", ())) for f in case.report.findings)


# --- depths -------------------------------------------------------------------------------------

_OPENSSL = re.compile(r"verify_error\(num@depth\)=\d+@(\d+)|error \d+ at (\d+) depth lookup")
_DOTNET = re.compile(r"chain=\[([^\]]*)\]")
_HOST = re.compile(
    r"hostname mismatch|IP address mismatch|ERR_TLS_CERT_ALTNAME_INVALID|NameMismatch"
    r"|no alternative certificate subject name|host name verification failed"
    r"|No subject alternative|No name matching|certificate is (?:not )?valid for",
    re.IGNORECASE,
)


def depths(case: Case, client: str) -> tuple[int, ...]:
    """At which depths the client says the fault is; empty where nobody says."""
    says = case.rows[client]["says"]
    if (own := named_in(says)) is not None:
        return own
    if _HOST.search(says):
        return (0,)
    for like in sorted(c for c in case.rows if _alike(c, client)):
        if (place := named_in(case.rows[like]["says"])) is not None:
            return place
    return ()


def _alike(one: str, other: str) -> bool:
    """Whether both have the same library, OpenSSL in the same major version and in a handshake."""
    a, b = BY_ID[one], BY_ID[other]
    if isinstance(a.settings, Settings) and isinstance(b.settings, Settings):
        return a.settings.version[0] == b.settings.version[0] and a.settings.wire
    return a.library is b.library is Library.DOTNET


def named_in(says: str) -> tuple[int, ...] | None:
    """The depths that a text names, if it does."""
    if match := _OPENSSL.search(says):
        return (int(match[1] or match[2]),)
    if found := _DOTNET.findall(says):
        elements = [element.strip().split(":") for element in found[0].split(",")]
        bad = tuple(int(number) for number, status in elements if status != "NoError")
        return () if len(bad) == len(elements) > 1 else bad or None  # all: none in particular
    return None


def said_at(case: Case, depth: int | None, quiet: Container[tuple[str, str]]) -> bool:
    """Whether a finding of warning or error is about the certificate at that depth."""
    found = case.report.findings
    loud = [f for f in found if f.severity != "info" and (f.rule.id, f.severity) not in quiet]
    if depth is None:
        return bool(loud)
    there = {certificate.sha256 for certificate in at_depth(case, depth)}
    return any(not there.isdisjoint(finding.certificates) for finding in loud)


def at_depth(case: Case, depth: int) -> list[Certificate]:
    """The certificates that may be at that depth of a client's chain."""
    hierarchy = case.report.hierarchy
    path = hierarchy.path.certificates if hierarchy.path else ()
    found = list(path[depth : depth + 1])
    every = {*case.report.certificates, *case.report.expected.trust}
    level = [c for c in every if c.der == case.presented[0]]
    for _ in range(depth):
        issuers = {fact(child, "issuer") for child in level} - {None}
        level = [c for c in every if fact(c, "subject") in issuers]
    return found + level


def fact(certificate: Certificate, name: str) -> Any:
    """A name as text; None where it cannot be read."""
    try:
        return str(getattr(certificate, name)).lower()
    except Unreadable:
        return None


# --- in words -----------------------------------------------------------------------------------


def said(case: Case) -> str:
    """The findings above info, each with its depth."""
    path = case.report.hierarchy.path
    places = [c.sha256 for c in path.certificates] if path else []
    words = []
    for finding in case.report.findings:
        if finding.severity != "info":
            at = [str(places.index(c)) if c in places else "?" for c in finding.certificates]
            words.append(f"{finding.rule.id}@{'+'.join(at)}")
    return ", ".join(words) or "nothing is said"


def describe(case: Case) -> None:
    """Who rejects a case with which words, and all that is found."""
    print(f"{case.id}: valid {case.report.valid}")
    for client in case.refusing:
        print(f"  {client}: {' '.join(case.rows[client]['says'].split())[:160]}")
    for finding in case.report.findings:
        cause = f" (caused by {finding.caused_by})" if finding.caused_by else ""
        print(f"  {finding.severity} {finding.id}{cause}: {finding.message}")
        if refused_by := finding.evidence.get("refused_by"):
            print(f"    refused by {', '.join(refused_by)}")


if __name__ == "__main__":
    sys.exit(main())
