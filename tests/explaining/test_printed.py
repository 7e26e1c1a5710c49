"""What programs were recorded to print at a fault leads to its meaning; none of them is needed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edgecheck.adapters.predicted import predicted
from edgecheck.explaining import explain
from edgecheck.rules import BUILT_IN
from tests.explaining.brokers import CLIENTS, FILES_FAULTS
from tests.explaining.faults import FAULTS, UNABLE, expects
from tests.explaining.programs import PROGRAMS

FILE = Path(__file__).parent / "printed.json"
BROKER = "mosquitto"
OF_BROKERS = {fault: expected for fault, (_, expected) in FILES_FAULTS.items()} | {
    fault: expected for fault, (_, _, expected) in CLIENTS.items()
}
EVERY = [(program, fault) for program in PROGRAMS for fault in FAULTS] + [
    (BROKER, fault) for fault in OF_BROKERS
]


@cache
def recorded() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(FILE.read_text())
    return data


def test_each_program_was_recorded_at_a_dozen_faults_with_version_and_command() -> None:
    assert set(recorded()) == {*PROGRAMS, BROKER}
    for program, record in recorded().items():
        assert len(record["said"]) >= 12, program
        assert record["version"] and record["command"], program


@pytest.mark.parametrize(("program", "fault"), EVERY)
def test_a_recorded_text_is_named(program: str, fault: str) -> None:
    """First or second; `python tools/record_texts.py` records anew."""
    text = "\n".join(recorded()[program]["said"][fault])
    found = [meaning.id for meaning in explain(text, BUILT_IN, predicted()).meanings[:2]]
    expected = OF_BROKERS[fault] if program == BROKER else expects(program, fault)
    if (program, fault) not in UNABLE:
        assert expected.intersection(found), text
