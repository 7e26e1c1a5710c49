"""A report is freed as soon as nobody holds it, by counting references alone.

Whoever judges many gateways looks for garbage now and then (`adapters/fleet/workers.py`): whatever
holds itself would fill the memory until then.
"""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from fixtures.expected import folders, read
from tests.examples import some


def left_over(folder: Path) -> list[str]:
    """The kinds of our objects that only the collector of garbage frees."""
    fixture = read(folder)
    _ = fixture.check().predictions  # what is made once and kept, is made
    gc.disable()
    gc.freeze()  # so that only what is new is looked at, by later tests too
    try:
        report = fixture.check()
        _ = (report.findings, report.passed, report.predictions)
        del report
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        return [type(o).__name__ for o in gc.garbage if type(o).__module__.startswith("edgecheck")]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


# Who looks for issuers of revocation lists holds whoever asks; fleets are given no lists.
WITHOUT_LISTS = [
    each
    for each in folders()
    if not any(file for room in (each, each.parent) for file in room.glob("crl*.pem"))
]


@pytest.mark.parametrize("folder", some(WITHOUT_LISTS, 4), ids=str)
def test_nothing_of_a_report_holds_itself(folder: Path) -> None:
    """Neither certificates with what models keep of them, nor exceptions with their frames."""
    assert left_over(folder) == []
