"""Compare predictions with recordings of real clients, and count the agreement.

    python tools/predictions.py [CASES.jsonl[.gz] RECORDINGS.csv[.gz]]... [--json FILE]
        [--client ID] [--case ID] [--sent-by edgehub] [--show] [--write] [--unseen]

Without files, those of `handbook/clients/` in the folder that EDGECHECK_CONFORMANCE names, or
in `shared` beside the clone. A case is what a server sends, what the client trusts, the host
name and the time. A verdict agrees when it is the recorded one, a text when the laboratory makes
the recorded `reason` of it (tools/recording/comparing.py); unknown agrees with nothing. Texts are
counted over rejections of all clients but those that print one sentence for everything. A wrong
accept is a chain that the client refused and the model lets pass. A client that was recorded
without a host name is asked without one. With --sent-by a case is what edgeHub was given, and the
recordings are those behind a .NET server. An id with an @ is the same version recorded elsewhere.
What only the laboratory's server or drivers did is left
out, by name and with its number. The last lines have the figures, first the total, then each
client. With --write they become the accuracy that `edgecheck clients` shows,
edgecheck/clients/accuracy.json, and tests/recordings/confirmed.json lists which clients did refuse
chains because of which rule. With --unseen too they are kept beside it, as the figures on chains
that the models were not fitted to: measure them before anything is mended by them.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import edgecheck
from edgecheck.behaviour.records import BY_ID, RECORDS
from edgecheck.report.predictions import NO_HOSTNAME, NO_SERVER, Prediction
from tests.suites import recordings
from tools.recording.comparing import Row, agree, left_out, modelled_as

ACCURACY = Path(edgecheck.__file__).parent / "clients" / "accuracy.json"
CONFIRMED = Path(__file__).resolve().parent.parent / "tests" / "recordings" / "confirmed.json"
SERVER = "Go, crypto/tls"
"""What sent the chains to the clients: tools/recording/server.go."""
Result = dict[str, Any]
Pair = tuple[Path, Path]
"""A file of cases, and one of recordings."""
CATCH_ALL = frozenset(record.id for record in RECORDS if record.one_sentence)
"""Clients that print one sentence whatever is wrong."""
NAMELESS = "CHAINONLY"
"""What the ids of clients hold that were recorded without a host name."""


def main() -> int:
    """Predict, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--json", type=Path, help="write what each case and client gave")
    parser.add_argument("--client", default="", help="only clients whose id contains this")
    parser.add_argument("--case", default="", help="only cases whose id contains this")
    parser.add_argument("--sent-by", choices=["edgehub"], help="what sent the certificates")
    parser.add_argument("--show", action="store_true", help="print every disagreement")
    parser.add_argument("--write", action="store_true", help="keep the figures in the package")
    parser.add_argument("--unseen", action="store_true", help="with --write: of unseen chains")
    options = parser.parse_args()
    files = options.files or recordings()
    if not files or len(files) % 2:
        parser.error("give files of cases and of recordings, in pairs; they were not found")
    if options.write and (options.client or options.case or options.sent_by):
        parser.error("--write keeps the figures of all clients and cases")
    if options.unseen and not options.write:
        parser.error("--unseen says of what --write keeps that no model had seen it")
    pairs = list(zip(files[::2], files[1::2], strict=True))
    asked = options.case, options.client, options.sent_by
    results = [result for pair in pairs for result in compared(*pair, *asked)]
    if options.show:
        for r in results:
            if r["verdict_agrees"] is False or r["text_agrees"] is False:
                print(f"{r['case']} {r['client']}")
                print(f"   recorded  {r['recorded']}: {r['reason']}")
                print(f"   predicted {r['verdict']}: {r['says']}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    if options.write:
        keep(accuracy(results, pairs, datetime.now(UTC).date().isoformat()), options.unseen)
        if not options.unseen:
            CONFIRMED.write_text(confirmed(results), "utf-8")
    for why, number in Counter(r["left_out"] for r in results if r["left_out"]).items():
        print(f"left out: {number}, because {why}")
    print(f"predictions: {said(figures(results))}")
    for client, own in by_client(results).items():
        print(f"{client}: {said(figures(own))}")
    return 0


def by_client(results: Iterable[Result]) -> dict[str, list[Result]]:
    """The results of each client."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(modelled_as(result["client"]), []).append(result)
    return found


def figures(results: list[Result]) -> dict[str, int]:
    """How many verdicts and texts there are and agree, how many are unknown or plainly wrong."""
    results = [result for result in results if result["verdict_agrees"] is not None]
    pairs = [(result["verdict"], result["recorded"]) for result in results]
    texts = [result["text_agrees"] for result in results if result["text_agrees"] is not None]
    return {
        "verdicts": len(results),
        "verdicts_agree": sum(result["verdict_agrees"] for result in results),
        "texts": len(texts),
        "texts_agree": sum(texts),
        "unknown": sum(verdict == "unknown" for verdict, _ in pairs),
        "wrong_accepts": pairs.count(("accept", "reject")),
        "wrong_rejects": pairs.count(("reject", "accept")),
    }


def said(figures: dict[str, int]) -> str:
    """Figures in one line."""
    return (
        "{verdicts_agree} of {verdicts} verdicts agree, {texts_agree} of {texts} texts agree, "
        "{unknown} unknown, {wrong_accepts} wrong accepts"
    ).format(**figures)


def accuracy(results: list[Result], pairs: Sequence[Pair], date: str) -> dict[str, Any]:
    """Return all figures, when they were measured, and on what.

    Hashes are of what is uncompressed, one file after the other. Clients without a model are none.
    """
    results = [result for result in results if modelled_as(result["client"]) in BY_ID]
    return {
        "date": date,
        "cases": len({result["case"] for result in results}),
        "server": SERVER,
        "cases_sha256": _hash(cases for cases, _ in pairs),
        "recordings_sha256": _hash(recordings for _, recordings in pairs),
        "total": figures(results),
        "clients": {client: figures(own) for client, own in sorted(by_client(results).items())},
    }


def keep(now: dict[str, Any], unseen: bool) -> None:
    """Write figures into the package, beside those of the other kind of chains."""
    kept = json.loads(ACCURACY.read_text("utf-8")) if ACCURACY.is_file() else {}
    before = kept.get("unseen") if unseen else {k: v for k, v in kept.items() if k != "unseen"}
    if before == now | {"date": (before or {}).get("date")}:
        return  # it was measured then
    kept = kept | {"unseen": now} if unseen else now | {"unseen": kept.get("unseen")}
    ACCURACY.write_text(as_text(kept), "utf-8")


def as_text(accuracy: dict[str, Any]) -> str:
    """Return what the package keeps: a client a line, in each kind of chains."""
    plain = {k: v for k, v in accuracy.items() if k not in ("clients", "unseen")}
    rest = [f"{json.dumps(k)}: {json.dumps(v)},\n" for k, v in plain.items()]
    clients = [f"  {json.dumps(id)}: {json.dumps(own)}" for id, own in accuracy["clients"].items()]
    unseen = accuracy.get("unseen")
    beside = f'"unseen": {as_text(unseen).rstrip()},\n' if unseen else ""
    return "{\n" + "".join(rest) + beside + '"clients": {\n' + ",\n".join(clients) + "\n}\n}\n"


def compared(
    cases: Path,
    recordings: Path,
    only_case: str = "",
    only_client: str = "",
    sent_by: str | None = None,
) -> Iterator[Result]:
    """Every recorded row with what was predicted."""
    recorded: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(_text(recordings))):
        if only_client in row["client"]:
            recorded.setdefault(row["case"], []).append(row)
    for line in _text(cases).splitlines():
        case = json.loads(line)
        if only_case not in case["id"] or case["id"] not in recorded:
            continue
        reports: dict[str | None, tuple[edgecheck.Report, dict[str, Prediction]]] = {}
        for row in recorded[case["id"]]:
            hostname = None if NAMELESS in row["client"] else case["hostname"]
            if hostname not in reports:
                made = report_of(case, hostname, sent_by)
                if all(p.says == NO_SERVER for p in made.predictions):
                    # A CA comes first: a file of authorities, by its looks.
                    made = report_of(case, hostname, as_sent=True)
                reports[hostname] = made, {p.client: p for p in made.predictions}
            report, predicted = reports[hostname]
            rules = {finding.id: finding.rule.id for finding in report.findings}
            prediction = predicted.get(modelled_as(row["client"]))
            verdict = str(prediction.verdict) if prediction else "unknown"
            says = prediction.says if prediction else "no such client"
            if hostname is None and says == NO_HOSTNAME:  # the name is all that is missing
                verdict = "accept"
            without = left_out(
                Row(row["client"], case["hostname"], row["reason"], len(case["trust"]))
            )
            counts = row["verdict"] == "reject" and modelled_as(row["client"]) not in CATCH_ALL
            text_agrees = verdict == "reject" and agree(
                row["client"], says, row["reason"], case["hostname"]
            )
            yield {
                "case": case["id"],
                "client": row["client"],
                "recorded": row["verdict"],
                "reason": row["reason"],
                "verdict": verdict,
                "says": says,
                "verdict_agrees": (
                    None if without and without.verdict else verdict == row["verdict"]
                ),
                "because": [rules[id] for id in prediction.because] if prediction else [],
                "text_agrees": text_agrees if counts and without is None else None,
                "left_out": without.why if without else "",
            }


def report_of(
    case: dict[str, Any], hostname: str | None, sent_by: str | None = None, as_sent: bool = False
) -> edgecheck.Report:
    """The report about a case, at the time of its recording, for this host name."""
    return edgecheck.check(
        [b64decode(certificate) for certificate in case["presented"]],
        hostname,
        [b64decode(certificate) for certificate in case["trust"]],
        datetime.fromisoformat(case["at"]),
        sent_by=sent_by,
        as_sent=as_sent,
    )


def confirmed(results: Iterable[Result]) -> str:
    """The clients that refused what they were predicted to refuse, by the rule behind it."""
    found: dict[str, set[str]] = {}
    for result in results:
        for rule in result["because"] if result["recorded"] == "reject" else ():
            found.setdefault(rule, set()).add(modelled_as(result["client"]))
    lines = [f"{json.dumps(rule)}: {json.dumps(sorted(found[rule]))}" for rule in sorted(found)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _text(file: Path) -> str:
    return _data(file).decode("utf-8")


def _hash(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(_data(file) for file in files)).hexdigest()


def _data(file: Path) -> bytes:
    data = file.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


if __name__ == "__main__":
    sys.exit(main())
