"""Whatever a client is predicted to say leads back to the rule that it is said of."""

from __future__ import annotations

from collections import defaultdict

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.rules import BUILT_IN
from fixtures.expected import folders, report_of
from tools import make_predicted


def test_the_table_is_up_to_date() -> None:
    assert make_predicted.main(["--check"]) == 0


def test_predicted_texts_lead_to_a_rule_of_their_because() -> None:
    """Among the first three meanings, for nearly all texts over all fixtures.

    `client.refuses` is left out: it says that no rule explains a refusal.
    """
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for folder in folders():
        report = report_of(folder)
        rule_of = {finding.id: finding.rule.id for finding in report.findings}
        for prediction in report.predictions:
            if prediction.verdict == "reject":
                because = {rule_of[id] for id in prediction.because} - {"client.refuses"}
                if because:
                    texts[prediction.says] |= because
    index = predicted()
    missed = [
        text
        for text, rules in texts.items()
        if rules.isdisjoint(m.id for m in explain(text, BUILT_IN, index).meanings[:3])
    ]
    assert len(missed) <= 0.012 * len(texts), missed
