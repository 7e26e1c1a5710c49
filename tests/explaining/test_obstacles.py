"""What stands in the way of a certificate has a page that tells more."""

from __future__ import annotations

import pytest

from edgecheck.behaviour.alerts import ALERTS
from edgecheck.explaining.obstacles import symptom_of
from edgecheck.explaining.symptoms import SYMPTOMS
from edgecheck.reading import obstacles

BY_PROGRAMS = {obstacles.REFUSED_BY_PROGRAM, obstacles.NOT_PRINTED}
"""Only the output of another program has these."""


@pytest.mark.parametrize("kind", sorted({*obstacles.OBSTACLES} - BY_PROGRAMS))
def test_each_obstacle_has_a_page(kind: str) -> None:
    assert symptom_of(kind) in SYMPTOMS


@pytest.mark.parametrize("number", [*ALERTS, 99, 255])
def test_each_alert_has_a_page(number: int) -> None:
    """By its name; one that has none is a connection that was closed."""
    page = symptom_of(obstacles.ALERT, number)
    assert page in SYMPTOMS
    name = ALERTS.get(number, "close_notify")
    closed = name == "close_notify"
    assert page == (
        "symptom.closed-in-handshake" if closed else f"symptom.alert-{name.replace('_', '-')}"
    )
