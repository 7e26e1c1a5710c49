"""Compare predictions with recordings of real clients, and count the agreement.

    python tools/predictions.py CASES.jsonl[.gz] RECORDINGS.csv[.gz] [--json FILE]
        [--client ID] [--case ID] [--show] [--write]

A case is what a server sends, what the client trusts, the host name and the time. A verdict
agrees when it is the recorded one, a text when it is the recorded `reason`; unknown agrees with
nothing. Texts are counted over rejections of all clients but those that print one sentence for
everything. A wrong accept is a chain that the client refused and the model lets pass. The last
lines have the figures, first the total, then each client.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import edgecheck

CATCH_ALL = {"wolfssl5.5.4", "uamqp1.6.11-azureC", "mosquitto_pub2.0.11"}
"""Clients that print one sentence whatever is wrong."""


def main() -> int:
    """Predict, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cases", type=Path)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--json", type=Path, help="write what each case and client gave")
    parser.add_argument("--client", default="", help="only clients whose id contains this")
    parser.add_argument("--case", default="", help="only cases whose id contains this")
    parser.add_argument("--show", action="store_true", help="print every disagreement")
    options = parser.parse_args()
    results = list(compared(options.cases, options.recordings, options.case, options.client))
    if options.show:
        for r in results:
            if not r["verdict_agrees"] or r["text_agrees"] is False:
                print(f"{r['case']} {r['client']}")
                print(f"   recorded  {r['recorded']}: {r['reason']}")
                print(f"   predicted {r['verdict']}: {r['says']}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    print(f"predictions: {figures(results)}")
    for client in dict.fromkeys(r["client"] for r in results):
        print(f"{client}: {figures([r for r in results if r['client'] == client])}")
    return 0


def figures(results: list[dict[str, Any]]) -> str:
    """How many verdicts and texts agree, how many are unknown or wrongly accepted."""
    counted = Counter[str]()
    for result in results:
        counted["verdicts"] += result["verdict_agrees"]
        counted["texts"] += result["text_agrees"] is not None
        counted["right texts"] += result["text_agrees"] is True
        counted["unknown"] += result["verdict"] == "unknown"
        counted["wrong"] += (result["verdict"], result["recorded"]) == ("accept", "reject")
    return (
        f"{counted['verdicts']} of {len(results)} verdicts agree, "
        f"{counted['right texts']} of {counted['texts']} texts agree, "
        f"{counted['unknown']} unknown, {counted['wrong']} wrong accepts"
    )


def compared(
    cases: Path, recordings: Path, only_case: str = "", only_client: str = ""
) -> Iterator[dict[str, Any]]:
    """Every recorded row with what was predicted."""
    recorded: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(_text(recordings))):
        if only_client in row["client"]:
            recorded.setdefault(row["case"], []).append(row)
    for line in _text(cases).splitlines():
        case = json.loads(line)
        if only_case not in case["id"] or case["id"] not in recorded:
            continue
        predicted = {p.client: p for p in report_of(case).predictions}
        for row in recorded[case["id"]]:
            prediction = predicted.get(row["client"])
            verdict = str(prediction.verdict) if prediction else "unknown"
            says = prediction.says if prediction else "no such client"
            counts = row["verdict"] == "reject" and row["client"] not in CATCH_ALL
            yield {
                "case": case["id"],
                "client": row["client"],
                "recorded": row["verdict"],
                "reason": row["reason"],
                "verdict": verdict,
                "says": says,
                "verdict_agrees": verdict == row["verdict"],
                "text_agrees": (verdict == "reject" and says == row["reason"]) if counts else None,
            }


def report_of(case: dict[str, Any]) -> edgecheck.Report:
    """The report about a case, at the time of its recording."""
    return edgecheck.check(
        [b64decode(certificate) for certificate in case["presented"]],
        case["hostname"],
        [b64decode(certificate) for certificate in case["trust"]],
        datetime.fromisoformat(case["at"]),
    )


def _text(file: Path) -> str:
    data = file.read_bytes()
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")


if __name__ == "__main__":
    sys.exit(main())
