"""Tests that fail when devices could not connect, and say what to do: `pytest test_gateway.py`."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edgecheck import Report, check

FOLDER = Path(os.environ.get("CERTIFICATES", "certificates"))


def report(at: datetime) -> Report:
    """Judge the gateway's chain as its devices would at that time."""
    chain, root = (FOLDER / name for name in ("gateway.pem", "root.pem"))
    return check(chain.read_bytes(), "iotedgegw.local", trust=root.read_bytes(), at=at)


def test_devices_can_connect() -> None:
    found = report(datetime.now(UTC))
    assert found.ok and found.valid, f"\n{found.to_text()}"


def test_they_still_can_in_a_month() -> None:
    found = report(datetime.now(UTC) + timedelta(days=30))
    assert "validity.expired" in found.passed, f"\n{found.to_text()}"
