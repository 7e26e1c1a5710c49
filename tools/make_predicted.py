"""Write edgecheck/explaining/predicted.json: from texts that models predict to rules.

Over all fixtures, each text that a client is predicted to print, and the rules of its `because`,
the commonest first. With --check, only compare.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from edgecheck.explaining.lines import masked  # noqa: E402
from edgecheck.explaining.tables import ROWS  # noqa: E402
from edgecheck.rules.engine.rule import Over  # noqa: E402
from fixtures.expected import folders, read  # noqa: E402
from tools.generated import written  # noqa: E402

FILE = ROOT / "edgecheck" / "explaining" / "predicted.json"
MOST = 6
"""Rules of one text; nobody reads more."""


def table() -> dict[str, list[str]]:
    """Return the rules by masked text."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for folder in folders():
        report = read(folder).check()
        rule_of = {
            finding.id: finding.rule.id
            for finding in report.findings
            if finding.rule.over is not Over.REFUSALS  # which quotes clients, and explains nothing
        }
        told = {
            (masked(prediction.says), rule_of[id])
            for prediction in report.predictions
            if prediction.verdict == "reject"
            for id in prediction.because
            if id in rule_of
        }
        for text, rule in told:
            counted[text][rule] += 1
    return {
        text: [rule for rule, _ in sorted(rules.items(), key=lambda item: (-item[1], item[0]))][
            :MOST
        ]
        for text, rules in sorted(counted.items())
        if text
    }


def main(arguments: list[str]) -> int:
    """Write the file, or with --check say whether it is up to date."""
    assert ROWS
    made = json.dumps(table(), indent=1, ensure_ascii=True) + "\n"
    return written(FILE, made, arguments, "make_predicted.py")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
